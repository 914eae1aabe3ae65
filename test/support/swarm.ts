/** Runs a check on many random networks. A failing one is shrunk and told with its seed, ready to paste. */
import { randomPlan } from './random-plan.ts';
import { printPlan, type RoadPlan, shrunk } from './road-plan.ts';

/** A check throws what it finds wrong. */
type Check = (plan: RoadPlan, seed: number) => void;

/** Checks that a condition holds, at a fraction of the cost of `expect`: property tests ask millions of times. */
export function must(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new Error(message());
}

export function checkSwarm(seeds: { first: number; count: number }, check: Check, planOf = randomPlan): void {
  for (let seed = seeds.first; seed < seeds.first + seeds.count; seed++) {
    const plan = planOf(seed);
    try {
      check(plan, seed);
    } catch (error) {
      const messageOf = (thrown: unknown): string =>
        thrown instanceof Error ? thrown.message : String(thrown);
      const failing = (smaller: RoadPlan): string | null => {
        try {
          check(smaller, seed);
          return null;
        } catch (thrown) {
          return messageOf(thrown);
        }
      };
      const least = shrunk(plan, (smaller) => failing(smaller) !== null);
      throw new Error(
        `seed ${seed}: ${messageOf(error)}\nthe least network that fails: ${failing(least)}\n${printPlan(least)}`,
        { cause: error },
      );
    }
  }
}
