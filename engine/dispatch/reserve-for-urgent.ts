/**
 * Keeps units back for urgent calls: while at most `unitsFree` units are free, calls of `fromPriority` and less urgent
 * ones wait. Several cut-offs make several classes. Who goes is what `then` says.
 *
 * Schaack and Larson, "An N-server cutoff priority queue" (Operations Research 34, 1986): a call of class i is served
 * only while fewer than N_i units are busy. A force smaller than its cut-off holds such calls until somebody comes on
 * duty.
 */
import { z } from 'zod';
import { NONE } from '../units.ts';
import { checkRule, createRule, thenSchema } from './base-rule.ts';
import type { DispatchPolicy } from './dispatch.ts';

const cutOff = z.strictObject({
  fromPriority: z.int().min(1).max(9).describe('Calls of this priority and less urgent ones are held.'),
  unitsFree: z.int().min(1).max(100_000).describe('While at most so many units are free.'),
});

/** @param rules  what `then` may name */
export function reserveForUrgent(rules: readonly DispatchPolicy[]) {
  const params = z.strictObject({
    cutOffs: z
      .array(cutOff)
      .min(1)
      .max(9)
      .default([{ fromPriority: 2, unitsFree: 1 }])
      .describe('Who waits, and when. The strictest that speaks of a call holds.'),
    then: thenSchema(rules),
  });
  const policy: DispatchPolicy<z.infer<typeof params>> = {
    type: 'reserve-for-urgent',
    about: 'Holds less urgent calls while few units are free, so that urgent ones find a unit.',
    source: 'Schaack and Larson, An N-server cutoff priority queue, Operations Research 34 (1986).',
    params,
    check: ({ cutOffs, then }, city) => [
      ...cutOffs.flatMap(({ unitsFree }, i) =>
        unitsFree < city.units.length
          ? []
          : [
              {
                key: `cutOffs/${i}/unitsFree`,
                message: `${unitsFree} is not below the ${city.units.length} units there are, so such calls would wait for ever`,
              },
            ],
      ),
      ...checkRule(rules, then, city),
    ],
    create({ cutOffs, then }, setup) {
      const base = createRule(rules, then, setup);
      return {
        ...base,
        choose(view) {
          const decision = base.choose(view);
          if (decision.unit === NONE) return decision;
          let kept = 0;
          for (const { fromPriority, unitsFree } of cutOffs) {
            if (view.call.priority >= fromPriority && unitsFree > kept) kept = unitsFree;
          }
          if (kept === 0) return decision;
          const free = view.freeUnits();
          // somebody whose break ends for this call was not in reserve
          if (free.length > kept || !free.includes(decision.unit)) return decision;
          const reason = `held for urgent calls: ${free.length} free, ${kept} kept`;
          return { unit: NONE, reason, candidates: decision.candidates };
        },
      };
    },
  };
  return policy;
}
