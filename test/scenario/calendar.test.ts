import { describe, expect, it } from 'vitest';
import { dayOfWeek, parseRunStart } from '../../engine/scenario/calendar.ts';

describe('the calendar', () => {
  it('agrees with the calendar of the runtime on every day of 130 years', () => {
    for (let day = Date.UTC(1970, 0, 1); day < Date.UTC(2101, 0, 1); day += 86_400_000) {
      const date = new Date(day);
      const expected = (date.getUTCDay() + 6) % 7; // theirs starts on Sunday
      expect(dayOfWeek(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(expected);
    }
  });

  it('counts the hour of the week from Monday 00:00', () => {
    expect(parseRunStart('2026-03-02T00:00')).toEqual({
      text: '2026-03-02T00:00',
      hourOfWeek: 0,
      msIntoHour: 0,
      msIntoDay: 0,
    });
    expect(parseRunStart('2026-03-01T23:59:59')).toEqual({
      text: '2026-03-01T23:59:59',
      hourOfWeek: 167,
      msIntoHour: 3_599_000,
      msIntoDay: 86_399_000,
    });
  });

  it.each([
    ['2026-13-01T00:00', 'month 13; allowed: 1 to 12'],
    ['2026-00-01T00:00', 'month 0; allowed: 1 to 12'],
    ['2026-02-29T00:00', 'day 29; allowed: 1 to 28'],
    ['2100-02-29T00:00', 'day 29; allowed: 1 to 28'],
    ['2026-04-31T00:00', 'day 31; allowed: 1 to 30'],
    ['2026-03-00T00:00', 'day 0; allowed: 1 to 31'],
    ['2026-03-02T24:00', 'hour 24; allowed: 0 to 23'],
    ['2026-03-02T00:60', 'minute 60; allowed: 0 to 59'],
    ['2026-03-02T00:00:60', 'second 60; allowed: 0 to 59'],
  ])('knows no %s', (written, fault) => {
    expect(parseRunStart(written)).toBe(fault);
  });

  it('knows leap days', () => {
    expect(typeof parseRunStart('2024-02-29T12:00')).toBe('object');
    expect(typeof parseRunStart('2000-02-29T12:00')).toBe('object');
  });
});
