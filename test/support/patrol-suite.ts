/** What every patrol policy must do, whatever its aim. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatrolPlan, PatrolPolicy, PatrolProblem } from '../../engine/patrol/patrol.ts';
import { planPatrol } from '../../engine/patrol/plan-check.ts';
import { map, type Town } from './ascii-map.ts';
import { patrolProblem, type PatrolTown } from './patrol-town.ts';

export const PATROL_GRID = `
  A---B---C---D
  | 1 |   |   |
  E---F---G---H
  |   | 2 |   |
  I---J---K---L
  |   |   | 3 |
  M---N---O---P`;

const MARKS = [...'ABCDEFGHIJKLMNOP123'];
const STREETS = 'AB BC CD EF FG GH IJ JK KL MN NO OP AE EI IM BF FJ JN CG GK KO DH HL LP'.split(' ');

/** Patrol tasks on the grid, drawn at random: points, lines one way and both, units and shifts. */
export const arbitraryPatrol: fc.Arbitrary<PatrolTown> = fc.record({
  shiftsMin: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 2 }),
  homes: fc.array(fc.constantFrom(...MARKS), { maxLength: 4 }).map((marks) => marks.join('')),
  points: fc.array(
    fc.record({
      mark: fc.constantFrom(...MARKS),
      visits: fc.integer({ min: 0, max: 5 }),
      dwellS: fc.integer({ min: 0, max: 600 }),
    }),
    { maxLength: 8 },
  ),
  lines: fc.array(
    fc.record({
      walk: fc
        .tuple(fc.constantFrom(...STREETS), fc.boolean())
        .map(([s, turned]) => (turned ? s[1] + s[0] : s)),
      passes: fc.integer({ min: 0, max: 3 }),
      direction: fc.constantFrom('along' as const, 'both' as const),
      noWayBack: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

/** How many visits and passes a plan left out. */
export const unplannedCount = (plan: PatrolPlan): number =>
  plan.unplanned.reduce((sum, { count }) => sum + count, 0);

export function describePatrolPolicy(policy: PatrolPolicy): void {
  describe(`patrol policy ${policy.type}`, () => {
    const planned = (town: Town, options: PatrolTown): PatrolPlan =>
      planPatrol(policy, patrolProblem(town, options));

    it('accounts for every asked visit and pass in a plan that can be driven', async () => {
      const town = await map(PATROL_GRID, {
        BF: { oneway: true },
        KJ: { oneway: true },
        OP: { oneway: true },
      });
      fc.assert(
        fc.property(arbitraryPatrol, (options) => {
          const onOpenStreets = (options.lines ?? []).filter(
            ({ walk }) => !['FB', 'JK', 'PO'].includes(walk),
          );
          // planPatrol throws where a quota, a drive or a time does not add up
          const plan = planned(town, { ...options, lines: onOpenStreets });
          expect(plan.policy).toBe(policy.type);
        }),
        { seed: 13_500_001, numRuns: 100 },
      );
    });

    it('gives the same plan for the same problem and leaves the problem as it was', async () => {
      const town = await map(PATROL_GRID);
      fc.assert(
        fc.property(arbitraryPatrol, (options) => {
          const problem: PatrolProblem = patrolProblem(town, options);
          const { router, ...places } = problem;
          const before = JSON.stringify(places);
          const plan = planPatrol(policy, problem);
          expect(JSON.stringify({ ...problem, router: undefined })).toBe(before);
          expect(planPatrol(policy, { ...places, router })).toEqual(plan);
          expect(planned(town, options)).toEqual(plan);
        }),
        { seed: 13_500_002, numRuns: 30 },
      );
    });

    it('plans nothing where nothing is asked', async () => {
      const town = await map(PATROL_GRID);
      const options = {
        homes: 'AP',
        points: [{ mark: '1', visits: 0 }],
        lines: [{ walk: 'AB', passes: 0, direction: 'both' as const }],
      };
      expect(planned(town, options)).toEqual({ policy: policy.type, duties: [], unplanned: [] });
    });

    it('lists everything as not planned in a shift without units', async () => {
      const town = await map(PATROL_GRID);
      const plan = planned(town, {
        shiftsMin: [480, 480],
        units: [{ home: 'A', shifts: [0] }],
        points: [{ mark: '1', visits: 2 }],
        lines: [{ walk: 'EFG', passes: 3, direction: 'both' }],
      });
      const night = plan.unplanned.filter(({ shift }) => shift === 1);
      expect(night.map(({ count }) => count)).toEqual([2, 3, 3]);
      expect(plan.duties.every(({ shift }) => shift === 0)).toBe(true);
    });

    it('has a name and says what it does', () => {
      expect(policy.type).toMatch(/^[a-z0-9-]+$/);
      expect(policy.about.length).toBeGreaterThan(20);
    });
  });
}
