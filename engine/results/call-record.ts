/** The record of each call of a replication: when each event of its time line happened, who came, how it ended. */
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import { CALL_ENDS, NOT_YET, type CallEnd } from '../sim/outcome.ts';
import { NONE, type Ms } from '../units.ts';

export { NOT_YET };

/**
 * The time line of a call, in order. From `dispatched` to `enRoute` it is the unit that arrived first that counts
 * (before any has: the first one sent to a call that no unit was on). So a unit that was called away before it arrived
 * does not start the clock `dispatched`; its time lies before it, in `earlierUnitsMs`. From `left` to `freed` it is the first of the units
 * present that counts: it left the scene, has handed over, began its report, was available again; what it did not do
 * takes no time.
 */
export const CALL_EVENTS = [
  'occurred',
  'received',
  'ready',
  'dispatched',
  'alerted', // told of the call; when it was dispatched where that takes no time
  'enRoute',
  'arrived', // the first unit
  'staffed', // the last of the units that the call needs
  'left',
  'delivered',
  'reportStarted',
  'freed',
  'cleared', // the last unit has left; a report may go on
] as const;
export type CallEvent = (typeof CALL_EVENTS)[number];

/** Calls of one replication, in order of occurrence: call c of the log is entry c of each column. */
export interface CallRecords {
  replication: number;
  nCalls: number;
  /** End of the simulated time. */
  endMs: Ms;
  /** Milliseconds from the scored start, negative in the warm-up; NOT_YET where the run ended first. */
  atMs: Record<CallEvent, Float64Array>;
  /** Arrivals after the first: call c's are [start[c], start[c + 1]) of `laterMs`, ascending. */
  laterStart: Uint32Array;
  laterMs: Float64Array;
  /** Index into CALL_ENDS. */
  end: Uint8Array;
  /** The unit that arrived first (before any has: the first one sent), or NONE. */
  unit: Uint32Array;
  /** Time since it was ready during which no unit was on it, up to the last time that one was sent. */
  waitedMs: Float64Array;
  /** Part of it that passed before the unit that arrived first was sent; a wait after that follows a unit called off the scene. */
  waitedToDispatchMs: Float64Array;
  /** Times that a unit was sent, and taken off again before it was done. */
  nSent: Uint32Array;
  nRecalled: Uint32Array;
  unitsWanted: Uint16Array;
  category: Uint16Array;
  /** Zone index, or NONE outside every zone. */
  zone: Uint32Array;
  segment: Uint32Array;
  offsetMm: Uint32Array;
  onSceneMs: Uint32Array;
  /** The call that this one is linked to or repeats, or NONE. */
  parent: Uint32Array;
}

/** What the indices of call records mean. */
export interface CallLabels {
  units: readonly string[];
  /** `units` is how many units a call needs. */
  categories: readonly { id: string; priority: number; units: number }[];
  zones: readonly { id: string; class: string }[];
}

export const zoneClassOf = (labels: CallLabels, zone: number): string =>
  zone === NONE ? NO_ZONE_CLASS : labels.zones[zone].class;

export const endOf = (calls: CallRecords, call: number): CallEnd => CALL_ENDS[calls.end[call]];

/**
 * Time from ready to `dispatched` during which units were on the call that did not arrive first: they were called away, or
 * overtaken by a unit sent later. NOT_YET before a unit is sent. With the wait it makes up all of that time.
 */
export const earlierUnitsMs = ({ atMs, waitedToDispatchMs }: CallRecords, call: number): Ms =>
  atMs.dispatched[call] === NOT_YET
    ? NOT_YET
    : atMs.dispatched[call] - atMs.ready[call] - waitedToDispatchMs[call];

/** When the k-th unit had arrived, k from 1, or NOT_YET. A unit that was called away again does not count. */
export function kthArrivalMs(calls: CallRecords, call: number, k: number): Ms {
  if (k === 1) return calls.atMs.arrived[call];
  const at = calls.laterStart[call] + k - 2;
  return at < calls.laterStart[call + 1] ? calls.laterMs[at] : NOT_YET;
}

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
