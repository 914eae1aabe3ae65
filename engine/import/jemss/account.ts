/** The account of an import: what is carried over, what is different from JEMSS, and what is left out; a sentence each. */
import type { JemssInputs } from './inputs.ts';
import { LAW_VALUES } from './laws.ts';
import type { LawColumns } from './law-columns.ts';
import type { JemssRoads } from './roads.ts';

export interface Account {
  carried: string[];
  different: string[];
  leftOut: string[];
}

/** What every import says. */
export function accountFor(
  inputs: JemssInputs,
  roads: JemssRoads,
  { carried, different, leftOut }: Account,
  made: { hasSiren: boolean; calm: number; siren: number; nPlaces: number; laws: LawColumns },
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

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
const metres = (km: number): string => (km * 1000).toFixed(0);

/** A number as a sentence shows it. */
export const digits = (value: number): number => Number(value.toPrecision(6));
