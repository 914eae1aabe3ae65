/** Polygons against points and roads, in exact integer coordinates where they decide. */
import type { EdgeInterval, RoadGraph } from '../graph/road-graph.ts';
import type { SegmentIndex } from './segment-index.ts';

/** Rings as flat columns in 1e-7 degrees; ring r holds points firstPoint[r] .. firstPoint[r + 1), closed by its first point again. */
export interface Polygons {
  firstPoint: Uint32Array;
  lonE7: Int32Array;
  latE7: Int32Array;
  box: { minLonE7: number; minLatE7: number; maxLonE7: number; maxLatE7: number };
  bands: Bands;
}

/**
 * Sides by bands of latitude of equal height from the south of the box: a point or a short piece of road meets few of
 * them. Side p leads from point p - 1 to point p of a ring; band b holds side[firstSide[b]] .. side[firstSide[b + 1] - 1].
 */
interface Bands {
  heightE7: number;
  firstSide: Uint32Array;
  side: Uint32Array;
}

/** Flattens polygons ([polygon][ring][point]); holes are rings like others, because the even-odd rule decides. */
export function toPolygons(polygons: readonly (readonly { lonE7: number; latE7: number }[])[][]): Polygons {
  const rings = polygons.flat();
  const points = rings.flat();
  const firstPoint = new Uint32Array(rings.length + 1);
  rings.forEach((ring, r) => (firstPoint[r + 1] = firstPoint[r] + ring.length));
  const box = { minLonE7: Infinity, minLatE7: Infinity, maxLonE7: -Infinity, maxLatE7: -Infinity };
  for (const { lonE7, latE7 } of points) {
    box.minLonE7 = Math.min(box.minLonE7, lonE7);
    box.minLatE7 = Math.min(box.minLatE7, latE7);
    box.maxLonE7 = Math.max(box.maxLonE7, lonE7);
    box.maxLatE7 = Math.max(box.maxLatE7, latE7);
  }
  const latE7 = Int32Array.from(points, (p) => p.latE7);
  return {
    firstPoint,
    lonE7: Int32Array.from(points, (p) => p.lonE7),
    latE7,
    box,
    bands: bandsOf(firstPoint, latE7, box),
  };
}

/** As many bands as keep the lists of all bands within three times the number of sides. */
function bandsOf(firstPoint: Uint32Array, latE7: Int32Array, box: Polygons['box']): Bands {
  if (latE7.length === 0) return { heightE7: 1, firstSide: new Uint32Array(2), side: new Uint32Array(0) };
  const sides: number[] = [];
  let climbE7 = 0;
  for (let ring = 0; ring + 1 < firstPoint.length; ring++) {
    for (let p = firstPoint[ring] + 1; p < firstPoint[ring + 1]; p++) {
      sides.push(p);
      climbE7 += Math.abs(latE7[p] - latE7[p - 1]);
    }
  }
  const tallE7 = box.maxLatE7 - box.minLatE7 + 1;
  const sidesOnALine = Math.max(1, climbE7 / tallE7);
  const heightE7 = Math.ceil(tallE7 / Math.max(1, Math.floor(sides.length / sidesOnALine)));
  const nBands = Math.ceil(tallE7 / heightE7);
  const southOf = (p: number): number => bandOf(Math.min(latE7[p], latE7[p - 1]), box, heightE7);
  const northOf = (p: number): number => bandOf(Math.max(latE7[p], latE7[p - 1]), box, heightE7);

  const firstSide = new Uint32Array(nBands + 1);
  for (const p of sides) for (let b = southOf(p); b <= northOf(p); b++) firstSide[b + 1]++;
  for (let b = 0; b < nBands; b++) firstSide[b + 1] += firstSide[b];
  const side = new Uint32Array(firstSide[nBands]);
  const next = firstSide.slice();
  for (const p of sides) for (let b = southOf(p); b <= northOf(p); b++) side[next[b]++] = p;
  return { heightE7, firstSide, side };
}

const bandOf = (latE7: number, box: Polygons['box'], heightE7: number): number =>
  Math.floor((latE7 - box.minLatE7) / heightE7);

/**
 * Even-odd rule, half-open at edges: a point on the border of two adjoining polygons lies in exactly one of them.
 * Coordinates may be fractions of 1e-7 degrees. Cost O(sides in the latitude band of the point).
 */
