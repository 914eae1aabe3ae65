import { describe, expect, it } from 'vitest';
import { lawJson } from '../../engine/demand/fit/demand-block.ts';
import { digamma, fitDurations, type LawType, trigamma } from '../../engine/demand/fit/duration-laws.ts';
import { gammaQuantile } from '../../engine/demand/gamma.ts';
import { lnGamma } from '../../engine/math.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';

const SEED = 135;
const draws = (n: number, draw: (stream: RandomStream) => number, seed = SEED): number[] => {
  const stream = new RandomStream(randomKey(seed), 1, PURPOSE.onSceneTime, 1);
  return Array.from({ length: n }, () => draw(stream));
};
const gamma = (shape: number, mean: number) => (stream: RandomStream) =>
  (gammaQuantile(shape, stream.uniform()) * mean) / shape;
const lawOf = (values: number[], type: LawType) =>
  fitDurations(values).laws.find((law) => law.type === type)!;

describe('the law of durations', () => {
  it.each([
    ['exponential', (s: RandomStream) => s.exponential(1200), 1200, 1],
    ['gamma', gamma(2.5, 1800), 1800, 1 / Math.sqrt(2.5)],
    ['lognormal', (s: RandomStream) => s.lognormal(1500, 0.9), 1500, 0.9],
  ] as const)(
    'is found again from %s durations, mean and spread within three standard errors',
    (type, draw, mean, cv) => {
      const fit = fitDurations(draws(5000, draw));
      expect(fit.chosen).toBe(type);
      const law = fit.laws.find((candidate) => candidate.type === type)!;
      expect(Math.abs(law.meanS - mean)).toBeLessThan(3 * law.meanSe);
      expect(Math.abs(law.cv - cv)).toBeLessThanOrEqual(3 * law.cvSe);
      expect(law.ksDistance).toBeLessThan(1.358 / Math.sqrt(5000));
    },
  );

  it('is constant where all durations are equal, and then needs no likelihood', () => {
    const fit = fitDurations([600, 600, 600]);
    expect(fit).toMatchObject({ chosen: 'constant', meanS: 600, cv: 0 });
    expect(fit.laws.map(({ type, aic }) => [type, aic])).toEqual([['constant', null]]);
    expect(lawJson(fit)).toEqual({ type: 'constant', mean: 600 });
  });

  it('is the durations themselves where no law comes near, as of two kinds of calls mixed', () => {
    const values = draws(2000, (s) => (s.uniform() < 0.5 ? 60 + s.exponential(5) : 3600 + s.exponential(50)));
    const fit = fitDurations(values);
    expect(fit.chosen).toBe('empirical');
    const law = lawJson(fit);
    if (typeof law === 'number' || law.type !== 'empirical') throw new Error('not empirical');
    expect(law.valuesS).toHaveLength(1000);
    const mean = law.valuesS!.reduce((sum, value) => sum + value, 0) / 1000;
    expect(Math.abs(mean / fit.meanS - 1)).toBeLessThan(0.01);
  });

  it('leaves gamma and lognormal out where a duration is 0, as their densities know none', () => {
    expect(fitDurations([0, 10, 20]).laws.map(({ type }) => type)).toEqual(['constant', 'exponential']);
  });

  it.each(['exponential', 'gamma', 'lognormal'] as const)(
    'has the greatest likelihood there is: a %s law with any other mean or spread has less',
    (type) => {
      const values = draws(300, gamma(1.7, 900));
      const { meanS, cv, logLikelihood } = lawOf(values, type);
      expect(logLikelihoodOf(type, values, meanS, cv)).toBeCloseTo(logLikelihood!, 6);
      for (const factor of [0.97, 1.03]) {
        expect(logLikelihoodOf(type, values, meanS * factor, cv)).toBeLessThan(logLikelihood!);
        if (type !== 'exponential')
          expect(logLikelihoodOf(type, values, meanS, cv * factor)).toBeLessThan(logLikelihood!);
      }
    },
  );

  it.each([
    ['gamma', gamma(0.8, 600), 600, Math.sqrt(1 / 0.8)],
    ['lognormal', (s: RandomStream) => s.lognormal(600, 0.7), 600, 0.7],
  ] as const)(
    'states errors that are true: over 400 samples %s figures spread by what they claim',
    (type, draw, mean, cv) => {
      const scores = { mean: [] as number[], cv: [] as number[] };
      for (let sample = 0; sample < 400; sample++) {
        const law = lawOf(draws(400, draw, SEED + sample), type);
        scores.mean.push((law.meanS - mean) / law.meanSe);
        scores.cv.push((law.cv - cv) / law.cvSe);
      }
      for (const list of [scores.mean, scores.cv]) {
        const spread = Math.sqrt(list.reduce((sum, z) => sum + z * z, 0) / list.length);
        // the root of a chi-square over 400 lies within 12 % of 1 but for one in a thousand
        expect(spread).toBeGreaterThan(0.88);
        expect(spread).toBeLessThan(1.12);
      }
    },
  );

  it('has the distance of Kolmogorov and Smirnov that every point of the data allows', () => {
    const values = draws(50, (s) => Math.ceil(s.exponential(5)));
    const { meanS, ksDistance } = lawOf(values, 'exponential');
    let worst = 0;
    for (const x of values.flatMap((value) => [value - 1e-9, value])) {
      const atMost = values.filter((value) => value <= x).length / values.length;
      worst = Math.max(worst, Math.abs(atMost - (1 - Math.exp(-x / meanS))));
    }
    expect(ksDistance).toBeCloseTo(worst, 8);
  });

  it('scores by Akaike and Schwarz', () => {
    const { logLikelihood, aic, bic } = lawOf([10, 20, 40, 50], 'gamma');
    expect(aic).toBeCloseTo(4 - 2 * logLikelihood!, 10);
    expect(bic).toBeCloseTo(2 * Math.log(4) - 2 * logLikelihood!, 10);
  });
});

describe('derivatives of the logarithm of the gamma function', () => {
  it.each([0.05, 0.7, 1, 3.3, 11.9, 12, 400])('agree with differences at %f', (x) => {
    const h = 1e-4 * x;
    expect(digamma(x)).toBeCloseTo((lnGamma(x + h) - lnGamma(x - h)) / (2 * h), 5);
    expect(trigamma(x) / ((digamma(x + h) - digamma(x - h)) / (2 * h))).toBeCloseTo(1, 6);
  });

  it('have their known values at 1', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
  });
});

/** Straight from the densities. */
function logLikelihoodOf(type: LawType, values: number[], mean: number, cv: number): number {
  const shape = 1 / (cv * cv);
  const variance = Math.log(1 + cv * cv);
  const mu = Math.log(mean) - variance / 2;
  const density = (x: number): number => {
    if (type === 'exponential') return -Math.log(mean) - x / mean;
    if (type === 'gamma')
      return (shape - 1) * Math.log(x) - (x * shape) / mean - lnGamma(shape) - shape * Math.log(mean / shape);
    return -Math.log(x) - Math.log(2 * Math.PI * variance) / 2 - (Math.log(x) - mu) ** 2 / (2 * variance);
  };
  return values.reduce((sum, x) => sum + density(x), 0);
}
