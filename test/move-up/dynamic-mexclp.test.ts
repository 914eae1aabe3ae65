/**
 * Where a freed unit adds most, by hand: demand of 1 at A, 2 at C and 5 at E, bases 60 s apart, in time within 60 s.
 * Base A reaches A; B reaches A and C; C reaches C; D reaches C and E; E reaches E. Units are busy half of the time.
 */
import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import { dynamicMexclp } from '../../engine/move-up/dynamic-mexclp.ts';
import { frozenMoveUpView, mover, withParams, type MoveUpCase } from '../support/move-up-suite.ts';
import { demandAt, policyTown } from '../support/policy-town.ts';
import { smallCity } from '../support/small-city.ts';

const { city, base } = await policyTown(demandAt({ A: 1, C: 2, E: 5 }));
const { ids } = basesOf(city);
const HALF = { busyFraction: 0.5, targetS: 60 };

/** `to D: D 0.4375, E 0.3125…`, bases with the share of demand they gain. */
function decide(
  moment: Partial<MoveUpCase> & { free: readonly number[] },
  params: object = HALF,
): string | null {
  const view = frozenMoveUpView(city, { trigger: 'freed', unit: 0, ...moment });
  const decision = mover(dynamicMexclp, city, params).decide!(view);
  if (decision === null) return null;
  expect(decision.moves.every(({ unit }) => unit === view.unit)).toBe(true);
  const [move] = decision.moves;
  const told = decision.candidates.map((c) => `${ids[c.base].slice(5)} ${c.value.toFixed(4)}`).join(', ');
  return `${move === undefined ? 'stays' : `to ${ids[move.base].slice(5)}`}: ${told}`;
}

describe('dynamic MEXCLP', () => {
  it('sends a freed unit where it adds most to the others', () => {
    // alone: D covers 7 of 8, E 5, B 3; half of the time
    expect(decide({ free: [0] })).toBe('to D: D 0.4375, E 0.3125, B 0.1875');
    // unit 5 at D: E and C count half; B gains 1/2 x 1 + 1/4 x 2
    expect(decide({ free: [0, 5] })).toBe('to D: D 0.2188, E 0.1563, B 0.1250');
    // 5, 6 and 7: E counts a sixteenth, and the west end comes first
    expect(decide({ free: [0, 5, 6, 7] })).toBe('to B: B 0.1250, D 0.1016, A 0.0625');
  });

  it('counts the others where they belong now, not the unit itself', () => {
    expect(decide({ free: [0, 5], bases: { 5: base('B') } })).toBe('to D: D 0.3750, E 0.3125, B 0.0938');
    expect(decide({ free: [0], bases: { 0: base('D') } })).toBe('stays: D 0.4375, E 0.3125, B 0.1875');
  });

  it('takes of equally good bases the one it reaches first, then the lowest', () => {
    const even = { busyFraction: 0.5, targetS: 0, bases: ['post-B', 'post-D', 'post-C'] };
    // within 0 s only C reaches any demand of the three; B and D gain nothing
    expect(decide({ free: [0] }, { ...even, bases: ['post-D', 'post-B'] })).toBe('to B: B 0.0000, D 0.0000');
    expect(decide({ free: [0], at: { 0: base('E') } }, { ...even, bases: ['post-B', 'post-D'] })).toBe(
      'to D: D 0.0000, B 0.0000',
    );
    expect(decide({ free: [0], at: { 0: base('C') } }, { ...even, bases: ['post-D', 'post-B'] })).toBe(
      'to B: B 0.0000, D 0.0000',
    );
  });

  it('moves nobody else, and nobody when nobody was freed', () => {
    for (const trigger of ['sent', 'onDuty', 'offDuty'] as const)
      expect(decide({ trigger, free: [0, 1] })).toBeNull();
    expect(decide({ free: [1, 2] })).toBeNull(); // a break keeps the freed unit
  });

  it('sends nobody where there is no way, and says so', () => {
    const cutOff = [base('D'), base('E')];
    expect(decide({ free: [0], cutOff })).toBe('to B: B 0.1875, C 0.1250, A 0.0625');
    const view = frozenMoveUpView(city, { trigger: 'freed', unit: 0, free: [0], cutOff: [0, 1, 2, 3, 4] });
    expect(mover(dynamicMexclp, city, HALF).decide!(view)).toEqual({
      moves: [],
      reason: 'no base can be reached',
      candidates: [],
      shortfall: 'the unit has no way to any base',
    });
  });

  it('names bases that exist', () => {
    const asked = dynamicMexclp.params.parse({ ...HALF, bases: ['post-A', 'post-X'] });
    expect(dynamicMexclp.check!(asked, city)).toEqual([
      { key: 'bases/1', message: '"post-X" is not a base (did you mean "post-A"?)' },
    ]);
  });

  it('in a run lets a unit stand where the demand is until it is called away', async () => {
    const keys = demandAt({ A: 1, C: 2, E: 5 });
    const small = await smallCity('A-----B-----C-----D-----E', {
      units: [
        { id: 'one', at: 'A' },
        ...['B', 'C', 'D', 'E'].map((at) => ({ id: `never-${at}`, at, shifts: ['late'] })),
      ],
      scenario: {
        ...keys.scenario,
        shifts: [
          { id: 'all', startS: 0, endS: 86_400 },
          { id: 'late', startS: 80_000, endS: 86_400 },
        ],
        patrol: { type: 'stay-at-post', profile: 'plain' },
      },
      files: keys.files!,
    });
    const record = small.run(
      [
        { atS: 0, place: 'A', onSceneS: 100 }, // then to D: 180 s
        { atS: 500, place: 'E', onSceneS: 100 }, // 60 s from D, and back
        { atS: 900, place: 'D', onSceneS: 100 },
      ],
      { moveUp: withParams(dynamicMexclp, HALF) },
    );
    expect(small.rows(record, 'moveUp', 'unitArrived').filter((row) => !row.includes('never'))).toEqual([
      '0 unitArrived call 0 one',
      '100 moveUp one',
      '560 unitArrived call 1 one',
      '900 unitArrived call 2 one',
    ]);
  });
});
