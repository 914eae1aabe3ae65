import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ENGINE = resolve(import.meta.dirname, '../../engine');

/** The flow: a stage imports only stages before it. Files at the top of engine/ are named one by one. */
const STAGES = [
  'units',
  'errors',
  'limits',
  'math',
  'student',
  'geo',
  'hash',
  'version',
  'shared-memory',
  'columns',
  'rng',
  'scenario',
  'import',
  'graph',
  'spatial',
  'routing',
  'city',
  'analytic',
  'placement',
  'patrol',
  'demand',
  'dispatch',
  'move-up',
  'sim',
  'results',
  'study',
  'replicate',
  'pipeline',
  'index',
  'browser',
  'node',
];

/** Globals and modules that belong to one platform. */
const PLATFORM = [
  /from 'node:/,
  /import\('node:/,
  /\b(Buffer|process|require|__dirname)\b\s*[.([]/,
  /\b(document\.(title|body|head|cookie|createElement|querySelector|getElementById|addEventListener)|window\.(location|document|addEventListener)|localStorage\.|navigator\.)/,
];
/** What would make results depend on when, where or in which runtime they are made. */
const AMBIENT = [
  /\bDate\b/,
  /Math\.random\b/,
  /Math\.(log|exp|pow|sin|cos|tan|asin|acos|atan|atan2|hypot|cbrt|expm1|log1p|log2|log10|sinh|cosh|tanh)\b/,
  /\blocaleCompare\b/,
  /\bIntl\b/,
  /toLocale(String|UpperCase|LowerCase)/,
  /\beval\s*\(/,
  /new Function\b/,
];

interface SourceFile {
  path: string;
  text: string;
}

function engineFiles(folder = ENGINE): SourceFile[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return engineFiles(path);
      return name.endsWith('.ts') ? [{ path: relative(ENGINE, path), text: readFileSync(path, 'utf8') }] : [];
    });
}

const stageOf = (path: string): string => path.split('/')[0].replace(/\.ts$/, '');

/** Every broken rule of a set of files, as sentences. */
function violations(files: SourceFile[]): string[] {
  const found: string[] = [];
  for (const { path, text } of files) {
    const stage = stageOf(path);
    const rank = STAGES.indexOf(stage);
    if (rank < 0) found.push(`${path} is in no stage of the list`);
    for (const [, specifier] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = relative(ENGINE, resolve(ENGINE, dirname(path), specifier));
      if (STAGES.indexOf(stageOf(target)) > rank) found.push(`${path} imports ${target}, a later stage`);
    }
    if (stage === 'node' || stage === 'browser') continue;
    // comments may speak of platforms; code may not use them
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    for (const rule of PLATFORM)
      if (rule.test(code)) found.push(`${path} touches a platform: ${rule.source}`);
    for (const rule of AMBIENT)
      if (rule.test(code)) found.push(`${path} depends on its surroundings: ${rule.source}`);
  }
  return found;
}

describe('the layers of the engine', () => {
  const files = engineFiles();

  it('lets a stage import only stages before it, and only node/ and browser/ touch their platform', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(violations(files)).toEqual([]);
  });

  it('knows every stage of the list in the tree', () => {
    const stages = new Set(files.map((file) => stageOf(file.path)));
    for (const stage of STAGES) expect(stages).toContain(stage);
  });

  const forbidden: [string, string, string][] = [
    ['a later stage', 'graph/build.ts', "import { simulate } from '../sim/simulate.ts';"],
    ['a type of a later stage', 'placement/mclp.ts', "import type { Simulation } from '../sim/state.ts';"],
    ['study/ from placement/', 'placement/mclp.ts', "import { compare } from '../study/compare.ts';"],
    ['Node in a stage', 'import/import.ts', "import { readFileSync } from 'node:fs';"],
    ['the DOM in a stage', 'sim/simulate.ts', 'document.title = String(1);'],
    ['the clock of the machine', 'sim/simulate.ts', 'const now = Date.now();'],
    ['chance without a key', 'demand/poisson.ts', 'const u = Math.random();'],
    ['a function that differs between runtimes', 'rng.ts', 'const x = Math.log(2);'],
  ];
  it.each(forbidden)('fails when %s is brought in', (_, path, line) => {
    expect(violations([{ path, text: line }])).toHaveLength(1);
  });
});
