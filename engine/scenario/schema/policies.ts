/**
 * Policies by name, each with its own keys: `{type, …keys}`. The keys are the policy's (the zod schema of its params);
 * they are handed in, so that this stage imports no policy.
 */
import { assert } from '../../errors.ts';
import { z } from 'zod';
import { id } from './names.ts';

/** What is known of a policy before the policies are handed in. */
export const anyPolicySchema = z.looseObject({ type: id });

/** One alternative for each policy. @param policies  type to schema of params, which must be that of an object */
export function policySchema(policies: Readonly<Record<string, z.ZodType>>) {
  const alternatives = Object.entries(policies).map(([type, params]) => {
    assert(params instanceof z.ZodObject, () => `the params of the policy ${type} are not an object`);
    return params.safeExtend({ type: z.literal(type) });
  });
  const [first, ...others] = alternatives;
  return z.discriminatedUnion('type', [first, ...others]);
}
