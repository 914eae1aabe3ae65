/** A scenario of what a JEMSS simulation says: `scenario.json`, the CSV files beside it, and an account of what is carried over how. */
import { csvFormatRows } from 'd3-dsv';
import { localTimeText } from '../../scenario/local-time.ts';
import { MS_PER_DAY } from '../../units.ts';
import type { JemssCallGen, JemssCalls, JemssInputs } from './inputs.ts';
import { LAW_VALUES, type LawJson } from './laws.ts';
import { travelModes } from './modes.ts';
import { dispatchOf, moveUpOf } from './policies.ts';
import { type JemssRoads, timesName } from './roads.ts';

export interface JemssScenario {
  scenario: Record<string, unknown>;
  /** Files beside it: name -> content. */
  files: Map<string, string>;
  /** What is carried over, what is different from JEMSS, and what is left out; a sentence each. */
  account: { carried: string[]; different: string[]; leftOut: string[] };
}

/** The files that a scenario consists of. */
export const SCENARIO_FILES = {
  scenario: 'scenario.json',
  roads: 'roads.graph',
  places: 'places.csv',
  laws: 'laws.csv',
  calls: 'calls.csv',
  report: 'import-report.txt',
} as const;

/** A Monday; JEMSS counts days from 0 and knows no week. */
const SCORED_FROM = '2026-01-05T00:00';
const SCORED_FROM_MS = 1_767_571_200_000;
/** The longest scored time of a scenario, and the fewest batches. */
const MOST_DAYS = 366;
const FEWEST_BATCHES = 10;

/** @param callPlaces  where random calls come from, on the network; the places of `roads` are stations, hospitals and these */
export function scenarioOf(inputs: JemssInputs, roads: JemssRoads): JemssScenario {
  const { stations, hospitals, ambulances, priorities } = inputs;
  const account: JemssScenario['account'] = { carried: [], different: [], leftOut: [...inputs.remarks] };
  const files = new Map<string, string>();
  const laws = new Laws();
  const nStations = stations.x.length;
  const nHospitals = hospitals.x.length;
  const posts = stations.names.map((name, i) => placeJson(`station-${i + 1}`, name, roads.places[i]));
  const destinations = hospitals.names.map((name, i) => ({
    ...placeJson(`hospital-${i + 1}`, name, roads.places[nStations + i]),
    kind: 'hospital',
  }));
  const callPlaces = roads.places.slice(nStations + nHospitals);
  const run = runOf(inputs, account);
  const modes = travelModes(inputs, run.scoredFromDay);
  account.leftOut.push(...modes.leftOut);
  const hasSiren = modes.siren !== modes.calm;
  const needs =
    'random' in inputs.calls ? needsOfRandom(inputs.calls.random) : needsOfFile(inputs.calls.file, account);

  const dispatch = dispatchOf(inputs);
  const moveUp = moveUpOf(
    inputs,
    posts.map(({ id }) => id),
    meanDays(needs.dispatchDelay),
  );
  for (const { carried, leftOut } of [dispatch, moveUp]) {
    account.carried.push(...carried);
    account.leftOut.push(...leftOut);
  }
  const categories = priorities.map(({ name }, row) => ({
    id: name,
    priority: row + 1,
    siren: modes.withSiren[row],
    onSceneS: laws.of('onScene', needs.onScene),
    ...(needs.transportShare > 0
      ? {
          transport: {
            share: needs.transportShare,
            kind: 'hospital',
            handoverS: laws.of('handover', needs.handover),
          },
        }
      : {}),
  }));
  const demand =
    'random' in inputs.calls
      ? randomDemand(inputs.calls.random, categories, callPlaces, files)
      : replayedDemand(inputs.calls.file, categories, callPlaces, run.scoredFromDay, files);

  const scenario: Record<string, unknown> = {
    version: 1,
    name: inputs.name,
    about:
      'Made by patrol135 import-jemss from the input files of a JEMSS simulation; import-report.txt says what is different.',
    roads: { file: SCENARIO_FILES.roads, format: 'graph' },
    profiles: [
      {
        id: 'ambulance',
        base: 'plain',
        about: "Travel times of JEMSS's network, arc by arc.",
        slowedByTraffic: false,
        siren: hasSiren ? {} : false,
        arcTimes: { calm: timesName(modes.calm), siren: timesName(modes.siren) },
      },
    ],
    posts,
    destinations,
    shifts: [{ id: 'always', startS: 0, endS: 86_400 }],
    units: Array.from(ambulances, (station, i) => ({
      id: `ambulance-${i + 1}`,
      post: posts[station].id,
      shifts: ['always'],
      profile: 'ambulance',
      kind: 'ambulance',
    })),
    demand,
    delays: {
      callHandlingS: laws.of('dispatchDelay', needs.dispatchDelay),
      ...(inputs.mobilisationDelay === null
        ? {}
        : { turnoutAtPostS: laws.of('mobilisation', inputs.mobilisationDelay) }),
    },
    standards: [standardOf(inputs)],
    dispatch: dispatch.policy,
    moveUp: moveUp.policy,
    patrol: { type: 'stay-at-post', profile: 'ambulance' },
    snapLimitM: 1,
    run: run.json,
  };
  if (laws.columns.size > 0) files.set(SCENARIO_FILES.laws, laws.csv());
  accountFor(inputs, roads, account, {
    hasSiren,
    calm: modes.calm,
    siren: modes.siren,
    nPlaces: callPlaces.length,
    laws,
  });
  return { scenario, files, account };
}

