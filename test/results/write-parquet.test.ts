import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { pointOfPosition, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { computeKpis } from '../../engine/results/kpi.ts';
import { checkSeal, ParquetFile } from '../../engine/results/parquet-file.ts';
import { readEvents, scoreRun } from '../../engine/results/read-events.ts';
import { EVENT_COLUMNS, ROAD_COLUMNS, ROUTE_COLUMNS } from '../../engine/results/results-folder.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import { EventsFile, RoutesFile, writeRoads } from '../../engine/results/write-parquet.ts';
import { EVENT_KINDS } from '../../engine/sim/event-log.ts';
import { fromE7, NONE } from '../../engine/units.ts';
import { FACTS, PLANNED, smallRecord, smallTown } from './small-run.ts';

let graph: RoadGraph;
let events: Uint8Array;

async function eventsOf(complete: boolean, ...numbers: number[]): Promise<Uint8Array> {
  const file = new EventsFile(FACTS, graph, PLANNED.length, '9.9.9');
  for (const number of numbers) file.append(smallRecord(number));
  return file.finish(complete);
}

const rowsOf = (bytes: Uint8Array): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: bytes.slice().buffer });

beforeAll(async () => {
  graph = await smallTown();
  events = await eventsOf(true, 1, 2);
});

describe('events.parquet', () => {
  it('has the columns of the contract and a row for each row of the logs', async () => {
    const rows = await rowsOf(events);
    expect(Object.keys(rows[0])).toEqual(EVENT_COLUMNS.map((column) => column.name));
    const { log, calls } = smallRecord(1);
    expect(rows).toHaveLength(2 * log.nEvents);
    log.timeMs.forEach((timeMs, row) => {
      expect(rows[row]).toMatchObject({
        replication: 1,
        seq: row,
        timeMs: BigInt(timeMs),
        kind: EVENT_KINDS[log.kind[row]],
        call: log.call[row] === NONE ? null : log.call[row],
        unit: log.unit[row] === NONE ? null : FACTS.units[log.unit[row]],
        detail: log.detail[row] === '' ? null : log.detail[row],
      });
    });
    const occurred = rows.filter((row) => row.kind === 'callOccurred');
    const point = pointOfPosition(graph, { segment: 0, offsetMm: 0 });
    expect(occurred[4]).toMatchObject({
      call: 4,
      segment: 0,
      offsetMm: 0,
      lon: fromE7(point.lonE7),
      lat: fromE7(point.latE7),
      category: 'ordinary',
      priority: 3,
      zone: 'market',
      zoneClass: 'key',
      onSceneMs: BigInt(calls.onSceneMs[4]),
    });
    expect(occurred[5]).toMatchObject({ zone: null, zoneClass: 'none' });
    expect(rows.find((row) => row.kind === 'callReceived')).toMatchObject({
      category: null,
      zoneClass: null,
    });
  });

  it('tells planned drives, shared by all replications, from those of one', async () => {
    const rows = await rowsOf(events);
    const drives = rows
      .filter((row) => row.route !== null)
      .map((row) => [row.replication, row.route, row.routeReplication]);
    expect(drives).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [2, 1, 0],
      [2, 0, 2],
    ]);
  });

  it('gives each replication row groups of its own, in order', () => {
    const { row_groups: groups, num_rows: nRows } = parquetMetadata(events);
    expect(groups.map((group) => Number(group.num_rows))).toEqual([Number(nRows) / 2, Number(nRows) / 2]);
    groups.forEach((group, i) => {
      const { min_value, max_value } = group.columns[0].meta_data!.statistics!;
      expect([min_value, max_value]).toEqual([i + 1, i + 1]);
    });
  });

  it('is the same bytes for the same run', async () => {
    expect(Buffer.compare(events, await eventsOf(true, 1, 2))).toBe(0);
    expect(Buffer.compare(events, await eventsOf(false, 1, 2))).not.toBe(0);
  });

  it('takes replications in order of their number only', async () => {
    await expect(eventsOf(true, 2, 1)).rejects.toThrow(/out of order/);
  });

  it('reads back as the same logs and calls', async () => {
    const { run, labels, replications } = await readEvents(events, 'events.parquet');
    expect(run).toEqual({
      version: 1,
      scenario: 'small',
      start: '2026-03-02T18:00',
      secondsIntoDay: 64_800,
      durationS: 3600,
      warmUpS: 60,
      seed: 1,
      replications: [1, 2],
      complete: true,
      standards: FACTS.standards,
    });
    replications.forEach(({ log, calls }, i) => {
      const given = smallRecord(i + 1);
      // units, categories and zones are numbered by first appearance, which is their order here
      expect({ ...log, route: given.log.route }).toEqual(given.log);
      expect(calls).toEqual(given.calls);
    });
    expect(labels).toEqual({
      units: ['P1', 'P2'],
      categories: FACTS.categories,
      zones: FACTS.zones.map(({ id, class: zoneClass }) => ({ id, class: zoneClass })),
    });
  });
});

