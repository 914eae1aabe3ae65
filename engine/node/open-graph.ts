/** A GRAPH argument: a file made by `patrol135 import`, or any file of roads, which is then imported on the fly. */
import { buildRoadGraph } from '../graph/build.ts';
import { decodeRoadGraph, looksLikeGraphFile } from '../graph/graph-file.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { readRoads } from '../import/import.ts';
import type { ImportReport } from '../import/road-extract.ts';
import { LIMITS } from '../limits.ts';
import { readInputFile } from './files.ts';

export interface OpenedGraph {
  graph: RoadGraph;
  report: ImportReport;
}

/** @throws InputError when the file cannot be read or is neither */
export async function openGraph(path: string): Promise<OpenedGraph> {
  const bytes = await readInputFile(path, LIMITS.fileBytes);
  if (looksLikeGraphFile(bytes)) return await decodeRoadGraph(bytes, path);
  return await importRoads(path, bytes, { pedestrianStreets: false });
}

/** Reads roads in any format we know and builds their graph. */
export async function importRoads(
  path: string,
  bytes: Uint8Array,
  options: { pedestrianStreets: boolean },
): Promise<OpenedGraph> {
  const extract = await readRoads({ name: path, bytes }, options);
  return { graph: await buildRoadGraph(extract), report: extract.report };
}
