/** Places onto roads: only onto roads that can be reached and left, such as the main strongly connected part. */
import type { RoadGraph } from '../graph/road-graph.ts';
import { toE7 } from '../units.ts';
import { createSegmentIndex, type NearestRoad, type SegmentIndex } from './segment-index.ts';

export interface Snapper {
  /** 1 for each segment that places are put on. */
  usable: Uint8Array;
  /** These segments. */
  index: SegmentIndex;
  /** The nearest road position to a place in degrees, or null when none lies within limitM. */
  snap(lon: number, lat: number, limitM: number): NearestRoad | null;
}

/** True when both ends of a segment lie in the main part. */
export const isMainSegment = (graph: RoadGraph, segment: number): boolean =>
  graph.nodeMain[graph.segmentFrom[segment]] === 1 && graph.nodeMain[graph.segmentTo[segment]] === 1;

/** 1 for each segment of the main part. */
export const mainSegments = (graph: RoadGraph): Uint8Array =>
  Uint8Array.from({ length: graph.nSegments }, (_, segment) => (isMainSegment(graph, segment) ? 1 : 0));

/** @param usable  1 for each segment that places may be put on: what the profiles in use can reach and leave */
export function createSnapper(graph: RoadGraph, usable: Uint8Array = mainSegments(graph)): Snapper {
  const index = createSegmentIndex(graph, (segment) => usable[segment] === 1);
  return { usable, index, snap: (lon, lat, limitM) => index.nearest(toE7(lon), toE7(lat), limitM) };
}

/** 1 for each node that ends a usable segment. */
export function usableNodes(graph: RoadGraph, usable: Uint8Array): Uint8Array {
  const nodes = new Uint8Array(graph.nNodes);
  for (let s = 0; s < usable.length; s++) {
    if (usable[s] === 0) continue;
    nodes[graph.segmentFrom[s]] = 1;
    nodes[graph.segmentTo[s]] = 1;
  }
  return nodes;
}
