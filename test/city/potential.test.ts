import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { potentialCoverage } from '../../engine/city/potential.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { NONE } from '../../engine/units.ts';
import { box, type Town } from '../support/ascii-map.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

const S = 1000;

const demand = (sources: object[], categories: object[] = [CALL]) => ({
  type: 'poisson',
  categories,
  sources,
});
const CALL = { id: 'call', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 60 } };
const ROADS = { where: { type: 'roads' }, callsPerHour: 6 };

/** Rows of a drawn city as `class: share share …`, shares in percent with one decimal. */
async function rows(drawing: string, seconds: number[], given: SmallScenario = {}): Promise<string[]> {
  const { city } = await smallCity(drawing, given);
  return print(city, seconds);
}
const print = (city: City, seconds: number[]): string[] =>
  potentialCoverage(
    city,
    seconds.map((s) => s * S),
  ).map(
    ({ zoneClass, shares }) =>
      `${zoneClass ?? 'all'}: ${shares.map((share) => Math.round(share * 1000) / 10).join(' ')}`,
  );

/** The same city with other units: where they stand, all with one profile. */
const withUnits = (city: City, town: Town, marks: readonly string[]): City => ({
  ...city,
  units: marks.map((mark) => ({ ...city.units[0], home: town.at(mark) })),
});

describe('potential coverage by hand (one cell is 100 m and 10 s)', () => {
  it('is the share of road that a unit at home reaches in time', async () => {
    // 1000 m of street, the unit at its west end
    expect(
      await rows('A---------B', [0, 10, 50, 100, 500], { scenario: { demand: demand([ROADS]) } }),
    ).toEqual(['all: 0 10 50 100 100', 'none: 0 10 50 100 100']);
  });

  it('counts road that two units reach once', async () => {
    const given = (at: string[]): SmallScenario => ({
      units: at.map((mark, i) => ({ id: `u${i}`, at: mark })),
      scenario: { demand: demand([ROADS]) },
    });
    expect(await rows('A---------B', [30, 50, 70], given(['A', 'B']))).toContain('all: 60 100 100');
    expect(await rows('A---------B', [30, 50, 70], given(['A', 'A']))).toContain('all: 30 50 70');
    // C in the middle reaches both ways: 2 x 300 m of it, overlapping A's 300 m by 100 m
    expect(await rows('A----C-----B', [30], given(['A', 'C']))).toContain(
      `all: ${Math.round((8 / 11) * 1000) / 10}`,
    );
  });

  it('goes round by one-way streets', async () => {
    // from B: B-D 30, D-C 80, C-A 30 s, then A-B 80 s; against A-B nothing
    const drawing = `
A-------B
|       |
|       |
C-------D`;
    const given = (ways: SmallScenario['ways']): SmallScenario => ({
      units: [{ id: 'u', at: 'B' }],
      scenario: { demand: demand([ROADS]) },
      ...(ways === undefined ? {} : { ways }),
    });
    // 22 cells of road in all; open: 30 s are 3 cells each way, 80 s are 8 + 8 cells
    const share = (cells: number): number => Math.round((cells / 22) * 1000) / 10;
    expect(await rows(drawing, [30, 80, 140], given({}))).toContain(
      `all: ${[6, 16, 22].map(share).join(' ')}`,
    );
    expect(await rows(drawing, [30, 80, 140, 220], given({ AB: { oneway: true } }))).toContain(
      `all: ${[3, 8, 14, 22].map(share).join(' ')}`,
    );
  });

  it('is told for each class of zone and for what lies in none, weighed by expected calls', async () => {
    // core: 0 to 300 m with 2 calls an hour; key: 600 to 1000 m with 6; nothing elsewhere
    const zones = [
      { id: 'west', class: 'core', polygon: [box(-1, -1, 3, 1)] },
      { id: 'east', class: 'key', polygon: [box(6, -1, 11, 1)] },
    ];
    const inZone = (zone: string, callsPerHour: number) => ({ where: { type: 'zone', zone }, callsPerHour });
    const { city } = await smallCity('A---------B', {
      scenario: { zones, demand: demand([inZone('west', 2), inZone('east', 6)]) },
    });
    // 15 s: half of west; 80 s: all of west, half of east
    expect(print(city, [15, 80])).toEqual([
      `all: ${(1 / 8) * 100} ${((2 + 3) / 8) * 100}`,
      'core: 50 100',
      'key: 0 50',
    ]);
    expect(potentialCoverage(city, []).map((row) => row.callsPerHour)).toEqual([8, 2, 6]);
  });

  it('counts places whole, the place at the very limit included', async () => {
    const lonLat = (x: number, y: number): string => box(x, y, x, y)[0].join(',');
    const places = `lon,lat\n${[lonLat(2, 0), lonLat(5, 0), lonLat(9, 0), lonLat(10, 0)].join('\n')}\n`;
    const given = {
      files: { 'places.csv': places },
      scenario: {
        demand: demand([{ where: { type: 'places', file: 'places.csv' }, callsPerHour: 4 }]),
      },
    };
    expect(await rows('A---------B', [49, 51, 100], given)).toContain('all: 25 50 100');
  });

  it('reaches a place at a junction by any of its streets, also when its own leads only into the junction', async () => {
    // the place lies at B and is put on A-B, which is one-way from A; the unit comes from C
    const given: SmallScenario = {
      units: [{ id: 'u', at: 'C' }],
      ways: { AB: { oneway: true } },
      files: { 'places.csv': `lon,lat\n${box(4, 0, 4, 0)[0].join(',')}\n` },
      scenario: {
        demand: demand([{ where: { type: 'places', file: 'places.csv' }, callsPerHour: 1 }]),
      },
    };
    const drawing = `
A---B---C
|       |
D-------E`;
    const { city } = await smallCity(drawing.slice(1), given);
    const [place] = city.sources[0].places;
    const metric = metricOf(city, 'plain', { siren: true });
    expect(createRouter(metric).timeMs(city.units[0].home, place)).toBe(40_000);
    expect(city.graph.segmentBackwardArc[place.segment]).toBe(NONE); // or the case proves nothing
    expect(print(city, [39, 40, 41])).toContain('all: 0 100 100');
  });

  it('drives with siren to the categories that allow it, by their share', async () => {
    const given: SmallScenario = {
      scenario: {
        units: [{ id: 'u', post: 'post-A', shifts: ['all'], profile: 'patrol-car' }],
        demand: demand(
          [ROADS],
          [
            { ...CALL, id: 'urgent', siren: true, share: 1 },
            { ...CALL, id: 'ordinary', siren: false, share: 3 },
          ],
        ),
      },
    };
    // 36 km/h posted: 8.5 m/s calm, 10.625 m/s with siren; 40 s are 340 m and 425 m of 1000 m
    const [all] = potentialCoverage((await smallCity('A---------B', given)).city, [40 * S]);
    expect(all.shares[0]).toBeCloseTo(0.25 * 0.425 + 0.75 * 0.34, 4);
  });
});

