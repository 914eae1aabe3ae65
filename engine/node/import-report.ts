/** What an import read, kept, dropped and repaired, and the size of the graph it made, as people read it. */
import type { RoadGraph } from '../graph/road-graph.ts';
import type { ImportReport } from '../import/road-extract.ts';

export interface GraphSize {
  nodes: number;
  arcs: number;
  segments: number;
  /** Nodes of the main strongly connected part, which snapping uses. */
  mainNodes: number;
  lengthKm: number;
  restrictions: number;
  /** Restrictions that fit no arcs, or several. */
  restrictionsNotPlaced: number;
}

export function graphSize(graph: RoadGraph): GraphSize {
  let mainNodes = 0;
  for (let node = 0; node < graph.nNodes; node++) mainNodes += graph.nodeMain[node];
  let lengthMm = 0;
  for (let segment = 0; segment < graph.nSegments; segment++) lengthMm += graph.segmentLengthMm[segment];
  return {
    nodes: graph.nNodes,
    arcs: graph.nArcs,
    segments: graph.nSegments,
    mainNodes,
    lengthKm: Math.round(lengthMm / 1e6),
    restrictions: graph.restrictions.length,
    restrictionsNotPlaced: graph.restrictionsNotPlaced,
  };
}

/** The import report as people read it. */
export function importReportLines(report: ImportReport, size: GraphSize): string[] {
  const { read, roads, modes, controls, dropped, repaired } = report;
  const listed = (items: Readonly<Record<string, number>>): string =>
    Object.entries(items)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', ') || 'nothing';
  return [
    `Read:      ${read.nodes} nodes, ${read.ways} ways, ${read.relations} relations`,
    `Roads:     ${roads.keptWays} ways kept of ${roads.highwayWays} with a highway tag; ${roads.onewayWays} one-way, ${roads.restrictions} turn restrictions`,
    `Open to:   ${listed(modes)}`,
    `Junctions: ${listed(controls)}`,
    `Dropped:   ${listed(dropped)}`,
    `Repaired:  ${listed(repaired)}`,
    `Graph:     ${size.nodes} nodes, ${size.segments} segments, ${size.arcs} arcs, ${size.lengthKm} km of road, ${size.restrictions} turn restrictions (${size.restrictionsNotPlaced} not placed)`,
    `Connected: ${size.mainNodes} of ${size.nodes} nodes can reach each other; places are put on their roads`,
  ];
}
