/**
 * `npm run bench [-- case… --graph porto|large --json]`: each question with its answer on this machine. Ratios compare
 * contenders of the same run, with their answers compared first; absolute times are information about this machine.
 */
import { Command, Option } from 'commander';
import { setFlagsFromString } from 'node:v8';
import { openRoads } from './open-roads.ts';
import type { OtherCase, RoadCase } from './road-case.ts';
import { browser } from './cases/browser.ts';
import { cold } from './cases/cold.ts';
import { importPorto } from './cases/import.ts';
import { kernels } from './cases/kernels.ts';
import { matrix } from './cases/matrix.ts';
import { nearest } from './cases/nearest.ts';
import { newWeights } from './cases/new-weights.ts';
import { oneRoadClosed } from './cases/one-road-closed.ts';
import { oneToMany } from './cases/one-to-many.ts';
import { oneToAll } from './cases/one-to-all.ts';
import { path } from './cases/path.ts';
import { pointToPoint } from './cases/point-to-point.ts';
import { reach } from './cases/reach.ts';
import { references } from './cases/references.ts';
import { replication } from './cases/replication.ts';
import { simulationMemory } from './cases/simulation-memory.ts';
import { simulationPatrol } from './cases/simulation-patrol.ts';
import { simulationPosts } from './cases/simulation-posts.ts';
import { simulationWorkers } from './cases/simulation-workers.ts';
import { start } from './cases/start.ts';
import { twoWorkers } from './cases/two-workers.ts';
import { viewer } from './cases/viewer.ts';
import { GRAPHS, hasPorto, PORTO, type GraphName } from './graphs.ts';
import { AnswersDiffer } from './measure.ts';
import { duration, skippedRow, type Row } from './report.ts';
import { machine, tableOf } from './table.ts';

const ROAD_CASES: readonly RoadCase[] = [
  references,
  pointToPoint,
  nearest,
  oneToMany,
  matrix,
  oneToAll,
  reach,
  newWeights,
  oneRoadClosed,
  path,
  kernels,
  twoWorkers,
  cold,
  browser,
];
const OTHER_CASES: readonly OtherCase[] = [
  importPorto,
  start,
  replication,
  simulationPosts,
  simulationPatrol,
  simulationWorkers,
  simulationMemory,
  viewer,
];
const NAMES = [...ROAD_CASES, ...OTHER_CASES].map(({ name }) => name);

interface Options {
  graph: GraphName;
  json?: true;
}

/** Other libraries hold the large graph in objects, some gigabytes of them. */
setFlagsFromString('--max-old-space-size=12000');

const command = new Command('bench')
  .description('measures the engine against its contenders')
  .argument('[case...]', `which questions, of ${NAMES.join(', ')}; all when none is named`)
  .addOption(new Option('--graph <name>', 'roads of the routing questions').choices(GRAPHS).default('porto'))
  .option('--json', 'rows as JSON on stdout')
  .action(async (asked: string[], { graph, json }: Options) => {
    const unknown = asked.filter((name) => !NAMES.includes(name));
    if (unknown.length > 0) command.error(`no case ${unknown.join(', ')}; there are ${NAMES.join(', ')}`);
    const wants = ({ name }: { name: string }): boolean => asked.length === 0 || asked.includes(name);
    const here = machine();
    console.error(`${here.cpu}, ${here.cores} cores, Node ${here.node}, ${here.date}, load ${here.load}`);
    const rows: Row[] = [];
    const answer = async (name: string, ask: () => Promise<Row[]> | Row[]): Promise<void> => {
      const from = performance.now();
      const more = await ask();
      rows.push(...more);
      console.error(`${name}: ${duration(performance.now() - from)}`);
    };
    let roadsTitle: string | null = null;
    const roadCases = ROAD_CASES.filter(wants);
    if (roadCases.length > 0 && !hasPorto()) {
      rows.push(...roadCases.map(({ name, about }) => skippedRow(name, about, `no ${PORTO}`)));
    } else if (roadCases.length > 0) {
      const roads = await openRoads(graph);
      roadsTitle = roads.title;
      console.error(`${roads.title}; profile ${roads.subject.metric.name}`);
      for (const one of roadCases) await answer(one.name, () => one.run(roads));
    }
    // made for Porto or for a city of their own
    for (const one of OTHER_CASES.filter(wants)) {
      if (graph === 'porto' || asked.includes(one.name)) await answer(one.name, one.run);
    }
    if (json === true) {
      console.log(JSON.stringify({ machine: here, roads: roadsTitle, rows }, null, 2));
      return;
    }
    console.log(tableOf(rows));
    const met = rows.filter((row) => row.met === true).length;
    const missed = rows
      .filter((row) => row.met === false)
      .map((row) => `${row.case}: ${row.job} (${row.goal})`);
    console.log(`${met} goals met, ${missed.length} not met`, missed);
  });

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof AnswersDiffer)) throw error;
  console.error(`Answers differ. ${error.message}`);
  process.exitCode = 1;
}
