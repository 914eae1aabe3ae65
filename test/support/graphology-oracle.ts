/**
 * Travel times by another program: the exported tables, as text, into a graphology graph, and its single-source
 * Dijkstra. Nothing of the engine takes part, so whatever export, import or routing gets wrong shows as a difference.
 */
import { csvParse } from 'd3-dsv';
import { DirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';

export interface ExportedNode {
  node: string;
  /** Degrees, as written. */
  lon: string;
  lat: string;
}

export interface ExportedNetwork {
  /** Rows of nodes.csv. */
  nodes: ExportedNode[];
  /** One arc for each ordered pair of nodes: the cheapest of parallel arcs. */
  graph: DirectedGraph<object, { timeMs: number }>;
  /** Rows of arcs.csv, and how many of them a cheaper or equal parallel arc replaced. */
  nArcs: number;
  nParallel: number;
}

/** @throws Error when a row is not what the head promises, or an arc ends at a node that is not in nodes.csv */
export function readExportedNetwork(nodesCsv: string, arcsCsv: string): ExportedNetwork {
  const graph = new DirectedGraph<object, { timeMs: number }>();
  const nodes = csvParse(nodesCsv).map(({ node, lon, lat }): ExportedNode => {
    if (!/^-?\d+\.\d{7}$/.test(lon) || !/^-?\d+\.\d{7}$/.test(lat)) {
      throw new Error(`node ${node} lies at ${lon}, ${lat}: not degrees with seven decimals`);
    }
    graph.addNode(node);
    return { node, lon, lat };
  });
  let nParallel = 0;
  const arcs = csvParse(arcsCsv);
  for (const { arc, from, to, timeMs: text } of arcs) {
    if (!/^\d+$/.test(text)) throw new Error(`arc ${arc} takes "${text}" ms`);
    const timeMs = Number(text);
    const twin = graph.edge(from, to);
    if (twin === undefined) {
      graph.addEdge(from, to, { timeMs });
    } else {
      nParallel++;
      graph.updateEdgeAttribute(twin, 'timeMs', (before = Infinity) => Math.min(before, timeMs));
    }
  }
  return { nodes, graph, nArcs: arcs.length, nParallel };
}

/** Milliseconds from a source to each target along graphology's shortest paths; '' where it finds none. */
export function graphologyTimesMs(
  { graph }: ExportedNetwork,
  source: string,
  targets: readonly string[],
): (number | '')[] {
  const paths = dijkstra.singleSource(graph, source, 'timeMs');
  return targets.map((target) => {
    if (!Object.hasOwn(paths, target)) return '';
    const path = paths[target];
    let timeMs = 0;
    for (let i = 1; i < path.length; i++) timeMs += graph.getEdgeAttribute(path[i - 1], path[i], 'timeMs');
    return timeMs;
  });
}
