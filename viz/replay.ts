/**
 * One replication, ready to be played: the tracks of the units and the time line of every call, built from the event
 * log. The kinds of events are those of the log (`EVENT_KINDS`); rows of a kind that this viewer does not know are
 * counted and left out.
 */
import { RESULT_FILES, type DispatchDetail } from '../engine/results/results-folder.ts';
import type { DriveBook, Drives } from './drives.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { ABSENT, type Table } from './parquet-table.ts';
import { ResultsProblem } from './problem.ts';
import { isPlace, placeOnSegment, worldProjection, type Roads } from './roads.ts';
import { NO_CALL, TrackBuilder, type UnitTracks } from './tracks.ts';

/** One unit sent to a call. Times in ms from the scored start, NaN for what did not happen. */
export interface CallDispatch {
  unit: string;
  dispatchedMs: number;
  enRouteMs: number;
  arrivedMs: number;
  /** Why this unit: the reason and the candidates with their drive times, best first. */
  reason: string;
  candidates: DispatchDetail['candidates'];
}

export interface Calls {
  nCalls: number;
  /** Number of each call in the log. */
  number: Int32Array;
  /** ms from the scored start; NaN for what did not happen. Calls are in order of occurredMs. */
  occurredMs: Float64Array;
  receivedMs: Float64Array;
  dispatchedMs: Float64Array;
  enRouteMs: Float64Array;
  arrivedMs: Float64Array;
  clearedMs: Float64Array;
  /** World place, metres. */
  x: Float64Array;
  y: Float64Array;
  /** Road segment, or ABSENT. */
  segment: Int32Array;
  priority: Int32Array;
  category: string[];
  zone: string[];
  zoneClass: string[];
  dispatches: CallDispatch[][];
}

export interface Replay {
  replication: number;
  roads: Roads;
  drives: Drives;
  tracks: UnitTracks;
  calls: Calls;
  /** First moment of the log (negative: the warm-up) and its end, ms from the scored start. */
  startMs: number;
  endMs: number;
  /** When patrol tasks were done, in order. */
  taskDoneMs: Float64Array;
  nTasksMissed: number;
  /** Rows of kinds that this viewer does not know. */
  nUnknownRows: number;
}

/** Columns of events.parquet that the replay needs. */
export const EVENT_READ = {
  columns: [
    { name: 'timeMs', as: 'number' },
    { name: 'kind', as: 'name' },
    { name: 'call', as: 'int' },
    { name: 'unit', as: 'name' },
    { name: 'segment', as: 'int' },
    { name: 'offsetMm', as: 'int' },
    { name: 'lon', as: 'number' },
    { name: 'lat', as: 'number' },
    { name: 'route', as: 'int' },
    { name: 'routeReplication', as: 'int' },
    { name: 'detail', as: 'name' },
    { name: 'category', as: 'name' },
    { name: 'priority', as: 'int' },
    { name: 'zone', as: 'name' },
    { name: 'zoneClass', as: 'name' },
  ],
  maxRows: VIEWER_LIMITS.events,
} as const;

interface OpenCall {
  number: number;
  occurredMs: number;
  receivedMs: number;
  clearedMs: number;
  x: number;
  y: number;
  segment: number;
  priority: number;
  category: string;
  zone: string;
  zoneClass: string;
  dispatches: CallDispatch[];
}

