/** The stretch of time that a fit looks at, cut into hours that really passed. */
import { InputError } from '../../errors.ts';
import { hourOfWeek } from '../../scenario/local-time.ts';
import { localOf, type TimeZone } from '../../scenario/time-zone.ts';
import { HOURS_PER_WEEK, MS_PER_DAY, MS_PER_HOUR, type Ms } from '../../units.ts';

/**
 * Hours follow each other without a gap from `fromUtcMs`, so that the hour which comes twice in autumn counts twice and
 * the one left out in spring never. Calls of one week resemble each other more than a Poisson process would have it
 * (weather, holidays), so weeks are the independent things of every interval and of cross-validation.
 */
export interface Window {
  fromUtcMs: Ms;
  nHours: number;
  /** Of each hour, by the local clock in its middle; 0 is Monday 00:00. */
  hourOfWeek: Uint8Array;
  nWeeks: number;
  /** Of each hour, counted from the start; what is left over at the end belongs to the last whole week. */
  week: Uint16Array;
}

/** Fewer weeks have no spread to judge by. */
const LEAST_WEEKS = 2;

/**
 * @param fromUtcMs, toUtcMs  whole hours apart
 * @throws InputError for less than two weeks
 */
export function windowOf(zone: TimeZone, fromUtcMs: Ms, toUtcMs: Ms, file: string): Window {
  const nHours = Math.floor((toUtcMs - fromUtcMs) / MS_PER_HOUR);
  // a week in which the clock is put forward is whole with 167 hours
  const nWeeks = Math.floor((nHours + 1) / HOURS_PER_WEEK);
  if (nWeeks < LEAST_WEEKS) {
    throw InputError.at(
      file,
      '',
      `${nHours} hours of calls are too few: at least ${LEAST_WEEKS} whole weeks are needed, so that hours of the week can be compared`,
    );
  }
  const hours = Uint8Array.from({ length: nHours }, (_, hour) =>
    hourOfWeek(localOf(zone, fromUtcMs + (hour + 0.5) * MS_PER_HOUR)),
  );
  const week = Uint16Array.from({ length: nHours }, (_, hour) =>
    Math.min(nWeeks - 1, Math.floor(hour / HOURS_PER_WEEK)),
  );
  return { fromUtcMs, nHours, hourOfWeek: hours, nWeeks, week };
}

/** Number of the hour in which a moment lies, or -1 outside the window. */
export function hourAt({ fromUtcMs, nHours }: Window, utcMs: Ms): number {
  const hour = Math.floor((utcMs - fromUtcMs) / MS_PER_HOUR);
  return hour >= 0 && hour < nHours ? hour : -1;
}

/** Hours of the window by week and hour of week: [week x 168 + hour of week]. */
export function exposureByWeek({ nHours, nWeeks, week, hourOfWeek: hours }: Window): Float64Array {
  const exposure = new Float64Array(nWeeks * HOURS_PER_WEEK);
  for (let hour = 0; hour < nHours; hour++) exposure[week[hour] * HOURS_PER_WEEK + hours[hour]]++;
  return exposure;
}

/** Days from 1 January 1970 to the local date in which the middle of an hour lies. */
export const localDay = (zone: TimeZone, { fromUtcMs }: Window, hour: number): number =>
  Math.floor(localOf(zone, fromUtcMs + (hour + 0.5) * MS_PER_HOUR) / MS_PER_DAY);
