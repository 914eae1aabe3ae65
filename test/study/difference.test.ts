import { describe, expect, it } from 'vitest';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import {
  differenceOf,
  percentileColumn,
  ratioColumn,
  replicationsToSee,
  smallestSeen,
} from '../../engine/study/difference.ts';
import { studentTwoSided } from '../../engine/student.ts';

const PAIRED = { confidence: 0.95, paired: true };
const tens = (n: number) => new Array<number>(n).fill(10);

describe('the difference of two plans over the same replications', () => {
  it('is that of the shares, with the paired-t interval where replications are equally large', () => {
    // of ten calls each: A has 6, 7, 8 in time, B has 7, 9, 8: differences 0.1, 0.2, 0; mean 0.1, s 0.1
    const a = ratioColumn([6, 7, 8], tens(3));
    const b = ratioColumn([7, 9, 8], tens(3));
    const difference = differenceOf(a, b, PAIRED);
    expect(difference.value).toBeCloseTo(0.1, 12);
    expect(difference.standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12);
    // t of two degrees of freedom: 4.3027; half 0.2484
    expect(difference.interval![0]).toBeCloseTo(0.1 - 0.248414, 6);
    expect(difference.interval![1]).toBeCloseTo(0.1 + 0.248414, 6);
    // both have s 0.1, and covariance ((-0.1)(-0.1) + 0 + 0) / 2 = 0.005
    expect(difference.correlation).toBeCloseTo(0.5, 12);
    expect(difference.gain).toBeCloseTo(2, 12);
    expect(difference).toMatchObject({ method: 'paired jackknife', same: false, degreesOfFreedom: 2 });
  });

  it('has the other sign the other way round', () => {
    const [a, b] = [ratioColumn([6, 7, 8], tens(3)), ratioColumn([7, 9, 8], tens(3))];
    const [there, back] = [differenceOf(a, b, PAIRED), differenceOf(b, a, PAIRED)];
    expect(back.value).toBe(-there.value!);
    expect(back.interval![0]).toBeCloseTo(-there.interval![1], 12);
  });

  it('weighs replications by their calls: the delete-one jackknife of the difference of ratios', () => {
    const [overA, underA] = [[3, 10, 4, 6], [5, 40, 9, 12]]; // prettier-ignore
    const [overB, underB] = [[4, 14, 3, 8], [5, 41, 9, 12]]; // prettier-ignore
    const total = (column: number[], without = -1) =>
      column.reduce((sum, x, i) => (i === without ? sum : sum + x), 0);
    const ratio = (over: number[], under: number[], without = -1) =>
      total(over, without) / total(under, without);
    const without = [0, 1, 2, 3].map((r) => ratio(overB, underB, r) - ratio(overA, underA, r));
    const centre = total(without) / 4;
    const se = Math.sqrt((3 / 4) * without.reduce((sum, x) => sum + (x - centre) ** 2, 0));
    const difference = differenceOf(ratioColumn(overA, underA), ratioColumn(overB, underB), PAIRED);
    expect(difference.value).toBeCloseTo(29 / 67 - 23 / 66, 12);
    expect(difference.standardError).toBeCloseTo(se, 12);
    expect(difference.interval![1] - difference.value!).toBeCloseTo(3.182446 * se, 6);
  });

  it('says that plans are the same where every replication gave both the same, and claims no certainty', () => {
    const a = ratioColumn([6, 7, 8], tens(3));
    expect(differenceOf(a, ratioColumn([6, 7, 8], tens(3)), PAIRED)).toMatchObject({
      value: 0,
      interval: null,
      same: true,
    });
    // always one call better: known in these replications, but they show no spread to go by
    const better = differenceOf(ratioColumn([6, 6], tens(2)), ratioColumn([7, 7], tens(2)), PAIRED);
    expect(better).toMatchObject({ interval: null, same: false });
  });

  it('has no interval for one replication or without calls, and no value without any', () => {
    const one = differenceOf(ratioColumn([6], [10]), ratioColumn([7], [10]), PAIRED);
    expect(one).toMatchObject({ interval: null, method: null });
    expect(one.value).toBeCloseTo(0.1, 12);
    expect(differenceOf(ratioColumn([0, 0], [0, 0]), ratioColumn([7, 8], tens(2)), PAIRED).value).toBeNull();
    // all calls in one replication: without it nothing is left to divide by
    expect(
      differenceOf(ratioColumn([6, 0], [10, 0]), ratioColumn([7, 0], [10, 0]), PAIRED).interval,
    ).toBeNull();
  });

  it('takes plans with other calls as independent samples (Welch, counted by hand)', () => {
    // A: 0.5, 0.7 (s2 0.02), B: 0.6, 0.8, 1.0 (s2 0.04): errors 0.01 and 0.013333; df = 0.023333^2 / (1e-4 + 8.8889e-5) = 2.88
    const difference = differenceOf(ratioColumn([5, 7], tens(2)), ratioColumn([6, 8, 10], tens(3)), {
      confidence: 0.95,
      paired: false,
    });
    expect(difference.value).toBeCloseTo(0.2, 12);
    expect(difference.standardError).toBeCloseTo(Math.sqrt(0.01 + 0.04 / 3), 12);
    expect(difference).toMatchObject({ method: 'Welch', degreesOfFreedom: 2, correlation: null, gain: null });
  });

  it('is wider where several hold together (Bonferroni)', () => {
    const [a, b] = [ratioColumn([6, 7, 8], tens(3)), ratioColumn([7, 9, 8], tens(3))];
    const together = differenceOf(a, b, { confidence: 1 - 0.05 / 3, paired: true });
    expect(together.interval![1] - together.value!).toBeCloseTo(
      (studentTwoSided(1 - 0.05 / 3, 2) * 0.1) / Math.sqrt(3),
      12,
    );
  });

  it('covers the true difference in 95 of 100 studies, and with common calls needs fewer of them', () => {
    // both plans share each day's luck; plan B reaches 3 points more calls; days differ in their number of calls
    const runs = 1000;
    let covered = 0;
    let gain = 0;
    for (let run = 0; run < runs; run++) {
      const chance = new RandomStream(randomKey('paired'), run + 1, PURPOSE.dispatch, 0);
      const n: number[] = [];
      const overA: number[] = [];
      const overB: number[] = [];
      for (let r = 0; r < 12; r++) {
        const share = 0.6 + 0.2 * chance.uniform();
        const calls = 20 + chance.below(30);
        let [hitsA, hitsB] = [0, 0];
        for (let call = 0; call < calls; call++) {
          const luck = chance.uniform();
          if (luck < share) hitsA++;
          if (luck < share + 0.03) hitsB++;
        }
        n.push(calls);
        overA.push(hitsA);
        overB.push(hitsB);
      }
      const difference = differenceOf(ratioColumn(overA, n), ratioColumn(overB, n), PAIRED);
      const [low, high] = difference.interval ?? [difference.value!, difference.value!];
      if (low <= 0.03 && 0.03 <= high) covered++;
      gain += (difference.gain ?? 0) / runs;
    }
    // binomial error of 1,000 runs: 0.007
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.97);
    expect(gain).toBeGreaterThan(10);
  });
});

