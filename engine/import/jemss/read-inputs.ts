/** All files that a JEMSS simulation configuration names, read and checked; every problem is told at once. */
import { InputError } from '../../errors.ts';
import { Problems } from '../../scenario/problems.ts';
import { type ConfigElement, readConfig } from './config-xml.ts';
import { folderOf, type JemssDisk, JemssFolder, joined } from './folder.ts';
import { GENERATED_FILES, generateFiles } from './generate.ts';
import type { JemssCallGen, JemssInputs } from './inputs.ts';
import { readCallGen, readCalls } from './read-calls.ts';
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
import { JemssTables } from './tables.ts';

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

/** Dispatch and queueing functions of JEMSS that are carried over. */
const NEAREST = ['findNearestDispatchableAmb!', 'findNearestFreeAmbToCall!'];
const BY_PRIORITY = ['addCallToQueueSortPriorityThenTime!'];

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
  const folder = new JemssFolder(disk, configFile, jemssDir);
  return new Reading(folder, root).run();
}

class Reading {
  private readonly problems = new Problems();
  private readonly files: string[] = [];
  private readonly generated: string[] = [];
  private readonly remarks: string[] = [];
  private readonly folder: JemssFolder;
  private readonly root: ConfigElement;
  private inputDir = '';
  private readonly genConfigs = new Map<string, Promise<GenConfig | null>>();

  constructor(folder: JemssFolder, root: ConfigElement) {
    this.folder = folder;
    this.root = root;
    this.files.push(root.file);
  }

