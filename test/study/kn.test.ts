import { describe, expect, it } from 'vitest';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { createKn } from '../../engine/study/kn.ts';

/** Normal observations of plans around their means; `common` of the variance is shared by all plans of one number. */
function race(means: readonly number[], { run, common, sd }: { run: number; common: number; sd: number }) {
  const chance = new RandomStream(randomKey('kn'), run, PURPOSE.dispatch, 0);
  const kn = createKn({ nPlans: means.length, confidence: 0.95, indifference: 1, first: 10 });
  while (kn.selected === null) {
    const shared = Math.sqrt(common) * chance.normal();
    kn.add(means.map((mean) => mean + sd * (shared + Math.sqrt(1 - common) * chance.normal())));
  }
  return kn;
}

describe('the race for the best plan (KN)', () => {
  it('drops a plan as soon as it is too far behind, counted by hand', () => {
    // n0 = 3, k = 2, alpha = 0.05: eta = (0.1^-1 - 1) / 2 = 4.5, h2 = 2 x 4.5 x 2 = 18
    const kn = createKn({ nPlans: 2, confidence: 0.95, indifference: 1.1, first: 3 });
    // plan 1 ahead by 1, 2, 3: S2 = 1, horizon 18 / 1.21 = 14.88; after 3 it is 2 ahead, W = 1.1 / 6 x 11.88 = 2.18: nobody drops out
    expect(kn.add([5, 6])).toEqual([]);
    expect(kn.most).toBeNull();
    expect(kn.add([5, 7])).toEqual([]);
    expect(kn.add([0, 3])).toEqual([]);
    expect([kn.most, kn.selected]).toEqual([15, null]);
    // after 4 it is 2.5 ahead, W = 1.1 / 8 x 10.88 = 1.50
    expect(kn.add([1, 5])).toEqual([{ plan: 0, by: 1, after: 4, behind: 2.5 }]);
    expect([kn.selected, kn.inRace]).toEqual([1, [1]]);
    expect([kn.mean(0), kn.mean(1)]).toEqual([11 / 4, 21 / 4]);
  });

  it('stops at the horizon with the better mean, however small the lead', () => {
    const kn = createKn({ nPlans: 2, confidence: 0.95, indifference: 1.1, first: 3 });
    let n = 0;
    // differences 1, -1, 0 and then 0.01 again and again: S2 = 1, horizon 14.88: decided with observation 15
    for (const lead of [1, -1, 0]) kn.add([0, (n++, lead)]);
    while (kn.selected === null) kn.add([0, (n++, 0.01)]);
    expect([n, kn.selected, kn.most]).toEqual([15, 1, 15]);
  });

  it('selects the earlier of two plans that are the same in every replication', () => {
    const kn = createKn({ nPlans: 3, confidence: 0.95, indifference: 1, first: 3 });
    for (let n = 0; n < 3; n++) kn.add([n + 5, n + 5, n - 20]);
    expect([kn.selected, kn.inRace]).toEqual([0, [0, 1]]);
  });

  it('does not read the observations of plans that are out', () => {
    const kn = createKn({ nPlans: 3, confidence: 0.95, indifference: 0.1, first: 3 });
    const chance = new RandomStream(randomKey('out'), 1, PURPOSE.dispatch, 0);
    for (let n = 0; n < 3; n++) kn.add([chance.normal(), chance.normal(), -1000]);
    expect(kn.inRace).toEqual([0, 1]);
    expect(() => kn.add([0, 0.5, NaN])).not.toThrow();
    expect(kn.observations(2)).toBe(3);
  });

  // the hardest case that it promises anything of: one plan better than all others by just the indifference
  it.each([
    { common: 0, sd: 3 },
    { common: 0.8, sd: 6 },
  ])('selects the best at least as often as promised, $common of the variance common', ({ common, sd }) => {
    const runs = 500;
    let right = 0;
    let dropped = 0;
    let byFirstStage = 0;
    let observations = 0;
    for (let run = 1; run <= runs; run++) {
      const kn = race([0, 0, 1, 0, 0], { run, common, sd });
      if (kn.selected === 2) right++;
      if (kn.eliminations.some(({ plan }) => plan === 2)) dropped++;
      if (kn.eliminations.filter(({ after }) => after === 10).length === 4) byFirstStage++;
      for (let plan = 0; plan < 5; plan++) observations += kn.observations(plan) / runs;
    }
    expect(right / runs).toBeGreaterThanOrEqual(0.95);
    // the better plan is never dropped more often than alpha
    expect(dropped / runs).toBeLessThanOrEqual(0.05);
    // and it is a race: hardly any ends with the first stage, which alone would take 50 observations
    expect(byFirstStage / runs).toBeLessThan(0.1);
    expect(observations).toBeGreaterThan(100);
  });

  it('needs fewer observations where plans share their luck, and where the best is far ahead', () => {
    const mean = (means: readonly number[], common: number) => {
      let total = 0;
      for (let run = 1; run <= 100; run++) {
        const kn = race(means, { run, common, sd: 3 });
        for (let plan = 0; plan < means.length; plan++) total += kn.observations(plan) / 100;
      }
      return total;
    };
    const alone = mean([0, 0, 1, 0, 0], 0);
    expect(mean([0, 0, 1, 0, 0], 0.8)).toBeLessThan(alone / 2);
    expect(mean([0, 0, 5, 0, 0], 0)).toBeLessThan(alone / 2);
  });

  it('never drops a plan for good that is better by twice the indifference, in 500 races', () => {
    let wrong = 0;
    for (let run = 1; run <= 500; run++)
      if (race([0, 2, 0], { run, common: 0.5, sd: 3 }).selected !== 1) wrong++;
    expect(wrong).toBeLessThanOrEqual(5);
  });
});
