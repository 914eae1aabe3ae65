/**
 * How a position on a road meets the nodes of the graph: the nodes it can drive to first (exits), the nodes it is
 * driven to from last (entries), and the drive between two positions that never leaves their segment.
 */
import { arcOfStep, nodeOfPosition, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms, type NodeIx } from '../units.ts';
import { alongArcMm, timeAlongArcMs } from './metric.ts';

/** A node next to a position, the time between them, and the arc that is driven in part (NONE when the position is the node). */
export interface PositionEnd {
  node: NodeIx;
  timeMs: Ms;
  arc: ArcIx;
}

/** Time from the start of an arc to a position on its segment. */
export function timeIntoArcMs(graph: RoadGraph, arcTimeMs: Uint32Array, arc: ArcIx, offsetMm: number): Ms {
  const lengthMm = graph.segmentLengthMm[graph.arcSegment[arc]];
  return timeAlongArcMs(arcTimeMs[arc], alongArcMm(graph, arc, offsetMm), lengthMm);
}

function arcsOf(graph: RoadGraph, segment: number, arcTimeMs: Uint32Array): ArcIx[] {
  const arcs = [graph.segmentForwardArc[segment], graph.segmentBackwardArc[segment]];
  return arcs.filter((arc) => arc !== NONE && arcTimeMs[arc] !== UNREACHED_MS);
}

/** Nodes a unit at the position can drive to first. */
export function exitsOf(graph: RoadGraph, arcTimeMs: Uint32Array, position: RoadPosition): PositionEnd[] {
  const node = nodeOfPosition(graph, position);
  if (node !== NONE) return [{ node, timeMs: 0, arc: NONE }];
  return arcsOf(graph, position.segment, arcTimeMs).map((arc) => ({
    node: graph.head[arc],
    timeMs: arcTimeMs[arc] - timeIntoArcMs(graph, arcTimeMs, arc, position.offsetMm),
    arc,
  }));
}

/** Nodes from which the position is driven to last. */
export function entriesOf(graph: RoadGraph, arcTimeMs: Uint32Array, position: RoadPosition): PositionEnd[] {
  const node = nodeOfPosition(graph, position);
  if (node !== NONE) return [{ node, timeMs: 0, arc: NONE }];
  return arcsOf(graph, position.segment, arcTimeMs).map((arc) => ({
    node: graph.tail[arc],
    timeMs: timeIntoArcMs(graph, arcTimeMs, arc, position.offsetMm),
    arc,
  }));
}

/** Time of the drive that stays on the common segment of both positions; UNREACHED_MS where there is none. */
export function directTimeMs(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  from: RoadPosition,
  to: RoadPosition,
): Ms {
  if (from.segment !== to.segment) return UNREACHED_MS;
  if (from.offsetMm === to.offsetMm) return 0;
  const { segment } = from;
  const arc = arcOfStep(graph, { segment, fromMm: from.offsetMm, toMm: to.offsetMm });
  if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) return UNREACHED_MS;
  return (
    timeIntoArcMs(graph, arcTimeMs, arc, to.offsetMm) - timeIntoArcMs(graph, arcTimeMs, arc, from.offsetMm)
  );
}
