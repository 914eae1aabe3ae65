/**
 * Response times of a group of calls: from a named clock start to the first arrival, kept by replication, with the
 * calls still open when the run ended kept apart.
 *
 * An open call has waited some time already. For a threshold it counts as missed once it has waited longer; before
 * that its answer is unknown, and it is left out and counted. Shares, and percentiles, follow this one rule: the
 * percentile p is the smallest time of an answered call within which the share is at least p. Leaving a call out errs on
 * the good side; the count of those left out stands beside, and bounds the error.
 */
import type { Ms } from '../units.ts';
import {
  CONFIDENCE,
  jackknifeHalfWidth,
  ratioOverReplications,
  shareOverReplications,
  sum,
  wilsonInterval,
} from './interval.ts';
import { NOT_YET, type CallEvent, type CallRecords } from './call-record.ts';
import type { Estimate } from './results-folder.ts';
import { msToSeconds } from '../units.ts';

/** One entry of each list for each replication, in order. */
export interface ResponseSample {
  /** Times of answered calls, ascending. */
  answeredMs: Float64Array[];
  /** Time waited by calls that nobody has reached at the end of the run, ascending. */
  openMs: Float64Array[];
  /** Calls whose clock has not started (not yet dispatched, say). */
  notStarted: number[];
  /** Calls selected: answered, open and not started together. */
  nSelected: number;
}

/** Picks calls of a replication by their number. */
export type CallSelector = (calls: CallRecords, call: number) => boolean;

/**
 * Response times of the scored calls (none of the warm-up) that `selects` picks. Cost O(calls log calls).
 * @param clockStart  the event from which the time counts
 */
export function responseSample(
  replications: readonly CallRecords[],
  clockStart: CallEvent,
  selects: CallSelector,
): ResponseSample {
  const sample: ResponseSample = { answeredMs: [], openMs: [], notStarted: [], nSelected: 0 };
  for (const calls of replications) {
    const { occurred, arrived } = calls.atMs;
    const start = calls.atMs[clockStart];
    const answered: Ms[] = [];
    const open: Ms[] = [];
    let notStarted = 0;
    for (let call = 0; call < calls.nCalls; call++) {
      if (occurred[call] < 0 || !selects(calls, call)) continue;
      if (arrived[call] !== NOT_YET) answered.push(arrived[call] - start[call]);
      else if (start[call] !== NOT_YET) open.push(calls.endMs - start[call]);
      else notStarted++;
    }
    sample.answeredMs.push(sorted(Float64Array.from(answered)));
    sample.openMs.push(sorted(Float64Array.from(open)));
    sample.notStarted.push(notStarted);
    sample.nSelected += answered.length + open.length + notStarted;
  }
  return sample;
}

/** Share of calls answered within `thresholdMs` (inclusive), interval over replications; n leaves undecided calls out. */
export function shareWithin(sample: ResponseSample, thresholdMs: Ms): Estimate {
  const { hits, decided } = countWithin(sample, thresholdMs);
  return shareOverReplications(hits, decided);
}

/** By replication: calls answered within the threshold, and calls of which it is known whether they were. */
export function countWithin(sample: ResponseSample, thresholdMs: Ms): { hits: number[]; decided: number[] } {
  const hits: number[] = [];
  const decided: number[] = [];
  sample.answeredMs.forEach((answered, i) => {
    const open = sample.openMs[i];
    hits.push(nAtMost(answered, thresholdMs));
    decided.push(answered.length + open.length - nAtMost(open, thresholdMs));
  });
  return { hits, decided };
}

/** Mean response time in seconds of the answered calls: sum of times by number of calls, jackknife interval. */
export function meanResponseS(sample: ResponseSample): Estimate {
  const counts = sample.answeredMs.map((times) => times.length);
  const sumsMs = sample.answeredMs.map(sum);
  return inSeconds(ratioOverReplications(sumsMs, counts, sum(counts)));
}

/**
 * Percentile in seconds over all calls pooled, by nearest rank. Value null when no answered call reaches that far: more
 * than 1 - p of the calls were still waiting.
 *
 * Interval: Woodruff's (1952, JASA 47): the interval of the share within the percentile, from the jackknife over
 * replications (Wilson's where that says nothing), read back through the distribution. Null where it reaches past the
 * last answered call, or below the first.
 * @param p  in (0, 1), such as 0.9
 */
export function percentileResponseS(sample: ResponseSample, p: number): Estimate {
  const answered = pooled(sample.answeredMs);
  const open = pooled(sample.openMs);
  const value = nearestRank(answered, open, p);
  if (value === null) {
    // open calls count here as far as they have waited longer than anybody who was answered
    const longest = answered.length > 0 ? answered[answered.length - 1] : -1;
    return {
      value: null,
      ci95: null,
      method: null,
      n: answered.length + open.length - nAtMost(open, longest),
    };
  }
  const { hits, decided } = countWithin(sample, value);
  const n = sum(decided);
  const half = jackknifeHalfWidth(hits, decided);
  const [lowLevel, highLevel] = half === null ? wilsonInterval(p * n, n, CONFIDENCE) : [p - half, p + half];
  const low = lowLevel > 0 ? nearestRank(answered, open, lowLevel) : null;
  const high = highLevel < 1 ? nearestRank(answered, open, highLevel) : null;
  const bounded = low !== null && high !== null;
  return inSeconds({ value, ci95: bounded ? [low, high] : null, method: bounded ? 'woodruff' : null, n });
}

/** Smallest answered time t with (answered within t) >= p x (answered + open for longer than t), or null. */
function nearestRank(answered: Float64Array, open: Float64Array, p: number): Ms | null {
  let low = 0;
  let high = answered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const t = answered[middle];
    const within = nAtMost(answered, t);
    const decided = answered.length + open.length - nAtMost(open, t);
    // a quotient, as in the share: so that a percentile within t means a share within t of at least p, to the last bit
    if (within / decided >= p) high = middle;
    else low = middle + 1;
  }
  return low < answered.length ? answered[low] : null;
}

/** Entries of an ascending column that are at most `value`. */
function nAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pooled(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((n, column) => n + column.length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return sorted(all);
}

/** Ascending, in place. Typed arrays sort by number without a comparator, and several times faster. */
const sorted = (column: Float64Array): Float64Array => column.sort();

function inSeconds(estimate: Estimate): Estimate {
  const { value, ci95 } = estimate;
  return {
    ...estimate,
    value: value === null ? null : msToSeconds(value),
    ci95: ci95 && [msToSeconds(ci95[0]), msToSeconds(ci95[1])],
  };
}
