import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveredUnits, coveringCore } from '../../engine/placement/covering-core.ts';
import { greedySites, interchange } from '../../engine/placement/interchange.ts';
import { lagrangian } from '../../engine/placement/lagrangian.ts';
import { mclpGreedy } from '../../engine/placement/mclp-greedy.ts';
import { solveMclp } from '../../engine/placement/mclp-program.ts';
import { mclp } from '../../engine/placement/mclp.ts';
import { placeSites } from '../../engine/placement/place.ts';
import { loadHighs } from '../../engine/placement/solver.ts';
import {
  arbitraryQuestion,
  bestByTrying,
  everySiteSet,
  noSolver,
  planarQuestion,
  question,
  solverTools,
  weightCovered,
} from '../support/placement-oracle.ts';
import { testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';

const SEED = 20240136;

/** Sites and demand thrown evenly on the unit square. */
function randomPlane(seed: number, nSites: number, nDemand: number, radius: number, open: number) {
  const random = testStream(seed);
  const sites = Array.from({ length: nSites }, () => [random.uniform(), random.uniform()] as const);
  const demand = Array.from({ length: nDemand }, () => {
    return { x: random.uniform(), y: random.uniform(), weight: 1 + random.below(100) };
  });
  return planarQuestion(sites, demand, radius, open);
}

describe('maximal covering', () => {
  it('beats greedy where greedy falls for the largest site', async () => {
    // Site 0 covers most alone, but 1 and 2 share everything between them.
    const problem = question(
      [
        [1, 2, 3, 4],
        [0, 1, 2],
        [3, 4, 5],
      ],
      [1, 1, 1, 1, 1, 1],
      { sites: 2 },
    );
    expect(await placeSites(mclp, problem, solverTools)).toMatchObject({
      open: [1, 2],
      objective: 6,
      bound: 6,
    });
  });

  it('keeps whole weights exact and takes weights of any size', async () => {
    const tiny = question([[0], [1], [2]], [1e-12, 3e-12, 2e-12], { sites: 2 });
    expect((await placeSites(mclp, tiny, solverTools)).open).toEqual([1, 2]);
    const huge = question([[0], [1], [2]], [1e15, 3e15, 2e15], { sites: 2 });
    expect(await placeSites(mclp, huge, solverTools)).toMatchObject({ objective: 5e15, bound: 5e15 });
  });

  it('solves the binary program to the value found by trying every set of sites', () =>
    fc.assert(
      fc.asyncProperty(arbitraryQuestion, async (problem) => {
        const core = coveringCore(problem);
        const count = Math.min(problem.sites - problem.required.length, core.nCandidates);
        const start = greedySites(core, count);
        const answer = await solveMclp(core, count, start, solverTools);
        expect(answer.optimal).toBe(true);
        expect(coveredUnits(core, answer.chosen) / core.scale).toBeCloseTo(bestByTrying(problem), 9);
        expect(answer.boundUnits / core.scale).toBeCloseTo(bestByTrying(problem), 4);
      }),
      { seed: SEED, numRuns: 100 },
    ));

  it('leaves no better plan out when it settles sites by the Lagrangian dual', () => {
    let settled = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const problem = randomPlane(seed, 14, 40, 0.25, 4);
      const core = coveringCore(problem);
      const dual = lagrangian(core, 4, interchange(core, greedySites(core, 4)).chosen);
      const reached = coveredUnits(core, dual.plan);
      everySiteSet({ ...question(Array(core.nCandidates).fill([]), []), sites: 4 }, (chosen) => {
        const units = coveredUnits(core, chosen);
        expect(units).toBeLessThanOrEqual(dual.boundUnits);
        if (units <= reached) return;
        for (const c of chosen) expect(dual.closed[c], `seed ${seed}, site ${c}`).toBe(0);
        for (let c = 0; c < core.nCandidates; c++) {
          if (!chosen.includes(c)) expect(dual.opened[c], `seed ${seed}, site ${c}`).toBe(0);
        }
      });
      for (let c = 0; c < core.nCandidates; c++) settled += dual.closed[c] + dual.opened[c];
    }
    expect(settled).toBeGreaterThan(0);
  });

  it('stops swapping only where no swap covers more', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const problem = randomPlane(seed, 60, 200, 0.15, 6);
      const core = coveringCore(problem);
      const { chosen, settled } = interchange(core, greedySites(core, 6));
      expect(settled).toBe(true);
      const units = coveredUnits(core, chosen);
      expect(units).toBeGreaterThanOrEqual(coveredUnits(core, greedySites(core, 6)));
      for (const out of chosen) {
        for (let c = 0; c < core.nCandidates; c++) {
          if (chosen.includes(c)) continue;
          const swapped = chosen.map((open) => (open === out ? c : open));
          expect(coveredUnits(core, swapped), `seed ${seed}, ${c} for ${out}`).toBeLessThanOrEqual(units);
        }
      }
    }
  });

  it('adds greedily what a plain search for the largest gain adds', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const core = coveringCore(randomPlane(seed, 40, 120, 0.2, 8));
      const plain: number[] = [];
      for (let step = 0; step < 8; step++) {
        let best = -1;
        for (let c = 0; c < core.nCandidates; c++) {
          if (plain.includes(c)) continue;
          if (best < 0 || coveredUnits(core, [...plain, c]) > coveredUnits(core, [...plain, best])) best = c;
        }
        plain.push(best);
      }
      expect(greedySites(core, 8)).toEqual(plain.sort((a, b) => a - b));
    }
  });

  it('gives the same bytes from a solver loaded anew', async () => {
    const problem = randomPlane(2, 120, 400, 0.12, 12);
    const plans = await Promise.all(
      [1, 2].map(() => placeSites(mclp, problem, { loadHighs: () => loadHighs() })),
    );
    expect(plans[0].method).toContain('HiGHS');
    expect(JSON.stringify(plans[1])).toBe(JSON.stringify(plans[0]));
  });

  it('answers questions beyond the exact limits by heuristics with a bound, by their size alone', async () => {
    const problem = randomPlane(7, 600, 3000, 0.2, 10);
    const plan = await placeSites(mclp, problem, noSolver);
    expect(plan.method).toContain('too large for the exact method');
    expect(plan.objective).toBe(weightCovered(problem, plan.open));
    const greedy = await placeSites(mclpGreedy, problem, noSolver);
    expect(plan.objective).toBeGreaterThanOrEqual(greedy.objective);
    expect(plan.bound).toBeLessThan(1.02 * plan.objective);
  });
});

