import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, PURPOSE, RandomStream, randomKey } from '../../engine/rng.ts';
import {
  columnSample,
  meanResponseS,
  percentileResponseS,
  shareWithin,
  type ResponseSample,
} from '../../engine/results/response-sample.ts';

/** Seconds answered and seconds waited by open calls, by replication. */
const sample = (answeredS: number[][], openS: number[][] = answeredS.map(() => [])): ResponseSample => {
  const column = (seconds: number[]): Float64Array => Float64Array.from(seconds, (s) => s * 1000).sort();
  return columnSample({
    answeredMs: answeredS.map(column),
    openMs: openS.map(column),
    notStarted: answeredS.map(() => 0),
  });
};

describe('percentiles by nearest rank', () => {
  it('are the smallest time that enough calls stay within', () => {
    const ten = sample([[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]]);
    expect(percentileResponseS(ten, 0.5).value).toBe(50);
    expect(percentileResponseS(ten, 0.9).value).toBe(90);
    expect(percentileResponseS(ten, 0.95).value).toBe(100);
    expect(percentileResponseS(sample([[7]]), 0.5).value).toBe(7);
    expect(percentileResponseS(sample([[]]), 0.5)).toEqual({ value: null, ci95: null, method: null, n: 0 });
  });

  it('count a call still waiting as longer than any time it has waited already', () => {
    // 10, 20, 30, 40 s and one open for 25 s: within 20 s are 2 of 5; within 30 s 3 of the 4 that are known
    expect(percentileResponseS(sample([[10, 20, 30, 40]], [[25]]), 0.5)).toMatchObject({ value: 30, n: 4 });
    // four calls open for ages: the median is not among the answered
    expect(percentileResponseS(sample([[10, 20, 30]], [[99, 99, 99, 99]]), 0.5)).toMatchObject({
      value: null,
      n: 7,
    });
  });

  it('have no interval that ends at the longest of a few times', () => {
    const times = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 * (i + 1));
    for (const samples of [[times(6)], [times(2), times(2), [15, 25]], [times(35)]])
      expect(percentileResponseS(sample(samples), 0.9)).toMatchObject({ ci95: null, method: null });
    expect(percentileResponseS(sample([times(36)]), 0.9).ci95).toEqual([290, 360]);
    expect(percentileResponseS(sample([times(6)]), 0.5).ci95).toEqual([10, 60]);
    expect(percentileResponseS(sample([[7]]), 0.5).ci95).toBeNull();
  });

  it('lie within t exactly when the share within t is at least p, and rise with p (with open calls: only when)', () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 15 });
    const replications = fc.array(fc.tuple(times, times), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        replications,
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 0, max: 41 }),
        (calls, hundredths, t) => {
          const all = sample(
            calls.map(([answered]) => answered),
            calls.map(([, open]) => open),
          );
          const p = hundredths / 100;
          const percentile = percentileResponseS(all, p);
          const share = shareWithin(all, t * 1000).value;
          const isWithin = percentile.value !== null && percentile.value <= t;
          if (isWithin) expect(share!).toBeGreaterThanOrEqual(p);
          // the other way round only while no open call drops out of the share between two answers
          if (share !== null && calls.every(([, open]) => open.length === 0))
            expect(isWithin).toBe(share >= p);
          const higher = percentileResponseS(all, Math.min(0.99, p + 0.05)).value;
          if (higher !== null) expect(percentile.value!).toBeLessThanOrEqual(higher);
          if (percentile.ci95 !== null) {
            expect(percentile.ci95[0]).toBeLessThanOrEqual(percentile.value!);
            expect(percentile.ci95[1]).toBeGreaterThanOrEqual(percentile.value!);
          }
        },
      ),
      { seed: 135, numRuns: 2000 },
    );
  });

  it('have an interval that covers the true 90th percentile in 93 to 97 % of 1,000 runs', () => {
    // Lognormal times, mean 240 s, cv 0.6; every replication has its own level of load, so its calls hang together.
    // The truth is the 90th percentile of that mixture, by bisection on its distribution function.
    const key = randomKey('percentile coverage');
    const draw = (stream: RandomStream, level: number): number => level * stream.lognormal(240, 0.6);
    const levelOf = (stream: RandomStream): number => 0.9 + 0.2 * stream.uniform();
    const variance = Math.log(1 + 0.6 * 0.6);
    const within = (t: number): number => {
      let total = 0;
      for (let i = 0; i < 1000; i++) {
        const level = 0.9 + (0.2 * (i + 0.5)) / 1000;
        total += normalCdf((Math.log(t / level / 240) + variance / 2) / Math.sqrt(variance));
      }
      return total / 1000;
    };
    let [low, high] = [100, 2000];
    while (high - low > 1e-6) {
      const middle = (low + high) / 2;
      if (within(middle) < 0.9) low = middle;
      else high = middle;
    }
    const truthS = low;

    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const times = Array.from({ length: 20 }, (_, r) => {
        const stream = new RandomStream(key, r + 1, PURPOSE.onSceneTime, run);
        const level = levelOf(stream);
        return Array.from({ length: 30 + stream.below(20) }, () => draw(stream, level));
      });
      const { ci95, method } = percentileResponseS(sample(times), 0.9);
      expect(method).toBe('woodruff');
      if (ci95![0] <= truthS && truthS <= ci95![1]) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(930);
    expect(covered).toBeLessThanOrEqual(970);
  });
});

describe('shares and means', () => {
  it('leave a call out only while its answer is unknown', () => {
    const calls = sample([[10, 70]], [[30, 90]]);
    // within 60 s: 10 yes, 70 no, 90 waited too long, 30 unknown
    expect(shareWithin(calls, 60_000)).toMatchObject({ value: 1 / 3, n: 3 });
    // a call that has waited exactly the threshold may still be answered on the dot
    expect(shareWithin(calls, 30_000)).toMatchObject({ value: 1 / 3, n: 3 });
    expect(shareWithin(calls, 29_000)).toMatchObject({ value: 1 / 4, n: 4 });
  });

  it('rise with the threshold', () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(times, times, fc.integer({ min: 0, max: 40 }), (answered, open, t) => {
        const calls = sample([answered], [open]);
        const share = shareWithin(calls, t * 1000).value ?? 0;
        expect(shareWithin(calls, (t + 1) * 1000).value ?? 1).toBeGreaterThanOrEqual(share);
      }),
      { seed: 135, numRuns: 500 },
    );
  });

  it('weigh calls, not replications', () => {
    expect(meanResponseS(sample([[10], [40, 40, 40]])).value).toBe(32.5);
    expect(meanResponseS(sample([[], []])).value).toBeNull();
  });
});
