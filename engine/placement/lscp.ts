/**
 * The fewest sites that reach everything in time: the location set covering problem (Toregas, Swain, ReVelle,
 * Bergman, "The location of emergency service facilities", Operations Research 19, 1971). With the existing sites
 * required it answers "how many must be added".
 *
 *     minimise sum x_c   subject to   sum of x_c over the coverers of a >= 1 for every atom a,   x in {0, 1}
 */
import { InfeasibleError } from '../errors.ts';
import { coveredUnits, coveringCore, openSites, type CoveringCore } from './covering-core.ts';
import { greedySites, interchange } from './interchange.ts';
import { lagrangian } from './lagrangian.ts';
import { checkCoveringProblem, listNames, type CoveringProblem, type PlacementTools } from './placement.ts';
import { loadHighs, solveBinaryProgram, type BinaryProgram } from './solver.ts';
import { verifyFewest } from './verify.ts';

export interface FewestPlan {
  /** Opened candidates, required ones included, ascending. */
  open: number[];
  /** Sites opened beyond the required ones. */
  added: number;
  /** No set of sites that reaches everything adds fewer. Equal to `added` when proven. */
  bound: number;
  /** How the plan was found and what the bound is, in one sentence. */
  method: string;
}

/**
 * As MCLP_EXACT_LIMITS: by size alone. Random cities, where all sites are alike, are the hard case: the solver spends
 * all its nodes on them, up to 15 s at 10,000 entries.
 */
export const LSCP_EXACT_LIMITS = { columns: 20_000, entries: 10_000 } as const;

/**
 * Opens the fewest sites that cover every atom, whatever its weight; required sites stay open, forbidden ones closed.
 * Exact up to LSCP_EXACT_LIMITS, beyond them greedy with a bound. Among equally few the choice settles on
 * lower-numbered candidates. The plan has been verified.
 * @param atomName  how an atom is called in an error
 * @throws InfeasibleError naming the atoms that no usable candidate covers
 */
export async function placeFewest(
  problem: CoveringProblem,
  {
    tools = { loadHighs },
    atomName = (atom: number) => `demand atom ${atom}`,
  }: { tools?: PlacementTools; atomName?: (atom: number) => string } = {},
): Promise<FewestPlan> {
  checkCoveringProblem(problem);
  const question = { ...problem, weights: new Float64Array(problem.weights.length).fill(1) };
  const core = coveringCore(question);
  if (core.uncoverable.length > 0) {
    throw new InfeasibleError(`no site reaches in time: ${listNames(core.uncoverable.map(atomName))}`);
  }
  const { chosen, bound, method } = await coverCore(core, tools);
  const sites = problem.required.length + chosen.length;
  const open = openSites(question, core, interchange(core, chosen).chosen, sites);
  const plan: FewestPlan = { open, added: chosen.length, bound, method };
  verifyFewest(problem, plan);
  return plan;
}

async function coverCore(core: CoveringCore, tools: PlacementTools) {
  const { chosen, bound } = shrinkCover(core, withoutSpare(core, greedyCover(core)), dualAscent(core));
  if (bound === chosen.length) {
    return { chosen, bound, method: 'Greedy with swaps, proven fewest by the Lagrangian bound.' };
  }
  const { columns, entries } = LSCP_EXACT_LIMITS;
  if (core.nCandidates > columns || core.atom.length > entries) {
    const method =
      'Greedy with swaps, being too large for the exact method; the bound is the Lagrangian one.';
    return { chosen, bound, method };
  }
  const answer = solveBinaryProgram(await tools.loadHighs(), coverProgram(core, chosen));
  if (answer.optimal) {
    const method = 'Proven fewest by branch and cut (HiGHS).';
    return { chosen: answer.chosen, bound: answer.chosen.length, method };
  }
  const method = `Branch and cut (HiGHS) ended after ${answer.nodes} nodes; the bound is what it had proven by then.`;
  return { chosen: answer.chosen, bound: Math.max(bound, Math.ceil(answer.bound - 1e-6)), method };
}

/**
 * Fewer sites by asking how much one site less can cover: everything (then it does), less for sure (then no set is
 * smaller), or unknown (then the same bound with still fewer sites gives the least number not ruled out).
 */
