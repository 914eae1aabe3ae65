import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, FORBIDDEN } from '../../engine/move-up/assignment.ts';

/** Every way to give each place a unit of its own, in lexicographic order. */
function* allWays(nUnits: number, nPlaces: number, taken: number[] = []): Generator<number[]> {
  if (taken.length === nPlaces) {
    yield [...taken];
    return;
  }
  for (let unit = 0; unit < nUnits; unit++) {
    if (!taken.includes(unit)) yield* allWays(nUnits, nPlaces, [...taken, unit]);
  }
}

const arbitrary = fc
  .record({ nUnits: fc.integer({ min: 1, max: 6 }), spare: fc.nat(5) })
  .chain(({ nUnits, spare }) => {
    const nPlaces = Math.max(1, nUnits - spare);
    // few distinct costs, so that ties are common
    const cost = fc.oneof(
      { weight: 5, arbitrary: fc.nat(4) },
      { weight: 1, arbitrary: fc.nat(1_000_000) },
      { weight: 1, arbitrary: fc.constant(FORBIDDEN) },
    );
    return fc
      .array(cost, { minLength: nUnits * nPlaces, maxLength: nUnits * nPlaces })
      .map((costs) => ({ nUnits, nPlaces, cost: Float64Array.from(costs) }));
  });

describe('who goes where', () => {
  for (const minimise of ['total', 'longest'] as const) {
    it(`is the best of all ways, the first of them in order of units on a tie (${minimise})`, () => {
      fc.assert(
        fc.property(arbitrary, (problem) => {
          const { nUnits, nPlaces, cost } = problem;
          let best: number[] = [];
          let least = [Infinity, Infinity];
          for (const way of allWays(nUnits, nPlaces)) {
            const costs = way.map((unit, place) => cost[unit * nPlaces + place]);
            const sum = costs.reduce((a, b) => a + b, 0);
            const worth = [minimise === 'longest' ? Math.max(...costs) : 0, sum];
            if (worth[0] < least[0] || (worth[0] === least[0] && worth[1] < least[1]))
              [best, least] = [way, worth];
          }
          expect(assign(problem, minimise)).toEqual(best);
        }),
        { seed: 13_500_141, numRuns: 500 },
      );
    });
  }

  it('by hand: the shorter sum has the longer drive', () => {
    // unit 0: 1 and 5, unit 1: 4 and 9
    const cost = Float64Array.of(1, 5, 4, 9);
    expect(assign({ nUnits: 2, nPlaces: 2, cost }, 'longest')).toEqual([1, 0]); // 4 and 5
    expect(assign({ nUnits: 2, nPlaces: 2, cost: Float64Array.of(1, 6, 4, 8) }, 'total')).toEqual([0, 1]); // 9, not 10
  });

  it('goes on with a hundred units', () => {
    const n = 100;
    const cost = Float64Array.from({ length: n * n }, (_, i) => ((i * 7919) % 1009) + 1);
    const unitOf = assign({ nUnits: n, nPlaces: n, cost }, 'longest');
    expect([...unitOf].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
  });
});
