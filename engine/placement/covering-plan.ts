/** From chosen candidates of a core to a plan for people. */
import { coveredUnits, openSites, type CoveringCore } from './covering-core.ts';
import type { PlacementPlan, PlacementProblem } from './placement.ts';

/** Weight of the atoms that the open sites cover, added in the order of the atoms. */
function coveredWeight(
  { covers, weights }: Pick<PlacementProblem, 'covers' | 'weights'>,
  open: readonly number[],
): number {
  const covered = new Uint8Array(weights.length);
  for (const c of open)
    for (let i = covers.first[c]; i < covers.first[c + 1]; i++) covered[covers.atom[i]] = 1;
  let sum = 0;
  for (let a = 0; a < weights.length; a++) if (covered[a] === 1) sum += weights[a];
  return sum;
}

/** Completes chosen core candidates to a plan; a bound below what they cover (rounding) becomes what they cover. */
export function planOf(
  model: string,
  problem: PlacementProblem,
  core: CoveringCore,
  { chosen, boundUnits, method }: { chosen: readonly number[]; boundUnits: number; method: string },
): PlacementPlan {
  const open = openSites(problem, core, chosen, problem.sites);
  const objective = coveredWeight(problem, open);
  const gapUnits = Math.max(0, boundUnits - coveredUnits(core, chosen));
  return { model, open, objective, bound: objective + gapUnits / core.scale, method };
}
