/** A page that holds the engine, built by Vite as a user would build it and served on loopback, opened in Chromium. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { build } from 'vite';
import type { Answer, Ask } from '../browser/page/ask.ts';
import { launchChromium } from './chromium.ts';
import type { RoutingAnswers } from './routing-answers.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Files of a scenario, by the names the engine asks for, as paths inside the repository. */
const SCENARIO_FILES: Record<string, Record<string, string>> = {
  toy: {
    'scenario.json': 'scenarios/toy/scenario.json',
    'roads.geojson': 'scenarios/toy/roads.geojson',
  },
  'toy-night': {
    'scenario.json': 'scenarios/toy-night/scenario.json',
    'roads.geojson': 'scenarios/toy-night/roads.geojson',
  },
  gothenburg: {
    'scenario.json': 'scenarios/gothenburg/scenario.json',
    'zones.geojson': 'scenarios/gothenburg/zones.geojson',
    'points.geojson': 'scenarios/gothenburg/points.geojson',
    'lines.geojson': 'scenarios/gothenburg/lines.geojson',
    'package:geojson-path-finder/test/large-network.json':
      'node_modules/geojson-path-finder/test/large-network.json',
  },
};

/** How the engine is asked, without the addresses of files. */
type PageAsk = Omit<Ask, 'urls'> & { where?: 'page' | 'own worker' };

export interface EnginePage {
  run(scenario: string, ask?: PageAsk): Promise<Answer>;
  /** All that routing answers, in the page itself, or in a worker that has lost some globals. */
  routing(where?: { without: string[] }): Promise<RoutingAnswers>;
  /** Errors and warnings of the page and its workers so far. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/**
 * @param options.engine    the module that is built in: `source` (TypeScript) or `dist` (what `npm run build` made)
 * @param options.isolated  serve with the headers that allow SharedArrayBuffer
 */
export async function openEnginePage(
  executablePath: string,
  { engine, isolated }: { engine: 'source' | 'dist'; isolated: boolean },
): Promise<EnginePage> {
  const built = mkdtempSync(join(tmpdir(), 'patrol135-page-'));
  const dist = join(ROOT, 'dist/engine/browser/index.js');
  await build({
    configFile: false,
    root: join(ROOT, 'test/browser/page'),
    base: './',
    logLevel: 'error',
    build: { outDir: built, emptyOutDir: true, target: 'es2022' },
    worker: { format: 'es' },
    resolve: {
      alias: engine === 'dist' ? [{ find: /^.*\/engine\/browser\/index\.ts$/, replacement: dist }] : [],
    },
  });
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    const file = fileAt(path, built);
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (file === null) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchChromium(executablePath);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address);
  await page.waitForFunction('document.title === "ready"');

  return {
    complaints,
    run: (scenario, { where = 'page', ...rest } = {}) => {
      const urls = Object.keys(SCENARIO_FILES[scenario]).map((name): [string, string] => [
        name,
        `/scenario/${scenario}/${encodeURIComponent(name)}`,
      ]);
      const ask: Ask = { urls, ...rest };
      const fn = where === 'page' ? 'answer' : 'inOwnWorker';
      return page.evaluate<Answer>(`${fn}(${JSON.stringify(ask)})`);
    },
    routing: (where) =>
      page.evaluate<RoutingAnswers>(
        where === undefined ? 'routingAnswers()' : `routingInWorker(${JSON.stringify(where.without)})`,
      ),
    close: async () => {
      await browser.close();
      await new Promise((closed) => server.close(closed));
      rmSync(built, { recursive: true, force: true });
    },
  };
}

/** A file of the built page, or one of a scenario; null for anything else. */
function fileAt(path: string, built: string): string | null {
  const [, folder, scenario, ...name] = path.split('/');
  if (folder === 'scenario') {
    const file = SCENARIO_FILES[scenario]?.[name.join('/')];
    return file === undefined ? null : join(ROOT, file);
  }
  const file = resolve(built, path === '/' ? 'index.html' : `.${path}`);
  return file.startsWith(built + sep) && existsSync(file) ? file : null;
}
