/** Plain demand draws the same bytes as ever: against the obvious way, and against hashes recorded when it was first written. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CALL_COLUMNS, type CallTable } from '../../engine/demand/demand.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { HOURS_PER_WEEK } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity } from '../support/small-city.ts';
import { plainDraws } from './plain-draws.ts';

const TOWN = `
A-----B---C
|     |   |
D-----E---F`;

const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];
const category = (id: string, share: number, onSceneS: object) => ({ id, priority: 1, share, onSceneS });
const rates = (level: number): number[] =>
  Array.from({ length: HOURS_PER_WEEK }, (_, hour) => (hour % 11 === 5 ? 0 : level * (1 + (hour % 24) / 8)));

const CASES: Record<string, { demand: object; run: object }> = {
  'one source, one constant category': {
    demand: {
      categories: [category('only', 1, { type: 'constant', mean: 60.5 })],
      sources: [{ where: { type: 'roads' }, callsPerHour: 30 }],
    },
    run: { durationS: 86_400 },
  },
  'zones, places and roads with four laws, the start and end within an hour': {
    demand: {
      categories: [
        category('constant', 1, { type: 'constant', mean: 90.5 }),
        category('exponential', 2.5, { type: 'exponential', mean: 600 }),
        category('never', 0, { type: 'constant', mean: 1 }),
        category('lognormal', 0.7, { type: 'lognormal', mean: 900, cv: 0.7 }),
        category('at once', 0.1, { type: 'exponential', mean: 0.001 }),
      ],
      sources: [
        { where: { type: 'roads' }, callsPerHour: rates(3) },
        { where: { type: 'zone', zone: 'west' }, callsPerHour: rates(0.2) },
        { where: { type: 'roads' }, callsPerHour: 0 },
        {
          where: { type: 'places', file: 'p.csv' },
          callsPerHour: 1.7,
          categoryShares: { never: 2, constant: 0 },
        },
        { where: { type: 'zone', zone: 'north' }, callsPerHour: 0.01 },
      ],
    },
    run: { start: '2026-03-04T13:20', durationS: 6 * 86_400 + 1234, warmUpS: 5000, seed: 'a text' },
  },
  'a thousand calls an hour, many at the same millisecond': {
    demand: {
      categories: [
        category('a', 1, { type: 'exponential', mean: 600 }),
        category('b', 1, { type: 'exponential', mean: 60 }),
      ],
      sources: [
        { where: { type: 'roads' }, callsPerHour: 1500, categoryShares: { a: 0 } },
        { where: { type: 'roads' }, callsPerHour: 900.5, categoryShares: { b: 0 } },
      ],
    },
    run: { durationS: 18_000 },
  },
};

const PLACES = [cell(1, 1), cell(5, 1), cell(6, 2), cell(9, 3)];
const WEIGHTED: Record<string, number[]> = { 'w.csv': [1, 300, 2, 40], 'r.csv': [0.1, 0.7, 1e-3, 2.5] };

async function cityOf({ demand, run }: { demand: object; run: object }) {
  const weighted = Object.entries(WEIGHTED).map(([name, weights]): [string, string] => {
    const rows = PLACES.map((place, i) => `${place.join(',')},${weights[i]}`);
    return [name, `lon,lat,weight\n${rows.join('\n')}\n`];
  });
  const { city } = await smallCity(TOWN, {
    files: { 'p.csv': `lon,lat\n${PLACES.join('\n')}\n`, ...Object.fromEntries<string>(weighted) },
    scenario: {
      zones: [
        { id: 'west', class: 'core', polygon: [box(-1, -1, 3, 4)] },
        { id: 'north', class: 'key', polygon: [box(-1, -1, 20, 2)] },
      ],
      demand: { type: 'poisson', ...demand },
      run: { start: '2026-03-02T00:00', replications: 1, seed: 135, ...run },
    },
  });
  return city;
}

function hashOf(calls: CallTable): string {
  const hash = createHash('sha256');
  for (const column of CALL_COLUMNS)
    hash.update(new Uint8Array(calls[column].buffer, calls[column].byteOffset, calls[column].byteLength));
  return `${calls.nCalls} calls ${hash.digest('hex').slice(0, 16)}`;
}

describe('the calls of plain demand', () => {
  it.each(Object.keys(CASES))('are those drawn one by one: %s', async (name) => {
    const city = await cityOf(CASES[name]);
    for (const replication of [1, 2, 77]) {
      const calls = drawCalls(city, replication);
      const plain = plainDraws(city, replication);
      expect(calls.nCalls).toBeGreaterThan(500);
      for (const column of CALL_COLUMNS) expect(calls[column], column).toEqual(plain[column]);
    }
  });

  it('are those drawn one by one from places with weights', async () => {
    const sources = Object.keys(WEIGHTED).map((file) => ({
      where: { type: 'places', file, weightColumn: 'weight' },
      callsPerHour: 30,
    }));
    const city = await cityOf({
      demand: { ...CASES['one source, one constant category'].demand, sources },
      run: { durationS: 86_400 },
    });
    const calls = drawCalls(city, 1);
    const plain = plainDraws(city, 1);
    expect(calls.nCalls).toBeGreaterThan(1000);
    for (const column of CALL_COLUMNS) expect(calls[column], column).toEqual(plain[column]);
    expect(hashOf(calls)).toMatchInlineSnapshot(`"1383 calls 5d9060ff63653a2c"`);
  });

  it('have the bytes they always had', async () => {
    const hashes: string[] = [];
    for (const given of Object.values(CASES)) hashes.push(hashOf(drawCalls(await cityOf(given), 3)));
    expect(hashes).toMatchInlineSnapshot(`
      [
        "697 calls 39d152bbd24781c6",
        "1219 calls 94cb191cea1d34ad",
        "11976 calls c3e1ee97a16525da",
      ]
    `);
  });
});
