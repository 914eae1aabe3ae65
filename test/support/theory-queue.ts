/** A queue that theory has an answer for, and what the engine made of its calls. */
import type { CallTable } from '../../engine/demand/demand.ts';
import type { ReplicationRecord } from '../../engine/sim/event-log.ts';

/** Mean time on scene. Long beside the clock's millisecond, short beside a day and its change of shift. */
export const SERVICE_S = 600;

export type ServiceLaw = 'exponential' | 'deterministic' | 'lognormal';

/** Lognormal times have the same spread as exponential ones. */
export const LOGNORMAL_CV = 1;

export interface TheoryClass {
  callsPerHour: number;
  law: ServiceLaw;
  meanS: number;
  /** 1 is the most urgent. */
  priority: number;
}

/** Times are in seconds, those of a replication. */
export interface TheoryQueue {
  units: number;
  classes: readonly TheoryClass[];
  queue: { type: 'none' } | { type: 'unlimited' } | { type: 'finite'; places: number };
  /** Left out at the start, when all units are free. */
  warmUpS: number;
  /** Calls of this time are counted… */
  countedS: number;
  /** …and given as long again to come to the front of the line. */
  leadOutS: number;
  seed: number;
}

/** How the calls of a replication came out, by number. */
export interface Answered {
  calls: CallTable;
  record: ReplicationRecord;
  /** When a unit set to work; Infinity where none did. */
  startMs: Float64Array;
  /** When the call was over; Infinity where it was not, or was lost. */
  clearedMs: Float64Array;
  lost: Uint8Array;
  /** Time in system of all calls up to the end of the run, and time x calls in system, counted from event to event. */
  systemMs: number;
  areaMs: number;
  /** Calls with 0 <= occurredMs < countedMs: these numbers. */
  firstCounted: number;
  endCounted: number;
}
