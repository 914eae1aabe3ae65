/** Rows 11 to 16: scenarios that are broken, hostile or plainly wrong, from disk to the exit code. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import { LIMITS } from '../../engine/limits.ts';
import { openScenario } from '../../engine/node/scenario-files.ts';
import { loadScenario } from '../../engine/scenario/resolve.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import {
  changed,
  FILES,
  goodScenario,
  type Json,
  KNOWN,
  ROADS_SHA256,
  text,
} from '../scenario/good-scenario.ts';
import { runCli } from '../support/cli.ts';

const prototypeBefore = Reflect.ownKeys(Object.prototype);
let root: string;
let town: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'patrol135-faults-'));
  town = join(root, 'town');
  mkdirSync(town);
  writeFileSync(join(root, 'secret.txt'), 'top secret');
  writeFileSync(join(town, 'roads.json'), 'roads');
  for (const name of ['places.csv', 'mine.json', 'delays.csv']) writeFileSync(join(town, name), FILES[name]);
  if (process.platform === 'win32') return;
  symlinkSync('../secret.txt', join(town, 'link'));
  execFileSync('mkfifo', [join(town, 'pipe')]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(prototypeBefore);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

/** The good scenario with its roads in the folder. */
const onDisk = (scenario: Json = goodScenario()): Json => {
  const file = (scenario.roads as Json).file as Json;
  if (file.package !== undefined)
    (scenario.roads as Json).file = { file: 'roads.json', sha256: ROADS_SHA256 };
  return scenario;
};

/** Writes a scenario as it is and loads it; what is wrong with it. */
async function problemsOnDisk(content: Uint8Array | string | Json): Promise<readonly InputProblem[]> {
  const isRaw = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(join(town, 'scenario.json'), isRaw ? content : JSON.stringify(content));
  try {
    const { fileName, bytes, files } = await openScenario(town, {});
    await loadScenario(fileName, bytes, files, KNOWN);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

const good = () => JSON.stringify(onDisk());

it('the scenario that the rows break is good', async () => {
  expect(await problemsOnDisk(onDisk())).toEqual([]);
});

describe('row 11: what is not JSON in UTF-8', () => {
  it.each<[string, () => Uint8Array | string, string]>([
    ['an empty file', () => '', 'the file is empty'],
    ['a page', () => '<!doctype html><p>not found', 'expected a value, found "<"'],
    ['binary', () => Uint8Array.from([0x0a, 0x0d, 0x80, 0x81, 0xff]), 'is not UTF-8'],
    ['a cut file', () => good().slice(0, -1), 'found the end of the file'],
    [
      'duplicate keys',
      () => good().replace('"version":1', '"version":1,"version":1'),
      '"version" stands twice',
    ],
    ['65 levels', () => '['.repeat(65), `nested more than ${LIMITS.jsonDepth} levels deep`],
    ['a million levels', () => '{"a":'.repeat(1_000_000), 'nested more than'],
    ['16 MB and a byte', () => ' '.repeat(LIMITS.scenarioBytes + 1), 'holds 16777217 bytes'],
    [
      'UTF-16',
      () => new Uint8Array(Buffer.from(`\ufeff${good()}`, 'utf16le')),
      'is UTF-16 (little endian); save it as UTF-8',
    ],
    ['a byte order mark in the middle', () => good().replace(',"name"', ',\ufeff"name"'), 'expected a key'],
  ])('%s', async (_, content, message) => {
    const problems = await problemsOnDisk(content());
    expect(problems).toHaveLength(1);
    expect(problems[0].message).toContain(message);
  });

  it('a UTF-8 byte order mark at the start is no fault: Windows editors write it', async () => {
    expect(await problemsOnDisk(`\ufeff${good()}`)).toEqual([]);
  });

  it('a good file cut off after any byte', async () => {
    const bytes = text(good());
    for (let length = 0; length < bytes.length; length += 7) {
      expect(await problemsOnDisk(bytes.subarray(0, length)), `cut after ${length} bytes`).toHaveLength(1);
    }
  });
});

describe('row 12: wrong keys, kinds and values (every place in turn: test/scenario/mutations.test.ts)', () => {
  it.each<[string, string, JsonValue | undefined, string]>([
    ['an unknown key', '/run/replicatons', 3, 'is not a key here; allowed: start, durationS'],
    ['a wrong kind', '/units', 'twelve', '"twelve" is not allowed; allowed: a list of 1 to 30000 items'],
    ['a negative time', '/delays/accessS', -1, '-1 is not allowed; allowed: a number from 0 to 1000000000'],
    ['1e308', '/snapLimitM', 1e308, '1e+308 is not allowed; allowed: a number from 0 to 10000'],
    ['no units', '/units', [], '[] is not allowed; allowed: a list of 1 to 30000 items'],
    ['half a replication', '/run/replications', 2.5, 'a whole number from 1 to 10000'],
    ['100,000 replications', '/run/replications', 100_000, 'a whole number from 1 to 10000'],
    ['another version', '/version', 2, '2 is not allowed; allowed: 1'],
    ['nothing where something must be', '/shifts', undefined, 'is missing'],
  ])('%s', async (_, path, value, message) => {
    expect(await problemsOnDisk(onDisk(changed(path, value)))).toEqual([
      { file: 'scenario.json', place: path, message: expect.stringContaining(message) as string },
    ]);
  });

  it('NaN is not JSON, and 1e999 is no number', async () => {
    for (const number of ['NaN', '1e999', '-Infinity']) {
      const problems = await problemsOnDisk(good().replace('"snapLimitM":150', `"snapLimitM":${number}`));
      expect(problems).toHaveLength(1);
      expect(problems[0].place).toMatch(/^line 1, column \d+$/);
    }
  });
});

describe('row 13: keys that reach for the prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('%s, anywhere', async (key) => {
    const payload = `"${key}":{"polluted":1,"prototype":{"polluted":1}}`;
    for (const at of [
      '"version":1',
      '"type":"sector-first"',
      '"fight":2',
      '"id":"north"',
      '"seed":"seven"',
    ]) {
      const content = good().replace(at, `${at},${payload}`);
      expect(content).toContain(payload);
      const problems = await problemsOnDisk(content);
      expect(problems).toHaveLength(1);
      expect(problems[0].message).toBe(`the key "${key}" is not allowed`);
    }
  });

  it('and in the files that a scenario names', async () => {
    writeFileSync(join(town, 'hostile.json'), '{"id":"x","__proto__":{"polluted":1},"clauses":[]}');
    const scenario = onDisk(changed('/standards', [{ file: 'hostile.json' }]));
    expect(await problemsOnDisk(scenario)).toEqual([
      { file: 'hostile.json', place: 'line 1, column 11', message: 'the key "__proto__" is not allowed' },
    ]);
  });
});

