/**
 * Elementary functions from `+ - * /` and sqrt only, so that every runtime gives the same bits.
 * ECMAScript leaves Math.log, exp, sin… to the engine, and engines differ in the last bit; these never do.
 * All are accurate to about 1e-15 relative in the ranges the engine uses.
 */

const bits = new DataView(new ArrayBuffer(8));
const LN2_HI = 0.6931471803691238; // ln 2 with its low 21 bits zero, so that k * LN2_HI is exact
const LN2_LO = 1.9082149292705877e-10;
const HALF_PI = 1.5707963267948966;
const HALF_PI_LO = 6.123233995736766e-17;

/** Natural logarithm of a positive finite `x`; series of 2 atanh((m-1)/(m+1)) on the mantissa. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54, lifts subnormals
    exponent = -54;
  }
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  exponent += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0); // in [1, 2)
  if (m > 1.4142135623730951) {
    m /= 2;
    exponent++;
  }
  const s = (m - 1) / (m + 1); // |s| <= 0.1716
  const z = s * s;
  let sum = 0;
  for (let k = 23; k >= 3; k -= 2) sum = (sum + 1 / k) * z;
  return exponent * LN2_HI + (2 * s + 2 * s * sum + exponent * LN2_LO);
}

/** e to the power `x`; 0 below -745, Infinity above 709.78. */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x / 0.6931471805599453);
  const r = x - k * LN2_HI - k * LN2_LO; // |r| <= 0.3466
  let sum = 1;
  for (let n = 16; n >= 1; n--) sum = 1 + (sum * r) / n;
  // Scale in two steps: 2^k alone can leave the normal range.
  const half = k >> 1;
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** Sine of `x` radians; meant for angles of a few turns at most. */
export function sin(x: number): number {
  const quarter = Math.round(x / HALF_PI);
  const r = x - quarter * HALF_PI - quarter * HALF_PI_LO;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return sinSeries(r);
    case 1:
      return cosSeries(r);
    case 2:
      return -sinSeries(r);
    default:
      return -cosSeries(r);
  }
}

/** Cosine of `x` radians; meant for angles of a few turns at most. */
export function cos(x: number): number {
  const quarter = Math.round(x / HALF_PI);
  const r = x - quarter * HALF_PI - quarter * HALF_PI_LO;
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return cosSeries(r);
    case 1:
      return -sinSeries(r);
    case 2:
      return -cosSeries(r);
    default:
      return sinSeries(r);
  }
}

function sinSeries(r: number): number {
  const z = r * r;
  let sum = 1;
  for (let n = 19; n >= 3; n -= 2) sum = 1 - (sum * z) / (n * (n - 1));
  return r * sum;
}

function cosSeries(r: number): number {
  const z = r * r;
  let sum = 1;
  for (let n = 20; n >= 2; n -= 2) sum = 1 - (sum * z) / (n * (n - 1));
  return sum;
}

/** Arc sine of `x` in [-1, 1], by Newton steps on `sin` from a series start. */
export function asin(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  if (x < 0) return -asin(-x);
  if (x > 0.7071067811865476) return HALF_PI - asin(Math.sqrt((1 - x) * (1 + x)));
  let y = x * (1 + (x * x) / 6);
  for (let step = 0; step < 4; step++) y -= (sin(y) - x) / cos(y);
  return y;
}

/**
 * Logarithm of the gamma function for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41) from 15 on, below it the
 * recurrence. Right to 1e-14 times the larger of 1 and x log x.
 */
export function lnGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : NaN;
  let product = 1;
  for (; x < 15; x++) product *= x;
  const z = 1 / (x * x);
  const series =
    (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360_360))))) / x;
  return (x - 0.5) * log(x) - x + 0.9189385332046727 + series - log(product); // half the logarithm of 2 pi
}
