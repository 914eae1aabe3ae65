/** A GRAPH argument: a file made by `patrol135 import`, or any file of roads, which is then imported on the fly. */
import type { RoadGraph } from '../graph/road-graph.ts';
import type { ImportReport } from '../import/road-extract.ts';
import { LIMITS } from '../limits.ts';
import { readRoadGraph } from '../graph/read-road-graph.ts';
import { sha256Hex } from '../hash.ts';
import { readInputFile } from './files.ts';

/** @throws InputError when the file cannot be read or is neither */
export async function openGraph(
  path: string,
): Promise<{ graph: RoadGraph; report: ImportReport; bytes: Uint8Array }> {
  const bytes = await readInputFile(path, LIMITS.fileBytes);
  const source = { name: path, sha256: await sha256Hex(bytes), bytes };
  return { ...(await readRoadGraph(source, { pedestrianStreets: false })), bytes };
}
