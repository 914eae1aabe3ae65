/**
 * Exact reach: the stretches of road that can be driven to (or from) within a time, as intervals on segments. Nothing
 * is sampled, so reach(t) lies inside reach(t') for every t < t'. This is the readable reference on plain Dijkstra;
 * `reach-query.ts` gives the same stretches many times faster.
 */
import type { EdgeInterval, RoadGraph, RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms, type SegmentIx } from '../units.ts';
import type { DijkstraSearch } from './dijkstra.ts';
import { alongArcMm, type Metric } from './metric.ts';
import { entriesOf, exitsOf, timeIntoArcMs } from './position-ends.ts';

/** Farthest point (mm along the arc) that is at most `timeMs` into it: the largest x with floor(time * x / length) <= timeMs. */
export function farthestWithinMm(arcTimeMs: Ms, lengthMm: number, timeMs: Ms): number {
  if (timeMs >= arcTimeMs) return lengthMm;
  return Math.ceil(((timeMs + 1) * lengthMm) / arcTimeMs) - 1;
}

/** Nearest point (mm along the arc) that is at least `timeMs` into it: the smallest x with floor(time * x / length) >= timeMs. */
export function firstBeyondMm(arcTimeMs: Ms, lengthMm: number, timeMs: Ms): number {
  if (timeMs <= 0) return 0;
  return Math.ceil((timeMs * lengthMm) / arcTimeMs);
}

/** A stretch of a segment, by offsets: from, to. */
export type Stretch = [fromMm: number, toMm: number];

/** [fromAlongMm, toAlongMm] of an arc as a stretch of its segment; null for a single point. */
export function stretchAlong(
  graph: RoadGraph,
  arc: ArcIx,
  fromAlongMm: number,
  toAlongMm: number,
): Stretch | null {
  if (toAlongMm <= fromAlongMm) return null;
  const length = graph.segmentLengthMm[graph.arcSegment[arc]];
  return graph.arcBackward[arc] === 1 ? [length - toAlongMm, length - fromAlongMm] : [fromAlongMm, toAlongMm];
}

/** What at least one of the stretches covers, in order, disjoint. */
export function mergedStretches(segment: SegmentIx, stretches: readonly Stretch[]): EdgeInterval[] {
  const merged: EdgeInterval[] = [];
  for (const [fromMm, toMm] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last === undefined || fromMm > last.toMm) merged.push({ segment, fromMm, toMm });
    else if (toMm > last.toMm) last.toMm = toMm;
  }
  return merged;
}

/** Stretches of each segment, collected as offsets and merged at the end. */
class Stretches {
  private readonly bySegment = new Map<SegmentIx, Stretch[]>();
  private readonly graph: RoadGraph;

  constructor(graph: RoadGraph) {
    this.graph = graph;
  }

  /** Adds [fromAlongMm, toAlongMm] measured along an arc; a single point adds nothing. */
  addAlong(arc: ArcIx, fromAlongMm: number, toAlongMm: number): void {
    const stretch = stretchAlong(this.graph, arc, fromAlongMm, toAlongMm);
    if (stretch === null) return;
    const segment = this.graph.arcSegment[arc];
    const list = this.bySegment.get(segment);
    if (list === undefined) this.bySegment.set(segment, [stretch]);
    else list.push(stretch);
  }

  merged(): EdgeInterval[] {
    const segments = [...this.bySegment.keys()].sort((a, b) => a - b);
    return segments.flatMap((segment) => mergedStretches(segment, this.bySegment.get(segment)!));
  }
}

/** Where a unit at `from` can get within limitMs. */
export function reachFrom(
  metric: Metric,
  search: DijkstraSearch,
  from: RoadPosition,
  limitMs: Ms,
): EdgeInterval[] {
  const { network, arcTimeMs, networkTimeMs } = metric;
  const { graph } = network;
  const stretches = new Stretches(graph);
  search.start('out');
  for (const exit of exitsOf(metric, from)) {
    search.seed(exit.state, exit.timeMs);
    if (exit.arc === NONE) continue;
    const length = graph.segmentLengthMm[from.segment];
    const startMs = timeIntoArcMs(graph, arcTimeMs, exit.arc, from.offsetMm);
    const farthest = farthestWithinMm(arcTimeMs[exit.arc], length, startMs + limitMs);
    stretches.addAlong(exit.arc, alongArcMm(graph, exit.arc, from.offsetMm), farthest);
  }
  for (let state = search.settle(limitMs); state !== NONE; state = search.settle(limitMs)) {
    const leftMs = limitMs - search.timeOf(state);
    for (let i = network.firstOut[state]; i < network.firstOut[state + 1]; i++) {
      if (networkTimeMs[i] === UNREACHED_MS) continue;
      const arc = network.roadArc[i];
      const length = graph.segmentLengthMm[graph.arcSegment[arc]];
      stretches.addAlong(arc, 0, farthestWithinMm(arcTimeMs[arc], length, leftMs));
    }
  }
  return stretches.merged();
}

/** From where a unit can get to `to` within limitMs. */
export function reachTo(
  metric: Metric,
  search: DijkstraSearch,
  to: RoadPosition,
  limitMs: Ms,
): EdgeInterval[] {
  const { network, arcTimeMs } = metric;
  const { graph } = network;
  const stretches = new Stretches(graph);
  search.start('in');
  for (const entry of entriesOf(metric, to)) {
    search.seed(entry.state, entry.timeMs);
    if (entry.arc === NONE) continue;
    const length = graph.segmentLengthMm[to.segment];
    const first = firstBeyondMm(arcTimeMs[entry.arc], length, entry.timeMs - limitMs);
    stretches.addAlong(entry.arc, first, alongArcMm(graph, entry.arc, to.offsetMm));
  }
  for (let state = search.settle(limitMs); state !== NONE; state = search.settle(limitMs)) {
    const leftMs = limitMs - search.timeOf(state);
    for (let i = network.firstIn[state]; i < network.firstIn[state + 1]; i++) {
      // whoever sets off on an arc remembers nothing before it
      const arc = network.roadArc[network.inArc[i]];
      if (network.endState[arc] !== state || arcTimeMs[arc] === UNREACHED_MS) continue;
      const length = graph.segmentLengthMm[graph.arcSegment[arc]];
      stretches.addAlong(arc, firstBeyondMm(arcTimeMs[arc], length, arcTimeMs[arc] - leftMs), length);
    }
  }
  return stretches.merged();
}
