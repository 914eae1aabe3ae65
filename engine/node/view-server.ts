/**
 * Serves one results folder and the built viewer to this machine's own browser, and nothing else: loopback only, GET
 * and HEAD only, a fixed list of paths made at the start. A request is looked up in that list as it stands, undecoded,
 * so there is no path to climb out of; links are refused when the list is made and again when a file is opened.
 */
import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.ts';
import { RESULT_FILES } from '../results/results-folder.ts';

interface ViewServerOptions {
  /** A finished or interrupted run's folder. */
  resultsFolder: string;
  /** 1024 to 65535, or 0 (default) for any free one. */
  port?: number;
  /** Folder of the built viewer. Default: the one this package was built with. */
  vizFolder?: string;
}

export interface ViewServer {
  /** Address to open in a browser, ending in `/`. */
  url: string;
  close(): Promise<void>;
}

/** Files a folder must have to be taken for a results folder (a run may keep no log); the viewer says itself what else is missing. */
const REQUIRED: readonly string[] = [RESULT_FILES.manifest, RESULT_FILES.kpis];

const CONTENT_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.json', 'application/json; charset=utf-8'],
  ['.geojson', 'application/geo+json; charset=utf-8'],
  ['.csv', 'text/csv; charset=utf-8'],
  ['.parquet', 'application/octet-stream'],
]);

const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Most files of a viewer build that are served; a real one has about five. */
const MOST_VIEWER_FILES = 200;

/**
 * Starts to serve; answers until `close`.
 * @throws InputError when the folder is no results folder, the viewer is not built, or the port cannot be had
 */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const paths = new Map<string, string>();
  await listResults(options.resultsFolder, paths);
  await listViewer(options.vizFolder ?? (await builtViewer()), paths);

  const port = options.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw InputError.at('--port', '', `${port} is not a port (0 to 65535, 0 for any free one)`);
  }
  const server = createServer((request, response) => {
    answer(request, response, paths, server).catch(() => response.destroy());
  });
  server.requestTimeout = 30_000;
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function listResults(folder: string, paths: Map<string, string>): Promise<void> {
  const root = await realFolder(folder, 'is not a folder with results');
  for (const name of Object.values(RESULT_FILES)) {
    if (await isRegularFile(join(root, name))) paths.set(`/results/${name}`, join(root, name));
  }
  const missing = REQUIRED.filter((name) => !paths.has(`/results/${name}`));
  if (missing.length > 0) {
    throw InputError.at(
      folder,
      '',
      `is not a results folder: it has no ${missing.join(', ')}; expected a folder that "patrol135 run" wrote`,
    );
  }
}

async function listViewer(folder: string, paths: Map<string, string>): Promise<void> {
  const notBuilt = 'holds no built viewer (no index.html); run "npm run build" first';
  const root = await realFolder(folder, notBuilt);
  let n = 0;
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !CONTENT_TYPES.has(extname(entry.name))) continue;
    if (++n > MOST_VIEWER_FILES)
      throw InputError.at(folder, '', `holds more than ${MOST_VIEWER_FILES} files`);
    const file = join(entry.parentPath, entry.name);
    paths.set(`/${file.slice(root.length + 1).replaceAll('\\', '/')}`, file);
  }
  const index = paths.get('/index.html');
  if (index === undefined) throw InputError.at(folder, '', notBuilt);
  paths.set('/', index);
}

async function realFolder(folder: string, problem: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await lstat(root)).isDirectory()) return root;
  } catch {
    // said below
  }
  throw InputError.at(folder, '', problem);
}

async function isRegularFile(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isFile();
  } catch {
    return false;
  }
}

/** `dist/viz`: beside this file's folder when built, under the repository when running from source. */
async function builtViewer(): Promise<string> {
  const beside = fileURLToPath(new URL('../../viz', import.meta.url));
  const fromSource = fileURLToPath(new URL('../../dist/viz', import.meta.url));
  return import.meta.url.endsWith('.ts') || !(await isRegularFile(join(beside, 'index.html')))
    ? fromSource
    : beside;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${error.code ?? error.message})`;
      reject(InputError.at('--port', '', `${port} ${why}; choose another, or 0 for any free one`));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  paths: ReadonlyMap<string, string>,
  server: Server,
): Promise<void> {
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
  const { port } = server.address() as AddressInfo;
  if (!isOwnPage(request, port)) return refuse(response, 403);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405);
  }
  const url = request.url ?? '';
  const query = url.indexOf('?');
  const file = paths.get(query < 0 ? url : url.slice(0, query));
  if (file === undefined) return refuse(response, 404);
  const opened = await openRegular(file);
  if (opened === null) return refuse(response, 404);
  try {
    response.setHeader('Content-Type', CONTENT_TYPES.get(extname(file)) ?? 'application/octet-stream');
    await send(request, response, opened.handle, opened.stats.size);
  } finally {
    await opened.handle.close().catch(() => undefined);
  }
}

/**
 * Whether the request names this server and comes from its own page or an address bar: a foreign name that resolves
 * to this machine (DNS rebinding) and scripts of other pages are turned away.
 */
function isOwnPage({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return false;
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return false;
  const site = headers['sec-fetch-site'];
  return (
    site === undefined ||
    site === 'same-origin' ||
    site === 'none' ||
    headers['sec-fetch-mode'] === 'navigate'
  );
}

function refuse(response: ServerResponse, status: 403 | 404 | 405): void {
  const text = { 403: 'forbidden', 404: 'not found', 405: 'method not allowed' }[status];
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': text.length });
  response.end(text);
}

/** Follows no link and waits for no pipe. Windows has neither flag; there links need rights that this threat lacks. */
const OPEN_FLAGS =
  constants.O_RDONLY |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** Opens a file without following a link that has taken its place since the list was made. */
async function openRegular(file: string): Promise<{ handle: FileHandle; stats: Stats } | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, OPEN_FLAGS);
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, stats };
  } catch {
    // removed, replaced by a link, or not ours to read: not found
  }
  await handle?.close();
  return null;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  handle: FileHandle,
  size: number,
): Promise<void> {
  response.setHeader('Accept-Ranges', 'bytes');
  const range = request.headers['if-range'] === undefined ? parseRange(request.headers.range, size) : 'whole';
  if (range === 'beyond') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 });
    response.end();
    return;
  }
  const { first, last } = range === 'whole' ? { first: 0, last: size - 1 } : range;
  response.setHeader('Content-Length', last - first + 1);
  if (range !== 'whole') response.setHeader('Content-Range', `bytes ${first}-${last}/${size}`);
  response.writeHead(range === 'whole' ? 200 : 206);
  if (request.method === 'HEAD' || last < first) {
    response.end();
    return;
  }
  await pipeline(handle.createReadStream({ start: first, end: last, autoClose: false }), response);
}

/**
 * One byte range of RFC 9110: `bytes=0-99`, `bytes=100-`, `bytes=-100`. Several ranges or other units may be ignored
 * by the standard, and are.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { first: number; last: number } | 'whole' | 'beyond' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  if (match[1] === '') {
    const count = Math.min(Number(match[2]), size);
    return count === 0 ? 'beyond' : { first: size - count, last: size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < first) return 'whole';
  return first >= size ? 'beyond' : { first, last };
}
