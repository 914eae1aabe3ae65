/**
 * The town: units 0 to 7 at home at A A B C C D E E, 60 s from letter to letter. The west zone (core) is the street from
 * A to half way from B to C, 90 s of it; the east zone (key) the street from half way from C to D to E.
 */
import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import { keepCoreCovered } from '../../engine/move-up/keep-core-covered.ts';
import { frozenMoveUpView, mover, withParams, type MoveUpCase } from '../support/move-up-suite.ts';
import { policyTown } from '../support/policy-town.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity } from '../support/small-city.ts';

const { city, base } = await policyTown();
const { ids } = basesOf(city);
/** In 60 s A reaches two thirds of the west zone's street and B all of it, E and D likewise in the east, C a third of each. */
const BOTH = { classes: ['core', 'key'], withinS: 60 };

/** `2-A`: who goes where; then why; then what is amiss. */
function decide(
  moment: Partial<MoveUpCase> & { free: readonly number[] },
  params: object = BOTH,
): string | null {
  const view = frozenMoveUpView(city, { trigger: 'sent', unit: 7, ...moment });
  const decision = mover(keepCoreCovered, city, params).decide!(view);
  if (decision === null) return null;
  const moves = decision.moves.map(({ unit, base }) => `${unit}-${ids[base].slice(5)}`);
  const { reason, shortfall } = decision;
  return [...moves, reason, ...(shortfall === null ? [] : [`[${shortfall}]`])].join(' ');
}

describe('core zones kept covered', () => {
  it('moves nobody while a free unit covers each of them', () => {
    expect(decide({ free: [0, 6] })).toBeNull();
    expect(decide({ free: [2, 5] })).toBeNull();
    expect(decide({ free: [0], trigger: 'freed' }, { withinS: 60 })).toBeNull();
  });

  it('sends the nearest unit that can be spared to the nearest base that covers the zone', () => {
    // 3 and 4 cover nothing: one of them goes to B, 60 s
    expect(decide({ free: [3, 4, 5] })).toBe('3-B to cover west');
    expect(decide({ free: [0, 1, 3] })).toBe('3-D to cover east');
    // of two in the west one can go, the nearer: 2 from B to D 120 s, 0 from A 180 s
    expect(decide({ free: [0, 2] })).toBe('2-D to cover east');
  });

  it('does not uncover one zone for another, and tells what is missing', () => {
    expect(decide({ free: [0] })).toBe('nobody can restore cover [east: no unit can be spared]');
    expect(decide({ free: [] })).toBe(
      'nobody can restore cover [west: no unit can be spared; east: no unit can be spared]',
    );
    expect(decide({ free: [3] })).toBe('3-B to cover west [east: no unit can be spared]');
    expect(decide({ free: [3], cutOff: [base('A'), base('B')] })).toBe(
      '3-D to cover east [west: no unit can be spared]',
    );
  });

  it('says so where no base is near enough', () => {
    expect(decide({ free: [0, 1, 2] }, { classes: ['core'], withinS: 80, roadShare: 1 })).toBeNull(); // B: 60 s at most
    expect(decide({ free: [0, 1, 2] }, { classes: ['core'], withinS: 20, roadShare: 1 })).toBe(
      'nobody can restore cover [west: no base reaches it in time]',
    );
  });

  it('lets a unit go home as soon as that uncovers nothing', () => {
    const away = { 3: base('B') };
    expect(decide({ free: [3, 5], bases: away })).toBeNull();
    expect(decide({ trigger: 'freed', unit: 0, free: [0, 3, 5], bases: away })).toBe(
      '3-C home, as nothing is uncovered by it',
    );
    expect(decide({ free: [0, 3, 4], bases: away })).toBe(
      '4-D 3-C to cover east; home, as nothing is uncovered by it',
    );
  });

  it('takes the time from the standard, one minute for a core zone', () => {
    // A reaches 60 of 90 s of street, B all 60 s to A and 30 s to the end: all of it
    expect(decide({ free: [2, 6] }, { roadShare: 0.9 })).toBeNull();
    expect(decide({ free: [0, 6] }, { roadShare: 0.9 })).toBe('0-B to cover west');
  });

  it('must name classes of zones that there are', () => {
    expect(keepCoreCovered.check!(keepCoreCovered.params.parse({ classes: ['cor'] }), city)).toEqual([
      { key: 'classes', message: 'no zone has any of these classes (classes in use: core, key)' },
    ]);
  });

  it('in a run covers the core from elsewhere while its own unit is away', async () => {
    const small = await smallCity('A-----B-----C', {
      units: [
        { id: 'core', at: 'A' },
        { id: 'other', at: 'C' },
      ],
      scenario: {
        zones: [{ id: 'z', class: 'core', polygon: [box(-1, -1, 3, 1)] }],
        patrol: { type: 'stay-at-post', profile: 'plain' },
        run: { start: '2026-03-02T00:00', durationS: 7200, replications: 1, seed: 1 },
      },
    });
    const record = small.run(
      [
        { atS: 100, place: 'A', onSceneS: 300 }, // other: at A from 220 s on, home again when core is free
        { atS: 300, place: 'A', onSceneS: 10 },
      ],
      { moveUp: withParams(keepCoreCovered, { withinS: 60 }) },
    );
    expect(small.rows(record, 'unitArrived', 'moveUp')).toEqual([
      '100 unitArrived call 0 core',
      '100 moveUp other',
      '300 unitArrived call 1 other',
      '300 moveUp', // nobody is left for the core
      '400 moveUp other',
    ]);
  });
});
