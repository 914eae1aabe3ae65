/** Calls: how JEMSS draws them (the <sim> of a generation config), and files of calls drawn already. */
import { InputError } from '../../errors.ts';
import type { Problems } from '../../scenario/problems.ts';
import { ConfigReader } from './config-reader.ts';
import type { ConfigElement } from './config-xml.ts';
import type { JemssFolder } from './folder.ts';
import { type Grid, readGrid } from './grid.ts';
import { type JemssCallGen, type JemssCalls, type JemssMap, PRIORITIES } from './inputs.ts';
import { parseBernoulli, parseCategorical, parseInterarrival, parseLaw } from './laws.ts';
import type { JemssTables } from './tables.ts';

/** @param root  <genConfig> */
export async function readCallGen(
  root: ConfigElement,
  folder: JemssFolder,
  configDir: string,
  problems: Problems,
): Promise<JemssCallGen | undefined> {
  const reader = new ConfigReader(problems);
  const sim = root.child('sim');
  const laws = sim?.child('callDistributions');
  if (sim === undefined || laws === undefined) {
    reader.refuse(root, 'has no <sim> with <callDistributions>');
    return undefined;
  }
  const meanInterarrivalDays = reader.read(laws, 'interarrivalTime', parseInterarrival);
  const shares = reader.read(laws, 'priority', parseCategorical);
  if (shares !== undefined && shares.length > PRIORITIES.length) {
    reader.refuse(
      laws.child('priority')!,
      `names ${shares.length} priorities; JEMSS knows ${PRIORITIES.length}`,
    );
  }
  const dispatchDelay = reader.read(laws, 'dispatchDelay', parseLaw);
  const onScene = reader.read(laws, 'onSceneDuration', parseLaw);
  const older = (name: string, old: string): string =>
    laws.child(name) === undefined && laws.child(old) ? old : name;
  const transportShare = reader.read(laws, older('transport', 'transfer'), parseBernoulli);
  const handover = reader.read(laws, older('handoverDuration', 'transferDuration'), parseLaw);
  const startDay = reader.number(sim, 'startTime', 0, 1e6, 0);
  const files = reader.number(root, 'numCallsFiles', 1, 10_000, 1);
  const until = readUntil(sim, reader);
  const raster = await readRaster(sim, folder, configDir, reader, problems);
  if (meanInterarrivalDays === undefined || shares === undefined || dispatchDelay === undefined)
    return undefined;
  if (onScene === undefined || transportShare === undefined || handover === undefined) return undefined;
  if (startDay === undefined || files === undefined || until === undefined || raster === undefined)
    return undefined;
  return {
    meanInterarrivalDays,
    shares,
    dispatchDelay,
    onScene,
    transportShare,
    handover,
    raster,
    files,
    startDay,
    until,
  };
}

function readUntil(sim: ConfigElement, reader: ConfigReader): JemssCallGen['until'] | undefined {
  const names = ['minLastCallArrivalTime', 'maxCallArrivalTime', 'numCalls'];
  const given = names.find((name) => sim.child(name) !== undefined);
  if (given === undefined) {
    reader.refuse(
      sim,
      `says not when calls end: one of ${names.map((name) => `<${name}>`).join(', ')} is needed`,
    );
    return undefined;
  }
  const value = reader.number(sim, given, 0, 1e7);
  if (value === undefined) return undefined;
  return given === 'numCalls' ? { calls: value } : { day: value };
}

/** The density of calls; null where there is none, undefined where it is wrong. */
async function readRaster(
  sim: ConfigElement,
  folder: JemssFolder,
  configDir: string,
  reader: ConfigReader,
  problems: Problems,
): Promise<JemssCallGen['raster'] | undefined> {
  const element = sim.child('callDensityRaster');
  const written = element?.textOf('filename') ?? '';
  if (element === undefined || written === '') return null;
  const name = element.child('filename')!;
  const file = await problems.gather(async () => {
    const path = await folder.resolve(written, configDir, name.file, name.place);
    const found = await folder.find(path);
    if (found === null)
      throw InputError.at(name.file, name.place, `${path} is not there, nor in an archive beside it`);
    return found;
  });
  const grid = file && (await problems.gather(() => readGrid(file.name, file.bytes)));
  if (file === undefined || grid === undefined) return undefined;
  if (element.textOf('cropRaster') !== 'true') return { name: file.name, grid };
  const map = sim.child('map');
  const edges = map && ['xMin', 'xMax', 'yMin', 'yMax'].map((edge) => reader.number(map, edge, -180, 180));
  if (edges === undefined || edges.includes(undefined)) {
    reader.refuse(element, 'is to be cropped, but there is no <map> to crop it to');
    return undefined;
  }
  const [xMin, xMax, yMin, yMax] = edges as number[];
  const cropped = cropGrid(grid, { xMin, xMax, yMin, yMax });
  if (!cropped.weight.some((weight) => weight > 0)) {
    reader.refuse(element, 'has no weight inside the <map>');
    return undefined;
  }
  return { name: file.name, grid: cropped };
}

/** The grid without the cells that do not lie in the map as a whole: their weight is 0. */
function cropGrid(
  grid: Grid,
  { xMin, xMax, yMin, yMax }: Pick<JemssMap, 'xMin' | 'xMax' | 'yMin' | 'yMax'>,
): Grid {
  const { nX, x, y, dx, dy } = grid;
  const weight = grid.weight.map((value, cell) => {
    const west = x + ((cell % nX) - 0.5) * dx;
    const south = y + (Math.floor(cell / nX) - 0.5) * dy;
    const inside = west >= xMin && west + dx <= xMax && south >= yMin && south + dy <= yMax;
    return inside ? value : 0;
  });
  return { ...grid, weight };
}

/** @param nHospitals  rows of the hospitals file */
export function readCalls(tables: JemssTables, nHospitals: number): JemssCalls | undefined {
  const startDay = tables.table('miscData')?.numbers('startTime', 0, 1e6)?.[0];
  const table = tables.table('calls');
  if (table === undefined || startDay === undefined) return undefined;
  table.checkIndex();
  const older = (name: string, old: string): string =>
    !table.hasColumn(name) && table.hasColumn(old) ? old : name;
  const priority = table.whole('priority', 1, PRIORITIES.length);
  const x = table.numbers('x', -180, 180);
  const y = table.numbers('y', -90, 90);
  const arrivalDays = table.numbers('arrivalTime', startDay, 1e6);
  const dispatchDelayDays = table.numbers('dispatchDelay', 0, 366);
  const onSceneDays = table.numbers('onSceneDuration', 0, 366);
  const transport = table.switches(older('transport', 'transfer'));
  const handoverDays = table.numbers(older('handoverDuration', 'transferDuration'), 0, 366);
  const hospital = table.whole('hospitalIndex', -1, nHospitals);
  if (priority === undefined || x === undefined || y === undefined || arrivalDays === undefined)
    return undefined;
  if (dispatchDelayDays === undefined || onSceneDays === undefined || transport === undefined)
    return undefined;
  if (handoverDays === undefined || hospital === undefined) return undefined;
  arrivalDays.forEach((day, row) => {
    if (row > 0 && day < arrivalDays[row - 1])
      table.refuse(row, 'arrivalTime', 'lies before that of the call above it');
  });
  const fileName = tables.file;
  return {
    fileName,
    startDay,
    priority,
    x,
    y,
    arrivalDays,
    dispatchDelayDays,
    onSceneDays,
    transport,
    handoverDays,
    hospital,
  };
}
