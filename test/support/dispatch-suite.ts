/** What every dispatch policy must do, whatever it prefers; and views made by hand, for tests of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basesOf } from '../../engine/city/bases.ts';
import type { City } from '../../engine/city/city.ts';
import type {
  CallView,
  Candidate,
  DispatchPolicy,
  Dispatcher,
  DispatchView,
  EngagedUnit,
  FreedView,
  UnderwayCall,
} from '../../engine/dispatch/dispatch.ts';
import { createDispatchSetup } from '../../engine/dispatch/setup.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms, type UnitIx } from '../../engine/units.ts';
import { policyTown } from './policy-town.ts';

/** What a unit is at. Those that rest have a break that the call may end; the unskilled are free but may not go. */
type Doing = 'free' | 'resting' | 'unskilled' | 'engaged' | 'busy';

export interface UnitCase {
  doing: Doing;
  /** To the call; UNREACHED_MS where no road leads. */
  travelTimeMs: Ms;
  /** Index into the bases of the city; its own by default. */
  base?: number;
  /** Of an engaged unit. */
  onPriority?: number;
  phase?: EngagedUnit['phase'];
}

export interface DispatchCase {
  /** One for each unit of the city, or fewer: the rest are busy. */
  units: readonly UnitCase[];
  call?: Partial<CallView>;
}

const byTimeThenUnit = (a: Candidate, b: Candidate): number =>
  a.travelTimeMs - b.travelTimeMs || a.unit - b.unit;

const mayGo = ({ doing }: UnitCase): boolean => doing === 'free' || doing === 'resting';

/** Available units with a way there, nearest first, lowest unit on a tie. */
function reachable({ units }: DispatchCase): Candidate[] {
  return units
    .map((unit, u) => ({ ...unit, unit: u }))
    .filter((unit) => mayGo(unit) && unit.travelTimeMs < UNREACHED_MS)
    .map(({ unit, travelTimeMs }) => ({ unit, travelTimeMs }))
    .sort(byTimeThenUnit);
}

/** Units on less urgent calls with a way there, nearest first; each is on a call of its own number plus 100. */
function engagedIn({ units, call }: DispatchCase): (EngagedUnit & Candidate)[] {
  return units
    .map(({ doing, travelTimeMs, onPriority = 9, phase = 'enRoute' }, unit) => ({
      doing,
      unit,
      call: 100 + unit,
      priority: onPriority,
      phase,
      travelTimeMs,
    }))
    .filter(
      ({ doing, priority, travelTimeMs }) =>
        doing === 'engaged' && priority > (call?.priority ?? 1) && travelTimeMs < UNREACHED_MS,
    )
    .map(({ unit, call, priority, phase, travelTimeMs }) => ({ unit, call, priority, phase, travelTimeMs }))
    .sort(byTimeThenUnit);
}

/** A view that throws when anything in it is changed. */
export function frozenView(city: City, dispatchCase: DispatchCase): DispatchView {
  const { units, call } = dispatchCase;
  const frozen = <T extends object>(list: readonly T[]): readonly T[] =>
    Object.freeze(list.map((row) => Object.freeze({ ...row })));
  const nearest = frozen(reachable(dispatchCase));
  const engaged = frozen(engagedIn(dispatchCase));
  const numbers = (of: (unit: UnitCase) => boolean): readonly UnitIx[] =>
    Object.freeze(units.flatMap((unit, u) => (of(unit) ? [u] : [])));
  const free = numbers(({ doing }) => doing === 'free' || doing === 'unskilled');
  const available = numbers(mayGo);
  const bases = basesOf(city).ofUnit;
  return Object.freeze({
    nowMs: 1_000_000,
    call: Object.freeze({
      call: 7,
      priority: 1,
      category: 0,
      zone: NONE,
      position: positionOfNode(city.graph, 0),
      waitedMs: 0,
      unitsWanted: 1,
      unitsSent: 0,
      ...call,
    }),
    freeUnits: () => free,
    baseOf: (unit: UnitIx) => units[unit]?.base ?? bases[unit],
    available: () => available,
    nearest: (count: number) => Object.freeze(nearest.slice(0, count)),
    timesOf: (asked: readonly UnitIx[]) =>
      Object.freeze(asked.flatMap((unit) => nearest.filter((candidate) => candidate.unit === unit))),
    engaged: () => engaged,
  });
}

interface FreedCase {
  unit: UnitIx;
  underway: readonly (UnderwayCall & { travelTimeMs: Ms })[];
}

