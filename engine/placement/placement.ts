/**
 * Placement: which sites to open. The contract of the models; their list is in models.ts.
 *
 * Coverage is a graph question: could a unit standing at the site reach the demand within the threshold, driving only?
 * It knows no queue and no busy unit (see results/ for achieved coverage).
 */
import type { RoadPosition } from '../graph/road-graph.ts';
import { assert, InfeasibleError } from '../errors.ts';
import type { HighsLoader } from './solver.ts';

/** Sparse: demand atoms that candidate c can reach in time are `atom[first[c] .. first[c + 1])`, ascending. */
export interface CoverSets {
  first: Uint32Array;
  atom: Uint32Array;
}

export interface PlacementProblem {
  /** Candidate sites, with a name for people. */
  candidates: { name: string; position: RoadPosition }[];
  /** Weight of each demand atom (>= 0): expected calls an hour whose tier threshold the cover sets use. */
  weights: Float64Array;
  /** An atom belongs to the tier of its zone class; a site covers it when it is reached within that tier's threshold. */
  covers: CoverSets;
  /** Number of sites to open, required ones included. */
  sites: number;
  /** Candidate indices, ascending. */
  required: readonly number[];
  forbidden: readonly number[];
}

export interface PlacementPlan {
  /** Type of the model that found it. */
  model: string;
  /** Opened candidates, ascending. */
  open: number[];
  /** Covered weight: the weights of the covered atoms, added in the order of the atoms. */
  objective: number;
  /** No plan covers more than this, but for rounding (2^-40 of the whole demand). Equal to the objective when the plan is proven optimal. */
  bound: number;
  /** How the plan was found and what the bound is, in one sentence. */
  method: string;
}

/** What a model may need from outside the engine. */
export interface PlacementTools {
  /** Loads the solver; called only by models that solve exactly, and only when they do. */
  loadHighs: HighsLoader;
}

export interface PlacementModel {
  type: string;
  about: string;
  /**
   * Finds a plan for a problem that has passed `checkPlacementProblem`. Call `placeSites` (place.ts) instead, which
   * checks the problem before and the plan after.
   */
  place(problem: PlacementProblem, tools: PlacementTools): Promise<PlacementPlan>;
}

/** The candidates, demand and rules of a question about sites, without the number of sites. */
export type CoveringProblem = Omit<PlacementProblem, 'sites'>;

/**
 * States what must hold of the columns, then refuses questions that no set of sites can answer. Cost O(size).
 * @throws InfeasibleError when required and forbidden overlap
 */
export function checkCoveringProblem({
  candidates,
  weights,
  covers,
  required,
  forbidden,
}: CoveringProblem): void {
  const { first, atom } = covers;
  assert(first.length === candidates.length + 1 && first[0] === 0, 'cover sets do not match the candidates');
  assert(first[candidates.length] === atom.length, 'cover sets do not span their column');
  for (let c = 0; c < candidates.length; c++) {
    assert(first[c] <= first[c + 1], () => `cover sets run back at candidate ${c}`);
    for (let i = first[c]; i < first[c + 1]; i++) {
      assert(atom[i] < weights.length, () => `candidate ${c} covers an atom out of range`);
      assert(i === first[c] || atom[i - 1] < atom[i], () => `cover set of candidate ${c} is not ascending`);
    }
  }
  let totalWeight = 0;
  for (const weight of weights) {
    assert(weight >= 0, 'a demand weight is negative or not a number');
    totalWeight += weight;
  }
  assert(totalWeight < Infinity, 'the demand weights have no finite sum');
  for (const list of [required, forbidden]) {
    for (let i = 0; i < list.length; i++) {
      assert(list[i] < candidates.length, 'a required or forbidden site is not a candidate');
      assert(i === 0 || list[i - 1] < list[i], 'required and forbidden sites must be ascending');
    }
  }
  const closed = new Set(forbidden);
  const both = required.filter((c) => closed.has(c)).map((c) => candidates[c].name);
  if (both.length > 0) throw new InfeasibleError(`sites both required and forbidden: ${listNames(both)}`);
}

/**
 * As `checkCoveringProblem`, and the number of sites is possible.
 * @throws InfeasibleError when no site set satisfies required, forbidden and sites
 */
export function checkPlacementProblem(problem: PlacementProblem): void {
  checkCoveringProblem(problem);
  const { candidates, sites, required, forbidden } = problem;
  assert(Number.isInteger(sites) && sites >= 1, 'the number of sites must be a whole number of at least 1');
  if (sites < required.length) {
    throw new InfeasibleError(`${sites} sites are to open but ${required.length} are required`);
  }
  const usable = candidates.length - forbidden.length;
  if (sites > usable) {
    throw new InfeasibleError(
      `${sites} sites are to open but only ${usable} candidates may be ` +
        `(${candidates.length} candidates, ${forbidden.length} of them forbidden)`,
    );
  }
}

/** The first ten names and how many follow. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