/** @throws ResultsProblem naming the row when the log contradicts itself or names a drive that is not there */
export function buildReplay(replication: number, events: Table, roads: Roads, book: DriveBook): Replay {
  const tracks = new TrackBuilder(roads, book.drives);
  const calls: OpenCall[] = [];
  const callIx = new Map<number, number>();
  const taskDoneMs: number[] = [];
  let nTasksMissed = 0;
  let nUnknownRows = 0;
  let startMs = Infinity;
  let endMs = -Infinity;

  for (let row = 0; row < events.nRows; row++) {
    const event = readEvent(events, roads, book, row);
    if (event.timeMs < endMs) throw badRow(row, 'timeMs', event.timeMs);
    startMs = Math.min(startMs, event.timeMs);
    endMs = event.timeMs;
    const { timeMs, unit, detail } = event;

    switch (event.kind) {
      case 'callOccurred':
        if (callIx.has(event.call)) throw badRow(row, 'call', event.call);
        callIx.set(event.call, calls.length);
        calls.push(newCall(events, event, row));
        break;
      case 'callReceived':
        callOf(row, event.call).receivedMs = timeMs;
        break;
      case 'callReady':
        break;
      case 'unitDispatched':
        callOf(row, event.call).dispatches.push({
          unit,
          dispatchedMs: timeMs,
          enRouteMs: NaN,
          arrivedMs: NaN,
          ...readDetail(detail),
        });
        tracks.stand(unit, 'enRoute', timeMs, event.place, callIx.get(event.call) ?? NO_CALL, '');
        break;
      case 'unitEnRoute': {
        const dispatch = dispatchOf(row, event.call, unit);
        dispatch.enRouteMs = timeMs;
        const call = callIx.get(event.call) ?? NO_CALL;
        if (event.drive === null) tracks.stand(unit, 'enRoute', timeMs, event.place, call, '');
        else tracks.drive(unit, 'enRoute', timeMs, event.drive, call, '');
        break;
      }
      case 'unitArrived':
        dispatchOf(row, event.call, unit).arrivedMs = timeMs;
        tracks.stand(unit, 'onScene', timeMs, event.place, callIx.get(event.call) ?? NO_CALL, '');
        break;
      case 'callCleared':
        callOf(row, event.call).clearedMs = timeMs;
        if (unit !== '') tracks.stand(unit, 'patrolling', timeMs, event.place, NO_CALL, '');
        break;
      case 'shiftStarted':
        // a unit that the last shift left on a call goes on with it
        if (!tracks.isBusy(unit)) tracks.stand(unit, 'atPost', timeMs, event.place, NO_CALL, '');
        break;
      case 'shiftEnded':
        tracks.stand(unit, 'offDuty', timeMs, event.place, NO_CALL, '');
        break;
      case 'patrolDrive':
        if (event.drive === null) tracks.stand(unit, 'patrolling', timeMs, event.place, NO_CALL, detail);
        else tracks.drive(unit, 'patrolling', timeMs, event.drive, NO_CALL, detail);
        break;
      case 'patrolStand':
        tracks.stand(
          unit,
          detail === 'home' || detail === '' ? 'atPost' : 'patrolling',
          timeMs,
          event.place,
          NO_CALL,
          detail,
        );
        break;
      case 'patrolTaskDone':
        taskDoneMs.push(timeMs);
        break;
      case 'patrolTaskMissed':
        nTasksMissed++;
        break;
      case 'runEnded':
        break;
      default:
        nUnknownRows++;
    }
  }
  if (events.nRows === 0) throw new ResultsProblem('noReplication', { replication: String(replication) });
  const packed = tracks.finish();
  if (packed.unitIds.length > VIEWER_LIMITS.units) {
    throw new ResultsProblem('tooMany', {
      file: RESULT_FILES.events,
      found: packed.unitIds.length,
      allowed: VIEWER_LIMITS.units,
    });
  }
  return {
    replication,
    roads,
    drives: book.drives,
    tracks: packed,
    calls: packCalls(calls),
    startMs: Math.min(startMs, 0),
    endMs,
    taskDoneMs: Float64Array.from(taskDoneMs),
    nTasksMissed,
    nUnknownRows,
  };

  function callOf(row: number, number: number): OpenCall {
    const ix = callIx.get(number);
    if (ix === undefined) throw badRow(row, 'call', number);
    return calls[ix];
  }
  function dispatchOf(row: number, call: number, unit: string): CallDispatch {
    const dispatch = callOf(row, call).dispatches.findLast((candidate) => candidate.unit === unit);
    if (!dispatch) throw badRow(row, 'unit', unit);
    return dispatch;
  }
}

interface EventRow {
  timeMs: number;
  kind: string;
  call: number;
  unit: string;
  segment: number;
  place: [number, number] | null;
  drive: number | null;
  detail: string;
}

function readEvent(events: Table, roads: Roads, book: DriveBook, row: number): EventRow {
  const { call, segment, route, routeReplication } = events.int;
  const timeMs = events.number.timeMs[row];
  if (!Number.isFinite(timeMs)) throw badRow(row, 'timeMs', timeMs);
  let drive: number | null = null;
  if (route[row] !== ABSENT) {
    drive = book.find(routeReplication[row], route[row]) ?? null;
    if (drive === null) throw badRow(row, 'route', route[row]);
  }
  return {
    timeMs,
    kind: textAt(events, 'kind', row),
    call: call[row],
    unit: textAt(events, 'unit', row),
    segment: segment[row],
    place: placeOf(events, roads, row),
    drive,
    detail: textAt(events, 'detail', row),
  };
}

const textAt = (table: Table, column: string, row: number): string => {
  const number = table.int[column][row];
  return number === ABSENT ? '' : table.names[column][number];
};

