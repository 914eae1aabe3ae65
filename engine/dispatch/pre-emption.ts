/**
 * Takes a unit off a less urgent call for an urgent one, when no unit is available or when that is faster by at least
 * `minSavingS` than whom `then` would send. The nearest such unit goes, lowest on a tie; the call it leaves goes back to
 * the queue.
 *
 * Reroute-enabled dispatch after the abstract of Lim, Mamat and Bräunl, "Impact of ambulance dispatch policies on
 * performance of emergency medical services" (IEEE Transactions on Intelligent Transportation Systems 12, 2011), which
 * compares services with and without it.
 */
import { z } from 'zod';
import { NONE, secondsToMs, UNREACHED_MS } from '../units.ts';
import { checkRule, createRule, thenSchema } from './base-rule.ts';
import { CANDIDATES_KEPT } from './closest-available.ts';
import type { DispatchPolicy } from './dispatch.ts';

const PHASES = ['turningOut', 'enRoute', 'onScene'] as const;

/** @param rules  what `then` may name */
export function preEmption(rules: readonly DispatchPolicy[]) {
  const params = z.strictObject({
    urgentPriority: z
      .int()
      .min(1)
      .max(9)
      .default(1)
      .describe('Calls of this priority and more urgent ones may take units off less urgent calls.'),
    phases: z
      .array(z.enum(PHASES))
      .min(1)
      .max(3)
      .default(['turningOut', 'enRoute'])
      .describe('How far a unit may be with the call it is taken off.'),
    minSavingS: z
      .number()
      .min(1)
      .max(86_400)
      .optional()
      .describe('It is taken as well when an available unit would be later by so much. Without: never then.'),
    then: thenSchema(rules),
  });
  const policy: DispatchPolicy<z.infer<typeof params>> = {
    type: 'pre-emption',
    about: 'An urgent call may take a unit off a less urgent one when nobody is available, or to save time.',
    source: 'Reroute-enabled dispatch: Lim, Mamat and Bräunl, IEEE Trans. Intell. Transp. Syst. 12 (2011).',
    params,
    check: ({ then }, city) => checkRule(rules, then, city),
    create({ urgentPriority, phases, minSavingS, then }, setup) {
      const base = createRule(rules, then, setup);
      const minSavingMs = minSavingS === undefined ? Infinity : secondsToMs(minSavingS);
      return {
        ...base,
        choose(view) {
          const decision = base.choose(view);
          if (view.call.priority > urgentPriority) return decision;
          const sent = decision.candidates.find(({ unit }) => unit === decision.unit);
          if (sent === undefined) {
            // a call that is held although somebody could go is held on purpose
            if (view.nearest(1).length > 0) return decision;
          } else if (sent.travelTimeMs < minSavingMs) {
            return decision;
          }
          const engaged = view
            .engaged()
            .filter(({ phase, travelTimeMs }) => phases.includes(phase) && travelTimeMs < UNREACHED_MS);
          if (engaged.length === 0) return decision;
          const [{ call, priority, phase, travelTimeMs, unit }] = engaged;
          const savedMs = sent === undefined ? Infinity : sent.travelTimeMs - travelTimeMs;
          if (savedMs < minSavingMs && decision.unit !== NONE) return decision;
          const why = sent === undefined ? 'nobody is available' : `saves ${Math.floor(savedMs / 1000)} s`;
          return {
            unit,
            reason: `taken off call ${call} (priority ${priority}, ${phase}): ${why}`,
            candidates: [{ unit, travelTimeMs }, ...decision.candidates].slice(0, CANDIDATES_KEPT),
          };
        },
      };
    },
  };
  return policy;
}
