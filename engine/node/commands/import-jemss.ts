/** `patrol135 import-jemss`: the input files of a JEMSS simulation in, a scenario folder out, with an account of what is different. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { buildRoadGraph } from '../../graph/build.ts';
import { encodeRoadGraph } from '../../graph/graph-file.ts';
import {
  importJemss,
  type JemssDisk,
  type JemssImport,
  SCENARIO_FILES,
} from '../../import/jemss/import-jemss.ts';
import { LIMITS } from '../../limits.ts';
import { asFileError, errorCode, readInputFile, statOrNull, NODE_FILES, writeFileWhole } from '../files.ts';
import { type GraphSize, graphSize } from '../import-report.ts';
import { writeOrders } from '../order-cache.ts';
import { type AddCommand, wholeNumber, withCommonOptions } from './command.ts';

interface ImportJemssOptions {
  out: string;
  jemssDir?: string;
  places: number;
}

const MOST_PLACES = 200_000;

export const addImportJemss: AddCommand = (program, { output }) => {
  const command = program
    .command('import-jemss')
    .summary('read the input files of a JEMSS simulation into a scenario folder')
    .description(
      'Reads the sim_config.xml of a JEMSS simulation and every file that it names (packed in a zip archive beside it or not), and writes a scenario folder: scenario.json, the road graph with the travel times of every mode, the places of calls, and import-report.txt, which says what is carried over, what is different and what is left out.',
    )
    .argument('<config>', 'sim_config.xml')
    .requiredOption('--out <dir>', 'scenario folder to write')
    .option('--jemss-dir <dir>', 'what $jemssDir stands for; by default the nearest folder above that fits')
    .option(
      '--places <count>',
      'places that random calls come from, a systematic sample of the raster',
      wholeNumber(1, MOST_PLACES),
      10_000,
    );
  withCommonOptions(
    command,
    '$ patrol135 import-jemss JEMSS/example/cities/auckland/1/reps/input/sim_config.xml --out auckland',
  ).action(async (config: string, { out, jemssDir, places }: ImportJemssOptions) => {
    await refuseForeignFolder(out);
    if ((await statOrNull(config))?.isDirectory() === true) {
      const message = 'is a folder; expected is the sim_config.xml of a simulation, a file in it or below it';
      throw InputError.at(config, '', message);
    }
    output.note(`reading ${config}`);
    const made = await importJemss(NODE_DISK, posix(config), {
      jemssDir: jemssDir === undefined ? undefined : posix(jemssDir),
      places,
    });
    const graph = await buildRoadGraph(made.roads.extract);
    const graphFile = join(out, SCENARIO_FILES.roads);
    await writeFileWhole(graphFile, await encodeRoadGraph(graph, made.roads.extract.report));
    await writeOrders(graphFile, graph, output);
    for (const [name, content] of made.files) await writeFileWhole(join(out, name), content);
    const size = graphSize(graph);
    const lines = reportLines(made, size);
    await writeFileWhole(join(out, SCENARIO_FILES.report), `${lines.join('\n')}\n`);
    // last, so that a folder with a scenario.json is whole
    await writeFileWhole(join(out, SCENARIO_FILES.scenario), `${JSON.stringify(made.scenario, null, 2)}\n`);
    for (const line of lines) output.say(line);
    output.say(`Scenario written to ${out}`);
    const { account, inputs } = made;
    output.document({
      scenario: join(out, SCENARIO_FILES.scenario),
      files: inputs.files,
      ...account,
      graph: size,
    });
  });
};

/** The account as people read it. */
function reportLines({ inputs, account }: JemssImport, size: GraphSize): string[] {
  const section = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `- ${item}`)];
  return [
    `${inputs.name}: a scenario made from the input of a JEMSS simulation`,
    ...section('Read', inputs.files),
    ...section('Carried over', account.carried),
    ...section('Different from JEMSS', account.different),
    ...section('Left out', account.leftOut),
    '',
    `Roads: ${size.nodes} nodes, ${size.segments} segments, ${size.arcs} arcs, ${size.lengthKm} km; ${size.mainNodes} nodes can reach each other`,
  ];
}

const NODE_DISK: JemssDisk = {
  read: async (path) => {
    const found = await statOrNull(path, NODE_FILES);
    return found === null || found.isDirectory() ? null : readInputFile(path, LIMITS.textBytes);
  },
  list: async (folder) => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
      throw asFileError(folder, 'read', error);
    }
  },
};

/** Refuses a folder that holds anything but an earlier import. */
async function refuseForeignFolder(out: string): Promise<void> {
  const ours: readonly string[] = [...Object.values(SCENARIO_FILES), `${SCENARIO_FILES.roads}.order`];
  const foreign = (await NODE_DISK.list(out)).filter((name) => !ours.includes(name)).sort();
  if (foreign.length === 0) return;
  const few = foreign.slice(0, 3).join(', ');
  throw InputError.at('--out', '', `"${out}" holds more than an import of ours: ${few}; name another folder`);
}

const posix = (path: string): string => path.replaceAll('\\', '/');
