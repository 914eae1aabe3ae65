/** Rules on top of rules: some policies only say when to depart from another one, which their key `then` names. */
import { z } from 'zod';
import type { City } from '../city/city.ts';
import { assert } from '../errors.ts';
import { closestAvailable } from './closest-available.ts';
import type { Dispatcher, DispatchPolicy, DispatchSetup } from './dispatch.ts';

/** A policy with its parameters beside its name, as a scenario writes it. */
interface NamedRule {
  type: string;
}

/** Schema of `then`: any of `rules` with its own keys; the closest unit by default. */
export function thenSchema(rules: readonly DispatchPolicy[]) {
  const options = rules.map(({ type, params }): z.ZodObject<{ type: z.ZodLiteral<string> }> => {
    assert(params instanceof z.ZodObject, `the parameters of ${type} are no object`);
    return params.extend({ type: z.literal(type) });
  });
  return z
    .discriminatedUnion('type', options as [(typeof options)[number], ...typeof options])
    .prefault({ type: closestAvailable.type })
    .describe('The rule that holds otherwise, with its own keys.');
}

function ruleOf(rules: readonly DispatchPolicy[], { type, ...params }: NamedRule) {
  const rule = rules.find((r) => r.type === type);
  assert(rule !== undefined, () => `no rule ${type}`);
  return { rule, params };
}

export function createRule(
  rules: readonly DispatchPolicy[],
  named: NamedRule,
  setup: DispatchSetup,
): Dispatcher {
  const { rule, params } = ruleOf(rules, named);
  return rule.create(params, setup);
}

/** What the rule of `then` finds amiss, by its keys. */
export function checkRule(rules: readonly DispatchPolicy[], named: NamedRule, city: City) {
  const { rule, params } = ruleOf(rules, named);
  return (rule.check?.(params, city) ?? []).map(({ key, message }) => ({ key: `then/${key}`, message }));
}
