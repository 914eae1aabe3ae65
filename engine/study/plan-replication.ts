/** One replication of one plan, boiled down to what a study needs: the figures, and which calls they are of. */
import type { City } from '../city/city.ts';
import { demandOf } from '../demand/calls.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { recordedUnitTimes, runFacts } from '../results/run-facts.ts';
import { tallySource } from '../results/tally-source.ts';
import { createTally } from '../results/tally.ts';
import { prepareSimulation, simulate } from '../sim/simulate.ts';
import { hashCalls } from './call-needs.ts';
import { figureReader, type FigureOf, type FigureSample } from './figures.ts';

/** Plain data: goes from a worker to the others as it is. */
export interface PlanReplication {
  replication: number;
  /** Of the calls that came in, warm-up included (call-needs.ts). */
  callsHash: string;
  nCalls: number;
  /** In the order of the figures asked. */
  samples: FigureSample[];
}

/**
 * Prepares a thread to simulate a plan without a log.
 * @returns a function from the number of a replication (from 1); memory does not grow with the calls
 */
export function planReplicator(
  { city, plan }: { city: City; plan: PatrolPlan },
  figures: readonly FigureOf[],
): (replication: number) => PlanReplication {
  const setup = prepareSimulation(city, plan);
  const facts = runFacts(city);
  const demand = demandOf(city);
  const readers = figures.map((figure) => figureReader(facts, figure));
  return (replication) => {
    const tally = createTally(facts);
    const calls = hashCalls(city, demand(replication));
    const record = simulate(setup, replication, { calls: calls.stream, log: false, observer: tally });
    // the calls of the end of the run, which may lie in blocks that nobody asked for
    while (calls.stream.next() !== null);
    const source = tallySource(facts, [tally.data()]);
    const units = recordedUnitTimes(record);
    return {
      replication,
      callsHash: calls.hex(),
      nCalls: calls.nCalls(),
      samples: readers.map((read) => read(source, units)),
    };
  };
}

/** Tasks number the replications of all plans: those of replication 1 in order of plans, then those of 2… from 1. */
export const studyTask = (nPlans: number, plan: number, replication: number): number =>
  (replication - 1) * nPlans + plan + 1;

/** Plan and replication of a task. */
export const ofStudyTask = (nPlans: number, task: number): { plan: number; replication: number } => ({
  plan: (task - 1) % nPlans,
  replication: Math.floor((task - 1) / nPlans) + 1,
});