function placeJson(id: string, name: string, lonLat: [number, number]) {
  const clean = name
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ')
    .trim()
    .slice(0, 200);
  return { id, ...(clean === '' ? {} : { name: clean }), lonLat };
}

/** Laws that have no name of their own go into a CSV file, a column each. */
class Laws {
  readonly columns = new Map<string, number[]>();

  of(column: string, law: LawJson): unknown {
    if (typeof law === 'number' || law.type !== 'empirical') return law;
    this.columns.set(column, law.valuesS);
    return { type: 'empirical', file: SCENARIO_FILES.laws, column };
  }

  csv(): string {
    const names = [...this.columns.keys()];
    const nRows = Math.max(...[...this.columns.values()].map((values) => values.length));
    const rows = Array.from({ length: nRows }, (_, row) =>
      names.map((name) => this.columns.get(name)![row] ?? ''),
    );
    return `${csvFormatRows([names, ...rows.map((cells) => cells.map(String))])}\n`;
  }
}

interface Needs {
  dispatchDelay: LawJson;
  onScene: LawJson;
  transportShare: number;
  handover: LawJson;
}

const needsOfRandom = ({ dispatchDelay, onScene, transportShare, handover }: JemssCallGen): Needs => ({
  dispatchDelay,
  onScene,
  transportShare,
  handover,
});

/** Call files give every call its own times; a scenario keeps those on scene, and takes the others as laws. */
function needsOfFile(calls: JemssCalls, account: JemssScenario['account']): Needs {
  const secondsOf = (days: Iterable<number>): number[] =>
    Array.from(days, (day) => Math.round(day * MS_PER_DAY) / 1000);
  const lawOf = (valuesS: number[]): LawJson =>
    valuesS.length === 0 ? 0 : new Set(valuesS).size === 1 ? valuesS[0] : { type: 'empirical', valuesS };
  const transported = calls.handoverDays.filter((_, call) => calls.transport[call]);
  account.different.push(
    'dispatch delay, transport and handover of each call: drawn from what the calls of the file have, not call by call',
  );
  const named = calls.hospital.filter((hospital, call) => hospital > 0 && calls.transport[call]).length;
  if (named > 0) account.leftOut.push(`the hospital that ${named} calls name: the nearest is taken`);
  return {
    dispatchDelay: lawOf(secondsOf(calls.dispatchDelayDays)),
    onScene: lawOf(secondsOf(calls.onSceneDays)),
    transportShare: transported.length / calls.transport.length,
    handover: lawOf(secondsOf(transported)),
  };
}

function randomDemand(
  { meanInterarrivalDays, shares }: JemssCallGen,
  categories: readonly { id: string }[],
  places: readonly (readonly [number, number])[],
  files: Map<string, string>,
) {
  files.set(
    SCENARIO_FILES.places,
    `${csvFormatRows([['lon', 'lat'], ...places.map((place) => place.map(String))])}\n`,
  );
  return {
    type: 'poisson',
    categories: categories.map((category, row) => ({ ...category, share: shares[row] ?? 0 })),
    sources: [
      {
        where: { type: 'places', file: SCENARIO_FILES.places },
        callsPerHour: Number((1 / (24 * meanInterarrivalDays)).toPrecision(15)),
      },
    ],
  };
}

