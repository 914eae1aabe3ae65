import { describe, expect, it } from 'vitest';
import { mclp } from '../../engine/placement/mclp.ts';
import { placeSites } from '../../engine/placement/place.ts';
import type { PlacementPlan } from '../../engine/placement/placement.ts';
import { verifyFewest, verifyPlan } from '../../engine/placement/verify.ts';
import { noSolver, question } from '../support/placement-oracle.ts';

const problem = question([[0], [1], [0, 2]], [1, 2, 4], { sites: 2, required: [1], forbidden: [0] });
const good: PlacementPlan = { model: 'test', open: [1, 2], objective: 7, bound: 7, method: '' };

describe('the check of a plan', () => {
  it('passes a right plan', () => {
    expect(() => verifyPlan(problem, good)).not.toThrow();
  });

  it.each<[string, Partial<PlacementPlan>, RegExp]>([
    ['a wrong objective', { objective: 6 }, /reports 6 covered, but its sites cover 7/],
    ['a bound below the objective', { bound: 6 }, /bound 6 is below/],
    ['a bound that is no number', { bound: NaN }, /bound NaN/],
    ['a bound above all demand', { bound: 8 }, /above the whole demand 7/],
    ['too few sites', { open: [1] }, /1 sites are open, not 2/],
    ['a site twice', { open: [1, 1] }, /not distinct/],
    ['sites out of order', { open: [2, 1] }, /not distinct and ascending/],
    ['a closed required site', { open: [2] }, /required site 1 is closed/],
    ['an open forbidden site', { open: [0, 1] }, /forbidden site 0 is open/],
    ['a site that is no candidate', { open: [1, 3] }, /3 is not a candidate/],
  ])('fails a plan with %s', (_, change, message) => {
    expect(() => verifyPlan(problem, { ...good, ...change })).toThrow(message);
  });

  it('fails a set of sites that misses an atom or miscounts', () => {
    const plan = { open: [1, 2], added: 1, bound: 1 };
    expect(() => verifyFewest(problem, plan)).not.toThrow();
    expect(() => verifyFewest(problem, { ...plan, open: [1], added: 0, bound: 0 })).toThrow(/not reached/);
    expect(() => verifyFewest(problem, { ...plan, added: 2 })).toThrow(/miscounts/);
    expect(() => verifyFewest(problem, { ...plan, bound: 2 })).toThrow(/bound 2 is above/);
  });

  it('stands between every model and its user', async () => {
    const liar = { ...mclp, place: () => Promise.resolve({ ...good, objective: 99, bound: 99 }) };
    await expect(placeSites(liar, problem, noSolver)).rejects.toThrow('Broken invariant: plan of test');
  });

  it('refuses columns that do not fit together as a bug, not as a question without answer', async () => {
    const broken = { ...problem, covers: { ...problem.covers, atom: Uint32Array.of(0, 1, 2, 0) } };
    await expect(placeSites(mclp, broken, noSolver)).rejects.toThrow(/Broken invariant: .*not ascending/);
    const negative = { ...problem, weights: Float64Array.of(1, -1, 1) };
    await expect(placeSites(mclp, negative, noSolver)).rejects.toThrow(/negative/);
  });
});
