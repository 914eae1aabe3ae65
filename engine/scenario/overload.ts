/** Load above capacity: calls that ask for more unit-hours than there are. */
import { MS_PER_HOUR } from '../units.ts';
import { ratePieces, withFollowing } from './call-rates.ts';
import { dutyMs } from './duty-gaps.ts';
import type { DemandCategory, Scenario } from './scenario.ts';
import { constantLaw } from './time-law.ts';

/**
 * A warning when the calls and activities of the run, warm-up included, ask for more time than all units are on duty in
 * it. Drives come on top, so a run without this warning can still be too busy; one with it cannot keep up. Times out of
 * service, breaks and surges are not counted.
 */
export function overload({
  demand,
  shifts,
  units,
  activities,
  queue,
  run,
}: Pick<Scenario, 'demand' | 'shifts' | 'units' | 'activities' | 'queue'> & {
  run: Pick<Scenario['run'], 'start' | 'durationMs' | 'warmUpMs'>;
}): string[] {
  const dutyHoursOf = units.map((unit) => dutyMs(shifts, unit.shifts, run) / MS_PER_HOUR);
  const dutyHours = dutyHoursOf.reduce((sum, hours) => sum + hours, 0);

  let askedHours = 0;
  const hoursOf = withFollowing(demand.categories, unitHours);
  for (const source of demand.sources) {
    const alone = { sources: [source], surges: [] };
    const calls = ratePieces(alone, run.start, -run.warmUpMs, run.durationMs).reduce(
      (sum, { fromMs, toMs, callsPerHour }) => sum + (callsPerHour * (toMs - fromMs)) / MS_PER_HOUR,
      0,
    );
    const shares = source.categoryShares.reduce((sum, share) => sum + share, 0);
    source.categoryShares.forEach((share, category) => {
      if (share > 0) askedHours += (calls * share * hoursOf[category]) / shares;
    });
  }
  for (const { category, onSceneMs } of demand.calls?.rows ?? []) {
    const given = demand.categories[category];
    const onScene = onSceneMs === null ? given.onScene : constantLaw(onSceneMs);
    askedHours += unitHours({ ...given, onScene });
  }
  let ownHours = 0;
  for (const { perUnitHour, duration, units: doers } of activities) {
    for (const unit of doers) ownHours += (perUnitHour * dutyHoursOf[unit] * duration.meanMs) / MS_PER_HOUR;
  }
  if (askedHours + ownHours < dutyHours) return [];
  const what = ownHours > 0 ? 'calls and activities' : 'calls';
  const then = queue.type === 'unlimited' ? 'the queue grows without bound' : 'many calls find no room';
  const text = (hours: number): string => String(Math.round(hours * 10) / 10);
  return [
    `${what} of the run ask for ${text(askedHours + ownHours)} hours of units, but units are on duty for ${text(dutyHours)}; ${then}`,
  ];
}

/** Mean unit-hours of one call, drives left out. */
function unitHours({ units, onScene, triageShare, transport, report }: DemandCategory): number {
  const transportMs = transport === null ? 0 : transport.share * transport.handover.meanMs;
  const allMs = units * onScene.meanMs + transportMs + (report?.meanMs ?? 0);
  return ((1 - triageShare) * allMs) / MS_PER_HOUR;
}
