/** Policies that depart from another rule: reserve, pre-emption, re-dispatch; by hand and in whole runs. */
import { describe, expect, it } from 'vitest';
import { DISPATCH_POLICIES } from '../../engine/dispatch/policies.ts';
import { NONE } from '../../engine/units.ts';
import {
  dispatcher,
  freeAt,
  frozenFreedView,
  frozenView,
  withParams,
  type UnitCase,
} from '../support/dispatch-suite.ts';
import { policyTown } from '../support/policy-town.ts';
import { smallCity, type GivenCall, type SmallScenario } from '../support/small-city.ts';

const policy = (type: string) => DISPATCH_POLICIES.find((p) => p.type === type)!;
const { city } = await policyTown();

/** Rows of a run on a drawn street that tell who was sent, held or taken off. */
async function story(
  drawing: string,
  units: SmallScenario['units'],
  type: string,
  params: object,
  calls: GivenCall[],
): Promise<string[]> {
  const small = await smallCity(drawing, {
    units: units!,
    scenario: { patrol: { type: 'stay-at-post', profile: 'plain' } },
  });
  const record = small.run(calls, { dispatch: withParams(policy(type), params) });
  return small.rows(record, 'unitDispatched', 'unitArrived', 'callHeld', 'unitRecalled');
}

describe('units in reserve for urgent calls', () => {
  const decide = (priority: number, units: UnitCase[], params: object = {}) => {
    const view = frozenView(city, { units, call: { priority } });
    const { unit, reason } = dispatcher(policy('reserve-for-urgent'), city, params).choose(view);
    return `${unit === NONE ? '-' : unit} ${reason}`;
  };

  it('are held while as many or fewer are free, against that priority and less urgent ones', () => {
    expect(decide(2, freeAt({ 0: 10, 1: 20 }))).toBe('0 closest available');
    expect(decide(2, freeAt({ 0: 10 }))).toBe('- held for urgent calls: 1 free, 1 kept');
    expect(decide(9, freeAt({ 0: 10 }))).toBe('- held for urgent calls: 1 free, 1 kept');
    expect(decide(1, freeAt({ 0: 10 }))).toBe('0 closest available');
    expect(decide(2, freeAt({}))).toBe('- no unit available');
  });

  it('have a cut-off for each class, the strictest of which holds', () => {
    const cutOffs = [
      { fromPriority: 3, unitsFree: 3 },
      { fromPriority: 2, unitsFree: 1 },
    ];
    const three = freeAt({ 0: 10, 1: 20, 2: 30 });
    expect(decide(3, three, { cutOffs })).toBe('- held for urgent calls: 3 free, 3 kept');
    expect(decide(2, three, { cutOffs })).toBe('0 closest available');
    expect(decide(3, freeAt({ 0: 10, 1: 20, 2: 30, 3: 1 }), { cutOffs })).toBe('3 closest available');
  });

  it('count who is free, with or without the skill, but not whose break the call may end', () => {
    const units = freeAt({ 0: 10 });
    units[1] = { doing: 'unskilled', travelTimeMs: 5000 };
    expect(decide(2, units)).toBe('0 closest available');
    units[1] = { doing: 'resting', travelTimeMs: 50_000 };
    expect(decide(2, units)).toBe('- held for urgent calls: 1 free, 1 kept');
    // who rests was not in reserve, so he may go
    units[1] = { doing: 'resting', travelTimeMs: 5000 };
    expect(decide(2, units)).toBe('1 closest available');
  });

  it('must leave somebody for other calls', () => {
    const reserve = policy('reserve-for-urgent');
    const asked = reserve.params.parse({ cutOffs: [{ fromPriority: 2, unitsFree: 8 }] });
    expect(reserve.check!(asked, city).map(({ key }) => key)).toEqual(['cutOffs/0/unitsFree']);
  });

  it('wait in a run for the urgent call, and the ordinary one until somebody else is free', async () => {
    const rows = await story(
      'A-----B',
      [
        { id: 'first', at: 'A' },
        { id: 'second', at: 'B' },
      ],
      'reserve-for-urgent',
      {},
      [
        { atS: 0, place: 'A', onSceneS: 300, category: 1 },
        { atS: 10, place: 'B', onSceneS: 10, category: 1 },
        { atS: 20, place: 'B', onSceneS: 100 },
      ],
    );
    expect(rows).toEqual([
      '0 unitDispatched call 0 first',
      '0 unitArrived call 0 first',
      '10 callHeld call 1',
      '20 unitDispatched call 2 second',
      '20 unitArrived call 2 second',
      '300 unitDispatched call 1 second', // free since 120 s, but alone
      '300 unitArrived call 1 second',
    ]);
  });
});

