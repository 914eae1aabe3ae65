import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISPATCH_POLICIES } from '../../engine/dispatch/policies.ts';
import {
  describeDispatchPolicy,
  dispatcher,
  frozenView,
  type DispatchSuite,
  type UnitCase,
} from '../support/dispatch-suite.ts';
import { policyTown } from '../support/policy-town.ts';

/** Every policy with the parameters it is held to the contract with, besides its defaults. */
const CASES: Record<string, DispatchSuite[]> = {
  'own-sector-first': [{ params: { withinS: 0, maxS: 30 } }],
  'preference-list': [
    { params: { lists: [{ zones: ['west'], order: ['u3', 'post-A', 'u7'] }, { order: ['post-E', 'u1'] }] } },
  ],
  'maximal-coverage': [{ params: { busyFraction: 0.3, targetS: 60, late: 'closest' } }],
  'reserve-for-urgent': [
    { mayHold: true },
    { params: { cutOffs: [{ fromPriority: 3, unitsFree: 2 }] }, mayHold: true },
  ],
  'pre-emption': [
    { mayPreempt: true },
    { params: { urgentPriority: 5, minSavingS: 20, phases: ['onScene'] }, mayPreempt: true },
    {
      params: { urgentPriority: 4, then: { type: 'reserve-for-urgent', then: { type: 'maximal-coverage' } } },
      mayPreempt: true,
      mayHold: true,
    },
  ],
  're-dispatch': [{ params: { minSavingS: 10, then: { type: 'pre-emption' } }, mayPreempt: true }],
};

for (const policy of DISPATCH_POLICIES) {
  const cases = CASES[policy.type] ?? [];
  if (!cases.some(({ params }) => params === undefined)) describeDispatchPolicy(policy);
  for (const suite of cases) describeDispatchPolicy(policy, suite);
}

describe('the list of dispatch policies', () => {
  it('names each policy once', () => {
    const types = DISPATCH_POLICIES.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types).size).toBe(types.length);
  });

  it('has policies that agree wherever there is one unit to choose', async () => {
    const { city } = await policyTown();
    const atWork = DISPATCH_POLICIES.map((policy) => ({ policy, dispatcher: dispatcher(policy, city) }));
    const only = fc.record({
      unit: fc.nat(city.units.length - 1),
      travelTimeMs: fc.nat(3_600_000),
      zone: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(only, ({ unit, travelTimeMs, zone }) => {
        const units = city.units.map((_, u): UnitCase =>
          u === unit ? { doing: 'free', travelTimeMs } : { doing: 'busy', travelTimeMs: 0 },
        );
        const view = frozenView(city, { units, call: { zone, priority: 1 } });
        for (const { policy, dispatcher } of atWork) {
          const decision = dispatcher.choose(view);
          expect([policy.type, decision.unit, decision.candidates]).toEqual([
            policy.type,
            unit,
            [{ unit, travelTimeMs }],
          ]);
        }
      }),
      { seed: 13_500_102, numRuns: 200 },
    );
  });
});
