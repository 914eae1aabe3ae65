/**
 * Maximal covering location (Church and ReVelle, "The maximal covering location problem", Papers of the Regional
 * Science Association 32, 1974): open p sites so that the weight within reach of an open site is greatest.
 *
 *     maximise sum w_a y_a   subject to   y_a <= sum of x_c over the coverers of a,   sum x_c = p,   x in {0, 1}
 */
import { coveredUnits, coveringCore, openSites, type CoveringCore } from './covering-core.ts';
import { planOf } from './covering-plan.ts';
import { greedySites, interchange } from './interchange.ts';
import { lagrangian, type LagrangianResult } from './lagrangian.ts';
import { solveMclp } from './mclp-program.ts';
import type { PlacementModel, PlacementTools } from './placement.ts';

/**
 * What is left to decide after all reductions must be this small for the exact method: candidates and atoms together
 * (columns), and pairs of a candidate and an atom it covers (entries). Set by size alone, so that the same question
 * is answered the same way on every machine. On random cities 40,000 entries take 5 to 15 s, 10,000 under 2 s.
 */
const MCLP_EXACT_LIMITS = { columns: 20_000, entries: 40_000 } as const;

/** A gap below this share of the covered weight is rounding inside the solver. */
const SOLVER_ROUNDING = 1e-9;

const PROVEN_BY_DUAL = 'Proven optimal by the Lagrangian bound.';

export const mclp: PlacementModel = {
  type: 'mclp',
  about:
    'Maximal covering (Church and ReVelle 1974): the sites that reach the most expected calls in time. Exact where the question is small enough, otherwise greedy with swaps and a bound.',
  async place(problem, tools) {
    const core = coveringCore(problem);
    const count = Math.min(problem.sites - problem.required.length, core.nCandidates);
    const dual = lagrangian(core, count, interchange(core, greedySites(core, count)).chosen);
    if (dual.boundUnits === coveredUnits(core, dual.plan)) {
      return planOf(mclp.type, problem, core, {
        chosen: dual.plan,
        boundUnits: dual.boundUnits,
        method: PROVEN_BY_DUAL,
      });
    }
    return planOf(mclp.type, problem, core, await solveRest(core, count, dual, tools));
  },
};

/** Decides what the dual left open: the plans that may be better than its own. */
async function solveRest(core: CoveringCore, count: number, dual: LagrangianResult, tools: PlacementTools) {
  const marked = (flags: Uint8Array) => Array.from(flags.keys()).filter((c) => flags[c] === 1);
  const question = {
    weights: core.units,
    covers: core,
    required: marked(dual.opened),
    forbidden: marked(dual.closed),
  };
  const rest = coveringCore(question);
  const restCount = Math.min(count - question.required.length, rest.nCandidates);
  const { columns, entries } = MCLP_EXACT_LIMITS;
  if (rest.nCandidates + rest.nAtoms > columns || rest.atom.length > entries) {
    const method =
      'Greedy, Lagrangian rounds and swaps, being too large for the exact method; the bound is the Lagrangian one.';
    return { chosen: dual.plan, boundUnits: dual.boundUnits, method };
  }
  if (restCount === 0) {
    // Only one plan is left, so the better of the two is the best.
    const chosen = betterOf(core, openSites(question, rest, [], count), dual.plan);
    return { chosen, boundUnits: coveredUnits(core, chosen), method: PROVEN_BY_DUAL };
  }
  const start = interchange(rest, greedySites(rest, restCount)).chosen;
  const answer = await solveMclp(rest, restCount, start, tools);
  const found = interchange(core, openSites(question, rest, answer.chosen, count)).chosen;
  const chosen = betterOf(core, found, dual.plan);
  const reached = coveredUnits(core, chosen);
  const boundUnits = Math.min(dual.boundUnits, core.sureUnits + answer.boundUnits / rest.scale);
  if (answer.optimal && boundUnits - reached <= SOLVER_ROUNDING * reached) {
    return { chosen, boundUnits: reached, method: 'Proven optimal by branch and cut (HiGHS).' };
  }
  const method = `Branch and cut (HiGHS) ended after ${answer.nodes} nodes; the bound is what it had proven by then.`;
  return { chosen, boundUnits, method };
}

function betterOf(
  core: CoveringCore,
  plan: readonly number[],
  otherwise: readonly number[],
): readonly number[] {
  return coveredUnits(core, plan) > coveredUnits(core, otherwise) ? plan : otherwise;
}
