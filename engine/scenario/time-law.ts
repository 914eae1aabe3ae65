/** Laws of durations: what a scenario writes, in the form that demand and simulation draw from. */
import type { Ms } from '../units.ts';
import type { TimeLaw } from './scenario.ts';

/** Always the same time. */
export const constantLaw = (meanMs: number): TimeLaw => ({ type: 'constant', meanMs, cv: 0, valuesMs: [] });

/** Each of the given durations as likely as any other. @param valuesMs at least one, in any order */
export function empiricalLaw(valuesMs: readonly Ms[]): TimeLaw {
  const ascending = [...valuesMs].sort((a, b) => a - b);
  const meanMs = ascending.reduce((sum, ms) => sum + ms, 0) / ascending.length;
  const variance = ascending.reduce((sum, ms) => sum + (ms - meanMs) * (ms - meanMs), 0) / ascending.length;
  return {
    type: 'empirical',
    meanMs,
    cv: meanMs > 0 ? Math.sqrt(variance) / meanMs : 0,
    valuesMs: ascending,
  };
}