function shrinkCover(
  core: CoveringCore,
  cover: readonly number[],
  lower: number,
): { chosen: number[]; bound: number } {
  let allUnits = 0;
  for (const unit of core.units) allUnits += unit;
  let chosen = [...cover];
  while (chosen.length > lower) {
    const dual = lagrangian(core, chosen.length - 1, interchange(core, withoutLeast(core, chosen)).chosen);
    if (coveredUnits(core, dual.plan) === allUnits) chosen = dual.plan;
    else if (dual.boundUnits < allUnits) lower = chosen.length;
    else break;
  }
  let notRuledOut = chosen.length - 1;
  while (lower < notRuledOut) {
    const middle = (lower + notRuledOut) >> 1;
    if (lagrangian(core, middle, greedySites(core, middle)).boundUnits < allUnits) lower = middle + 1;
    else notRuledOut = middle;
  }
  return { chosen, bound: lower };
}

/** Without the site whose loss uncovers least (the highest-numbered on a tie). */
function withoutLeast(core: CoveringCore, chosen: readonly number[]): number[] {
  let best: number[] = [];
  let bestUnits = -1;
  for (const out of chosen) {
    const rest = chosen.filter((c) => c !== out);
    const units = coveredUnits(core, rest);
    if (units >= bestUnits) {
      best = rest;
      bestUnits = units;
    }
  }
  return best;
}

/** Greedy sites, as few as cover everything: the greedy choice is nested, so the number is found by halving. */
function greedyCover(core: CoveringCore): number[] {
  let low = 0;
  let high = core.nCandidates;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (coversAll(core, greedySites(core, middle))) high = middle;
    else low = middle + 1;
  }
  return greedySites(core, high);
}

function coversAll({ first, atom, nAtoms }: CoveringCore, chosen: readonly number[]): boolean {
  const covered = new Uint8Array(nAtoms);
  for (const c of chosen) for (let i = first[c]; i < first[c + 1]; i++) covered[atom[i]] = 1;
  return covered.every((flag) => flag === 1);
}

/** Drops, highest-numbered first, candidates whose atoms others cover too. */
function withoutSpare({ first, atom, nAtoms }: CoveringCore, chosen: readonly number[]): number[] {
  const nCoverers = new Uint32Array(nAtoms);
  for (const c of chosen) for (let i = first[c]; i < first[c + 1]; i++) nCoverers[atom[i]]++;
  const kept: number[] = [];
  for (const c of chosen.toReversed()) {
    const own = atom.subarray(first[c], first[c + 1]);
    if (own.some((a) => nCoverers[a] === 1)) kept.push(c);
    else for (const a of own) nCoverers[a]--;
  }
  return kept.reverse();
}

/**
 * A lower bound: prices on atoms such that no candidate's atoms cost more than 1 in all; their sum, rounded up, is
 * needed. Atoms with few coverers are priced first, as high as the slack of their coverers allows.
 */
function dualAscent({ nCandidates, nAtoms, firstOf, candidate }: CoveringCore): number {
  const slack = new Float64Array(nCandidates).fill(1);
  const order = Array.from({ length: nAtoms }, (_, a) => a);
  order.sort((a, b) => firstOf[a + 1] - firstOf[a] - (firstOf[b + 1] - firstOf[b]) || a - b);
  let sum = 0;
  for (const a of order) {
    let price = 1;
    for (let i = firstOf[a]; i < firstOf[a + 1]; i++) price = Math.min(price, slack[candidate[i]]);
    for (let i = firstOf[a]; i < firstOf[a + 1]; i++) slack[candidate[i]] -= price;
    sum += price;
  }
  return sum; // whole: the first price that touches a candidate takes all its slack
}

function coverProgram(core: CoveringCore, start: readonly number[]): BinaryProgram {
  const { nCandidates, nAtoms, firstOf, candidate } = core;
  const incumbent = new Float64Array(nCandidates);
  for (const c of start) incumbent[c] = 1;
  return {
    maximise: false,
    nBinary: nCandidates,
    cost: new Float64Array(nCandidates).fill(1),
    rowLower: Array.from({ length: nAtoms }, () => 1),
    rowUpper: Array.from({ length: nAtoms }, () => Infinity),
    firstEntry: Array.from(firstOf),
    column: Array.from(candidate),
    value: Array.from(candidate, () => 1),
    incumbent,
  };
}
