/** Calls of a file, as they were. */
import { describe, expect, it } from 'vitest';
import type { City } from '../../engine/city/city.ts';
import { callsOf, demandOf } from '../../engine/demand/calls.ts';
import { checkCallTable, tableOf } from '../../engine/demand/demand.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { MS_PER_HOUR, NONE } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity } from '../support/small-city.ts';
import {
  type Call,
  cell,
  cityOf,
  errorsOff,
  kolmogorovSmirnov,
  KS_BOUND,
  rowsOf,
  TOWN,
} from './demand-town.ts';

const HEADER = 'when,lon,lat,what,scene_s';
const COLUMNS = { time: 'when', lon: 'lon', lat: 'lat', category: 'what', onSceneS: 'scene_s' };
const theft = {
  id: 'theft',
  priority: 1,
  onSceneS: { type: 'exponential', mean: 600 },
  triageShare: 0.25,
  reportS: { type: 'gamma', mean: 300, cv: 0.5 },
};
const noise = { id: 'noise', priority: 2, onSceneS: 900 };

async function replayed(lines: string[], run: object = {}, demand: object = {}): Promise<City> {
  const { city } = await smallCity(TOWN, {
    files: { 'calls.csv': `${HEADER}\n${lines.join('\n')}\n` },
    scenario: {
      zones: [{ id: 'west', class: 'core', polygon: [box(-1, -1, 3, 4)] }],
      demand: {
        type: 'calls',
        file: 'calls.csv',
        columns: COLUMNS,
        timeZone: 'UTC',
        categories: [theft, noise],
        ...demand,
      },
      run: { start: '2026-03-02T00:00', durationS: 86_400, replications: 1, seed: 135, ...run },
    },
  });
  return city;
}

const at = (minutes: number): string => {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `2026-03-02T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
};
const line = (minutes: number, [x, y]: [number, number], what: string, scene: number | ''): string =>
  `${at(minutes)},${cell(x, y).join(',')},${what},${scene}`;
const rows = (city: City, replication = 1): Call[] => rowsOf(tableOf(callsOf(city, replication)));

describe('a replayed file', () => {
  it('gives its calls at their times, on the nearest roads, with their categories and times on scene', async () => {
    const city = await replayed([
      line(10, [1, 1], 'noise', 120),
      line(75, [9, 3], 'theft', 45.5),
      line(75, [1, 1], 'noise', ''),
    ]);
    const calls = rows(city);
    checkCallTable(tableOf(callsOf(city, 1)), 2);
    expect(calls.map(({ occurredMs }) => occurredMs)).toEqual([600_000, 4_500_000, 4_500_000]);
    expect(calls.map(({ category }) => category)).toEqual([1, 0, 1]);
    expect(calls.map(({ zone }) => zone)).toEqual([0, NONE, 0]);
    expect([calls[0].onSceneMs, calls[2].onSceneMs]).toEqual([120_000, 900_000]);
    if (calls[1].triaged === 0) expect(calls[1].onSceneMs).toBe(45_500);
    expect(calls[0].segment).toBe(calls[2].segment);
    expect(calls.every(({ parent }) => parent === NONE)).toBe(true);
  });

  it('starts with the warm-up and ends with the run', async () => {
    const lines = [0, 59, 60, 90, 119, 120, 300].map((minutes) => line(minutes, [1, 1], 'noise', 60));
    const city = await replayed(lines, { start: '2026-03-02T01:30', warmUpS: 1800, durationS: 1800 });
    expect(rows(city).map(({ occurredMs }) => occurredMs / 60_000)).toEqual([-30, 0, 29]);
  });

  const many = Array.from({ length: 1000 }, (_, i) =>
    line(i, [(i * 7) % 11, 1], 'theft', i % 3 === 0 ? 77 : ''),
  );

  it('draws what it does not say by the laws of its category, anew in each replication', async () => {
    const city = await replayed(many);
    const calls = Array.from({ length: 5 }, (_, r) => rows(city, r + 1)).flat();
    const met = calls.filter(({ triaged }) => triaged === 0);
    expect(Math.abs(1 - met.length / calls.length - 0.25)).toBeLessThan(
      3.9 * Math.sqrt((0.25 * 0.75) / 5000),
    );
    const drawn = met.filter(({ onSceneMs }) => onSceneMs !== 77_000).map(({ onSceneMs }) => onSceneMs);
    expect(kolmogorovSmirnov(drawn, (x) => 1 - Math.exp(-x / 600_000))).toBeLessThan(KS_BOUND);
    const isLong = ({ onSceneMs }: Call): boolean => onSceneMs > 600_000 * Math.LN2;
    const apart = met.filter(({ onSceneMs }) => onSceneMs !== 77_000);
    const longReports = apart.filter(({ reportMs }) => reportMs > 300_000);
    expect(errorsOff(longReports.filter(isLong).length, longReports.length, 0.5)).toBeLessThan(3.9);
    expect(rows(city, 2)).not.toEqual(rows(city, 1));
    expect(rows(city, 2)).toEqual(rows(city, 2));
  });

  it('keys the needs of a call by its line: other lines off the roads or out of the run change none', async () => {
    const all = rows(await replayed(many));
    const someOff = many.map((text, i) => (i % 10 === 4 ? line(i, [50_000, 0], 'theft', '') : text));
    const city = await replayed(someOff);
    expect(rows(city)).toEqual(all.filter((_, i) => i % 10 !== 4));
    expect(city.report.placesOffRoad).toEqual({ 'calls.csv': 100 });
    const late = rows(await replayed(many, { start: '2026-03-02T10:00' }));
    const moved = all.filter(({ occurredMs }) => occurredMs >= 10 * MS_PER_HOUR);
    expect(late).toEqual(moved.map((call) => ({ ...call, occurredMs: call.occurredMs - 10 * MS_PER_HOUR })));
  });

  it('comes in blocks when it is long', async () => {
    const long = Array.from({ length: 9000 }, (_, i) => line(Math.floor(i / 7), [1, 1], 'noise', i % 1000));
    const city = await replayed(long);
    const stream = demandOf(city)(1);
    const sizes: number[] = [];
    for (let block = stream.next(); block !== null; block = stream.next()) sizes.push(block.nCalls);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(9000);
    expect(rows(city).map(({ onSceneMs }) => onSceneMs / 1000)).toEqual(long.map((_, i) => i % 1000));
  });
});

describe('the calls of a scenario', () => {
  it('are drawn when it has no file', async () => {
    const city = await cityOf({});
    expect(tableOf(callsOf(city, 2))).toEqual(drawCalls(city, 2));
  });
});
