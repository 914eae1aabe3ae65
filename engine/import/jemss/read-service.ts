/** JEMSS's files on how the service works: priorities, travel, redispatch, mobilisation, statistics, move-up. */
import { notAName } from '../../scenario/problems.ts';
import type { ConfigReader } from './config-reader.ts';
import type { ConfigElement } from './config-xml.ts';
import {
  type JemssMoveUp,
  type JemssPriority,
  type JemssStats,
  type JemssTravel,
  PRIORITIES,
} from './inputs.ts';
import { type LawJson, parseLaw } from './laws.ts';
import type { JemssTable, JemssTables } from './tables.ts';
import { parseNumber, ValueError } from './values.ts';

/** A response or a cover time may be so long: a month says nothing any more. */
const MOST_DAYS = 31;

export function readPriorities(tables: JemssTables): JemssPriority[] | undefined {
  const table = tables.table('priorities');
  if (table === undefined) return undefined;
  table.checkIndex('priority');
  const names = table.texts('name');
  // the older name of the column is still in use
  const target = table.hasColumn('targetResponseTime') ? 'targetResponseTime' : 'targetResponseDuration';
  const targets = table.positive(target, MOST_DAYS);
  const own = 'responseTravelPriority';
  const travelsAs = table.hasColumn(own) ? priorityRows(table, own) : undefined;
  if (names === undefined || targets === undefined) return undefined;
  return Array.from(targets, (targetDays, row) => {
    const name = PRIORITIES[row];
    if (names[row] !== name) {
      const expected =
        name === undefined ? `JEMSS knows ${PRIORITIES.length} priorities` : `number ${row + 1} is ${name}`;
      table.refuse(row, 'name', `"${names[row]}" is not allowed; ${expected}`);
    }
    return { name, targetDays, travelsAs: travelsAs?.[row] ?? row };
  });
}

/** @param nModes  travel modes of the arcs */
export function readTravel(tables: JemssTables, nModes: number): JemssTravel | undefined {
  const modes = tables.table('travelModes');
  const sets = tables.table('travelSets');
  const timing = tables.table('travelSetsTiming');
  modes?.checkIndex('travelModeIndex');
  const offRoadSpeed = modes?.positive('offRoadSpeed', 1e6);
  if (modes !== undefined && modes.nRows !== nModes) {
    modes.refuse(
      modes.nRows - 1,
      'travelModeIndex',
      `is the last of ${modes.nRows} travel modes, but the arcs have ${nModes}`,
    );
  }
  const set = sets?.whole('travelSetIndex', 1, 1e6);
  const priority = sets && priorityRows(sets, 'priority');
  const mode = sets?.whole('travelModeIndex', 1, nModes);
  const startDay = timing?.numbers('startTime', 0, 1e9);
  const inForce = timing?.whole('travelSetIndex', 1, 1e6);
  if (sets === undefined || set === undefined || priority === undefined || mode === undefined)
    return undefined;
  if (timing === undefined || startDay === undefined || inForce === undefined) return undefined;
  if (offRoadSpeed === undefined) return undefined;
  const modeOf: number[][] = [];
  set.forEach((number, row) => {
    const ofSet = (modeOf[number - 1] ??= []);
    if (priority[row] < 0) return;
    if (ofSet[priority[row]] !== undefined)
      sets.refuse(row, 'priority', `is there twice in travel set ${number}`);
    ofSet[priority[row]] = mode[row] - 1;
  });
  for (let ix = 0; ix < modeOf.length; ix++) {
    const missing = PRIORITIES.find((_, row) => modeOf[ix]?.[row] === undefined);
    if (missing !== undefined)
      sets.refuse(0, 'travelSetIndex', `no travel mode is given for ${missing} in set ${ix + 1}`);
  }
  inForce.forEach((number, row) => {
    if (modeOf.at(number - 1) === undefined) {
      timing.refuse(row, 'travelSetIndex', `${number} is not a travel set; there are ${modeOf.length}`);
    }
    if (row > 0 && !(startDay[row] > startDay[row - 1]))
      timing.refuse(row, 'startTime', 'does not lie behind the one before');
  });
  return {
    offRoadSpeed: [...offRoadSpeed],
    sets: modeOf,
    timing: Array.from(startDay, (day, row) => ({ startDay: day, set: inForce[row] - 1 })),
  };
}

