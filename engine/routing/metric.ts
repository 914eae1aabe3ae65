/** Travel times of every arc for one profile: what all searches read. */
import type { RoadGraph } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import type { Labels } from './labels.ts';

export interface Metric {
  /** Name for outputs, such as `patrol-car` or `patrol-car+siren`. */
  name: string;
  /** One entry for each arc; UNREACHED_MS closes it. */
  arcTimeMs: Uint32Array;
  /** Tree labels of these times, where they were built: routers answer from them, with the same answers. */
  labels?: Labels;
}

/**
 * Time from the start of an arc to a point `alongMm` into it. Rounded down from the arc's own time, so that partial
 * times of one arc add up to it exactly: time(a, b) = timeAlongArcMs(b) - timeAlongArcMs(a).
 */
export function timeAlongArcMs(arcTimeMs: Ms, alongMm: number, lengthMm: number): Ms {
  return arcTimeMs === UNREACHED_MS ? UNREACHED_MS : Math.floor((arcTimeMs * alongMm) / lengthMm);
}

/** How far along its direction of travel an offset (from the segment's start) lies on an arc. */
export function alongArcMm(graph: RoadGraph, arc: number, offsetMm: number): number {
  return graph.arcBackward[arc] === 1 ? graph.segmentLengthMm[graph.arcSegment[arc]] - offsetMm : offsetMm;
}
