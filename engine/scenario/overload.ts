/** Load above capacity: calls that ask for more unit-hours than there are. */
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../units.ts';
import { withFollowing } from './call-rates.ts';
import type { DemandCategory, Scenario } from './scenario.ts';
import { constantLaw } from './time-law.ts';

/**
 * A warning when calls and activities of a week ask for as much time as all units are on duty, or more. Drives come on
 * top, so a run without this warning can still be too busy; one with it cannot keep up. Times out of service, breaks and surges
 * are not counted.
 */
export function overload({
  demand,
  shifts,
  units,
  activities,
  queue,
  run,
}: Pick<Scenario, 'demand' | 'shifts' | 'units' | 'activities' | 'queue'> & {
  run: Pick<Scenario['run'], 'durationMs' | 'warmUpMs'>;
}): string[] {
  const dutyHoursOf = units.map((unit) =>
    unit.shifts.reduce((sum, shift) => {
      const { startMs, endMs, days } = shifts[shift];
      return sum + ((endMs - startMs) * days.filter(Boolean).length) / MS_PER_HOUR;
    }, 0),
  );
  const dutyHours = dutyHoursOf.reduce((sum, hours) => sum + hours, 0);

  let askedHours = 0;
  const hoursOf = withFollowing(demand.categories, unitHours);
  for (const { callsPerHour, categoryShares } of demand.sources) {
    const calls = callsPerHour.reduce((sum, rate) => sum + rate, 0);
    const shares = categoryShares.reduce((sum, share) => sum + share, 0);
    categoryShares.forEach((share, category) => {
      if (share > 0) askedHours += (calls * share * hoursOf[category]) / shares;
    });
  }
  if (demand.calls !== null) {
    const runHours = (run.warmUpMs + run.durationMs) / MS_PER_HOUR;
    const callHours = demand.calls.rows.reduce((sum, { category, onSceneMs }) => {
      const given = demand.categories[category];
      const onScene = onSceneMs === null ? given.onScene : constantLaw(onSceneMs);
      return sum + unitHours({ ...given, onScene });
    }, 0);
    askedHours += (callHours / runHours) * HOURS_PER_WEEK;
  }
  let ownHours = 0;
  for (const { perUnitHour, duration, units: doers } of activities) {
    for (const unit of doers) ownHours += (perUnitHour * dutyHoursOf[unit] * duration.meanMs) / MS_PER_HOUR;
  }
  if (askedHours + ownHours < dutyHours) return [];
  const what = ownHours > 0 ? 'calls and activities' : 'calls';
  const then = queue.type === 'unlimited' ? 'the queue grows without bound' : 'many calls find no room';
  return [
    `${what} ask for ${Math.round(askedHours + ownHours)} hours of units a week, but units are on duty for ${Math.round(dutyHours)}; ${then}`,
  ];
}

/** Mean unit-hours of one call, drives left out. */
function unitHours({ units, onScene, triageShare, transport, report }: DemandCategory): number {
  const transportMs = transport === null ? 0 : transport.share * transport.handover.meanMs;
  const allMs = units * onScene.meanMs + transportMs + (report?.meanMs ?? 0);
  return ((1 - triageShare) * allMs) / MS_PER_HOUR;
}
