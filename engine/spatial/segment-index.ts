/**
 * Which road segments lie near a place: the two-method contract of the index stage, served by rbush, bulk-loaded.
 * Moving units are found through the network instead (sim/nearest.ts): the nearest as the crow flies is not the nearest
 * by road.
 */
import RBush from 'rbush';
import { mPerLonE7, M_PER_LAT_E7, projectOrigin, type PlanarProjection } from '../geo.ts';
import type { RoadGraph, RoadPosition } from '../graph/road-graph.ts';
import type { SegmentIx } from '../units.ts';

/** The nearest point of the network to a place. */
export interface NearestRoad {
  position: RoadPosition;
  distanceM: number;
}

export interface SegmentIndex {
  /** Segments whose bounding box meets the box (1e-7 degrees, borders included), ascending. */
  search(minLonE7: number, minLatE7: number, maxLonE7: number, maxLatE7: number): SegmentIx[];
  /** The nearest point on any segment within limitM; on equal distance the lowest segment, then the lowest offset. Null when none is near. */
  nearest(lonE7: number, latE7: number, limitM: number): NearestRoad | null;
}

interface SegmentBox {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  segment: SegmentIx;
}

/** First radius of the nearest search; it doubles until the answer is certain. Most places lie within 30 m of a road. */
const FIRST_RADIUS_M = 30;

/**
 * Indexes the segments that `accept` lets in (all by default). Cost O(n log n) once, O(log n + answers) a query.
 */
export function createSegmentIndex(
  graph: RoadGraph,
  accept: (segment: SegmentIx) => boolean = () => true,
): SegmentIndex {
  const boxes: SegmentBox[] = [];
  for (let segment = 0; segment < graph.nSegments; segment++) {
    if (accept(segment)) boxes.push(segmentBox(graph, segment));
  }
  const tree = new RBush<SegmentBox>().load(boxes);

  const search = (minX: number, minY: number, maxX: number, maxY: number): SegmentIx[] =>
    tree
      .search({ minX, minY, maxX, maxY })
      .map((box) => box.segment)
      .sort((a, b) => a - b);

  const nearest = (lonE7: number, latE7: number, limitM: number): NearestRoad | null => {
    for (let radiusM = Math.min(FIRST_RADIUS_M, limitM); ; radiusM = Math.min(2 * radiusM, limitM)) {
      // A margin of a millionth covers the rounding of the box; distances decide below.
      const dLat = (radiusM * 1.000001) / M_PER_LAT_E7 + 1;
      const dLon = (radiusM * 1.000001) / Math.max(1e-9, mPerLonE7(latE7)) + 1;
      let best: NearestRoad | null = null;
      for (const segment of search(lonE7 - dLon, latE7 - dLat, lonE7 + dLon, latE7 + dLat)) {
        const found = nearestOnSegment(graph, segment, lonE7, latE7);
        if (best === null || found.distanceM < best.distanceM) best = found;
      }
      if (best !== null && best.distanceM <= radiusM) return best;
      if (radiusM >= limitM) return null;
    }
  };
  return { search, nearest };
}

function segmentBox(graph: RoadGraph, segment: SegmentIx): SegmentBox {
  const { firstShape, shapeLonE7, shapeLatE7 } = graph;
  const box: SegmentBox = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity, segment };
  for (let i = firstShape[segment]; i < firstShape[segment + 1]; i++) {
    if (shapeLonE7[i] < box.minX) box.minX = shapeLonE7[i];
    if (shapeLonE7[i] > box.maxX) box.maxX = shapeLonE7[i];
    if (shapeLatE7[i] < box.minY) box.minY = shapeLatE7[i];
    if (shapeLatE7[i] > box.maxY) box.maxY = shapeLatE7[i];
  }
  return box;
}

/** The point of one segment nearest to a place, on the plane that touches the earth there. Exact within a few km. */
export function nearestOnSegment(
  graph: RoadGraph,
  segment: SegmentIx,
  lonE7: number,
  latE7: number,
): NearestRoad {
  const { firstShape, shapeLonE7, shapeLatE7, shapeAtMm } = graph;
  const mPerLon = mPerLonE7(latE7);
  const projection: PlanarProjection = { fraction: 0, distanceSquared: 0 };
  let bestSquared = Infinity;
  let offsetMm = 0;
  for (let i = firstShape[segment] + 1; i < firstShape[segment + 1]; i++) {
    projectOrigin(
      (shapeLonE7[i - 1] - lonE7) * mPerLon,
      (shapeLatE7[i - 1] - latE7) * M_PER_LAT_E7,
      (shapeLonE7[i] - lonE7) * mPerLon,
      (shapeLatE7[i] - latE7) * M_PER_LAT_E7,
      projection,
    );
    if (projection.distanceSquared < bestSquared) {
      bestSquared = projection.distanceSquared;
      offsetMm = shapeAtMm[i - 1] + Math.round(projection.fraction * (shapeAtMm[i] - shapeAtMm[i - 1]));
    }
  }
  return { position: { segment, offsetMm }, distanceM: Math.sqrt(bestSquared) };
}
