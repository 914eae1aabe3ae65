/** Periods of traffic: times of day to hours of the week, none of which may belong to two periods. */
import { MS_PER_DAY, MS_PER_S } from '../units.ts';
import { refuseRepeats } from './look-up.ts';
import { indexById, shown } from './problems.ts';
import { lookUpKeys } from './resolve-profiles.ts';
import type { Resolving } from './resolving.ts';
import type { Scenario, TrafficPeriod } from './scenario.ts';
import { DAYS } from './schema.ts';
import { MS_PER_WEEK } from './traffic.ts';

/** @returns periods in the order of the file, or undefined when one is wrong */
export function resolveTraffic(resolving: Resolving): Scenario['traffic'] | undefined {
  const { json, known, problems } = resolving;
  if (json.traffic === undefined) return undefined;
  const before = problems.count;
  const given = json.traffic.periods;
  indexById(
    given,
    ({ id }) => id,
    (_, ix) => ({ file: resolving.fileName, place: `/traffic/periods/${ix}/id` }),
    problems,
  );
  const periods: TrafficPeriod[] = given.map(({ id, days, from, to, speedFactor }, ix) => {
    const path = ['traffic', 'periods', ix];
    const fromMs = timeOfDayMs(from);
    let toMs = timeOfDayMs(to);
    if (fromMs === MS_PER_DAY)
      resolving.refuse([...path, 'from'], `${shown(from)} is no time to begin; allowed: 00:00 to 23:59`);
    if (fromMs === toMs) {
      resolving.refuse(
        [...path, 'to'],
        `${shown(to)} is when the period begins; a whole day is from 00:00 to 24:00`,
      );
    }
    if (toMs <= fromMs) toMs += MS_PER_DAY;
    refuseRepeats(resolving, [...path, 'days'], days);
    if (typeof speedFactor !== 'number') {
      lookUpKeys(resolving, [...path, 'speedFactor'], speedFactor, 'a road class', known.roadClasses);
    }
    const hours = days.map((day) => {
      const dayMs = DAYS.indexOf(day) * MS_PER_DAY;
      return { startMs: dayMs + fromMs, endMs: dayMs + toMs };
    });
    return { id, hours, speedFactor };
  });
  if (problems.count === before) refuseOverlaps(resolving, periods);
  return problems.count > before ? undefined : { periods };
}

/** `07:00` or `07:00:30`. */
function timeOfDayMs(text: string): number {
  const [hours, minutes, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * MS_PER_S;
}

/** One problem for each pair of periods that share a moment of the week. */
function refuseOverlaps(resolving: Resolving, periods: readonly TrafficPeriod[]): void {
  for (let ix = 1; ix < periods.length; ix++) {
    for (let other = 0; other < ix; other++) {
      const at = sharedMoment(periods[ix], periods[other]);
      if (at === null) continue;
      resolving.refuse(
        ['traffic', 'periods', ix],
        `${shown(periods[ix].id)} and ${shown(periods[other].id)} overlap, first on ${momentOfWeek(at)}; ` +
          'a moment belongs to one period at most',
      );
    }
  }
}

/** The first moment of the week that both hold, or null. */
function sharedMoment(a: TrafficPeriod, b: TrafficPeriod): number | null {
  let first: number | null = null;
  for (const x of a.hours) {
    for (const y of b.hours) {
      for (const week of [-1, 0, 1]) {
        const startMs = Math.max(x.startMs, y.startMs + week * MS_PER_WEEK);
        if (startMs >= Math.min(x.endMs, y.endMs + week * MS_PER_WEEK)) continue;
        const at = startMs % MS_PER_WEEK;
        if (first === null || at < first) first = at;
      }
    }
  }
  return first;
}

function momentOfWeek(timeMs: number): string {
  const two = (whole: number): string => String(whole).padStart(2, '0');
  const minutes = Math.floor((timeMs % MS_PER_DAY) / 60_000);
  return `${DAYS[Math.floor(timeMs / MS_PER_DAY)]} at ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
