/** Seeds -> runs: what a worker thread needs to run replications. Plain data in, plain data out. */
import type { City } from './city/city.ts';
import type { PatrolPlan } from './patrol/patrol.ts';
import type { ReplicationRecord } from './sim/event-log.ts';
import { prepareSimulation, simulate } from './sim/simulate.ts';

/** Everything a replication depends on; can be cloned to a worker, its columns shared. */
export interface RunPayload {
  city: City;
  plan: PatrolPlan;
}

/** The payload of a city and its plan, without the bytes of the input files. */
export function runPayload(city: City, plan: PatrolPlan): RunPayload {
  const { scenario } = city;
  const roads = { ...scenario.roads, file: { ...scenario.roads.file, bytes: new Uint8Array(0) } };
  return { city: { ...city, scenario: { ...scenario, roads } }, plan };
}

/**
 * Prepares a thread for a run.
 * @returns a function from the number of a replication (from 1) to its record; the same number gives the same bytes on
 *   any thread, in any order
 */
export function createReplicator({ city, plan }: RunPayload): (replication: number) => ReplicationRecord {
  const setup = prepareSimulation(city, plan);
  return (replication) => simulate(setup, replication);
}
