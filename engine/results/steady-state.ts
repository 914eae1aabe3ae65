/**
 * Checks of a steady-state run: whether its batches are as good as independent, and whether its warm-up is long enough.
 */
import { normalQuantile } from '../rng.ts';
import type { Ms } from '../units.ts';
import type { ResponseSlices } from './call-source.ts';
import { sum } from './interval.ts';

/** How batches that follow each other hang together. */
export interface BatchCheck {
  /** Batches compared, of all replications. */
  n: number;
  /** Correlation of a batch with the next; near 0 when they are independent. */
  lag1: number;
  /** Von Neumann's ratio, mean squared successive difference over variance: 2 when they are independent. */
  vonNeumann: number;
  /** Whether independent batches would hang together so much in fewer than 5 of 100 runs. */
  correlated: boolean;
}

const SIGNIFICANCE = 0.05;

/**
 * Lag-1 correlation and von Neumann's ratio of batch means (von Neumann 1941, Ann. Math. Stat. 12; as a test of batches
 * Fishman 1978, and in the rules of Fishman & Yarberry 1997, INFORMS J. Comput. 9): C = 1 - sum (Y[i] - Y[i-1])^2 / (2 sum (Y[i] - mean)^2) has
 * mean 0 and variance (B - 2) / (B^2 - 1) for independent normal Y, and is close to normal from B = 8 on. One-sided:
 * only batches that are alike make intervals too short.
 * @param series  batch means of each replication, in order of time; null for a batch without calls
 * @returns null with fewer than 8 batches in a replication, a batch without calls, or no difference at all
 */
export function checkBatches(series: readonly (readonly (number | null)[])[]): BatchCheck | null {
  let squares = 0;
  let successive = 0;
  let products = 0;
  let variance = 0;
  let n = 0;
  for (const values of series) {
    const known = values.filter((value) => value !== null);
    const batches = known.length;
    if (batches < values.length || batches < 8) return null;
    const mean = sum(known) / batches;
    known.forEach((value, i) => {
      squares += (value - mean) * (value - mean);
      if (i === 0) return;
      successive += (value - known[i - 1]) * (value - known[i - 1]);
      products += (value - mean) * (known[i - 1] - mean);
    });
    variance += (batches - 2) / (batches * batches - 1);
    n += batches;
  }
  if (n === 0 || squares === 0) return null;
  const c = 1 - successive / (2 * squares);
  const limit = normalQuantile(1 - SIGNIFICANCE) * Math.sqrt(variance / (series.length * series.length));
  return { n, lag1: products / squares, vonNeumann: 2 * (1 - c), correlated: c > limit };
}

/** A mean of fewer calls than this says little; White's rule takes five. */
const CALLS_PER_POINT = 5;

/**
 * Length of warm-up by the marginal standard error rule, MSER-5 (White 1997, Simulation 69; White, Cobb & Spratt 2000):
 * the truncation d that minimises sum over i > d of (Y[i] - mean of these)^2 / (n - d)^2. The series is the mean response
 * of slices of time that hold five calls or more, all replications together, the given warm-up included.
 * @returns from the start of the simulated time, or null where the rule points into the second half of the run: then the
 *   run is too short to say; also null with fewer than 20 points
 */
export function suggestWarmUp({ sliceMs, sumMs, n }: ResponseSlices): Ms | null {
  const mean: number[] = [];
  const startSlice: number[] = [];
  let from = 0;
  let ms = 0;
  let count = 0;
  for (let slice = 0; slice < n.length; slice++) {
    ms += sumMs[slice];
    count += n[slice];
    if (count < CALLS_PER_POINT) continue;
    mean.push(ms / count);
    startSlice.push(from);
    [from, ms, count] = [slice + 1, 0, 0];
  }
  if (mean.length < 20) return null;
  // sums from the end, so that every truncation costs one step
  let best = -1;
  let least = Infinity;
  let total = 0;
  let squares = 0;
  const shift = mean[mean.length - 1];
  for (let d = mean.length - 1; d >= 0; d--) {
    const value = mean[d] - shift;
    total += value;
    squares += value * value;
    const left = mean.length - d;
    if (left < 5) continue; // the ratio of very few points is small by chance
    const error = (squares - (total * total) / left) / (left * left);
    if (error <= least) [least, best] = [error, d];
  }
  return best > mean.length / 2 ? null : startSlice[best] * sliceMs;
}
