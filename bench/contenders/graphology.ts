/** graphology's bidirectional Dijkstra, on the same states and arcs. */
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { Metric } from '../../engine/routing/metric.ts';
import { UNREACHED_MS, type Ms } from '../../engine/units.ts';
import { simpleArcs } from './arcs.ts';

interface GraphologyContender {
  /** The path from a state to another, as keys of nodes; null where there is none. */
  path: (from: number, to: number) => string[] | null;
  /** Time along a path. */
  timeMs: (path: string[] | null) => Ms;
}

export function graphologyContender(metric: Metric): GraphologyContender {
  const graph = new DirectedGraph<Record<string, never>, { ms: number }>();
  for (let state = 0; state < metric.network.nStates; state++) graph.addNode(String(state));
  for (const { from, to, ms } of simpleArcs(metric)) graph.addEdge(String(from), String(to), { ms });
  return {
    path: (from, to) => dijkstra.bidirectional(graph, String(from), String(to), 'ms'),
    timeMs(path) {
      if (path === null) return UNREACHED_MS;
      let timeMs = 0;
      for (let i = 1; i < path.length; i++) timeMs += graph.getEdgeAttribute(path[i - 1], path[i], 'ms');
      return timeMs;
    },
  };
}
