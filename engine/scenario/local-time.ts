/**
 * Dates and times as people and files write them (ISO 8601, RFC 3339), by own arithmetic: no clock and no locale of the
 * machine has a say. A local time is counted in milliseconds from 1970-01-01T00:00 on the same clock.
 */
import { assert } from '../errors.ts';
import { MS_PER_DAY, MS_PER_HOUR, type Ms } from '../units.ts';
import { dateOfDay, daysInMonth, daysSince1970 } from './calendar.ts';
import type { RunStart } from './scenario.ts';

/** A time as written. */
export interface WrittenTime {
  /** What the clock on the wall showed. */
  localMs: Ms;
  /** How far that clock is ahead of UTC, or null where it is not written. */
  offsetMs: Ms | null;
}

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?$/;

/**
 * `2016-03-13T01:30:00-05:00`, `2016-03-13 01:30`, with seconds, parts of them (beyond milliseconds cut off) and an
 * offset or `Z` where there is one.
 * @returns the time, or what is wrong with it as a text
 */
export function parseWrittenTime(text: string): WrittenTime | string {
  const parts = WRITTEN.exec(text);
  if (parts === null) return 'is not a date and time such as 2016-03-13T01:30:00-05:00 or 2016-03-13 01:30';
  const [year, month, day, hour, minute] = [1, 2, 3, 4, 5].map((ix) => Number(parts[ix]));
  const second = Number(parts[6] ?? 0);
  if (month < 1 || month > 12) return `has month ${month}; allowed: 1 to 12`;
  if (day < 1 || day > daysInMonth(year, month)) {
    return `has day ${day}; allowed: 1 to ${daysInMonth(year, month)}`;
  }
  if (hour > 23) return `has hour ${hour}; allowed: 0 to 23`;
  if (minute > 59) return `has minute ${minute}; allowed: 0 to 59`;
  if (second > 59) return `has second ${second}; allowed: 0 to 59`;
  const thousandths = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const localMs =
    daysSince1970(year, month, day) * MS_PER_DAY +
    hour * MS_PER_HOUR +
    (minute * 60 + second) * 1000 +
    thousandths;
  const offset = parts[8] as string | undefined;
  if (offset === undefined) return { localMs, offsetMs: null };
  if (offset === 'Z' || offset === 'z') return { localMs, offsetMs: 0 };
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || 0);
  if (hours > 15 || minutes > 59) return `has the offset ${offset}; allowed: -15:59 to +15:59`;
  return { localMs, offsetMs: (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000 };
}

/** Local time of the scored start, of which `parseRunStart` has found that it is one. */
export function localMsOfStart({ text }: RunStart): Ms {
  const time = parseWrittenTime(text);
  assert(typeof time !== 'string', 'a start that was read cannot be read');
  return time.localMs;
}

/** `2016-03-13T01:30:00`, with thousandths where there are any. */
export function localTimeText(localMs: Ms): string {
  const dayNumber = Math.floor(localMs / MS_PER_DAY);
  const { year, month, day } = dateOfDay(dayNumber);
  const ms = localMs - dayNumber * MS_PER_DAY;
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const time = `${two(ms / MS_PER_HOUR)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  const thousandths = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}${thousandths}`;
}

/** `+01:00`, `-03:30`, with seconds where local mean time has them. */
export function offsetText(offsetMs: Ms): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const s = Math.abs(offsetMs) / 1000;
  const seconds = s % 60 === 0 ? '' : `:${two(s % 60)}`;
  return `${offsetMs < 0 ? '-' : '+'}${two(s / 3600)}:${two((s / 60) % 60)}${seconds}`;
}

/** 1 January 1970 was a Thursday. */
const THURSDAY = 3;

/** Hour of the week on the local clock, 0 is Monday 00:00. */
export function hourOfWeek(localMs: Ms): number {
  const hours = Math.floor(localMs / MS_PER_HOUR) + THURSDAY * 24;
  return ((hours % 168) + 168) % 168;
}
