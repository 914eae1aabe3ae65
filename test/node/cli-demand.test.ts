import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemandFitJson } from '../../engine/demand/fit/fit-json.ts';
import { demandSchema } from '../../engine/scenario/schema/demand.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { localTimeText } from '../../engine/scenario/local-time.ts';
import { runCli } from '../support/cli.ts';
import { describeWithData } from '../support/shared-data.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'patrol135 demand '))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fit = (...args: string[]) => runCli(['demand', 'fit', ...args]);

describe('patrol135 demand fit', () => {
  /** Four weeks from Monday 6 November 2017 in Stockholm, five calls an hour; two rows are at fault. */
  const calls = (): string => {
    const path = join(folder, 'calls.csv');
    if (existsSync(path)) return path;
    const stream = new RandomStream(randomKey(1), 1, PURPOSE.callTime, 1);
    const start = Date.UTC(2017, 10, 6);
    const times = Array.from({ length: 4 * 168 * 5 }, () => start + stream.below(4 * 168 * 3_600_000));
    const rows = times
      .sort((a, b) => a - b)
      .map((ms) => {
        const lon = 18 + 0.1 * stream.uniform();
        const lat = 59.3 + 0.05 * stream.uniform();
        const kind = stream.uniform() < 0.3 ? 'alarm: fire' : 'theft';
        return `${localTimeText(ms)},${lon.toFixed(5)},${lat.toFixed(5)},${kind},${stream.lognormal(1200, 0.8).toFixed(0)}`;
      });
    rows.splice(100, 0, 'never,18,59,theft,1', '2017-11-07 12:00,18.05,59.32,theft,soon');
    writeFileSync(path, `\ufeffat,lon,lat,"what, in words",seconds\r\n${rows.join('\r\n')}\r\n`);
    return path;
  };
  const asked = (): string[] => [
    calls(),
    '--columns',
    'time=at',
    '--time-zone',
    'Europe/Stockholm',
    '--on-scene',
    'seconds',
  ];

  it('writes the fit, a plot and a demand ready for a scenario', async () => {
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await fit(...asked(), '--out', out, '--json', '--quiet');
    // not a matter of progress: --quiet leaves it
    expect(stderr.trim()).toBe(
      'warning: the file names no priorities: all calls of demand.json have priority 1 (--priority states others)',
    );
    expect(code).toBe(0);
    const json = JSON.parse(stdout) as DemandFitJson;
    expect(JSON.parse(readFileSync(join(out, 'fit.json'), 'utf8'))).toEqual(json);
    expect(readdirSync(out).sort()).toEqual([
      'demand.json',
      'fit.json',
      'fit.svg',
      'place-rates.csv',
      'places.csv',
    ]);
    expect(json.file).toMatchObject({ name: 'calls.csv', rows: 3362, kept: 3360, leftOut: 2 });
    expect(json.file.faults.map(({ fault, lines }) => [fault, lines])).toEqual([
      ['time', [102]],
      ['number', [103]],
    ]);
    expect(json.fitted).toMatchObject({ from: '2017-11-06T01:00:00', to: '2017-12-03T23:00:00', weeks: 3 });
    expect(json.categories).toHaveLength(1);
    expect(json.categories[0].onScene).toMatchObject({ chosen: 'lognormal', n: json.fitted.calls });
    const { demand } = JSON.parse(readFileSync(join(out, 'demand.json'), 'utf8')) as { demand: unknown };
    expect(demandSchema.safeParse(demand).success).toBe(true);
    const cells = csvParse(readFileSync(join(out, 'place-rates.csv'), 'utf8'));
    expect(cells.columns).toEqual(['lon', 'lat', 'callsPerWeek', 'se', 'ci95Low', 'ci95High', 'calls']);
    expect(cells.reduce((sum, { calls }) => sum + Number(calls), 0)).toBe(json.fitted.calls);
  });

  it('tells people what was left out, what was found and how sure it is', async () => {
    const { code, stdout, stderr } = await fit(...asked(), '--columns', 'category=what');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toBe(
      'calls.csv line 1: has no column "what" (did you mean "what, in words"?); found: at, lon, lat, "what, in words", seconds; ' +
        'name the right one in --columns category=NAME',
    );
    const quoted = await fit(...asked(), '--columns', 'category="what, in words"', '--json');
    const { categories } = JSON.parse(quoted.stdout) as DemandFitJson;
    expect(categories.map((each) => each.id)).toContain('theft');
    const named = await fit(...asked(), '--split', '2017-11-20', '--cell', '1000');
    expect(named.code).toBe(0);
    expect(named.stdout).toContain(
      'calls.csv: 1 of 3362 rows whose time cannot be read is left out (line 102; column "at": "never" is not a date',
    );
    expect(named.stdout).toMatch(/Calls an hour: \d\.\d\d \(\d\.\d\d to \d\.\d\d, \d+ calls\)/);
    expect(named.stdout).toMatch(
      /\d+ in the first and last hour, which the file does not cover whole, left out; local time/,
    );
    const stated = await fit(
      ...[...asked(), '--columns', 'category="what, in words"', '--from', '2017-11-07', '--to', '2017-11-28'],
      ...['--on-scene-law', 'theft=lognormal:1800:0.9'],
    );
    expect(stated.stdout).toMatch(/\d+ outside the time asked for; local time/);
    expect(stated.stdout).toMatch(/\n ?theft .* 1800 \(stated\) +lognormal cv 0\.9 \(stated\) +-/);
    expect(stated.stdout).toMatch(/\n ?alarm: fire .* calls\) +lognormal cv \d\.\d\d +0\.\d{3}/);
    expect(named.stdout).toMatch(/Variance over mean of hourly counts: /);
    expect(named.stdout).toMatch(/fit +-?\d+\.\d{4}/);
  });

  it('refuses what it does not understand in one go, before it reads', async () => {
    const { code, stderr } = await fit(calls(), '--columns', 'tme=at,lon,lat=b,lat=c');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining(`'tme=at': has no meaning here (did you mean "time"?)`),
      expect.stringContaining("'lon': is not KEY=NAME"),
      expect.stringContaining("'lat=c': names the column of lat twice"),
    ]);
  });

  it.each([
    [['--priority', 'fire=1'], '"fire": is not a category of the calls'],
    [['--split', '2019-01-01'], 'does not lie inside the time of the calls'],
    [['--time-zone', 'Europe/Stokholm'], 'did you mean "Europe/Stockholm"?'],
    [['--strict'], 'line 102: column "at": "never" is not a date and time'],
  ])('refuses %j with a reason', async (more, reason) => {
    const { code, stderr } = await fit(...asked(), ...more);
    expect(stderr).toContain(reason);
    expect(code).toBe(2);
  });

  it('writes nothing when the time on scene is told by nobody', async () => {
    const out = join(folder, 'nothing');
    const { code, stderr } = await fit(calls(), '--columns', 'time=at', '--time-zone', 'UTC', '--out', out);
    expect(code).toBe(2);
    expect(stderr).toContain('name its column with --on-scene, or state a law');
    expect(existsSync(out)).toBe(false);
  });

  it('takes zones of a GeoJSON file', async () => {
    const square = (west: number, east: number): number[][][] => [
      [
        [west, 59.3],
        [east, 59.3],
        [east, 59.35],
        [west, 59.35],
        [west, 59.3],
      ],
    ];
    const zones = join(folder, 'zones.geojson');
    const feature = (name: string, west: number, east: number) => ({
      type: 'Feature',
      properties: { name },
      geometry: { type: 'Polygon', coordinates: square(west, east) },
    });
    writeFileSync(
      zones,
      JSON.stringify({
        type: 'FeatureCollection',
        features: [feature('west', 18, 18.05), feature('middle', 18.05, 18.09)],
      }),
    );
    const { code, stdout, stderr } = await fit(...asked(), '--zones', zones, '--zone-id', 'name', '--json');
    expect(stderr).not.toContain('bug');
    expect(code).toBe(0);
    const { area, fitted } = JSON.parse(stdout) as DemandFitJson;
    expect(area).toMatchObject({ type: 'zones', zones: 2 });
    expect(fitted.outsideArea.calls).toBeGreaterThan(200); // a tenth lies east of both
  });
});

