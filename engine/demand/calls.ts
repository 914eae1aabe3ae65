/** The calls of a scenario: replayed from a file, or drawn. */
import type { City } from '../city/city.ts';
import type { CallStream } from './demand.ts';
import { poissonDemand } from './poisson.ts';
import { replayStream } from './replay.ts';

/**
 * Prepares the calls of a city for many replications.
 * @returns a function from the number of a replication (from 1) to its calls; the same number gives the same calls
 */
export function demandOf(city: City): (replication: number) => CallStream {
  return city.calls === null
    ? poissonDemand(city)
    : (replication: number): CallStream => replayStream(city, replication);
}

/** The calls of one replication, in blocks. @param replication from 1 */
export const callsOf = (city: City, replication: number): CallStream => demandOf(city)(replication);
