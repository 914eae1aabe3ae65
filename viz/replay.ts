/**
 * One replication, ready to be played: the tracks of the units, the story of every call and the moves between bases,
 * built from the event log. The kinds of events are those of the log (`EVENT_KINDS`); rows of a kind that this viewer
 * does not know are counted and left out.
 */
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { CallBuilder, type Calls, type UnitStep } from './calls.ts';
import { readMove, type MoveDecision } from './decision.ts';
import type { DriveBook, Drives } from './drives.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { ABSENT, type Table } from './parquet-table.ts';
import { ResultsProblem } from './problem.ts';
import { isPlace, placeOnSegment, worldProjection, type Roads } from './roads.ts';
import { NO_CALL, TrackBuilder, type UnitState, type UnitTracks } from './tracks.ts';

/** A unit that gets another base; or, with no unit, cover that no move can restore. */
export interface Move extends MoveDecision {
  atMs: number;
  /** Empty where nobody can move. */
  unit: string;
}

export interface Replay {
  replication: number;
  roads: Roads;
  drives: Drives;
  tracks: UnitTracks;
  calls: Calls;
  /** In order of time. */
  moves: Move[];
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
    { name: 'unitsWanted', as: 'int' },
    { name: 'parent', as: 'int' },
  ],
  maxRows: VIEWER_LIMITS.events,
} as const;

/** The drive to a new base, as `detail` of its patrolDrive row names it. */
export const MOVE_UP = 'moveUp:';

/** What a unit is after its step for a call; null where nothing changes to be seen. */
const STATE_AFTER: Record<UnitStep, UnitState | null> = {
  unitAlerted: null,
  unitEnRoute: 'enRoute',
  unitArrived: 'onScene',
  transportStarted: 'transporting',
  transportArrived: 'handingOver',
  reportStarted: 'reporting',
  // what a free unit does next has a row of its own, in the same instant
  unitCleared: 'patrolling',
  unitRecalled: 'patrolling',
};

/** What a unit is after rows that are about no call. */
const STATE_OF: Readonly<Record<string, UnitState>> = {
  shiftEnded: 'offDuty',
  breakStarted: 'onBreak',
  breakEnded: 'patrolling',
  activityStarted: 'onActivity',
  activityEnded: 'patrolling',
  outOfServiceStarted: 'outOfService',
  outOfServiceEnded: 'patrolling',
};

/**
 * @param postUnits  units that are out of reach on their way home
 * @throws ResultsProblem naming the row when the log contradicts itself or names a drive that is not there
 */
