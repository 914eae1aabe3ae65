/**
 * Lower bounds of travel times from landmarks: Goldberg and Harrelson, "Computing the shortest path: A* search meets graph
 * theory" (2005). A bound here must hold for all metrics of a run, with and without turn rules, and for units whose
 * position is known only so far as the ends of their drive, so the times to landmarks are those of a relaxed network:
 * every street may be driven both ways, in the least time that any metric has for either, and every turn is allowed.
 *
 * Let h(x) be the relaxed time between a landmark and the place x, linear between the ends of a street. No drive of any
 * metric changes h faster than it takes time, so |h(x) - h(y)| is a lower bound of every drive from x to y, stops and
 * turns on the way included.
 */
import type { RoadGraph, RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms, type NodeIx } from '../units.ts';
import { LABEL_UNREACHED } from './labels.ts';
import type { Metric } from './metric.ts';
import { TimeHeap } from './time-heap.ts';

/** Bounds of so many landmarks: more make the scan of a fleet longer than they spare (bench `simulation-patrol`). */
export const N_LANDMARKS = 8;

/** Farther than any other node that can be reached: times are cut off here, which keeps differences right. */
const FARTHEST_MS = LABEL_UNREACHED;

export class Landmarks {
  /**
   * Milliseconds by which a bound may exceed the drive that it is for, to be taken off by whoever uses it. Positions on a
   * drive are rounded to the millimetre, which counts at either end. h of a place is rounded to a millisecond, and so is
   * each part of a street that is driven: two of any drive by a router; a planned course may turn round between junctions
   * some 200 times.
   */
  readonly roundingMs: Ms;
  readonly metrics: ReadonlySet<Metric>;
  private readonly graph: RoadGraph;
  /** h of node n at n * N_LANDMARKS and on. */
  private readonly nodeMs: Int32Array;

  /**
   * Bounds for all of these metrics, of one graph, with the times that they have now. Cost of 9 searches, about 0.15 s in a
   * city of 64,000 junctions, and 32 bytes a junction.
   */
  constructor(metrics: readonly Metric[]) {
    const { graph } = metrics[0].network;
    this.metrics = new Set(metrics);
    this.graph = graph;
    const streetMs = leastTimes(graph, metrics);
    let steepest = 0;
    for (let s = 0; s < streetMs.length; s++) {
      if (streetMs[s] !== UNREACHED_MS) steepest = Math.max(steepest, streetMs[s] / graph.segmentLengthMm[s]);
    }
    this.roundingMs = 200 + 2 * Math.ceil(steepest);
    this.nodeMs = timesToLandmarks(graph, streetMs);
  }

  /** Writes h of a place, rounded to whole milliseconds, to out[at] and on. */
  read({ segment, offsetMm }: RoadPosition, out: Int32Array, at: number): void {
    const { nodeMs } = this;
    const { segmentFrom, segmentTo, segmentLengthMm } = this.graph;
    const from = segmentFrom[segment] * N_LANDMARKS;
    const to = segmentTo[segment] * N_LANDMARKS;
    const share = offsetMm / segmentLengthMm[segment];
    for (let i = 0; i < N_LANDMARKS; i++) {
      const fromMs = nodeMs[from + i];
      out[at + i] = fromMs + (nodeMs[to + i] - fromMs) * share;
    }
  }
}

/** The least time that any metric has for a street, in either direction. */
function leastTimes(graph: RoadGraph, metrics: readonly Metric[]): Int32Array {
  const { nSegments, segmentForwardArc, segmentBackwardArc } = graph;
  const leastMs = new Int32Array(nSegments).fill(UNREACHED_MS);
  for (const { arcTimeMs } of metrics) {
    for (let s = 0; s < nSegments; s++) {
      for (const arc of [segmentForwardArc[s], segmentBackwardArc[s]]) {
        if (arc !== NONE && arcTimeMs[arc] < leastMs[s]) leastMs[s] = arcTimeMs[arc];
      }
    }
  }
  return leastMs;
}

/** Landmarks one by one, each as far as can be from those before, and the times between them and all nodes. */
function timesToLandmarks(graph: RoadGraph, streetMs: Int32Array): Int32Array {
  const { nNodes } = graph;
  const streets = streetsOfNodes(graph, streetMs);
  const heap = new TimeHeap(nNodes);
  const timeMs = new Int32Array(nNodes);
  const nearestMs = new Int32Array(nNodes).fill(FARTHEST_MS);
  const nodeMs = new Int32Array(nNodes * N_LANDMARKS);
  // from any node of the main part to a corner of it
  search(streets, Math.max(0, graph.nodeMain.indexOf(1)), heap, timeMs);
  let landmark = farthest(timeMs);
  for (let i = 0; i < N_LANDMARKS && nNodes > 0; i++) {
    search(streets, landmark, heap, timeMs);
    for (let node = 0; node < nNodes; node++) {
      nodeMs[node * N_LANDMARKS + i] = timeMs[node];
      if (timeMs[node] < nearestMs[node]) nearestMs[node] = timeMs[node];
    }
    landmark = farthest(nearestMs);
  }
  return nodeMs;
}

/** The farthest node that can be reached, the lowest on a tie. */
function farthest(timeMs: Int32Array): NodeIx {
  let best = 0;
  let bestMs: Ms = -1;
  for (let node = 0; node < timeMs.length; node++) {
    if (timeMs[node] < FARTHEST_MS && timeMs[node] > bestMs) {
      best = node;
      bestMs = timeMs[node];
    }
  }
  return best;
}

interface Streets {
  first: Uint32Array;
  /** The node at the other end of a street, and its time. */
  end: Uint32Array;
  timeMs: Int32Array;
}

function streetsOfNodes(graph: RoadGraph, streetMs: Int32Array): Streets {
  const { nNodes, nSegments, segmentFrom, segmentTo } = graph;
  const first = new Uint32Array(nNodes + 1);
  for (let s = 0; s < nSegments; s++) {
    if (streetMs[s] === UNREACHED_MS) continue;
    first[segmentFrom[s] + 1]++;
    first[segmentTo[s] + 1]++;
  }
  for (let node = 0; node < nNodes; node++) first[node + 1] += first[node];
  const next = first.slice();
  const end = new Uint32Array(first[nNodes]);
  const timeMs = new Int32Array(first[nNodes]);
  for (let s = 0; s < nSegments; s++) {
    if (streetMs[s] === UNREACHED_MS) continue;
    for (const [from, to] of [
      [segmentFrom[s], segmentTo[s]],
      [segmentTo[s], segmentFrom[s]],
    ]) {
      end[next[from]] = to;
      timeMs[next[from]++] = streetMs[s];
    }
  }
  return { first, end, timeMs };
}

/** Times between a node and all others; FARTHEST_MS for those farther off or out of reach. Dijkstra 1959. */
function search(
  { first, end, timeMs: streetMs }: Streets,
  from: NodeIx,
  heap: TimeHeap,
  timeMs: Int32Array,
): void {
  timeMs.fill(FARTHEST_MS);
  if (timeMs.length === 0) return;
  timeMs[from] = 0;
  heap.clear();
  heap.push(0, from);
  while (!heap.isEmpty) {
    const nodeMs = heap.firstMs;
    const node = heap.firstState;
    heap.removeFirst();
    if (nodeMs !== timeMs[node]) continue;
    for (let i = first[node]; i < first[node + 1]; i++) {
      const endMs = nodeMs + streetMs[i];
      if (endMs >= timeMs[end[i]]) continue;
      timeMs[end[i]] = endMs;
      heap.push(endMs, end[i]);
    }
  }
}
