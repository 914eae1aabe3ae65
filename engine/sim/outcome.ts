/** What a replication tells while it runs, besides its log: how each call came out. For figures without a log. */
import type { CallIx, Ms, UnitIx } from '../units.ts';

/** How a call came out: done; ended at the desk; gone to another force; still open when the run ended. */
export const CALL_ENDS = ['cleared', 'triaged', 'lost', 'open'] as const;
export type CallEnd = (typeof CALL_ENDS)[number];

/** The time line of a call that is over. The object is reused: take what you need. Times that never came are NOT_YET. */
export interface CallOutcome {
  call: CallIx;
  end: CallEnd;
  /** Index into city.categories; index into city.zones or NONE. */
  category: number;
  zone: number;
  occurredMs: Ms;
  receivedMs: Ms;
  readyMs: Ms;
  /** Of the unit that arrived first (or, before any has, of the first one sent). */
  unit: UnitIx;
  dispatchedMs: Ms;
  enRouteMs: Ms;
  arrivedMs: Ms;
  /** Units the call needed, and when the last of them had arrived. */
  unitsWanted: number;
  staffedMs: Ms;
  clearedMs: Ms;
  /** Time since it was ready during which no unit was on it, up to the last time that one was sent. */
  waitedMs: Ms;
  /** The same up to the dispatch of the unit that arrived first; a call whose unit is called off the scene waits on. */
  waitedToDispatchMs: Ms;
}

/** Infinity and not UNREACHED_MS: a run of a month has real times beyond 2^31 ms. */
export const NOT_YET = Infinity;

export interface RunObserver {
  /** A call is over, or the run ended before it was; calls of the warm-up too (occurredMs < 0). */
  callEnded(outcome: Readonly<CallOutcome>): void;
}
