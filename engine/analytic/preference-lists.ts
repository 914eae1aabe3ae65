/** In which order the units are asked: the different lists of a model's atoms, and groups of units that are equally good. */
import type { HypercubeModel } from './hypercube-model.ts';

/** Cities have many atoms and fewer lists. */
export interface PreferenceLists {
  nLists: number;
  /** Calls of all atoms with the list. */
  callRate: Float64Array;
  /** List of each atom. */
  ofAtom: Uint32Array;
  /** Row-major, lists x units: as `HypercubeModel.preference`, equally good units by number. */
  order: Uint16Array;
  /** Row-major, lists x units: where a group of equally good units begins how many they are, 0 within a group. */
  groupSize: Uint16Array;
}

/** Lists in order of the first atom of each, found by hash. Cost O(atoms x units). */
export function preferenceLists({
  nUnits,
  nAtoms,
  callRate,
  preference,
  tied,
}: HypercubeModel): PreferenceLists {
  const order = preference.slice();
  const groupSize = new Uint16Array(order.length).fill(1);
  if (tied !== null) groupTies(order, groupSize, tied, nUnits);
  const sameHash = new Map<number, number[]>();
  const ofAtom = new Uint32Array(nAtoms);
  const rates: number[] = [];
  // lists found so far are moved to the front of the columns: list l never stands behind the atom it came from
  for (let atom = 0; atom < nAtoms; atom++) {
    const at = atom * nUnits;
    let hash = 0;
    for (let i = at; i < at + nUnits; i++)
      hash = (Math.imul(hash, 0x01000193) ^ order[i] ^ (groupSize[i] << 16)) | 0;
    let known = sameHash.get(hash);
    if (known === undefined) sameHash.set(hash, (known = []));
    let list = known.find((l) => isSameRow(order, groupSize, l * nUnits, at, nUnits));
    if (list === undefined) {
      list = rates.push(0) - 1;
      known.push(list);
      order.copyWithin(list * nUnits, at, at + nUnits);
      groupSize.copyWithin(list * nUnits, at, at + nUnits);
    }
    rates[list] += callRate[atom];
    ofAtom[atom] = list;
  }
  const end = rates.length * nUnits;
  return {
    nLists: rates.length,
    callRate: Float64Array.from(rates),
    ofAtom,
    order: order.slice(0, end),
    groupSize: groupSize.slice(0, end),
  };
}

function groupTies(order: Uint16Array, groupSize: Uint16Array, tied: Uint8Array, nUnits: number): void {
  for (let row = 0; row < order.length; row += nUnits) {
    for (let from = row; from < row + nUnits;) {
      let to = from + 1;
      while (to < row + nUnits && tied[to - 1] === 1) to++;
      order.subarray(from, to).sort();
      groupSize.fill(0, from, to);
      groupSize[from] = to - from;
      from = to;
    }
  }
}

function isSameRow(
  order: Uint16Array,
  groupSize: Uint16Array,
  a: number,
  b: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) {
    if (order[a + i] !== order[b + i] || groupSize[a + i] !== groupSize[b + i]) return false;
  }
  return true;
}

/**
 * In a random order of a group of t units, the chance that just a given set of k others stands before a given unit, for
 * k = 0..t-1: k! (t-1-k)! / t!.
 */
export function orderShares(t: number): number[] {
  const shares: number[] = [];
  let share = 1 / t;
  for (let before = 0; before < t; before++) {
    shares.push(share);
    share *= (before + 1) / (t - 1 - before);
  }
  return shares;
}

/** Row-major, atoms x units, of shares by list. */
export function sharesByAtom(
  { ofAtom }: PreferenceLists,
  ofLists: Float64Array,
  nUnits: number,
): Float64Array {
  const shares = new Float64Array(ofAtom.length * nUnits);
  ofAtom.forEach((list, atom) => {
    shares.set(ofLists.subarray(list * nUnits, (list + 1) * nUnits), atom * nUnits);
  });
  return shares;
}
