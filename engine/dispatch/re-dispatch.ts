/**
 * A unit that has become free relieves one that is on its way to a call, when it would be there at least `minSavingS`
 * earlier: of such calls the most urgent, then the largest saving, then the lowest call and unit. Who goes to calls
 * that wait is what `then` says.
 *
 * Free-ambulance exploitation after the abstract of Lim, Mamat and Bräunl, "Impact of ambulance dispatch policies on
 * performance of emergency medical services" (IEEE Transactions on Intelligent Transportation Systems 12, 2011).
 */
import { z } from 'zod';
import { secondsToMs } from '../units.ts';
import { checkRule, createRule, thenSchema } from './base-rule.ts';
import type { DispatchPolicy, RedispatchDecision, UnderwayCall } from './dispatch.ts';

/** @param rules  what `then` may name */
export function reDispatch(rules: readonly DispatchPolicy[]) {
  const params = z.strictObject({
    minSavingS: z
      .number()
      .min(1)
      .max(86_400)
      .default(60)
      .describe('The freed unit must be there so much before the one on its way.'),
    then: thenSchema(rules),
  });
  const policy: DispatchPolicy<z.infer<typeof params>> = {
    type: 're-dispatch',
    about: 'A unit that becomes free relieves one on its way to a call when it is there much earlier.',
    source:
      'Free-ambulance exploitation: Lim, Mamat and Bräunl, IEEE Trans. Intell. Transp. Syst. 12 (2011).',
    params,
    check: ({ then }, city) => checkRule(rules, then, city),
    create({ minSavingS, then }, setup) {
      const base = createRule(rules, then, setup);
      const minSavingMs = secondsToMs(minSavingS);
      return {
        ...base,
        onFreed(view): RedispatchDecision | null {
          let best: (UnderwayCall & { savedMs: number; travelTimeMs: number }) | undefined;
          for (const underway of view.underway()) {
            // no drive saves more than what is left of the other
            if (underway.remainingMs < minSavingMs) continue;
            const travelTimeMs = view.timeTo(underway.call);
            const savedMs = underway.remainingMs - travelTimeMs;
            if (savedMs < minSavingMs) continue;
            if (
              best === undefined ||
              underway.priority < best.priority ||
              (underway.priority === best.priority && savedMs > best.savedMs)
            )
              best = { ...underway, savedMs, travelTimeMs };
          }
          if (best === undefined) return base.onFreed?.(view) ?? null;
          return {
            call: best.call,
            instead: best.unit,
            reason: `freed nearby: saves ${Math.floor(best.savedMs / 1000)} s`,
            candidates: [
              { unit: view.unit, travelTimeMs: best.travelTimeMs },
              { unit: best.unit, travelTimeMs: best.remainingMs },
            ],
          };
        },
      };
    },
  };
  return policy;
}
