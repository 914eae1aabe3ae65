/**
 * Student's t law for a whole number of degrees of freedom, from finite sums (Abramowitz and Stegun 26.7.3 and 26.7.4),
 * so that every runtime gives the same bits.
 */
import { assert } from './errors.ts';
import { asin } from './math.ts';

const HALF_PI = 1.5707963267948966;
const TWO_OVER_PI = 0.6366197723675814;

/**
 * P(|T| <= t) for `df` degrees of freedom. Error below 1e-14 up to a thousand degrees. Cost O(df).
 * @param t   at least 0
 * @param df  whole, at least 1
 */
export function studentWithin(t: number, df: number): number {
  assert(Number.isInteger(df) && df >= 1 && t >= 0, () => `Student's law has no value at t ${t}, df ${df}`);
  const cosSquared = df / (df + t * t);
  const sinTheta = t / Math.sqrt(df + t * t); // theta = atan(t / sqrt df)
  if (df % 2 === 0) {
    let term = 1;
    let sum = 1;
    for (let k = 2; k < df; k += 2) sum += term *= (cosSquared * (k - 1)) / k;
    return sinTheta * sum;
  }
  const theta = t * t > df ? HALF_PI - asin(Math.sqrt(cosSquared)) : asin(sinTheta);
  if (df === 1) return TWO_OVER_PI * theta;
  let term = 1;
  let sum = 1;
  for (let k = 3; k < df; k += 2) sum += term *= (cosSquared * (k - 1)) / k;
  return TWO_OVER_PI * (theta + sinTheta * Math.sqrt(cosSquared) * sum);
}

/**
 * The t with P(|T| <= t) = `confidence`: half the width of a two-sided interval in standard errors. Bisection down to
 * neighbouring floats. Cost O(70 df).
 * @param confidence  in (0, 1), such as 0.95
 */
export function studentTwoSided(confidence: number, df: number): number {
  assert(confidence > 0 && confidence < 1, () => `confidence ${confidence} is not between 0 and 1`);
  let high = 1;
  while (studentWithin(high, df) < confidence) high *= 2;
  let low = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (studentWithin(middle, df) < confidence) low = middle;
    else high = middle;
  }
}
