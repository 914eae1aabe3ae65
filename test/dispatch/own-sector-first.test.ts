/** The town: units 0, 1 and 2 have the west zone (0) as their sector, 2, 5, 6 and 7 the east zone (1), 3 and 4 none. */
import { describe, expect, it } from 'vitest';
import { ownSectorFirst } from '../../engine/dispatch/own-sector-first.ts';
import { NONE } from '../../engine/units.ts';
import { dispatcher, freeAt, frozenView } from '../support/dispatch-suite.ts';
import { policyTown } from '../support/policy-town.ts';

const { city } = await policyTown();

/** `3:10 0:100 own sector`: candidates with their seconds, the one that goes first, and why. */
function decided(zone: number, seconds: Record<number, number>, params: object = {}): string {
  const view = frozenView(city, { units: freeAt(seconds), call: { zone } });
  const { candidates, reason } = dispatcher(ownSectorFirst, city, params).choose(view);
  const told = candidates.map(({ unit, travelTimeMs }) => `${unit}:${travelTimeMs / 1000}`);
  return [...told, reason].join(' ');
}

describe("the own sector's unit first", () => {
  it("goes before a nearer one of somebody else's, up to the threshold and not beyond", () => {
    expect(decided(0, { 0: 100, 3: 10 })).toBe('0:100 3:10 own sector');
    expect(decided(0, { 0: 130, 3: 10 })).toBe('0:130 3:10 own sector');
    expect(decided(0, { 0: 131, 3: 10 })).toBe('3:10 0:131 closest: the own unit is too far');
    expect(decided(0, { 0: 100, 3: 10 }, { withinS: 30 })).toBe(
      '3:10 0:100 closest: the own unit is too far',
    );
  });

  it('goes as well when it is there within maxS, however near others are', () => {
    expect(decided(0, { 0: 300, 3: 10 }, { maxS: 300 })).toBe('0:300 3:10 own sector');
    expect(decided(0, { 0: 301, 3: 10 }, { maxS: 300 })).toMatch(/^3:10 /);
  });

  it('is the fastest of the sector, lowest on a tie', () => {
    expect(decided(0, { 0: 50, 1: 40, 2: 40, 3: 10 })).toBe('1:40 3:10 2:40 own sector');
    expect(decided(1, { 0: 50, 2: 40, 7: 30 })).toBe('7:30 2:40 0:50 own sector');
  });

  it('leaves calls to the nearest where the sector has nobody to send, or the call no sector', () => {
    expect(decided(0, { 3: 20, 6: 30 })).toBe('3:20 6:30 closest: no unit of the sector is available');
    expect(decided(NONE, { 0: 30, 3: 20 })).toBe('3:20 0:30 closest: the call lies in no sector');
  });

  it('is refused where no unit has a sector', () => {
    const without = { ...city, units: city.units.map((unit) => ({ ...unit, sector: [] })) };
    expect(ownSectorFirst.check!(ownSectorFirst.params.parse({}), without)).toEqual([
      { key: 'type', message: 'no unit lists zones as its sector, so no call has a unit of its own' },
    ]);
  });
});
