/**
 * The core of a covering question: what is left to decide when everything without choice is taken out. All exact and
 * heuristic models work on it.
 *
 * Weights become integers ("units", at most 2^50 in all), so that sums are exact in any order and equal plans compare
 * equal. The scale is a power of two: whole weights stay exact, others lose less than 2^-51 of the total each.
 */
import type { CoverSets } from './placement.ts';

/** What a covering question is made of; a `PlacementProblem` is one, and so is a core with some sites settled. */
interface CoveringQuestion {
  weights: Float64Array;
  covers: CoverSets;
  required: readonly number[];
  forbidden: readonly number[];
}

/** Incidence of candidates and atoms in both directions, lists ascending. */
export interface CoveringCore {
  /** Position in the question of each candidate of the core, ascending. */
  original: Uint32Array;
  nCandidates: number;
  nAtoms: number;
  /** Atoms of candidate c: atom[first[c] .. first[c + 1]). */
  first: Uint32Array;
  atom: Uint32Array;
  /** Candidates of atom a: candidate[firstOf[a] .. firstOf[a + 1]). */
  firstOf: Uint32Array;
  candidate: Uint32Array;
  /** Weight of each atom in units, > 0. */
  units: Float64Array;
  /** Units for a weight of 1; a power of two. */
  scale: number;
  /** Units that required sites cover, whatever else opens. */
  sureUnits: number;
  /** Positions in the question of atoms (of any weight) that no usable or required candidate covers. */
  uncoverable: number[];
}

const MAX_TOTAL_UNITS = 2 ** 50;
/** Weights so small that they need more than this are rounded to nothing. */
const MAX_SCALE = 2 ** 1000;

interface Rows {
  original: Uint32Array;
  first: Uint32Array;
  atom: Uint32Array;
  units: Float64Array;
}

/**
 * Takes out what needs no decision: forbidden candidates, atoms that a required site covers, atoms without weight or
 * coverer; joins atoms with the same coverers and drops candidates whose atoms another one covers too (the
 * lower-numbered of equal ones stays). No best objective is lost as long as there are sites to open beyond the core,
 * which `openSites` fills up. Cost about O(entries of the cover sets x a few).
 */
export function coveringCore({ weights, covers, required, forbidden }: CoveringQuestion): CoveringCore {
  const fixed = new Uint8Array(covers.first.length - 1);
  for (const c of forbidden) fixed[c] = 1;
  const sure = new Uint8Array(weights.length);
  for (const c of required) {
    fixed[c] = 1;
    for (let i = covers.first[c]; i < covers.first[c + 1]; i++) sure[covers.atom[i]] = 1;
  }
  const scale = unitScale(weights);
  const units = weights.map((weight) => Math.round(weight * scale));
  let sureUnits = 0;
  const live = new Uint8Array(weights.length);
  for (let a = 0; a < weights.length; a++) {
    if (sure[a] === 1) sureUnits += units[a];
    else if (units[a] > 0) live[a] = 1;
  }
  const usable = Uint32Array.from(fixed.keys()).filter((c) => fixed[c] === 0);
  let rows = keepAtoms({ original: usable, ...selectRows(covers, usable), units }, live);
  rows = mergeAtoms(rows);
  rows = mergeAtoms(dropDominated(rows));

  const covered = sure;
  for (const c of usable) {
    for (let i = covers.first[c]; i < covers.first[c + 1]; i++) covered[covers.atom[i]] = 1;
  }
  const uncoverable: number[] = [];
  for (let a = 0; a < weights.length; a++) if (covered[a] === 0) uncoverable.push(a);
  return {
    ...rows,
    ...transpose(rows),
    nCandidates: rows.original.length,
    nAtoms: rows.units.length,
    scale,
    sureUnits,
    uncoverable,
  };
}

/**
 * Opens the required sites, the chosen candidates of the core, and as many of the lowest-numbered others as are
 * missing to `sites`; ascending.
 */
export function openSites(
  { covers, required, forbidden }: CoveringQuestion,
  core: CoveringCore,
  chosen: readonly number[],
  sites: number,
): number[] {
  const isOpen = new Uint8Array(covers.first.length - 1);
  const isFree = new Uint8Array(isOpen.length).fill(1);
  for (const c of [...required, ...chosen.map((c) => core.original[c])]) isOpen[c] = 1;
  for (const c of forbidden) isFree[c] = 0;
  let missing = sites - required.length - chosen.length;
  const open: number[] = [];
  for (let c = 0; c < isOpen.length; c++) {
    if (isOpen[c] === 0 && isFree[c] === 1 && missing > 0) {
      isOpen[c] = 1;
      missing--;
    }
    if (isOpen[c] === 1) open.push(c);
  }
  return open;
}

/** Units that the chosen candidates of the core cover together with the required sites. */
export function coveredUnits(core: CoveringCore, chosen: readonly number[]): number {
  const covered = new Uint8Array(core.nAtoms);
  let sum = core.sureUnits;
  for (const c of chosen) {
    for (let i = core.first[c]; i < core.first[c + 1]; i++) {
      const a = core.atom[i];
      if (covered[a] === 0) sum += core.units[a];
      covered[a] = 1;
    }
  }
  return sum;
}

