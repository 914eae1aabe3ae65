import { createHash } from 'node:crypto';
import { STANDARD_PRESETS } from '../../engine/scenario/standards.ts';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import { builtCli, runCli } from '../support/cli.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 run '));
  await writeScenario('town', {});
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two streets in a cross, one post, two units, a call every two minutes: busy enough to queue. */
async function writeScenario(name: string, changes: Record<string, unknown>): Promise<string> {
  const street = (coordinates: number[][]) => ({
    type: 'Feature',
    properties: { highway: 'residential' },
    geometry: { type: 'LineString', coordinates },
  });
  const roads = {
    type: 'FeatureCollection',
    features: [street([[9.99, 50], [10, 50], [10.01, 50]]), street([[10, 49.99], [10, 50], [10, 50.01]])],
  }; // prettier-ignore
  const scenario = {
    version: 1,
    name,
    roads: { file: 'roads.geojson' },
    zones: [
      {
        id: 'centre',
        class: 'core',
        polygon: [[[9.995, 49.995], [10.005, 49.995], [10.005, 50.005], [9.995, 50.005], [9.995, 49.995]]],
      },
    ],
    mustReachPoints: [{ id: 'school', lonLat: [10.009, 50], dwellS: 60 }],
    mustPatrolLines: [{ id: 'north', coordinates: [[10, 50], [10, 50.008]] }],
    posts: [{ id: 'station', lonLat: [10, 50] }],
    shifts: [{ id: 'all-day', startS: 0, endS: 86400 }],
    units: [{ id: 'car', post: 'station', shifts: ['all-day'], count: 2 }],
    demand: {
      type: 'poisson',
      categories: [{ id: 'call', priority: 1, share: 1, siren: true, onSceneS: { type: 'exponential', mean: 200 } }],
      sources: [{ where: { type: 'roads' }, callsPerHour: 30 }],
    },
    run: { start: '2026-03-02T00:00', durationS: 7200, replications: 3, seed: 5 },
    ...changes,
  }; // prettier-ignore
  const path = at(`${name}-scenario`);
  await mkdir(path);
  await writeFile(join(path, 'roads.geojson'), JSON.stringify(roads));
  await writeFile(join(path, 'scenario.json'), JSON.stringify(scenario));
  return path;
}

