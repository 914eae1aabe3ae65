/** How fast is one exact travel time between two junctions? Tree labels against plain Dijkstra and graphology's bidirectional search. */
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { withLabels } from '../../engine/routing/fastest-router.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { nodeTimeMs } from '../../engine/routing/labels.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';

export interface PointToPoint {
  /** Random pairs of junctions of the main part. */
  pairs: readonly (readonly [number, number])[];
  /** Sum of the times of the first `count` pairs, so that answers are compared. */
  labels: (count: number) => number;
  dijkstra: (count: number) => number;
  graphology: (count: number) => number;
  /** Order, hierarchy and labels from nothing. */
  build: () => void;
}

export function pointToPoint(graph: RoadGraph, nPairs: number): PointToPoint {
  const metric = buildMetric(graph, findProfile('plain'), { siren: false });
  const [{ labels }] = withLabels([metric]);
  if (labels === undefined) throw new Error('no labels');
  const random = new RandomStream(randomKey('bench'), 1, PURPOSE.dispatch, 0);
  const main = Array.from({ length: graph.nNodes }, (_, node) => node).filter(
    (node) => graph.nodeMain[node] === 1,
  );
  const pairs = Array.from(
    { length: nPairs },
    () => [main[random.below(main.length)], main[random.below(main.length)]] as const,
  );
  const state = metric.network.baseState;
  const search = new DijkstraSearch(metric.network);
  const theirs = new DirectedGraph<Record<string, never>, { ms: number }>();
  for (let node = 0; node < graph.nNodes; node++) theirs.addNode(String(node));
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const [from, to] = [String(graph.tail[arc]), String(graph.head[arc])];
    const known = theirs.hasEdge(from, to) ? theirs.getEdgeAttribute(from, to, 'ms') : Infinity;
    if (metric.arcTimeMs[arc] < known) theirs.mergeEdge(from, to, { ms: metric.arcTimeMs[arc] });
  }
  const sum = (count: number, timeOf: (from: number, to: number) => number): number => {
    let total = 0;
    for (let i = 0; i < count; i++) total += timeOf(pairs[i][0], pairs[i][1]);
    return total;
  };
  return {
    pairs,
    labels: (count) => sum(count, (from, to) => nodeTimeMs(labels, state[from], state[to])),
    dijkstra: (count) =>
      sum(count, (from, to) => {
        search.start(metric.networkTimeMs, 'out');
        search.seed(state[from], 0);
        for (;;) {
          const node = search.settle(UNREACHED_MS - 1);
          if (node === state[to] || node === NONE) return search.timeOf(state[to]);
        }
      }),
    graphology: (count) =>
      sum(count, (from, to) => {
        const path = dijkstra.bidirectional(theirs, String(from), String(to), 'ms');
        let time = 0;
        for (let i = 1; i < path.length; i++) time += theirs.getEdgeAttribute(path[i - 1], path[i], 'ms');
        return time;
      }),
    build: () => void withLabels([metric]),
  };
}
