/**
 * How far two plans differ in a figure, from the same replications of both (common random numbers).
 *
 * Replication r of each plan has the same calls, so what chance does to one it mostly does to the other; only the
 * difference within each replication is looked at (paired-t, Law 2015, section 10.2.1), and means of two separate
 * intervals never. A figure is taken as in a single run:
 *
 * - ratios of sums (shares, means): a plan's pseudo-values of the delete-one jackknife stand for its replications, and the
 *   difference of the ratios has the jackknife's interval (Tukey 1958; Miller 1974, Biometrika 61:1-15; Efron 1982,
 *   chapter 3), which for replications of equal size is the paired-t interval of their shares;
 * - percentiles, for which the jackknife fails: that of all calls together, and sectioning with each replication a section
 *   (Asmussen and Glynn 2007, Stochastic Simulation, III.5a): the spread of the replications' percentiles around it.
 *
 * Plans with other calls are compared as independent samples (Welch 1947, Biometrika 34:28-35).
 */
import { assert } from '../errors.ts';
import { sum } from '../results/interval.ts';
import { normalQuantile } from '../rng.ts';
import { studentTwoSided } from '../student.ts';
import { isCurve, isRatio, type FigureSample, type TimeCurve } from './figures.ts';

/** One figure of one plan over all its replications. */
export interface FigureColumn {
  value: number | null;
  /** What each replication says of it; null where one says nothing, or there is but one. */
  parts: readonly number[] | null;
  /** What parts spread around: their own mean (pseudo-values), or the value (sections). */
  centre: 'mean' | 'value';
  /** Calls or other items behind it, where they are counted. */
  n: number;
}

/** Ratio of sums. Cost O(replications). */
export function ratioColumn(over: readonly number[], under: readonly number[]): FigureColumn {
  assert(over.length === under.length, 'numerators and denominators differ in number');
  const [totalOver, n] = [sum(over), sum(under)];
  const column = { centre: 'mean' as const, n };
  if (!(n > 0)) return { ...column, value: null, parts: null };
  const value = totalOver / n;
  const R = over.length;
  const parts = over.map((part, r) => R * value - ((R - 1) * (totalOver - part)) / (n - under[r]));
  return { ...column, value, parts: R > 1 && parts.every(Number.isFinite) ? parts : null };
}

/** Percentile p of all calls, in seconds. @param edgesMs  times of the curves */
export function percentileColumn(
  curves: readonly TimeCurve[],
  edgesMs: ArrayLike<number>,
  p: number,
): FigureColumn {
  const all: TimeCurve = { hits: new Uint32Array(edgesMs.length), decided: new Uint32Array(edgesMs.length) };
  for (const { hits, decided } of curves) {
    for (let i = 0; i < edgesMs.length; i++) {
      all.hits[i] += hits[Math.min(i, hits.length - 1)];
      all.decided[i] += decided[Math.min(i, decided.length - 1)];
    }
  }
  const parts = curves.map((curve) => percentileOf(curve, edgesMs, p));
  const known = parts.filter((part) => part !== null);
  return {
    value: percentileOf(all, edgesMs, p),
    parts: known.length === parts.length && parts.length > 1 ? known : null,
    centre: 'value',
    n: all.hits.at(-1) ?? 0,
  };
}

/** The first time within which the share is at least p, among those up to the longest answered call; in seconds. */
function percentileOf({ hits, decided }: TimeCurve, edgesMs: ArrayLike<number>, p: number): number | null {
  const answered = hits.at(-1) ?? 0;
  for (let i = 0; answered > 0 && i < hits.length; i++) {
    if (hits[i] / decided[i] >= p) return edgesMs[i] / 1000;
    if (hits[i] === answered) return null;
  }
  return null;
}

/** @param p  the percentile where samples are curves */
export function columnOf(
  samples: readonly FigureSample[],
  edgesMs: ArrayLike<number>,
  p: number | undefined,
): FigureColumn {
  const curves = samples.filter(isCurve);
  if (p !== undefined) return percentileColumn(curves, edgesMs, p);
  const ratios = samples.filter(isRatio);
  return ratioColumn(
    ratios.map(({ over }) => over),
    ratios.map(({ under }) => under),
  );
}

export interface Difference {
  /** Value of the second plan less that of the first; null where one has none. */
  value: number | null;
  /** Null where replications say nothing of its spread: fewer than two, or no difference between them. */
  interval: [number, number] | null;
  method: 'paired jackknife' | 'paired sections' | 'Welch' | null;
  standardError: number | null;
  degreesOfFreedom: number | null;
  /** Whether every replication gave both plans the same. */
  same: boolean;
  /** Between the plans, over replications; null where a plan does not vary. */
  correlation: number | null;
  /**
   * How many times as many replications plans with calls of their own would need for the same interval: sum of their
   * variances over the variance of the difference.
   */
  gain: number | null;
}

