/** Load above capacity: calls that ask for more unit-hours than there are make a queue that grows without bound. */
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../units.ts';
import type { Scenario } from './scenario.ts';

/**
 * A warning when the calls of a week ask for more time on scene than all units are on duty. Drives come on top, so a run
 * without this warning can still be too busy; one with it cannot keep up.
 */
export function overload({ demand, shifts, units }: Pick<Scenario, 'demand' | 'shifts' | 'units'>): string[] {
  let askedHours = 0;
  for (const { callsPerHour, categoryShares } of demand.sources) {
    const calls = callsPerHour.reduce((sum, rate) => sum + rate, 0);
    const shares = categoryShares.reduce((sum, share) => sum + share, 0);
    categoryShares.forEach((share, category) => {
      if (share > 0)
        askedHours += (calls * share * demand.categories[category].onScene.meanMs) / (shares * MS_PER_HOUR);
    });
  }
  const days = HOURS_PER_WEEK / 24;
  let dutyHours = 0;
  for (const unit of units) {
    for (const shift of unit.shifts)
      dutyHours += ((shifts[shift].endMs - shifts[shift].startMs) * days) / MS_PER_HOUR;
  }
  if (askedHours < dutyHours) return [];
  return [
    `calls ask for ${Math.round(askedHours)} hours on scene a week, but units are on duty for ${Math.round(dutyHours)}; the queue grows without bound`,
  ];
}
