/** Replay of finished runs from disk: what is the same, what differs, and what is refused before anything is simulated. */
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { runScenario } from '../../engine/node/run-scenario.ts';
import { verifyRun, type VerifyOptions } from '../../engine/node/verify-run.ts';
import { ParquetFile } from '../../engine/results/parquet-file.ts';
import { valueOf } from '../../engine/results/replay-compare.ts';
import { openParquet } from '../../engine/results/read-parquet.ts';
import { EVENT_COLUMNS } from '../../engine/results/results-folder.ts';
import { EXIT } from '../../engine/node/output.ts';
import { parseEdit } from '../../engine/scenario/edits.ts';
import { runCli } from '../support/cli.ts';
import { describeWithData } from '../support/shared-data.ts';

const SCENARIOS = resolve(import.meta.dirname, '../../scenarios');
let folder: string;
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135 replay '));
  await cp(join(SCENARIOS, 'toy'), at('toy'), { recursive: true });
  await runScenario(at('toy'), { out: at('run'), workers: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the run with one file changed. */
async function altered(name: string, change: (bytes: Buffer) => Uint8Array | string): Promise<string> {
  const copy = await mkdtemp(at('altered-'));
  await cp(at('run'), copy, { recursive: true });
  await writeFile(join(copy, name), change(await readFile(join(copy, name))));
  return copy;
}

const json = (change: (value: Record<string, unknown>) => void) => (bytes: Buffer) => {
  const value = JSON.parse(bytes.toString()) as Record<string, unknown>;
  change(value);
  return `${JSON.stringify(value, null, 2)}\n`;
};

async function refusal(path: string, options: VerifyOptions = {}): Promise<string> {
  const outcome: unknown = await verifyRun(path, options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  return (outcome as InputError).message;
}

/** The log with one arrival a millisecond later, sealed anew. */
async function withLaterArrival(bytes: Uint8Array): Promise<{ edited: Uint8Array; row: number }> {
  const names = EVENT_COLUMNS.map(({ name }) => name);
  const table = await openParquet(bytes, 'events.parquet', names, () => 1e6);
  const file = new ParquetFile(EVENT_COLUMNS, '0.1.0');
  let row = -1;
  for await (const group of table.groups()) {
    const rows = Object.fromEntries(names.map((name) => [name, group[name].map(valueOf)]));
    if (row < 0) {
      row = rows.kind.indexOf('unitArrived');
      rows.timeMs[row] = (rows.timeMs[row] as number) + 1;
    }
    file.append(rows);
  }
  const run = table.metadata.key_value_metadata!.find(({ key }) => key === 'patrol135.run')!.value!;
  return { edited: await file.finish({ 'patrol135.run': run }), row };
}

describe('patrol135 replay --verify', () => {
  it('finds a run the same, from wherever its scenario was', async () => {
    const { code, stdout } = await runCli(['replay', '--verify', at('run')]);
    expect(stdout).toMatch(/^The same: 3 replications, \d+ events/);
    expect(code).toBe(0);
  });

  it('names the first event that differs where one value of one row was changed, and exits with 1', async () => {
    const { edited, row } = await withLaterArrival(new Uint8Array(await readFile(at('run/events.parquet'))));
    const copy = await altered('events.parquet', () => edited);
    const refused = await runCli(['replay', '--verify', copy]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('events.parquet: differs from the file that the run wrote');

    const { code, stdout, stderr } = await runCli(['replay', '--verify', copy, '--ignore-hash', '--json']);
    expect([code, EXIT.differs]).toEqual([1, 1]);
    expect(stderr).not.toContain('bug');
    const document = JSON.parse(stdout) as { difference: { logged: number; simulated: number } };
    expect(document).toMatchObject({
      same: false,
      replications: 0,
      difference: { replication: 1, row, kind: 'unitArrived', column: 'timeMs' },
    });
    expect(document.difference.logged).toBe(document.difference.simulated + 1);

    // the file of events alone, under a name of its own
    await writeFile(at('run', 'edited.parquet'), edited);
    const beside = await runCli(['replay', '--verify', at('run', 'edited.parquet'), '--ignore-hash']);
    await rm(at('run', 'edited.parquet'));
    expect(beside.code).toBe(1);
    expect(beside.stdout).toContain(`DIFFERS at replication 1, row ${row}`);
  });

  it('refuses a flipped byte in any file, and says in which', async () => {
    const names = readdirSync(at('run')).filter((name) => name !== 'timing.json');
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      for (const part of [0.1, 0.5, 0.9]) {
        const copy = await altered(name, (bytes) => {
          bytes[Math.floor(part * bytes.length)] ^= 1;
          return bytes;
        });
        expect(await refusal(copy), `${name} at ${part}`).toContain(name);
      }
    }
  }, 60_000);

  it('refuses a folder that lacks a file', async () => {
    const copy = await altered('kpis.json', (bytes) => bytes);
    await rm(join(copy, 'kpis.json'));
    expect(await refusal(copy)).toContain('kpis.json');
    await rm(join(copy, 'manifest.json'));
    expect(await refusal(copy)).toMatch(/has no manifest.json beside it/);
    expect(await refusal(at('nowhere'))).toMatch(/no such results folder/);
  });

  it('refuses the run of another engine version, and names both', async () => {
    const copy = await altered(
      'manifest.json',
      json((manifest) => (manifest.engineVersion = '9.9.9')),
    );
    expect(await refusal(copy)).toMatch(/was written by version 9\.9\.9; this is \d/);
  });

  it.each([
    ['seed', 8],
    ['durationS', 7],
    ['graphHash', 'x'],
    ['complete', false],
    ['start', '2020-01-01T00:00'],
  ])('refuses a manifest whose %s is not that of scenario and log', async (key, value) => {
    const copy = await altered(
      'manifest.json',
      json((manifest) => (manifest[key] = value)),
    );
    expect(await refusal(copy)).toContain(`manifest.json /${key}: says ${JSON.stringify(value)}, but`);
  });

  it('refuses a scenario or a file of it that is not the recorded one, and names it', async () => {
    await cp(at('toy'), at('other'), { recursive: true });
    await writeFile(at('other/roads.geojson'), `${await readFile(at('other/roads.geojson'), 'utf8')}\n`);
    const scenario = at('other');
    expect(await refusal(at('run'), { scenario })).toMatch(
      /roads\.geojson is not the file that this run read/,
    );
    await writeFile(at('other/scenario.json'), `${await readFile(at('toy/scenario.json'), 'utf8')} `);
    expect(await refusal(at('run'), { scenario })).toMatch(/scenario\.json: is not the scenario of this run/);
  });

  it('asks for the scenario where timing.json does not tell it', async () => {
    for (const change of [json((timing) => delete timing.scenario), () => 'no JSON']) {
      const copy = await altered('timing.json', change);
      expect(await refusal(copy)).toMatch(/^--scenario: is needed/);
      expect((await verifyRun(copy, { scenario: at('toy') })).difference).toBeNull();
    }
    const moved = json((timing) => ((timing.scenario as { path: string }).path = at('gone')));
    const message = await refusal(await altered('timing.json', moved));
    expect(message).toMatch(/^--scenario: is needed: ".*gone", where timing\.json .* is not there$/);
  });

  it('knows a run whose scenario was edited on the way in', async () => {
    const edits = [parseEdit('run.durationS=1800')];
    await runScenario(at('toy'), { out: at('edited'), edits });
    expect((await verifyRun(at('edited'))).difference).toBeNull();
  });

  const scenarios = readdirSync(SCENARIOS).filter((name) =>
    existsSync(join(SCENARIOS, name, 'scenario.json')),
  );
  it.each(scenarios)('finds a replication of scenarios/%s the same', { timeout: 120_000 }, async (name) => {
    const out = at(`run of ${name}`);
    await runScenario(join(SCENARIOS, name), { out, replications: 1 });
    expect(await verifyRun(out)).toMatchObject({ replications: 1, difference: null });
  });
});

describeWithData('the day in Baltimore', (data) => {
  it('is the same when it is run again, its data granted as the run had it', async () => {
    const out = at('baltimore');
    const path = resolve(import.meta.dirname, '../baltimore');
    await runScenario(path, { out, replications: 1, data: { baltimore: data } });
    expect(await verifyRun(out)).toMatchObject({ replications: 1, difference: null });
  }, 120_000);
});
