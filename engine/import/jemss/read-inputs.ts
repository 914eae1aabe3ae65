/** All files that a JEMSS simulation configuration names, read and checked; every problem is told at once. */
import { InputError } from '../../errors.ts';
import { Problems } from '../../scenario/problems.ts';
import { ConfigReader } from './config-reader.ts';
import { type ConfigElement, readConfig } from './config-xml.ts';
import { type JemssDisk, JemssFolder } from './folder.ts';
import { InputFiles } from './input-files.ts';
import type { JemssInputs, JemssMoveUp } from './inputs.ts';
import { readCalls } from './read-calls.ts';
import { readAmbulances, readArcs, readHospitals, readMap, readNodes, readStations } from './read-city.ts';
import {
  readCoverTimes,
  readMobilisation,
  readMoveUp,
  readPriorities,
  readRedispatch,
  readStationOrder,
  readStats,
  readTravel,
} from './read-service.ts';
import type { JemssTables } from './tables.ts';

const FILES_READ = new Set([
  'ambulances',
  'arcs',
  'callGenConfig',
  'calls',
  'demandCoverage',
  'hospitals',
  'map',
  'mobilisationDelay',
  'nodes',
  'priorities',
  'redispatch',
  'stations',
  'statsControl',
  'travel',
]);
/** Files that change nothing: precomputed paths, and demand that only move-up modules look at. */
const FILES_PASSED_OVER = new Set(['path', 'rNetTravels', 'demand']);

/** Functions that JEMSS lets one choose: those that are carried over, and what happens instead of others. */
const FUNCTIONS: readonly { name: string; known: readonly string[]; instead: string }[] = [
  {
    name: 'dispatch',
    known: ['findNearestDispatchableAmb!', 'findNearestFreeAmbToCall!'],
    instead: 'the closest unit is sent',
  },
  {
    name: 'callQueueing',
    known: ['addCallToQueueSortPriorityThenTime!'],
    instead: 'calls wait by priority, then by the time they became ready',
  },
];

/**
 * @param configFile  path of the <simConfig>, with forward slashes
 * @param jemssDir  what `$jemssDir` stands for; found above the configuration where it is left out
 * @throws InputError with every problem of every file
 */
export async function readJemss(
  disk: JemssDisk,
  configFile: string,
  jemssDir?: string,
): Promise<JemssInputs> {
  const bytes = await disk.read(configFile);
  if (bytes === null) throw InputError.at(configFile, '', 'is not there');
  const root = readConfig(configFile, bytes, 'simConfig');
  const simFiles = root.child('simFiles');
  if (simFiles === undefined) throw InputError.at(root.file, root.place, 'has no <simFiles>');
  const folder = new JemssFolder(disk, configFile, jemssDir);
  const inputPath = root.child('inputPath');
  const inputDir = inputPath?.text
    ? await folder.resolve(inputPath.text, folder.configDir, root.file, inputPath.place)
    : folder.configDir;

  const problems = new Problems();
  const files = new InputFiles(folder, inputDir, problems);
  files.read.push(root.file);
  const remarks = remarksOn(root, simFiles);
  const wanted = async <T>(name: string, read: (tables: JemssTables) => T): Promise<T | undefined> => {
    const element = simFiles.child(name);
    return element && files.tables(element, read);
  };
  const needed = async <T>(name: string, read: (tables: JemssTables) => T): Promise<T | undefined> => {
    if (simFiles.child(name) === undefined) problems.add(root.file, simFiles.place, `names no <${name}>`);
    return wanted(name, read);
  };

  const map = await needed('map', readMap);
  const nodes = await needed('nodes', readNodes);
  const arcs = nodes && (await needed('arcs', (tables) => readArcs(tables, nodes.x.length, problems)));
  const stations = await needed('stations', readStations);
  const hospitals = await needed('hospitals', readHospitals);
  const ambulances =
    stations && (await needed('ambulances', (tables) => readAmbulances(tables, stations.x.length)));
  const priorities = await needed('priorities', readPriorities);
  const travel = arcs && (await needed('travel', (tables) => readTravel(tables, arcs.timesDays.length)));
  const redispatch = (await wanted('redispatch', readRedispatch)) ?? [];
  const mobilisationDelay = (await wanted('mobilisationDelay', readMobilisation)) ?? null;
  const stats = (await wanted('statsControl', readStats)) ?? null;
  const coverDays = (await wanted('demandCoverage', readCoverTimes)) ?? null;
  const calls = hospitals && (await callsOf(simFiles, files, hospitals.x.length, { problems, remarks }));

  const decision = root.child('decision');
  const moveUp = readMoveUp(decision, new ConfigReader(problems));
  moveUp.order = await stationOrder(decision, moveUp, files, stations?.x.length ?? 0);
  remarks.push(...remarksOnFunctions(decision));

  problems.throwIfAny();
  if (!map || !nodes || !arcs || !stations || !hospitals || !ambulances || !priorities || !travel || !calls) {
    throw InputError.at(root.file, '', 'could not be read'); // each of them has told why
  }
  return {
    name: nameOf(root.file),
    configName: root.file,
    map,
    nodes,
    arcs,
    stations,
    hospitals,
    ambulances,
    priorities,
    travel,
    redispatch,
    mobilisationDelay,
    calls,
    stats,
    coverDays,
    moveUp,
    files: files.read,
    generated: files.generated,
    remarks,
  };
}

