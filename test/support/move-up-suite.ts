/** What every move-up policy must do, whatever it prefers; and views made by hand, for tests of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { createDispatchSetup } from '../../engine/dispatch/setup.ts';
import type { MoveUp, MoveUpDecision, MoveUpPolicy, MoveUpView } from '../../engine/move-up/move-up.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { UNREACHED_MS, type UnitIx } from '../../engine/units.ts';
import { policyTown } from './policy-town.ts';

/** A moment: which units are free, and the base each of them belongs to now (its own by default). */
export interface MoveUpCase {
  trigger: MoveUpView['trigger'];
  unit: UnitIx;
  free: readonly UnitIx[];
  bases?: Readonly<Record<UnitIx, number>>;
  /** Base that a unit is at, where it is not the one it belongs to: drives start there. */
  at?: Readonly<Record<UnitIx, number>>;
  /** Bases that nobody has a way to. */
  cutOff?: readonly number[];
}

/** A view that throws when anything in it is changed; drives are those of the city's roads. */
export function frozenMoveUpView(city: City, moment: MoveUpCase): MoveUpView {
  const { trigger, unit, free, bases = {}, at = {}, cutOff = [] } = moment;
  const { positions, ofUnit } = basesOf(city);
  const router = createRouter(metricOf(city, city.units[0].profile, { siren: false }));
  const baseOf = (u: UnitIx): number => bases[u] ?? ofUnit[u];
  const frozen = Object.freeze([...free]);
  return Object.freeze({
    nowMs: 1_000_000,
    trigger,
    unit,
    freeUnits: () => frozen,
    baseOf,
    homeBaseOf: (u: UnitIx) => ofUnit[u],
    isAtBase: (u: UnitIx) => (at[u] ?? baseOf(u)) === baseOf(u),
    timeToBase: (u: UnitIx, base: number) =>
      cutOff.includes(base) ? UNREACHED_MS : router.timeMs(positions[at[u] ?? baseOf(u)], positions[base]),
  });
}

/** A policy at work, its parameters read as a scenario's. */
export const mover = (policy: MoveUpPolicy, city: City, params: object = {}): MoveUp =>
  policy.create(policy.params.parse(params), createDispatchSetup(city));

/** The policy as a scenario with these keys would have it, for whole runs. */
export const withParams = (policy: MoveUpPolicy, params: object): MoveUpPolicy => ({
  ...policy,
  create: (_, setup) => policy.create(policy.params.parse(params), setup),
});

const TRIGGERS = ['freed', 'sent', 'resting', 'onDuty', 'offDuty'] as const;

const arbitraryMoment = (city: City): fc.Arbitrary<MoveUpCase> => {
  const nBases = basesOf(city).ids.length;
  const base = fc.nat(nBases - 1);
  const perUnit = fc.array(base, { minLength: city.units.length, maxLength: city.units.length });
  return fc
    .record({
      trigger: fc.constantFrom(...TRIGGERS),
      unit: fc.nat(city.units.length - 1),
      free: fc.subarray([...city.units.keys()]),
      bases: perUnit,
      at: perUnit,
      cutOff: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(base) }),
    })
    .map((moment) => {
      const changes = moment.trigger === 'freed' || moment.trigger === 'onDuty';
      const free = moment.free.filter((unit) => unit !== moment.unit);
      if (changes) free.push(moment.unit);
      return { ...moment, free: free.sort((a, b) => a - b) };
    });
};

const RUNS = { seed: 13_500_111, numRuns: 300 };

/** @param params  keys beside `type`; the defaults without */
export function describeMoveUpPolicy(policy: MoveUpPolicy, params: object = {}): void {
  const given = Object.keys(params).length > 0 ? JSON.stringify(params) : '';
  describe(`move-up policy ${policy.type} ${given}`, async () => {
    const { city } = await policyTown();
    const nBases = basesOf(city).ids.length;
    const make = (): MoveUp => mover(policy, city, params);
    const atWork = make();
    const decide = (view: MoveUpView): MoveUpDecision | null => atWork.decide?.(view) ?? null;
    const law = (holds: (moment: MoveUpCase) => void): void =>
      fc.assert(fc.property(arbitraryMoment(city), holds), RUNS);

    it('finds nothing amiss with the town, and refuses keys that it does not know', () => {
      expect(policy.check?.(policy.params.parse(params), city) ?? []).toEqual([]);
      expect(policy.params.safeParse({ ...params, noSuchKey: 1 }).success).toBe(false);
    });

    it('moves free units only, each once, to another base that it has a way to', () => {
      let nMoves = 0;
      law((moment) => {
        const view = frozenMoveUpView(city, moment);
        const moves = decide(view)?.moves ?? [];
        nMoves += moves.length;
        expect(new Set(moves.map(({ unit }) => unit)).size).toBe(moves.length);
        for (const { unit, base } of moves) {
          expect(moment.free).toContain(unit);
          expect(base).toBeLessThan(nBases);
          expect(view.timeToBase(unit, base)).toBeLessThan(UNREACHED_MS);
          expect(base).not.toBe(view.baseOf(unit));
        }
      });
      if (atWork.decide !== undefined) expect(nMoves).toBeGreaterThan(RUNS.numRuns / 10); // or the law says little
    });

    it('says why, with what it weighed, or that something is amiss', () => {
      law((moment) => {
        const decision = decide(frozenMoveUpView(city, moment));
        if (decision === null) return;
        expect(decision.reason).not.toBe('');
        expect(decision.shortfall).not.toBe('');
        if (decision.moves.length > 0) expect(decision.candidates.length).toBeGreaterThan(0);
        for (const { base, value } of decision.candidates) {
          expect(base).toBeLessThan(nBases);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      });
    });

    it('decides alike when asked again, by whichever instance, after whatever else, and changes nothing', () => {
      const moments: MoveUpCase[] = [];
      law((moment) => void moments.push(moment));
      const before = JSON.stringify(moments);
      const decisions = moments.map((moment) => decide(frozenMoveUpView(city, moment)));
      expect(moments.map((moment) => decide(frozenMoveUpView(city, moment)))).toEqual(decisions);
      expect(JSON.stringify(moments)).toBe(before);
      const other = make();
      expect(
        moments.reverse().map((moment) => other.decide?.(frozenMoveUpView(city, moment)) ?? null),
      ).toEqual(decisions.reverse());
      expect(other.returnsToBase).toBe(atWork.returnsToBase);
    });

    it('has a name, says what it does and where it is from', () => {
      expect(policy.type).toMatch(/^[a-z0-9-]+$/);
      expect(policy.about.length).toBeGreaterThan(20);
      expect(policy.source.length).toBeGreaterThan(20);
    });
  });
}
