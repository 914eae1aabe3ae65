/** Delays of a call's time line: the laws that simulations draw from, and their means for stages that plan. */
import { resolveLaw } from './resolve-law.ts';
import type { Resolving } from './resolving.ts';
import type { Delay, Scenario, TimeLaw } from './scenario.ts';

const DELAYS = [
  'callHandling',
  'dispatch',
  'turnoutAtPost',
  'turnoutOnPatrol',
  'access',
] as const satisfies readonly Delay[];

/** @returns undefined when a delay is at fault */
export async function resolveDelays(
  resolving: Resolving,
): Promise<Pick<Scenario, 'delays' | 'delayLaws'> | undefined> {
  const { json, problems } = resolving;
  if (json.delays === undefined) return undefined;
  const before = problems.count;
  const delayLaws: Partial<Record<Delay, TimeLaw>> = {};
  const delays: Partial<Scenario['delays']> = {};
  for (const delay of DELAYS) {
    const key = `${delay}S` as const;
    const law = await resolveLaw(resolving, json.delays[key], ['delays', key]);
    if (law === undefined) continue;
    delayLaws[delay] = law;
    delays[`${delay}Ms`] = Math.round(law.meanMs);
  }
  if (problems.count > before) return undefined;
  return { delays, delayLaws } as Pick<Scenario, 'delays' | 'delayLaws'>; // all five, since none was at fault
}