/** One hash over every file of a results folder but timing.json. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(path)).sort()) {
    if (name !== 'timing.json') hash.update(`${name}\n`).update(await readFile(join(path, name)));
  }
  return hash.digest('hex');
}

describe('patrol135 run', () => {
  it('ends with the 1-3-5 table, where the results are and how to watch them', async () => {
    const { code, stdout, stderr } = await runCli([
      'run',
      at('town-scenario'),
      '--out',
      at('a'),
      '--workers',
      '1',
    ]);
    expect(stderr).not.toMatch(/Error|bug/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 min +3 min +5 min/);
    expect(stdout).toContain(`Results are in ${at('a')}`);
    expect(stdout).toContain(`npx patrol135 view "${at('a')}"`);
    const files = await readdir(at('a'));
    expect(files).toEqual(
      expect.arrayContaining([
        'events.parquet',
        'incidents.csv',
        'kpis.json',
        'manifest.json',
        'timing.json',
      ]),
    );
    expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('writes the same bytes for any number of workers, over older results too', async () => {
    const hash = await hashOf(at('a'));
    for (const workers of ['2', '3']) {
      expect((await runCli(['run', at('town-scenario'), '--out', at('b'), '--workers', workers])).code).toBe(
        0,
      );
      expect(await hashOf(at('b'))).toBe(hash);
    }
    expect((await runCli(['run', at('town-scenario'), '--out', at('b'), '--seed', '6'])).code).toBe(0);
    expect(await hashOf(at('b'))).not.toBe(hash);
  });

  it('prints one JSON document with --json and nothing else on stdout', async () => {
    const { code, stdout } = await runCli([
      'run',
      at('town-scenario'),
      '--out',
      at('c'),
      '--replications',
      '2',
      '--json',
    ]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as { complete: boolean; replications: object; kpis: KpisJson };
    expect(document).toMatchObject({ results: at('c'), complete: true, replications: { done: 2, asked: 2 } });
    expect(document.kpis).toEqual(JSON.parse(await readFile(at('c/kpis.json'), 'utf8')));
    expect(document.kpis.replications).toBe(2);
  });

  it('names every mistake of a scenario with its place, exits with 2 and writes nothing', async () => {
    const path = await writeScenario('wrong', { snapLimitM: -1, patrol: { type: 'quota-tuor' } });
    const { code, stderr } = await runCli(['run', path, '--out', at('no')]);
    expect(code).toBe(2);
    expect(stderr).toContain('scenario.json /snapLimitM');
    expect(stderr).toContain('did you mean "quota-tour"?');
    expect(await readdir(folder)).not.toContain('no');
  });

  it('refuses a folder that is not its own before it runs', async () => {
    const { code, stderr } = await runCli(['run', at('town-scenario'), '--out', at('town-scenario')]);
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([
      2,
      `--out: "${at('town-scenario')}" holds files but no manifest.json, so it is not a results folder; name another folder`,
    ]);
  });

  it('lets only one run at a time into a folder', async () => {
    const args = ['run', at('long-scenario'), '--out', at('one'), '--workers', '1'];
    await writeScenario('long', { run: { start: '2026-03-02T00:00', durationS: 86400, replications: 2000 } });
    let second: ReturnType<typeof runCli> | undefined;
    const first = runCli(args, {
      onStderr: (text, child) => {
        if (second !== undefined || !text.includes('replications')) return;
        second = runCli(args);
        void second.then(() => child.kill('SIGKILL'));
      },
    });
    expect(await first).toMatchObject({ signal: 'SIGKILL' });
    expect(await second).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/process \d+ on .* is writing to/) as string,
    });
    // what a killed run leaves is known to be stale, and cleared away
    expect((await runCli(['run', at('town-scenario'), '--out', at('one')])).code).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'keeps what is done at the first %s and exits with 130',
    async (signal) => {
      await writeScenario(signal, {
        run: { start: '2026-03-02T00:00', durationS: 86400, replications: 2000 },
      });
      let sent = false;
      const result = await runCli(
        ['run', at(`${signal}-scenario`), '--out', at(signal), '--workers', '2', '--json'],
        {
          onStderr: (text, child) => {
            if (sent || !text.includes('replications')) return;
            sent = true;
            setTimeout(() => child.kill(signal), 1500);
          },
        },
      );
      expect([result.code, result.signal]).toEqual([130, null]);
      const document = JSON.parse(result.stdout) as {
        complete: boolean;
        replications: { done: number; asked: number };
      };
      expect(document.complete).toBe(false);
      expect(document.replications.asked).toBe(2000);
      expect(document.replications.done).toBeGreaterThan(0);
      expect(document.replications.done).toBeLessThan(2000);
      const manifest = JSON.parse(await readFile(at(`${signal}/manifest.json`), 'utf8')) as object;
      expect(manifest).toMatchObject({ complete: false, replications: document.replications });
      expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
      // the replications that are done are those of an unbroken run, so it can be scored
      const score = await runCli(['score', at(signal), '--json']);
      expect(score.code).toBe(0);
      expect(JSON.parse(score.stdout)).toMatchObject({
        complete: false,
        replications: document.replications.done,
      });
    },
  );

  it('leaves at once at the second signal, with nothing left behind', async () => {
    await writeScenario('twice', {
      run: { start: '2026-03-02T00:00', durationS: 86400 * 300, replications: 10 },
    });
    let sent = false;
    const result = await runCli(['run', at('twice-scenario'), '--out', at('twice'), '--workers', '1'], {
      onStderr: (text, child) => {
        if (sent || !text.includes('replications')) return;
        sent = true;
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 100);
      },
    });
    expect(result.code).toBe(130);
    expect(await readdir(folder)).not.toContain('twice');
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

// `npm test` builds first; without a build these say that they were skipped
describe.skipIf(!existsSync(builtCli))('the built command line', () => {
  it('runs a scenario in its worker threads', async () => {
    const { code, stdout } = await runCli(
      ['run', at('town-scenario'), '--out', at('built'), '--workers', '2'],
      {
        built: true,
        cwd: folder,
      },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 min +3 min +5 min/);
  });

  it('serves a run to the browser until it is interrupted', async () => {
    let answer: Promise<string> | undefined;
    const result = await runCli(['view', at('a'), '--json'], {
      built: true,
      onStdout: (text, child) => {
        if (answer !== undefined || !text.trimEnd().endsWith('}')) return;
        const { url } = JSON.parse(text) as { url: string };
        answer = fetch(`${url}results/kpis.json`).then((response) => response.text()); // whole, then stop
        void answer.finally(() => child.kill('SIGINT'));
      },
    });
    expect(result.code).toBe(130);
    expect(await answer).toBe(await readFile(at('a/kpis.json'), 'utf8'));
  });
});

describe('patrol135 check, place and score', () => {
  it('reports how a scenario lies on its roads', async () => {
    const { code, stdout } = await runCli(['check', at('town-scenario')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/north +\d+ m +\d+ m/);
    expect(stdout).toMatch(/post station +0\.0 m/);
    expect(stdout).toMatch(/^\d+ units? \(\d+ car\), 1 post, 0 destinations, /m);
    expect(stdout).toContain('1 of 1 must-patrol lines matched');
    const json = await runCli(['check', at('town-scenario'), '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      scenario: 'town',
      lines: [{ id: 'north', problem: '' }],
    });
  });

  it('scores a finished run again, to the same figures, and under other standards', async () => {
    const own = await runCli(['score', at('a'), '--json']);
    const kpis = JSON.parse(await readFile(at('a/kpis.json'), 'utf8')) as KpisJson;
    expect((JSON.parse(own.stdout) as { standards: object }).standards).toEqual(kpis.standards);
    const standard = {
      id: 'ours',
      clauses: [
        { id: 'fast', event: 'firstArrival', clockStart: 'callReceived', thresholdS: 180, targetShare: 0.9 },
      ],
    };
    await writeFile(at('ours.json'), JSON.stringify(standard));
    const other = await runCli(['score', at('a'), '--standard', at('ours.json'), 'zone-1-3-5', '--json']);
    expect(
      (JSON.parse(other.stdout) as { standards: { id: string }[] }).standards.map(({ id }) => id),
    ).toEqual(['ours', 'zone-1-3-5']);
    const near = await runCli(['score', at('a'), '--standard', 'zone-1-3-6']);
    expect([near.code, near.stderr]).toEqual([
      2,
      '--standard: "zone-1-3-6" is neither a file nor a preset (did you mean "zone-1-3-5"?)\n',
    ]);
  });

  it("notes what a standard of one's own selects and no call of the run has", async () => {
    const { stdout } = await runCli(['schema', 'zone-1-3-5']);
    await writeFile(at('slip.json'), stdout.replace('"core"', '"coer"'));
    const { code, stderr } = await runCli(['score', at('a'), '--standard', at('slip.json')]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'warning: zone-1-3-5 / core-1min selects zoneClass "coer", which no call of this run has',
    );
    const preset = await runCli(['score', at('a'), '--standard', 'zone-1-3-5']);
    expect(preset.stderr).not.toContain('warning:');
  });

  it('prints the schema of a standard and every preset, and names the nearest', async () => {
    const schema = JSON.parse((await runCli(['schema', 'standard'])).stdout) as { required: string[] };
    expect(schema.required).toEqual(['id', 'clauses']);
    for (const name of Object.keys(STANDARD_PRESETS)) {
      expect(JSON.parse((await runCli(['schema', name])).stdout)).toMatchObject({ id: name });
    }
    const { code, stderr } = await runCli(['schema', 'standrad']);
    expect([code, stderr]).toEqual([2, 'schema: "standrad" is not known (did you mean "standard"?)\n']);
  });

  it('answers a placement request with sites, coverage and bound', async () => {
    const path = await writeScenario('sites', {
      units: [{ id: 'car', shifts: ['all-day'], count: 2 }],
      placement: { type: 'mclp', sites: 2 },
    });
    const { code, stdout } = await runCli(['place', path, '--out', at('sites.json'), '--json']);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as { sites: unknown[]; coveredShare: number; boundShare: number };
    expect(answer).toEqual(JSON.parse(await readFile(at('sites.json'), 'utf8')));
    expect(answer.sites).toHaveLength(2);
    expect(answer.coveredShare).toBeGreaterThan(0);
    expect(answer.boundShare).toBeGreaterThanOrEqual(answer.coveredShare);
    const none = await runCli(['place', at('town-scenario')]);
    expect([none.code, none.stderr]).toEqual([
      2,
      'scenario.json /placement: is not there: the scenario asks for no placement\n',
    ]);
    const impossible = await writeScenario('impossible', {
      units: [{ id: 'car', shifts: ['all-day'] }],
      placement: { type: 'mclp', sites: 5, candidates: { posts: true, nodes: false } },
    });
    expect((await runCli(['place', impossible])).code).toBe(3);
  });
});

describe('results that were being replaced when the power went', () => {
  it('are put back by the next that asks for them', async () => {
    await cp(at('a'), at('.moved.patrol135-old'), { recursive: true });
    const { code } = await runCli(['score', at('moved')]);
    expect(code).toBe(0);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
