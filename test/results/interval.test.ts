import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PURPOSE, RandomStream, randomKey } from '../../engine/rng.ts';
import {
  jackknifeHalfWidth,
  meanOverReplications,
  percentileRanks,
  ratioOverReplications,
  shareOverReplications,
  wilsonInterval,
} from '../../engine/results/interval.ts';
import { studentTwoSided, studentWithin } from '../../engine/student.ts';

describe("Student's t", () => {
  // Any textbook table: two-sided confidence, degrees of freedom, t.
  it.each([
    [0.95, 1, 12.7062],
    [0.95, 2, 4.30265],
    [0.95, 3, 3.18245],
    [0.95, 4, 2.77645],
    [0.95, 5, 2.57058],
    [0.95, 9, 2.26216],
    [0.95, 10, 2.22814],
    [0.95, 19, 2.09302],
    [0.95, 20, 2.08596],
    [0.95, 29, 2.04523],
    [0.95, 30, 2.04227],
    [0.95, 60, 2.0003],
    [0.95, 120, 1.97993],
    [0.9, 1, 6.31375],
    [0.9, 10, 1.81246],
    [0.99, 1, 63.6567],
    [0.99, 5, 4.03214],
    [0.99, 30, 2.75],
    [0.999, 1, 636.619],
    [0.999, 10, 4.58689],
  ])('confidence %d with %d degrees of freedom is t %d', (confidence, df, t) => {
    expect(Math.abs(studentTwoSided(confidence, df) / t - 1)).toBeLessThan(5e-6);
  });

  it('has the closed forms of 1, 2 and 3 degrees of freedom', () => {
    for (const t of [0, 0.01, 0.5, 1, 2, 3.7, 12.7, 100]) {
      expect(studentWithin(t, 1)).toBeCloseTo((2 / Math.PI) * Math.atan(t), 14);
      expect(studentWithin(t, 2)).toBeCloseTo(t / Math.sqrt(2 + t * t), 14);
      const theta = Math.atan(t / Math.sqrt(3));
      expect(studentWithin(t, 3)).toBeCloseTo(
        (2 / Math.PI) * (theta + Math.sin(theta) * Math.cos(theta)),
        14,
      );
    }
  });

  it('comes down to the normal law with many degrees of freedom', () => {
    expect(studentTwoSided(0.95, 9999)).toBeGreaterThan(1.959964);
    expect(studentTwoSided(0.95, 9999)).toBeLessThan(1.9603);
  });
});

describe("Wilson's interval", () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3: score without continuity correction.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is %d to %d', (hits, n, low, high) => {
    const interval = wilsonInterval(hits, n);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it('never has width 0 and holds the share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, u) => {
          const hits = Math.floor(u * n);
          const [low, high] = wilsonInterval(hits, n);
          expect(high - low).toBeGreaterThan(0);
          expect(low).toBeLessThanOrEqual(hits / n);
          expect(high).toBeGreaterThanOrEqual(hits / n);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 135, numRuns: 1000 },
    );
  });
});

describe('ranks that hold a percentile', () => {
  /** Probabilities of k of n below, by Pascal's rule. */
  function binomial(n: number, p: number): number[] {
    let row = [1];
    for (let i = 0; i < n; i++)
      row = Array.from({ length: i + 2 }, (_, k) => (row[k] ?? 0) * (1 - p) + (row[k - 1] ?? 0) * p);
    return row;
  }
  const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  it.each([0.5, 0.9, 0.95])(
    'miss it on either side in 2.5 % at most, and are the closest that do (p = %s)',
    (p) => {
      for (let n = 1; n <= 300; n++) {
        const chances = binomial(n, p);
        const [r, s] = percentileRanks(n, p);
        // the r-th lies above it when fewer than r items are below, the s-th below it when at least s are
        const [above, below] = [sumOf(chances.slice(0, r)), sumOf(chances.slice(s))];
        expect(above, `${n}`).toBeLessThanOrEqual(0.025);
        expect(below, `${n}`).toBeLessThanOrEqual(0.025);
        expect(above + chances[r], `${n}`).toBeGreaterThan(0.025);
        expect(below + chances[s - 1], `${n}`).toBeGreaterThan(0.025);
      }
    },
  );

  it('are not there for few items: the largest of 35 is no upper end of a 90th percentile', () => {
    const hasEnds = (n: number, p: number): boolean => {
      const [r, s] = percentileRanks(n, p);
      return r > 0 && s <= n;
    };
    for (const [p, least] of [
      [0.5, 6],
      [0.9, 36],
      [0.95, 72],
    ])
      expect([hasEnds(least - 1, p), hasEnds(least, p)]).toEqual([false, true]);
  });

  it('close in on it as items grow', () => {
    const [r, s] = percentileRanks(1_000_000, 0.9);
    // 1.96 sqrt(n p (1 - p)) = 588
    expect(Math.abs(r - (900_000 - 588))).toBeLessThan(3);
    expect(Math.abs(s - (900_000 + 588))).toBeLessThan(3);
  });
});

