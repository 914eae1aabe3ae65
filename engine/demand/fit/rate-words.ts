/** What rates by hour of week rest on, in words, for the report and the plot. */
import type { HourRate } from './fit.ts';

/** How rates come from calls, and their intervals from weeks. */
export function smoothingWords(rates: readonly HourRate[]): string {
  const isSmoothed = rates.some(({ n, ownCalls }) => n > ownCalls);
  const how = isSmoothed ? 'smoothed over hours beside and like days' : 'of each hour alone';
  return `rates by hour are ${how}; 95 % intervals come from how ${rates[0].weeks} weeks differ`;
}

/** The least that any of the rates rests on. */
export function leastPooled(rates: readonly HourRate[]): string {
  const least = (of: (rate: HourRate) => number): string => Math.min(...rates.map(of)).toFixed(0);
  return `each pools the weight of at least ${least(({ n }) => n)} calls and ${least(({ pooledHours }) => pooledHours)} hours`;
}
