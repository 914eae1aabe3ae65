/** Roads from any file that may hold them: map extracts, which become a graph, and graph files. */
import { InputError } from '../errors.ts';
import { readRoads } from '../import/import.ts';
import { type ImportReport, modeBit, modesOf, type TravelMode } from '../import/road-extract.ts';
import type { RoadFormat } from '../import/road-importer.ts';
import type { SourceFile } from '../scenario/scenario.ts';
import { buildRoadGraph } from './build.ts';
import { decodeRoadGraph, looksLikeGraphFile } from './graph-file.ts';
import type { RoadGraph } from './road-graph.ts';

/** @throws InputError where the file cannot be read, or is a graph file that was made with other options */
export async function readRoadGraph(
  source: SourceFile,
  options: {
    format?: string | undefined;
    pedestrianStreets: boolean;
    modes?: readonly TravelMode[] | undefined;
  },
): Promise<{ graph: RoadGraph; report: ImportReport }> {
  if (options.format === 'graph' || (options.format === undefined && looksLikeGraphFile(source.bytes))) {
    if (options.pedestrianStreets) {
      const message =
        'is a graph file, for which pedestrianStreets was decided when it was imported; import the roads again with it, and leave it out here';
      throw InputError.at(source.name, '', message);
    }
    const decoded = await decodeRoadGraph(source.bytes, source.name);
    const missing = (options.modes ?? []).filter((mode) => (decoded.graph.modes & modeBit(mode)) === 0);
    if (missing.length > 0) {
      const read = modesOf(decoded.graph.modes);
      const message = `is a graph file of roads read for ${read.join(', ')}, not for ${missing.join(', ')}; import the roads again with --modes ${[...read, ...missing].join(',')}`;
      throw InputError.at(source.name, '', message);
    }
    return decoded;
  }
  const { format, pedestrianStreets, modes } = options;
  const extract = await readRoads(source, {
    ...(format === undefined ? {} : { format: format as RoadFormat }),
    pedestrianStreets,
    modes,
  });
  return { graph: await buildRoadGraph(extract), report: extract.report };
}
