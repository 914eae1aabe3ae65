/** Incidents a second on one core, with the log off and on, against a simulation that times every unit at each decision. */
import { createPool, type Pool } from '../engine/node/pool.ts';
import { runPayload } from '../engine/replicate.ts';
import { count, LEAST_ROUNDS, measure } from './measure.ts';
import { limitRow, ratioRow, type Row } from './report.ts';
import { SEED } from './inputs.ts';
import { simulateRun, simulationCity, UNITS, type Answering, type RunWay } from './simulation-city.ts';
import { timeShares } from './simulation-shares.ts';

/** Simulated days of a round, and hours of one that times every unit. */
const DAYS = 40;
const HOURS_TIMING_ALL = 6;
const HOURS_WITH_ROADS = 48;
/** Calls of a thread before it is timed. */
const WARM_UP_CALLS = 200_000;

/** The module of threads that run replications in one way. */
const WORKER = new URL('./simulation-worker.js', import.meta.url);

/**
 * Each contender runs in a thread of its own: in one thread, code would be compiled for all of them together, as it is in
 * no run.
 * @param incidentsPerSecond  the goal, log off
 */
export async function simulationSpeed(answering: Answering, incidentsPerSecond: number): Promise<Row[]> {
  const ready = await simulationCity({ answering, days: DAYS });
  const payload = runPayload(ready.city, ready.plan);
  const pools: Pool<number>[] = [];
  /** Replications 1 .. LEAST_ROUNDS, one a round; expected is what the same ones answer here with the log off. */
  const contender = async (name: string, way: RunWay) => {
    const pool = createPool<typeof payload & { way: RunWay }, number>({
      workers: 1,
      init: { ...payload, way },
      module: WORKER,
    });
    pools.push(pool);
    const { hours } = way;
    const runs = Array.from({ length: LEAST_ROUNDS }, (_, round) =>
      simulateRun(ready, { log: 'off', ...(hours === undefined ? {} : { hours }), replication: round + 1 }),
    );
    // tables and compiled code are there before anybody is timed
    const warmUpRounds = Math.ceil(WARM_UP_CALLS / runs[0].calls);
    for (let round = 0; round < warmUpRounds; round++) await pool.run((round % LEAST_ROUNDS) + 1);
    return {
      name,
      jobs: runs[0].calls,
      work: (round: number) => pool.run(round + 1),
      checksum: (sum: number) => sum,
      expected: (round: number) => runs[round].checksum,
    };
  };
  const first = simulateRun(ready, { replication: 1, log: 'off' });
  const { calls } = first;
  const measured = async () => {
    try {
      return await measure(`simulation from ${answering}`, [
        await contender('engine, log off', { log: 'off' }),
        await contender('engine, full event log', { log: 'events' }),
        await contender(`engine, ${HOURS_WITH_ROADS} hours, log and roads`, {
          log: 'roads',
          hours: HOURS_WITH_ROADS,
        }),
        await contender(`engine, ${HOURS_TIMING_ALL} hours`, { log: 'off', hours: HOURS_TIMING_ALL }),
        await contender('every unit timed by the router at each decision', {
          log: 'off',
          hours: HOURS_TIMING_ALL,
          timingAll: true,
        }),
      ]);
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  };
  const [off, on, roads, few, all] = await measured();
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
