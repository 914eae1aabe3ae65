/** Placement from end to end: travel times to cover sets, a model's plan, the check of that plan. */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { Router } from '../routing/router.ts';
import {
  checkPlacementProblem,
  type CoverSets,
  type PlacementModel,
  type PlacementPlan,
  type PlacementProblem,
  type PlacementTools,
} from './placement.ts';
import type { DemandAtom, PlacementQuestion } from './request.ts';
import { loadHighs } from './solver.ts';
import { verifyPlan } from './verify.ts';

/**
 * Asks a model where to open sites. The plan has passed `verifyPlan`.
 * @throws InfeasibleError when no site set satisfies required, forbidden and sites
 */
export async function placeSites(
  model: PlacementModel,
  problem: PlacementProblem,
  tools: PlacementTools = { loadHighs },
): Promise<PlacementPlan> {
  checkPlacementProblem(problem);
  const plan = await model.place(problem, tools);
  verifyPlan(problem, plan);
  return plan;
}

/**
 * The problem with its cover sets: candidate c covers atom a when the drive from c to a takes at most a's threshold.
 * Atoms answered with siren are timed by `sirenRouter`, which is `router` unless given.
 * `required` and `forbidden` may come in any order. Cost: one search bounded by the longest threshold for each candidate.
 * @throws InputError when candidates x atoms is beyond LIMITS.matrixCells
 */
export function buildPlacementProblem({
  router,
  sirenRouter = router,
  candidates,
  atoms,
  sites,
  required,
  forbidden,
}: { router: Router; sirenRouter?: Router } & PlacementQuestion): PlacementProblem {
  if (candidates.length * atoms.length > LIMITS.matrixCells) {
    throw InputError.at(
      '',
      '/placement/candidates',
      `${candidates.length} candidates for ${atoms.length} demand atoms are more than ${LIMITS.matrixCells} pairs; lower maxNodes`,
    );
  }
  const distinct = (list: readonly number[]): number[] => [...new Set(list)].sort((a, b) => a - b);
  return {
    candidates,
    weights: Float64Array.from(atoms, (atom) => atom.weight),
    covers: coverSets(router, sirenRouter, candidates, atoms),
    sites,
    required: distinct(required),
    forbidden: distinct(forbidden),
  };
}

/** Travel times held at once: 16 MB. Rows of a matrix share what they prepare. */
const BLOCK_CELLS = 4_000_000;

function coverSets(
  router: Router,
  sirenRouter: Router,
  candidates: PlacementProblem['candidates'],
  atoms: readonly DemandAtom[],
): CoverSets {
  const bySiren = [false, true].map((siren) => {
    const numbers = [...atoms.keys()].filter((a) => (atoms[a].siren ?? false) === siren);
    return { router: siren ? sirenRouter : router, numbers, to: numbers.map((a) => atoms[a].position) };
  });
  let longestMs = 0;
  for (const { thresholdMs } of atoms) longestMs = Math.max(longestMs, thresholdMs);
  const first = new Uint32Array(candidates.length + 1);
  const covered: Uint32Array[] = [];
  const inTime: number[] = [];
  const blockRows = Math.max(1, Math.floor(BLOCK_CELLS / Math.max(1, atoms.length)));
  for (let from = 0; from < candidates.length; from += blockRows) {
    const block = candidates.slice(from, from + blockRows).map((candidate) => candidate.position);
    const timesMs = bySiren.map((part) => part.router.matrix(block, part.to, longestMs));
    for (let row = 0; row < block.length; row++) {
      inTime.length = 0;
      bySiren.forEach(({ numbers }, part) => {
        for (let i = 0; i < numbers.length; i++) {
          if (timesMs[part][row * numbers.length + i] <= atoms[numbers[i]].thresholdMs)
            inTime.push(numbers[i]);
        }
      });
      first[from + row + 1] = first[from + row] + inTime.length;
      covered.push(Uint32Array.from(inTime).sort());
    }
  }
  const atom = new Uint32Array(first[candidates.length]);
  for (let c = 0; c < candidates.length; c++) atom.set(covered[c], first[c]);
  return { first, atom };
}