/** Where it happened: on the road where the row names one, otherwise the given degrees. */
function placeOf(events: Table, roads: Roads, row: number): [number, number] | null {
  const segment = events.int.segment[row];
  if (segment !== ABSENT) {
    if (segment < 0 || segment >= roads.nSegments) throw badRow(row, 'segment', segment);
    const out = new Float64Array(2);
    placeOnSegment(roads, segment, events.int.offsetMm[row], out);
    return [out[0], out[1]];
  }
  const lon = events.number.lon[row];
  const lat = events.number.lat[row];
  if (Number.isNaN(lon) || Number.isNaN(lat)) return null;
  if (!isPlace(lon, lat)) throw badRow(row, 'lon, lat', `${lon}, ${lat}`);
  return worldProjection(roads.middle)(lon, lat);
}

function newCall(events: Table, event: EventRow, row: number): OpenCall {
  if (!event.place) throw badRow(row, 'lon, lat', 'null');
  return {
    number: event.call,
    occurredMs: event.timeMs,
    receivedMs: NaN,
    clearedMs: NaN,
    x: event.place[0],
    y: event.place[1],
    segment: event.segment,
    priority: events.int.priority[row],
    category: textAt(events, 'category', row),
    zone: textAt(events, 'zone', row),
    zoneClass: textAt(events, 'zoneClass', row),
    dispatches: [],
  };
}

/** The decision as logged; one that does not read as a decision is kept as its text. */
function readDetail(detail: string): { reason: string; candidates: DispatchDetail['candidates'] } {
  try {
    const value = JSON.parse(detail) as Partial<DispatchDetail> | null;
    const candidates = Array.isArray(value?.candidates) ? value.candidates : [];
    return {
      reason: typeof value?.reason === 'string' ? value.reason : '',
      candidates: candidates
        .filter((each) => typeof each?.unit === 'string' && Number.isFinite(each.travelTimeS))
        .map(({ unit, travelTimeS }) => ({ unit, travelTimeS })),
    };
  } catch {
    return { reason: detail, candidates: [] };
  }
}

function packCalls(calls: readonly OpenCall[]): Calls {
  const first = (call: OpenCall, key: 'dispatchedMs' | 'enRouteMs' | 'arrivedMs'): number => {
    let earliest = NaN;
    for (const dispatch of call.dispatches) if (!(dispatch[key] >= earliest)) earliest = dispatch[key];
    return earliest;
  };
  return {
    nCalls: calls.length,
    number: Int32Array.from(calls, (call) => call.number),
    occurredMs: Float64Array.from(calls, (call) => call.occurredMs),
    receivedMs: Float64Array.from(calls, (call) => call.receivedMs),
    dispatchedMs: Float64Array.from(calls, (call) => first(call, 'dispatchedMs')),
    enRouteMs: Float64Array.from(calls, (call) => first(call, 'enRouteMs')),
    arrivedMs: Float64Array.from(calls, (call) => first(call, 'arrivedMs')),
    clearedMs: Float64Array.from(calls, (call) => call.clearedMs),
    x: Float64Array.from(calls, (call) => call.x),
    y: Float64Array.from(calls, (call) => call.y),
    segment: Int32Array.from(calls, (call) => call.segment),
    priority: Int32Array.from(calls, (call) => call.priority),
    category: calls.map((call) => call.category),
    zone: calls.map((call) => call.zone),
    zoneClass: calls.map((call) => call.zoneClass),
    dispatches: calls.map((call) => call.dispatches),
  };
}

const badRow = (row: number, column: string, value: string | number): ResultsProblem =>
  new ResultsProblem('badRow', {
    file: RESULT_FILES.events,
    row,
    column,
    value: value === ABSENT ? 'null' : value,
  });

/** The clocks that a response time can start from, as far as this log holds them. */
export function clockStartMs(calls: Calls, call: number, clockStart: string): number {
  switch (clockStart) {
    case 'occurred':
      return calls.occurredMs[call];
    case 'callReceived':
      return calls.receivedMs[call];
    case 'dispatched':
      return calls.dispatchedMs[call];
    case 'enRoute':
      return calls.enRouteMs[call];
    default:
      return NaN;
  }
}

/** Seconds from the clock start to the first arrival; NaN while nobody has arrived. */
export const responseS = (calls: Calls, call: number, clockStart: string): number =>
  (calls.arrivedMs[call] - clockStartMs(calls, call, clockStart)) / 1000;

export const CALL_STATES = ['waiting', 'assigned', 'attended', 'closed'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** The state of a call that has occurred by `atMs`. */
export function callStateAt(calls: Calls, call: number, atMs: number): CallState {
  if (calls.clearedMs[call] <= atMs) return 'closed';
  if (calls.arrivedMs[call] <= atMs) return 'attended';
  return calls.dispatchedMs[call] <= atMs ? 'assigned' : 'waiting';
}

/** How many of the sorted times are at or before `atMs`. Cost O(log n). */
export function countUntil(sortedMs: Float64Array, atMs: number): number {
  let low = 0;
  let high = sortedMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sortedMs[middle] <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
