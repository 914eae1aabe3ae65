/**
 * Folds an event log into one record for each call: when each event of its time line happened, and who came. On the
 * way it checks the time line: no event before its cause, no event twice, and the clock never runs back.
 */
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import type { CallTable } from '../demand/demand.ts';
import { EVENT_KINDS, type EventKind, type EventLog } from '../sim/event-log.ts';
import { NONE, type Ms } from '../units.ts';

/**
 * The time of an event that has not happened by the end of the run. Infinity and not UNREACHED_MS: a run of a month
 * has real times beyond 2^31 ms.
 */
export const NOT_YET = Infinity;

/** The time line of a call, in order. */
const CALL_EVENTS = ['occurred', 'received', 'ready', 'dispatched', 'enRoute', 'arrived', 'cleared'] as const;
export type CallEvent = (typeof CALL_EVENTS)[number];

/** Rows of the log that are events of a call's time line. */
const EVENT_OF_KIND: Partial<Record<EventKind, CallEvent>> = {
  callOccurred: 'occurred',
  callReceived: 'received',
  callReady: 'ready',
  unitDispatched: 'dispatched',
  unitEnRoute: 'enRoute',
  unitArrived: 'arrived',
  callCleared: 'cleared',
};

/** Calls of one replication, in order of occurrence: call c of the log is entry c of each column. */
export interface CallRecords {
  replication: number;
  nCalls: number;
  /** End of the simulated time. */
  endMs: Ms;
  /** Milliseconds from the scored start, negative in the warm-up; NOT_YET where the run ended first. */
  atMs: Record<CallEvent, Float64Array>;
  /** The unit sent (index), or NONE. */
  unit: Uint32Array;
  category: Uint16Array;
  /** Zone index, or NONE outside every zone. */
  zone: Uint32Array;
  segment: Uint32Array;
  offsetMm: Uint32Array;
  onSceneMs: Uint32Array;
}

/** What the indices of call records mean. */
export interface CallLabels {
  units: readonly string[];
  categories: readonly { id: string; priority: number }[];
  zones: readonly { id: string; class: string }[];
}

export const zoneClassOf = (labels: CallLabels, zone: number): string =>
  zone === NONE ? NO_ZONE_CLASS : labels.zones[zone].class;

/** A log that breaks the order of events. `row` counts from 0 within the replication. */
export class BrokenLogError extends Error {
  override readonly name = 'BrokenLogError';
  readonly replication: number;
  readonly row: number;

  constructor(replication: number, row: number, message: string) {
    super(`replication ${replication}, row ${row} of the event log: ${message}`);
    this.replication = replication;
    this.row = row;
  }
}

/**
 * One record for each call of a log. Cost O(rows).
 * @param calls  the table that the replication ran on; calls that never occurred in the log are left out
 * @throws BrokenLogError where an event comes before its cause, comes twice, or names another unit than was sent
 */
export function foldCalls(log: EventLog, calls: CallTable): CallRecords {
  const fail = (row: number, message: string): never => {
    throw new BrokenLogError(log.replication, row, message);
  };
  const order = EVENT_KINDS.map((kind) => {
    const event = EVENT_OF_KIND[kind];
    return event === undefined ? -1 : CALL_EVENTS.indexOf(event);
  });
  const endKind = EVENT_KINDS.indexOf('runEnded');
  const times = CALL_EVENTS.map(() => new Float64Array(calls.nCalls).fill(NOT_YET));
  const unit = new Uint32Array(calls.nCalls).fill(NONE);
  let nCalls = 0;
  let endMs: Ms | null = null;

  for (let row = 0; row < log.nEvents; row++) {
    const now = log.timeMs[row];
    if (endMs !== null) fail(row, 'comes after the end of the run');
    if (!Number.isInteger(now)) fail(row, `time ${now} is no whole millisecond`);
    if (row > 0 && now < log.timeMs[row - 1])
      fail(row, `the clock runs back from ${log.timeMs[row - 1]} to ${now} ms`);
    if (log.kind[row] === endKind) endMs = now;
    const step = order[log.kind[row]];
    if (step === undefined) fail(row, `kind ${log.kind[row]} is unknown`);
    if (step < 0) continue;

    const call = log.call[row];
    const event = CALL_EVENTS[step];
    if (step === 0) {
      if (call !== nCalls) fail(row, `call ${call} occurs where call ${nCalls} was next`);
      if (call >= calls.nCalls) fail(row, `call ${call} is not among the ${calls.nCalls} calls`);
      if (now !== calls.occurredMs[call])
        fail(row, `call ${call} should occur at ${calls.occurredMs[call]} ms`);
      nCalls++;
    } else {
      if (!(call < nCalls)) fail(row, `${event} of call ${call}, which has not occurred`);
      if (times[step - 1][call] === NOT_YET)
        fail(row, `call ${call}: ${event} before ${CALL_EVENTS[step - 1]}`);
    }
    if (times[step][call] !== NOT_YET) fail(row, `call ${call}: ${event} twice`);
    times[step][call] = now;
    if (event === 'dispatched') {
      if (log.unit[row] === NONE) fail(row, `call ${call} is dispatched without a unit`);
      unit[call] = log.unit[row];
    } else if (step > CALL_EVENTS.indexOf('dispatched') && log.unit[row] !== unit[call]) {
      fail(row, `call ${call}: ${event} by another unit than was sent`);
    }
  }
  if (endMs === null) return fail(log.nEvents, 'the run has no end');

  const column = (values: Float64Array): Float64Array => values.slice(0, nCalls);
  const [occurred, received, ready, dispatched, enRoute, arrived, cleared] = times.map(column);
  return {
    replication: log.replication,
    nCalls,
    endMs,
    atMs: { occurred, received, ready, dispatched, enRoute, arrived, cleared },
    unit: unit.slice(0, nCalls),
    category: calls.category.slice(0, nCalls),
    zone: calls.zone.slice(0, nCalls),
    segment: calls.segment.slice(0, nCalls),
    offsetMm: calls.offsetMm.slice(0, nCalls),
    onSceneMs: calls.onSceneMs.slice(0, nCalls),
  };
}