describe('the difference of percentiles', () => {
  // edges at 60, 120, 180 and 240 s
  const edges = [60_000, 120_000, 180_000, 240_000];
  const curve = (...hits: number[]) => ({
    hits: Uint32Array.from(hits),
    decided: Uint32Array.from(hits, () => hits.at(-1)!),
  });

  it('is that of all calls together, and spreads as the replications do around it', () => {
    // medians: A 60, 120, 120 and together 120; B 120, 180, 120 and together 120 (13 of 22 by 120 s)
    const a = percentileColumn([curve(5, 6, 8, 8), curve(2, 4, 6, 6), curve(1, 5, 8, 8)], edges, 0.5);
    const b = percentileColumn([curve(2, 6, 8, 8), curve(0, 2, 6, 6), curve(1, 5, 8, 8)], edges, 0.5);
    expect([a.value, a.parts]).toEqual([120, [60, 120, 120]]);
    expect([b.value, b.parts]).toEqual([120, [120, 180, 120]]);
    const difference = differenceOf(a, b, PAIRED);
    expect(difference.value).toBe(0);
    // differences of replications 60, 60, 0 around 0: s2 = 7200 / 2
    expect(difference.standardError).toBeCloseTo(Math.sqrt(3600 / 3), 12);
    expect(difference.method).toBe('paired sections');
  });

  it('is not known where a replication has no such percentile', () => {
    const open = { hits: Uint32Array.of(1, 1, 1, 1), decided: Uint32Array.of(5, 5, 5, 5) };
    const column = percentileColumn([open, curve(2, 4, 6, 6)], edges, 0.9);
    expect(column.parts).toBeNull();
  });
});

describe('how many replications a difference needs', () => {
  it('is the first number at which four of five studies see it', () => {
    for (const [size, spread] of [
      [0.01, 0.03],
      [0.5, 1],
      [1, 0.5],
      [0.001, 0.2],
    ]) {
      const n = replicationsToSee(size, spread, 0.95)!;
      expect(smallestSeen(n, spread, 0.95)).toBeLessThanOrEqual(size);
      if (n > 2) expect(smallestSeen(n - 1, spread, 0.95)).toBeGreaterThan(size);
    }
    // by the normal law (1.960 + 0.842)^2 (s / d)^2 = 7.85 x 9 = 70.6, and two more for Student's
    expect(replicationsToSee(0.01, 0.03, 0.95)).toBe(73);
    expect(replicationsToSee(0, 0.03, 0.95)).toBeNull();
    expect(replicationsToSee(1e-12, 1, 0.95)).toBeNull();
  });
});
