import moment from 'moment-timezone';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { hourOfWeek, localTimeText, parseWrittenTime } from '../../engine/scenario/local-time.ts';
import {
  clockChanges,
  fixedZone,
  loadTimeZone,
  localOf,
  momentsOf,
  type TimeZone,
} from '../../engine/scenario/time-zone.ts';

const zone = (name: string): Promise<TimeZone> => loadTimeZone(name, 'scenario.json', '/demand/timeZone');
const local = (text: string): number => {
  const time = parseWrittenTime(text);
  if (typeof time === 'string') throw new Error(`${text} ${time}`);
  return time.localMs;
};
const utc = (text: string): number => Date.parse(text);

/** Wall clock of a zone by the runtime's own database. */
function wallClock(name: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utcMs) => {
    const parts = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, +value]));
    const { year, month, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

const FROM = 0;
const TO = Date.UTC(2037, 11, 31);

/** Moments to compare at: the seconds around every change, and the days in between. */
function probes({ fromUtcMs }: TimeZone): number[] {
  const moments: number[] = [];
  for (const utcMs of fromUtcMs) if (utcMs >= FROM && utcMs < TO) moments.push(utcMs - 1000, utcMs);
  for (let utcMs = FROM; utcMs < TO; utcMs += 91 * 86_400_000) moments.push(utcMs);
  return moments;
}

describe('time zones against the database of the runtime, 1970 to 2037', () => {
  it.each([
    'America/New_York',
    'America/Chicago',
    'America/St_Johns',
    'America/Sao_Paulo',
    'Europe/London',
    'Europe/Dublin',
    'Europe/Stockholm',
    'Europe/Moscow',
    'Africa/Monrovia',
    'Asia/Shanghai',
    'Asia/Kathmandu',
    'Australia/Sydney',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Apia',
    'UTC',
  ])('%s shows the same clock at every probe', async (name) => {
    const rules = await zone(name);
    const wall = wallClock(name);
    const differ = probes(rules).filter((utcMs) => wall(utcMs) !== localOf(rules, utcMs));
    expect(differ.map((utcMs) => new Date(utcMs).toISOString())).toEqual([]);
  });

  it('all other zones too, but for the few whose rules have changed between the two releases', async () => {
    let compared = 0;
    const differ = new Set<string>();
    for (const name of moment.tz.names()) {
      const rules = await zone(name);
      const wall = wallClock(name);
      for (const utcMs of probes(rules)) {
        // releases differ about the years to come
        if (utcMs > Date.UTC(2021, 0, 1)) continue;
        compared++;
        if (wall(utcMs) !== localOf(rules, utcMs)) differ.add(name);
      }
    }
    expect(compared).toBeGreaterThan(100_000);
    expect(differ.size, [...differ].join(', ')).toBeLessThanOrEqual(10);
  });
});

describe('a local time', () => {
  it('is one moment on most days', async () => {
    const newYork = await zone('America/New_York');
    expect(momentsOf(newYork, local('2016-07-01 12:00'))).toEqual([utc('2016-07-01T16:00Z')]);
    expect(momentsOf(newYork, local('2016-01-01 12:00'))).toEqual([utc('2016-01-01T17:00Z')]);
  });

  it('is none in the hour that spring leaves out, from its first millisecond to its last', async () => {
    const newYork = await zone('America/New_York');
    expect(momentsOf(newYork, local('2016-03-13 01:59:59.999'))).toHaveLength(1);
    expect(momentsOf(newYork, local('2016-03-13 02:00'))).toEqual([]);
    expect(momentsOf(newYork, local('2016-03-13 02:59:59.999'))).toEqual([]);
    expect(momentsOf(newYork, local('2016-03-13 03:00'))).toEqual([utc('2016-03-13T07:00Z')]);
  });

  it('is two in the hour that autumn shows twice, earlier first', async () => {
    const newYork = await zone('America/New_York');
    expect(momentsOf(newYork, local('2016-11-06 00:59:59.999'))).toHaveLength(1);
    expect(momentsOf(newYork, local('2016-11-06 01:30'))).toEqual([
      utc('2016-11-06T05:30Z'),
      utc('2016-11-06T06:30Z'),
    ]);
    expect(momentsOf(newYork, local('2016-11-06 02:00'))).toHaveLength(1);
  });

  it('is none on the day that Samoa skipped when it crossed the date line', async () => {
    const apia = await zone('Pacific/Apia');
    expect(momentsOf(apia, local('2011-12-30 12:00'))).toEqual([]);
    expect(momentsOf(apia, local('2011-12-31 00:00'))).toEqual([utc('2011-12-30T10:00Z')]);
  });

  it('goes to the moment and back in every zone, whatever the hour', async () => {
    for (const name of ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Europe/Dublin']) {
      const rules = await zone(name);
      for (const utcMs of probes(rules)) expect(momentsOf(rules, localOf(rules, utcMs))).toContain(utcMs);
    }
  });
});

describe('changes of the clock', () => {
  it('are two a year in New York, forward and back', async () => {
    const newYork = await zone('America/New_York');
    expect(clockChanges(newYork, utc('2016-01-01T05:00Z'), utc('2017-01-01T05:00Z'))).toEqual([
      { utcMs: utc('2016-03-13T07:00Z'), forwardMs: 3_600_000 },
      { utcMs: utc('2016-11-06T06:00Z'), forwardMs: -3_600_000 },
    ]);
    expect(clockChanges(newYork, utc('2016-03-13T07:00Z'), utc('2016-03-13T07:00:01Z'))).toHaveLength(1);
    expect(clockChanges(newYork, utc('2016-03-13T06:00Z'), utc('2016-03-13T07:00Z'))).toEqual([]);
  });

  it('are none where the clock never changes', async () => {
    expect(clockChanges(fixedZone(19_800_000), 0, TO)).toEqual([]);
    expect(clockChanges(await zone('Asia/Kolkata'), 0, TO)).toEqual([]);
    expect(fixedZone(19_800_000).name).toBe('+05:30');
    expect(fixedZone(-12_600_000).name).toBe('-03:30');
  });
});

it('refuses a name that is no zone, with the nearest one', async () => {
  const error: unknown = await zone('America/NewYork').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).toContain('did you mean "America/New_York"?');
  expect((error as InputError).problems[0].place).toBe('/demand/timeZone');
});

