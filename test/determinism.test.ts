/**
 * One hash for one scenario and seed: over numbers of workers, processes, compilers, time zones, languages and runtimes.
 * A run is compared file by file, so that a difference names the file; the hash of manifest.json, which holds the
 * hashes of all others, is the one that stands for a run.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../engine/node/index.ts';
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { describeWithChromium } from './support/chromium.ts';
import { runCli } from './support/cli.ts';
import { openEnginePage } from './support/engine-page.ts';
import { hashesOf } from './support/results-hashes.ts';

/** Files that every run leaves, in order of name. */
const FILES = Object.values(RESULT_FILES).sort();

interface Setting {
  workers: number;
  /** A process of its own, from the built command line, with these flags of Node and variables of the environment. */
  process?: { nodeFlags?: string[]; env?: Record<string, string> };
}
const ELSEWHERE = { TZ: 'Asia/Shanghai', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' };

interface Case {
  name: string;
  replications: number;
  /** The results folder, in order of name. */
  files: string[];
  settings: Record<string, Setting>;
  inChromium: { workers: number; isolated: boolean; locateSolver?: boolean }[];
}
const CASES: Case[] = [
  {
    name: 'toy',
    replications: 3,
    files: FILES.filter((file) => file !== RESULT_FILES.placement),
    settings: {
      'with 2 workers': { workers: 2 },
      'with 3 workers': { workers: 3 },
      'in another process': { workers: 2, process: {} },
      'without an optimising compiler': { workers: 1, process: { nodeFlags: ['--no-opt'] } },
      'in another time zone and language': { workers: 1, process: { env: ELSEWHERE } },
    },
    inChromium: [
      { workers: 0, isolated: false },
      { workers: 2, isolated: false },
    ],
  },
  {
    // every law, delay and policy of the simulation, by its own mathematics
    name: 'toy-night',
    replications: 3,
    files: FILES.filter((file) => file !== RESULT_FILES.placement),
    settings: {
      'in another process, time zone and language, without an optimising compiler, with 2 workers': {
        workers: 2,
        process: { nodeFlags: ['--no-opt'], env: ELSEWHERE },
      },
    },
    inChromium: [{ workers: 2, isolated: false }],
  },
  {
    // its placement is HiGHS's answer; each run places and plans anew, so one differs in all the ways that toy tries
    name: 'gothenburg',
    replications: 2,
    files: FILES,
    settings: {
      'in another process, time zone and language, without an optimising compiler, with 3 workers': {
        workers: 3,
        process: { nodeFlags: ['--no-opt'], env: ELSEWHERE },
      },
    },
    inChromium: [
      { workers: 0, isolated: false },
      { workers: 2, isolated: true, locateSolver: true },
    ],
  },
];
const TIMEOUT_MS = 300_000;

describe.each(CASES)('the results of $name', ({ name, replications, files, settings, inChromium }) => {
  const scenario = `scenarios/${name}`;
  let parent: string;
  let first: string;
  let expected: Record<string, string>;

  const run = async (out: string, { workers, process }: Setting): Promise<void> => {
    if (process === undefined) {
      await runScenario(scenario, { out, replications, workers });
      return;
    }
    const args = [
      'run',
      scenario,
      '--out',
      out,
      '--replications',
      `${replications}`,
      '--workers',
      `${workers}`,
    ];
    const { code, stderr } = await runCli(args, { built: true, ...process });
    expect(code, stderr).toBe(0);
  };

  beforeAll(async () => {
    parent = mkdtempSync(join(tmpdir(), 'patrol135-determinism-'));
    first = join(parent, 'first');
    await run(first, { workers: 1 });
    expected = hashesOf(first);
  }, TIMEOUT_MS);
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it.each(Object.entries(settings))(
    'are the same bytes %s',
    async (words, setting) => {
      const out = join(parent, words.replaceAll(/\W+/g, '-'));
      await run(out, setting);
      expect(hashesOf(out)).toEqual(expected);
      rmSync(out, { recursive: true });
    },
    TIMEOUT_MS,
  );

  it(
    'are the same bytes when they replace older ones, and nothing else is left in the folder or beside it',
    async () => {
      expect(readdirSync(first).sort()).toEqual(files);
      await run(first, { workers: 2 });
      expect(hashesOf(first)).toEqual(expected);
      expect(readdirSync(first).sort()).toEqual(files);
      expect(readdirSync(parent)).toEqual(['first']);
    },
    TIMEOUT_MS,
  );

  describeWithChromium('in headless Chromium', (chromium) => {
    it.each(inChromium)(
      'are the same bytes with %o',
      async ({ isolated, ...how }) => {
        const page = await openEnginePage(chromium, { engine: 'source', isolated });
        try {
          const answer = await page.run(name, { replications, ...how });
          expect(answer.error).toBeNull();
          expect(answer.hashes).toEqual(expected);
          expect(page.complaints).toEqual([]);
        } finally {
          await page.close();
        }
      },
      TIMEOUT_MS,
    );
  });
});

describe('the comparison', () => {
  it('sees another seed in what is simulated, and the same roads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patrol135-determinism-'));
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    await runScenario('scenarios/toy', { out: one, replications: 1, workers: 1, seed: 'one' });
    await runScenario('scenarios/toy', { out: two, replications: 1, workers: 1, seed: 'two' });
    const [a, b] = [hashesOf(one), hashesOf(two)];
    rmSync(folder, { recursive: true });
    const differ = Object.keys(a).filter((file) => a[file] !== b[file]);
    expect(differ).toEqual(
      [
        RESULT_FILES.events,
        RESULT_FILES.incidents,
        RESULT_FILES.kpis,
        RESULT_FILES.manifest,
        RESULT_FILES.routes,
      ].sort(),
    );
  });
});
