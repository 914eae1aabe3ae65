/** Words of `demand fit`'s options. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import {
  coveredHours,
  parseBox,
  parseColumns,
  parseLaws,
  parseLocalHour,
  parsePriorities,
} from '../../engine/node/fit-options.ts';
import { fixedZone, loadTimeZone } from '../../engine/scenario/time-zone.ts';
import { callFile } from '../demand/made-up-calls.ts';

const HOUR_MS = 3_600_000;
const problems = (work: () => unknown): string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ place, message }) => `${place} ${message}`);
    throw error;
  }
  return [];
};

it('columns have their usual names but for those that are named', () => {
  expect(parseColumns(['time=at,category=what kind'], undefined)).toEqual({
    time: 'at',
    lon: 'lon',
    lat: 'lat',
    category: 'what kind',
  });
  expect(parseColumns([], 'seconds')).toEqual({ time: 'time', lon: 'lon', lat: 'lat', onSceneS: 'seconds' });
  expect(problems(() => parseColumns(['onSceneS=a'], 'b'))).toEqual([
    expect.stringContaining('give one of the two'),
  ]);
  expect(problems(() => parseColumns(['tme=at,lon,lat=b,lat=c'], undefined))).toEqual([
    expect.stringContaining('did you mean "time"?'),
    expect.stringContaining("'lon' is not KEY=NAME"),
    expect.stringContaining('names the column of lat twice'),
  ]);
});

it('columns with commas, equals signs and quotation marks in their names stand in quotation marks', () => {
  const named = { time: 'date, local', lon: 'x=east', lat: 'lat "north", °', category: 'say "what"' };
  const list = 'time="date, local",lon=x=east,lat="lat ""north"", °",category=say "what"';
  expect(parseColumns([list], undefined)).toEqual(named);
  expect(parseColumns(list.split(/,(?=lat|category|lon=)/), undefined)).toEqual(named);
  expect(parseColumns(['time=" at "'], undefined)).toMatchObject({ time: ' at ' });
  expect(problems(() => parseColumns(['time=date, local'], undefined))).toEqual([
    expect.stringContaining(`a name with a comma stands in quotation marks: --columns 'time="date, local"'`),
  ]);
  for (const text of ['time="date, local', 'time="date" local', 'time="date""', 'time=""', 'time=', ''])
    expect(problems(() => parseColumns([text], undefined)).length, text).toBeGreaterThan(0);
});

it('a box goes west, south, east, north', () => {
  expect(parseBox('-75.7,39.9,-75,40.5')).toEqual({ west: -75.7, south: 39.9, east: -75, north: 40.5 });
  for (const text of ['1,2,3', '1,2,3,x', '3,2,1,4', '1,4,3,2', '1,2,3,91', '1,,3,4']) {
    expect(
      problems(() => parseBox(text)),
      text,
    ).toHaveLength(1);
  }
});

describe('a local hour', () => {
  it('is a moment of the zone of the file', async () => {
    const zone = await loadTimeZone('America/New_York', '', '');
    expect(parseLocalHour('2016-04-17', '--split', zone)).toBe(Date.parse('2016-04-17T04:00Z'));
    expect(parseLocalHour('2016-01-17T06:00', '--split', zone)).toBe(Date.parse('2016-01-17T11:00Z'));
    for (const text of ['2016-03-13T02:00', '2016-04-17T00:30', '2016-04-17T00:00Z', 'spring']) {
      expect(
        problems(() => parseLocalHour(text, '--split', zone)),
        text,
      ).toHaveLength(1);
    }
  });

  it('is covered by a file when calls lie on both sides of it', () => {
    const at = (...minutes: number[]) =>
      callFile(minutes.map((minute) => ({ utcMs: minute * 60_000, lon: 0, lat: 0 })));
    expect(coveredHours(at(30, 400))).toEqual({ fromUtcMs: HOUR_MS, toUtcMs: 6 * HOUR_MS });
    expect(coveredHours(at(60, 360))).toEqual({ fromUtcMs: HOUR_MS, toUtcMs: 6 * HOUR_MS });
    // hours begin at half past in UTC where the clock is 5:30 ahead
    const india = { ...at(40, 400), zone: fixedZone(5.5 * HOUR_MS) };
    expect(coveredHours(india)).toEqual({ fromUtcMs: 1.5 * HOUR_MS, toUtcMs: 6.5 * HOUR_MS });
  });
});

it('laws and priorities are those of a category or of all others', () => {
  expect(parseLaws(['lognormal:1800:0.9', 'a=b=exponential:60'])).toEqual(
    new Map([
      ['', { type: 'lognormal', mean: 1800, cv: 0.9 }],
      ['a=b', { type: 'exponential', mean: 60 }],
    ]),
  );
  expect(parsePriorities(['2', 'EMS=1'])).toEqual(
    new Map([
      ['', 2],
      ['EMS', 1],
    ]),
  );
  expect(
    problems(() => parseLaws(['normal:5', 'gamma:60', 'gamma:60:x', 'constant:5:1:2', 'empirical:3'])),
  ).toHaveLength(5);
  expect(problems(() => parsePriorities(['0', '10', 'EMS=1', 'EMS=2']))).toEqual([
    expect.stringContaining('"0" is not a priority'),
    expect.stringContaining('"10" is not a priority'),
    expect.stringContaining('"EMS=2" is given twice'),
  ]);
});
