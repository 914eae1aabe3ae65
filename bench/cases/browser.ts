/** How fast are labels and reach in a page? The same cases in headless Chromium, beside this process. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { build } from 'vite';
import { encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { findChromium, launchChromium } from '../../test/support/chromium.ts';
import type { BrowserRun } from '../browser/main.ts';
import { PORTABLE_CASES, roadsOf } from '../browser/portable.ts';
import { reportOf } from '../graphs.ts';
import { duration, skippedRow, thousands, type Row } from '../report.ts';
import type { BenchRoads, RoadCase } from '../road-case.ts';

const PAGE = resolve(import.meta.dirname, '../browser');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export const browser: RoadCase = {
  name: 'browser',
  about: 'point-to-point and reach in headless Chromium, beside Node',
  async run(roads) {
    const executablePath = findChromium();
    if (executablePath === null)
      return [skippedRow('browser', browser.about, 'no Chromium found; set PATROL135_CHROMIUM')];
    const inNode: Row[] = [];
    const here = roadsOf(roads.graph);
    for (const one of PORTABLE_CASES) inNode.push(...(await one.run(here)));
    const page = await inPage(executablePath, roads);
    return page.rows.map((row, i) => beside(row, inNode[i], page));
  },
};

/** A row of the page, with Node's figures of the same job. */
function beside(row: Row, node: Row, { agent, isolated }: BrowserRun): Row {
  const times = (of: Row): string =>
    [of.minMs, of.medianMs].map((ms) => (ms === undefined ? '' : duration(ms))).join(' / ');
  const ratios = (of: Row): string =>
    of.ratioOfMins === undefined
      ? ''
      : `, ratio ${thousands(of.ratioOfMins)}x / ${thousands(of.ratioOfMedians!)}x`;
  const chromium = /Chrome\/[\d.]+/.exec(agent)?.[0] ?? agent;
  return {
    ...row,
    case: 'browser',
    job: `${row.case}, ${row.job}`,
    subject: `${row.subject} in ${chromium}`,
    goal: null,
    met: null,
    note: `Node, the same inputs: ${times(node)}${ratios(node)}; memory ${isolated ? 'shared' : 'not shared'}`,
  };
}

async function inPage(executablePath: string, { graph, name }: BenchRoads): Promise<BrowserRun> {
  const built = mkdtempSync(join(tmpdir(), 'patrol135-bench-page-'));
  await build({
    configFile: false,
    root: PAGE,
    base: './',
    logLevel: 'error',
    build: { outDir: built, emptyOutDir: true, target: 'es2022' },
  });
  const server = serve(built, await encodeRoadGraph(graph, await reportOf(name)));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const chromium = await launchChromium(executablePath);
  try {
    const page = await chromium.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page.waitForFunction('document.title === "ready"');
    const run = await page.evaluate<BrowserRun>('bench()');
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return run;
  } finally {
    await chromium.close();
    await new Promise((closed) => server.close(closed));
    rmSync(built, { recursive: true, force: true });
  }
}

/** The built page and the roads, with the headers that let a page share memory. */
const serve = (built: string, roads: Uint8Array): Server =>
  createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (path === '/roads.graph') {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(roads);
      return;
    }
    const file = resolve(built, path === '/' ? 'index.html' : `.${path}`);
    if (!file.startsWith(built + sep) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
