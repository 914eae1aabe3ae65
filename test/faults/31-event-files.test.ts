/**
 * Row 31: an events.parquet whose seal is right and whose rows are not what any run writes. Flipped and cut files are
 * held by `../results/write-parquet.test.ts`.
 */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { ParquetFile, type ParquetRows } from '../../engine/results/parquet-file.ts';
import { scoreRun } from '../../engine/results/read-events.ts';
import { EVENT_COLUMNS } from '../../engine/results/results-folder.ts';
import { EventsFile } from '../../engine/results/write-parquet.ts';
import { EVENT_KINDS } from '../../engine/sim/event-log.ts';
import { FACTS, PLANNED, smallRecord, smallTown } from '../results/small-run.ts';
import { runCli } from '../support/cli.ts';
import { withinMemory } from '../support/faults.ts';
import { testStream } from '../support/random-city.ts';

let events: Uint8Array;
let rows: ParquetRows;
let runText: string;

beforeAll(async () => {
  const file = new EventsFile(FACTS, await smallTown(), PLANNED.length, '9.9.9');
  file.append(smallRecord(1));
  file.append(smallRecord(2));
  events = await file.finish(true);
  const objects = await parquetReadObjects({ file: events.slice().buffer });
  rows = Object.fromEntries(
    EVENT_COLUMNS.map(({ name }) => [
      name,
      objects.map((row) => {
        const value: unknown = row[name];
        return (typeof value === 'bigint' ? Number(value) : value) as number | string | null;
      }),
    ]),
  );
  runText = parquetMetadata(events).key_value_metadata!.find(({ key }) => key === 'patrol135.run')!.value!;
});

/** A sealed file of rows, however wrong. */
async function sealed(table: ParquetRows, run = runText): Promise<Uint8Array> {
  const file = new ParquetFile(EVENT_COLUMNS, '9.9.9');
  file.append(table);
  return file.finish({ 'patrol135.run': run });
}

const copyOf = (table: ParquetRows): ParquetRows =>
  Object.fromEntries(Object.entries(table).map(([name, column]) => [name, [...column]]));

/** 'scored' or the InputError; the figures of a file that is scored are finite. */
async function outcome(file: Uint8Array, what: string): Promise<InputError | 'scored'> {
  try {
    const { standards } = await scoreRun(file, 'events.parquet');
    const text = JSON.stringify(standards, (_, value: unknown) => {
      if (typeof value === 'number') expect(Number.isFinite(value), what).toBe(true);
      return value;
    });
    expect(text.length).toBeGreaterThan(100);
    return 'scored';
  } catch (error) {
    if (!(error instanceof InputError)) throw new Error(`${what}: not an InputError`, { cause: error });
    expect(error.problems[0].file, what).toBe('events.parquet');
    expect(error.message.length, what).toBeLessThan(1000);
    return error;
  }
}