describe('means over replications', () => {
  it('have the textbook interval of 10, 12, 9, 13', () => {
    // mean 11, s^2 = (1 + 1 + 4 + 4) / 3 = 10/3, s / sqrt 4 = 0.9129, t(3) = 3.18245: half-width 2.9052
    const { value, ci95, method, n } = meanOverReplications([10, 12, 9, 13], 44);
    expect(value).toBe(11);
    expect(ci95![0]).toBeCloseTo(11 - 2.9052, 4);
    expect(ci95![1]).toBeCloseTo(11 + 2.9052, 4);
    expect({ method, n }).toEqual({ method: 'student', n: 44 });
  });

  it('claim no interval from one replication or from equal ones', () => {
    expect(meanOverReplications([5], 5)).toEqual({ value: 5, ci95: null, method: null, n: 5 });
    expect(meanOverReplications([5, 5, 5], 15)).toEqual({ value: 5, ci95: null, method: null, n: 15 });
    expect(meanOverReplications([], 0).value).toBeNull();
  });

  it('have intervals inside what counts and times can be', () => {
    // 0, 0, 3: mean 1, s = sqrt 3, t(2) = 4.302653: 1 - 4.30 and 1 + 4.30
    expect(meanOverReplications([0, 0, 3], 3).ci95![0]).toBe(0);
    expect(meanOverReplications([0, 0, 3], 3).ci95![1]).toBeCloseTo(5.302653, 6);
    expect(meanOverReplications([0, 0, 3], 9, 3).ci95).toEqual([0, 3]);
    expect(ratioOverReplications([0, 0, 900], [5, 5, 5], 15).ci95![0]).toBe(0);
  });
});

describe('ratios over replications', () => {
  it('have the jackknife interval worked out by hand', () => {
    // 8 of 10, 3 of 6, 9 of 12: 20 of 28. Without each: 12/18 = 2/3, 17/22, 11/16.
    const without = [12 / 18, 17 / 22, 11 / 16];
    const centre = (without[0] + without[1] + without[2]) / 3; // 0.708965
    const squares = without.reduce((total, p) => total + (p - centre) ** 2, 0); // 0.006316
    const standardError = Math.sqrt((2 / 3) * squares); // 0.064887
    expect(standardError).toBeCloseTo(0.064887, 5);
    const { value, ci95, method, n } = shareOverReplications([8, 3, 9], [10, 6, 12]);
    expect(value).toBeCloseTo(20 / 28, 15);
    expect(ci95![0]).toBeCloseTo(20 / 28 - 4.302653 * standardError, 6);
    expect(ci95![1]).toBeCloseTo(Math.min(1, 20 / 28 + 4.302653 * standardError), 6);
    expect({ method, n }).toEqual({ method: 'jackknife', n: 28 });
  });

  it("equal Student's interval of the replications when these are of one size", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 12 }), (hits) => {
        const mean = meanOverReplications(
          hits.map((h) => h / 50),
          50 * hits.length,
        );
        const ratio = ratioOverReplications(
          hits,
          hits.map(() => 50),
          50 * hits.length,
        );
        expect(ratio.value).toBeCloseTo(mean.value!, 12);
        expect(ratio.ci95 === null).toBe(mean.ci95 === null);
        if (ratio.ci95 && mean.ci95) expect(ratio.ci95[0]).toBeCloseTo(mean.ci95[0], 10);
      }),
      { seed: 135, numRuns: 500 },
    );
  });

  it('fall back on Wilson, and say so, where the jackknife has no width', () => {
    const all = shareOverReplications([10, 6, 12], [10, 6, 12]);
    expect(all).toEqual({ value: 1, ci95: wilsonInterval(28, 28), method: 'wilson', n: 28 });
    const none = shareOverReplications([0, 0], [10, 10]);
    expect(none).toEqual({ value: 0, ci95: wilsonInterval(0, 20), method: 'wilson', n: 20 });
    expect(shareOverReplications([5, 5], [10, 10]).method).toBe('wilson');
    expect(shareOverReplications([7], [10])).toEqual({
      value: 0.7,
      ci95: wilsonInterval(7, 10),
      method: 'wilson',
      n: 10,
    });
    expect(shareOverReplications([7, 0], [10, 0]).method).toBe('wilson');
    expect(shareOverReplications([0, 0], [0, 0])).toEqual({ value: null, ci95: null, method: null, n: 0 });
  });

  it('hold the value, inside 0 and 1', () => {
    const replication = fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([n, u]) => ({ n, hits: Math.floor(u * n) }));
    fc.assert(
      fc.property(fc.array(replication, { minLength: 1, maxLength: 20 }), (replications) => {
        const { value, ci95, n } = shareOverReplications(
          replications.map((r) => r.hits),
          replications.map((r) => r.n),
        );
        if (n === 0) {
          expect(ci95).toBeNull();
          return;
        }
        expect(ci95![0]).toBeLessThanOrEqual(value!);
        expect(ci95![1]).toBeGreaterThanOrEqual(value!);
        expect(ci95![0]).toBeGreaterThanOrEqual(0);
        expect(ci95![1]).toBeLessThanOrEqual(1);
        expect(ci95![1] - ci95![0]).toBeGreaterThan(0);
      }),
      { seed: 135, numRuns: 1000 },
    );
  });

  it('have no jackknife when one replication holds everything', () => {
    expect(jackknifeHalfWidth([3, 0], [4, 0])).toBeNull();
  });
});

