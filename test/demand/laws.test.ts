/** Every law of durations against its mean, its spread and its whole distribution; seeds are fixed. */
import { describe, expect, it } from 'vitest';
import { gammaCdf, gammaQuantile } from '../../engine/demand/gamma.ts';
import { drawLaw, lawAt } from '../../engine/demand/laws.ts';
import { normalCdf, PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import type { TimeLaw } from '../../engine/scenario/scenario.ts';
import { constantLaw, empiricalLaw } from '../../engine/scenario/time-law.ts';
import { kolmogorovSmirnov, KS_BOUND, mean, variance } from './demand-town.ts';

const law = (type: TimeLaw['type'], meanMs: number, cv: number): TimeLaw => ({
  type,
  meanMs,
  cv,
  valuesMs: [],
});
const streamOf = (entity: number): RandomStream =>
  new RandomStream(randomKey(4), 1, PURPOSE.onSceneTime, entity);
const N = 20_000;
const sample = (given: TimeLaw, entity: number): number[] => {
  const stream = streamOf(entity);
  return Array.from({ length: N }, () => drawLaw(given, stream));
};

const lognormalCdf =
  (meanMs: number, cv: number) =>
  (x: number): number => {
    const s2 = Math.log(1 + cv * cv);
    return x <= 0 ? 0 : normalCdf((Math.log(x / meanMs) + s2 / 2) / Math.sqrt(s2));
  };
const gammaLawCdf =
  (meanMs: number, cv: number) =>
  (x: number): number =>
    gammaCdf(1 / (cv * cv), x / (meanMs * cv * cv));

/** With the excess kurtosis, from which the standard error of a sample's spread follows. */
const CASES: [string, TimeLaw, (x: number) => number, number][] = [
  ['exponential', law('exponential', 600_000, 1), (x) => 1 - Math.exp(-x / 600_000), 6],
  ['gamma, cv 0.3', law('gamma', 900_000, 0.3), gammaLawCdf(900_000, 0.3), 6 * 0.3 ** 2],
  ['gamma, cv 1', law('gamma', 600_000, 1), (x) => 1 - Math.exp(-x / 600_000), 6],
  ['gamma, cv 1.6', law('gamma', 1_500_000, 1.6), gammaLawCdf(1_500_000, 1.6), 6 * 1.6 ** 2],
  ['lognormal, cv 0.4', law('lognormal', 1_200_000, 0.4), lognormalCdf(1_200_000, 0.4), 3.1],
];

describe('durations follow their laws', () => {
  it.each(CASES)('%s: mean, spread and Kolmogorov-Smirnov distance of 20,000', (_, given, cdf, kurtosis) => {
    const times = sample(
      given,
      CASES.findIndex(([, each]) => each === given),
    );
    const sd = given.cv * given.meanMs;
    expect(Math.abs(mean(times) - given.meanMs)).toBeLessThan((3.9 * sd) / Math.sqrt(N));
    expect(Math.abs(variance(times) / sd ** 2 - 1)).toBeLessThan(3.9 * Math.sqrt((kurtosis + 2) / N));
    expect(kolmogorovSmirnov(times, cdf)).toBeLessThan(KS_BOUND);
    expect(times.every((ms) => Number.isInteger(ms) && ms >= 0)).toBe(true);
  });

  it('and not their neighbours: a gamma 3 % longer, or one with the spread of the next, is found out', () => {
    const times = sample(law('gamma', 900_000, 0.3), 1);
    expect(kolmogorovSmirnov(times, gammaLawCdf(927_000, 0.3))).toBeGreaterThan(KS_BOUND);
    expect(kolmogorovSmirnov(times, gammaLawCdf(900_000, 0.32))).toBeGreaterThan(KS_BOUND);
    expect(kolmogorovSmirnov(times, lognormalCdf(900_000, 0.3))).toBeGreaterThan(KS_BOUND);
  });

  it('empirical: each value as often as it was observed', () => {
    const times = sample(empiricalLaw([300, 100, 200, 100]), 9);
    const share = (ms: number): number => times.filter((each) => each === ms).length / N;
    expect(new Set(times)).toEqual(new Set([100, 200, 300]));
    expect(Math.abs(share(100) - 0.5)).toBeLessThan(3.9 * Math.sqrt(0.25 / N));
    expect(Math.abs(share(300) - 0.25)).toBeLessThan(3.9 * Math.sqrt(0.1875 / N));
  });

  it('constant: the mean in whole milliseconds, without a draw', () => {
    const stream = streamOf(1);
    for (const fixed of [constantLaw(1499.6), law('gamma', 1500, 0), law('exponential', 0, 1)]) {
      expect([0, 1500]).toContain(drawLaw(fixed, stream));
    }
    expect(stream.uniform()).toBe(streamOf(1).uniform());
  });

  it('every other law uses one uniform number, so the next draw is the same after any of them', () => {
    for (const [, given] of CASES) {
      const stream = streamOf(2);
      drawLaw(given, stream);
      const plain = streamOf(2);
      plain.uniform();
      expect(stream.uniform()).toBe(plain.uniform());
    }
  });

  it('the same number gives a longer time under a longer law', () => {
    for (const type of ['exponential', 'gamma', 'lognormal'] as const) {
      for (const u of [0.001, 0.2, 0.5, 0.9, 0.9999]) {
        const times = [0.97, 1, 1.05, 2].map((factor) => lawAt(law(type, 6e6 * factor, 0.5), u));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times[0]).toBeLessThan(times[3]);
      }
    }
  });

  it('what does not fit a column is cut to it, not wrapped round', () => {
    expect(lawAt(law('exponential', 4e9, 1), 0.001)).toBe(0xffff_ffff);
    expect(lawAt(empiricalLaw([1e12]), 0.5)).toBe(0xffff_ffff);
  });
});

describe('the gamma law', () => {
  it('has the closed forms of shape 1, 2 and 1/2', () => {
    for (const x of [0.01, 0.3, 1, 2.5, 7, 30]) {
      expect(gammaCdf(1, x)).toBeCloseTo(1 - Math.exp(-x), 14);
      expect(gammaCdf(2, x)).toBeCloseTo(1 - Math.exp(-x) * (1 + x), 14);
      expect(gammaCdf(0.5, x)).toBeCloseTo(2 * normalCdf(Math.sqrt(2 * x)) - 1, 13);
    }
  });

  it('has quantiles that its distribution function leads back from, for shapes from 0.0001 to 10,000', () => {
    for (const shape of [1e-4, 0.01, 0.1, 0.5, 0.99, 1, 3, 30, 1000, 9999]) {
      for (const p of [1e-12, 1e-6, 0.01, 0.3, 0.5, 0.500001, 0.7, 0.99, 1 - 1e-6, 1 - 1e-12]) {
        const x = gammaQuantile(shape, p);
        if (x === 0)
          expect(shape).toBeLessThan(0.1); // below the smallest number
        else expect(Math.abs(gammaCdf(shape, x) - p)).toBeLessThan(1e-10 * Math.max(p, 0.01));
      }
    }
  });

  it('goes over to the cube of a normal quantile where the spread is below 1 %: off by less than 1e-6 of the mean', () => {
    for (const p of [0.0001, 0.01, 0.4, 0.9, 0.9999]) {
      const shape = 10_000;
      const x = gammaQuantile(shape, p);
      const density = (gammaCdf(shape, x * 1.0001) - gammaCdf(shape, x * 0.9999)) / (0.0002 * x);
      expect(Math.abs((gammaCdf(shape, x) - p) / density)).toBeLessThan(1e-6 * shape);
    }
  });
});
