/** Keys that all policies have which weigh expected coverage. */
import { z } from 'zod';
import type { City } from '../city/city.ts';
import { demandAtoms } from '../placement/request.ts';
import { secondsToMs } from '../units.ts';

export const coverageKeys = {
  busyFraction: z
    .number()
    .min(0)
    .max(0.99)
    .optional()
    .describe(
      'Share of time that a unit is busy. By default an estimate: time that calls take of units over time on duty.',
    ),
  targetS: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe('Longest drive that is in time. By default what the first standard leaves for each call.'),
};

/** Coverage of no demand says nothing: every base is as good as any other. */
export function coverageProblems({ targetS }: { targetS?: number | undefined }, city: City) {
  const budgetMs = targetS === undefined ? undefined : secondsToMs(targetS);
  const atoms = budgetMs === undefined ? demandAtoms(city) : demandAtoms(city, () => budgetMs);
  if (atoms.length > 0) return [];
  const standard = city.scenario.standards[0].id;
  const why =
    city.sources.length === 0
      ? 'the demand has no sources (calls that are replayed are not known beforehand)'
      : `no clause of "${standard}" asks for a first arrival where calls are expected; give targetS`;
  return [{ key: 'type', message: `it weighs the demand that units cover, but ${why}` }];
}