const GRID = `
A---B---C---D
|   |   |   |
E---F---G---H
|       |   |
I-------J---K`;

describe('potential coverage obeys its laws', () => {
  const marks = [...'ABCDEFGHIJK'];
  const scenario = {
    zones: [
      { id: 'middle', class: 'core', polygon: [box(2, 1, 9, 4)] },
      { id: 'south', class: 'key', polygon: [box(-1, 3, 14, 9)] },
    ],
    demand: demand([ROADS, { where: { type: 'zone', zone: 'middle' }, callsPerHour: 5 }]),
  };
  const grid = () =>
    smallCity(GRID, { scenario, ways: { BF: { oneway: true }, GC: { oneway: true }, EI: { oneway: true } } });
  const atMost = (lower: number[], upper: number[]): void =>
    lower.forEach((share, i) => expect(share).toBeLessThanOrEqual(upper[i] + 1e-12));
  const sharesOf = (city: City, limits: number[]): number[][] =>
    potentialCoverage(city, limits).map((row) => row.shares);

  it('grows with time, with every further unit and with every higher speed', async () => {
    const { city, town } = await grid();
    let grew = 0;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...marks), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...marks),
        fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 0, max: 30 }),
        (homes, more, limits, fasterArc) => {
          const limitsMs = limits.sort((a, b) => a - b);
          const base = withUnits(city, town, homes);
          const shares = sharesOf(base, limitsMs);
          for (const row of shares) atMost(row.slice(0, -1), row.slice(1));

          const larger = sharesOf(withUnits(city, town, [...homes, more]), limitsMs);
          shares.forEach((row, i) => atMost(row, larger[i]));
          if (JSON.stringify(larger) !== JSON.stringify(shares)) grew++;

          // one street faster, all others as they were
          const quicker = ({ name, network, arcTimeMs }: Metric): Metric =>
            createMetric(
              network.graph,
              arcTimeMs.map((timeMs, arc) => (arc === fasterArc ? timeMs >> 1 : timeMs)),
              { name },
            );
          const metrics = new Map([...city.metrics].map(([key, metric]) => [key, quicker(metric)] as const));
          const faster = sharesOf({ ...base, metrics }, limitsMs);
          shares.forEach((row, i) => atMost(row, faster[i]));
        },
      ),
      { seed: 13_500_201, numRuns: 150 },
    );
    expect(grew).toBeGreaterThan(75);
  });

  it('is what a walk over every metre of road finds with the router', async () => {
    const { city, town } = await grid();
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...marks), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1000, max: 150_000 }),
        (homes, limitMs) => {
          const units = withUnits(city, town, homes);
          const router = createRouter(metricOf(city, 'plain', { siren: true }));
          let weight = 0;
          let covered = 0;
          for (const source of city.sources) {
            const lengthMm = source.cumulativeMm[source.stretches.length];
            const perMetre = (source.callsPerHour[0] * 1000) / lengthMm;
            for (const { segment, fromMm, toMm } of source.stretches) {
              const metres = Array.from({ length: Math.floor((toMm - fromMm) / 1000) }, (_, m) => ({
                segment,
                offsetMm: fromMm + m * 1000 + 500,
              }));
              const times = units.units.map(({ home }) => router.timesFrom(home, metres));
              metres.forEach((_, m) => {
                weight += perMetre;
                if (times.some((list) => list[m] <= limitMs)) covered += perMetre;
              });
            }
          }
          const [all] = potentialCoverage(units, [limitMs]);
          expect(Math.abs(all.shares[0] - covered / weight)).toBeLessThan(0.004); // borders fall between metres
        },
      ),
      { seed: 13_500_202, numRuns: 20 },
    );
  });
});
