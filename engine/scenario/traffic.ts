/** Which period of traffic holds at a time of the run. Local time, by the calendar of the scenario. */
import { HOURS_PER_WEEK, MS_PER_HOUR, NONE, type Ms } from '../units.ts';
import type { Scenario } from './scenario.ts';

export const MS_PER_WEEK = HOURS_PER_WEEK * MS_PER_HOUR;

/** What of a scenario decides it. */
type Calendar = { traffic: Scenario['traffic']; run: Pick<Scenario['run'], 'start'> };

/** Time since Monday 00:00 at a time counted from the scored start, negative ones too. */
function timeOfWeekMs({ run: { start } }: Pick<Calendar, 'run'>, timeMs: Ms): Ms {
  const sinceMonday = start.hourOfWeek * MS_PER_HOUR + start.msIntoHour + timeMs;
  return ((sinceMonday % MS_PER_WEEK) + MS_PER_WEEK) % MS_PER_WEEK;
}

/**
 * The period in which a trip that starts at `timeMs` (from the scored start) starts: its index, NONE for the rest of the
 * week. Periods hold their first moment and not the one they end with. Cost O(hours of all periods).
 */
export function periodAt(calendar: Calendar, timeMs: Ms): number {
  const { periods } = calendar.traffic;
  if (periods.length === 0) return NONE;
  const at = timeOfWeekMs(calendar, timeMs);
  for (let period = 0; period < periods.length; period++) {
    for (const { startMs, endMs } of periods[period].hours) {
      if ((at >= startMs && at < endMs) || at < endMs - MS_PER_WEEK) return period;
    }
  }
  return NONE;
}

/** How long each period lasts within [fromMs, toMs), by period; the base period NONE has the rest. */
export function timeInPeriods(calendar: Calendar, fromMs: Ms, toMs: Ms): Map<number, Ms> {
  const shares = new Map<number, Ms>();
  const add = (period: number, ms: Ms): void => {
    if (ms > 0) shares.set(period, (shares.get(period) ?? 0) + ms);
  };
  let restMs = toMs - fromMs;
  calendar.traffic.periods.forEach(({ hours }, period) => {
    for (const { startMs, endMs } of hours) {
      // in every week that the span meets
      const offsetMs = timeOfWeekMs(calendar, fromMs) - fromMs;
      const firstWeek = Math.floor((fromMs + offsetMs - endMs) / MS_PER_WEEK);
      const lastWeek = Math.floor((toMs + offsetMs - startMs) / MS_PER_WEEK);
      for (let week = firstWeek; week <= lastWeek; week++) {
        const start = Math.max(fromMs, startMs + week * MS_PER_WEEK - offsetMs);
        const end = Math.min(toMs, endMs + week * MS_PER_WEEK - offsetMs);
        add(period, end - start);
        restMs -= Math.max(0, end - start);
      }
    }
  });
  add(NONE, restMs);
  return shares;
}