describe('a time as written', () => {
  it.each([
    ['2016-03-01T04:05:06', '2016-03-01T04:05:06.000Z', null],
    ['2016-03-01 04:05', '2016-03-01T04:05:00.000Z', null],
    ['2016-02-29 23:59:59.9999999', '2016-02-29T23:59:59.999Z', null],
    ['2016-03-01T04:05:06,5Z', '2016-03-01T04:05:06.500Z', 0],
    ['2016-03-01 04:05-05', '2016-03-01T04:05:00.000Z', -5],
    ['2016-03-01t04:05:06+0530', '2016-03-01T04:05:06.000Z', 5.5],
    ['1899-12-31 00:00 -03:30', '1899-12-31T00:00:00.000Z', -3.5],
  ])('%s is read', (text, wall, offsetHours) => {
    expect(parseWrittenTime(text)).toEqual({
      localMs: Date.parse(wall),
      offsetMs: offsetHours === null ? null : offsetHours * 3_600_000,
    });
  });

  it.each([
    '',
    '2016-03-01',
    '01/03/2016 04:05',
    '2016-3-1 4:05',
    '2016-03-01T04:05 EST',
    '2015-02-29 00:00',
    '2016-13-01 00:00',
    '2016-04-31 00:00',
    '2016-03-01 24:00',
    '2016-03-01 00:60',
    '2016-03-01 00:00:60',
    '2016-03-01T00:00+16:00',
    '2016-03-01T00:00:00.Z',
    '12016-03-01T00:00',
  ])('"%s" is refused in words', (text) => {
    expect(parseWrittenTime(text)).toEqual(expect.any(String));
  });

  it('is written again as it was read, from the year 1 to 9999', () => {
    for (
      let ms = Date.parse('0001-01-01T00:00Z');
      ms < Date.parse('9999-12-31T00:00Z');
      ms += 9_876_543_217
    ) {
      expect(`${localTimeText(ms)}${ms % 1000 === 0 ? '.000' : ''}Z`).toBe(new Date(ms).toISOString());
    }
  });

  it('knows the hour of the week, Monday 00:00 first', () => {
    expect(hourOfWeek(local('2026-03-02T00:00'))).toBe(0);
    expect(hourOfWeek(local('2026-03-01T23:59:59'))).toBe(167);
    expect(hourOfWeek(local('1969-12-31T12:00'))).toBe(2 * 24 + 12);
  });
});
