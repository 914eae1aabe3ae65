/**
 * Greedy adding and interchange for covering (Church and ReVelle 1974 compare both). All sums are of integer units,
 * so the result depends on no order of addition; ties go to lower-numbered candidates.
 */
import type { CoveringCore } from './covering-core.ts';

/** Elementary steps that the interchange may take before it stops: a few seconds. A count, so that every machine stops alike. */
const MAX_STEPS = 2e9;

/**
 * Opens `count` candidates (at most all), each time the one that adds most; ascending. Within 1 - 1/e of the best
 * (Nemhauser, Wolsey, Fisher 1978). Cost O(entries + candidates x count).
 */
export function greedySites(core: CoveringCore, count: number): number[] {
  const { nCandidates, first, atom, firstOf, candidate, units } = core;
  const gain = marginalGains(core, new Uint8Array(core.nAtoms));
  const covered = new Uint8Array(core.nAtoms);
  const open = new Uint8Array(nCandidates);
  for (let step = 0; step < Math.min(count, nCandidates); step++) {
    let best = -1;
    for (let c = 0; c < nCandidates; c++) if (open[c] === 0 && (best < 0 || gain[c] > gain[best])) best = c;
    open[best] = 1;
    for (let i = first[best]; i < first[best + 1]; i++) {
      const a = atom[i];
      if (covered[a] === 1) continue;
      covered[a] = 1;
      for (let j = firstOf[a]; j < firstOf[a + 1]; j++) gain[candidate[j]] -= units[a];
    }
  }
  return listOpen(open);
}

/** Units that each candidate would add to what is covered. */
function marginalGains(core: CoveringCore, covered: Uint8Array): Float64Array {
  const gain = new Float64Array(core.nCandidates);
  for (let c = 0; c < core.nCandidates; c++) {
    for (let i = core.first[c]; i < core.first[c + 1]; i++) {
      if (covered[core.atom[i]] === 0) gain[c] += core.units[core.atom[i]];
    }
  }
  return gain;
}

interface Interchange {
  /** Ascending. */
  chosen: number[];
  swaps: number;
  /** False when the limit of steps stopped it before a local optimum. */
  settled: boolean;
}

/**
 * Swaps one open candidate for one closed until no swap covers more (best swap first; Teitz and Bart's vertex
 * substitution, with gain and loss kept apart as Resende and Werneck 2007 do for the p-median). A swap that covers
 * the same is made when it opens a lower-numbered candidate, so that equally good plans settle on one of them.
 * Cost of a swap O(entries + candidates x chosen).
 */
export function interchange(core: CoveringCore, start: readonly number[]): Interchange {
  const { nCandidates, nAtoms, first, atom, units } = core;
  const nOpen = start.length;
  if (nOpen === 0 || nOpen === nCandidates) return { chosen: [...start], swaps: 0, settled: true };
  const open = new Uint8Array(nCandidates);
  const nCoverers = new Uint32Array(nAtoms);
  const covererSum = new Float64Array(nAtoms); // sum of the open coverers' numbers: where there is one, that is it
  const setOpen = (c: number, isOpen: 0 | 1) => {
    open[c] = isOpen;
    const sign = isOpen === 1 ? 1 : -1;
    for (let i = first[c]; i < first[c + 1]; i++) {
      nCoverers[atom[i]] += sign;
      covererSum[atom[i]] += sign * c;
    }
  };
  for (const c of start) setOpen(c, 1);

  const loss = new Float64Array(nCandidates);
  const shared = new Float64Array(nCandidates);
  const maxSwaps = Math.max(100, Math.floor(MAX_STEPS / (atom.length + nCandidates * nOpen)));
  for (let swaps = 0; ; swaps++) {
    const opened = listOpen(open);
    if (swaps === maxSwaps) return { chosen: opened, swaps, settled: false };
    loss.fill(0);
    for (let a = 0; a < nAtoms; a++) if (nCoverers[a] === 1) loss[covererSum[a]] += units[a];
    let bestChange = 0;
    let bestIn = -1;
    let bestOut = -1;
    for (let c = 0; c < nCandidates; c++) {
      if (open[c] === 1) continue;
      let gain = 0;
      for (let i = first[c]; i < first[c + 1]; i++) {
        const a = atom[i];
        if (nCoverers[a] === 0) gain += units[a];
        else if (nCoverers[a] === 1) shared[covererSum[a]] += units[a];
      }
      for (const out of opened) {
        const change = gain + shared[out] - loss[out];
        shared[out] = 0;
        if (change > bestChange || (change === 0 && bestChange === 0 && bestIn < 0 && c < out)) {
          bestChange = change;
          bestIn = c;
          bestOut = out;
        }
      }
    }
    if (bestIn < 0) return { chosen: opened, swaps, settled: true };
    setOpen(bestOut, 0);
    setOpen(bestIn, 1);
  }
}

function listOpen(open: Uint8Array): number[] {
  const list: number[] = [];
  for (let c = 0; c < open.length; c++) if (open[c] === 1) list.push(c);
  return list;
}