describe('coverage of 95 % intervals in 1,000 runs of a known mean', () => {
  const RUNS = 1000;
  const REPLICATIONS = 20;
  const key = randomKey('coverage study');
  const streams = (run: number): RandomStream[] =>
    Array.from({ length: REPLICATIONS }, (_, r) => new RandomStream(key, r + 1, PURPOSE.onSceneTime, run));
  const coverage = (truth: number, interval: (run: number) => [number, number] | null): number => {
    let covered = 0;
    for (let run = 0; run < RUNS; run++) {
      const ci95 = interval(run);
      if (ci95 !== null && ci95[0] <= truth && truth <= ci95[1]) covered++;
    }
    return covered / RUNS;
  };

  it('is 93.5 to 96.5 % for the mean of normal replications', () => {
    const share = coverage(
      300,
      (run) =>
        meanOverReplications(
          streams(run).map((stream) => 300 + 40 * stream.normal()),
          REPLICATIONS,
        ).ci95,
    );
    expect(share).toBeGreaterThanOrEqual(0.935);
    expect(share).toBeLessThanOrEqual(0.965);
  });

  it('is 93.5 to 96.5 % for seconds per call with a varying number of calls', () => {
    const share = coverage(180, (run) => {
      const counts: number[] = [];
      const sums: number[] = [];
      for (const stream of streams(run)) {
        const n = stream.poisson(40);
        let total = 0;
        for (let call = 0; call < n; call++) total += stream.exponential(180);
        counts.push(n);
        sums.push(total);
      }
      return ratioOverReplications(sums, counts, 0).ci95;
    });
    expect(share).toBeGreaterThanOrEqual(0.935);
    expect(share).toBeLessThanOrEqual(0.965);
  });

  it('is 93.5 to 96.5 % for a share whose calls hang together within a replication', () => {
    // each replication has its own chance of success, mean 0.7: calls within one are not independent
    const share = coverage(0.7, (run) => {
      const hits: number[] = [];
      const counts: number[] = [];
      for (const stream of streams(run)) {
        const chance = 0.6 + 0.2 * stream.uniform();
        const n = 1 + stream.poisson(60);
        let successes = 0;
        for (let call = 0; call < n; call++) if (stream.uniform() < chance) successes++;
        hits.push(successes);
        counts.push(n);
      }
      return shareOverReplications(hits, counts).ci95;
    });
    expect(share).toBeGreaterThanOrEqual(0.935);
    expect(share).toBeLessThanOrEqual(0.965);
  });
});
