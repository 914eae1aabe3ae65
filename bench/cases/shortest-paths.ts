/** Is the reference Dijkstra fast enough to be a fair contender? One source to all nodes, against graphology's. */
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { UNREACHED_MS } from '../../engine/units.ts';

export interface OneToAll {
  sources: number[];
  /** Time in ms to each node, UNREACHED_MS where there is no way. */
  own: (source: number) => Uint32Array;
  /** What graphology gives: the path to each node it reaches. */
  graphology: (source: number) => Record<string, string[]>;
  /** The times of its paths, to compare answers. */
  timesOf: (paths: Record<string, string[]>) => Uint32Array;
}

/** Both contenders on the same graph and the cheapest of parallel arcs. */
export function oneToAll(graph: RoadGraph): OneToAll {
  const { arcTimeMs, network, networkTimeMs } = buildMetric(graph, findProfile('plain'), { siren: false });
  const search = new DijkstraSearch({ network, networkTimeMs });
  const theirs = new DirectedGraph();
  const timeOfEdge = new Map<string, number>();
  for (let node = 0; node < graph.nNodes; node++) theirs.addNode(String(node));
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const [from, to] = [String(graph.tail[arc]), String(graph.head[arc])];
    const key = `${from} ${to}`;
    if (arcTimeMs[arc] >= (timeOfEdge.get(key) ?? Infinity)) continue;
    timeOfEdge.set(key, arcTimeMs[arc]);
    theirs.mergeEdge(from, to, { ms: arcTimeMs[arc] });
  }
  const step = Math.floor(graph.nNodes / 7);
  return {
    sources: [1, 2, 3, 4, 5].map((i) => i * step).filter((node) => graph.nodeMain[node] === 1),
    own(source) {
      search.start('out');
      search.seed(network.baseState[source], 0);
      search.settleAll(UNREACHED_MS - 1);
      return Uint32Array.from({ length: graph.nNodes }, (_, node) => search.timeOf(network.baseState[node]));
    },
    graphology: (source) => dijkstra.singleSource(theirs, String(source), 'ms'),
    timesOf(paths) {
      const times = new Uint32Array(graph.nNodes).fill(UNREACHED_MS);
      for (const [node, path] of Object.entries(paths)) {
        let time = 0;
        for (let i = 1; i < path.length; i++) time += timeOfEdge.get(`${path[i - 1]} ${path[i]}`)!;
        times[Number(node)] = time;
      }
      return times;
    },
  };
}
