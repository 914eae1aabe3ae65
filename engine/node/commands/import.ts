/** `patrol135 import`: roads in, graph file out, with an account of everything that was dropped or repaired. */
import { InvalidArgumentError } from 'commander';
import { nearestName } from '../../errors.ts';
import { buildRoadGraph } from '../../graph/build.ts';
import { encodeRoadGraph } from '../../graph/graph-file.ts';
import { readRoads } from '../../import/import.ts';
import { TRAVEL_MODES, type TravelMode } from '../../import/road-extract.ts';
import { LIMITS } from '../../limits.ts';
import { readInputFile, refuseSameFile, writeFileWhole } from '../files.ts';
import { graphSize, importReportLines } from '../import-report.ts';
import { orderFileOf, writeOrders } from '../order-cache.ts';
import { type AddCommand, withCommonOptions } from './command.ts';

interface ImportOptions {
  out: string;
  modes: TravelMode[];
  pedestrianStreets: boolean;
}

export const addImport: AddCommand = (program, { output }) => {
  const command = program
    .command('import')
    .summary('read roads and write a graph file')
    .description(
      'Reads roads (OSM PBF, OSM XML, Overpass JSON, GeoJSON lines; plain or gzip) and writes a graph file, and beside it (<graph>.order) the contraction orders that make routing on it fast.',
    )
    .argument('<file>', 'roads')
    .requiredOption('--out <graph>', 'graph file to write')
    .option(
      '--modes <list>',
      `whom to read roads for: ${TRAVEL_MODES.join(', ')}; ways open to any of them are kept`,
      readModes,
      ['car'],
    )
    .option(
      '--pedestrian-streets',
      'open pedestrian streets to police cars and motorcycles, at walking pace',
      false,
    );
  withCommonOptions(command, '$ patrol135 import city.osm.pbf --out city.graph').action(
    async (file: string, options: ImportOptions) => {
      await refuseSameFile(file, options.out);
      await refuseSameFile(file, orderFileOf(options.out));
      const bytes = await readInputFile(file, LIMITS.fileBytes);
      output.note(`reading ${file} (${(bytes.length / 1e6).toFixed(1)} MB)`);
      const { modes, pedestrianStreets } = options;
      const extract = await readRoads({ name: file, bytes }, { modes, pedestrianStreets });
      const { report } = extract;
      const graph = await buildRoadGraph(extract);
      await writeFileWhole(options.out, await encodeRoadGraph(graph, report));
      await writeOrders(options.out, graph, output);
      const size = graphSize(graph);
      for (const line of importReportLines(report, size)) output.say(line);
      output.say(`Graph written to ${options.out}, its contraction orders to ${orderFileOf(options.out)}`);
      output.document({
        graph: options.out,
        orders: orderFileOf(options.out),
        contentHash: graph.contentHash,
        ...size,
        report,
      });
    },
  );
};

/** `car,foot`: modes of travel, each once. */
function readModes(text: string): TravelMode[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name, i) => {
    const mode = TRAVEL_MODES.find((known) => known === name);
    if (mode === undefined) {
      const near = nearestName(name, TRAVEL_MODES);
      const hint = near === undefined ? `allowed are ${TRAVEL_MODES.join(', ')}` : `did you mean "${near}"?`;
      throw new InvalidArgumentError(`"${name}" is not a mode of travel (${hint})`);
    }
    if (names.indexOf(name) !== i) throw new InvalidArgumentError(`"${name}" is there twice.`);
    return mode;
  });
}
