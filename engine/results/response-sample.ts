/**
 * Response times of a group of calls: from a named clock start to an arrival, kept by sample (a replication, or a batch
 * of a steady-state run), with the calls still open when the run ended kept apart.
 *
 * An open call has waited some time already. For a threshold it counts as missed once it has waited longer; before
 * that its answer is unknown, and it is left out and counted. A call that was lost to another force is never reached:
 * it counts as missed whatever the threshold. Shares, and percentiles, follow this one rule: the percentile p is the
 * smallest time of an answered call within which the share is at least p. Leaving a call out errs on the good side;
 * the count of those left out stands beside, and bounds the error.
 */
import type { Ms } from '../units.ts';
import {
  distinctItems,
  jackknifeHalfWidth,
  percentileRanks,
  ratioOverReplications,
  shareOverReplications,
  sum,
} from './interval.ts';
import type { Estimate } from './results-folder.ts';
import { msToSeconds } from '../units.ts';

/** One entry of each list for each sample, in order. */
export interface ResponseSample {
  /** How many times the samples hold each call together: replications of a call file hold the same ones. */
  copies: number;
  /** Calls selected, copies and all: answered, open, lost and not started (not yet dispatched, say) together. */
  nSelected: number;
  nAnswered: number[];
  /** Sum of the times of answered calls. */
  sumMs: number[];
  /** Calls answered within a threshold (inclusive), and calls of which it is known whether they were. */
  countWithin(thresholdMs: Ms): { hits: number[]; decided: number[] };
  /** The same of all samples together. */
  pooledWithin(thresholdMs: Ms): { hits: number; decided: number };
  /** The values that a percentile may take, ascending, up to the longest answered time. */
  levelsMs(): ArrayLike<Ms>;
}

/** Times of calls, one list for each sample. */
export interface ResponseColumns {
  answeredMs: Float64Array[];
  /** Time waited by calls that nobody has reached at the end of the run; Infinity for lost calls. */
  openMs: Float64Array[];
  /** Calls whose clock has not started. */
  notStarted: number[];
}

/** A sample that holds every time. Sorts the columns in place. Cost O(calls log calls). */
export function columnSample(
  { answeredMs, openMs, notStarted }: ResponseColumns,
  copies = 1,
): ResponseSample {
  for (const column of [...answeredMs, ...openMs]) sorted(column);
  const nAnswered = answeredMs.map((times) => times.length);
  let all: { answered: Float64Array; open: Float64Array } | null = null;
  const pools = () => (all ??= { answered: pooled(answeredMs), open: pooled(openMs) });
  const within = (answered: Float64Array, open: Float64Array, t: Ms) => ({
    hits: nAtMost(answered, t),
    decided: answered.length + open.length - nAtMost(open, t),
  });
  return {
    copies,
    nSelected: sum(nAnswered) + sum(openMs.map((times) => times.length)) + sum(notStarted),
    nAnswered,
    sumMs: answeredMs.map(sum),
    countWithin(t) {
      const counts = answeredMs.map((answered, i) => within(answered, openMs[i], t));
      return { hits: counts.map(({ hits }) => hits), decided: counts.map(({ decided }) => decided) };
    },
    pooledWithin: (t) => within(pools().answered, pools().open, t),
    levelsMs: () => pools().answered,
  };
}

/** Share of calls answered within `thresholdMs` (inclusive), interval over samples; n leaves undecided calls out. */
export function shareWithin(sample: ResponseSample, thresholdMs: Ms): Estimate {
  const { hits, decided } = sample.countWithin(thresholdMs);
  return shareOverReplications(hits, decided, sample.copies);
}

/** Mean response time in seconds of the answered calls: sum of times by number of calls, jackknife interval. */
export function meanResponseS({ sumMs, nAnswered, copies }: ResponseSample): Estimate {
  return inSeconds(ratioOverReplications(sumMs, nAnswered, distinctItems(sum(nAnswered), copies)));
}

/**
 * Percentile in seconds over all calls pooled, by nearest rank. Value null when no answered call reaches that far: more
 * than 1 - p of the calls were still waiting, or lost.
 *
 * Interval: Woodruff's (1952, JASA 47): the interval of the share within the percentile, from the jackknife over samples,
 * read back through the distribution; at least as wide as between the ranks that hold the percentile of so many independent
 * calls (`percentileRanks`), since a few samples may agree by chance, and calls of one sample hang together rather than
 * apart. Null where it reaches past the last answered call, or below the first: the largest of six times is no upper end
 * of a 90th percentile, for it lies below it in half of all studies.
 * @param p  in (0, 1), such as 0.9
 */
export function percentileResponseS(sample: ResponseSample, p: number): Estimate {
  const levels = sample.levelsMs();
  const value = nearestRank(sample, levels, p);
  if (value === null) {
    // open calls count here as far as they have waited longer than anybody who was answered
    const longest = levels.length > 0 ? levels[levels.length - 1] : -1;
    const { decided } = sample.pooledWithin(longest);
    return { value: null, ci95: null, method: null, n: distinctItems(decided, sample.copies) };
  }
  const { hits, decided } = sample.countWithin(value);
  const n = distinctItems(sum(decided), sample.copies);
  const half = jackknifeHalfWidth(hits, decided);
  const [lowRank, highRank] = percentileRanks(n, p);
  const lowLevel = Math.min(lowRank / n, half === null ? 1 : p - half);
  const highLevel = Math.max(highRank / n, half === null ? 0 : p + half);
  const low = lowLevel > 0 ? nearestRank(sample, levels, lowLevel) : null;
  const high = highLevel <= 1 ? nearestRank(sample, levels, highLevel) : null;
  const bounded = low !== null && high !== null;
  return inSeconds({ value, ci95: bounded ? [low, high] : null, method: bounded ? 'woodruff' : null, n });
}

/** Smallest level t with (answered within t) >= p x (answered + open for longer than t), or null. */
function nearestRank(sample: ResponseSample, levels: ArrayLike<Ms>, p: number): Ms | null {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { hits, decided } = sample.pooledWithin(levels[middle]);
    // a quotient, as in the share: so that a percentile within t means a share within t of at least p, to the last bit
    if (hits / decided >= p) high = middle;
    else low = middle + 1;
  }
  return low < levels.length ? levels[low] : null;
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

export function inSeconds(estimate: Estimate): Estimate {
  const { value, ci95 } = estimate;
  return {
    ...estimate,
    value: value === null ? null : msToSeconds(value),
    ci95: ci95 && [msToSeconds(ci95[0]), msToSeconds(ci95[1])],
  };
}