function replayedDemand(
  calls: JemssCalls,
  categories: readonly { id: string }[],
  places: readonly (readonly [number, number])[],
  scoredFromDay: number,
  files: Map<string, string>,
) {
  const rows = Array.from(calls.arrivalDays, (day, call) => {
    const timeMs = SCORED_FROM_MS + Math.round((day - scoredFromDay) * MS_PER_DAY);
    const [lon, lat] = places[call];
    const onSceneS = Math.round(calls.onSceneDays[call] * MS_PER_DAY) / 1000;
    const category = categories[calls.priority[call] - 1].id;
    return [call + 1, `${localTimeText(timeMs)}Z`, lon, lat, category, onSceneS].map(String);
  });
  const columns = ['id', 'time', 'lon', 'lat', 'category', 'onSceneS'];
  files.set(SCENARIO_FILES.calls, `${csvFormatRows([columns, ...rows])}\n`);
  return {
    type: 'calls',
    file: SCENARIO_FILES.calls,
    columns: { id: 'id', time: 'time', lon: 'lon', lat: 'lat', category: 'category', onSceneS: 'onSceneS' },
    categories,
    strict: true,
  };
}

/** The clock of JEMSS's responses runs from the arrival of the call; a response in time takes no longer than its target. */
const standardOf = ({ priorities }: JemssInputs) => ({
  id: 'jemss-targets',
  title: 'Responses in time by the targets of the JEMSS input',
  source:
    'targetResponseDuration of the priorities file; JEMSS asks for no share, so none is asked for here.',
  clauses: priorities.map(({ name, targetDays }) => ({
    id: name,
    selector: { category: [name] },
    event: 'firstArrival',
    clockStart: 'occurred',
    thresholdS: Math.round(targetDays * MS_PER_DAY) / 1000,
    targetShare: 0,
  })),
});

interface Run {
  json: Record<string, unknown>;
  scoredFromDay: number;
}

/** Warm-up and periods of stats_control.csv; periods that cycle become batches of one long run. */
function runOf({ calls, stats }: JemssInputs, account: JemssScenario['account']): Run {
  const { startDay, endDay, files } = spanOf(calls);
  const warmUpDays = stats?.warmUpDays ?? 0;
  const scoredFromDay = startDay + warmUpDays;
  const periodDays = stats?.periodDays.reduce((sum, days) => sum + days, 0) ?? endDay - scoredFromDay;
  const available = Math.max(endDay - scoredFromDay, 0);
  const common = { start: SCORED_FROM, warmUpS: secondsOf(warmUpDays), seed: 1 };
  if (stats !== null && stats.periodDays.length > 1) {
    account.different.push(
      `${stats.periodDays.length} periods of statistics: scored together, as ${periodDays} days`,
    );
  }
  const nPeriods = Math.floor(available / periodDays + 1e-9);
  if (stats?.cycles === true && nPeriods > 1) {
    const days = Math.min(nPeriods * periodDays, MOST_DAYS);
    const batches = Math.min(Math.max(nPeriods, FEWEST_BATCHES), 1000);
    account.carried.push(
      `${nPeriods} periods of ${periodDays} days in one run, behind ${warmUpDays} of warm-up: one run with ${batches} batches`,
    );
    if (days < nPeriods * periodDays) {
      account.different.push(
        `${nPeriods * periodDays} days of one run: cut to ${MOST_DAYS}, the longest that a scenario takes`,
      );
    }
    if (batches !== nPeriods)
      account.different.push(
        `${nPeriods} periods: the run is cut into ${batches} batches of ${digits(days / batches)} days`,
      );
    return { scoredFromDay, json: { ...common, durationS: secondsOf(days), steadyState: { batches } } };
  }
  const days = Math.min(
    periodDays > 0 ? Math.min(periodDays, Math.max(available, 1 / 24)) : 1 / 24,
    MOST_DAYS,
  );
  const replications = 'file' in calls ? 1 : files;
  account.carried.push(
    `${digits(days)} days scored behind ${warmUpDays} of warm-up, ${replications} ${replications === 1 ? 'replication' : 'replications'}`,
  );
  if (days < periodDays - 1e-9)
    account.different.push(
      `a period of ${digits(periodDays)} days: cut to ${digits(days)}, ${days === MOST_DAYS ? 'the longest that a scenario takes' : 'where the calls end'}`,
    );
  return { scoredFromDay, json: { ...common, durationS: secondsOf(days), replications } };
}