/** Pairs between which an ambulance may change; none where redispatch is off. */
export function readRedispatch(tables: JemssTables): { from: number; to: number }[] | undefined {
  const misc = tables.table('miscData');
  const table = tables.table('redispatchConditions');
  const allowed = misc?.switches('allowRedispatch')?.[0];
  const from = table && priorityRows(table, 'fromCallPriority');
  const to = table && priorityRows(table, 'toCallPriority');
  const each = table?.switches('allowRedispatch');
  if (
    table === undefined ||
    allowed === undefined ||
    from === undefined ||
    to === undefined ||
    each === undefined
  ) {
    return undefined;
  }
  const pairs = from
    .map((row, i) => ({ from: row, to: to[i], yes: each[i], i }))
    .filter(({ yes }) => yes && allowed);
  for (const { from: less, to: more, i } of pairs) {
    if (less === more)
      table.refuse(i, 'toCallPriority', 'is the priority of the call that loses the ambulance');
  }
  return pairs.map(({ from: less, to: more }) => ({ from: less, to: more }));
}

/** Null where it is not used. */
export function readMobilisation(tables: JemssTables): LawJson | null | undefined {
  const table = tables.table('mobilisationDelay');
  const use = table?.switches('use')?.[0];
  const law = table?.texts('distribution')?.[0];
  if (table === undefined || use === undefined || law === undefined) return undefined;
  if (!use) return null;
  try {
    return parseLaw(law);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    table.refuse(0, 'distribution', `"${law}" ${error.message}`);
    return undefined;
  }
}

export function readStats(tables: JemssTables): JemssStats | undefined {
  const table = tables.table('params');
  const warmUpDays = table?.numbers('warmUpDuration', 0, 366)?.[0];
  const periodDays = table?.lists('periodDurations')?.[0];
  const cycles = table?.switches('doCyclePeriodDurations')?.[0];
  if (table === undefined || warmUpDays === undefined || periodDays === undefined || cycles === undefined)
    return undefined;
  if (periodDays.length === 0 || periodDays.some((days) => !(days > 0))) {
    table.refuse(0, 'periodDurations', 'names no periods longer than 0 days');
    return undefined;
  }
  return { warmUpDays, periodDays, cycles };
}

/** Longest covering drive in days, by priority. */
export function readCoverTimes(tables: JemssTables): number[] | undefined {
  const table = tables.table('coverTimes');
  const priority = table && priorityRows(table, 'demandPriority');
  const days = table?.positive('coverTime', MOST_DAYS);
  if (table === undefined || priority === undefined || days === undefined) return undefined;
  const byPriority: number[] = [];
  priority.forEach((row, i) => (byPriority[row] = days[i]));
  return byPriority;
}

/** Stations in the order in which they are filled, from a priority list or a compliance table whose rows nest. */
export function readStationOrder(tables: JemssTables, nStations: number): number[] | undefined {
  if (tables.has('priorityList')) {
    const table = tables.table('priorityList');
    table?.checkIndex(table.hasColumn('item') ? 'item' : 'numAmbs');
    const stations = table?.whole('stationIndex', 1, nStations);
    return stations && Array.from(stations, (number) => number - 1);
  }
  const table = tables.table('compTable');
  table?.checkIndex('numAmbs');
  if (table === undefined) return undefined;
  const columns = Array.from({ length: nStations }, (_, station) =>
    table.whole(`station_${station + 1}`, 0, 1e6),
  );
  const order: number[] = [];
  for (let row = 0; row < table.nRows; row++) {
    const grown = columns.flatMap((column, station) => {
      const more = (column?.[row] ?? 0) - (row > 0 ? (column?.[row - 1] ?? 0) : 0);
      return more === 0 ? [] : [{ station, more }];
    });
    if (grown.length !== 1 || grown[0].more !== 1) {
      table.refuse(
        row,
        'numAmbs',
        'does not add one ambulance to the row before; only nested tables are carried over',
      );
      return undefined;
    }
    order.push(grown[0].station);
  }
  return order;
}

/** The module of <moveUp> with its busy fraction; the order of stations stands in a file of its own. */
export function readMoveUp(decision: ConfigElement | undefined, reader: ConfigReader): JemssMoveUp {
  const element = decision?.child('moveUp');
  const module = element?.textOf('module') || 'none';
  const own = element?.child(module);
  const given = own?.child('busyFraction');
  if (own === undefined || given === undefined) return { module, busyFraction: null, order: null };
  const busyFraction = reader.read(own, given.name, parseNumber) ?? null;
  if (busyFraction !== null && !(busyFraction >= 0 && busyFraction < 1))
    reader.refuse(given, `${busyFraction} is not allowed; allowed: 0 to below 1`);
  return { module, busyFraction, order: null };
}

/** A column of priority names as rows of PRIORITIES; -1, and a problem, for others. */
function priorityRows(table: JemssTable, column: string): number[] | undefined {
  return table.texts(column)?.map((text, row) => {
    const at = PRIORITIES.findIndex((name) => name === text);
    if (at < 0) table.refuse(row, column, notAName(text, 'a priority', PRIORITIES));
    return at;
  });
}
