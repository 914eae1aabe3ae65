import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParquetFile } from '../../engine/results/parquet-file.ts';
import { EVENT_COLUMNS, RESULT_FILES } from '../../engine/results/results-folder.ts';
import { VIEWER_LIMITS } from '../../viz/limits.ts';
import { loadCity, loadReplay, loadReplicationNumbers, type City } from '../../viz/load.ts';
import { asProblem, type Problem } from '../../viz/problem.ts';
import { callStateAt, responseS } from '../../viz/calls.ts';
import { countUntil, type Replay } from '../../viz/replay.ts';
import { worldProjection } from '../../viz/roads.ts';
import { readSummary } from '../../viz/summary.ts';
import { phaseAt, placeInPhase, UNIT_STATES } from '../../viz/tracks.ts';
import { countWithin, responseCurves } from '../../viz/charts.ts';
import { writeSampleResults, type SampleTruth } from '../support/sample-results.ts';
import { folderSource } from './folder-source.ts';

const nothing = (): void => {};
const folder = mkdtempSync(join(tmpdir(), 'patrol135-viz-'));
let truth: SampleTruth;
let city: City;
let replay: Replay;

beforeAll(async () => {
  truth = await writeSampleResults(folder, { size: 14, units: 5, callsPerReplication: 40, replications: 3 });
  const source = folderSource(folder);
  city = await loadCity(source, nothing);
  replay = await loadReplay(source, city, 2, nothing);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface RawEvent {
  replication: number;
  timeMs: bigint;
  kind: string;
  unit: string | null;
  lon: number | null;
  lat: number | null;
  route: number | null;
  routeReplication: number | null;
}
interface RawStep {
  replication: number;
  route: number;
  segment: number;
  fromMm: number;
  toMm: number;
  endMs: number;
}
const rawRows = async <T>(name: string): Promise<T[]> => {
  const bytes = readFileSync(join(folder, name));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return (await parquetReadObjects({ file })) as T[];
};

describe('a replay loaded from a results folder', () => {
  it('finds every unit where the log has it, by a plain walk over the rows', async () => {
    const events = (await rawRows<RawEvent>(RESULT_FILES.events)).filter((row) => row.replication === 2);
    const steps = await rawRows<RawStep>(RESULT_FILES.routes);
    const project = worldProjection(city.roads.middle);
    const { tracks, drives, roads } = replay;
    const out = new Float64Array(2);
    let nMoving = 0;
    let nStanding = 0;
    for (let unit = 0; unit < tracks.unitIds.length; unit++) {
      // rows that change nothing in where the unit is
      const silent = ['patrolTaskDone', 'moveUp'];
      const own = events.filter((row) => row.unit === tracks.unitIds[unit] && !silent.includes(row.kind));
      for (let atMs = truth.startMs; atMs < truth.endMs; atMs += 37_123) {
        const last = own.findLast((row) => Number(row.timeMs) <= atMs)!;
        const phase = phaseAt(tracks, unit, atMs);
        placeInPhase(tracks, drives, roads, phase, atMs, out);
        const expected = naivePlace(last, atMs, steps, project);
        expect(Math.hypot(out[0] - expected[0], out[1] - expected[1])).toBeLessThan(0.02);
        if (last.route === null) nStanding++;
        else nMoving++;
      }
    }
    expect(nMoving).toBeGreaterThan(100);
    expect(nStanding).toBeGreaterThan(100);
  });

  /** Where a unit is after its last row: standing there, or along the steps of its drive, found one by one. */
  function naivePlace(
    last: RawEvent,
    atMs: number,
    steps: readonly RawStep[],
    project: (lon: number, lat: number) => [number, number],
  ): [number, number] {
    if (last.route === null) return project(last.lon!, last.lat!);
    const own = steps.filter(
      (step) => step.replication === last.routeReplication && step.route === last.route,
    );
    const sinceMs = atMs - Number(last.timeMs);
    let startMs = 0;
    let step = own[own.length - 1];
    for (const each of own) {
      if (sinceMs < each.endMs) {
        step = each;
        break;
      }
      startMs = each.endMs;
    }
    const share = Math.min(1, (sinceMs - startMs) / (step.endMs - startMs || 1));
    const atMm =
      sinceMs >= own[own.length - 1].endMs ? step.toMm : step.fromMm + share * (step.toMm - step.fromMm);
    const { firstPoint, x, y } = city.roads;
    const [first, end] = [firstPoint[step.segment], firstPoint[step.segment + 1] - 1];
    const along = atMm / city.roads.atMm[end]; // the sample's streets are straight
    return [x[first] + along * (x[end] - x[first]), y[first] + along * (y[end] - y[first])];
  }

  it('gives each call the time line that it had', () => {
    const own = truth.calls.filter((call) => call.replication === 2);
    expect(replay.calls.nCalls).toBe(own.length);
    for (const call of own) {
      const ix = replay.calls.number.indexOf(call.call);
      expect(replay.calls.atMs.occurred[ix]).toBe(call.occurredMs);
      expect(replay.calls.priority[ix]).toBe(call.priority);
      expect(replay.calls.zoneClass[ix]).toBe(call.zoneClass);
      if (call.end !== 'cleared') {
        expect([replay.calls.end[ix], callStateAt(replay.calls, ix, truth.endMs)]).toEqual([
          call.end,
          call.end,
        ]);
        expect(replay.calls.atMs.arrived[ix]).toBeNaN();
      } else if (call.freedMs < truth.endMs) {
        expect(replay.calls.atMs.arrived[ix]).toBe(call.arrivedMs);
        expect(replay.calls.closedMs[ix]).toBe(call.clearedMs);
        expect(replay.calls.atMs.freed[ix]).toBe(call.freedMs);
        expect(replay.calls.waitedMs[ix]).toBe(call.waitedMs);
        expect(responseS(replay.calls, ix, 'dispatched')).toBe((call.arrivedMs - call.dispatchedMs) / 1000);
        if (call.waitedMs > 0) expect(callStateAt(replay.calls, ix, call.dispatchedMs - 1)).toBe('waiting');
        expect(callStateAt(replay.calls, ix, call.dispatchedMs)).toBe('assigned');
        expect(callStateAt(replay.calls, ix, call.arrivedMs)).toBe('attended');
        expect(callStateAt(replay.calls, ix, call.clearedMs)).toBe('closed');
      } else if (call.clearedMs >= truth.endMs) {
        expect(replay.calls.end[ix]).toBe('open');
      }
    }
  });

  it('knows who was sent and who else could have gone, nearest first', () => {
    let nRecalled = 0;
    for (const call of truth.calls.filter(
      (each) => each.replication === 2 && each.dispatchedMs < truth.endMs,
    )) {
      const dispatches = replay.calls.dispatches[replay.calls.number.indexOf(call.call)];
      const dispatch = dispatches[dispatches.length - 1];
      for (const before of dispatches.slice(0, -1)) {
        expect([before.recalledMs, Number.isNaN(before.arrivedMs)]).toEqual([call.dispatchedMs, true]);
        expect(before.recallReason).toBe(`relieved by ${call.unit}: freed nearby: saves 70 s`);
        nRecalled++;
      }
      expect(dispatch.unit).toBe(call.unit);
      expect(dispatch.candidates[0].id).toBe(call.unit);
      const times = dispatch.candidates.map((candidate) => candidate.value);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    expect(nRecalled).toBeGreaterThan(0);
  });

  it('shows a unit sent, en route, on scene, bringing somebody away and writing, and then free again', () => {
    const { tracks } = replay;
    const seen = new Set<string>();
    const stateAt = (unitId: string, atMs: number): string => {
      const state = UNIT_STATES[tracks.state[phaseAt(tracks, tracks.unitIds.indexOf(unitId), atMs)]];
      seen.add(state);
      return state;
    };
    for (const call of truth.calls.filter((each) => each.replication === 2 && each.freedMs < truth.endMs)) {
      expect(stateAt(call.unit, call.dispatchedMs)).toBe('assigned');
      expect(stateAt(call.unit, call.enRouteMs)).toBe('enRoute');
      expect(stateAt(call.unit, call.arrivedMs - 1)).toBe('enRoute');
      expect(stateAt(call.unit, call.arrivedMs)).toBe('onScene');
      const isTransported = call.call % 6 === 1;
      expect(stateAt(call.unit, call.clearedMs - 1)).toBe(isTransported ? 'handingOver' : 'onScene');
      if (call.freedMs > call.clearedMs) expect(stateAt(call.unit, call.clearedMs)).toBe('reporting');
      expect(['patrolling', 'returning', 'movingUp', 'assigned']).toContain(stateAt(call.unit, call.freedMs));
    }
    expect([...seen]).toEqual(expect.arrayContaining(['handingOver', 'reporting']));
  });

  it('shows breaks, own activities and moves to another base', () => {
    const states = new Set([...replay.tracks.state].map((state) => UNIT_STATES[state]));
    expect([...states]).toEqual(
      expect.arrayContaining(['onBreak', 'onActivity', 'movingUp', 'transporting']),
    );
    const [move] = replay.moves;
    expect(move).toMatchObject({ reason: 'to cover old-town', shortfall: 'station: no unit can be spared' });
    const phase = phaseAt(replay.tracks, replay.tracks.unitIds.indexOf(move.unit), move.atMs);
    expect(replay.tracks.tasks[replay.tracks.task[phase]]).toBe(`moveUp:${move.base}`);
  });

  it('draws response curves that add up to the table over all replications', async () => {
    const source = folderSource(folder);
    const all = truth.kpis.achieved[0];
    for (const [seconds, share] of [
      [180, all.within3min],
      [300, all.within5min],
    ] as const) {
      let [n, hits, decided] = [0, 0, 0];
      for (const replication of await loadReplicationNumbers(source)) {
        const { calls, endMs } = await loadReplay(source, city, replication, nothing);
        const [curve] = responseCurves(calls, endMs, 'callReceived', 'all');
        const within = countWithin(curve, seconds);
        n += curve.n;
        hits += within.hits;
        decided += within.decided;
      }
      expect(n).toBe(all.n);
      expect(hits / decided).toBeCloseTo(share.value!, 12);
    }
  });

  it('counts sorted times up to a moment, that moment included', () => {
    const times = Float64Array.of(1, 3, 3, 7);
    expect([0, 1, 2, 3, 6, 7, 8].map((at) => countUntil(times, at))).toEqual([0, 1, 1, 3, 3, 4, 4]);
  });
});

describe('loading is bounded', () => {
  it('reads of events and routes only the chosen replication and the planned drives', async () => {
    expect(await loadReplicationNumbers(folderSource(folder))).toEqual([1, 2, 3]);
    const large = mkdtempSync(join(tmpdir(), 'patrol135-viz-'));
    try {
      await writeSampleResults(large, {
        size: 14,
        units: 30,
        callsPerReplication: 80,
        replications: 10,
        hours: 6,
      });
      const source = folderSource(large);
      const { replication } = await loadReplay(source, city, 7, nothing);
      expect(replication).toBe(7);
      // a tenth of the events, the planned drives and a tenth of the others, and the footers
      for (const name of [RESULT_FILES.events, RESULT_FILES.routes]) {
        const footer = 64 * 1024;
        const share = (source.bytesRead.get(name)! - footer) / source.sizes.get(name)!;
        expect([name, share < 0.3]).toEqual([name, true]);
      }
    } finally {
      rmSync(large, { recursive: true });
    }
  });

  it('refuses a folder by the sum of its sizes before it reads anything, and takes one exactly at the limit', async () => {
    const source = folderSource(folder);
    const total = [...source.sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(await problemOf(readSummary(source, total - 1))).toMatchObject({ code: 'tooLarge' });
    expect(source.bytesRead.size).toBe(0);
    await expect(readSummary(source, total)).resolves.toMatchObject({ totalBytes: total });
    await expect(readSummary(source, total + 1)).resolves.toMatchObject({ replications: 3 });
    expect(VIEWER_LIMITS.totalBytes).toBe(256 * 1024 ** 2);
  });

  it('says which files are missing', async () => {
    const source = folderSource(folder);
    const sizes = new Map(source.sizes);
    sizes.delete(RESULT_FILES.events);
    sizes.delete(RESULT_FILES.city);
    sizes.delete(RESULT_FILES.scenario);
    expect(await problemOf(readSummary({ ...source, sizes }, 1e9))).toEqual({
      code: 'missingFiles',
      params: { files: `${RESULT_FILES.events}, ${RESULT_FILES.city}, ${RESULT_FILES.scenario}` },
    });
    expect(await problemOf(readSummary({ ...source, sizes: new Map() }, 1e9))).toMatchObject({
      code: 'notResults',
    });
  });

  it('takes a folder without the files of the log only where its manifest says so', async () => {
    const source = folderSource(folder);
    const sizes = new Map(source.sizes);
    sizes.delete(RESULT_FILES.events);
    sizes.delete(RESULT_FILES.routes);
    expect(await problemOf(readSummary({ ...source, sizes }, 1e9))).toEqual({
      code: 'missingFiles',
      params: { files: `${RESULT_FILES.events}, ${RESULT_FILES.routes}` },
    });
    const manifest = JSON.stringify({ engineVersion: '', seed: 1, start: '2026-03-02T08:00', log: false });
    const bytes = new TextEncoder().encode(manifest);
    const quiet = {
      ...source,
      sizes,
      open: (name: Parameters<typeof source.open>[0]) =>
        name === RESULT_FILES.manifest
          ? { byteLength: bytes.length, slice: () => Promise.resolve(bytes.buffer) }
          : source.open(name),
    };
    await expect(readSummary(quiet, 1e9)).resolves.toMatchObject({ hasLog: false, replications: 3 });
  });

  it('refuses a replication that the log does not hold', async () => {
    expect(await problemOf(loadReplay(folderSource(folder), city, 4, nothing))).toMatchObject({
      code: 'noReplication',
    });
  });
});

describe('broken files end in one sentence that names them', () => {
  const broken = async (name: string, bytes: Uint8Array | string): Promise<Problem> => {
    const copy = mkdtempSync(join(tmpdir(), 'patrol135-viz-'));
    try {
      for (const each of Object.values(RESULT_FILES)) {
        if (folderSource(folder).sizes.has(each)) {
          writeFileSync(join(copy, each), readFileSync(join(folder, each)));
        }
      }
      writeFileSync(join(copy, name), bytes);
      const source = folderSource(copy);
      return await problemOf(
        (async () => {
          await readSummary(source, 1e9);
          const loaded = await loadCity(source, nothing);
          await loadReplay(source, loaded, 1, nothing);
        })(),
      );
    } finally {
      rmSync(copy, { recursive: true });
    }
  };

  it.each([
    [RESULT_FILES.kpis, '{"version": 2}', { code: 'badShape', params: { place: '/version' } }],
    [RESULT_FILES.kpis, '{', { code: 'badJson' }],
    [RESULT_FILES.kpis, '[]', { code: 'badShape' }],
    [
      RESULT_FILES.city,
      '{"type": "FeatureCollection"}',
      { code: 'badShape', params: { place: '/features' } },
    ],
    [
      RESULT_FILES.city,
      '{"features":[{"properties":{"kind":"post"},"geometry":{"type":"Point","coordinates":[1e999,0]}}]}',
      { code: 'badShape', params: { place: '/features/0/geometry/coordinates/0' } },
    ],
    [
      RESULT_FILES.city,
      '{"features":[{"properties":{"kind":"post"},"geometry":{"type":"Point","coordinates":[12,91]}}]}',
      { code: 'badRow', params: { column: 'coordinates' } },
    ],
    [RESULT_FILES.events, 'PAR1 not really', { code: 'badParquet', params: { file: 'events.parquet' } }],
    [RESULT_FILES.roads, '', { code: 'badParquet', params: { file: 'roads.parquet' } }],
  ])('%s as %s', async (name, text, problem) => {
    expect(await broken(name, text)).toMatchObject(problem);
  });

  it('a log of an earlier version, by the columns that it lacks', async () => {
    const known = EVENT_COLUMNS.filter(({ name }) => name !== 'unitsWanted' && name !== 'parent');
    const file = new ParquetFile(known, '0.0.0');
    file.append(Object.fromEntries(known.map(({ name, type }) => [name, [type === 'STRING' ? '' : 1]])));
    expect(await broken(RESULT_FILES.events, await file.finish())).toEqual({
      code: 'otherVersion',
      params: { file: 'events.parquet', columns: 'unitsWanted, parent' },
    });
  });

  it('a Parquet file cut anywhere, or with any byte of it turned over, is refused or still makes sense', async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, RESULT_FILES.events)));
    for (let share = 1; share < 16; share++) {
      const cut = bytes.slice(0, Math.floor((bytes.length * share) / 16));
      expect(await broken(RESULT_FILES.events, cut)).toMatchObject({ params: { file: 'events.parquet' } });
    }
    for (let ix = 1; ix < 60; ix++) {
      const flipped = bytes.slice();
      flipped[Math.floor((bytes.length * ix) / 60)] ^= 0x55;
      const problem = await broken(RESULT_FILES.events, flipped).catch((error: Error) => error.message);
      // either a problem with a name, or the flip touched nothing that is shown
      expect(problem).toSatisfy(
        (found: Problem | string) => found === 'no problem' || (found as Problem).code !== 'replayFailed',
      );
    }
  });
});

/** The problem a promise fails with. */
async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  try {
    await promise;
  } catch (error) {
    return asProblem(error, '');
  }
  throw new Error('no problem');
}
