import { describe, expect, it } from 'vitest';
import { booleanPointInPolygon, nearestPointOnLine, lineString, point, polygon } from '@turf/turf';
import { createSegmentIndex, nearestOnSegment } from '../../engine/spatial/segment-index.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { holdsPoint, stretchesInside, toPolygons } from '../../engine/spatial/zones.ts';
import { fromE7, toE7 } from '../../engine/units.ts';
import { pointOfPosition } from '../../engine/graph/road-graph.ts';
import { map } from '../support/ascii-map.ts';
import { randomGraph, testStream } from '../support/random-city.ts';

describe('the nearest road', () => {
  it('is that of a scan over all segments (seeds 1 to 40, 25 places each)', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const graph = await randomGraph(seed);
      const index = createSegmentIndex(graph);
      const random = testStream(seed);
      for (let i = 0; i < 25; i++) {
        const lonE7 = random.below(340_000) - 20_000;
        const latE7 = random.below(340_000) - 20_000;
        let best = nearestOnSegment(graph, 0, lonE7, latE7);
        for (let s = 1; s < graph.nSegments; s++) {
          const found = nearestOnSegment(graph, s, lonE7, latE7);
          if (found.distanceM < best.distanceM) best = found;
        }
        const limitM = 60;
        expect(index.nearest(lonE7, latE7, limitM), `seed ${seed}`).toEqual(
          best.distanceM <= limitM ? best : null,
        );
      }
    }
  });

  it('agrees with turf within a centimetre', async () => {
    const graph = await randomGraph(3);
    const random = testStream(3);
    for (let s = 0; s < graph.nSegments; s++) {
      const lonE7 = random.below(300_000);
      const latE7 = random.below(300_000);
      const ours = nearestOnSegment(graph, s, lonE7, latE7);
      const shape = [];
      for (let i = graph.firstShape[s]; i < graph.firstShape[s + 1]; i++) {
        shape.push([fromE7(graph.shapeLonE7[i]), fromE7(graph.shapeLatE7[i])]);
      }
      const theirs = nearestPointOnLine(lineString(shape), point([fromE7(lonE7), fromE7(latE7)]), {
        units: 'meters',
      });
      expect(Math.abs(ours.distanceM - theirs.properties.pointDistance)).toBeLessThan(0.01);
    }
  });

  it('is never on an island, and null beyond the limit', async () => {
    const town = await map(`
A---B---C
|   |   |
D---E---F

   G---H
    1   `);
    const { lon, lat } = town.lonLat('1');
    const snapper = createSnapper(town.graph);
    const found = snapper.snap(lon, lat, 1000);
    expect(found?.distanceM).toBeCloseTo(300, 0);
    expect(snapper.snap(lon, lat, 299)).toBeNull();
  });
});

describe('zones', () => {
  it('hold the points that turf says they hold, away from the border (seed 5)', () => {
    const random = testStream(5);
    for (let trial = 0; trial < 30; trial++) {
      const n = 3 + random.below(8);
      const ring = Array.from({ length: n }, () => ({
        lonE7: random.below(100_000),
        latE7: random.below(100_000),
      }));
      ring.push(ring[0]);
      const ours = toPolygons([[ring]]);
      const theirs = polygon([ring.map((p) => [fromE7(p.lonE7), fromE7(p.latE7)])]);
      for (let i = 0; i < 40; i++) {
        const x = random.below(100_000);
        const y = random.below(100_000);
        expect(holdsPoint(ours, x, y)).toBe(
          booleanPointInPolygon([fromE7(x), fromE7(y)], theirs, { ignoreBoundary: true }),
        );
      }
    }
  });

  it('give each point of a shared border to exactly one of two neighbours', () => {
    const square = (x: number): { lonE7: number; latE7: number }[] =>
      [
        [x, 0],
        [x + 100, 0],
        [x + 100, 100],
        [x, 100],
        [x, 0],
      ].map(([lonE7, latE7]) => ({ lonE7, latE7 }));
    const left = toPolygons([[square(0)]]);
    const right = toPolygons([[square(100)]]);
    for (let y = 0; y < 100; y++) expect(holdsPoint(left, 100, y) !== holdsPoint(right, 100, y)).toBe(true);
  });

  it('cut a street where the border crosses it', async () => {
    const town = await map('A-----B');
    const cell = town.lonLat('B').lon / 6;
    const ring = [
      [cell * 2, -1e-3],
      [cell * 4, -1e-3],
      [cell * 4, 1e-3],
      [cell * 2, 1e-3],
      [cell * 2, -1e-3],
    ].map(([lon, lat]) => ({ lonE7: toE7(lon), latE7: toE7(lat) }));
    const stretches = stretchesInside(town.graph, createSegmentIndex(town.graph), toPolygons([[ring]]));
    expect(stretches).toHaveLength(1);
    expect(stretches[0].fromMm / 1000).toBeCloseTo(200, 1);
    expect(stretches[0].toMm / 1000).toBeCloseTo(400, 1);
    expect(pointOfPosition(town.graph, { segment: 0, offsetMm: stretches[0].fromMm }).latE7).toBe(0);
  });
});