/** The largest power of two that keeps the total within 2^50 units (1 when there is no weight). */
function unitScale(weights: Float64Array): number {
  let total = 0;
  for (const weight of weights) total += weight;
  if (total === 0) return 1;
  let scale = 1;
  while (total * scale > MAX_TOTAL_UNITS) scale /= 2;
  while (total * scale * 2 <= MAX_TOTAL_UNITS && scale < MAX_SCALE) scale *= 2;
  return scale;
}

function selectRows({ first, atom }: { first: Uint32Array; atom: Uint32Array }, rows: Uint32Array) {
  const newFirst = new Uint32Array(rows.length + 1);
  for (let r = 0; r < rows.length; r++) newFirst[r + 1] = newFirst[r] + first[rows[r] + 1] - first[rows[r]];
  const newAtom = new Uint32Array(newFirst[rows.length]);
  for (let r = 0; r < rows.length; r++)
    newAtom.set(atom.subarray(first[rows[r]], first[rows[r] + 1]), newFirst[r]);
  return { first: newFirst, atom: newAtom };
}

/** Keeps the marked atoms and numbers them anew in their order. */
function keepAtoms({ original, first, atom, units }: Rows, keep: Uint8Array): Rows {
  const number = new Uint32Array(units.length);
  let kept = 0;
  for (let a = 0; a < units.length; a++) if (keep[a] === 1) number[a] = kept++;
  const newFirst = new Uint32Array(first.length);
  const newAtom = new Uint32Array(atom.length);
  let end = 0;
  for (let c = 0; c < original.length; c++) {
    for (let i = first[c]; i < first[c + 1]; i++) if (keep[atom[i]] === 1) newAtom[end++] = number[atom[i]];
    newFirst[c + 1] = end;
  }
  return {
    original,
    first: newFirst,
    atom: newAtom.slice(0, end),
    units: units.filter((_, a) => keep[a] === 1),
  };
}

/** Joins atoms with the same coverers into the first of them, and drops atoms without any. */
function mergeAtoms(rows: Rows): Rows {
  const { firstOf, candidate } = transpose(rows);
  const units = rows.units.slice();
  const keep = new Uint8Array(units.length);
  const byHash = new Map<number, number[]>();
  for (let a = 0; a < units.length; a++) {
    const from = firstOf[a];
    const length = firstOf[a + 1] - from;
    if (length === 0) continue;
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ candidate[from + i], 0x01000193);
    const group = byHash.get(hash);
    const twin = group?.find((b) => {
      if (firstOf[b + 1] - firstOf[b] !== length) return false;
      for (let i = 0; i < length; i++) if (candidate[firstOf[b] + i] !== candidate[from + i]) return false;
      return true;
    });
    if (twin !== undefined) {
      units[twin] += units[a];
      continue;
    }
    keep[a] = 1;
    if (group === undefined) byHash.set(hash, [a]);
    else group.push(a);
  }
  return keepAtoms({ ...rows, units }, keep);
}

/** Drops candidates whose atoms are all covered by one other candidate: that one is among the coverers of the rarest atom. */
function dropDominated(rows: Rows): Rows {
  const { original, first, atom } = rows;
  const { firstOf, candidate } = transpose(rows);
  const dominates = (d: number, c: number): boolean => {
    const sizeC = first[c + 1] - first[c];
    const sizeD = first[d + 1] - first[d];
    if (sizeD < sizeC || (sizeD === sizeC && d >= c)) return false;
    let j = first[d];
    for (let i = first[c]; i < first[c + 1]; i++) {
      while (j < first[d + 1] && atom[j] < atom[i]) j++;
      if (j === first[d + 1] || atom[j] !== atom[i]) return false;
    }
    return true;
  };
  const kept: number[] = [];
  for (let c = 0; c < original.length; c++) {
    if (first[c] === first[c + 1]) continue;
    let rarest = atom[first[c]];
    for (let i = first[c]; i < first[c + 1]; i++) {
      const a = atom[i];
      if (firstOf[a + 1] - firstOf[a] < firstOf[rarest + 1] - firstOf[rarest]) rarest = a;
    }
    let dominated = false;
    for (let i = firstOf[rarest]; i < firstOf[rarest + 1] && !dominated; i++)
      dominated = dominates(candidate[i], c);
    if (!dominated) kept.push(c);
  }
  const keptRows = Uint32Array.from(kept);
  return { original: keptRows.map((c) => original[c]), ...selectRows(rows, keptRows), units: rows.units };
}

function transpose({ original, first, atom, units }: Rows): { firstOf: Uint32Array; candidate: Uint32Array } {
  const firstOf = new Uint32Array(units.length + 1);
  for (const a of atom) firstOf[a + 1]++;
  for (let a = 0; a < units.length; a++) firstOf[a + 1] += firstOf[a];
  const end = firstOf.slice(0, units.length);
  const candidate = new Uint32Array(atom.length);
  for (let c = 0; c < original.length; c++) {
    for (let i = first[c]; i < first[c + 1]; i++) candidate[end[atom[i]]++] = c;
  }
  return { firstOf, candidate };
}
