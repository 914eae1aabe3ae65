/** Daskin's expected coverage, against all subsets of busy units. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARE_PARTS, type CoverageModel } from '../../engine/dispatch/coverage.ts';
import { asShare, ExpectedCoverage } from '../../engine/dispatch/expected-coverage.ts';
import { NONE } from '../../engine/units.ts';

/** A model of atoms by weight and, for each base, the atoms that it reaches. */
function modelOf(weights: readonly number[], reached: readonly (readonly number[])[]): CoverageModel {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const first = new Uint32Array(reached.length + 1);
  reached.forEach((atoms, base) => (first[base + 1] = first[base] + atoms.length));
  return {
    nBases: reached.length,
    nAtoms: weights.length,
    weight: Float64Array.from(weights),
    share: Uint32Array.from(weights, (weight) => Math.round((weight / total) * SHARE_PARTS)),
    zone: new Uint32Array(weights.length).fill(NONE),
    covers: { first, atom: Uint32Array.from(reached.flat()) },
    busyFraction: 0,
  };
}

/** Covered share of the demand: the mean over all sets of busy units, each busy with probability q on its own. */
function byAllSubsets(model: CoverageModel, bases: readonly number[], q: number): number {
  const total = model.weight.reduce((sum, weight) => sum + weight, 0);
  const { first, atom } = model.covers;
  let mean = 0;
  for (let busy = 0; busy < 2 ** bases.length; busy++) {
    let probability = 1;
    const covered = new Set<number>();
    bases.forEach((base, u) => {
      const isBusy = ((busy >> u) & 1) === 1;
      probability *= isBusy ? q : 1 - q;
      if (!isBusy) for (const a of atom.subarray(first[base], first[base + 1])) covered.add(a);
    });
    for (const a of covered) mean += (probability * model.weight[a]) / total;
  }
  return mean;
}

const arbitrary = fc
  .record({
    weights: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
    nBases: fc.integer({ min: 1, max: 5 }),
    q: fc.integer({ min: 0, max: 95 }).map((percent) => percent / 100),
  })
  .chain(({ weights, nBases, q }) =>
    fc.record({
      model: fc
        .array(fc.subarray([...weights.keys()]), { minLength: nBases, maxLength: nBases })
        .map((reached) => modelOf(weights, reached)),
      q: fc.constant(q),
      units: fc.array(fc.nat(nBases - 1), { minLength: 1, maxLength: 8 }),
      extra: fc.nat(nBases - 1),
    }),
  );
const RUNS = { seed: 13_500_131, numRuns: 300 };
/** Rounding of demand and probability, each to 2^-26, for at most 8 atoms and 9 units. */
const CLOSE = 8 * 9 * 2 ** -25;

describe('expected coverage', () => {
  it('is the mean over all subsets of busy units', () => {
    fc.assert(
      fc.property(arbitrary, ({ model, q, units }) => {
        const expected = new ExpectedCoverage(model, q, units.length + 1).of(units);
        expect(Math.abs(asShare(expected.total()) - byAllSubsets(model, units, q))).toBeLessThan(CLOSE);
      }),
      RUNS,
    );
  });

  it('grows by the gain of one more unit, and falls by the loss of one less, by brute force', () => {
    fc.assert(
      fc.property(arbitrary, ({ model, q, units, extra }) => {
        const expected = new ExpectedCoverage(model, q, units.length + 1).of(units);
        const now = byAllSubsets(model, units, q);
        const more = byAllSubsets(model, [...units, extra], q);
        const less = byAllSubsets(model, units.slice(1), q);
        expect(Math.abs(asShare(expected.gain(extra)) - (more - now))).toBeLessThan(CLOSE);
        expect(Math.abs(asShare(expected.loss(units[0])) - (now - less))).toBeLessThan(CLOSE);
      }),
      RUNS,
    );
  });

  it('adds up to the last bit, in any order of units', () => {
    fc.assert(
      fc.property(arbitrary, ({ model, q, units, extra }) => {
        const expected = new ExpectedCoverage(model, q, units.length + 1).of(units);
        const total = expected.total();
        const gain = expected.gain(extra);
        expect(expected.of([extra, ...units].reverse()).total()).toBe(total + gain);
        expect(expected.loss(extra)).toBe(gain);
        expect(Number.isSafeInteger(total + gain)).toBe(true);
      }),
      RUNS,
    );
  });

  it('by hand: three units, two of them on the same demand, busy half of the time', () => {
    // atom 0 (weight 1) by base 0, atom 1 (weight 3) by both
    const model = modelOf([1, 3], [[0, 1], [1]]);
    const expected = new ExpectedCoverage(model, 0.5, 4).of([0, 1, 1]);
    expect(asShare(expected.total())).toBe((1 * 0.5 + 3 * 0.875) / 4);
    expect(asShare(expected.gain(0))).toBe((1 * 0.25 + 3 * 0.0625) / 4);
    expect(asShare(expected.loss(1))).toBe((3 * 0.125) / 4);
  });
});
