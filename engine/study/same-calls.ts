/** Holds the plans of a study to the calls of the first: without them, pairs of replications are no pairs. */
import type { City } from '../city/city.ts';
import { demandOf } from '../demand/calls.ts';
import { assert, InputError } from '../errors.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import { firstDifference } from './call-needs.ts';
import type { StudyPlan } from './comparison.ts';

const differenceIn = (first: City, plan: City, replication: number) =>
  firstDifference(
    { city: first, calls: demandOf(first)(replication) },
    { city: plan, calls: demandOf(plan)(replication) },
  );

/** How problems name a plan. */
export const planFile = ({ letter, facts }: StudyPlan): string => `plan ${letter} (${facts.scenario})`;

/** @throws InputError that says where a plan's calls differ and what to do about it */
export function refuseOtherCalls(
  first: StudyPlan & { city: City },
  plan: StudyPlan & { city: City },
  replication: number,
): never {
  const difference = differenceIn(first.city, plan.city, replication);
  assert(difference !== null, 'calls of different hashes do not differ');
  throw InputError.at(
    planFile(plan),
    '/demand',
    `does not have the calls of plan ${first.letter}: in replication ${replication}, call ${difference.call} is there: ${difference.a}; here: ${difference.b}. Plans are compared on ` +
      'the same calls; --unpaired compares them all the same, as independent samples, which needs more replications',
  );
}

/** Figures of plans with other clocks, other standards or another time of scoring are not to be compared. */
export function checkSameYardstick(plans: readonly StudyPlan[]): void {
  const [first] = plans;
  const standardOf = ({ facts }: StudyPlan): string => JSON.stringify(facts.standards.at(0) ?? null);
  const problems = plans.slice(1).flatMap((plan) => {
    const file = planFile(plan);
    const problem = (place: string, message: string) => [{ file, place, message }];
    if (standardOf(plan) !== standardOf(first)) {
      const [a, b] = [first, plan].map(({ facts }) => tierClock(facts.standards).clockStart);
      const clocks = a === b ? '' : ` (clock from ${b}, there from ${a})`;
      return problem(
        '/standards',
        `its first standard is not that of plan ${first.letter}${clocks}: figures have no common yardstick`,
      );
    }
    if (plan.facts.durationMs !== first.facts.durationMs || plan.facts.warmUpMs !== first.facts.warmUpMs)
      return problem('/run', `its scored time or warm-up is not as long as that of plan ${first.letter}`);
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
}
