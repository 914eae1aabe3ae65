import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRange, startViewServer, type ViewServer } from '../../engine/node/view-server.ts';
import { InputError } from '../../engine/errors.ts';

const root = mkdtempSync(join(tmpdir(), 'patrol135-serve-'));
const results = join(root, 'results');
const viz = join(root, 'viz');
const EVENTS = 'PAR1 0123456789 PAR1';
let server: ViewServer;
let port: number;

beforeAll(async () => {
  mkdirSync(join(viz, 'assets'), { recursive: true });
  mkdirSync(join(results, 'sub'), { recursive: true });
  writeFileSync(join(viz, 'index.html'), '<!doctype html><title>viewer</title>');
  writeFileSync(join(viz, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(viz, 'assets', 'index-abc.js.map'), '{}');
  writeFileSync(join(root, 'secret.txt'), 'SECRET');
  writeFileSync(join(results, 'manifest.json'), '{}');
  writeFileSync(join(results, 'kpis.json'), '{}');
  writeFileSync(join(results, 'events.parquet'), EVENTS);
  writeFileSync(join(results, 'notes.txt'), 'SECRET');
  writeFileSync(join(results, 'sub', 'manifest.json'), 'SECRET');
  symlinkSync(join(root, 'secret.txt'), join(results, 'timing.json'));
  symlinkSync(join(root, 'secret.txt'), join(viz, 'assets', 'link.js'));
  server = await startViewServer({ resultsFolder: results, vizFolder: viz });
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request whose path goes out exactly as written, which `fetch` would tidy up. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = options;
    const asking = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** The raw bytes of a request line that an HTTP client would refuse to send. */
function askRaw(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${line}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('the view server gives its own page the files of the list', () => {
  it('serves the viewer and the results with safe headers', async () => {
    const page = await ask('/?lang=zh-CN');
    expect([page.status, page.body]).toEqual([200, '<!doctype html><title>viewer</title>']);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(page.headers['content-security-policy']);
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(part);
    }
    for (const path of ['/', '/assets/index-abc.js', '/results/manifest.json', '/nothing-here']) {
      const { headers } = await ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(await ask('/results/events.parquet')).toMatchObject({ status: 200, body: EVENTS });
  });

  it('answers HEAD with the size and no body, and refuses every other method', async () => {
    const head = await ask('/results/events.parquet', { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body]).toEqual([
      200,
      String(EVENTS.length),
      '',
    ]);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await ask('/', { method })).status).toBe(405);
    }
  });

  it.each([
    ['bytes=0-3', 206, 'PAR1', `bytes 0-3/${EVENTS.length}`],
    ['bytes=5-', 206, EVENTS.slice(5), `bytes 5-${EVENTS.length - 1}/${EVENTS.length}`],
    ['bytes=-4', 206, 'PAR1', `bytes ${EVENTS.length - 4}-${EVENTS.length - 1}/${EVENTS.length}`],
    ['bytes=0-999999', 206, EVENTS, `bytes 0-${EVENTS.length - 1}/${EVENTS.length}`],
    ['bytes=999-', 416, '', `bytes */${EVENTS.length}`],
    ['bytes=-0', 416, '', `bytes */${EVENTS.length}`],
    ['bytes=3-1', 200, EVENTS, undefined],
    ['bytes=0-1,4-5', 200, EVENTS, undefined],
    ['items=0-1', 200, EVENTS, undefined],
    ['bytes=-', 200, EVENTS, undefined],
    ['bytes=9999999999999999999-', 200, EVENTS, undefined],
  ])('range %s gives %i', async (range, status, body, contentRange) => {
    const answer = await ask('/results/events.parquet', { headers: { range } });
    expect([answer.status, answer.body, answer.headers['content-range']]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  it('an empty file has no range to give', () => {
    expect(parseRange('bytes=0-0', 0)).toBe('beyond');
    expect(parseRange(undefined, 0)).toBe('whole');
  });
});

// After the shapes that got past other servers (Vite's list), replayed against this one.
const UNSAFE_PATHS = [
  '/secret.txt',
  '/../secret.txt',
  '/results/../secret.txt',
  '/results/../../secret.txt',
  '/results/%2e%2e/secret.txt',
  '/results/%2e%2e%2fsecret.txt',
  '/results/..%2fsecret.txt',
  '/results/..%5csecret.txt',
  '/results/..\\secret.txt',
  '/results\\..\\secret.txt',
  '/%2e%2e/%2e%2e/etc/passwd',
  '//etc/passwd',
  '//results/manifest.json',
  '///secret.txt',
  '/results//manifest.json',
  '/results/./manifest.json',
  '/results/manifest.json/',
  '/results/manifest.json%00.txt',
  '/results/manifest%2ejson',
  '/results/notes.txt',
  '/results/notes.txt?raw??',
  '/results/notes.txt?import&raw',
  '/results/notes.txt?.json?inline&import',
  '/results/timing.json', // a link out of the folder
  '/assets/link.js', // likewise
  '/assets/index-abc.js.map',
  '/results/sub/manifest.json',
  '/results',
  '/results/',
  '/assets/',
  '/@fs/etc/passwd',
  '/@fs//etc/passwd?import&raw',
  '/results/manifest.json::$DATA',
  '/results/MANIFEST.JSON',
  '/results/manifest.json#/../../secret.txt',
  '/#/../secret.txt',
  '/__proto__',
  '/constructor',
  '/results/constructor',
];

describe('the view server gives nothing else', () => {
  it.each(UNSAFE_PATHS)('not %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).toBe('not found');
  });

  it.each([
    ['a NUL', 'GET /results/manifest.json\0 HTTP/1.1'],
    ['a whole address', `GET http://127.0.0.1/secret.txt HTTP/1.1`],
    ['a file address', 'GET file:///etc/passwd HTTP/1.1'],
    ['no slash', 'GET results/manifest.json HTTP/1.1'],
    ['a bare dot', 'GET .. HTTP/1.1'],
  ])('not for %s in the request line', async (_, line) => {
    const answer = await askRaw(line);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
    expect(answer).not.toContain('SECRET');
  });

  it.each([
    ['another host (a name that resolves here)', { host: 'attacker.example' }],
    ['our name without the port', { host: '127.0.0.1' }],
    ['our name with another port', { host: '127.0.0.1:1' }],
    ['all addresses', { host: '0.0.0.0' }],
    ['a foreign origin', { origin: 'https://attacker.example' }],
    ['a page of no origin', { origin: 'null' }],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
    [
      'an image of another page on this machine',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
    ],
  ])('not to %s', async (_, headers) => {
    expect((await ask('/results/manifest.json', { headers })).status).toBe(403);
  });

  it('but does to localhost, and to its own page', async () => {
    const ok = async (headers: Record<string, string>): Promise<number> =>
      (await ask('/results/manifest.json', { headers })).status;
    expect(await ok({ host: `localhost:${port}` })).toBe(200);
    expect(await ok({ origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await ok({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe(200);
  });

  it('nor a file that a link has replaced since it started', async () => {
    const file = join(results, 'kpis.json');
    expect((await ask('/results/kpis.json')).status).toBe(200);
    unlinkSync(file);
    symlinkSync(join(root, 'secret.txt'), file);
    expect((await ask('/results/kpis.json')).status).toBe(404);
    unlinkSync(file);
    expect((await ask('/results/kpis.json')).status).toBe(404);
    execFileSync('mkfifo', [file]);
    expect((await ask('/results/kpis.json')).status).toBe(404);
    unlinkSync(file);
    writeFileSync(file, '{}');
    expect((await ask('/results/kpis.json')).status).toBe(200);
  });

  it('and listens on loopback only', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });
});

describe('the view server says at once what is wrong', () => {
  const start = (resultsFolder: string, vizFolder = viz, atPort = 0): Promise<ViewServer> =>
    startViewServer({ resultsFolder, vizFolder, port: atPort });

  it('a folder that is none, or holds no results', async () => {
    await expect(start(join(root, 'nowhere'))).rejects.toThrow(InputError);
    await expect(start(join(root, 'secret.txt'))).rejects.toThrow(/is not a folder with results/);
    await expect(start(viz)).rejects.toThrow(/no manifest\.json, kpis\.json/);
  });

  it('a viewer that is not built', async () => {
    await expect(start(results, results)).rejects.toThrow(/npm run build/);
  });

  it('a port that is taken or none', async () => {
    await expect(start(results, viz, port)).rejects.toThrow(/is in use/);
    await expect(start(results, viz, 70_000)).rejects.toThrow(/is not a port/);
    await expect(start(results, viz, 1.5)).rejects.toThrow(InputError);
  });

  it('and frees its port when it is closed', async () => {
    const other = await start(results);
    const taken = Number(new URL(other.url).port);
    await other.close();
    const again = await start(results, viz, taken);
    expect(again.url).toBe(other.url);
    await again.close();
  });
});
