/** JEMSS's files of places and roads: nodes, arcs, map, stations, hospitals, ambulances. */
import type { Problems } from '../../scenario/problems.ts';
import type { JemssArcs, JemssMap, JemssNodes, JemssPlaces } from './inputs.ts';
import type { JemssTable, JemssTables } from './tables.ts';

/** Travel modes of a network: JEMSS's own folders have one to four. */
const MOST_MODES = 100;
/** Days that an arc may take, so that its time in ms stays a uint31. */
const MOST_ARC_DAYS = 24;
/** Kilometres of an arc, so that its length in mm stays a uint32. */
const MOST_ARC_KM = 4000;

export function readMap(tables: JemssTables): JemssMap | undefined {
  const table = tables.table('map');
  if (table === undefined) return undefined;
  const value = (column: string, from: number, to: number) => table.numbers(column, from, to)?.[0];
  const scale = (column: string) => table.positive(column, 1e6)?.[0];
  const [xMin, xMax] = [value('xMin', -180, 180), value('xMax', -180, 180)];
  const [yMin, yMax] = [value('yMin', -90, 90), value('yMax', -90, 90)];
  const [xScale, yScale] = [scale('xScale'), scale('yScale')];
  if (xMin === undefined || xMax === undefined || yMin === undefined || yMax === undefined) return undefined;
  if (xScale === undefined || yScale === undefined) return undefined;
  if (xMin >= xMax) table.refuse(0, 'xMax', `${xMax} is not above xMin, ${xMin}`);
  if (yMin >= yMax) table.refuse(0, 'yMax', `${yMax} is not above yMin, ${yMin}`);
  return { xMin, xMax, yMin, yMax, xScale, yScale };
}

export function readNodes(tables: JemssTables): JemssNodes | undefined {
  const table = tables.table('nodes');
  const places = table && readPlaces(table, []);
  if (table === undefined || places === undefined) return undefined;
  const access = table.hasColumn('offRoadAccess') ? table.switches('offRoadAccess') : undefined;
  const offRoadAccess = Uint8Array.from(places.x, (_, node) =>
    access === undefined || access[node] ? 1 : 0,
  );
  if (!offRoadAccess.includes(1))
    table.refuse(0, 'offRoadAccess', 'no node may be left for a place beside the road');
  return { ...places, offRoadAccess };
}

/** @param nNodes  rows of the nodes file, which arcs refer to by number */
export function readArcs(tables: JemssTables, nNodes: number, problems: Problems): JemssArcs | undefined {
  const before = problems.count;
  const misc = tables.table('miscData');
  const table = tables.table('arcs');
  const form = misc?.texts('arcForm')?.[0];
  const nModes = misc?.whole('numModes', 1, MOST_MODES)?.[0];
  if (misc !== undefined && form !== undefined && form !== 'directed' && form !== 'undirected') {
    misc.refuse(0, 'arcForm', `"${form}" is not allowed; allowed: directed, undirected`);
  }
  if (table === undefined || nModes === undefined || problems.count > before) return undefined;
  table.checkIndex();
  const from = table.whole('fromNode', 1, nNodes);
  const to = table.whole('toNode', 1, nNodes);
  const distanceKm = table.hasColumn('distance') ? table.numbers('distance', 0, MOST_ARC_KM) : null;
  const timesDays: Float64Array[] = [];
  for (let mode = 1; mode <= nModes; mode++) {
    const times = table.positive(`mode_${mode}`, MOST_ARC_DAYS);
    if (times !== undefined) timesDays.push(times);
  }
  if (from === undefined || to === undefined || distanceKm === undefined) return undefined;
  from.forEach((node, arc) => {
    if (node === to[arc])
      table.refuse(arc, 'toNode', `is ${node}, where the arc begins; an arc leads to another node`);
  });
  if (problems.count > before) return undefined;
  return {
    directed: form === 'directed',
    from: Uint32Array.from(from, (node) => node - 1),
    to: Uint32Array.from(to, (node) => node - 1),
    distanceKm,
    timesDays,
  };
}

export function readStations(tables: JemssTables): (JemssPlaces & { capacity: Float64Array }) | undefined {
  const table = tables.table('stations');
  const places = table && readPlaces(table, ['name', 'NAME', 'Name', 'address', 'note']);
  const capacity = table?.whole('capacity', 0, 1e6);
  return places && capacity && { ...places, capacity };
}

export function readHospitals(tables: JemssTables): JemssPlaces | undefined {
  const table = tables.table('hospitals');
  return table && readPlaces(table, ['name', 'Name', 'NAME']);
}

/** @returns row of its station for each ambulance */
export function readAmbulances(tables: JemssTables, nStations: number): Uint32Array | undefined {
  const table = tables.table('ambulances');
  table?.checkIndex();
  const station = table?.whole('stationIndex', 1, nStations);
  return station && Uint32Array.from(station, (number) => number - 1);
}

/** Rows with an index, x and y, and a name in the first of some columns that there is. */
function readPlaces(table: JemssTable, nameColumns: readonly string[]): JemssPlaces | undefined {
  table.checkIndex();
  const x = table.numbers('x', -180, 180);
  const y = table.numbers('y', -90, 90);
  const column = nameColumns.find((name) => table.hasColumn(name));
  const names = column === undefined ? undefined : table.texts(column);
  return x && y && { x, y, names: names ?? Array.from(x, () => '') };
}