describe('pre-emption', () => {
  const busyWith = (priority: number, phase: UnitCase['phase'], seconds: number): UnitCase => ({
    doing: 'engaged',
    onPriority: priority,
    phase: phase!,
    travelTimeMs: seconds * 1000,
  });
  const decide = (units: UnitCase[], params: object = {}, priority = 1) => {
    const view = frozenView(city, { units, call: { priority } });
    const { candidates, reason, unit } = dispatcher(policy('pre-emption'), city, params).choose(view);
    return { who: unit, from: candidates.map((c) => c.unit), reason };
  };

  it('takes the nearest unit off a less urgent call when nobody is available', () => {
    const units = [busyWith(2, 'enRoute', 50), busyWith(3, 'turningOut', 40), busyWith(3, 'onScene', 5)];
    expect(decide(units)).toEqual({
      who: 1,
      from: [1],
      reason: 'taken off call 101 (priority 3, turningOut): nobody is available',
    });
    expect(decide(units, { phases: ['onScene'] }).who).toBe(2);
    expect(decide([busyWith(1, 'enRoute', 50)]).reason).toBe('no unit available');
    expect(decide(units, {}, 2).reason).toBe('no unit available'); // only priority 1 may, unless said otherwise
    expect(decide(units, { urgentPriority: 2 }, 2).who).toBe(1);
  });

  it('lets an available unit go, unless the other is there so much earlier', () => {
    const units: UnitCase[] = [{ doing: 'free', travelTimeMs: 90_000 }, busyWith(2, 'enRoute', 30)];
    expect(decide(units)).toEqual({ who: 0, from: [0], reason: 'closest available' });
    expect(decide(units, { minSavingS: 61 }).who).toBe(0);
    expect(decide(units, { minSavingS: 60 })).toEqual({
      who: 1,
      from: [1, 0],
      reason: 'taken off call 101 (priority 2, enRoute): saves 60 s',
    });
  });

  it('leaves alone a call that is held on purpose', () => {
    const units: UnitCase[] = [{ doing: 'free', travelTimeMs: 90_000 }, busyWith(3, 'enRoute', 30)];
    const then = { type: 'reserve-for-urgent' };
    expect(decide(units, { urgentPriority: 2, then }, 2).reason).toMatch(/^held/);
    expect(decide(units, { urgentPriority: 2, then }, 1).who).toBe(0);
  });

  it('in a run sends the only unit from an ordinary call to an urgent one, and back afterwards', async () => {
    const rows = await story('A----------B', [{ id: 'car', at: 'A' }], 'pre-emption', {}, [
      { atS: 0, place: 'B', onSceneS: 10, category: 1 },
      { atS: 30, place: 'A', onSceneS: 20 }, // 30 s on the way: 30 s back
    ]);
    expect(rows).toEqual([
      '0 unitDispatched call 0 car',
      '30 unitRecalled call 0 car',
      '30 unitDispatched call 1 car',
      '60 unitArrived call 1 car',
      '80 unitDispatched call 0 car',
      '190 unitArrived call 0 car',
    ]);
  });
});

describe('re-dispatch', () => {
  const decide = (
    underway: { call: number; unit: number; priority: number; remainingS: number; ownS: number }[],
    params: object = {},
  ) => {
    const rows = underway.map(({ remainingS, ownS, ...row }) => ({
      ...row,
      remainingMs: remainingS * 1000,
      travelTimeMs: ownS * 1000,
    }));
    const atWork = dispatcher(policy('re-dispatch'), city, params);
    const decision = atWork.onFreed!(frozenFreedView(city, { unit: 0, underway: rows }));
    return decision === null ? null : [decision.call, decision.instead, decision.reason];
  };

  it('relieves who would be there so much later', () => {
    expect(decide([{ call: 20, unit: 3, priority: 2, remainingS: 200, ownS: 140 }])).toEqual([
      20,
      3,
      'freed nearby: saves 60 s',
    ]);
    expect(decide([{ call: 20, unit: 3, priority: 2, remainingS: 200, ownS: 141 }])).toBeNull();
    expect(
      decide([{ call: 20, unit: 3, priority: 2, remainingS: 200, ownS: 141 }], { minSavingS: 59 }),
    ).not.toBeNull();
    expect(decide([])).toBeNull();
  });

  it('prefers the most urgent call, then the larger saving, then the lower call', () => {
    const urgent = { call: 22, unit: 1, priority: 1, remainingS: 100, ownS: 30 };
    const large = { call: 21, unit: 2, priority: 2, remainingS: 300, ownS: 30 };
    const alike = { ...large, call: 23, unit: 4 };
    expect(decide([large, urgent, alike])![0]).toBe(22);
    expect(decide([large, alike])![0]).toBe(21);
    expect(decide([{ ...large, remainingS: 299 }, alike])![0]).toBe(23);
  });

  it('in a run turns a unit back when a nearer one becomes free', async () => {
    const rows = await story(
      'A----------B----------C',
      [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'C' },
      ],
      're-dispatch',
      {},
      [
        { atS: 0, place: 'A', onSceneS: 40 },
        { atS: 10, place: 'A', onSceneS: 10 }, // only east is free: 220 s
      ],
    );
    expect(rows).toEqual([
      '0 unitDispatched call 0 west',
      '0 unitArrived call 0 west',
      '10 unitDispatched call 1 east',
      '40 unitRecalled call 1 east',
      '40 unitDispatched call 1 west',
      '40 unitArrived call 1 west',
    ]);
  });
});

describe('what `then` names', () => {
  it('is read and checked with its own keys, and may depart again from what stands before it in the list', () => {
    const relief = policy('re-dispatch');
    const nested = { then: { type: 'pre-emption', then: { type: 'own-sector-first', withinS: 7 } } };
    expect(relief.params.parse(nested)).toMatchObject({
      minSavingS: 60,
      then: { type: 'pre-emption', urgentPriority: 1, then: { type: 'own-sector-first', withinS: 7 } },
    });
    for (const wrong of [
      { type: 'no-such-rule' },
      { type: 're-dispatch' },
      { type: 'closest-available', withinS: 7 },
      { type: 'pre-emption', then: { type: 're-dispatch' } },
    ]) {
      expect(relief.params.safeParse({ then: wrong }).success).toBe(false);
    }
    const lists = [{ order: ['nobody'] }];
    const asked = relief.params.parse({
      then: { type: 'pre-emption', then: { type: 'preference-list', lists } },
    });
    expect(relief.check!(asked, city)).toEqual([
      { key: 'then/then/lists/0/order/0', message: '"nobody" is not a unit or base' },
    ]);
  });
});
