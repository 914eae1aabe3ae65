/** Maximal covering as a binary program, solved by HiGHS. */
import { coveredUnits, type CoveringCore } from './covering-core.ts';
import type { PlacementTools } from './placement.ts';
import { solveBinaryProgram, type BinaryProgram } from './solver.ts';

/** Costs are scaled to this total: large against the solver's absolute tolerances, small against its large numbers. */
const SOLVER_TOTAL = 2 ** 20;

interface MclpAnswer {
  /** Candidates of the core, ascending. */
  chosen: number[];
  /** Units that no choice exceeds, required sites' units included. */
  boundUnits: number;
  optimal: boolean;
  nodes: number;
}

/**
 * Opens `count` candidates of a core so that they cover most.
 * @param start  a plan to begin with
 */
export async function solveMclp(
  core: CoveringCore,
  count: number,
  start: readonly number[],
  tools: PlacementTools,
): Promise<MclpAnswer> {
  if (count === 0 || count === core.nCandidates) {
    return { chosen: [...start], boundUnits: coveredUnits(core, start), optimal: true, nodes: 0 };
  }
  let totalUnits = 0;
  for (const unit of core.units) totalUnits += unit;
  let unitsPerCost = 1;
  while (totalUnits / unitsPerCost > SOLVER_TOTAL) unitsPerCost *= 2;
  const program = mclpProgram(core, count, start, unitsPerCost);
  const { bound, ...answer } = solveBinaryProgram(await tools.loadHighs(), program);
  return { ...answer, boundUnits: core.sureUnits + bound * unitsPerCost };
}

/** An atom with a single coverer needs no column: its weight is part of the coverer's cost. */
function mclpProgram(
  { nCandidates, nAtoms, firstOf, candidate, units }: CoveringCore,
  count: number,
  start: readonly number[],
  unitsPerCost: number,
): BinaryProgram {
  const candidates = Array.from({ length: nCandidates }, (_, c) => c);
  const cost = candidates.map(() => 0);
  const incumbent = candidates.map(() => 0);
  for (const c of start) incumbent[c] = 1;
  const rowLower = [count];
  const rowUpper = [count];
  const firstEntry = [0, nCandidates];
  const column = [...candidates];
  const value = candidates.map(() => 1);
  for (let a = 0; a < nAtoms; a++) {
    if (firstOf[a + 1] - firstOf[a] === 1) {
      cost[candidate[firstOf[a]]] += units[a] / unitsPerCost;
      continue;
    }
    let isCovered = 0;
    for (let i = firstOf[a]; i < firstOf[a + 1]; i++) {
      column.push(candidate[i]);
      value.push(1);
      if (incumbent[candidate[i]] === 1) isCovered = 1;
    }
    column.push(cost.length);
    value.push(-1);
    cost.push(units[a] / unitsPerCost);
    incumbent.push(isCovered);
    rowLower.push(0);
    rowUpper.push(Infinity);
    firstEntry.push(column.length);
  }
  return {
    maximise: true,
    nBinary: nCandidates,
    cost: Float64Array.from(cost),
    rowLower,
    rowUpper,
    firstEntry,
    column,
    value,
    incumbent: Float64Array.from(incumbent),
  };
}
