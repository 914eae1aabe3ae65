/** Places onto roads: only onto the main strongly connected part, so that every snapped place can be reached and left. */
import type { RoadGraph } from '../graph/road-graph.ts';
import { toE7 } from '../units.ts';
import { createSegmentIndex, type NearestRoad, type SegmentIndex } from './segment-index.ts';

export interface Snapper {
  /** Segments of the main part. */
  index: SegmentIndex;
  /** The nearest road position to a place in degrees, or null when none lies within limitM. */
  snap(lon: number, lat: number, limitM: number): NearestRoad | null;
}

/** True when both ends of a segment lie in the main part. */
export const isMainSegment = (graph: RoadGraph, segment: number): boolean =>
  graph.nodeMain[graph.segmentFrom[segment]] === 1 && graph.nodeMain[graph.segmentTo[segment]] === 1;

export function createSnapper(graph: RoadGraph): Snapper {
  const index = createSegmentIndex(graph, (segment) => isMainSegment(graph, segment));
  return { index, snap: (lon, lat, limitM) => index.nearest(toE7(lon), toE7(lat), limitM) };
}
