/** Polygons against points and roads, in exact integer coordinates where they decide. */
import type { EdgeInterval, RoadGraph } from '../graph/road-graph.ts';
import type { SegmentIndex } from './segment-index.ts';

/** Rings as flat columns in 1e-7 degrees; ring r holds points firstPoint[r] .. firstPoint[r + 1), closed by its first point again. */
export interface Polygons {
  firstPoint: Uint32Array;
  lonE7: Int32Array;
  latE7: Int32Array;
  box: { minLonE7: number; minLatE7: number; maxLonE7: number; maxLatE7: number };
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
  return {
    firstPoint,
    lonE7: Int32Array.from(points, (p) => p.lonE7),
    latE7: Int32Array.from(points, (p) => p.latE7),
    box,
  };
}

/**
 * Even-odd rule, half-open at edges: a point on the border of two adjoining polygons lies in exactly one of them.
 * Coordinates may be fractions of 1e-7 degrees. Cost O(points).
 */
export function holdsPoint({ firstPoint, lonE7, latE7 }: Polygons, x: number, y: number): boolean {
  let inside = false;
  for (let ring = 0; ring + 1 < firstPoint.length; ring++) {
    const first = firstPoint[ring];
    const end = firstPoint[ring + 1];
    for (let i = first, j = end - 1; i < end; j = i++) {
      if (latE7[i] > y === latE7[j] > y) continue;
      // which side of the edge: cross product, below 2^53 for edges under 9 degrees
      const cross = (lonE7[j] - lonE7[i]) * (y - latE7[i]) - (latE7[j] - latE7[i]) * (x - lonE7[i]);
      if (latE7[j] > latE7[i] ? cross > 0 : cross < 0) inside = !inside;
    }
  }
  return inside;
}

/**
 * The stretches of the indexed segments that lie inside the polygons, by segment then offset. A road that touches the
 * border in single points has no stretch there. Cost O(near shape points x polygon points).
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
function crossings(graph: RoadGraph, i: number, { firstPoint, lonE7, latE7 }: Polygons): number[] {
  const ax = graph.shapeLonE7[i - 1];
  const ay = graph.shapeLatE7[i - 1];
  const dx = graph.shapeLonE7[i] - ax;
  const dy = graph.shapeLatE7[i] - ay;
  const fractions: number[] = [];
  for (let ring = 0; ring + 1 < firstPoint.length; ring++) {
    const first = firstPoint[ring];
    const end = firstPoint[ring + 1];
    for (let p = first, q = end - 1; p < end; q = p++) {
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
