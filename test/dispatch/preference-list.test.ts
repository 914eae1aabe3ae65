/** The town: A A B C C D E E are where units 0 to 7 stand by the scenario, 60 s from letter to letter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricOf } from '../../engine/city/metrics.ts';
import { preferenceList } from '../../engine/dispatch/preference-list.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { NONE } from '../../engine/units.ts';
import { dispatcher, freeAt, frozenView, withParams } from '../support/dispatch-suite.ts';
import { policyTown } from '../support/policy-town.ts';
import { smallCity } from '../support/small-city.ts';

const { city, town, base } = await policyTown();
const preferred = dispatcher(preferenceList, city);

describe('preference by the drive from the base', () => {
  it('takes units in the order of their bases, wherever they are now, lowest first at one base', () => {
    const far = { 0: 10, 1: 20, 2: 30, 3: 40, 4: 50, 5: 60, 6: 70, 7: 80 };
    const left = new Map(Object.entries(far));
    const order: number[] = [];
    while (left.size > 0) {
      const call = { position: town.at('E') };
      const view = frozenView(city, { units: freeAt(Object.fromEntries(left)), call });
      const { unit, reason } = preferred.choose(view);
      expect(reason).toBe('first available by the drive from its base');
      order.push(unit);
      left.delete(String(unit));
    }
    expect(order).toEqual([6, 7, 5, 3, 4, 2, 0, 1]);
  });

  it('is the order of base-to-call times on any subset of units at any junction', () => {
    const router = createRouter(metricOf(city, 'plain', { siren: false }));
    const arbitrary = fc.record({
      mark: fc.constantFrom(...'ABCDE'),
      free: fc.subarray([...city.units.keys()], { minLength: 1 }),
      nowS: fc.array(fc.nat(500), { minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ mark, free, nowS }) => {
        const units = freeAt(Object.fromEntries(free.map((unit) => [unit, nowS[unit]])));
        const position = town.at(mark);
        const homeMs = (unit: number): number => router.timeMs(city.units[unit].home, position);
        const expected = [...free].sort((a, b) => homeMs(a) - homeMs(b) || a - b);
        const { candidates } = preferred.choose(frozenView(city, { units, call: { position } }));
        expect(candidates.map(({ unit }) => unit)).toEqual(expected.slice(0, 3));
      }),
      { seed: 13_500_121, numRuns: 200 },
    );
  });

  it('holds in a run: who stands by the call does not go while the one preferred is free elsewhere', async () => {
    const small = await smallCity('A-----B-----C', {
      units: [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'C' },
      ],
      scenario: { patrol: { type: 'stay-at-post', profile: 'plain' } },
    });
    const record = small.run(
      [
        { atS: 0, place: 'A', onSceneS: 100 }, // west
        { atS: 1, place: 'A', onSceneS: 0 }, // east: there at 121 s, going home
        { atS: 125, place: 'A', onSceneS: 0 }, // west, home again since 100 s; east is 4 s away
        { atS: 126, place: 'C', onSceneS: 0 }, // east
      ],
      { dispatch: withParams(preferenceList, {}) },
    );
    expect(small.rows(record, 'unitDispatched')).toEqual([
      '0 unitDispatched call 0 west',
      '1 unitDispatched call 1 east',
      '125 unitDispatched call 2 west',
      '126 unitDispatched call 3 east',
    ]);
  });
});

describe('preference lists of the scenario', () => {
  const lists = [
    { zones: ['west'], order: ['u3', 'post-A'] },
    { zoneClasses: ['key', 'none'], order: ['post-E', 'u2', 'u6'] },
  ];
  const decide = (zone: number, seconds: Record<number, number>, bases: Record<number, number> = {}) => {
    const units = freeAt(seconds).map((unit, u) => (u in bases ? { ...unit, base: bases[u] } : unit));
    const { candidates, reason } = dispatcher(preferenceList, city, { lists }).choose(
      frozenView(city, { units, call: { zone } }),
    );
    return [...candidates.map(({ unit }) => unit), reason].join(' ');
  };
  const LISTED = 'first available of the list';

  it('are followed in their order, a base standing for everybody who belongs there', () => {
    const all = { 0: 10, 1: 20, 2: 30, 3: 40, 4: 50, 5: 60, 6: 70, 7: 80 };
    expect(decide(0, all)).toBe(`3 0 1 ${LISTED}`);
    expect(decide(1, all)).toBe(`6 7 2 ${LISTED}`);
    expect(decide(NONE, all)).toBe(`6 7 2 ${LISTED}`);
    expect(decide(0, { 1: 20, 4: 10 })).toBe(`1 ${LISTED}`);
    // unit 4 has been moved to A, unit 0 away from it
    expect(decide(0, { 0: 10, 1: 20, 4: 50 }, { 4: base('A'), 0: base('C') })).toBe(`1 4 ${LISTED}`);
  });

  it('give way to the nearest when none of theirs can go', () => {
    expect(decide(0, { 4: 50, 5: 40 })).toBe('5 4 closest: nobody of the list can go');
    expect(decide(0, {})).toBe('no unit available');
  });

  it('name units, bases, zones and classes that exist', () => {
    const wrong = [{ zones: ['wst'], zoneClasses: ['kea'], order: ['u33', 'post-Z'] }];
    expect(preferenceList.check!(preferenceList.params.parse({ lists: wrong }), city)).toEqual([
      { key: 'lists/0/zones/0', message: '"wst" is not a zone (did you mean "west"?)' },
      { key: 'lists/0/zoneClasses/0', message: '"kea" is not a class of zones (did you mean "key"?)' },
      { key: 'lists/0/order/0', message: '"u33" is not a unit or base (did you mean "u3"?)' },
      { key: 'lists/0/order/1', message: '"post-Z" is not a unit or base (did you mean "post-A"?)' },
    ]);
  });
});
