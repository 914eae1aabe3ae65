import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InfeasibleError } from '../../engine/errors.ts';
import { placeFewest } from '../../engine/placement/lscp.ts';
import {
  arbitraryQuestion,
  fewestByTrying,
  noSolver,
  planarQuestion,
  question,
  solverTools,
} from '../support/placement-oracle.ts';
import { testStream } from '../support/random-city.ts';

const SEED = 20240137;

describe('the fewest sites that reach everything', () => {
  it('opens as few as trying every set of sites finds, or says what cannot be reached', () => {
    let feasible = 0;
    return fc
      .assert(
        fc.asyncProperty(arbitraryQuestion, async (problem) => {
          const fewest = fewestByTrying(problem);
          if (fewest === Infinity) {
            await expect(placeFewest(problem, { tools: solverTools })).rejects.toThrow(InfeasibleError);
            return;
          }
          feasible++;
          const plan = await placeFewest(problem, { tools: solverTools });
          expect(plan.open.length).toBe(fewest);
          expect(plan.added).toBe(fewest - problem.required.length);
          expect(plan.bound).toBe(plan.added);
        }),
        { seed: SEED, numRuns: 300 },
      )
      .then(() => expect(feasible).toBeGreaterThan(50));
  });

  it('counts only what must be added to the sites that stand already', async () => {
    const line = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ];
    const weights = [1, 1, 1, 1, 1];
    expect(await placeFewest(question(line, weights), { tools: noSolver })).toMatchObject({ added: 3 });
    const standing = await placeFewest(question(line, weights, { required: [1] }), { tools: noSolver });
    expect(standing).toMatchObject({ open: [0, 1, 3], added: 2, bound: 2 });
    const all = await placeFewest(question(line, weights, { required: [0, 1, 3] }), { tools: noSolver });
    expect(all).toMatchObject({ open: [0, 1, 3], added: 0, bound: 0 });
  });

  it('covers demand without weight too', async () => {
    const plan = await placeFewest(question([[0], [1]], [5, 0]), { tools: noSolver });
    expect(plan.open).toEqual([0, 1]);
  });

  it('names the demand that no allowed site reaches', async () => {
    const problem = question([[0], [1, 2]], [1, 1, 1], { forbidden: [1] });
    const atomName = (atom: number) => ['school', 'market', 'station'][atom];
    await expect(placeFewest(problem, { atomName })).rejects.toThrow(
      new InfeasibleError('no site reaches in time: market, station'),
    );
    const nothing = question([[]], Array<number>(12).fill(1));
    await expect(placeFewest(nothing)).rejects.toThrow('demand atom 9 and 2 more');
  });

  it('proves its answer with the solver on a random city, and bounds it without one beyond the limits', async () => {
    const random = testStream(3);
    const points = Array.from({ length: 200 }, () => {
      return { x: random.uniform(), y: random.uniform(), weight: 1 };
    });
    const sites = points.map(({ x, y }) => [x, y] as const);
    const small = await placeFewest(planarQuestion(sites, points, 0.15, 1), { tools: solverTools });
    expect(small.bound).toBe(small.added);
    const many = Array.from({ length: 500 }, () => {
      return { x: random.uniform(), y: random.uniform(), weight: 1 };
    });
    const large = await placeFewest(
      planarQuestion(
        many.map(({ x, y }) => [x, y] as const),
        many,
        0.2,
        1,
      ),
      { tools: noSolver },
    );
    expect(large.bound).toBeLessThanOrEqual(large.added);
    expect(large.bound).toBeGreaterThan(large.added / 2);
  });
});
