/**
 * Figures with their 95 % intervals. Replications are the independent things; calls within one are not, since they
 * queue for the same units. So intervals come from how replications differ, and only where that says nothing
 * (one replication, or no difference at all) does a share fall back on the binomial law of its pooled count.
 */
import { assert } from '../errors.ts';
import { normalQuantile } from '../rng.ts';
import type { Estimate } from './results-folder.ts';
import { studentTwoSided } from '../student.ts';

export const CONFIDENCE = 0.95;

export const NOTHING: Estimate = { value: null, ci95: null, method: null, n: 0 };

/**
 * Mean of one figure for each replication, with Student's interval over replications. No interval with fewer than two
 * replications or where they are all equal: then nothing is known of the spread. The interval is cut to [0, most].
 * @param values  counts or times, never negative
 * @param n       items behind the figure, for the reader
 * @param most    what a value cannot exceed, such as the visits asked
 */
export function meanOverReplications(values: readonly number[], n: number, most = Infinity): Estimate {
  if (values.length === 0) return { ...NOTHING, n };
  const mean = sum(values) / values.length;
  const half = studentHalfWidth(values, mean);
  return half === null
    ? { value: mean, ci95: null, method: null, n }
    : { value: mean, ci95: cut([mean - half, mean + half], most), method: 'student', n };
}

/** t x s / sqrt R, or null without spread. */
function studentHalfWidth(values: readonly number[], mean: number): number | null {
  const { length } = values;
  if (length < 2 || values.every((value) => value === values[0])) return null;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return studentTwoSided(CONFIDENCE, length - 1) * Math.sqrt(squares / (length - 1) / length);
}

/**
 * Ratio of sums over replications, such as seconds per call or busy time per time on duty: replications weigh by their
 * size. Interval: delete-one jackknife with Student's t on R - 1 (Tukey 1958; Cochran, Sampling Techniques, 6.17).
 * For replications of equal size it is Student's interval of their means. No interval where the jackknife has no
 * spread to go by (see `jackknifeHalfWidth`). What is summed is never negative, so the interval ends at 0.
 * @param n  items behind the figure, for the reader
 * @throws when the columns differ in length
 */
export function ratioOverReplications(
  over: readonly number[],
  under: readonly number[],
  n: number,
): Estimate {
  assert(over.length === under.length, 'numerators and denominators differ in number');
  const total = sum(under);
  if (!(total > 0)) return { ...NOTHING, n };
  const value = sum(over) / total;
  const half = jackknifeHalfWidth(over, under);
  return half === null
    ? { value, ci95: null, method: null, n }
    : { value, ci95: cut([value - half, value + half], Infinity), method: 'jackknife', n };
}

/** As `ratioOverReplications` for a share of time: the interval is cut to [0, 1]. */
export function timeShareOverReplications(
  over: readonly number[],
  under: readonly number[],
  n: number,
): Estimate {
  const estimate = ratioOverReplications(over, under, n);
  return { ...estimate, ci95: estimate.ci95 && cut(estimate.ci95, 1) };
}

/**
 * How many distinct items stand behind `n` counted ones where each is counted `copies` times: replications that replay a
 * call file answer the same calls. Rounded down: a call may be decided, or followed by another, in some of them only.
 *
 * Such a study samples in two stages (Cochran 1977, Sampling Techniques, chapter 10): calls, and draws for each call
 * (time on scene, delays, drives). Replications add draws and no call, so the sample size is the number of calls, and
 * an interval over replications tells what the draws do given these calls: what other calls would give, the
 * uncertainty of the input, is not in it (Barton and Schruben 1993, Proc. Winter Simulation Conference, 503-508).
 */
export const distinctItems = (n: number, copies: number): number =>
  n === 0 ? 0 : Math.max(1, Math.floor(n / copies));

/**
 * Share of items that succeed: ratio of sums over replications with a jackknife interval cut to [0, 1].
 *
 * Where every replication left out gives the same share (0 or all successes, one replication, all items in one), the
 * jackknife would have no width and claim certainty. Then the interval is Wilson's on the pooled count, marked
 * `wilson`: it takes the items as independent. After 0 of n it ends near 3.84 / (n + 3.84).
 * @param copies  how many times each item is counted (`distinctItems`); Wilson's interval is of the distinct ones
 */