describeWithData('maximal covering in São José dos Campos (Lorena and Pereira 2002)', (data) => {
  const cases = [324, 402, 500].flatMap((size) =>
    [
      [800, 3],
      [800, 5],
      [400, 10],
      [200, 20],
      [150, 40],
    ].map(([radiusM, sites]) => ({ size, radiusM, sites })),
  );

  it.each(cases)('proves the best $sites sites for $size points within $radiusM m', async (instance) => {
    const lines = readFileSync(`${data}/optim/mclp/SJC${instance.size}.txt`, 'utf8').trim().split('\n');
    const points = lines.slice(1).map((line) => line.trim().split(/\s+/).map(Number));
    expect(points.length).toBe(instance.size);
    const problem = planarQuestion(
      points.map(([x, y]) => [x, y] as const),
      points.map(([x, y, weight]) => ({ x, y, weight })),
      instance.radiusM,
      instance.sites,
    );
    const exact = await placeSites(mclp, problem, solverTools);
    const greedy = await placeSites(mclpGreedy, problem, noSolver);
    expect(exact.bound).toBe(exact.objective);
    expect(greedy.objective).toBeLessThanOrEqual(exact.objective);
    expect(greedy.bound).toBeGreaterThanOrEqual(exact.objective);
    expect(greedy.objective, 'share of the best that greedy with swaps reaches').toBeGreaterThan(
      0.94 * exact.objective,
    );
    expect(greedy.bound, 'the bound without a solver').toBeLessThan(1.01 * exact.objective);
  });
});