  async run(): Promise<JemssInputs> {
    const { folder, root, problems } = this;
    const simFiles = root.child('simFiles');
    if (simFiles === undefined) throw InputError.at(root.file, root.place, 'has no <simFiles>');
    if (root.textOf('resim') === 'true')
      this.remarks.push('<resim>: events of an earlier run are not followed');
    const inputPath = root.child('inputPath');
    this.inputDir = inputPath?.text
      ? await folder.resolve(inputPath.text, folder.configDir, root.file, inputPath.place)
      : folder.configDir;
    for (const { name, text } of simFiles.children) {
      if (!FILES_READ.has(name) && !FILES_PASSED_OVER.has(name))
        this.remarks.push(`the file <${name}> ${text}`);
    }

    const tables = async (name: string): Promise<JemssTables | undefined> => this.tablesOf(simFiles, name);
    const needed = async (name: string): Promise<JemssTables | undefined> => {
      if (simFiles.child(name) === undefined) problems.add(root.file, simFiles.place, `names no <${name}>`);
      return tables(name);
    };
    const of = <T>(source: JemssTables | undefined, read: (source: JemssTables) => T): T | undefined =>
      source && read(source);

    const map = of(await needed('map'), readMap);
    const nodes = of(await needed('nodes'), readNodes);
    const arcs = nodes && of(await needed('arcs'), (source) => readArcs(source, nodes.x.length, problems));
    const stations = of(await needed('stations'), readStations);
    const hospitals = of(await needed('hospitals'), readHospitals);
    const ambulances =
      stations && of(await needed('ambulances'), (source) => readAmbulances(source, stations.x.length));
    const priorities = of(await needed('priorities'), readPriorities);
    const travel = arcs && of(await needed('travel'), (source) => readTravel(source, arcs.timesDays.length));
    const redispatch = of(await tables('redispatch'), readRedispatch) ?? [];
    const mobilisationDelay = of(await tables('mobilisationDelay'), readMobilisation) ?? null;
    const stats = of(await tables('statsControl'), readStats) ?? null;
    const coverDays = of(await tables('demandCoverage'), readCoverTimes) ?? null;
    const calls = hospitals && (await this.callsOf(simFiles, hospitals.x.length));

    const decision = root.child('decision');
    const moveUp = readMoveUp(decision, (element, message) =>
      problems.add(element.file, element.place, message),
    );
    await this.readOrder(decision, moveUp, stations?.x.length ?? 0);
    this.checkFunction(decision, 'dispatch', NEAREST, 'the closest unit is sent');
    this.checkFunction(
      decision,
      'callQueueing',
      BY_PRIORITY,
      'calls wait by priority, then by the time they became ready',
    );

    problems.throwIfAny();
    if (
      !map ||
      !nodes ||
      !arcs ||
      !stations ||
      !hospitals ||
      !ambulances ||
      !priorities ||
      !travel ||
      !calls
    ) {
      throw InputError.at(root.file, '', 'could not be read'); // each of them has told why
    }
    const { files, generated, remarks } = this;
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
      files,
      generated,
      remarks,
    };
  }

  /** The tables of a file of <simFiles>; undefined where it is not named, or wrong. */
  private async tablesOf(simFiles: ConfigElement, name: string): Promise<JemssTables | undefined> {
    const element = simFiles.child(name);
    return (
      element &&
      this.read(element, this.inputDir, (file) => new JemssTables(file.name, file.bytes, this.problems))
    );
  }

  /** Opens a file that an element names; problems are gathered. */
  private async read<T>(
    element: ConfigElement,
    from: string,
    make: (file: { name: string; path: string; bytes: Uint8Array }) => T | Promise<T>,
  ): Promise<T | undefined> {
    return this.problems.gather(async () => {
      const path = await this.folder.resolve(element.text, from, element.file, element.place);
      const file = (await this.folder.find(path)) ?? (await this.generate(path));
      if (file === null) {
        throw InputError.at(element.file, element.place, `${path} is not there, nor in an archive beside it`);
      }
      if (!this.files.includes(file.name) && !this.generated.includes(file.name)) this.files.push(file.name);
      return make(file);
    });
  }

  private async callsOf(
    simFiles: ConfigElement,
    nHospitals: number,
  ): Promise<JemssInputs['calls'] | undefined> {
    const given = simFiles.child('calls');
    const config = simFiles.child('callGenConfig');
    if (config !== undefined) {
      if (given !== undefined) this.remarks.push('<calls>: beside <callGenConfig> they are passed over');
      const random = await this.read(config, this.inputDir, (file) =>
        readCallGen(
          readConfig(file.name, file.bytes, 'genConfig'),
          this.folder,
          folderOf(file.path),
          this.problems,
        ),
      );
      if (random?.raster) this.files.push(random.raster.name);
      return random && { random };
    }
    if (given === undefined) {
      this.problems.add(this.root.file, simFiles.place, 'names neither <callGenConfig> nor <calls>');
      return undefined;
    }
    const path = await this.folder.resolve(given.text, this.inputDir, given.file, given.place);
    if ((await this.folder.find(path)) === null) {
      const random = (await this.genConfigOf(folderOf(path)))?.callGen;
      if (random !== undefined) {
        this.generated.push(path);
        return { random };
      }
    }
    const file = await this.read(given, this.inputDir, ({ name, bytes }) =>
      readCalls(new JemssTables(name, bytes, this.problems), nHospitals),
    );
    return file && { file };
  }

  /** Makes a file that JEMSS's generator would have put there: where the folder above holds a gen_config.xml for it. */
  private async generate(path: string): Promise<{ name: string; path: string; bytes: Uint8Array } | null> {
    if ((await this.genConfigOf(folderOf(path))) === null) return null;
    return this.folder.find(path);
  }

  private genConfigOf(folder: string): Promise<GenConfig | null> {
    let config = this.genConfigs.get(folder);
    if (config === undefined) this.genConfigs.set(folder, (config = this.openGenConfig(folder)));
    return config;
  }

  private async openGenConfig(target: string): Promise<GenConfig | null> {
    const configDir = folderOf(target);
    const file = await this.folder.find(`${configDir}/gen_config.xml`);
    if (file === null) return null;
    const root = readConfig(file.name, file.bytes, 'genConfig');
    const written = root.child('outputPath');
    const output = await this.folder.resolve(written?.text ?? '', configDir, root.file, root.place);
    if (output !== target || root.textOf('mode') !== 'all') return null;
    this.files.push(file.name);
    const made = generateFiles(root, this.problems);
    const callGen = await readCallGen(root, this.folder, configDir, this.problems);
    for (const name of made === undefined ? [] : GENERATED_FILES) {
      const path = joined(target, root.child('simFiles')?.textOf(name) || `${name}.csv`);
      this.folder.make(path, new TextEncoder().encode(made![name]));
      this.generated.push(path);
    }
    return callGen === undefined ? {} : { callGen };
  }

  private async readOrder(
    decision: ConfigElement | undefined,
    moveUp: JemssInputs['moveUp'],
    nStations: number,
  ): Promise<void> {
    const own = { comp_table: 'compTable', priority_list: 'priorityList' }[moveUp.module];
    const file = own === undefined ? undefined : decision?.child('moveUp')?.child(own)?.child('filename');
    if (file === undefined) return;
    moveUp.order =
      (await this.read(file, this.inputDir, ({ name, bytes }) =>
        readStationOrder(new JemssTables(name, bytes, this.problems), nStations),
      )) ?? null;
  }

  private checkFunction(
    decision: ConfigElement | undefined,
    name: string,
    known: readonly string[],
    instead: string,
  ): void {
    const given = decision?.textOf(name) ?? '';
    if (given !== '' && !known.includes(given))
      this.remarks.push(`the function ${given} of <${name}>: ${instead}`);
  }
}

/** What can be made where a file of a generated city is missing. */
interface GenConfig {
  callGen?: JemssCallGen;
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