export function holdsPoint({ lonE7, latE7, box, bands }: Polygons, x: number, y: number): boolean {
  if (!(y >= box.minLatE7 && y <= box.maxLatE7)) return false;
  const { firstSide, side } = bands;
  const band = bandOf(y, box, bands.heightE7);
  let inside = false;
  for (let s = firstSide[band]; s < firstSide[band + 1]; s++) {
    const i = side[s];
    const j = i - 1;
    if (latE7[i] > y === latE7[j] > y) continue;
    // which side of the edge: cross product, below 2^53 for edges under 9 degrees
    const cross = (lonE7[j] - lonE7[i]) * (y - latE7[i]) - (latE7[j] - latE7[i]) * (x - lonE7[i]);
    if (latE7[j] > latE7[i] ? cross > 0 : cross < 0) inside = !inside;
  }
  return inside;
}

/**
 * The stretches of the indexed segments that lie inside the polygons, by segment then offset. A road that touches the
 * border in single points has no stretch there. Cost O(near shape points x sides in the latitude bands of a piece).
 */
export function stretchesInside(graph: RoadGraph, index: SegmentIndex, polygons: Polygons): EdgeInterval[] {
  const { minLonE7, minLatE7, maxLonE7, maxLatE7 } = polygons.box;
  const stretches: EdgeInterval[] = [];
  for (const segment of index.search(minLonE7, minLatE7, maxLonE7, maxLatE7)) {
    let open: EdgeInterval | null = null;
    for (let i = graph.firstShape[segment] + 1; i < graph.firstShape[segment + 1]; i++) {
      const atMm = graph.shapeAtMm[i - 1];
      const lengthMm = graph.shapeAtMm[i] - atMm;
      const cuts = [0, ...crossings(graph, i, polygons), 1];
      for (let c = 1; c < cuts.length; c++) {
        const fromMm = atMm + Math.round(cuts[c - 1] * lengthMm);
        const toMm = atMm + Math.round(cuts[c] * lengthMm);
        if (toMm === fromMm) continue;
        const middle = (cuts[c - 1] + cuts[c]) / 2;
        const x = graph.shapeLonE7[i - 1] + middle * (graph.shapeLonE7[i] - graph.shapeLonE7[i - 1]);
        const y = graph.shapeLatE7[i - 1] + middle * (graph.shapeLatE7[i] - graph.shapeLatE7[i - 1]);
        if (!holdsPoint(polygons, x, y)) continue;
        if (open !== null && open.toMm === fromMm) {
          open.toMm = toMm;
        } else {
          open = { segment, fromMm, toMm };
          stretches.push(open);
        }
      }
    }
  }
  return stretches;
}

/** Where the piece that ends at shape point i crosses the rings: fractions of the piece, ascending. */
function crossings(graph: RoadGraph, i: number, { lonE7, latE7, box, bands }: Polygons): number[] {
  const ax = graph.shapeLonE7[i - 1];
  const ay = graph.shapeLatE7[i - 1];
  const dx = graph.shapeLonE7[i] - ax;
  const dy = graph.shapeLatE7[i] - ay;
  const { firstSide, side, heightE7 } = bands;
  const firstBand = Math.max(0, bandOf(Math.min(ay, ay + dy), box, heightE7));
  const lastBand = Math.min(firstSide.length - 2, bandOf(Math.max(ay, ay + dy), box, heightE7));
  const fractions: number[] = [];
  for (let band = firstBand; band <= lastBand; band++) {
    for (let s = firstSide[band]; s < firstSide[band + 1]; s++) {
      const p = side[s];
      const q = p - 1;
      // a side that stands in several bands of the piece counts in the first of them
      if (band > firstBand && Math.min(latE7[p], latE7[q]) < box.minLatE7 + band * heightE7) continue;
      const ex = lonE7[p] - lonE7[q];
      const ey = latE7[p] - latE7[q];
      const denominator = dx * ey - dy * ex;
      if (denominator === 0) continue;
      const ox = lonE7[q] - ax;
      const oy = latE7[q] - ay;
      const along = (ox * ey - oy * ex) / denominator;
      const across = (ox * dy - oy * dx) / denominator;
      if (along > 0 && along < 1 && across >= 0 && across <= 1) fractions.push(along);
    }
  }
  return fractions.sort((a, b) => a - b);
}
