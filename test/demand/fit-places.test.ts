import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentsOf, sharesOf, stackingWeights } from '../../engine/demand/fit/place-density.ts';
import { gridPlaces, type Places, usualBox, zonePlaces } from '../../engine/demand/fit/places.ts';
import { InputError } from '../../engine/errors.ts';
import { haversineM } from '../../engine/geo.ts';

const SEED = 77;
const BOX = { west: 10, south: 50, east: 10.2, north: 50.1 };
const MIDDLE = { lon: 10.1, lat: 50.05 };
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const everywhere = (): { lon: number; lat: number }[] =>
  Array.from({ length: 400 }, (_, i) => ({
    lon: 10.005 + 0.01 * (i % 20),
    lat: 50.0025 + 0.005 * Math.floor(i / 20),
  }));
const one = (places: Places, place: { lon: number; lat: number }): Float64Array => {
  const calls = new Float64Array(places.n);
  calls[places.cellOf(place.lon, place.lat)] = 1;
  return calls;
};

describe('the area of a grid', () => {
  it('is what lies within 2 km of a call', () => {
    const places = gridPlaces(BOX, 250, [MIDDLE], '--cell');
    expect(places.n * 0.0625).toBeGreaterThan(0.93 * Math.PI * 4);
    expect(places.n * 0.0625).toBeLessThan(1.07 * Math.PI * 4);
    expect(places.cellOf(MIDDLE.lon, MIDDLE.lat)).toBeGreaterThanOrEqual(0);
    expect(places.cellOf(MIDDLE.lon + 0.05, MIDDLE.lat)).toBe(-1);
    expect(places.cellOf(9.9999, MIDDLE.lat)).toBe(-1);
  });

  it('has cells that are as wide and as tall as they say', () => {
    const { shape } = gridPlaces(BOX, 400, [MIDDLE], '--cell');
    if (shape.type !== 'grid') throw new Error('no grid');
    const { stepLon, stepLat } = shape.grid;
    expect(haversineM(10.1, 50.05, 10.1 + stepLon, 50.05)).toBeCloseTo(400, 0);
    expect(haversineM(10.1, 50.05, 10.1, 50.05 + stepLat)).toBeCloseTo(400, 0);
  });

  it('is that of the usual calls, whatever a few wild coordinates say', () => {
    const calls = [...everywhere(), ...everywhere(), ...everywhere(), { lon: -86.2, lat: 32.4 }];
    const box = usualBox(calls);
    expect(box.west).toBeGreaterThan(9.97);
    expect(box.south).toBeGreaterThan(49.98);
    expect(box.east).toBeLessThan(10.23);
  });

  it('is refused where it has too many cells', () => {
    expect(() => gridPlaces(BOX, 1, [MIDDLE], '--cell')).toThrow(InputError);
  });
});

it('zones have the area of their polygons less the holes, and hold what the first of them holds', () => {
  const square = (west: number, south: number, side: number) =>
    [
      [west, south],
      [west + side, south],
      [west + side, south + side],
      [west, south + side],
      [west, south],
    ].map(([lon, lat]) => ({ lon, lat }));
  const places = zonePlaces([
    { id: 'ring', polygons: [[square(10, 50, 0.1), square(10.04, 50.04, 0.02)]] },
    { id: 'all', polygons: [[square(10, 50, 0.2)]] },
  ]);
  const km2 = (side: number, lat: number): number =>
    (haversineM(10, lat, 10 + side, lat) * haversineM(10, lat, 10, lat + side)) / 1e6;
  expect(places.areaKm2[0]).toBeCloseTo(km2(0.1, 50.05) - km2(0.02, 50.05), 1);
  expect(places.areaKm2[1]).toBeCloseTo(km2(0.2, 50.1), 0);
  expect([places.cellOf(10.01, 50.01), places.cellOf(10.05, 50.05), places.cellOf(10.3, 50)]).toEqual([
    0, 1, -1,
  ]);
});

describe('a part of the density', () => {
  it('adds up to 1 over the area, whatever its kind', () => {
    const places = gridPlaces(BOX, 500, everywhere(), '--cell');
    for (const { kind } of componentsOf(places, true)) {
      expect(sum(sharesOf(kind, one(places, { lon: 10.001, lat: 50.001 }), places))).toBeCloseTo(1, 12);
    }
  });

  it('of a kernel falls off as a Gaussian does, alike in all directions', () => {
    const places = gridPlaces(BOX, 250, everywhere(), '--cell');
    const shares = sharesOf({ type: 'kernel', widthM: 1000 }, one(places, MIDDLE), places);
    const { shape } = places;
    if (shape.type !== 'grid') throw new Error('no grid');
    const at = (east: number, north: number): number =>
      shares[places.cellOf(MIDDLE.lon + east * shape.grid.stepLon, MIDDLE.lat + north * shape.grid.stepLat)];
    expect(at(4, 0) / at(0, 0)).toBeCloseTo(Math.exp(-0.5), 6);
    expect(at(0, 8) / at(0, 0)).toBeCloseTo(Math.exp(-2), 6);
    expect(at(3, -3) / at(0, 0)).toBeCloseTo(Math.exp(-9 / 16), 6);
    expect(at(-4, 0)).toBeCloseTo(at(4, 0), 12);
  });
});

describe('weights of the parts', () => {
  it('are those of the greatest likelihood', () => {
    // two parts: the likelihood of weight w is known, its maximum found by trying
    const counts = [30, 10, 5];
    const densities = [
      [0.5, 0.1],
      [0.1, 0.6],
      [0.2, 0.2],
    ];
    const [weight] = stackingWeights({ counts, densities: densities.flat() }, 2);
    const score = (w: number): number =>
      counts.reduce(
        (total, n, i) => total + n * Math.log(w * densities[i][0] + (1 - w) * densities[i][1]),
        0,
      );
    let best = 0;
    for (let w = 0; w <= 1; w += 1e-4) if (score(w) > score(best)) best = w;
    expect(weight).toBeCloseTo(best, 3);
  });

  it('add up to 1 and never lose likelihood against equal ones', () => {
    const parts = fc.integer({ min: 1, max: 6 });
    const cell = fc.record({
      n: fc.integer({ min: 1, max: 50 }),
      row: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(parts, fc.array(cell, { minLength: 1, maxLength: 8 }), (nParts, list) => {
        const rows = list.map(({ row }) => row.slice(0, nParts));
        const weights = stackingWeights({ counts: list.map(({ n }) => n), densities: rows.flat() }, nParts);
        expect(sum(weights)).toBeCloseTo(1, 9);
        const score = (w: ArrayLike<number>): number =>
          list.reduce((total, { n }, i) => {
            const mixed = rows[i].reduce((s, density, part) => s + w[part] * density, 0);
            return mixed === 0 ? total : total + n * Math.log(mixed);
          }, 0);
        // but for the thousandth that the last part keeps
        const n = list.reduce((total, cell) => total + cell.n, 0);
        expect(weights[nParts - 1]).toBeGreaterThanOrEqual(0.001 - 1e-12);
        expect(score(weights)).toBeGreaterThanOrEqual(score(weights.map(() => 1 / nParts)) - 0.0011 * n);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