export function shareOverReplications(
  successes: readonly number[],
  items: readonly number[],
  copies = 1,
): Estimate {
  const nCounted = sum(items);
  if (nCounted === 0) return NOTHING;
  const n = distinctItems(nCounted, copies);
  const hits = sum(successes);
  const half = jackknifeHalfWidth(successes, items);
  const value = hits / nCounted;
  return half === null
    ? { value, ci95: wilsonInterval(copies === 1 ? hits : value * n, n), method: 'wilson', n }
    : { value, ci95: cut([value - half, value + half], 1), method: 'jackknife', n };
}

/**
 * Half-width of the delete-one jackknife interval of a ratio of sums, or null when it says nothing: fewer than two
 * replications, a replication without which nothing is left, or no difference whichever is left out.
 */
export function jackknifeHalfWidth(over: readonly number[], under: readonly number[]): number | null {
  const { length } = over;
  if (length < 2) return null;
  const totalOver = sum(over);
  const totalUnder = sum(under);
  const without: number[] = [];
  for (let i = 0; i < length; i++) {
    const rest = totalUnder - under[i];
    if (!(rest > 0)) return null;
    without.push((totalOver - over[i]) / rest);
  }
  if (without.every((value) => value === without[0])) return null;
  const centre = sum(without) / length;
  let squares = 0;
  for (const value of without) squares += (value - centre) * (value - centre);
  return studentTwoSided(CONFIDENCE, length - 1) * Math.sqrt((squares * (length - 1)) / length);
}

/**
 * Wilson's score interval of a binomial share (Wilson 1927, JASA 22), without continuity correction. Never of width 0.
 * @param hits  successes, 0 to n; need not be whole
 * @param n     trials, above 0
 */
export function wilsonInterval(hits: number, n: number, confidence = CONFIDENCE): [number, number] {
  assert(n > 0 && hits >= 0 && hits <= n, () => `${hits} of ${n} is no share`);
  const z = normalQuantile((1 + confidence) / 2);
  const share = hits / n;
  const zz = (z * z) / n;
  const centre = share + zz / 2;
  const half = z * Math.sqrt((share * (1 - share)) / n + zz / (4 * n));
  // the ends are exactly 0 and 1 there; rounding would miss them
  const low = hits === 0 ? 0 : (centre - half) / (1 + zz);
  const high = hits === n ? 1 : (centre + half) / (1 + zz);
  return [low, high];
}

/**
 * Ranks between which the percentile p of independent items lies with a confidence, whatever their law: the largest r and the
 * smallest s such that the r-th smallest of n items lies above it, and the s-th below it, with at most (1 - confidence) / 2
 * each (David and Nagaraja 2003, Order Statistics, section 7.1). r is 0, and s is n + 1, where n is so small that not even
 * the least or the largest item will do: a 90th percentile has no upper end before 36 items, a 95th before 72.
 * Cost O(sqrt(n)).
 * @param p  in (0, 1)
 */
export function percentileRanks(n: number, p: number, confidence = CONFIDENCE): [number, number] {
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  // how many items lie below is binomial; its probabilities as multiples of the likeliest, as far as they matter
  const weights = new Map<number, number>([[mode, 1]]);
  let [first, last] = [mode, mode];
  for (let w = 1; last < n && w > NEGLIGIBLE; last++) {
    w *= ((n - last) / (last + 1)) * odds;
    weights.set(last + 1, w);
  }
  for (let w = 1; first > 0 && w > NEGLIGIBLE; first--) {
    w *= first / (n - first + 1) / odds;
    weights.set(first - 1, w);
  }
  let total = 0;
  for (let k = first; k <= last; k++) total += weights.get(k)!;
  const tail = ((1 - confidence) / 2) * total;
  let r = first;
  for (let below = weights.get(first)!; below <= tail; below += weights.get(r)!) r++;
  let s = last + 1;
  for (let above = weights.get(last)!; above <= tail; above += weights.get(s - 1)!) s--;
  return [r, s];
}

const NEGLIGIBLE = 1e-18;

const cut = ([low, high]: [number, number], most: number): [number, number] => [
  Math.max(0, low),
  Math.min(most, high),
];

/** Sum in order of replications: floats added in another order could differ in the last bit. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
