/** A log run again: equal where nothing was touched, and the touched value named where something was. */
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { openParquet } from '../../engine/results/read-parquet.ts';
import { ParquetFile, type ParquetColumn } from '../../engine/results/parquet-file.ts';
import { openRecordedLog } from '../../engine/results/replay-log.ts';
import { replayLog, type ReplayOutcome } from '../../engine/results/replay.ts';
import { valueOf, type LogValue } from '../../engine/results/replay-compare.ts';
import { EVENT_COLUMNS, ROUTE_COLUMNS } from '../../engine/results/results-folder.ts';
import { runFacts } from '../../engine/results/run-facts.ts';
import { EventsFile, RoutesFile } from '../../engine/results/write-parquet.ts';
import type { LoggedReplication } from '../../engine/sim/event-log.ts';
import { toLoggedRoute } from '../../engine/sim/recorder.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { fullCity } from '../support/full-city.ts';
import { testStream } from '../support/random-city.ts';
import type { SmallCity } from '../support/small-city.ts';

const VERSION = '0.0.0';
const REPLICATIONS = [1, 2];
/** Breaks and a unit out of service; short, since each of many changed values is a run of its own. */
const run = { start: '2026-03-02T00:00', durationS: 10_800, warmUpS: 3600, replications: 2, seed: 1 };

interface Files {
  events: Uint8Array;
  routes: Uint8Array;
}

/** Rows of a file by column, and the text that stands in its footer. */
interface Table {
  columns: readonly ParquetColumn[];
  rows: Record<string, LogValue[]>;
  metadata: Record<string, string>;
}

async function recorded({ city, plan }: SmallCity): Promise<Files> {
  const setup = prepareSimulation(city, plan);
  const planned = setup.plannedRoutes.map(toLoggedRoute);
  const events = new EventsFile(runFacts(city), city.graph, planned.length, VERSION);
  const routes = new RoutesFile(planned, VERSION);
  for (const replication of REPLICATIONS) {
    const record = simulate(setup, replication) as LoggedReplication;
    events.append(record);
    routes.append(record);
  }
  return { events: await events.finish(true), routes: await routes.finish() };
}

async function tableOf(bytes: Uint8Array, columns: readonly ParquetColumn[]): Promise<Table> {
  const names = columns.map(({ name }) => name);
  const table = await openParquet(bytes, 'x.parquet', names, () => 1e9);
  const rows: Table['rows'] = Object.fromEntries(names.map((name) => [name, []]));
  for await (const group of table.groups()) {
    for (const name of names) rows[name].push(...group[name].map(valueOf));
  }
  const entries = (table.metadata.key_value_metadata ?? []).filter(({ key }) => key === 'patrol135.run');
  return { columns, rows, metadata: Object.fromEntries(entries.map(({ key, value }) => [key, value!])) };
}

function fileOf({ columns, rows, metadata }: Table): Promise<Uint8Array> {
  const file = new ParquetFile(columns, VERSION);
  file.append(rows);
  return file.finish(metadata);
}

/** The table with one value changed into another of its kind. */
function changed(table: Table, column: string, row: number): Table {
  const { type } = table.columns.find(({ name }) => name === column)!;
  const was = table.rows[column][row];
  const other: LogValue =
    type === 'STRING' ? `${was ?? ''}x` : typeof was === 'number' ? (was > 0 ? was - 1 : was + 1) : 7;
  const rows = { ...table.rows, [column]: table.rows[column].with(row, other) };
  return { ...table, rows };
}

async function replayed(small: SmallCity, files: Files): Promise<ReplayOutcome> {
  const log = await openRecordedLog(
    { name: 'events.parquet', bytes: files.events },
    { name: 'routes.parquet', bytes: files.routes },
    true,
  );
  return replayLog(small, log);
}

