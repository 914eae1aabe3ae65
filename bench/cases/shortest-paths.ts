/** graphology's Dijkstra from one source to all nodes: what the engine's own searches must leave far behind to be fair contenders. */
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { UNREACHED_MS } from '../../engine/units.ts';

interface OneToAll {
  sources: number[];
  /** What graphology gives: the path to each node it reaches. */
  graphology: (source: number) => Record<string, string[]>;
  /** The times of its paths in ms, UNREACHED_MS where there is no way. */
  timesOf: (paths: Record<string, string[]>) => Uint32Array;
}

/** On the roads of profile `plain`, of parallel arcs the cheapest. */
export function oneToAll(graph: RoadGraph): OneToAll {
  const { arcTimeMs } = buildMetric(graph, findProfile('plain'), { siren: false });
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
