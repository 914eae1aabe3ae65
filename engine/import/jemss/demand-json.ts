/** Calls of a JEMSS simulation as the demand of a scenario: drawn at random, or those of a file. */
import { csvFormatRows } from 'd3-dsv';
import { localTimeText } from '../../scenario/local-time.ts';
import { MS_PER_DAY } from '../../units.ts';
import type { Account } from './account.ts';
import type { JemssCallGen, JemssCalls } from './inputs.ts';
import type { LawJson } from './laws.ts';
import { SCORED_FROM_MS } from './run-json.ts';

export const PLACES_FILE = 'places.csv';
export const CALLS_FILE = 'calls.csv';

/** What calls need, those of all priorities alike. */
interface Needs {
  dispatchDelay: LawJson;
  onScene: LawJson;
  transportShare: number;
  handover: LawJson;
}

export const needsOfRandom = ({ dispatchDelay, onScene, transportShare, handover }: JemssCallGen): Needs => ({
  dispatchDelay,
  onScene,
  transportShare,
  handover,
});

/** Call files give every call its own times; a scenario keeps those on scene, and takes the others as laws. */
export function needsOfFile(calls: JemssCalls, account: Account): Needs {
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

/** Random calls at the places of a CSV file. */
export function randomDemand(
  { meanInterarrivalDays, shares }: JemssCallGen,
  categories: readonly { id: string }[],
  places: readonly (readonly [number, number])[],
  files: Map<string, string>,
) {
  files.set(PLACES_FILE, `${csvFormatRows([['lon', 'lat'], ...places.map((place) => place.map(String))])}\n`);
  return {
    type: 'poisson',
    categories: categories.map((category, row) => ({ ...category, share: shares[row] ?? 0 })),
    sources: [
      {
        where: { type: 'places', file: PLACES_FILE },
        callsPerHour: Number((1 / (24 * meanInterarrivalDays)).toPrecision(15)),
      },
    ],
  };
}

/** The calls of a file as they were. */
export function replayedDemand(
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
  files.set(CALLS_FILE, `${csvFormatRows([columns, ...rows])}\n`);
  return {
    type: 'calls',
    file: CALLS_FILE,
    columns: { id: 'id', time: 'time', lon: 'lon', lat: 'lat', category: 'category', onSceneS: 'onSceneS' },
    categories,
    strict: true,
  };
}

/** Mean of a law in days. */
export function meanDays(law: LawJson): number {
  if (typeof law === 'number') return law / 86_400;
  const meanS =
    law.type === 'empirical'
      ? law.valuesS.reduce((sum, value) => sum + value, 0) / law.valuesS.length
      : law.mean;
  return meanS / 86_400;
}
