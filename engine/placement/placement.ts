/**
 * Placement: which sites to open. The contract of the models, and their list.
 *
 * Coverage is a graph question: could a unit standing at the site reach the demand within the threshold, driving only?
 * It knows no queue and no busy unit (see results/ for achieved coverage).
 */
import type { RoadPosition } from '../graph/road-graph.ts';

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
  /** Covered weight. */
  objective: number;
  /** No plan covers more than this. Equal to the objective when the plan is proven optimal. */
  bound: number;
  /** How the plan was found and what the bound is, in one sentence. */
  method: string;
}

export interface PlacementModel {
  type: string;
  about: string;
  /** @throws InfeasibleError when no site set satisfies required, forbidden and sites */
  place(problem: PlacementProblem): Promise<PlacementPlan>;
}