/** When calls begin and end, and of how many runs. */
function spanOf(calls: JemssInputs['calls']): { startDay: number; endDay: number; files: number } {
  if ('file' in calls) {
    const { startDay, arrivalDays } = calls.file;
    return { startDay, endDay: arrivalDays[arrivalDays.length - 1] + 1 / 24, files: 1 };
  }
  const { startDay, until, meanInterarrivalDays, files } = calls.random;
  const endDay = 'day' in until ? until.day : startDay + until.calls * meanInterarrivalDays;
  return { startDay, endDay, files };
}

/** What every import says. */
function accountFor(
  inputs: JemssInputs,
  roads: JemssRoads,
  { carried, different, leftOut }: JemssScenario['account'],
  made: { hasSiren: boolean; calm: number; siren: number; nPlaces: number; laws: Laws },
): void {
  const { arcs, nodes, stations, hospitals, ambulances, priorities } = inputs;
  const nModes = arcs.timesDays.length;
  carried.push(
    `${nodes.x.length} nodes and ${arcs.from.length} ${arcs.directed ? 'directed' : 'undirected'} arcs in ${nModes} travel ${nModes === 1 ? 'mode' : 'modes'}: ` +
      `roads with the time of each arc, to the millisecond`,
    `stations: ${stations.x.length} posts; ambulances: ${ambulances.length} units on duty always, at their stations; hospitals: ${hospitals.x.length} destinations`,
    `priorities: ${priorities.length} categories, answered ` +
      (made.hasSiren
        ? `with siren (travel mode ${made.siren + 1}) or without (${made.calm + 1}); transports and returns without`
        : `in travel mode ${made.calm + 1}, as transports and returns`),
    'target response times: a standard, clock from the arrival of the call, as JEMSS scores',
    'off-road ways: spurs of the length and time that JEMSS drives, to stations, hospitals and places of calls',
  );
  const longest = Math.max(...roads.offRoadKm);
  carried.push(
    `off-road ways: ${metres(mean(roads.offRoadKm))} m in the mean over all of them, ${metres(longest)} m at most`,
  );
  for (const column of made.laws.columns.keys()) {
    if ('random' in inputs.calls || column === 'mobilisation')
      different.push(`the law of ${column}: its ${LAW_VALUES} middle quantiles, each as likely as any other`);
  }
  if ('random' in inputs.calls) {
    const { raster, meanInterarrivalDays } = inputs.calls.random;
    carried.push(`calls at ${digits(1 / meanInterarrivalDays)} a day, Poisson`);
    different.push(
      raster === null
        ? `places of calls, uniform over the map: ${made.nPlaces} places spread evenly, each as likely as any other`
        : `places of calls, anywhere in the cells of a raster of ${raster.grid.nX} by ${raster.grid.nY} by their weight: a systematic sample of ${made.nPlaces} places, each as likely as any other`,
      'random numbers: drawn anew, keyed by seed and replication; the seeds of the input have no counterpart, so calls are others of the same laws',
    );
  }
  if (inputs.generated.length > 0) {
    different.push(
      `files that JEMSS's generator makes and that are not there: made by the same rules with other random numbers (${inputs.generated.map((path) => path.split('/').at(-1)).join(', ')})`,
    );
  }
  if (roads.unusedNodes > 0) leftOut.push(`${roads.unusedNodes} nodes that no arc touches`);
  const standing = new Uint32Array(stations.x.length);
  for (const station of ambulances) standing[station]++;
  standing.forEach((count, station) => {
    const room = stations.capacity[station];
    if (count > room)
      different.push(
        `station ${station + 1}: ${count} ambulances stand where there is room for ${room}; JEMSS lets them, too`,
      );
  });
  if (inputs.moveUp.module !== 'none') {
    leftOut.push(
      '<demand>: coverage weighs the calls of the scenario themselves',
      'room of stations: move-up does not heed it',
    );
  }
  leftOut.push('class of ambulances: JEMSS does not use it either');
}

const secondsOf = (days: number): number => Math.round(days * MS_PER_DAY) / 1000;
const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
const metres = (km: number): string => (km * 1000).toFixed(0);
const digits = (value: number): number => Number(value.toPrecision(6));

/** Mean of a law in days. */
function meanDays(law: LawJson): number {
  if (typeof law === 'number') return law / 86_400;
  const meanS =
    law.type === 'empirical'
      ? law.valuesS.reduce((sum, value) => sum + value, 0) / law.valuesS.length
      : law.mean;
  return meanS / 86_400;
}