describe('row 14: a name that is a path, a URL or code is just not in the list', () => {
  const NAMES = [
    '../../policy.js',
    '/etc/passwd',
    'https://example.org/p.js',
    'data:text/javascript,1',
    '(()=>1)()',
    '__proto__',
    'constructor',
    'toString',
  ];
  it.each([
    '/dispatch/type',
    '/moveUp/type',
    '/patrol/type',
    '/patrol/profile',
    '/placement/type',
    '/units/0/profile',
    '/standards/0',
  ])('%s', async (path) => {
    for (const name of NAMES) {
      expect(await problemsOnDisk(onDisk(changed(path, name)))).toEqual([
        {
          file: 'scenario.json',
          place: path,
          message: expect.stringMatching(/is not a.*; allowed: /) as string,
        },
      ]);
    }
  });
});

describe('row 15: file fields that lead elsewhere (all shapes: test/scenario/scenario-files.test.ts)', () => {
  const NAMES = [
    '../secret.txt',
    '/etc/passwd',
    'file:///etc/passwd',
    '..\\secret.txt',
    'link',
    'pipe',
    '/dev/zero',
    '.',
    'x/..',
    'absent',
  ];
  it
    .skipIf(process.platform === 'win32')
    .each(['/roads/file', '/standards/1/file', '/demand/sources/2/where/file', '/zones/file'])(
    '%s',
    async (path) => {
      for (const name of NAMES) {
        const scenario = path === '/zones/file' ? changed('/zones', { file: name }) : changed(path, name);
        const problems = await problemsOnDisk(onDisk(path === '/roads/file' ? scenario : onDisk(scenario)));
        expect(problems, name).toHaveLength(1);
        expect(problems[0]).toMatchObject({ file: 'scenario.json', place: path });
        expect(problems[0].message).not.toContain('top secret');
      }
    },
  );
});

describe('row 16: data that is not what the scenario was made with', () => {
  it('is refused with both hashes', async () => {
    const scenario = onDisk(changed('/roads/file', { file: 'roads.json', sha256: 'ab'.repeat(32) }));
    expect(await problemsOnDisk(scenario)).toEqual([
      {
        file: 'scenario.json',
        place: '/roads/file',
        message: `roads.json has sha256 ${ROADS_SHA256}, but the scenario asks for ${'ab'.repeat(32)}`,
      },
    ]);
  });
});

describe('on the command line', () => {
  it('all problems come out at once, with exit code 2 and nothing written', async () => {
    const scenario = onDisk(changed('/units/0/post', 'nort'));
    scenario.snapLimitM = -1;
    writeFileSync(join(town, 'scenario.json'), JSON.stringify(scenario));
    const { code, stdout, stderr } = await runCli(['run', town, '--out', join(root, 'results')]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'scenario.json /snapLimitM: -1 is not allowed; allowed: a number from 0 to 10000',
    );
    expect(stderr).toContain('scenario.json /units/0/post: "nort" is not a post (did you mean "north"?)');
    expect(() => rmSync(join(root, 'results'))).toThrow('ENOENT');
  });
});