describeWithData("Montgomery's calls, split in halves by date", (data) => {
  it('are likelier under the fit to the first half than under one rate, or without places', async () => {
    const { code, stdout, stderr } = await fit(
      `${data}/incidents/montgomery-pa-911.csv.gz`,
      '--columns',
      'time=timeStamp,lon=lng,lat=lat,category=title',
      '--category-until',
      ':',
      '--time-zone',
      'America/New_York',
      '--split',
      '2016-04-17',
      '--json',
      '--quiet',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { file, fitted, heldOut, dispersion, categories } = JSON.parse(stdout) as DemandFitJson;
    expect(file).toMatchObject({ rows: 99_492, kept: 99_492, faults: [] });
    // every call is fitted, held out, or counted as neither
    expect(
      fitted.calls +
        fitted.outsideArea.calls +
        heldOut!.calls +
        heldOut!.outsideArea.calls +
        fitted.outsideTime,
    ).toBe(99_492);
    expect(fitted.outsideArea.calls).toBeGreaterThan(10);
    expect(fitted.outsideArea.calls).toBeLessThan(30);
    expect([fitted.from, fitted.to, heldOut!.from]).toEqual([
      '2015-12-10T18:00:00',
      '2016-04-17T00:00:00',
      '2016-04-17T00:00:00',
    ]);
    // the clock was put forward on 13 March: an hour less than the dates say
    expect(fitted.hours).toBe(24 * 128 + 6 - 1);
    expect(categories.map(({ id }) => id).sort()).toEqual(['EMS', 'Fire', 'Traffic']);

    const { logLikelihoodPerCall: score, gainOver } = heldOut!;
    expect(score.fit.value).toBeGreaterThan(score.constantRate.value);
    expect(score.fit.value).toBeGreaterThan(score.hoursWithoutPlaces.value);
    expect(gainOver.constantRate.ci95[0]).toBeGreaterThan(0.1);
    expect(gainOver.hoursWithoutPlaces.ci95[0]).toBeGreaterThan(1);
    expect(dispersion.hourly.value).toBeGreaterThan(dispersion.hourlyAfterProfile.value);
    expect(dispersion.hourlyAfterProfile.ci95[0]).toBeGreaterThan(1);
  });
});
