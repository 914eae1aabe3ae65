/** Zones of many sides against a plain look at every side. */
import { describe, expect, it } from 'vitest';
import { pointOfPosition } from '../../engine/graph/road-graph.ts';
import { createSegmentIndex } from '../../engine/spatial/segment-index.ts';
import { holdsPoint, type Polygons, stretchesInside, toPolygons } from '../../engine/spatial/zones.ts';
import { randomGraph, testStream } from '../support/random-city.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
/** The random cities are 0.03 degrees wide and tall. */
const WIDE_E7 = 300_000;

interface Point {
  lonE7: number;
  latE7: number;
}

/** Rings that cross themselves and each other, some of hundreds of short sides, some flat, some with repeated points. */
function randomRings(seed: number): Point[][] {
  const random = testStream(seed);
  const tallE7 = seed % 4 === 0 ? 12 : WIDE_E7;
  return Array.from({ length: 1 + random.below(3) }, () => {
    const ring: Point[] = [];
    const nPoints = 3 + random.below(seed % 2 === 0 ? 300 : 9);
    for (let i = 0; i < nPoints; i++) {
      const last = ring.at(-1);
      const near = last !== undefined && random.uniform() < 0.7;
      const step = 1 + random.below(5000);
      ring.push({
        lonE7: near ? last.lonE7 + random.below(2 * step) - step : random.below(WIDE_E7),
        latE7: near ? last.latE7 + random.below(Math.min(tallE7, step)) : random.below(tallE7),
      });
      if (random.uniform() < 0.1) ring.push(ring[ring.length - 1]);
    }
    return [...ring, ring[0]];
  });
}

/** Even-odd rule over every side: an eastward ray from the point, sides half-open to the north. */
function insideByScan(rings: readonly Point[][], x: number, y: number): boolean {
  let crossed = 0;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [low, high] = ring[i].latE7 < ring[i - 1].latE7 ? [ring[i], ring[i - 1]] : [ring[i - 1], ring[i]];
      if (!(low.latE7 <= y && y < high.latE7)) continue;
      const turn = (high.lonE7 - low.lonE7) * (y - low.latE7) - (high.latE7 - low.latE7) * (x - low.lonE7);
      if (turn > 0) crossed++;
    }
  }
  return crossed % 2 === 1;
}

const zoneOf = (rings: readonly Point[][]): Polygons => toPolygons([rings.map((ring) => [...ring])]);

describe('a zone of any number of sides', () => {
  it.each(SEEDS)('holds the points that a look at every side says it holds (seed %i)', (seed) => {
    const rings = randomRings(seed);
    const zone = zoneOf(rings);
    const random = testStream(seed + 100);
    const corners = rings.flat();
    let nInside = 0;
    for (let i = 0; i < 3000; i++) {
      // anywhere, level with a corner, on a corner, and half a step beside one
      const corner = corners[random.below(corners.length)];
      const x = i % 3 === 0 ? corner.lonE7 : random.below(WIDE_E7);
      const y = i % 2 === 0 ? corner.latE7 + (i % 8 === 0 ? 0.5 : 0) : random.below(WIDE_E7);
      const inside = insideByScan(rings, x, y);
      if (inside) nInside++;
      if (holdsPoint(zone, x, y) !== inside) expect([x, y, holdsPoint(zone, x, y)]).toEqual([x, y, inside]);
    }
    expect(nInside).toBeGreaterThan(0);
  });

  it.each(SEEDS)('holds the stretches of road whose points it holds (seed %i)', async (seed) => {
    const rings = randomRings(seed);
    const graph = await randomGraph(seed, 40);
    const stretches = stretchesInside(graph, createSegmentIndex(graph), zoneOf(rings));
    const random = testStream(seed + 200);
    let nInside = 0;
    for (let i = 0; i < 4000; i++) {
      const segment = random.below(graph.nSegments);
      const offsetMm = random.below(graph.segmentLengthMm[segment] + 1);
      const own = stretches.filter((stretch) => stretch.segment === segment);
      // a place within two steps of 1e-7 degrees of a cut may round to either side of it
      if (
        own.some(({ fromMm, toMm }) => Math.min(Math.abs(offsetMm - fromMm), Math.abs(offsetMm - toMm)) < 25)
      )
        continue;
      const { lonE7, latE7 } = pointOfPosition(graph, { segment, offsetMm });
      const around = [-2, 0, 2].flatMap((dx) =>
        [-2, 0, 2].map((dy) => insideByScan(rings, lonE7 + dx, latE7 + dy)),
      );
      if (around.some((inside) => inside !== around[0])) continue;
      const held = own.some(({ fromMm, toMm }) => offsetMm >= fromMm && offsetMm <= toMm);
      if (held) nInside++;
      if (held !== around[0]) expect([segment, offsetMm, held]).toEqual([segment, offsetMm, around[0]]);
    }
    if (seed % 4 !== 0) expect(nInside).toBeGreaterThan(0);
  });
});
