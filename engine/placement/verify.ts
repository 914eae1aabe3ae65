/**
 * The independent check of every plan before anybody sees it. It shares no code with the models and reads only the
 * question and the answer; a plan that fails is a bug of its model.
 */
import { assert } from '../errors.ts';
import type { CoveringProblem, PlacementPlan, PlacementProblem } from './placement.ts';

/** States what must hold of a plan. Cost O(entries of the open sites' cover sets + atoms x open sites at worst). */
export function verifyPlan(problem: PlacementProblem, plan: PlacementPlan): void {
  const fault = (text: string): string => `plan of ${plan.model}: ${text}`;
  checkSites(problem, plan.open, fault);
  assert(plan.open.length === problem.sites, () =>
    fault(`${plan.open.length} sites are open, not ${problem.sites}`),
  );
  let objective = 0;
  let total = 0;
  const isReached = reachedBy(problem, plan.open);
  for (let a = 0; a < problem.weights.length; a++) {
    total += problem.weights[a];
    if (isReached(a)) objective += problem.weights[a];
  }
  assert(plan.objective === objective, () =>
    fault(`it reports ${plan.objective} covered, but its sites cover ${objective}`),
  );
  assert(plan.bound >= objective, () => fault(`its bound ${plan.bound} is below its objective ${objective}`));
  assert(plan.bound <= total * (1 + 1e-9), () =>
    fault(`its bound ${plan.bound} is above the whole demand ${total}`),
  );
}

/** States what must hold of a set of sites that reaches everything. */
export function verifyFewest(
  problem: CoveringProblem,
  plan: { open: readonly number[]; added: number; bound: number },
): void {
  const fault = (text: string): string => `fewest sites: ${text}`;
  checkSites(problem, plan.open, fault);
  assert(plan.added === plan.open.length - problem.required.length, () =>
    fault('it miscounts the added sites'),
  );
  assert(plan.bound >= 0 && plan.bound <= plan.added, () =>
    fault(`its bound ${plan.bound} is above its answer`),
  );
  const isReached = reachedBy(problem, plan.open);
  for (let a = 0; a < problem.weights.length; a++) {
    assert(isReached(a), () => fault(`atom ${a} is not reached`));
  }
}

function checkSites(
  problem: CoveringProblem,
  open: readonly number[],
  fault: (text: string) => string,
): void {
  for (let i = 0; i < open.length; i++) {
    const isCandidate = Number.isInteger(open[i]) && open[i] >= 0 && open[i] < problem.candidates.length;
    assert(isCandidate, () => fault(`${open[i]} is not a candidate`));
    assert(i === 0 || open[i - 1] < open[i], () => fault(`its sites are not distinct and ascending`));
  }
  for (const c of problem.required) assert(open.includes(c), () => fault(`required site ${c} is closed`));
  for (const c of problem.forbidden) assert(!open.includes(c), () => fault(`forbidden site ${c} is open`));
}

function reachedBy({ covers }: CoveringProblem, open: readonly number[]): (atom: number) => boolean {
  const reached = new Set<number>();
  for (const c of open) {
    for (let i = covers.first[c]; i < covers.first[c + 1]; i++) reached.add(covers.atom[i]);
  }
  return (atom) => reached.has(atom);
}