/** A view of a freed unit that throws when anything in it is changed. */
export function frozenFreedView(city: City, { unit, underway }: FreedCase): FreedView {
  const rows = Object.freeze(underway.map((row) => Object.freeze({ ...row })));
  const bases = basesOf(city).ofUnit;
  return Object.freeze({
    nowMs: 1_000_000,
    freeUnits: () => Object.freeze([unit]),
    baseOf: (u: UnitIx) => bases[u],
    unit,
    underway: () => rows,
    timeTo: (call: number) => underway.find((row) => row.call === call)!.travelTimeMs,
  });
}

/** A policy at work, its parameters read as a scenario's. */
export const dispatcher = (policy: DispatchPolicy, city: City, params: object = {}): Dispatcher =>
  policy.create(policy.params.parse(params), createDispatchSetup(city));

/** The policy as a scenario with these keys would have it, for whole runs. */
export const withParams = (policy: DispatchPolicy, params: object): DispatchPolicy => ({
  ...policy,
  create: (_, setup) => policy.create(policy.params.parse(params), setup),
});

/** Units of a town by what they do: `{ 3: 60 }` is unit 3, free, 60 s from the call; all others are busy. */
export function freeAt(seconds: Readonly<Record<UnitIx, number>>, nUnits = 8): UnitCase[] {
  return Array.from({ length: nUnits }, (_, unit): UnitCase => {
    const s = seconds[unit];
    return s === undefined ? { doing: 'busy', travelTimeMs: 0 } : { doing: 'free', travelTimeMs: s * 1000 };
  });
}

/** Few distinct times, so that ties are common. */
const travelTime = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((tens) => tens * 10_000),
  fc.integer({ min: 0, max: 3_600_000 }),
  fc.constant(UNREACHED_MS),
);

const arbitraryDispatch = ({ graph, zones, units, posts }: City): fc.Arbitrary<DispatchCase> =>
  fc.record({
    units: fc.array(
      fc.record({
        doing: fc.constantFrom<Doing>('free', 'free', 'resting', 'unskilled', 'engaged', 'busy'),
        travelTimeMs: travelTime,
        base: fc.nat(posts.length - 1),
        onPriority: fc.integer({ min: 1, max: 9 }),
        phase: fc.constantFrom<EngagedUnit['phase']>('turningOut', 'enRoute', 'onScene'),
      }),
      { minLength: units.length, maxLength: units.length },
    ),
    call: fc.record({
      priority: fc.integer({ min: 1, max: 9 }),
      category: fc.nat(1),
      zone: fc.constantFrom(...zones.keys(), NONE),
      position: fc.nat(graph.nNodes - 1).map((node) => positionOfNode(graph, node)),
      waitedMs: fc.integer({ min: 0, max: 7_200_000 }),
    }),
  });

const arbitraryFreed = ({ units }: City): fc.Arbitrary<FreedCase> =>
  fc.record({
    unit: fc.constant(0),
    underway: fc
      .array(
        fc.record({
          priority: fc.integer({ min: 1, max: 3 }),
          remainingMs: fc.integer({ min: 0, max: 40 }).map((tens) => tens * 10_000),
          travelTimeMs: travelTime,
        }),
        { maxLength: units.length - 1 },
      )
      .map((rows) => rows.map((row, i) => ({ ...row, call: 20 + i, unit: i + 1 }))),
  });

const RUNS = { seed: 13_500_101, numRuns: 500 };

export interface DispatchSuite {
  /** Keys beside `type`; the defaults without. */
  params?: object;
  /** Whether it may hold a call on purpose; its reason then begins with `held`. */
  mayHold?: boolean;
  /** Whether it may take units off other calls. */
  mayPreempt?: boolean;
}

