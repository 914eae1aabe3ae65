/** Seeds -> runs: what a worker thread needs to run replications. Plain data in, plain data out. */
import type { City } from './city/city.ts';
import { assert } from './errors.ts';
import type { PatrolPlan } from './patrol/patrol.ts';
import type { FinishedReplication } from './results/result-files.ts';
import { runFacts } from './results/run-facts.ts';
import { savedTally, tallyOf, type SavedTally } from './results/saved-tally.ts';
import { createTally, type Tally } from './results/tally.ts';
import { resumeReplication, saveReplication, type SavedReplication } from './sim/saved-run.ts';
import { fromSavedText, savedText } from './sim/saved-text.ts';
import {
  finishReplication,
  prepareSimulation,
  runUntil,
  startReplication,
  type SimulationOptions,
} from './sim/simulate.ts';
import type { Simulation } from './sim/state.ts';
import type { Ms } from './units.ts';

/** Everything a replication depends on; can be cloned to a worker, its columns shared. */
export interface RunPayload {
  city: City;
  plan: PatrolPlan;
  /** Without a log, calls are counted as they end, and memory does not grow with their number. Default: true. */
  log?: boolean;
  /** States to go on from, as `createStopper` gave them, that of replication 1 first. Default: from the start. */
  resumed?: readonly Uint8Array[];
}

/** A replication that was stopped, as its text holds it. */
export interface StoppedReplication {
  state: SavedReplication;
  /** Counts of calls so far; null where there is a log. */
  tally: SavedTally | null;
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
export function createReplicator(payload: RunPayload): (replication: number) => FinishedReplication {
  const begin = beginner(payload);
  return (replication) => {
    const { sim, tally } = begin(replication);
    runUntil(sim, sim.endMs);
    const record = finishReplication(sim);
    return tally === null ? record : { ...record, tally: tally.data() };
  };
}

/**
 * The same, but only up to a time.
 * @param stopAtMs  the last instant that is simulated, from the scored start
 * @returns a function from the number of a replication to its state as UTF-8 text
 */
export function createStopper(
  payload: RunPayload & { stopAtMs: Ms },
): (replication: number) => Uint8Array<ArrayBuffer> {
  const begin = beginner(payload);
  return (replication) => {
    const { sim, tally } = begin(replication);
    runUntil(sim, payload.stopAtMs);
    const stopped: StoppedReplication = {
      state: saveReplication(sim),
      tally: tally && savedTally(tally.data()),
    };
    return new TextEncoder().encode(savedText(stopped));
  };
}

interface Begun {
  sim: Simulation;
  /** Null where the log is kept. */
  tally: Tally | null;
}

function beginner({ city, plan, log = true, resumed }: RunPayload): (replication: number) => Begun {
  const setup = prepareSimulation(city, plan);
  const facts = runFacts(city);
  return (replication) => {
    if (resumed === undefined) {
      const tally = log ? null : createTally(facts);
      const options: SimulationOptions = tally === null ? { log } : { log, observer: tally };
      return { sim: startReplication(setup, replication, options), tally };
    }
    const stopped = fromSavedText(new TextDecoder().decode(resumed[replication - 1])) as StoppedReplication;
    assert(stopped.state.replication === replication, 'states to go on from are out of order');
    const tally = log ? null : createTally(facts, tallyOf(stopped.tally!));
    return {
      sim: resumeReplication(setup, stopped.state, tally === null ? {} : { observer: tally }),
      tally,
    };
  };
}