export function buildReplay(
  replication: number,
  events: Table,
  roads: Roads,
  book: DriveBook,
  postUnits: ReadonlySet<string>,
): Replay {
  const tracks = new TrackBuilder(roads, book.drives);
  const calls = new CallBuilder();
  const moves: Move[] = [];
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
    const { timeMs, unit, detail, kind } = event;

    switch (kind) {
      case 'callOccurred':
        if (!calls.occur(newCall(events, event, row))) throw badRow(row, 'call', event.call);
        break;
      case 'callReceived':
        calls.receive(callOf(row, event), timeMs);
        break;
      case 'callReady':
        calls.becomeReady(callOf(row, event), timeMs);
        break;
      case 'callHeld':
        calls.hold(callOf(row, event), timeMs, detail);
        break;
      case 'callTriaged':
        calls.end(callOf(row, event), timeMs, 'triaged');
        break;
      case 'callLost':
        calls.end(callOf(row, event), timeMs, 'lost', detail);
        break;
      case 'callCleared':
        calls.end(callOf(row, event), timeMs, 'cleared');
        break;
      case 'unitDispatched': {
        const call = callOf(row, event);
        calls.dispatch(call, timeMs, unitOf(row, unit), detail);
        tracks.stand(unit, 'assigned', timeMs, event.place, call, '');
        break;
      }
      case 'unitAlerted':
      case 'unitEnRoute':
      case 'unitArrived':
      case 'transportStarted':
      case 'transportArrived':
      case 'reportStarted':
      case 'unitCleared':
      case 'unitRecalled': {
        const call = callOf(row, event);
        if (!calls.step(call, timeMs, unitOf(row, unit), kind, detail)) throw badRow(row, 'unit', unit);
        const state = STATE_AFTER[kind];
        if (state === null) break;
        const isDone = kind === 'unitCleared' || kind === 'unitRecalled';
        const task = kind === 'transportStarted' ? detail : '';
        if (event.drive !== null) tracks.drive(unit, state, timeMs, event.drive, call, task);
        else tracks.stand(unit, state, timeMs, event.place, isDone ? NO_CALL : call, task);
        break;
      }
      case 'shiftStarted':
        // a unit that the last shift left on a call goes on with it, and so does one whose shifts overlap
        if (tracks.stateOf(unitOf(row, unit)) === 'offDuty') {
          tracks.stand(unit, 'atPost', timeMs, event.place, NO_CALL, '');
        }
        break;
      case 'shiftEnded':
      case 'breakStarted':
      case 'breakEnded':
      case 'activityStarted':
      case 'activityEnded':
      case 'outOfServiceStarted':
      case 'outOfServiceEnded': {
        const task = kind === 'activityStarted' ? detail : '';
        tracks.stand(unitOf(row, unit), STATE_OF[kind], timeMs, event.place, NO_CALL, task);
        break;
      }
      case 'patrolDrive': {
        const state = drivingState(detail, postUnits.has(unit));
        if (event.drive === null)
          tracks.stand(unitOf(row, unit), state, timeMs, event.place, NO_CALL, detail);
        else tracks.drive(unitOf(row, unit), state, timeMs, event.drive, NO_CALL, detail);
        break;
      }
      case 'patrolStand':
        tracks.stand(
          unitOf(row, unit),
          detail === 'home' || detail === '' ? 'atPost' : 'patrolling',
          timeMs,
          event.place,
          NO_CALL,
          detail,
        );
        break;
      case 'moveUp':
        moves.push({ atMs: timeMs, unit, ...readMove(detail) });
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
    calls: calls.finish(),
    moves,
    startMs: Math.min(startMs, 0),
    endMs,
    taskDoneMs: Float64Array.from(taskDoneMs),
    nTasksMissed,
    nUnknownRows,
  };

  function callOf(row: number, { call }: EventRow): number {
    const position = calls.positionOf(call);
    if (position < 0) throw badRow(row, 'call', call);
    return position;
  }
  function unitOf(row: number, unit: string): string {
    if (unit === '') throw badRow(row, 'unit', 'null');
    return unit;
  }
}

function drivingState(detail: string, answersFromPost: boolean): UnitState {
  if (detail === 'home') return answersFromPost ? 'outOfReach' : 'returning';
  return detail.startsWith(MOVE_UP) ? 'movingUp' : 'patrolling';
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

function newCall(events: Table, event: EventRow, row: number): Parameters<CallBuilder['occur']>[0] {
  if (!event.place) throw badRow(row, 'lon, lat', 'null');
  const unitsWanted = events.int.unitsWanted[row];
  if (!(unitsWanted >= 1)) throw badRow(row, 'unitsWanted', unitsWanted);
  return {
    number: event.call,
    occurredMs: event.timeMs,
    unitsWanted,
    parent: events.int.parent[row],
    x: event.place[0],
    y: event.place[1],
    segment: event.segment,
    priority: events.int.priority[row],
    category: textAt(events, 'category', row),
    zone: textAt(events, 'zone', row),
    zoneClass: textAt(events, 'zoneClass', row),
  };
}

const badRow = (row: number, column: string, value: string | number): ResultsProblem =>
  new ResultsProblem('badRow', {
    file: RESULT_FILES.events,
    row,
    column,
    value: value === ABSENT ? 'null' : value,
  });

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
