import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../viz');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

describe('the source of the viewer', () => {
  it.each([
    [
      'markup from text',
      /\.(inner|outer)HTML|insertAdjacentHTML|document\.write|setHTML|parseFromString|\.html\(/,
    ],
    ['code from text', /\beval\(|new Function\(|import\([^'"]/],
    [
      'attributes that run or load',
      /setAttribute\('(on\w+|src|href|style|srcdoc)'|\.attr\('(on\w+|src|href|style)'/,
    ],
    ['addresses of anywhere else', /https?:\/\//],
    [
      'engine internals',
      /from '\.\.\/engine\/(?!results\/(results-folder|unsettled|verdict)\.ts'|routing\/route-clock\.ts')/,
    ],
    ['libraries beyond d3 and hyparquet', /from '(?!\.{1,2}\/|d3'|hyparquet')/],
  ])('has no %s', (_, forbidden) => {
    expect(sources.length).toBeGreaterThan(20);
    for (const { name, text } of sources)
      expect([name, forbidden.exec(text)?.[0]]).toEqual([name, undefined]);
  });

  it('has a page with the strict policy in itself, and one script of its own', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).toMatch(/default-src 'self'; object-src 'none'; base-uri 'none'/);
    expect([...html.matchAll(/<script/g)]).toHaveLength(1);
    expect(html).not.toMatch(/\son\w+=|style=|javascript:|https?:/i);
  });
});