/**
 * @param confidence  of this interval: 1 - 0.05 / m where m of them are to hold together (Bonferroni)
 * @param paired      whether replication r of both has the same calls
 */
export function differenceOf(
  a: FigureColumn,
  b: FigureColumn,
  { confidence, paired }: { confidence: number; paired: boolean },
): Difference {
  const unknown: Difference = {
    value: a.value === null || b.value === null ? null : b.value - a.value,
    interval: null,
    method: null,
    standardError: null,
    degreesOfFreedom: null,
    same: false,
    correlation: null,
    gain: null,
  };
  if (unknown.value === null || a.parts === null || b.parts === null) return unknown;
  const { value } = unknown;
  const [spreadA, spreadB] = [varianceOf(a), varianceOf(b)];
  const interval = (
    se: number,
    df: number,
  ): Pick<Difference, 'interval' | 'standardError' | 'degreesOfFreedom'> => {
    const half = studentTwoSided(confidence, df) * se;
    return { interval: [value - half, value + half], standardError: se, degreesOfFreedom: df };
  };
  if (!paired) {
    const [errorA, errorB] = [spreadA / a.parts.length, spreadB / b.parts.length];
    if (!(errorA + errorB > 0)) return unknown;
    // Satterthwaite's degrees of freedom, rounded down: a wider interval
    const squared = (x: number) => x * x;
    const df =
      squared(errorA + errorB) /
      (squared(errorA) / (a.parts.length - 1) + squared(errorB) / (b.parts.length - 1));
    return {
      ...unknown,
      ...interval(Math.sqrt(errorA + errorB), Math.max(1, Math.floor(df))),
      method: 'Welch',
    };
  }
  assert(a.parts.length === b.parts.length, 'paired plans differ in the number of replications');
  const R = a.parts.length;
  const parts = a.parts.map((part, r) => b.parts![r] - part);
  const spread = varianceOf({ value, parts, centre: a.centre });
  const both = {
    ...unknown,
    same: parts.every((part) => part === 0),
    correlation: spreadA > 0 && spreadB > 0 ? correlationOf(a.parts, b.parts) : null,
  };
  if (parts.every((part) => part === parts[0]) || !(spread > 0)) return both;
  return {
    ...both,
    ...interval(Math.sqrt(spread / R), R - 1),
    method: a.centre === 'mean' ? 'paired jackknife' : 'paired sections',
    gain: (spreadA + spreadB) / spread,
  };
}

/** Half of an interval of one plan alone; null where replications say nothing of the spread. */
export function ownHalfWidth(column: FigureColumn, confidence: number): number | null {
  const { parts } = column;
  if (parts === null || column.value === null || parts.every((part) => part === parts[0])) return null;
  return studentTwoSided(confidence, parts.length - 1) * Math.sqrt(varianceOf(column) / parts.length);
}

function varianceOf({ value, parts, centre }: Pick<FigureColumn, 'value' | 'parts' | 'centre'>): number {
  const middle = centre === 'mean' ? sum(parts!) / parts!.length : value!;
  let squares = 0;
  for (const part of parts!) squares += (part - middle) * (part - middle);
  return squares / (parts!.length - 1);
}

function correlationOf(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [sum(a) / a.length, sum(b) / b.length];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, r) => {
    ab += (value - meanA) * (b[r] - meanB);
    aa += (value - meanA) * (value - meanA);
    bb += (b[r] - meanB) * (b[r] - meanB);
  });
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))) : null;
}

/** Chance with which a difference is to be seen where it is there. */
export const POWER = 0.8;
const MOST_REPLICATIONS = 1e9;

/**
 * Replications after which a difference of `size` would be found beyond chance in four of five studies like this one:
 * the smallest n with (t(confidence) + t(power)) s / sqrt n <= size (Cohen's power of the t test, with t for z).
 * @param spread  standard deviation of the difference in one replication
 */
export function replicationsToSee(size: number, spread: number, confidence: number): number | null {
  if (!(size > 0) || !(spread > 0)) return null;
  let low = 1;
  let high = 2;
  while (smallestSeen(high, spread, confidence) > size) {
    low = high;
    high *= 2;
    if (high > MOST_REPLICATIONS) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (smallestSeen(middle, spread, confidence) > size) low = middle;
    else high = middle;
  }
  return high;
}

/** The difference that n replications find in four of five studies. */
export function smallestSeen(n: number, spread: number, confidence: number): number {
  // Student's law is the normal one to four digits beyond a thousand degrees of freedom
  const quantile = (within: number): number =>
    n > 1000 ? normalQuantile((1 + within) / 2) : studentTwoSided(within, n - 1);
  return ((quantile(confidence) + quantile(2 * POWER - 1)) * spread) / Math.sqrt(n);
}
