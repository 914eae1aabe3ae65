/** Runs that stop, are saved, and go on: the bytes of the unbroken run, and nothing from a file that is not its own. */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInBrowser } from '../../engine/browser/run.ts';
import { InputError } from '../../engine/errors.ts';
import { runScenario, type RunOptions } from '../../engine/node/run-scenario.ts';
import { parseStopAt, stopRun, type StopOptions } from '../../engine/node/stop-run.ts';
import { sha256Hex } from '../../engine/hash.ts';
import { decodeSavedRun, encodeSavedRun } from '../../engine/results/saved-run-file.ts';
import type { ManifestJson } from '../../engine/results/manifest.ts';
import type { KpisJson } from '../../engine/results/results-folder.ts';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import type { StoppedReplication } from '../../engine/replicate.ts';
import { fromSavedText, savedText } from '../../engine/sim/saved-text.ts';
import { runCli } from '../support/cli.ts';
import { hashesOf } from '../support/results-hashes.ts';

const NIGHT = resolve(import.meta.dirname, '../../scenarios/toy-night');
let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 stop '));
  await runScenario(NIGHT, { out: at('whole'), replications: 2 });
  await runScenario(NIGHT, { out: at('counted'), replications: 2, log: false });
  await stopRun(NIGHT, { stopAt: '9000', save: at('saved'), replications: 2 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusal(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(InputError);
  return (outcome as InputError).message;
}

const resume = (file: string, options: RunOptions = {}): Promise<unknown> =>
  runScenario(NIGHT, { out: at('refused'), resume: file, ...options });

describe('a run that is stopped and goes on', () => {
  it.each([
    ['in the warm-up', ['-1800'], 1],
    ['at a local time', ['2026-03-06T23:30'], 2],
    ['twice', ['7200', '2026-03-07T01:00'], 2],
    ['a millisecond before its end', ['28799.999'], 1],
  ])('gives the bytes of the unbroken run: stopped %s', async (_, stops, workers) => {
    for (const log of [true, false]) {
      let from: StopOptions['resume'];
      for (const [n, stopAt] of stops.entries()) {
        const save = at(`stop-${n}`);
        const go = from === undefined ? { replications: 2, log } : { resume: from };
        await stopRun(NIGHT, { stopAt, save, workers, ...go });
        from = save;
      }
      await runScenario(NIGHT, { out: at('resumed'), resume: from!, workers: 3 - workers });
      expect(hashesOf(at('resumed'))).toEqual(hashesOf(at(log ? 'whole' : 'counted')));
    }
  });

  it('does so on the command line, and says how to go on', async () => {
    const stopped = await runCli(['run', NIGHT, '--stop-at', '9000', '--save', at('by hand')]);
    expect(stopped.stdout).toContain('Stopped 5 replications at 9000 s, 2026-03-06T22:30:00');
    expect(stopped.stdout).toContain(`--resume "${at('by hand')}"`);
    expect(stopped.code).toBe(0);
    const { code } = await runCli(['run', NIGHT, '--resume', at('by hand'), '--out', at('gone on')]);
    expect(code).toBe(0);
    await runScenario(NIGHT, { out: at('five') });
    expect(hashesOf(at('gone on'))).toEqual(hashesOf(at('five')));
  });

  it('repeats the edits in the command that goes on, quoted for a shell; without them it is refused', async () => {
    const edits = ['--set', 'run.replications=1', '--set', 'name="night $1, edited"'];
    const stopped = await runCli(['run', NIGHT, ...edits, '--stop-at', '9000', '--save', at('edited')]);
    const hint = /Go on: npx patrol135 (.*)/.exec(stopped.stdout)![1];
    expect(hint).toContain(`--set run.replications=1 --set 'name="night $1, edited"' --resume`);
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${hint}`], { encoding: 'utf8' });
    const goOn = await runCli([...words.trimEnd().split('\n'), '--out', at('edited on')]);
    expect([goOn.code, goOn.stderr]).toEqual([0, expect.anything()]);
    const without = await runCli(['run', NIGHT, '--resume', at('edited'), '--out', at('refused')]);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('the scenario or its edits (--set) differ');
  });

  it.each([
    [['--stop-at', '10'], '--stop-at: needs --save'],
    [['--save', 'x'], '--save: needs --stop-at'],
    [['--stop-at', '10', '--save', 'x', '--out', 'y'], '--out: cannot stand beside --save'],
    [['--resume', 'x', '--until', 'halfWidth=0.1'], '--until: cannot stand beside'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runCli(['run', NIGHT, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([
    ['x', /neither seconds .* nor a local time/],
    ['28800', /not within the run, which goes from -3600 s to 28800 s/],
    ['-3601', /not within the run/],
    ['2026-03-07T04:00', /not within the run/],
    ['2026-03-06T22:00+01:00', /offset from UTC/],
    ['1e3', /neither/],
  ])('refuses to stop at %s', (text, message) => {
    const run = { start: { text: '2026-03-06T20:00' }, durationMs: 28_800_000, warmUpMs: 3_600_000 };
    expect(() => parseStopAt(text, { run } as unknown as Scenario)).toThrow(message);
  });

  it('refuses to stop before where it goes on', async () => {
    const again = { resume: at('saved'), stopAt: '9000', save: at('no') };
    expect(await refusal(stopRun(NIGHT, again))).toMatch(/9000 is not after 9000 s, where/);
    expect(readdirSync(folder)).not.toContain('no');
  });
});

describe('the file of a stopped run', () => {
  it('is refused when it is cut, or a byte of it is another', async () => {
    const bytes = new Uint8Array(await readFile(at('saved')));
    for (let part = 0; part < 60; part++) {
      const place = Math.floor((bytes.length * part) / 60);
      await expect(decodeSavedRun(bytes.slice(0, place), 'f'), `cut at ${place}`).rejects.toThrow(InputError);
      const flipped = bytes.slice();
      flipped[place] ^= 1 << (part % 8);
      await expect(decodeSavedRun(flipped, 'f'), `flipped at ${place}`).rejects.toThrow(InputError);
    }
    await expect(decodeSavedRun(Uint8Array.from([...bytes, 0x0a]), 'f')).rejects.toThrow(/behind its end/);
    await writeFile(at('cut'), bytes.slice(0, -5));
    expect(await refusal(resume(at('cut')))).toMatch(/cut: is cut short, in replication 2/);
    expect(await refusal(resume(at('nothing there')))).toMatch(/no such file/);
    expect(readdirSync(folder)).not.toContain('refused');
  });

  it('is refused for another seed, number of replications or log', async () => {
    const asked = { seed: 7, replications: 3, log: false };
    const message = await refusal(resume(at('saved'), asked));
    expect(message).toMatch(/--seed: 7 is asked/);
    expect(message).toMatch(/--replications: 3 is asked/);
    expect(message).toMatch(/--no-log: is asked/);
  });

  it('is refused for another scenario, files or version', async () => {
    await cp(NIGHT, at('other'), { recursive: true });
    await writeFile(at('other/roads.geojson'), `${await readFile(at('other/roads.geojson'), 'utf8')} `);
    const other = (path: string) => runScenario(path, { out: at('refused'), resume: at('saved') });
    expect(await refusal(other(at('other')))).toMatch(/was run with another roads\.geojson/);
    await writeFile(at('other/scenario.json'), `${await readFile(at('other/scenario.json'), 'utf8')} `);
    expect(await refusal(other(at('other')))).toMatch(/is of another scenario than scenario\.json/);

    const [first, line, ...rest] = await encodeSavedRun(await decodeSavedRun(await bytesOf('saved'), 'f'));
    const older = new TextDecoder()
      .decode(line)
      .replace(/"engineVersion":"[^"]+"/, '"engineVersion":"0.0.9"');
    const header = new TextEncoder().encode(older);
    const magic = new TextDecoder().decode(first).replace(/[0-9a-f]{64}/, await sha256Hex(header));
    await writeFile(at('older'), [new TextEncoder().encode(magic), header, ...rest]);
    expect(await refusal(resume(at('older')))).toMatch(/was saved by version 0\.0\.9/);
  });

  const bytesOf = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(at(name)));

  it.each<[string, (stopped: StoppedReplication) => void, RegExp]>([
    ['a unit off the map', ({ state }) => (state.units[0].start.segment = 1e6), /segment/],
    ['a call that never occurred', ({ state }) => (state.nOccurred += 5), /calls|counts|occur/],
    ['an event long ago', ({ state }) => (state.events[0][0] = -1e9), /in the past/],
  ])('is refused, hashes and all, where its state has %s', async (_, change, message) => {
    const saved = await decodeSavedRun(await bytesOf('saved'), 'f');
    const stopped = fromSavedText(new TextDecoder().decode(saved.states[1])) as StoppedReplication;
    change(stopped);
    const states = [saved.states[0], new TextEncoder().encode(savedText(stopped))];
    await writeFile(at('forged'), await encodeSavedRun({ of: saved.of, states }));
    const told = await refusal(resume(at('forged')));
    expect(told).toContain('forged replication 2: ');
    expect(told).toMatch(message);
  });

  it('is refused where counts of calls are missing or no counts', async () => {
    await stopRun(NIGHT, { stopAt: '9000', save: at('counts'), replications: 1, log: false });
    const saved = await decodeSavedRun(await bytesOf('counts'), 'f');
    const text = new TextDecoder().decode(saved.states[0]);
    const change = async (to: (stopped: StoppedReplication) => void): Promise<string> => {
      const stopped = fromSavedText(text) as StoppedReplication;
      to(stopped);
      const states = [new TextEncoder().encode(savedText(stopped))];
      await writeFile(at('forged'), await encodeSavedRun({ of: saved.of, states }));
      return refusal(resume(at('forged')));
    };
    expect(await change((stopped) => (stopped.tally = null))).toMatch(/no counts of calls/);
    expect(await change(({ tally }) => tally!.counts.pop())).toMatch(/counts is no list of/);
    expect(await change(({ tally }) => (tally!.sumMs[0] = -1))).toMatch(/sumMs is no list of whole numbers/);
    expect(await change(({ tally }) => (tally!.answered[0] = [1]))).toMatch(/answered has a cell/);
    expect(await change(({ tally }) => tally!.sliceN.push(0))).toMatch(/slices are not/);
  });
});

describe('a run without a log', () => {
  it('has the figures of the logged one but for what is told of percentiles and patrols, and says so', async () => {
    const read = async <T>(run: string, name: string): Promise<T> =>
      JSON.parse(await readFile(join(at(run), name), 'utf8')) as T;
    const [counted, whole] = [
      await read<KpisJson>('counted', 'kpis.json'),
      await read<KpisJson>('whole', 'kpis.json'),
    ];
    expect(counted.log).toBe(false);
    expect(counted.calls).toEqual(whole.calls);
    expect(counted.utilisation).toEqual(whole.utilisation);
    expect(counted.achieved.map(({ within3min }) => within3min)).toEqual(
      whole.achieved.map(({ within3min }) => within3min),
    );
    const manifest = await read<ManifestJson>('counted', 'manifest.json');
    expect(manifest.log).toBe(false);
    expect((await read<ManifestJson>('whole', 'manifest.json')).log).toBeUndefined();
    const missing = readdirSync(at('whole')).filter((name) => !readdirSync(at('counted')).includes(name));
    expect(missing.sort()).toEqual(['events.parquet', 'incidents.csv', 'routes.parquet']);
  });

  it('cannot be scored or replayed, and commands say why', async () => {
    const replay = await runCli(['replay', '--verify', at('counted')]);
    expect([replay.code, replay.stderr]).toEqual([2, expect.stringContaining('kept no event log')]);
    const score = await runCli(['score', at('counted')]);
    expect([score.code, score.stderr]).toEqual([2, expect.stringContaining('kept no event log')]);
  });
});

describe('a steady-state run', () => {
  it('is one long replication, and refuses another number', async () => {
    const steady = { text: '--set', path: ['run', 'steadyState'], value: { batches: 10 } };
    const one = { text: '--set', path: ['run', 'replications'], value: 1 };
    const run = runScenario(NIGHT, { out: at('refused'), edits: [steady, one], replications: 2 });
    expect(await refusal(run)).toMatch(/^--replications: 2 is not allowed: .* one long replication/);
  });

  it('does so in a browser', async () => {
    const scenario = JSON.parse(await readFile(join(NIGHT, 'scenario.json'), 'utf8')) as { run: object };
    scenario.run = { ...scenario.run, replications: 1, steadyState: { batches: 10 } };
    const files = new Map([
      ['scenario.json', new TextEncoder().encode(JSON.stringify(scenario))],
      ['roads.geojson', new Uint8Array(await readFile(join(NIGHT, 'roads.geojson')))],
    ]);
    const run = runInBrowser(files, { replications: 2, workers: 0 });
    expect(await refusal(run)).toMatch(/^options \/replications: 2 is not allowed: .* one long replication/);
  });
});
