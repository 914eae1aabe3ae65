/** What a file exports somebody imports; what only the file itself uses stays inside it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = ['engine', 'viz', 'bench', 'test', 'scenarios'];
/** Not read: made by a build, or in another language. */
const LEFT_OUT = /\.generated\.ts$|\.d\.ts$|^engine\/routing\/kernels\/assembly\//;

interface SourceFile {
  path: string;
  text: string;
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(ROOT, path)).isDirectory()) return sourceFiles(path);
    if (!path.endsWith('.ts') || LEFT_OUT.test(path)) return [];
    return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
  });
}

/** `import {a, type B as C} from './x.ts'` and `export {a} from './x.ts'`. */
const NAMED = /(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'(\.[^']+)'/g;
/** Ways to import all of a file at once. */
const WHOLE = /\*(?:\s+as\s+\w+)?\s+from\s*'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/g;
const DECLARED =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|function\*?|class|interface|type|enum)\s+(\w+)/gm;
/** `export const { a, b } = …` and `export { a, b };`. */
const LISTED = /^export\s+(?:type\s+|const\s+)?\{([^}]*)\}(?!\s*from)/gm;

/** The names of `a, type B as C`, as the file that they come from calls them. */
const namesIn = (list: string): string[] =>
  list
    .split(',')
    .map((each) => each.trim().replace(/^type\s+/, ''))
    .map((each) => each.split(/\s+as\s+|\s*:\s*/)[0])
    .filter((name) => name !== '');

/** `file: name` of every export that no other file imports. */
function deadExports(files: SourceFile[]): string[] {
  const imported = new Set<string>();
  const importedWhole = new Set<string>();
  for (const { path, text } of files) {
    const target = (specifier: string): string => relative(ROOT, resolve(ROOT, dirname(path), specifier));
    for (const [, list, specifier] of text.matchAll(NAMED))
      for (const name of namesIn(list)) imported.add(`${target(specifier)}: ${name}`);
    for (const [, star, dynamic] of text.matchAll(WHOLE)) importedWhole.add(target(star ?? dynamic));
  }
  return files
    .filter(({ path }) => !importedWhole.has(path))
    .flatMap(({ path, text }) => {
      const declared = [...text.matchAll(DECLARED)].map(([, name]) => name);
      const listed = [...text.matchAll(LISTED)].flatMap(([, list]) => namesIn(list));
      return [...declared, ...listed].map((name) => `${path}: ${name}`);
    })
    .filter((each) => !imported.has(each));
}

describe('exports', () => {
  it('are imported by another file; the files that the package exports whole are its public API', () => {
    const files = FOLDERS.flatMap(sourceFiles);
    expect(files.length).toBeGreaterThan(400);
    expect(deadExports(files)).toEqual([]);
  });

  const used = "import { sum, type Row as TableRow } from './table.ts';";
  const cases: [string, string, string, string[]][] = [
    [
      'a function that nobody imports',
      used,
      'export function sum() {}\nexport async function mean() {}',
      ['mean'],
    ],
    ['a type that nobody imports', used, 'export interface Row {}\nexport type Cell = 1;', ['Cell']],
    [
      'a constant that nobody imports',
      used,
      'export const sum = 1, rest = 2;\nexport const LIMIT = 3;',
      ['LIMIT'],
    ],
    ['one of a list that nobody imports', used, 'const a = 1;\nexport { sum, a };', ['a']],
    [
      'nothing of a file that is imported whole',
      "import * as t from './table.ts';",
      'export const LIMIT = 3;',
      [],
    ],
    ['nothing that is passed on', "export { LIMIT } from './table.ts';", 'export const LIMIT = 3;', []],
  ];
  it.each(cases)('tells %s', (_, importer, text, dead) => {
    const files = [
      { path: 'engine/user.ts', text: importer },
      { path: 'engine/table.ts', text },
    ];
    expect(deadExports(files)).toEqual(dead.map((name) => `engine/table.ts: ${name}`));
  });
});