describe('row 31: a sealed event log that no run wrote', () => {
  it('is read when it is only written anew (or the tests below say nothing)', async () => {
    expect(await outcome(await sealed(rows), 'unchanged')).toBe('scored');
  });

  it('is refused, or scored to finite figures: any value in any cell (seed 310)', async () => {
    const random = testStream(310);
    const counts = { scored: 0, refused: 0 };
    const numbers = [0, 1, -1, 2, 7, 2 ** 31 - 1, -(2 ** 31)];
    const large = [...numbers, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];
    const texts = ['', 'none', 'x', '__proto__', 'constructor', ...EVENT_KINDS, '{', 'a'.repeat(10_000)];
    await withinMemory(async () => {
      for (const { name, type } of EVENT_COLUMNS) {
        for (let trial = 0; trial < 40; trial++) {
          const values = type === 'STRING' ? texts : type === 'INT64' ? large : numbers;
          const value = random.below(8) === 0 ? null : values[random.below(values.length)];
          const changed = copyOf(rows);
          const at = random.below(changed[name].length);
          changed[name][at] = value;
          const result = await outcome(await sealed(changed), `${name}[${at}] = ${value}`);
          counts[result === 'scored' ? 'scored' : 'refused']++;
        }
      }
    });
    expect(counts.refused).toBeGreaterThan(200);
    expect(counts.scored).toBeGreaterThan(100); // places and details are not read by scores
  });

  it('is refused, or scored: rows left out, doubled or exchanged (seed 311)', async () => {
    const random = testStream(311);
    const counts = { scored: 0, refused: 0 };
    const n = rows.kind.length;
    for (let trial = 0; trial < 150; trial++) {
      const order = Array.from({ length: n }, (_, row) => row);
      const [a, b] = [random.below(n), random.below(n)];
      const kind = trial % 3;
      if (kind === 0) order.splice(a, 1);
      else if (kind === 1) order.splice(a, 0, b);
      else [order[a], order[b]] = [order[b], order[a]];
      const changed = Object.fromEntries(
        Object.entries(rows).map(([name, column]) => [name, order.map((row) => column[row])]),
      );
      // rows numbered anew within their replication, as somebody would who means harm
      let [replication, seq] = [0, 0];
      changed.seq = changed.replication.map((r) => {
        if (r !== replication) [replication, seq] = [Number(r), 0];
        return seq++;
      });
      const result = await outcome(await sealed(changed), `rows ${a}, ${b}, kind ${kind}`);
      counts[result === 'scored' ? 'scored' : 'refused']++;
    }
    expect(counts.refused).toBeGreaterThan(40);
  });

  it('is refused when it has more categories than a column of calls can number', async () => {
    const n = 65_537;
    const every = <T>(value: (row: number) => T): T[] => Array.from({ length: n }, (_, row) => value(row));
    const changed = copyOf(Object.fromEntries(EVENT_COLUMNS.map(({ name }) => [name, every(() => null)])));
    Object.assign(changed, {
      replication: every(() => 1),
      seq: every((row) => row),
      timeMs: every((row) => row),
      kind: every(() => 'callOccurred'),
      call: every((row) => row),
      segment: every(() => 0),
      offsetMm: every(() => 0),
      category: every((row) => `category ${row}`),
      priority: every(() => 1),
      zoneClass: every(() => 'none'),
      onSceneMs: every(() => 0),
      unitsWanted: every(() => 1),
      ...Object.fromEntries(
        ['triaged', 'transported', 'handoverMs', 'reportMs', 'callKey'].map((name) => [name, every(() => 0)]),
      ),
    });
    const run = JSON.stringify({ ...(JSON.parse(runText) as object), replications: [1] });
    const result = await outcome(await sealed(changed, run), 'many categories');
    expect(result === 'scored' ? result : result.message).toMatch(
      /row 65536, column category: "category 65536" is not one of at most 65536 categories/,
    );
  });

  it('is refused with its key when what it says of its run is wrong', async () => {
    const run = JSON.parse(runText) as Record<string, unknown>;
    const cases: [string, unknown][] = [
      ['/version', { ...run, version: 9 }],
      ['/replications', { ...run, replications: 'all' }],
      ['/replications/0', { ...run, replications: [0.5] }],
      ['/secondsIntoDay', { ...run, secondsIntoDay: -1 }],
      ['/complete', { ...run, complete: 'yes' }],
      ['/standards/0', { ...run, standards: [1] }],
      ['more', { ...run, more: 1 }],
      ['/', null],
    ];
    for (const [place, changed] of cases) {
      const result = await outcome(await sealed(rows, JSON.stringify(changed)), place);
      expect(result === 'scored' ? '' : result.message).toContain(place);
    }
    for (const text of ['', '{', '[]', '['.repeat(100_000)]) {
      expect(await outcome(await sealed(rows, text), text.slice(0, 5))).toBeInstanceOf(InputError);
    }
    for (const replications of [[1], [1, 2, 3], [2, 1], []]) {
      const text = JSON.stringify({ ...run, replications });
      expect(await outcome(await sealed(rows, text), text.slice(0, 5))).toBeInstanceOf(InputError);
    }
  });

  it('exits with 2 on the command line, names the file and writes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patrol135-events-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const changed = events.slice();
    changed[changed.length >> 1] ^= 4;
    writeFileSync(join(folder, 'events.parquet'), changed);
    const { code, stdout, stderr } = await runCli(['score', folder]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/events\.parquet: differs from its own checksum/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual(['events.parquet']);
  });
});
