/** Incidents a second on one core, with the log off and on, against a simulation that times every unit at each decision. */
import { count, LEAST_ROUNDS, measure } from './measure.ts';
import { limitRow, ratioRow, type Row } from './report.ts';
import { SEED } from './inputs.ts';
import { simulateRun, simulationCity, UNITS, type Answering } from './simulation-city.ts';
import { timeShares } from './simulation-shares.ts';

/** Simulated days of a round, and hours of one that times every unit. */
const DAYS = 40;
const HOURS_TIMING_ALL = 6;
const HOURS_WITH_ROADS = 48;

/** @param incidentsPerSecond  the goal, log off */
export async function simulationSpeed(answering: Answering, incidentsPerSecond: number): Promise<Row[]> {
  const ready = await simulationCity({ answering, days: DAYS });
  const short = (round: number, timingAll: boolean) =>
    simulateRun(ready, { replication: round + 1, log: 'off', hours: HOURS_TIMING_ALL, timingAll });
  const withRoads = (round: number) =>
    simulateRun(ready, { replication: round + 1, log: 'roads', hours: HOURS_WITH_ROADS });
  // tables and compiled code are there before anybody is timed
  const first = simulateRun(ready, { replication: 1, log: 'off' });
  const expected = new Map<number, number>();
  const whole = (round: number): number => {
    let sum = expected.get(round);
    if (sum === undefined) {
      sum = simulateRun(ready, { replication: round + 1, log: 'off' }).checksum;
      expected.set(round, sum);
    }
    return sum;
  };
  const { calls } = first;
  const [off, on, roads, few, all] = await measure(`simulation from ${answering}`, [
    {
      name: 'engine, log off',
      jobs: calls,
      work: (round) => simulateRun(ready, { replication: round + 1, log: 'off' }).checksum,
      checksum: (sum: number) => sum,
      expected: whole,
    },
    {
      name: 'engine, full event log',
      jobs: calls,
      work: (round) => simulateRun(ready, { replication: round + 1, log: 'events' }).checksum,
      checksum: (sum: number) => sum,
      expected: whole,
    },
    {
      name: `engine, ${HOURS_WITH_ROADS} hours, log and roads`,
      jobs: withRoads(0).calls,
      work: (round) => withRoads(round).checksum,
      checksum: (sum: number) => sum,
      expected: (round) =>
        simulateRun(ready, { replication: round + 1, log: 'off', hours: HOURS_WITH_ROADS }).checksum,
    },
    {
      name: `engine, ${HOURS_TIMING_ALL} hours`,
      jobs: short(0, false).calls,
      work: (round) => short(round, false).checksum,
      checksum: (sum: number) => sum,
      expected: (round) => short(round, false).checksum,
    },
    {
      name: 'every unit timed by the router at each decision',
      jobs: short(0, false).calls,
      work: (round) => short(round, true).checksum,
      checksum: (sum: number) => sum,
      expected: (round) => short(round, false).checksum,
    },
  ]);
  const shares = await timeShares(ready, 1);
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const perSecond = (ms: number): string => count(Math.round(1000 / ms));
  const case_ = `simulation-${answering}`;
  const inputs = `${UNITS} units, two shifts, two priorities, closest unit, one a call, tally of all figures; ${count(calls)} incidents in ${DAYS} days, replications 1 to ${LEAST_ROUNDS}; seed ${SEED}`;
  const note =
    `${perSecond(off.medianMs)} incidents/s (fastest round ${perSecond(off.minMs)}), ${perSecond(off.medianMs / shares.eventsPerCall)} events/s; ` +
    `units busy ${percent(first.busyShare)}, mean response ${first.meanResponseS.toFixed(0)} s\n` +
    `routing ${percent(shares.routing)} (CPU profile), event list ${percent(shares.eventList)} (its steps alone), bookkeeping ${percent(1 - shares.routing - shares.eventList)}`;
  return [
    limitRow(
      { case: case_, job: `an incident, at least ${count(incidentsPerSecond)} a second`, inputs, note },
      off.name,
      { ms: off.medianMs, minMs: off.minMs },
      1000 / incidentsPerSecond,
    ),
    ratioRow(
      {
        case: case_,
        job: 'an incident with the full event log, at least half of the speed',
        inputs,
        note: `${perSecond(on.medianMs)} incidents/s; equal outcomes`,
      },
      on,
      off,
      0.5,
    ),
    ratioRow(
      {
        case: case_,
        job: 'an incident with the log and the roads of every drive, as results are written',
        inputs: `the first ${HOURS_WITH_ROADS} hours of the same replications`,
      },
      roads,
      off,
      null,
    ),
    ratioRow(
      {
        case: case_,
        job: 'an incident beside timing every unit',
        inputs: `the first ${HOURS_TIMING_ALL} hours of the same replications, unit and arrival of each call compared`,
      },
      few,
      all,
      null,
    ),
  ];
}
