import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import { InputError } from '../../engine/errors.ts';
import { LIMITS } from '../../engine/limits.ts';
import { openScenario, readRegularFile } from '../../engine/node/scenario-files.ts';
import type { FileRef } from '../../engine/scenario/schema.ts';
import { unpackGzip } from '../../engine/scenario/source-file.ts';
import { text } from './good-scenario.ts';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const onWindows = process.platform === 'win32';

let root: string;
let socket: Server;

/** The scenario folder `town`, the folder `granted`, and beside them `secret.txt`, which nothing may read. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'patrol135-files-'));
  const put = (path: string, content: string | Uint8Array = 'secret') =>
    writeFileSync(join(root, path), content);
  for (const folder of ['town', 'town/data', 'town-2', 'granted', 'granted/deep', 'not granted']) {
    mkdirSync(join(root, folder));
  }
  put('secret.txt');
  put('town-2/secret.txt'); // a folder whose name starts like the scenario's
  put('not granted/secret.txt');
  put('town/scenario.json', '{}');
  put('town/other.json', '[]');
  put('town/data/zones.geojson', 'zones');
  put('town/名 字.csv', 'name');
  put('town/data/packed', gzipSync('packed'));
  put('town/data/broken.gz', gzipSync('packed').subarray(0, 12));
  put('granted/deep/roads.pbf', 'roads');
  if (onWindows) return;
  const link = (to: string, path: string) => symlinkSync(to, join(root, path));
  link('../secret.txt', 'town/out');
  link(join(root, 'secret.txt'), 'town/out-absolute');
  link('../town-2', 'town/out-folder');
  link('data/zones.geojson', 'town/in');
  link('in', 'town/in-twice');
  link('loop', 'town/loop');
  link('../../secret.txt', 'granted/deep/out');
  link('/dev/zero', 'town/device');
  execFileSync('mkfifo', [join(root, 'town/pipe')]);
  socket = createServer();
  await new Promise<void>((done) => socket.listen(join(root, 'town/socket'), done));
});

afterAll(async () => {
  await new Promise((done) => (socket === undefined ? done(null) : socket.close(done)));
  rmSync(root, { recursive: true, force: true });
});

const open = () => openScenario(join(root, 'town'), { roads: join(root, 'granted') });

async function refusal(ref: FileRef): Promise<string> {
  const { files } = await open();
  try {
    await files.read(ref, '/roads/file');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'opened';
}

describe('a scenario on disk', () => {
  it('is a folder with scenario.json, or a JSON file of any name', async () => {
    expect(await open()).toMatchObject({ fileName: 'scenario.json', bytes: text('{}') });
    expect(await openScenario(join(root, 'town/other.json'), {})).toMatchObject({
      fileName: 'other.json',
      bytes: text('[]'),
    });
  });

  it.each([
    ['a folder without one', 'granted', 'scenario.json: cannot be opened: there is no such file'],
    ['nothing', 'absent', 'absent: cannot be opened: there is no such file'],
  ])('is not %s', async (_, path, message) => {
    await expect(openScenario(join(root, path), {})).rejects.toThrow(message);
  });

  it('refuses to be granted what is no folder', async () => {
    await expect(openScenario(join(root, 'town'), { x: join(root, 'secret.txt') })).rejects.toThrow(
      'is not a folder',
    );
    await expect(openScenario(join(root, 'town'), { x: join(root, 'absent') })).rejects.toThrow(InputError);
  });

  it.each<[string, FileRef, string, string]>([
    ['in its folder', 'data/zones.geojson', 'data/zones.geojson', 'zones'],
    ['with spaces and Chinese in the name', { file: '名 字.csv' }, '名 字.csv', 'name'],
    [
      'with the hash it asks for',
      { file: 'data/zones.geojson', sha256: sha256('zones') },
      'data/zones.geojson',
      'zones',
    ],
    ['packed', 'data/packed', 'data/packed', 'packed'],
    [
      'in a granted folder',
      { data: 'roads', file: 'deep/roads.pbf', sha256: sha256('roads') },
      'data:roads/deep/roads.pbf',
      'roads',
    ],
  ])('opens a file %s, under a name that is the same everywhere', async (_, ref, name, content) => {
    const { files } = await open();
    const source = await files.read(ref, '/roads/file');
    expect(source.name).toBe(name);
    expect(new TextDecoder().decode(source.bytes)).toBe(content);
    expect(source.name).not.toContain(root);
  });

  it('opens a file of a package on the list', async () => {
    const { files } = await open();
    const ref = {
      package: 'geojson-path-finder',
      file: 'test/large-network.json',
      sha256: '0'.repeat(64),
    } as const;
    const told = await refusal(ref);
    const found = /has sha256 ([0-9a-f]{64}), but the scenario asks for 0{64}$/.exec(told)![1];
    const source = await files.read({ ...ref, sha256: found }, '/roads/file');
    expect(source).toMatchObject({
      name: 'package:geojson-path-finder/test/large-network.json',
      sha256: found,
    });
    expect(source.bytes.length).toBeGreaterThan(1_000_000);
  });

  it('follows links that stay inside', async () => {
    if (onWindows) return;
    const { files } = await open();
    for (const name of ['in', 'in-twice']) {
      expect(await files.read(name, '')).toMatchObject({ name, bytes: text('zones') });
    }
  });

  it.each<[string, FileRef, string]>([
    ['a way up', '../secret.txt', 'leads out of the folder with ".."'],
    ['a way up from below', 'data/../../secret.txt', 'leads out of the folder with ".."'],
    ['a way up that comes back', '../town/data/zones.geojson', 'leads out of the folder with ".."'],
    ['an absolute path', '/etc/passwd', 'is absolute'],
    ['a network path', '//host/share', 'is absolute'],
    ['a Windows path', 'C:\\secret.txt', 'holds a backslash'],
    ['a way up with backslashes', '..\\secret.txt', 'holds a backslash'],
    ['a Windows drive', 'C:secret.txt', 'holds a colon'],
    ['a file: URL', 'file:///etc/passwd', 'holds a colon'],
    ['an https: URL', 'https://example.org/x', 'holds a colon'],
    ['a second data stream', 'data/zones.geojson::$DATA', 'holds a colon'],
    ['NUL', 'data/zones.geojson\u0000.txt', 'holds a control character'],
    ['a text that runs the other way', 'data/\u202egpj.geojson', 'holds a control character'],
    ['a path that is not plain', './data/zones.geojson', 'has an empty step or a "."'],
    ['a doubled slash', 'data//zones.geojson', 'has an empty step or a "."'],
    ['a percent-encoded way up', '%2e%2e/secret.txt', 'there is no such file'],
    ['a home folder', '~/secret.txt', 'there is no such file'],
    ['a file that is not there', 'data/zone.geojson', 'there is no such file'],
    ['a file taken for a folder', 'scenario.json/x', 'there is no such file'],
    ['a folder', 'data', 'is not a regular file but folder'],
    [
      'a file that differs',
      { file: 'data/zones.geojson', sha256: '0'.repeat(64) },
      `has sha256 ${sha256('zones')}`,
    ],
    ['gzip cut short', 'data/broken.gz', 'is broken gzip, or cut short'],
    ['a name that is too long', 'x'.repeat(1000), 'its name is too long'],
    [
      'a way up out of a grant',
      { data: 'roads', file: '../secret.txt', sha256: '0' },
      'leads out of the folder',
    ],
    [
      'a folder that was not granted',
      { data: 'road', file: 'deep/roads.pbf', sha256: '0' },
      'the data folder "road" is not granted (granted is "roads"); run with --data road=DIR',
    ],
    ['a grant named like a method', { data: 'constructor', file: 'x', sha256: '0' }, 'is not granted'],
    [
      'a way up out of a package',
      { package: 'geojson-path-finder', file: '../zod/package.json', sha256: '0' },
      'leads out',
    ],
  ])('refuses %s', async (_, ref, message) => {
    const told = await refusal(ref);
    expect(told).toContain(message);
    expect(told).toMatch(/^scenario\.json \/roads\/file: /);
    expect(told).not.toContain(root);
  });

  it.skipIf(onWindows).each<[string, FileRef, string]>([
    ['a link out of the folder', 'out', 'is a link that leads out of its folder'],
    ['an absolute link out of the folder', 'out-absolute', 'is a link that leads out of its folder'],
    [
      'a link to a folder whose name starts alike',
      'out-folder/secret.txt',
      'is a link that leads out of its folder',
    ],
    [
      'a link out of a granted folder',
      { data: 'roads', file: 'deep/out', sha256: '0' },
      'is a link that leads out',
    ],
    ['a link to a device', 'device', 'is a link that leads out of its folder'],
    ['links in a circle', 'loop', 'its links lead in a circle'],
    ['a pipe, without waiting for it', 'pipe', 'is not a regular file but a pipe'],
    ['a socket', 'socket', 'is not a regular file but a socket'],
  ])('refuses %s', async (_, ref, message) => {
    const told = await refusal(ref);
    expect(told).toContain(message);
    expect(told).not.toContain('secret\n');
  });

  it('is judged by its size before it is read', async () => {
    const path = join(root, 'town/large.json');
    writeFileSync(path, '');
    truncateSync(path, LIMITS.scenarioBytes + 1); // sparse: takes no disk
    await expect(openScenario(path, {})).rejects.toThrow(
      'holds 16777217 bytes; allowed are at most 16777216',
    );
    truncateSync(path, 3 * 1024 ** 3);
    expect(await refusal('large.json')).toContain('holds 3221225472 bytes; allowed are at most 2147483648');
  });

  it('reads a file of just the allowed size and refuses one byte less of allowance', async () => {
    const path = join(root, 'town/data/zones.geojson');
    expect(await readRegularFile(path, 'z', 5)).toEqual(text('zones'));
    await expect(readRegularFile(path, 'z', 4)).rejects.toThrow('z: holds 5 bytes; allowed are at most 4');
  });
});

describe('gzip', () => {
  it('unpacks up to its cap and not one byte more', async () => {
    const packed = gzipSync(new Uint8Array(100_000));
    expect(await unpackGzip(packed, 'z', 100_000)).toHaveLength(100_000);
    await expect(unpackGzip(packed, 'z', 99_999)).rejects.toThrow('z: unpacks to more than 99999 bytes');
  });

  it('of 64 MB of zeros stops at the cap', async () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 ** 2));
    expect(bomb.length).toBeLessThan(70_000);
    await expect(unpackGzip(bomb, 'z', 1024 ** 2)).rejects.toThrow(InputError);
  });

  it('inside gzip is unpacked once', async () => {
    const inner = gzipSync('x');
    expect(await unpackGzip(gzipSync(inner), 'z')).toEqual(new Uint8Array(inner));
  });

  it('cut anywhere, or with any bit flipped, is refused or unpacks to the same', async () => {
    const packed = new Uint8Array(gzipSync('zones and points, points and zones'));
    for (let length = 2; length < packed.length; length++) {
      await expect(unpackGzip(packed.subarray(0, length), 'z'), `cut after ${length}`).rejects.toThrow(
        InputError,
      );
    }
    const whole = await unpackGzip(packed, 'z');
    for (let bit = 16; bit < packed.length * 8; bit++) {
      const flipped = packed.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      // time, operating system and flags of the header do not touch the content
      const result = await unpackGzip(flipped, 'z').catch((error: unknown) => {
        if (!(error instanceof InputError)) throw error;
        return whole;
      });
      expect(result, `bit ${bit}`).toEqual(whole);
    }
  });
});

describe('a scenario in memory', () => {
  const opened = () =>
    openScenarioFromBytes(
      new Map([
        ['scenario.json', text('{}')],
        ['zones.geojson', text('zones')],
        ['data:roads/x.pbf', new Uint8Array(gzipSync('roads'))],
      ]),
    );

  it('opens the files that were given, and unpacks them', async () => {
    const { files, fileName, bytes } = opened();
    expect([fileName, bytes]).toEqual(['scenario.json', text('{}')]);
    expect(await files.read('zones.geojson', '')).toMatchObject({
      name: 'zones.geojson',
      sha256: sha256('zones'),
    });
    const packed = gzipSync('roads');
    const ref = { data: 'roads', file: 'x.pbf', sha256: sha256(packed) };
    expect(await files.read(ref, '')).toEqual({
      name: 'data:roads/x.pbf',
      sha256: sha256(packed),
      bytes: text('roads'),
      packedBytes: packed.length,
    });
  });

  it.each<[string, FileRef, string]>([
    [
      'what was not given',
      'zone.geojson',
      'zone.geojson is not among the 3 files given (did you mean "zones.geojson"?)',
    ],
    ['a way up', '../zones.geojson', 'leads out of the folder'],
    ['a name that reaches another place', 'data:roads/x.pbf', 'holds a colon'],
    ['another hash', { file: 'zones.geojson', sha256: '0'.repeat(64) }, 'but the scenario asks for'],
  ])('refuses %s', async (_, ref, message) => {
    await expect(opened().files.read(ref, '/roads/file')).rejects.toThrow(message);
  });

  it('refuses to start without a scenario', () => {
    expect(() => openScenarioFromBytes(new Map(), 'scenario.json')).toThrow('is not among the 0 files given');
  });
});
