/**
 * Who costs the least coverage, by hand: demand of 1 at A, 2 at C and 5 at E, bases 60 s apart, in time within 60 s.
 * Base B reaches A and C, C reaches C, D reaches C and E, E reaches E. Units are busy half of the time.
 */
import { describe, expect, it } from 'vitest';
import { closestAvailable } from '../../engine/dispatch/closest-available.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import { maximalCoverage } from '../../engine/dispatch/maximal-coverage.ts';
import { NONE } from '../../engine/units.ts';
import { dispatcher, freeAt, frozenView, withParams, type DispatchCase } from '../support/dispatch-suite.ts';
import { demandAt, policyTown } from '../support/policy-town.ts';
import { smallCity } from '../support/small-city.ts';

const { city } = await policyTown(demandAt({ A: 1, C: 2, E: 5 }));
const HALF = { busyFraction: 0.5, targetS: 60 };

const decide = (dispatchCase: DispatchCase, params: object = HALF): string => {
  const { unit, reason, candidates } = dispatcher(maximalCoverage, city, params).choose(
    frozenView(city, dispatchCase),
  );
  expect(unit).toBe(candidates[0]?.unit ?? NONE);
  return `${candidates.map((c) => c.unit).join(' ')}: ${reason}`;
};

describe('maximal remaining coverage', () => {
  // unit 2 at B, 3 at C, 5 at D: one unit covers A, three cover C, one covers E. Of the demand of 8, unit 2 costs
  // 1/2 x 1 + 1/8 x 2, unit 3 costs 1/8 x 2, unit 5 costs 1/8 x 2 + 1/2 x 5
  it('sends of the units in time the one that costs least, however near others are', () => {
    expect(decide({ units: freeAt({ 2: 20, 3: 60, 5: 10 }) })).toBe(
      '3 2 5: costs least coverage (3.13 %), in time',
    );
    expect(decide({ units: freeAt({ 2: 20, 3: 61, 5: 10 }) })).toBe(
      '2 5: costs least coverage (9.38 %), in time',
    );
    expect(decide({ units: freeAt({ 2: 61, 3: 61, 5: 60 }) })).toBe(
      '5: costs least coverage (34.38 %), in time',
    );
  });

  it('sends the one that costs least of the late ones when nobody is in time, or the nearest', () => {
    const late = { units: freeAt({ 2: 61, 3: 200, 5: 100 }) };
    expect(decide(late)).toBe('3 2 5: costs least coverage (3.13 %), nobody is in time');
    expect(decide(late, { ...HALF, late: 'closest' })).toBe('2 5 3: closest: nobody is in time');
  });

  it('counts the time that the call has waited', () => {
    const units = freeAt({ 2: 20, 3: 40, 5: 10 });
    expect(decide({ units, call: { waitedMs: 20_000 } })).toMatch(/^3 2 5: .*, in time/);
    expect(decide({ units, call: { waitedMs: 20_001 } })).toMatch(/^2 5: .*, in time/);
    expect(decide({ units, call: { waitedMs: 50_001 } })).toMatch(/^3 2 5: .*, nobody is in time/);
  });

  it('sends the nearest, then the lowest, of those that cost the same', () => {
    // 3 and 4 at C; 6 and 7 at E
    expect(decide({ units: freeAt({ 3: 30, 4: 20, 6: 10 }) })).toMatch(/^4 3 6/);
    expect(decide({ units: freeAt({ 3: 20, 4: 20, 6: 10 }) })).toMatch(/^3 4 6/);
  });

  it('counts units that may not go as cover, and units at the base where they belong now', () => {
    // without unit 6 at E, unit 5 is the only one for E; with it, though it lacks the skill, it costs half of that
    const units = freeAt({ 2: 20, 5: 10 });
    expect(decide({ units })).toMatch(/^2 5: costs least coverage \(12.50 %\)/); // (1/2 x 1 + 1/4 x 2) / 8
    units[6] = { doing: 'unskilled', travelTimeMs: 0 };
    expect(decide({ units })).toMatch(/^2 5: /);
    units[7] = { doing: 'unskilled', travelTimeMs: 0 };
    // two others cover E: unit 5 costs (1/4 x 2 + 1/8 x 5) / 8, still more than unit 2
    expect(decide({ units })).toMatch(/^2 5: /);
    units[3] = { doing: 'unskilled', travelTimeMs: 0, base: 7 - 3 };
    // three others cover E: (1/4 x 2 + 1/16 x 5) / 8, less than unit 2
    expect(decide({ units })).toMatch(/^5 2: costs least coverage \(10.16 %\)/);
  });

  it('sends the nearest where no clause sets a time, and is refused where there is nothing to weigh', async () => {
    const standard = {
      id: 'core-only',
      clauses: [
        {
          id: 'core',
          selector: { zoneClass: ['core'] },
          event: 'firstArrival',
          clockStart: 'enRoute',
          thresholdS: 60,
          targetShare: 0.9,
        },
      ],
    };
    const keys = demandAt({ A: 1, C: 2, E: 5 });
    const core = await policyTown({ ...keys, scenario: { ...keys.scenario, standards: [standard] } });
    const atWork = dispatcher(maximalCoverage, core.city, { busyFraction: 0.5 });
    const units = freeAt({ 2: 20, 3: 40, 5: 10 });
    const reasonIn = (zone: number): string =>
      atWork.choose(frozenView(core.city, { units, call: { zone } })).reason;
    expect(reasonIn(0)).toMatch(/^costs least/);
    expect(reasonIn(1)).toBe('closest: no time is set for such calls');

    const without = { ...city, sources: [] };
    expect(maximalCoverage.check!(maximalCoverage.params.parse({}), without)).toEqual([
      {
        key: 'type',
        message:
          'it weighs the demand that units cover, but the demand has no sources (calls that are replayed are not known beforehand)',
      },
    ]);
  });

  it('in a run keeps the only unit of the busy end where it is', async () => {
    // the call lies half way between both units, of which the east one alone covers most of the demand
    const keys = demandAt({ E: 9, A: 1 });
    const small = await smallCity('A-----B-----C-----D-----E', {
      units: [
        { id: 'east', at: 'D' },
        { id: 'west', at: 'B' },
      ],
      scenario: { ...keys.scenario, patrol: { type: 'stay-at-post', profile: 'plain' } },
      files: keys.files!,
    });
    const calls = [
      { atS: 0, place: 'C', onSceneS: 10 },
      { atS: 1, place: 'E', onSceneS: 10 },
    ];
    const rows = (policy: DispatchPolicy) =>
      small.rows(small.run(calls, { dispatch: policy }), 'unitArrived');
    expect(rows(withParams(maximalCoverage, { busyFraction: 0.3, targetS: 60 }))).toEqual([
      '60 unitArrived call 0 west',
      '61 unitArrived call 1 east',
    ]);
    expect(rows(closestAvailable)).toEqual(['60 unitArrived call 0 east', '181 unitArrived call 1 west']);
  });
});
