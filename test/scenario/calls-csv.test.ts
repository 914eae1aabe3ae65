import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { callReportLines } from '../../engine/scenario/call-faults.ts';
import {
  type CallFile,
  type CallFileOptions,
  readCallFile,
  replayTime,
} from '../../engine/scenario/calls-csv.ts';
import { localTimeText } from '../../engine/scenario/local-time.ts';
import { fileRequest, toSourceFile } from '../../engine/scenario/source-file.ts';
import { fixedZone, loadTimeZone } from '../../engine/scenario/time-zone.ts';

const SEED = 20160313;
const COLUMNS = { time: 'time', lon: 'lon', lat: 'lat' };
const ALL = { ...COLUMNS, category: 'kind', priority: 'prio', onSceneS: 'onScene', id: 'id' };

const read = (text: string, options: Partial<CallFileOptions> = {}): Promise<CallFile> =>
  readCallFile(
    { name: 'calls.csv', bytes: new TextEncoder().encode(text) },
    { columns: COLUMNS, timeZone: 'America/New_York', ...options },
  );
const problems = async (reading: Promise<CallFile>): Promise<string[]> => {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof InputError)) throw new Error('no InputError', { cause: error });
  return error.problems.map(({ file, place, message }) => `${file} ${place}: ${message}`);
};
const rows = (...lines: string[]): string => ['time,lon,lat', ...lines].join('\n');
const at = (time: string): string => `${time},-75.3,40.1`;
const moments = ({ calls }: CallFile): string[] => calls.map(({ utcMs }) => new Date(utcMs).toISOString());