/** What the configuration asks for and nothing is made of. */
function remarksOn(root: ConfigElement, simFiles: ConfigElement): string[] {
  const remarks: string[] = [];
  if (root.textOf('resim') === 'true') remarks.push('<resim>: events of an earlier run are not followed');
  for (const { name, text } of simFiles.children) {
    if (!FILES_READ.has(name) && !FILES_PASSED_OVER.has(name)) remarks.push(`the file <${name}> ${text}`);
  }
  return remarks;
}

function remarksOnFunctions(decision: ConfigElement | undefined): string[] {
  return FUNCTIONS.flatMap(({ name, known, instead }) => {
    const given = decision?.textOf(name) ?? '';
    return given === '' || known.includes(given) ? [] : [`the function ${given} of <${name}>: ${instead}`];
  });
}

/** Calls as <callGenConfig> draws them, or the file of <calls>, or what the generator would have drawn it from. */
async function callsOf(
  simFiles: ConfigElement,
  files: InputFiles,
  nHospitals: number,
  { problems, remarks }: { problems: Problems; remarks: string[] },
): Promise<JemssInputs['calls'] | undefined> {
  const given = simFiles.child('calls');
  const config = simFiles.child('callGenConfig');
  if (config !== undefined) {
    if (given !== undefined) remarks.push('<calls>: beside <callGenConfig> they are passed over');
    const random = await files.callGen(config);
    return random && { random };
  }
  if (given === undefined) {
    problems.add(simFiles.file, simFiles.place, 'names neither <callGenConfig> nor <calls>');
    return undefined;
  }
  const random = await files.callGenInsteadOf(given);
  if (random !== undefined) return { random };
  const file = await files.tables(given, (tables) => readCalls(tables, nHospitals));
  return file && { file };
}

/** The order of stations that a move-up module reads from a file of its own; null for other modules. */
async function stationOrder(
  decision: ConfigElement | undefined,
  { module }: JemssMoveUp,
  files: InputFiles,
  nStations: number,
): Promise<number[] | null> {
  const own = { comp_table: 'compTable', priority_list: 'priorityList' }[module];
  const element = own === undefined ? undefined : decision?.child('moveUp')?.child(own)?.child('filename');
  if (element === undefined) return null;
  return (await files.tables(element, (tables) => readStationOrder(tables, nStations))) ?? null;
}

/** `auckland-1-reps` of `…/cities/auckland/1/reps/input/sim_config.xml`: up to four folders above, without the plain ones. */
function nameOf(configFile: string): string {
  const steps = configFile.split('/').slice(0, -1);
  const base = configFile
    .split('/')
    .at(-1)!
    .replace(/\.xml$/i, '')
    .replace(/^sim_config_?/, '');
  const from = steps.lastIndexOf('cities') + 1;
  const own = (from > 0 ? steps.slice(from) : steps.slice(-1)).filter(
    (step) => !['input', 'sim_configs', '.', '..', ''].includes(step),
  );
  return [...own.slice(-4), base].filter((step) => step !== '').join('-') || 'jemss';
}
