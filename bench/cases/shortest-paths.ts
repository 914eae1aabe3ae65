/** Is the reference Dijkstra fast enough to be a fair contender? One source to all nodes, against graphology's. */
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';

export interface OneToAll {
  own(source: number): Float64Array;
  graphology(source: number): Float64Array;
  sources: number[];
}

/** Both contenders on the same graph and the cheapest of parallel arcs; answers are times in ms by node. */
export function oneToAll(graph: RoadGraph): OneToAll {
  const { arcTimeMs } = buildMetric(graph, findProfile('plain'), { siren: false });
  const search = new DijkstraSearch(graph);
  const theirs = new DirectedGraph();
  for (let node = 0; node < graph.nNodes; node++) theirs.addNode(String(node));
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const [from, to] = [String(graph.tail[arc]), String(graph.head[arc])];
    const known = theirs.hasEdge(from, to) ? (theirs.getEdgeAttribute(from, to, 'ms') as number) : Infinity;
    if (arcTimeMs[arc] < known) theirs.mergeEdge(from, to, { ms: arcTimeMs[arc] });
  }
  const step = Math.floor(graph.nNodes / 7);
  return {
    sources: [1, 2, 3, 4, 5].map((i) => i * step).filter((node) => graph.nodeMain[node] === 1),
    own(source) {
      search.start(arcTimeMs, 'out');
      search.seed(source, 0);
      while (search.settle(UNREACHED_MS - 1) !== NONE);
      return Float64Array.from({ length: graph.nNodes }, (_, node) => search.timeOf(node));
    },
    graphology(source) {
      const lengths = dijkstra.singleSource(theirs, String(source), 'ms');
      return Float64Array.from({ length: graph.nNodes }, (_, node) => lengths[node] ?? UNREACHED_MS);
    },
  };
}
