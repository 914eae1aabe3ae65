/**
 * Keyed random draws: a draw is a function of (seed, replication, purpose, entity, counter), never of the order in
 * which draws are made. So a policy, a worker or a resumed run cannot shift anybody else's randomness.
 *
 * The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011);
 * `test/math.test.ts` holds the authors' known-answer vectors. `seedrandom` turns the scenario's seed into the key.
 */
import seedrandom from 'seedrandom';
import { log, exp } from './math.ts';

/** What a draw is for. The numbers are part of every result's bytes: append, never renumber. */
export const PURPOSE = {
  callCount: 1,
  callTime: 2,
  callPlace: 3,
  callCategory: 4,
  onSceneTime: 5,
  dispatch: 6,
  callKey: 7,
  triage: 8,
  transport: 9,
  handoverTime: 10,
  reportTime: 11,
  linkedCall: 12,
  repeatCall: 13,
  callHandling: 14,
  dispatchDelay: 15,
  turnout: 16,
  access: 17,
  travelFactor: 18,
  activityStart: 19,
  activityTime: 20,
  followUpDelay: 21,
} as const;
export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE];

/** Two 32-bit halves of the generator's key. */
export interface RandomKey {
  readonly k0: number;
  readonly k1: number;
}

/** The key of a scenario seed (any number or text). */
export function randomKey(seed: number | string): RandomKey {
  const source = seedrandom.alea(`patrol135/${seed}`);
  return { k0: source.int32() >>> 0, k1: source.int32() >>> 0 };
}

/**
 * One block of Philox4x32-10: 4 counter words and 2 key words in, 4 random words out, written to `out`.
 */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = mulHigh(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** High 32 bits of the product of two uint32. */
function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16); // < 2^33: floats carry it exactly
  const carry = a0 * b1 + (middle % 0x10000);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}

/** A uniform number in the open interval (0, 1) with 52 random bits, of two random words. */
export const uniformOf = (word0: number, word1: number): number =>
  ((word0 >>> 6) * 67108864 + (word1 >>> 6) + 0.5) / 4503599627370496;

/** Whose draws they are: all of a generator's input but the counter. */
export interface DrawAddress {
  key: RandomKey;
  replication: number;
  purpose: Purpose;
  entity: number;
}

const words = new Uint32Array(4);

/**
 * Writes the first `n` uniform numbers of an address to `out`: those that a `RandomStream` gives, without an object.
 */
export function fillUniforms(
  out: Float64Array,
  n: number,
  { key: { k0, k1 }, replication, purpose, entity }: DrawAddress,
): void {
  for (let i = 0; i < n; i += 2) {
    philox(i >> 1, entity, replication, purpose, k0, k1, words);
    out[i] = uniformOf(words[0], words[1]);
    if (i + 1 < n) out[i + 1] = uniformOf(words[2], words[3]);
  }
}

/**
 * The count that `RandomStream.poisson` gives, without an object: exponential gaps counted until they pass the mean.
 * Cost O(smaller of mean and `most`).
 * @param most  stops counting beyond it: any count above `most` says that there are more
 */
export function poissonCount(
  mean: number,
  { key: { k0, k1 }, replication, purpose, entity }: DrawAddress,
  most: number,
): number {
  let sum = 0;
  let count = 0;
  for (; count <= most; count += 2) {
    philox(count >> 1, entity, replication, purpose, k0, k1, words);
    const u = uniformOf(words[0], words[1]);
    if (count === 0 && u < surelyNone(mean)) return 0;
    sum -= log(u);
    if (sum >= mean) return count;
    sum -= log(uniformOf(words[2], words[3]));
    if (sum >= mean) return count + 1;
  }
  return count;
}

/** Less than exp(-mean) by more than rounding can hide, and near it for small means: spares rare counts the logarithm. */
function surelyNone(mean: number): number {
  if (mean >= 8) return 0;
  let eighth = 1 - mean / 8;
  eighth *= eighth;
  eighth *= eighth;
  return eighth * eighth * (1 - 1e-9);
}

/** The draws of one entity for one purpose in one replication; `next` calls walk its own counter. */
export class RandomStream {
  private readonly key: RandomKey;
  private readonly replication: number;
  private readonly purpose: number;
  private readonly entity: number;
  private readonly block = new Uint32Array(4);
  private counter = 0;
  private used = 4;

  /**
   * @param replication  number of the replication, from 1
   * @param entity       whose draw it is: a call's number, zone x 168 + hour…; uint32
   */
  constructor(key: RandomKey, replication: number, purpose: Purpose, entity: number) {
    this.key = key;
    this.replication = replication;
    this.purpose = purpose;
    this.entity = entity;
  }

  /** A uniform number in the open interval (0, 1) with 52 random bits. */
  uniform(): number {
    if (this.used > 2) {
      philox(
        this.counter++,
        this.entity,
        this.replication,
        this.purpose,
        this.key.k0,
        this.key.k1,
        this.block,
      );
      this.used = 0;
    }
    const high = this.block[this.used++];
    return uniformOf(high, this.block[this.used++]);
  }

  /** A uniform integer in [0, n), n at most 2^31. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Exponential with the given mean, by inversion. */
  exponential(mean: number): number {
    return -mean * log(this.uniform());
  }

  /** Standard normal, by inversion. */
  normal(): number {
    return normalQuantile(this.uniform());
  }

  /** Lognormal with the given mean (> 0) and coefficient of variation (>= 0). */
  lognormal(mean: number, cv: number): number {
    const variance = log(1 + cv * cv);
    return mean * exp(Math.sqrt(variance) * this.normal() - variance / 2);
  }

  /** Poisson count with the given mean (>= 0): exponential gaps counted until they pass the mean. Cost O(mean). */
  poisson(mean: number): number {
    let count = 0;
    for (let sum = this.exponential(1); sum < mean; sum += this.exponential(1)) count++;
    return count;
  }
}

/**
 * Quantile of the standard normal law, for p in (0, 1): a rational start made exact to about 1e-15 by Halley steps on the
 * complementary error function.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  let x = roughNormalQuantile(p);
  for (let step = 0; step < 3; step++) {
    const density = exp((-x * x) / 2) / 2.5066282746310002;
    const u = (normalCdf(x) - p) / density;
    x -= u / (1 + (x * u) / 2);
  }
  return x;
}

/** Quantile of the standard normal law for p in (0, 0.5], off by at most 4.5e-4 (Abramowitz and Stegun 26.2.23). */
export function roughNormalQuantile(p: number): number {
  const t = Math.sqrt(-2 * log(p));
  return -(
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}

/**
 * Distribution function of the standard normal law: a series around 0 and Laplace's continued fraction in the tails
 * (Abramowitz and Stegun 26.2.11 and 26.2.14).
 */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  const density = exp((-x * x) / 2) / 2.5066282746310002;
  if (x > -3) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-18; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  let fraction = 0;
  for (let n = 60; n >= 1; n--) fraction = n / (-x + fraction);
  return density / (-x + fraction);
}