describe('a log that is run again', () => {
  let small: SmallCity;
  let files: Files;
  let events: Table;
  let routes: Table;

  beforeAll(async () => {
    small = await fullCity({ scenario: { run } });
    files = await recorded(small);
    events = await tableOf(files.events, EVENT_COLUMNS);
    routes = await tableOf(files.routes, ROUTE_COLUMNS);
  });

  it('is the same in every row, with all kinds of needs, rosters and delays at work', async () => {
    const outcome = await replayed(small, files);
    expect(outcome).toEqual({ replications: 2, events: events.rows.seq.length, difference: null });
    const kinds = new Set(events.rows.kind);
    for (const kind of ['transportStarted', 'callTriaged', 'breakStarted', 'activityStarted', 'patrolDrive'])
      expect(kinds).toContain(kind);
  });

  it.each([
    { dispatch: { type: 'pre-emption' }, moveUp: { type: 'dynamic-mexclp' } },
    { dispatch: { type: 're-dispatch' }, queue: { type: 'finite', places: 2 } },
  ])('is the same under other policies: %j', async (scenario) => {
    const other = await fullCity({ scenario: { run, ...scenario }, seed: 5 });
    expect((await replayed(other, await recorded(other))).difference).toBeNull();
  });

  it('is the same when it was written again with other row groups', async () => {
    const again = { events: await fileOf(events), routes: await fileOf(routes) };
    expect(again.events).not.toEqual(files.events);
    expect((await replayed(small, again)).difference).toBeNull();
  });

  const COLUMNS = EVENT_COLUMNS.map(({ name }) => name).filter((name) => name !== 'replication');
  it.each(COLUMNS)('names the row and value where one value of %s was changed (seed 4)', async (column) => {
    const random = testStream(4);
    const nRows = events.rows.seq.length;
    for (let trial = 0; trial < 2; trial++) {
      let row = random.below(nRows);
      // a value in place of none is one trial, a value in place of another the rest
      const isFilled = events.rows[column].some((value) => value !== null);
      while (trial > 0 && isFilled && events.rows[column][row] === null) row = (row + 1) % nRows;
      const edited = changed(events, column, row);
      const { difference } = await replayed(small, { ...files, events: await fileOf(edited) });
      expect(difference).toMatchObject({
        replication: events.rows.replication[row],
        row: events.rows.seq[row],
        column,
        logged: edited.rows[column][row],
        simulated: events.rows[column][row],
      });
      expect(difference!.kind).toBe(edited.rows.kind[row]);
    }
  });

  it('names the row at which another replication begins too early', async () => {
    const { difference } = await replayed(small, {
      ...files,
      events: await fileOf(changed(events, 'replication', 100)),
    });
    expect(difference).toMatchObject({ replication: 1, row: 100, column: 'row', logged: null });
  });

  it.each(['segment', 'fromMm', 'toMm', 'endMs', 'step'])(
    'names the event whose drive has another %s in one step, planned or not',
    async (column) => {
      const nPlanned = routes.rows.replication.lastIndexOf(0) + 1;
      for (const [from, to] of [
        [nPlanned, routes.rows.route.length],
        [0, nPlanned],
      ]) {
        const step = from + testStream(9).below(to - from);
        const { difference } = await replayed(small, {
          ...files,
          routes: await fileOf(changed(routes, column, step)),
        });
        const route = routes.rows.route[step];
        expect(difference!.column).toBe(`route ${route}, step ${routes.rows.step[step]}, ${column}`);
        expect(difference!.simulated).toBe(routes.rows[column][step]);
        if (from === 0) continue;
        const { row, replication } = difference!;
        const at = events.rows.seq.findIndex(
          (seq, i) => seq === row && events.rows.replication[i] === replication,
        );
        expect(events.rows.route[at]).toBe(route);
      }
    },
  );

  it.each([
    ['a row left out', (rows: LogValue[]) => rows.toSpliced(200, 1), 200],
    ['a row twice', (rows: LogValue[]) => rows.toSpliced(200, 0, rows[200]), 201],
    ['the last row left out', (rows: LogValue[]) => rows.slice(0, -1), null],
  ])('names the row where there is %s', async (_, edit, at) => {
    const rows = Object.fromEntries(
      Object.entries(events.rows).map(([name, column]) => [name, edit(column)]),
    );
    const { difference } = await replayed(small, { ...files, events: await fileOf({ ...events, rows }) });
    if (at === null) {
      expect(difference).toMatchObject({
        replication: 2,
        column: 'row',
        logged: null,
        simulated: 'runEnded',
      });
    } else {
      expect(difference).toMatchObject({ replication: 1, row: at });
    }
  });

  it('says which replication is missing', async () => {
    const end = events.rows.replication.lastIndexOf(1) + 1;
    const rows = Object.fromEntries(
      Object.entries(events.rows).map(([name, column]) => [name, column.slice(0, end)]),
    );
    const { difference } = await replayed(small, { ...files, events: await fileOf({ ...events, rows }) });
    expect(difference).toMatchObject({ replication: 2, column: 'replication', logged: null });
  });

  it('is refused when a byte is flipped, wherever that is', async () => {
    const random = testStream(7);
    for (let trial = 0; trial < 40; trial++) {
      const name = trial % 2 === 0 ? 'events' : 'routes';
      const bytes = files[name].slice();
      bytes[random.below(bytes.length)] ^= 1 << random.below(8);
      await expect(replayed(small, { ...files, [name]: bytes })).rejects.toThrow(InputError);
    }
  });

  it('differs when the city is another one', async () => {
    const other = await fullCity({ scenario: { run }, callsPerHour: 13 });
    expect((await replayed(other, files)).difference).not.toBeNull();
  });
});