describe('a call file', () => {
  it('is read with all columns, quotes, CRLF and a byte order mark', async () => {
    const text =
      '\ufefftime,"note, free",kind,prio,onScene,lat,lon,id\r\n' +
      '2016-07-01 10:00:00,"says ""help"",\r\ntwice","EMS: FALL",1,90.5,40.1,-75.3,a\r\n' +
      '\r\n' +
      '2016-07-01T10:05:00,,Traffic,3,,40.2,-75.4,b\r\n';
    const { calls, report, zone } = await read(text, { columns: ALL, categoryUntil: ':' });
    expect(calls).toEqual([
      {
        utcMs: Date.parse('2016-07-01T14:00Z'),
        localMs: Date.parse('2016-07-01T10:00Z'),
        lon: -75.3,
        lat: 40.1,
        category: 'EMS',
        priority: 1,
        onSceneMs: 90_500,
        id: 'a',
        line: 2,
      },
      {
        utcMs: Date.parse('2016-07-01T14:05Z'),
        localMs: Date.parse('2016-07-01T10:05Z'),
        lon: -75.4,
        lat: 40.2,
        category: 'Traffic',
        priority: 3,
        onSceneMs: null,
        id: 'b',
        line: 5,
      },
    ]);
    expect(report).toEqual({
      rows: 2,
      kept: 2,
      leftOut: 0,
      faults: [],
      twiceHour: { first: 0, second: 0 },
    });
    expect(zone.name).toBe('America/New_York');
    expect(zone.release).toMatch(/^20\d\d[a-z]+$/);
  });

  it('is the same when it is packed', async () => {
    const plain = new TextEncoder().encode(rows(at('2016-07-01 10:00')));
    const source = await toSourceFile(
      fileRequest('calls.csv', 'scenario.json', '/demand/file'),
      gzipSync(plain),
      'scenario.json',
      '/demand/file',
    );
    const options = { columns: COLUMNS, timeZone: 'UTC' };
    expect(await readCallFile(source, options)).toEqual(
      await readCallFile({ name: 'calls.csv', bytes: plain }, options),
    );
  });

  it('names every line as an editor counts it, whatever the quotes, ends of lines and blank lines', async () => {
    const cell = fc
      .array(fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    const row = fc.oneof(
      fc.record({ note: cell, blank: fc.constant(false) }),
      fc.record({ note: fc.constant(''), blank: fc.constant(true) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.boolean(), async (list, crlf) => {
        const end = crlf ? '\r\n' : '\n';
        let line = 2;
        const expected: number[] = [];
        let text = `time,lon,lat,note${end}`;
        for (const { note, blank } of list) {
          if (!blank) expected.push(line);
          text += blank ? end : `2016-07-01 10:00,1,2,"${note.replaceAll('"', '""')}"${end}`;
          line += 1 + (blank ? 0 : note.split('\n').length - 1);
        }
        text += `2016-07-01 10:00,1,2,end`;
        const { calls } = await read(text);
        expect(calls.map((call) => call.line)).toEqual([...expected, line]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('rows with faults', () => {
  const text = [
    'time,lon,lat,kind,prio,onScene,id',
    '2016-07-01 10:00,-75.3,40.1,EMS,1,60,a', // line 2
    '2016-07-01 10:01,-75.3,40.1,EMS,1,60', // too few cells
    'yesterday,-75.3,40.1,EMS,1,60,b', // time
    '2016-03-13 02:30,-75.3,40.1,EMS,1,60,c', // the clock left it out
    '2016-07-01 10:02,,,EMS,1,60,d', // no place
    '2016-07-01 10:03,-75.3,forty,EMS,1,60,e', // number
    '2016-07-01 10:04,-75.3,40.1,EMS,0,60,f', // number
    '2016-07-01 10:05,-75.3,40.1,EMS,1,-1,g', // number
    '2016-07-01 10:06,40.1,-175.3,EMS,1,60,h', // off the earth, swapped
    '2016-07-01 10:07,-75.3,40.1,EMS,1,60,a', // id of line 2
    '2016-07-01 09:00,-75.3,40.1,EMS,1,60,i', // backwards: line 12
    '2016-07-01 10:08,-75.3,40.1,,,,', // fine: nothing but a place and a time
  ].join('\n');

  it('are counted by kind with their lines, left out, and the rest put in order', async () => {
    const { calls, report } = await read(text, { columns: ALL });
    expect(calls.map(({ line }) => line)).toEqual([12, 2, 13]);
    expect(calls[2]).toMatchObject({ category: '', priority: null, onSceneMs: null, id: '' });
    expect({ ...report, faults: report.faults.length }).toEqual({
      rows: 12,
      kept: 3,
      leftOut: 9,
      faults: 8,
      twiceHour: { first: 0, second: 0 },
    });
    expect(
      report.faults.map(({ fault, rows, first }) => [fault, rows, first.map(({ line }) => line)]),
    ).toEqual([
      ['cells', 1, [3]],
      ['time', 1, [4]],
      ['skippedHour', 1, [5]],
      ['noPlace', 1, [6]],
      ['number', 3, [7, 8, 9]],
      ['coordinates', 1, [10]],
      ['duplicateId', 1, [11]],
      ['backwards', 1, [12]],
    ]);
    expect(callReportLines('calls.csv', report)).toContain(
      'calls.csv: 3 of 12 rows with a number that cannot be read are left out (line 7, 8, 9; column "lat": "forty" is not a number of degrees with a decimal point)',
    );
  });

  it('are all told in one error when the file must be without fault', async () => {
    expect(await problems(read(text, { columns: ALL, strict: true }))).toEqual([
      'calls.csv line 3: has 6 cells, the header has 7; is a quote missing?',
      'calls.csv line 4: column "time": "yesterday" is not a date and time such as 2016-03-13T01:30:00-05:00 or 2016-03-13 01:30',
      'calls.csv line 5: column "time": "2016-03-13 02:30" does not exist in America/New_York',
      'calls.csv line 6: columns "lon" and "lat" are empty',
      'calls.csv line 7: column "lat": "forty" is not a number of degrees with a decimal point',
      'calls.csv line 8: column "prio": "0" is not allowed; allowed: a whole number from 1 to 9',
      'calls.csv line 9: column "onScene": "-1" is not allowed; allowed: seconds from 0 to 4000000',
      'calls.csv line 10: columns "lon" and "lat": longitude 40.1, latitude -175.3; allowed: ±180 and ±90 degrees; are they swapped?',
      'calls.csv line 11: column "id": "a" stands on line 2',
      'calls.csv line 12: column "time": "2016-07-01 09:00" is before the row above',
    ]);
  });

  it('are named up to twenty lines of a kind and counted beyond', async () => {
    const many = rows(at('2016-07-01 10:00'), ...Array.from({ length: 500 }, () => 'no,1,2'));
    const { report } = await read(many);
    expect(report.faults.map(({ rows, first }) => [rows, first.length])).toEqual([[500, 20]]);
    const told = await problems(read(many, { strict: true }));
    expect(told).toHaveLength(21);
    expect(told[20]).toBe('calls.csv : and 480 more rows whose time cannot be read');
  });

  it('a file of which nothing is left is refused', async () => {
    expect(await problems(read(rows('no,1,2')))).toHaveLength(1);
    expect(await problems(read(rows()))).toEqual(['calls.csv : holds no call below its header']);
    expect(await problems(read(''))).toEqual(['calls.csv : is empty; a header with column names is needed']);
  });

  it('a quotation mark that is never closed is found where it opens', async () => {
    const open = rows(at('2016-07-01 10:00'), '"2016-07-01 10:01,1,2', at('2016-07-01 10:02'));
    expect(await problems(read(open))).toEqual([
      'calls.csv line 3: a quotation mark that opens a cell is never closed',
    ]);
    const inside = await read(`time,lon,lat,note\n2016-07-01 10:00,1,2,a 5" pipe`);
    expect(inside.calls).toHaveLength(1);
  });

  it('columns that are not there are named with the nearest', async () => {
    expect(await problems(read('Time,lon,lat\n'))).toEqual([
      'calls.csv line 1: has no column "time" (did you mean "Time"?); found: Time, lon, lat; name the right one in the name of time',
    ]);
    const columns = { time: 'at', lon: 'lon', lat: 'north', category: 'kind' };
    const columnSetBy = (key: string) => `--columns ${key}=NAME`;
    expect(await problems(read('"When, local",lon,lat\n', { columns, columnSetBy }))).toEqual([
      'calls.csv line 1: has no column "at" (did you mean "lat"?) and no column "north" and no column "kind"; found: "When, local", lon, lat; ' +
        'name the right one in --columns time=NAME, --columns lat=NAME, --columns category=NAME',
    ]);
    expect(await problems(read('time;lon;lat\n'))).toEqual([
      expect.stringContaining('this file seems to use ";"'),
    ]);
  });
});

describe('times of calls', () => {
  it('with offsets are moments, and the named zone says what the clock showed', async () => {
    const file = await read(rows(at('2016-07-01T14:00:00Z'), at('2016-07-01T16:30:00+02:00')));
    expect(moments(file)).toEqual(['2016-07-01T14:00:00.000Z', '2016-07-01T14:30:00.000Z']);
    expect(file.calls.map(({ localMs }) => localTimeText(localMs))).toEqual([
      '2016-07-01T10:00:00',
      '2016-07-01T10:30:00',
    ]);
  });

  it('need no zone where all offsets are equal', async () => {
    const file = await read(rows(at('2016-07-01T10:00:00+05:30')), { timeZone: undefined });
    expect(file.zone).toEqual(fixedZone(5.5 * 3_600_000));
    expect(localTimeText(file.calls[0].localMs)).toBe('2016-07-01T10:00:00');
  });

  it('need a zone where offsets differ or are missing', async () => {
    const differing = rows(at('2016-03-12T10:00-05:00'), at('2016-03-14T10:00-04:00'));
    expect(await problems(read(differing, { timeZone: undefined }))).toEqual([
      expect.stringContaining('line 3: the offset is -04:00 here and -05:00 on line 2; name the time zone'),
    ]);
    expect(await problems(read(rows(at('2016-03-12 10:00')), { timeZone: undefined }))).toEqual([
      expect.stringContaining('line 2: column "time": "2016-03-12 10:00" has no offset from UTC'),
    ]);
  });

  it('in the hour that comes twice are taken for the first, until the file shows that it is the second', async () => {
    const file = await read(
      rows(
        at('2016-11-06 00:50'),
        at('2016-11-06 01:10'),
        at('2016-11-06 01:50'),
        at('2016-11-06 01:20'), // back: so the clock was put back in between
        at('2016-11-06 01:40'),
        at('2016-11-06 02:05'),
      ),
    );
    expect(moments(file).map((text) => text.slice(11, 16))).toEqual([
      '04:50',
      '05:10',
      '05:50',
      '06:20',
      '06:40',
      '07:05',
    ]);
    expect(file.report.twiceHour).toEqual({ first: 2, second: 2 });
    expect(file.report.faults).toEqual([]);
    expect(callReportLines('calls.csv', file.report)).toEqual([
      'calls.csv: 4 of 6 rows lie in an hour that the clock showed twice; 2 are taken for the first time and 2 for the second',
    ]);
  });

  it('in that hour stay the first where the second would not be in order either', async () => {
    const file = await read(rows(at('2016-11-06 08:00'), at('2016-11-06 01:20')));
    expect(moments(file)[0]).toBe('2016-11-06T05:20:00.000Z');
    expect(file.report.faults.map(({ fault }) => fault)).toEqual(['backwards']);
  });
});

describe('a replay', () => {
  const elapsedHours = async (startText: string, text: string): Promise<number> => {
    const { zone, calls } = await read(rows(at(text)));
    const sinceStart = replayTime(zone, startText);
    if (typeof sinceStart === 'string') throw new Error(sinceStart);
    return sinceStart(calls[0].utcMs) / 3_600_000;
  };

  it('has 23 hours on the day the clock is put forward and 25 on the day it is put back', async () => {
    expect(await elapsedHours('2016-03-13T00:00', '2016-03-14 00:00')).toBe(23);
    expect(await elapsedHours('2016-11-06T00:00', '2016-11-07 00:00')).toBe(25);
    expect(await elapsedHours('2016-07-01T00:00', '2016-07-02 00:00')).toBe(24);
  });

  it('has 167 or 169 hours in the week of a change', async () => {
    expect(await elapsedHours('2016-03-07T00:00', '2016-03-14 00:00')).toBe(167);
    expect(await elapsedHours('2016-10-31T00:00', '2016-11-07 00:00')).toBe(169);
  });

  it('starts at the first time in the hour that comes twice, and never in the hour that is left out', async () => {
    expect(await elapsedHours('2016-11-06T01:30', '2016-11-06 02:00')).toBe(1.5);
    expect(replayTime(await loadTimeZone('America/New_York', '', ''), '2016-03-13T02:30')).toBe(
      '"2016-03-13T02:30" does not exist in America/New_York: the clock was put forward over it',
    );
  });
});
