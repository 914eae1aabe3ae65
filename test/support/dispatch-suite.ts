/** What every dispatch policy must do, whatever it prefers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate, DispatchPolicy, DispatchView } from '../../engine/dispatch/dispatch.ts';
import { NONE, UNREACHED_MS, type Ms } from '../../engine/units.ts';

/** Units by number with their drive to the call; UNREACHED_MS where no road leads. Only the available ones are seen. */
export interface DispatchCase {
  units: { available: boolean; travelTimeMs: Ms }[];
  priority: number;
  waitedMs: Ms;
}

const byTimeThenUnit = (a: Candidate, b: Candidate): number =>
  a.travelTimeMs - b.travelTimeMs || a.unit - b.unit;

/** Available units with a way there, nearest first, lowest unit on a tie. */
export function reachable({ units }: DispatchCase): Candidate[] {
  return units
    .map(({ available, travelTimeMs }, unit) => ({ unit, travelTimeMs, available }))
    .filter(({ available, travelTimeMs }) => available && travelTimeMs < UNREACHED_MS)
    .map(({ unit, travelTimeMs }) => ({ unit, travelTimeMs }))
    .sort(byTimeThenUnit);
}

/** A view that throws when anything in it is changed. */
export function frozenView(dispatchCase: DispatchCase): DispatchView {
  const nearest = reachable(dispatchCase).map((candidate) => Object.freeze(candidate));
  const available = dispatchCase.units.flatMap((unit, u) => (unit.available ? [u] : []));
  return Object.freeze({
    nowMs: 1_000_000,
    call: Object.freeze({ priority: dispatchCase.priority, category: 0, waitedMs: dispatchCase.waitedMs }),
    available: Object.freeze(available),
    nearest: (count: number) => Object.freeze(nearest.slice(0, count)),
  });
}

/** Few distinct times, so that ties are common. */
const travelTime = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((tens) => tens * 10_000),
  fc.integer({ min: 0, max: 3_600_000 }),
  fc.constant(UNREACHED_MS),
);

export const arbitraryDispatch: fc.Arbitrary<DispatchCase> = fc.record({
  units: fc.array(fc.record({ available: fc.boolean(), travelTimeMs: travelTime }), { maxLength: 12 }),
  priority: fc.integer({ min: 1, max: 9 }),
  waitedMs: fc.integer({ min: 0, max: 7_200_000 }),
});

const RUNS = { seed: 13_500_101, numRuns: 500 };

export function describeDispatchPolicy(policy: DispatchPolicy): void {
  describe(`dispatch policy ${policy.type}`, () => {
    const law = (holds: (dispatchCase: DispatchCase) => void): void =>
      fc.assert(fc.property(arbitraryDispatch, holds), RUNS);

    it('sends nobody when nobody is available, or nobody has a way there, and says so', () => {
      const nobody = { priority: 1, waitedMs: 0 };
      for (const units of [
        [],
        [{ available: false, travelTimeMs: 0 }],
        [{ available: true, travelTimeMs: UNREACHED_MS }],
      ]) {
        const decision = policy.choose(frozenView({ units, ...nobody }));
        expect(decision.unit).toBe(NONE);
        expect(decision.candidates).toEqual([]);
        expect(decision.reason).not.toBe('');
      }
    });

    it('sends only an available unit that has a way there', () => {
      let sent = 0;
      law((dispatchCase) => {
        const { unit, reason } = policy.choose(frozenView(dispatchCase));
        expect(reason).not.toBe('');
        if (unit === NONE) return;
        sent++;
        expect(reachable(dispatchCase).map((candidate) => candidate.unit)).toContain(unit);
      });
      expect(sent).toBeGreaterThan(RUNS.numRuns / 10); // or the law says little
    });

    it('sends the only unit that can go', () => {
      let alone = 0;
      law((dispatchCase) => {
        const candidates = reachable(dispatchCase);
        if (candidates.length !== 1) return;
        alone++;
        expect(policy.choose(frozenView(dispatchCase)).unit).toBe(candidates[0].unit);
      });
      expect(alone).toBeGreaterThan(RUNS.numRuns / 50);
    });

    it('sends the lowest of units that take equally long', () => {
      let ties = 0;
      law((dispatchCase) => {
        const { unit } = policy.choose(frozenView(dispatchCase));
        const own = reachable(dispatchCase).find((candidate) => candidate.unit === unit);
        if (own === undefined) return;
        const equal = reachable(dispatchCase).filter((c) => c.travelTimeMs === own.travelTimeMs);
        if (equal.length > 1) ties++;
        expect(unit).toBe(equal[0].unit);
      });
      expect(ties).toBeGreaterThan(RUNS.numRuns / 50);
    });

    it('tells the candidates it weighed, nearest first, with their true drive, the one it sends among them', () => {
      law((dispatchCase) => {
        const { unit, candidates } = policy.choose(frozenView(dispatchCase));
        expect([...candidates].sort(byTimeThenUnit)).toEqual([...candidates]);
        expect(new Set(candidates.map((c) => c.unit)).size).toBe(candidates.length);
        expect(reachable(dispatchCase)).toEqual(expect.arrayContaining([...candidates]));
        if (unit !== NONE) expect(candidates.map((c) => c.unit)).toContain(unit);
      });
    });

    it('decides alike when asked again, and changes nothing of what it is shown', () => {
      law((dispatchCase) => {
        const view = frozenView(dispatchCase);
        const before = JSON.stringify([view, view.nearest(99)]);
        const decision = policy.choose(view);
        expect(JSON.stringify([view, view.nearest(99)])).toBe(before);
        expect(policy.choose(view)).toEqual(decision);
        expect(policy.choose(frozenView(dispatchCase))).toEqual(decision);
      });
    });

    it('has a name and says what it does', () => {
      expect(policy.type).toMatch(/^[a-z0-9-]+$/);
      expect(policy.about.length).toBeGreaterThan(20);
    });
  });
}
