/** A policy that answers nonsense stops the run, and the error says which policy, what it was asked, and when. */
import { describe, expect, it } from 'vitest';
import { closestAvailable } from '../../engine/dispatch/closest-available.ts';
import { NONSENSE_DISPATCH, NONSENSE_MOVE_UP, NONSENSE_RELIEF } from '../support/nonsense-policies.ts';
import { smallCity } from '../support/small-city.ts';

// the last unit is on duty on Sundays only; the run is a Monday
const town = () =>
  smallCity('A---B---C', {
    units: [
      { id: 'west', at: 'A' },
      { id: 'east', at: 'C' },
      { id: 'sunday', at: 'B', shifts: ['sunday'] },
    ],
    scenario: {
      shifts: [
        { id: 'all', startS: 0, endS: 86400 },
        { id: 'sunday', startS: 0, endS: 86400, days: ['sun'] },
      ],
    },
  });
const CALLS = [
  { atS: 0, place: 'A', onSceneS: 900 },
  { atS: 60, place: 'B', onSceneS: 10 },
  { atS: 65, place: 'A', onSceneS: 900 },
];

describe('a dispatch policy', () => {
  it.each(NONSENSE_DISPATCH.map((policy) => [policy.type, policy] as const))(
    'that %s stops the run',
    async (type, dispatch) => {
      const small = await town();
      expect(() => small.run(CALLS, { dispatch })).toThrow(
        new RegExp(`dispatch policy ${type}, asked for call 1 at 60000 ms,`),
      );
    },
  );

  it.each(NONSENSE_RELIEF.map((policy) => [policy.type, policy] as const))(
    'that %s stops the run',
    async (type, dispatch) => {
      const small = await town();
      expect(() => small.run(CALLS, { dispatch })).toThrow(
        new RegExp(`dispatch policy ${type}, asked whom the freed unit \\w+ relieves at \\d+ ms,`),
      );
    },
  );
});

describe('a move-up policy', () => {
  it.each(NONSENSE_MOVE_UP.map((policy) => [policy.type, policy] as const))(
    'that %s stops the run',
    async (type, moveUp) => {
      const small = await town();
      expect(() => small.run(CALLS, { moveUp })).toThrow(
        new RegExp(`move-up policy ${type}, asked after unit \\w+ was \\w+ at \\d+ ms,`),
      );
    },
  );

  it('is not asked where none is needed', async () => {
    const small = await town();
    expect(small.rows(small.run(CALLS, { dispatch: closestAvailable }), 'moveUp')).toEqual([]);
  });
});
