/** Holds the plans of a study to the calls of the first: without them, pairs of replications are no pairs. */
import type { City } from '../city/city.ts';
import { demandOf } from '../demand/calls.ts';
import { assert, InputError } from '../errors.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import { msToSeconds } from '../units.ts';
import { firstDifference } from './call-needs.ts';
import type { StudyPlan } from './comparison.ts';

const differenceIn = (first: City, plan: City, replication: number) =>
  firstDifference(
    { city: first, calls: demandOf(first)(replication) },
    { city: plan, calls: demandOf(plan)(replication) },
  );

/** A plan as its problems name it. */
interface NamedPlan {
  letter: string;
  facts: Pick<StudyPlan['facts'], 'scenario'>;
}

/** How problems name a plan. */
export const planFile = ({ letter, facts }: NamedPlan): string => `plan ${letter} (${facts.scenario})`;

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

/** Figures of plans with other clocks or other standards are not to be compared. */
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
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Plans must be scored over times as long. Needs nothing but the scenarios, so it is asked before plans are made ready. */
export function checkSameTimes(
  plans: readonly (NamedPlan & { facts: Pick<StudyPlan['facts'], 'durationMs' | 'warmUpMs'> })[],
): void {
  const [first] = plans;
  const times = ({ durationMs, warmUpMs }: (typeof plans)[number]['facts']): string =>
    `${msToSeconds(durationMs)} s after a warm-up of ${msToSeconds(warmUpMs)} s`;
  const problems = plans
    .slice(1)
    .filter(
      ({ facts }) => facts.durationMs !== first.facts.durationMs || facts.warmUpMs !== first.facts.warmUpMs,
    )
    .map((plan) => ({
      file: planFile(plan),
      place: '/run',
      message: `its scored time is ${times(plan.facts)}, that of plan ${first.letter} ${times(first.facts)}: they must be as long`,
    }));
  if (problems.length > 0) throw new InputError(problems);
}