describe('a run scored again', () => {
  it('under its own standards gives the figures of kpis.json', async () => {
    const kpis = computeKpis({
      facts: FACTS,
      replications: [1, 2].map((number) => foldReplication(FACTS, smallRecord(number))),
      complete: true,
      potential: [],
      unplanned: [],
    });
    const again = await scoreRun(events, 'events.parquet');
    expect(again.standards).toEqual(kpis.standards);
    expect(again.standards.map((standard) => standard.id)).toEqual(['from-call', 'from-wheels', 'mixed']);
  });

  it('under another standard gives that one', async () => {
    const { standards } = await scoreRun(events, 'events.parquet', [
      {
        id: 'ten',
        clauses: [
          {
            id: 'all',
            selector: {},
            event: 'firstArrival',
            clockStart: 'occurred',
            thresholdS: 600,
            targetShare: 0.5,
            statistic: 'share',
          },
        ],
      },
    ]);
    // 4 of 4 answered within 600 s; the open ones have waited 400 and 100 s
    expect(standards[0].clauses[0]).toMatchObject({
      nSelected: 12,
      nLeftOut: 4,
      estimate: { value: 1, n: 8 },
      met: true,
    });
  });
});

describe('a broken events.parquet is refused with its name', () => {
  it('when any byte differs', async () => {
    for (let at = 0; at < events.length; at += 7) {
      const changed = events.slice();
      changed[at] ^= 1 << (at % 8);
      await expect(readEvents(changed, 'events.parquet'), `byte ${at}`).rejects.toThrow(InputError);
    }
  });

  it('when it ends early, at any length', async () => {
    for (let length = 0; length < events.length; length += 97) {
      await expect(readEvents(events.slice(0, length), 'events.parquet'), `length ${length}`).rejects.toThrow(
        /^events.parquet: /,
      );
    }
  });

  it('when it is another table of ours', async () => {
    const roads = await writeRoads(graph, '9.9.9');
    await expect(readEvents(roads, 'roads.parquet')).rejects.toThrow(/roads.parquet: has no patrol135.run/);
  });

  it.each<[string, Record<string, (number | string | null)[]>, RegExp]>([
    [
      'a kind that does not exist',
      { kind: ['fellAsleep'] },
      /row 0, column kind: "fellAsleep" is not one of/,
    ],
    [
      'a replication that its metadata does not name',
      { replication: [7] },
      /row 0, column replication: "7" is not 1/,
    ],
    ['rows that are missing', { seq: [3] }, /row 0, column seq: "3" is not a whole number from 0 to 0/],
    ['a call without a category', { category: [null] }, /row 0, column category: "null" is not text/],
    [
      'a priority of 12',
      { priority: [12] },
      /row 0, column priority: "12" is not a whole number from 1 to 9/,
    ],
  ])('when it is sealed but holds %s', async (_, change, message) => {
    const metadata = parquetMetadata(events).key_value_metadata!;
    const text = metadata.find(({ key }) => key === 'patrol135.run')!.value!;
    const file = new ParquetFile(EVENT_COLUMNS, '9.9.9');
    file.append({
      ...{
        replication: [1],
        seq: [0],
        timeMs: [0],
        kind: ['callOccurred'],
        call: [0],
        unit: [null],
        segment: [0],
      },
      ...{ offsetMm: [0], lon: [0], lat: [0], route: [null], routeReplication: [null], detail: [null] },
      ...{ category: ['urgent'], priority: [1], zone: [null], zoneClass: ['none'], onSceneMs: [1] },
      ...{ unitsWanted: [1], triaged: [0], transported: [0], handoverMs: [0], reportMs: [0] },
      ...{ parent: [null], callKey: [0] },
      ...change,
    });
    await expect(readEvents(await file.finish({ 'patrol135.run': text }), 'e.parquet')).rejects.toThrow(
      message,
    );
  });

  it('when its metadata is of another version', async () => {
    const file = new ParquetFile(EVENT_COLUMNS, '9.9.9');
    const sealed = await file.finish({ 'patrol135.run': JSON.stringify({ version: 2 }) });
    await expect(readEvents(sealed, 'e.parquet')).rejects.toThrow(/e.parquet patrol135.run \/version/);
  });

  it('when an event comes before its cause', async () => {
    const record = smallRecord(1);
    const row = record.log.kind.indexOf(EVENT_KINDS.indexOf('unitEnRoute'));
    record.log.kind[row] = EVENT_KINDS.indexOf('patrolStand');
    const file = new EventsFile(FACTS, graph, PLANNED.length, '9.9.9');
    file.append(record);
    await expect(scoreRun(await file.finish(true), 'e.parquet')).rejects.toThrow(
      /^e.parquet: replication 1, row \d+ of the event log: call 0: arrived before enRoute$/,
    );
  });
});

