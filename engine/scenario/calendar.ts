/** Local dates by own arithmetic: the proleptic Gregorian calendar, no time zone, no daylight saving. */
import { MS_PER_HOUR } from '../units.ts';
import type { RunStart } from './scenario.ts';

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** Day of the week of a date, 0 is Monday. 1 January of year 1 was a Monday. */
export function dayOfWeek(year: number, month: number, day: number): number {
  const past = year - 1; // whole years since 1 January of year 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  const daysBefore =
    past * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return ((daysBefore % 7) + 7) % 7;
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
