import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINE_VERSION } from '../../engine/version.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const json = <T>(file: string): T => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as T;

interface Lock {
  packages: Record<
    string,
    { license?: string; dev?: boolean; optional?: boolean; resolved?: string; version?: string }
  >;
}
interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  bin: Record<string, string>;
  engines: { node: string };
}

/** Licences that let a program under MIT be passed on with its parts. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'MIT-0',
  'Python-2.0',
  'CC-BY-4.0',
  'MPL-2.0',
  'EDL-1.0',
]);
/** Packages whose manifest names no licence or a list, each read by hand. */
const READ_BY_HAND: Record<string, string> = {
  arc: 'BSD (LICENSE.md), with parts of GDAL under MIT/X11',
  'splaytree-ts': 'BSD-3-Clause (LICENSE), misspelt in its manifest',
};

describe('the package', () => {
  const lock = json<Lock>('package-lock.json');
  const manifest = json<Manifest>('package.json');

  it('depends only on packages with a licence from the list', () => {
    const others: string[] = [];
    let read = 0;
    for (const [path, { license }] of Object.entries(lock.packages)) {
      if (path === '') continue;
      const name = path.replace(/^.*node_modules\//, '');
      const stated = license ?? installedLicence(path);
      read++;
      const fine =
        stated !== undefined &&
        stated
          .replace(/[()]/g, '')
          .split(/ OR | AND /)
          .some((one) => ALLOWED.has(one));
      if (!fine && READ_BY_HAND[name] === undefined) others.push(`${name}: ${stated ?? 'no licence stated'}`);
    }
    expect(read).toBeGreaterThan(50);
    expect(others).toEqual([]);
  });

  /** Where the lock does not state it, the installed manifest may. */
  function installedLicence(path: string): string | undefined {
    const file = join(ROOT, path, 'package.json');
    if (!existsSync(file)) return undefined;
    const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license?: string | { type: string } };
    return typeof license === 'object' ? license.type : license;
  }

  it('has the version that the engine writes into results', () => {
    expect(json<{ version: string }>('package.json').version).toBe(ENGINE_VERSION);
  });

  it('locks every version and names no registry', () => {
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (path === '') continue;
      expect(entry.version, path).toBeDefined();
      expect(entry.resolved, path).toBeUndefined();
    }
  });

  it('lists every direct dependency in the table of the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(readme.includes(`\`${name}\``), `${name} is not in the dependency table`).toBe(true);
    }
  });

  it('holds no path of one machine in any file', () => {
    const found: string[] = [];
    const walk = (folder: string): void => {
      for (const name of readdirSync(folder)) {
        if (['node_modules', 'dist', '.git', 'results', 'coverage', 'package-lock.json'].includes(name))
          continue;
        const path = join(folder, name);
        if (statSync(path).isDirectory()) walk(path);
        else if (
          /\.(ts|js|json|md|html|css|yml|geojson)$/.test(name) &&
          /(^|[^A-Za-z0-9_.-])\/(work|root|home\/[a-z]+)\//m.test(readFileSync(path, 'utf8'))
        ) {
          found.push(path);
        }
      }
    };
    walk(ROOT);
    expect(found).toEqual([]);
  });
});