export function describeDispatchPolicy(
  policy: DispatchPolicy,
  { params = {}, mayHold = false, mayPreempt = false }: DispatchSuite = {},
): void {
  describe(`dispatch policy ${policy.type} ${Object.keys(params).length > 0 ? JSON.stringify(params) : ''}`, async () => {
    const { city } = await policyTown();
    const make = (): Dispatcher => dispatcher(policy, city, params);
    const atWork = make();
    const law = (holds: (dispatchCase: DispatchCase) => void): void =>
      fc.assert(fc.property(arbitraryDispatch(city), holds), RUNS);

    it('finds nothing amiss with the town, and refuses keys that it does not know', () => {
      expect(policy.check?.(policy.params.parse(params), city) ?? []).toEqual([]);
      expect(policy.params.safeParse({ ...params, noSuchKey: 1 }).success).toBe(false);
    });

    it('sends nobody when nobody is available, or nobody has a way there, and says so', () => {
      for (const units of [
        [],
        [{ doing: 'busy', travelTimeMs: 0 } as const],
        [{ doing: 'unskilled', travelTimeMs: 0 } as const],
        [{ doing: 'free', travelTimeMs: UNREACHED_MS } as const],
        [{ doing: 'engaged', travelTimeMs: UNREACHED_MS } as const],
      ]) {
        for (const zone of [0, 1, NONE]) {
          const decision = atWork.choose(frozenView(city, { units, call: { zone } }));
          expect(decision.unit).toBe(NONE);
          expect(decision.candidates).toEqual([]);
          expect(decision.reason).not.toBe('');
        }
      }
    });

    it('sends only a unit that is available or may be taken off its call, and has a way there', () => {
      let sent = 0;
      let taken = 0;
      law((dispatchCase) => {
        const { unit, reason } = atWork.choose(frozenView(city, dispatchCase));
        expect(reason).not.toBe('');
        if (unit === NONE) return;
        sent++;
        if (dispatchCase.units[unit].doing === 'engaged') {
          taken++;
          expect(engagedIn(dispatchCase).map((engaged) => engaged.unit)).toContain(unit);
        } else {
          expect(reachable(dispatchCase).map((candidate) => candidate.unit)).toContain(unit);
        }
      });
      expect(sent).toBeGreaterThan(RUNS.numRuns / 10); // or the law says little
      if (mayPreempt) expect(taken).toBeGreaterThan(0);
      else expect(taken).toBe(0);
    });

    it('leaves a call waiting only when nobody can go, or says that it holds it', () => {
      let held = 0;
      law((dispatchCase) => {
        const { unit, reason } = atWork.choose(frozenView(city, dispatchCase));
        if (unit !== NONE || reachable(dispatchCase).length === 0) return;
        held++;
        expect(reason).toMatch(/^held/);
      });
      if (mayHold) expect(held).toBeGreaterThan(0);
      else expect(held).toBe(0);
    });

    it('sends the only unit that can go', () => {
      let alone = 0;
      law((dispatchCase) => {
        const [candidate, other] = reachable(dispatchCase);
        if (candidate === undefined || other !== undefined || engagedIn(dispatchCase).length > 0) return;
        const { unit, reason } = atWork.choose(frozenView(city, dispatchCase));
        if (mayHold && reason.startsWith('held')) return;
        alone++;
        expect(unit).toBe(candidate.unit);
      });
      expect(alone).toBeGreaterThan(0);
    });

    it('tells the candidates it weighed, each once, with their true drive, the one it sends first', () => {
      law((dispatchCase) => {
        const { unit, candidates } = atWork.choose(frozenView(city, dispatchCase));
        expect(new Set(candidates.map((c) => c.unit)).size).toBe(candidates.length);
        for (const { unit: u, travelTimeMs } of candidates)
          expect(dispatchCase.units[u].travelTimeMs).toBe(travelTimeMs);
        if (unit !== NONE) expect(candidates[0].unit).toBe(unit);
      });
    });

    it('decides alike when asked again, by whichever instance, after whatever else, and changes nothing', () => {
      const cases: DispatchCase[] = [];
      law((dispatchCase) => void cases.push(dispatchCase));
      const views = cases.map((dispatchCase) => frozenView(city, dispatchCase));
      const shown = (view: DispatchView) => JSON.stringify([view, view.nearest(99), view.engaged()]);
      const before = views.map(shown);
      const decisions = views.map((view) => atWork.choose(view));
      expect(views.map((view) => atWork.choose(view))).toEqual(decisions);
      expect(views.map(shown)).toEqual(before);
      const other = make();
      expect(cases.reverse().map((c) => other.choose(frozenView(city, c)))).toEqual(decisions.reverse());
    });

    it('relieves only units that are on their way, and tells why', () => {
      let nRelieved = 0;
      fc.assert(
        fc.property(arbitraryFreed(city), (freed) => {
          const decision = atWork.onFreed?.(frozenFreedView(city, freed)) ?? null;
          expect(make().onFreed?.(frozenFreedView(city, freed)) ?? null).toEqual(decision);
          if (decision === null) return;
          nRelieved++;
          const relieved = freed.underway.find(
            ({ call, unit }) => call === decision.call && unit === decision.instead,
          );
          expect(relieved).toBeDefined();
          expect(decision.reason).not.toBe('');
          expect(decision.candidates).toEqual([
            { unit: freed.unit, travelTimeMs: relieved!.travelTimeMs },
            { unit: relieved!.unit, travelTimeMs: relieved!.remainingMs },
          ]);
        }),
        RUNS,
      );
      if (atWork.onFreed !== undefined) expect(nRelieved).toBeGreaterThan(RUNS.numRuns / 10); // or the law says little
    });

    it('has a name, says what it does and where it is from', () => {
      expect(policy.type).toMatch(/^[a-z0-9-]+$/);
      expect(policy.about.length).toBeGreaterThan(20);
      expect(policy.source.length).toBeGreaterThan(20);
    });
  });
}
