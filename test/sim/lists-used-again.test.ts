/** What a policy does with its lists once it has answered changes neither the run nor what the log says of it. */
import { describe, expect, it } from 'vitest';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import type { MoveUpPolicy } from '../../engine/move-up/move-up.ts';
import { EVENT_KINDS } from '../../engine/sim/event-log.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { chaosDispatch, chaosMoveUp } from '../support/chaos-policies.ts';
import { fullCity } from '../support/full-city.ts';

/** Overwrites every entry of the lists that it gave before it answers anew. */
class ScratchLists {
  #given: object[][] = [];

  take<Answer extends object | null>(answer: Answer): Answer {
    for (const list of this.#given) {
      for (const entry of list) Object.assign(entry, { unit: 0, base: 0, travelTimeMs: 7, value: 7 });
      list.length = 0;
    }
    this.#given = [];
    if (answer === null) return answer;
    const own = structuredClone(answer);
    for (const value of Object.values(own)) if (Array.isArray(value)) this.#given.push(value as object[]);
    return own;
  }
}

const dispatch: DispatchPolicy = {
  ...chaosDispatch,
  create(params, setup) {
    const lists = new ScratchLists();
    const inner = chaosDispatch.create(params as object, setup);
    return {
      choose: (view) => lists.take(inner.choose(view)),
      onFreed: (view) => lists.take(inner.onFreed!(view)),
    };
  },
};

/** Weighs bases too, as those of the engine do. */
const weighing: MoveUpPolicy<object> = {
  ...chaosMoveUp,
  create(params, setup) {
    const inner = chaosMoveUp.create(params, setup);
    return {
      ...inner,
      decide: (view) => ({
        ...inner.decide!(view)!,
        candidates: [1, 2, 3].map((base) => ({ base, value: view.nowMs / base })),
      }),
    };
  },
};

const moveUp: MoveUpPolicy = {
  ...weighing,
  create(params, setup) {
    const lists = new ScratchLists();
    const inner = weighing.create(params as object, setup);
    return { ...inner, decide: (view) => lists.take(inner.decide!(view)) };
  },
};

describe('policies that use their lists again', () => {
  it('leave the log of those that make new ones', async () => {
    const { city, plan } = await fullCity();
    const run = (policies: Parameters<typeof prepareSimulation>[2]) =>
      simulate(prepareSimulation(city, plan, policies), 1);
    const plain = run({ dispatch: chaosDispatch, moveUp: weighing });
    expect(run({ dispatch, moveUp })).toEqual(plain);
    const { kind, detail } = plain.log!;
    const told = (of: (typeof EVENT_KINDS)[number]): number =>
      detail.filter((text, row) => EVENT_KINDS[kind[row]] === of && /"candidates":\[\{.*\}\]/.test(text))
        .length;
    expect(told('moveUp')).toBeGreaterThan(50);
    expect(told('unitDispatched')).toBeGreaterThan(100);
  });
});
