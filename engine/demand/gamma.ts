/**
 * The gamma law with scale 1. Quantiles are found by Newton's method on the logarithm of the nearer tail as a function of
 * y = log x: the density of y, exp(a y - e^y) / Gamma(a), is log-concave, so both tails are, so the tangent never leads
 * past the root and every start converges.
 */
import { exp, lnGamma, log } from '../math.ts';
import { normalQuantile, roughNormalQuantile } from '../rng.ts';

/**
 * From this shape on (a coefficient of variation of 1 %) Wilson and Hilferty's cube is off by less than 1e-6 of the mean,
 * and the series would grow long.
 */
const LARGE_SHAPE = 10_000;

/** Probability of at most x. @param shape > 0 @param x >= 0 */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const y = log(x);
  if (x < shape + 1) return exp(shape * y - x - lnGamma(shape + 1)) * lowerSeries(shape, x);
  return 1 - exp(shape * y - x - lnGamma(shape)) * upperFraction(shape, x);
}

/** The x that is not passed with probability p. @param shape > 0 @param p in (0, 1). Cost about 1 us. */
export function gammaQuantile(shape: number, p: number): number {
  if (shape >= LARGE_SHAPE) {
    const root = cubeRootAt(shape, normalQuantile(p));
    return shape * root * root * root;
  }
  const cubeRoot = cubeRootAt(shape, p <= 0.5 ? roughNormalQuantile(p) : -roughNormalQuantile(1 - p));
  const lnGammaShape = lnGamma(shape);
  const lnGammaNext = lnGammaShape + log(shape);
  // where the cube is no guide, the first term of the series
  let y = cubeRoot > 0.3 ? log(shape) + 3 * log(cubeRoot) : (log(p) + lnGammaNext) / shape;
  const target = p <= 0.5 ? log(p) : log(1 - p);
  for (let step = 0; step < 50; step++) {
    const x = exp(y);
    let change: number;
    if (p <= 0.5) {
      const sum = lowerSeries(shape, x);
      change = ((target - (shape * y - x - lnGammaNext + log(sum))) * sum) / shape;
    } else if (x >= shape + 1) {
      const fraction = upperFraction(shape, x);
      change = (shape * y - x - lnGammaShape + log(fraction) - target) * fraction;
    } else {
      const density = exp(shape * y - x - lnGammaShape);
      const upper = 1 - (density * lowerSeries(shape, x)) / shape;
      change = ((log(upper) - target) * upper) / density;
    }
    y += change;
    if (Math.abs(change) < 1e-9) break; // the next step would be of the order of its square
  }
  return exp(y);
}

/** Cube root of a quantile over the mean, nearly (Abramowitz and Stegun 26.4.17). */
const cubeRootAt = (shape: number, normal: number): number =>
  1 - 1 / (9 * shape) + normal / (3 * Math.sqrt(shape));

/** The lower tail over x^a e^-x / Gamma(a + 1): 1 + x / (a + 1) + x^2 / ((a + 1)(a + 2)) + … (6.5.29). */
function lowerSeries(shape: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** The upper tail over x^a e^-x / Gamma(a), for x >= a + 1: a continued fraction (6.5.31, its even part), by Lentz. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = Infinity;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}
