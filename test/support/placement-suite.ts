/** What every placement model must do, whatever its method. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InfeasibleError } from '../../engine/errors.ts';
import { placeSites } from '../../engine/placement/place.ts';
import type { PlacementModel, PlacementProblem } from '../../engine/placement/placement.ts';
import { arbitraryQuestion, bestByTrying, question, solverTools, weightCovered } from './placement-oracle.ts';

const SEED = 20240135;

/** @param exact  whether the model promises the best plan on small questions */
export function describePlacementModel(model: PlacementModel, { exact }: { exact: boolean }): void {
  const place = (problem: PlacementProblem) => placeSites(model, problem, solverTools);
  const always = (check: (problem: PlacementProblem) => Promise<void>) =>
    fc.assert(fc.asyncProperty(arbitraryQuestion, check), { seed: SEED, numRuns: 150 });

  describe(`placement model ${model.type}`, () => {
    it('opens as many distinct sites as asked, all required ones and no forbidden one', () =>
      always(async (problem) => {
        const { open } = await place(problem);
        expect(new Set(open).size).toBe(problem.sites);
        expect(open).toEqual([...open].sort((a, b) => a - b));
        for (const c of problem.required) expect(open).toContain(c);
        for (const c of problem.forbidden) expect(open).not.toContain(c);
      }));

    it('reports the weight that its sites cover', () =>
      always(async (problem) => {
        const plan = await place(problem);
        expect(plan.objective).toBe(weightCovered(problem, plan.open));
        expect(plan.model).toBe(model.type);
      }));

    it('never claims less than any set of sites reaches, nor reaches less than it claims to have proven', () =>
      always(async (problem) => {
        const plan = await place(problem);
        const best = bestByTrying(problem);
        const rounding = 2 ** -40 * problem.weights.reduce((sum, weight) => sum + weight, 0);
        expect(plan.bound).toBeGreaterThanOrEqual(best - rounding);
        expect(plan.bound).toBeGreaterThanOrEqual(plan.objective);
        if (exact || plan.bound === plan.objective) expect(plan.objective).toBeCloseTo(best, 9);
        if (exact) expect(plan.bound).toBe(plan.objective);
      }));

    it('gives the same plan for the same question', () =>
      always(async (problem) => {
        expect(await place(problem)).toEqual(await place(problem));
      }));

    if (exact) {
      it('covers no less with one site more', () =>
        always(async (problem) => {
          if (problem.sites === problem.candidates.length - problem.forbidden.length) return;
          const more = await place({ ...problem, sites: problem.sites + 1 });
          expect(more.objective).toBeGreaterThanOrEqual((await place(problem)).objective - 1e-9);
        }));

      it('covers as much when the candidates are numbered the other way round', () =>
        always(async (problem) => {
          const turned = turnRound(problem);
          expect((await place(turned)).objective).toBeCloseTo((await place(problem)).objective, 9);
        }));

      it('opens the lower-numbered of two sites that cover the same', async () => {
        expect((await place(question([[0], [0, 1], [0, 1]], [1, 1]))).open).toEqual([1]);
      });
    }

    it('covers nothing, and knows it, where no candidate reaches any demand', async () => {
      const plan = await place(question([[], [], []], [4, 2], { sites: 2 }));
      expect(plan).toMatchObject({ objective: 0, bound: 0 });
    });

    it('says why a question has no answer', async () => {
      const covers = [[0], [1], [0, 1]];
      const ask = (rules: Parameters<typeof question>[2]) => place(question(covers, [1, 1], rules));
      await expect(ask({ sites: 1, required: [0, 1] })).rejects.toThrow(
        new InfeasibleError('1 sites are to open but 2 are required'),
      );
      await expect(ask({ sites: 4 })).rejects.toThrow(
        new InfeasibleError(
          '4 sites are to open but only 3 candidates may be (3 candidates, 0 of them forbidden)',
        ),
      );
      await expect(ask({ sites: 2, forbidden: [0, 2] })).rejects.toThrow(
        'only 1 candidates may be (3 candidates, 2 of them forbidden)',
      );
      await expect(ask({ sites: 2, required: [1, 2], forbidden: [0, 2] })).rejects.toThrow(
        new InfeasibleError('sites both required and forbidden: site 2'),
      );
    });
  });
}

function turnRound(problem: PlacementProblem): PlacementProblem {
  const last = problem.candidates.length - 1;
  const { first, atom } = problem.covers;
  const covers = problem.candidates.map((_, c) => [...atom.slice(first[last - c], first[last - c + 1])]);
  const turned = (list: readonly number[]) => list.map((c) => last - c).reverse();
  return question(covers, [...problem.weights], {
    sites: problem.sites,
    required: turned(problem.required),
    forbidden: turned(problem.forbidden),
  });
}
