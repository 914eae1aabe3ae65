/**
 * Exact reach: the stretches of road that can be driven to (or from) within a time, as intervals on segments. Nothing
 * is sampled, so reach(t) lies inside reach(t') for every t < t'.
 */
import { nodeOfPosition, type EdgeInterval, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms } from '../units.ts';
import type { DijkstraSearch } from './dijkstra.ts';
import { alongArcMm } from './metric.ts';
import { entriesOf, exitsOf, timeIntoArcMs } from './position-ends.ts';

/** Farthest point (mm along the arc) that is at most `timeMs` into it: the largest x with floor(time * x / length) <= timeMs. */
function farthestWithinMm(arcTimeMs: Ms, lengthMm: number, timeMs: Ms): number {
  if (timeMs >= arcTimeMs) return lengthMm;
  return Math.ceil(((timeMs + 1) * lengthMm) / arcTimeMs) - 1;
}

/** Nearest point (mm along the arc) that is at least `timeMs` into it: the smallest x with floor(time * x / length) >= timeMs. */
function firstBeyondMm(arcTimeMs: Ms, lengthMm: number, timeMs: Ms): number {
  if (timeMs <= 0) return 0;
  return Math.ceil((timeMs * lengthMm) / arcTimeMs);
}

/** Stretches of each segment, collected as offsets and merged at the end. */
class Stretches {
  private readonly bySegment = new Map<number, [number, number][]>();
  private readonly graph: RoadGraph;

  constructor(graph: RoadGraph) {
    this.graph = graph;
  }

  /** Adds [fromAlongMm, toAlongMm] measured along an arc; a single point adds nothing. */
  addAlong(arc: ArcIx, fromAlongMm: number, toAlongMm: number): void {
    if (toAlongMm <= fromAlongMm) return;
    const { graph } = this;
    const segment = graph.arcSegment[arc];
    const length = graph.segmentLengthMm[segment];
    const stretch: [number, number] =
      graph.arcBackward[arc] === 1 ? [length - toAlongMm, length - fromAlongMm] : [fromAlongMm, toAlongMm];
    const list = this.bySegment.get(segment);
    if (list === undefined) this.bySegment.set(segment, [stretch]);
    else list.push(stretch);
  }

  merged(): EdgeInterval[] {
    const result: EdgeInterval[] = [];
    const segments = [...this.bySegment.keys()].sort((a, b) => a - b);
    for (const segment of segments) {
      const list = this.bySegment.get(segment)!.sort((a, b) => a[0] - b[0]);
      let [fromMm, toMm] = list[0];
      for (const [nextFrom, nextTo] of list) {
        if (nextFrom > toMm) {
          result.push({ segment, fromMm, toMm });
          fromMm = nextFrom;
          toMm = nextTo;
        } else if (nextTo > toMm) {
          toMm = nextTo;
        }
      }
      result.push({ segment, fromMm, toMm });
    }
    return result;
  }
}

/** Where a unit at `from` can get within limitMs. */
export function reachFrom(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  search: DijkstraSearch,
  from: RoadPosition,
  limitMs: Ms,
): EdgeInterval[] {
  const stretches = new Stretches(graph);
  search.start(arcTimeMs, 'out');
  for (const exit of exitsOf(graph, arcTimeMs, from)) {
    search.seed(exit.node, exit.timeMs);
    if (exit.arc === NONE) continue;
    const length = graph.segmentLengthMm[from.segment];
    const startMs = timeIntoArcMs(graph, arcTimeMs, exit.arc, from.offsetMm);
    const farthest = farthestWithinMm(arcTimeMs[exit.arc], length, startMs + limitMs);
    stretches.addAlong(exit.arc, alongArcMm(graph, exit.arc, from.offsetMm), farthest);
  }
  for (let node = search.settle(limitMs); node !== NONE; node = search.settle(limitMs)) {
    const leftMs = limitMs - search.timeOf(node);
    for (let arc = graph.firstOut[node]; arc < graph.firstOut[node + 1]; arc++) {
      if (arcTimeMs[arc] === UNREACHED_MS) continue;
      const length = graph.segmentLengthMm[graph.arcSegment[arc]];
      stretches.addAlong(arc, 0, farthestWithinMm(arcTimeMs[arc], length, leftMs));
    }
  }
  return stretches.merged();
}

/** From where a unit can get to `to` within limitMs. */
export function reachTo(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  search: DijkstraSearch,
  to: RoadPosition,
  limitMs: Ms,
): EdgeInterval[] {
  const stretches = new Stretches(graph);
  const atNode = nodeOfPosition(graph, to) !== NONE;
  search.start(arcTimeMs, 'in');
  for (const entry of entriesOf(graph, arcTimeMs, to)) {
    search.seed(entry.node, entry.timeMs);
    if (atNode) continue;
    const length = graph.segmentLengthMm[to.segment];
    const first = firstBeyondMm(arcTimeMs[entry.arc], length, entry.timeMs - limitMs);
    stretches.addAlong(entry.arc, first, alongArcMm(graph, entry.arc, to.offsetMm));
  }
  for (let node = search.settle(limitMs); node !== NONE; node = search.settle(limitMs)) {
    const leftMs = limitMs - search.timeOf(node);
    for (let i = graph.firstIn[node]; i < graph.firstIn[node + 1]; i++) {
      const arc = graph.inArc[i];
      if (arcTimeMs[arc] === UNREACHED_MS) continue;
      const length = graph.segmentLengthMm[graph.arcSegment[arc]];
      stretches.addAlong(arc, firstBeyondMm(arcTimeMs[arc], length, arcTimeMs[arc] - leftMs), length);
    }
  }
  return stretches.merged();
}
