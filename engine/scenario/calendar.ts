/** Local dates and times of the week by own arithmetic: the proleptic Gregorian calendar, no time zone, no daylight saving. */
import { MS_PER_DAY, MS_PER_HOUR, type Ms } from '../units.ts';
import type { RunStart } from './scenario.ts';

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Days from 1 January of year 1 to a date. */
function daysSinceYear1(year: number, month: number, day: number): number {
  const past = year - 1; // whole years since 1 January of year 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  return past * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
}

/** Day of the week of a date, 0 is Monday. 1 January of year 1 was a Monday. */
export const dayOfWeek = (year: number, month: number, day: number): number =>
  ((daysSinceYear1(year, month, day) % 7) + 7) % 7;

/** Days from 1 January 1970 to a date, negative before. */
export const daysSince1970 = (year: number, month: number, day: number): number =>
  daysSinceYear1(year, month, day) - daysSinceYear1(1970, 1, 1);

/** The date so many days after 1 January 1970. */
export function dateOfDay(days: number): { year: number; month: number; day: number } {
  let year = 1970 + Math.floor(days / 365.2425);
  if (daysSince1970(year, 1, 1) > days) year--;
  else if (daysSince1970(year + 1, 1, 1) <= days) year++;
  let left = days - daysSince1970(year, 1, 1);
  let month = 1;
  while (left >= daysInMonth(year, month)) left -= daysInMonth(year, month++);
  return { year, month, day: left + 1 };
}

/**
 * The start of the run from its text, `2026-03-02T00:00` or `2026-03-02T00:00:30`.
 * @returns the start, or what is wrong with it as a text
 */
export function parseRunStart(text: string): RunStart | string {
  const [year, month, day, hour, minute, second = 0] = text.split(/[-T:]/).map(Number);
  if (month < 1 || month > 12) return `month ${month}; allowed: 1 to 12`;
  if (day < 1 || day > daysInMonth(year, month))
    return `day ${day}; allowed: 1 to ${daysInMonth(year, month)}`;
  if (hour > 23) return `hour ${hour}; allowed: 0 to 23`;
  if (minute > 59) return `minute ${minute}; allowed: 0 to 59`;
  if (second > 59) return `second ${second}; allowed: 0 to 59`;
  const msIntoHour = (minute * 60 + second) * 1000;
  return {
    text,
    hourOfWeek: dayOfWeek(year, month, day) * 24 + hour,
    msIntoHour,
    msIntoDay: hour * MS_PER_HOUR + msIntoHour,
  };
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Tuesday 06:30`, the minute that a time falls into. @param ms  from a Monday 00:00, before or after it */
export function weekTime(ms: Ms): string {
  const day = Math.floor(ms / MS_PER_DAY);
  const minutes = Math.floor((ms - day * MS_PER_DAY) / 60_000);
  const two = (whole: number): string => String(whole).padStart(2, '0');
  return `${DAYS[((day % 7) + 7) % 7]} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
