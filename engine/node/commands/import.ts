/** `patrol135 import`: roads in, graph file out, with an account of everything that was dropped or repaired. */
import { encodeRoadGraph } from '../../graph/graph-file.ts';
import type { RoadGraph } from '../../graph/road-graph.ts';
import type { ImportReport } from '../../import/road-extract.ts';
import { LIMITS } from '../../limits.ts';
import { readInputFile, refuseSameFile, writeFileWhole } from '../files.ts';
import { importRoads } from '../open-graph.ts';
import { type AddCommand, withCommonOptions } from './command.ts';

export const addImport: AddCommand = (program, { output }) => {
  const command = program
    .command('import')
    .summary('read roads and write a graph file')
    .description(
      'Reads roads (OSM PBF, OSM XML, Overpass JSON, GeoJSON lines; plain or gzip) and writes a graph file.',
    )
    .argument('<file>', 'roads')
    .requiredOption('--out <graph>', 'graph file to write')
    .option('--pedestrian-streets', 'open pedestrian streets to police cars, at walking pace', false);
  withCommonOptions(command, '$ patrol135 import city.osm.pbf --out city.graph').action(
    async (file: string, options: { out: string; pedestrianStreets: boolean }) => {
      await refuseSameFile(file, options.out);
      const bytes = await readInputFile(file, LIMITS.fileBytes);
      output.note(`reading ${file} (${(bytes.length / 1e6).toFixed(1)} MB)`);
      const { graph, report } = await importRoads(file, bytes, options);
      await writeFileWhole(options.out, await encodeRoadGraph(graph, report));
      const counts = graphCounts(graph);
      for (const line of reportLines(report, counts)) output.say(line);
      output.say(`Graph written to ${options.out}`);
      output.document({ graph: options.out, contentHash: graph.contentHash, ...counts, report });
    },
  );
};

interface GraphCounts {
  nodes: number;
  arcs: number;
  segments: number;
  /** Nodes of the main strongly connected part, which snapping uses. */
  mainNodes: number;
  lengthKm: number;
  restrictions: number;
}

function graphCounts(graph: RoadGraph): GraphCounts {
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
  };
}

/** The import report as people read it. */
export function reportLines(report: ImportReport, counts: GraphCounts): string[] {
  const { read, roads, dropped, repaired } = report;
  const listed = (items: Readonly<Record<string, number>>): string =>
    Object.entries(items)
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => `${reason} ${count}`)
      .join(', ') || 'nothing';
  return [
    `Read:      ${read.nodes} nodes, ${read.ways} ways, ${read.relations} relations`,
    `Roads:     ${roads.keptWays} ways kept of ${roads.highwayWays} with a highway tag; ${roads.onewayWays} one-way, ${roads.restrictions} turn restrictions`,
    `Dropped:   ${listed(dropped)}`,
    `Repaired:  ${listed(repaired)}`,
    `Graph:     ${counts.nodes} nodes, ${counts.segments} segments, ${counts.arcs} arcs, ${counts.lengthKm} km of road, ${counts.restrictions} turn restrictions`,
    `Connected: ${counts.mainNodes} of ${counts.nodes} nodes can reach each other; places are put on their roads`,
  ];
}
