/**
 * What figures ask of the calls of a run, whether it kept its log (`call-record.ts`) or only counted (`tally.ts`). Lists
 * hold one entry for each sample: a replication, or a batch of a steady-state run. Only scored calls are told of.
 */
import type { ClauseJson } from '../scenario/schema.ts';
import type { Ms } from '../units.ts';
import type { CallEvent } from './call-record.ts';
import type { ResponseSample } from './response-sample.ts';

/** Picks calls; a key left out picks all. `zone` is an index. */
export type Selection = ClauseJson['selector'] & { zone?: number };

/** A time to measure: from the clock start to the k-th arrival, k from 1. */
export interface ResponseMeasure {
  arrival: number;
  clockStart: CallEvent;
}

/** How calls came out, by sample. */
export interface CallCounts {
  scored: number[];
  /** Ended at the desk, needing nobody. */
  triaged: number[];
  /** Gone to another force. */
  lost: number[];
  /** Nobody had reached them when the run ended. */
  openAtEnd: number[];
  /**
   * Calls of which it is known whether they waited (sent to, or still waiting), and those that did: some time with no
   * unit on them. No lost ones.
   */
  waitKnown: number[];
  waited: number[];
  /** Calls that a unit was sent to, and their time with no unit on them. */
  dispatched: number[];
  waitMs: number[];
}

/** The counts by name, in the order in which they are kept. */
export const CALL_COUNTS = [
  'scored',
  'triaged',
  'lost',
  'openAtEnd',
  'waitKnown',
  'waited',
  'dispatched',
  'waitMs',
] as const satisfies readonly (keyof CallCounts)[];

/** Counts of nothing. */
export const emptyCounts = (nSamples: number): CallCounts =>
  Object.fromEntries(
    CALL_COUNTS.map((name) => [name, new Array<number>(nSamples).fill(0)]),
  ) as unknown as CallCounts;

/** Time spent between two events of the time line, by sample: over the calls that have come so far. */
export interface IntervalSums {
  interval: string;
  sumMs: number[];
  n: number[];
}

/** Responses by time of occurrence, warm-up included, for judging its length: equal slices of the simulated time. */
export interface ResponseSlices {
  sliceMs: Ms;
  sumMs: Float64Array;
  n: Float64Array;
}

export interface CallSource {
  nSamples: number;
  /** How many times the samples hold each call together: replications of a call file hold the same ones (`distinctItems`). */
  copies: number;
  /** Whether any scored call lies outside every zone. */
  hasCallsOutside: boolean;
  /**
   * Triaged calls are in no sample; a k-th arrival is asked of calls that need k units or more. Null where only the log
   * would tell.
   */
  responses(selection: Selection, measure: ResponseMeasure): ResponseSample | null;
  /** @param priority  null for all */
  counts(priority: number | null): CallCounts;
  intervals(priority: number | null): IntervalSums[];
  /** All replications together. */
  slices(measure: ResponseMeasure): ResponseSlices;
}

/** Slices of the simulated time: fine enough to see a warm-up of a thousandth of the run. */
export const SLICES = 1000;

/**
 * The intervals of a call's time line and the events that bound them; a mean is over calls that have come to `of`. From
 * ready to dispatched there are two: the time with no unit on the call, and the rest (`earlierUnitsMs`).
 */
export const INTERVALS: readonly {
  interval: string;
  from: CallEvent;
  to: CallEvent;
  of: CallEvent;
  /** Whether only the time with no unit on the call is meant, or only that with one. */
  part?: 'waited' | 'unwaited';
  /** Not told of where no call has any. */
  isRare?: true;
}[] = [
  { interval: 'detection', from: 'occurred', to: 'received', of: 'arrived' },
  { interval: 'callHandling', from: 'received', to: 'ready', of: 'arrived' },
  { interval: 'queue', from: 'ready', to: 'dispatched', of: 'arrived', part: 'waited' },
  {
    interval: 'earlierUnits',
    from: 'ready',
    to: 'dispatched',
    of: 'arrived',
    part: 'unwaited',
    isRare: true,
  },
  { interval: 'dispatch', from: 'dispatched', to: 'alerted', of: 'arrived', isRare: true },
  { interval: 'turnout', from: 'alerted', to: 'enRoute', of: 'arrived' },
  { interval: 'travel', from: 'enRoute', to: 'arrived', of: 'arrived' },
  { interval: 'onScene', from: 'arrived', to: 'left', of: 'cleared' },
  { interval: 'transport', from: 'left', to: 'delivered', of: 'cleared', isRare: true },
  { interval: 'handover', from: 'delivered', to: 'reportStarted', of: 'cleared', isRare: true },
  { interval: 'report', from: 'reportStarted', to: 'freed', of: 'freed', isRare: true },
];
