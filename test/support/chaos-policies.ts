/** Policies that keep their contract and nothing else: what they answer is anything that is allowed, by the moment. */
import { z } from 'zod';
import type { Candidate, DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import { basesOf } from '../../engine/city/bases.ts';
import type { MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';

const about = 'Anything that is allowed.';
const KEY = randomKey('chaos');

/** The same at the same moment, so that a run can be done again. */
const chanceAt = (nowMs: number, what: number): RandomStream =>
  new RandomStream(KEY, what + 1, PURPOSE.dispatch, Math.abs(nowMs) >>> 0);

export const chaosDispatch: DispatchPolicy<object> = {
  type: 'chaos',
  about,
  source: about,
  params: z.strictObject({}),
  create: () => ({
    choose(view) {
      const chance = chanceAt(view.nowMs, view.call.call + 7 * view.call.unitsSent);
      const held = { unit: NONE, reason: 'held by chance', candidates: [] };
      if (chance.uniform() < 0.05) return held;
      const able: readonly Candidate[] =
        chance.uniform() < 0.2 ? view.engaged() : view.timesOf(view.available());
      if (able.length === 0) return held;
      const sent = able[chance.below(able.length)];
      return { unit: sent.unit, reason: 'sent by chance', candidates: [sent] };
    },
    onFreed(view) {
      const chance = chanceAt(view.nowMs, view.unit);
      const sooner = view.underway().filter(({ call, remainingMs }) => view.timeTo(call) < remainingMs);
      if (sooner.length === 0 || chance.uniform() < 0.3) return null;
      const { call, unit } = sooner[chance.below(sooner.length)];
      return { call, instead: unit, reason: 'relieved by chance', candidates: [] };
    },
  }),
};

export const chaosMoveUp: MoveUpPolicy<object> = {
  type: 'chaos',
  about,
  source: about,
  params: z.strictObject({}),
  create: (_, { city }) => {
    const nBases = basesOf(city).positions.length;
    return {
      returnsToBase: true,
      decide(view) {
        const chance = chanceAt(view.nowMs, view.unit + 100);
        const moves = view.freeUnits().flatMap((unit) => {
          const base = chance.below(nBases);
          const goes = chance.uniform() < 0.2 && view.timeToBase(unit, base) < UNREACHED_MS;
          return goes ? [{ unit, base }] : [];
        });
        return { moves, reason: 'moved by chance', candidates: [], shortfall: null };
      },
    };
  },
};
