/**
 * Policies that answer nonsense: a run must stop and name the policy, the call (for move-up the unit or base) and the
 * time. For a town with at least two units of which the last is never on duty, whose call 0 occurs before call 1 and
 * keeps its unit busy until call 1 is decided.
 */
import { z } from 'zod';
import type {
  DispatchDecision,
  Dispatcher,
  DispatchPolicy,
  DispatchSetup,
  RedispatchDecision,
} from '../../engine/dispatch/dispatch.ts';
import type { MoveUp, MoveUpDecision, MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { NONE } from '../../engine/units.ts';

const about = 'Answers nonsense, so that a run stops.';

const dispatchPolicy = (type: string, create: (setup: DispatchSetup) => Dispatcher): DispatchPolicy => ({
  type,
  about,
  source: about,
  params: z.strictObject({}),
  create: (_, setup) => create(setup),
});

/** Sends the nearest to call 0 and then answers nonsense. */
const answering = (type: string, nonsense: (last: number) => unknown): DispatchPolicy =>
  dispatchPolicy(type, ({ city }) => ({
    choose(view) {
      const candidates = view.nearest(1);
      if (view.call.call === 0) return { unit: candidates[0].unit, reason: 'nearest', candidates };
      return nonsense(city.units.length - 1) as DispatchDecision;
    },
  }));

const sending = (type: string, unitOf: (last: number) => unknown): DispatchPolicy =>
  answering(type, (last) => ({ unit: unitOf(last), reason: 'why not', candidates: [] }));

/** Each stops the run at call 1, the first one that it is asked for after call 0. */
export const NONSENSE_DISPATCH: readonly DispatchPolicy[] = [
  dispatchPolicy('sends-the-busy', () => {
    let sent = NONE;
    return {
      choose(view) {
        const candidates = view.nearest(1);
        if (view.call.call === 0) sent = candidates[0].unit;
        return { unit: sent, reason: 'again', candidates: [] };
      },
    };
  }),
  sending('sends-one-off-duty', (last) => last),
  sending('sends-one-too-many', (last) => last + 1),
  sending('sends-minus-one', () => -1),
  sending('sends-half-a-unit', () => 0.5),
  sending('sends-not-a-number', () => NaN),
  sending('sends-a-name', () => 'car-1'),
  sending('sends-undefined', () => undefined),
  sending('sends-a-key', (last) => String(last - 1)),
  sending('sends-a-length', () => 'length'),
  answering('answers-nothing', () => undefined),
  answering('answers-null', () => null),
  answering('answers-later', () => Promise.resolve({ unit: 0, reason: 'later', candidates: [] })),
  answering('gives-no-reason', (last) => ({ unit: last - 1, reason: '', candidates: [] })),
  answering('gives-no-candidates', (last) => ({ unit: last - 1, reason: 'why not' })),
  answering('weighs-ghosts', (last) => ({
    unit: NONE,
    reason: 'why not',
    candidates: [{ unit: last + 7, travelTimeMs: 0 }],
  })),
  answering('weighs-nothing', () => ({ unit: NONE, reason: 'why not', candidates: [null] })),
  answering('leaves-holes', () => ({ unit: NONE, reason: 'why not', candidates: new Array(2) })),
  answering('weighs-a-key', () => ({
    unit: NONE,
    reason: 'why not',
    candidates: [{ unit: '0', travelTimeMs: 0 }],
  })),
  answering('drives-for-a-fraction', () => ({
    unit: NONE,
    reason: 'why not',
    candidates: [{ unit: 0, travelTimeMs: 0.5 }],
  })),
  answering('throws', () => {
    throw new Error('out of ideas');
  }),
];

const relieving = (type: string, onFreed: () => unknown): DispatchPolicy =>
  dispatchPolicy(type, () => ({
    choose(view) {
      const candidates = view.nearest(1);
      return { unit: candidates[0]?.unit ?? NONE, reason: 'nearest', candidates };
    },
    onFreed: () => onFreed() as RedispatchDecision,
  }));

const ofCall = (call: number, instead: number) => () => ({
  call,
  instead,
  reason: 'why not',
  candidates: [],
});

/** They relieve whom they cannot, as soon as a unit is free again. */
export const NONSENSE_RELIEF: readonly DispatchPolicy[] = [
  relieving('relieves-nobody', ofCall(0, NONE)),
  relieving('relieves-itself', ofCall(0, 0)),
  relieving('relieves-of-no-call', ofCall(77, 1)),
  relieving('relieves-of-nan', ofCall(NaN, NaN)),
  relieving('relieves-undefined', () => undefined),
  relieving('throws-on-relief', () => {
    throw new Error('out of ideas');
  }),
];

const moveUpPolicy = (type: string, create: (setup: DispatchSetup) => MoveUp): MoveUpPolicy => ({
  type,
  about,
  source: about,
  params: z.strictObject({}),
  create: (_, setup) => create(setup),
});

const moving = (
  type: string,
  moves: (last: number, nBases: number, free: readonly number[]) => unknown,
): MoveUpPolicy =>
  moveUpPolicy(type, ({ city }) => ({
    returnsToBase: true,
    decide: (view) =>
      ({
        moves: moves(city.units.length - 1, city.posts.length, view.freeUnits()),
        reason: 'why not',
        candidates: [],
        shortfall: null,
      }) as MoveUpDecision,
  }));

/** Each stops the run when it is first asked while a unit is free. */
export const NONSENSE_MOVE_UP: readonly MoveUpPolicy[] = [
  moving('moves-one-off-duty', (last) => [{ unit: last, base: 0 }]),
  moving('moves-one-too-many', (last) => [{ unit: last + 1, base: 0 }]),
  moving('moves-not-a-number', () => [{ unit: NaN, base: 0 }]),
  moving('moves-to-no-base', (_, nBases, free) => free.map((unit) => ({ unit, base: nBases }))),
  moving('moves-to-nan', (_last, _nBases, free) => free.map((unit) => ({ unit, base: NaN }))),
  moving('moves-twice', (_last, _nBases, free) =>
    free.flatMap((unit) => [
      { unit, base: 0 },
      { unit, base: 0 },
    ]),
  ),
  moving('moves-to-a-key', (_last, _nBases, free) => free.map((unit) => ({ unit, base: '0' }))),
  moving('moves-a-key', (_last, _nBases, free) => free.map((unit) => ({ unit: String(unit), base: 0 }))),
  moving('moves-null', () => [null]),
  moving('moves-nothing-known', () => undefined),
  moveUpPolicy('answers-undefined', () => ({
    returnsToBase: true,
    decide: () => undefined as unknown as null,
  })),
  moveUpPolicy('throws', () => ({
    returnsToBase: true,
    decide() {
      throw new Error('out of ideas');
    },
  })),
];