describe('routes.parquet and roads.parquet', () => {
  it('hold each step of each drive, planned ones first as replication 0', async () => {
    const file = new RoutesFile(PLANNED, '9.9.9');
    file.append(smallRecord(1));
    file.append(smallRecord(2));
    const bytes = await file.finish();
    await checkSeal(bytes, 'routes.parquet');
    const rows = await rowsOf(bytes);
    expect(Object.keys(rows[0])).toEqual(ROUTE_COLUMNS.map((column) => column.name));
    expect(
      rows.map((row) => [row.replication, row.route, row.step, row.fromMm, row.toMm, row.endMs]),
    ).toEqual([
      [0, 0, 0, 0, 300_000, 20_000],
      [0, 1, 0, 300_000, 0, 20_000],
      [1, 0, 0, 10, 4000, 20_000],
      [2, 0, 0, 10, 4000, 20_000],
    ]);
    expect(parquetMetadata(bytes).row_groups).toHaveLength(3);
  });

  it('hold every shape point of every segment in order', async () => {
    const rows = await rowsOf(await writeRoads(graph, '9.9.9'));
    expect(Object.keys(rows[0])).toEqual(ROAD_COLUMNS.map((column) => column.name));
    expect(rows).toHaveLength(graph.shapeAtMm.length);
    expect(rows.map((row) => row.atMm)).toEqual([...graph.shapeAtMm]);
    expect(rows.map((row) => row.lon)).toEqual([...graph.shapeLonE7].map(fromE7));
    expect(new Set(rows.map((row) => row.segment))).toEqual(new Set([0, 1]));
    expect(rows[0].roadClass).toBe('residential');
  });

  it('refuse numbers that a column cannot hold', () => {
    const file = new ParquetFile([{ name: 'mm', type: 'INT32' }], '9.9.9');
    for (const value of [2 ** 31, -(2 ** 31) - 1, 0.5, NaN, 'text']) {
      expect(() => file.append({ mm: [value] }), String(value)).toThrow(/column mm cannot hold/);
    }
    file.append({ mm: [2 ** 31 - 1, -(2 ** 31), null] });
  });
});
