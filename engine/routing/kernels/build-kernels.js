/**
 * `npm run build:kernels`: compiles assembly/index.ts with AssemblyScript into wasm-bytes.generated.ts, once for shared
 * and once for unshared memory. The module travels as text inside the package, so that Node, bundlers and workers find
 * it without a file of its own. Does nothing where the file is of these sources and this compiler already.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const FOLDER = import.meta.dirname;
const OUT = join(FOLDER, 'wasm-bytes.generated.ts');
const FLAGS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--importMemory',
  '--noExportMemory',
  '--initialMemory',
  '1',
];
const SHARED_FLAGS = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'];

/** What the compiled bytes depend on, as one hash. */
export function hashOfSources() {
  const hash = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(asc.version)
    .update(JSON.stringify([FLAGS, SHARED_FLAGS]));
  const names = readdirSync(join(FOLDER, 'assembly')).filter((name) => name.endsWith('.ts'));
  for (const path of ['slots.ts', 'query-slots.ts', ...names.sort().map((name) => join('assembly', name))]) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(FOLDER, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

async function compile(flags) {
  let bytes = null;
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--baseDir', FOLDER, '--outFile', 'kernels.wasm', ...FLAGS, ...flags],
    {
      writeFile: (_, contents) => {
        bytes = contents;
      },
    },
  );
  // warnings count: they tell of conversions that lose bits
  if (error !== null || bytes === null || stderr.length > 0) {
    throw new Error(`AssemblyScript: ${error?.message ?? 'warnings'}\n${stderr}`);
  }
  return Buffer.from(bytes);
}

/** Writes the compiled kernels, unless they are there. @returns whether they were compiled */
export async function buildKernels() {
  const hash = hashOfSources();
  if (existsSync(OUT) && readFileSync(OUT, 'utf8').includes(hash)) return false;
  const shared = await compile(SHARED_FLAGS);
  const unshared = await compile([]);
  const text = `/** Made by \`npm run build:kernels\`: the WebAssembly module of assembly/index.ts in base64. */
export const SOURCES_SHA256 = '${hash}';
export const SHARED_WASM: string =
  '${shared.toString('base64')}';
export const UNSHARED_WASM: string =
  '${unshared.toString('base64')}';
`;
  // in one step, so that nobody reads half a file
  writeFileSync(`${OUT}.${process.pid}`, text);
  renameSync(`${OUT}.${process.pid}`, OUT);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
