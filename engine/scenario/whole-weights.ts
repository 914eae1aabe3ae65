/** Weights as whole numbers, so that running sums of them are exact and a draw by them is the same everywhere. */

/** Weights that are not whole are scaled to this sum: whatever a weight loses by rounding, no run is long enough to tell. */
const SCALED_SUM = 2 ** 50;

/**
 * Whole numbers from 1 on in the ratio of the weights: the weights themselves where they are whole and their sum is exact,
 * otherwise multiples of a part in 2^50 of their sum.
 * @param weights  above 0
 * @returns null where all are equal: then each is as likely, without a draw by weight
 */
export function wholeWeights(weights: readonly number[]): number[] | null {
  if (weights.every((weight) => weight === weights[0])) return null;
  let sum = 0;
  for (const weight of weights) sum += weight; // in order: sums of floats depend on it
  if (weights.every(Number.isInteger) && sum <= SCALED_SUM) return [...weights];
  return weights.map((weight) => Math.max(1, Math.round((weight / sum) * SCALED_SUM)));
}
