/**
 * How a position on a road meets the states of the network: those it can drive to first (exits), those it is driven to
 * from last (entries), and the drive between two positions that never leaves their segment.
 */
import { arcOfStep, nodeOfPosition, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms } from '../units.ts';
import { alongArcMm, timeAlongArcMs, type Metric } from './metric.ts';
import { statesOfNode, type StateIx } from './network.ts';

/**
 * A state next to a position, the time between them, and the road arc that is driven in part (NONE when
 * the position is the state's node).
 */
export interface PositionEnd {
  state: StateIx;
  timeMs: Ms;
  arc: ArcIx;
}

/** Time from the start of an arc to a position on its segment. */
export function timeIntoArcMs(graph: RoadGraph, arcTimeMs: Uint32Array, arc: ArcIx, offsetMm: number): Ms {
  const lengthMm = graph.segmentLengthMm[graph.arcSegment[arc]];
  return timeAlongArcMs(arcTimeMs[arc], alongArcMm(graph, arc, offsetMm), lengthMm);
}

/** States a unit at the position can drive to first: it may set off in every direction that its street is open in. */
export function exitsOf({ network, arcTimeMs }: Metric, position: RoadPosition): PositionEnd[] {
  const { graph } = network;
  const node = nodeOfPosition(graph, position);
  if (node !== NONE) return [{ state: network.baseState[node], timeMs: 0, arc: NONE }];
  const ends: PositionEnd[] = [];
  for (const arcOfSegment of [graph.segmentForwardArc, graph.segmentBackwardArc]) {
    const arc = arcOfSegment[position.segment];
    if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) continue;
    const timeMs = arcTimeMs[arc] - timeIntoArcMs(graph, arcTimeMs, arc, position.offsetMm);
    ends.push({ state: network.endState[arc], timeMs, arc });
  }
  return ends;
}

/** States from which the position is driven to last: at each end of its street, all from which one may turn into it. */
export function entriesOf(
  { network, arcTimeMs, networkTimeMs }: Metric,
  position: RoadPosition,
): PositionEnd[] {
  const { graph } = network;
  const ends: PositionEnd[] = [];
  const node = nodeOfPosition(graph, position);
  if (node !== NONE) {
    const { first, end } = statesOfNode(network, node);
    for (let state = first; state < end; state++) ends.push({ state, timeMs: 0, arc: NONE });
    return ends;
  }
  for (const arcOfSegment of [graph.segmentForwardArc, graph.segmentBackwardArc]) {
    const arc = arcOfSegment[position.segment];
    if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) continue;
    const timeMs = timeIntoArcMs(graph, arcTimeMs, arc, position.offsetMm);
    for (let i = network.firstUse[arc]; i < network.firstUse[arc + 1]; i++) {
      const use = network.use[i];
      if (networkTimeMs[use] !== UNREACHED_MS) ends.push({ state: network.tail[use], timeMs, arc });
    }
  }
  return ends;
}

/** Time of the drive that stays on the common segment of both positions; UNREACHED_MS where there is none. */
export function directTimeMs({ network, arcTimeMs }: Metric, from: RoadPosition, to: RoadPosition): Ms {
  if (from.segment !== to.segment) return UNREACHED_MS;
  if (from.offsetMm === to.offsetMm) return 0;
  const { graph } = network;
  const { segment } = from;
  const arc = arcOfStep(graph, { segment, fromMm: from.offsetMm, toMm: to.offsetMm });
  if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) return UNREACHED_MS;
  return (
    timeIntoArcMs(graph, arcTimeMs, arc, to.offsetMm) - timeIntoArcMs(graph, arcTimeMs, arc, from.offsetMm)
  );
}
