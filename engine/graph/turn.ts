/** Which way a turn goes, by the shape of the two streets at their junction. */
import { mPerLonE7, M_PER_LAT_E7 } from '../geo.ts';
import type { ArcIx } from '../units.ts';
import type { RoadGraph } from './road-graph.ts';

/** Directions are taken this far from the junction: nearer, the drawing bends more than the street does. */
const LOOK_M = 10;

/** Cosines of 20, 60 and 135 degrees. */
const COS_20 = 0.93969262;
const COS_60 = 0.5;
const COS_135 = -0.70710678;

/**
 * Whether the turn from an arc into the next one may be called by the kind of a restriction (`no_left_turn`,
 * `only_straight_on`…): left and right from 20 degrees on, straight on up to 60, round from 135 on or back along the
 * same street. The ranges overlap, as people's do; kinds that say no direction fit no turn.
 */
export function turnFits(graph: RoadGraph, arc: ArcIx, next: ArcIx, kind: string): boolean {
  const turn = kind.replace(/^(no|only)_/, '');
  const isBack = graph.arcSegment[arc] === graph.arcSegment[next];
  if (isBack || turn === 'u_turn') {
    return turn === 'u_turn' && (isBack || cosineAndSide(graph, arc, next).cosine <= COS_135);
  }
  const { cosine, side } = cosineAndSide(graph, arc, next);
  switch (turn) {
    case 'left_turn':
      return side > 0 && cosine <= COS_20;
    case 'right_turn':
      return side < 0 && cosine <= COS_20;
    case 'straight_on':
      return cosine >= COS_60;
    default:
      return false;
  }
}

/** Cosine of the angle of a turn, and the sign of its side: above 0 left, below 0 right. */
function cosineAndSide(graph: RoadGraph, arc: ArcIx, next: ArcIx): { cosine: number; side: number } {
  const into = lookAlong(graph, arc, true);
  const out = lookAlong(graph, next, false);
  const lengths = Math.sqrt((into.x * into.x + into.y * into.y) * (out.x * out.x + out.y * out.y));
  if (lengths === 0) return { cosine: 1, side: 0 };
  return {
    cosine: (into.x * out.x + into.y * out.y) / lengths,
    side: into.x * out.y - into.y * out.x,
  };
}

/** Direction of travel in metres, over the last (`atEnd`) or first LOOK_M of an arc. */
function lookAlong(graph: RoadGraph, arc: ArcIx, atEnd: boolean): { x: number; y: number } {
  const { firstShape, shapeLonE7, shapeLatE7, shapeAtMm } = graph;
  const segment = graph.arcSegment[arc];
  const [first, last] = [firstShape[segment], firstShape[segment + 1] - 1];
  // the junction is the segment's last point for an arc that ends there forward, or begins there backward
  const isLast = (graph.arcBackward[arc] === 0) === atEnd;
  const [junction, end, step] = isLast ? [last, first, -1] : [first, last, 1];
  let point = junction + step;
  while (point !== end && Math.abs(shapeAtMm[point] - shapeAtMm[junction]) < LOOK_M * 1000) point += step;
  const x = (shapeLonE7[point] - shapeLonE7[junction]) * mPerLonE7(shapeLatE7[junction]);
  const y = (shapeLatE7[point] - shapeLatE7[junction]) * M_PER_LAT_E7;
  return atEnd ? { x: -x, y: -y } : { x, y };
}
