/**
 * Tree labels: for every node the exact time to and from each of its ancestors in the elimination tree. A fastest way
 * between two nodes passes one of their common ancestors, so a query is a minimum over two contiguous runs. Farhan,
 * Koehler, Ohms, Wang, "Hierarchical cut labelling" and "Customization meets 2-hop labeling" (VLDB 2023).
 */
import { UNREACHED_MS, type Ms } from '../units.ts';
import { commonAncestors, type Hierarchy } from './hierarchy.ts';

/** A missing time inside labels (12 days): two of them add up to an int32. */
export const LABEL_UNREACHED = 0x3fff_ffff;

export interface Labels {
  hierarchy: Hierarchy;
  /** By label entry of the hierarchy: time from a place to its ancestor, and back; LABEL_UNREACHED where there is no way. */
  toAncestor: Int32Array;
  fromAncestor: Int32Array;
}

/** Arcs between the nodes of a hierarchy. */
export interface WeightedArcs {
  nArcs: number;
  tail: Uint32Array;
  head: Uint32Array;
}

/** Memory that the labels of one metric take. */
export const labelBytes = ({ nLabels }: Hierarchy): number => 8 * nLabels;

/**
 * Customises the hierarchy to a metric and labels every node. Cost O(triangles + completed arcs x depth).
 * @returns null where a label takes more than six days: ways of two such labels could pass for unreached
 */
export function buildLabels(arcs: WeightedArcs, hierarchy: Hierarchy, timeMs: Uint32Array): Labels | null {
  const { nNodes, firstUp, up, depth, maxDepth, firstLabel, nLabels } = hierarchy;
  const { upTimeMs, downTimeMs } = customise(arcs, hierarchy, timeMs);
  const toAncestor = new Int32Array(nLabels).fill(LABEL_UNREACHED);
  const fromAncestor = new Int32Array(nLabels).fill(LABEL_UNREACHED);
  /** Where the labels of each ancestor of the current place begin. */
  const firstOfAncestor = new Uint32Array(maxDepth + 1);
  for (let p = 0; p < nNodes; p++) {
    const d = depth[p];
    const own = firstLabel[p];
    firstOfAncestor[d] = own;
    toAncestor[own + d] = 0;
    fromAncestor[own + d] = 0;
    for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
      const via = depth[up[i]];
      const viaLabels = firstOfAncestor[via];
      const there = upTimeMs[i];
      const back = downTimeMs[i];
      // ancestors of the neighbour, itself included: its own labels
      for (let j = 0; j <= via; j++) {
        const to = there + toAncestor[viaLabels + j];
        if (to < toAncestor[own + j]) toAncestor[own + j] = to;
        const from = back + fromAncestor[viaLabels + j];
        if (from < fromAncestor[own + j]) fromAncestor[own + j] = from;
      }
      // ancestors between the neighbour and the node: their labels towards the neighbour
      for (let j = via + 1; j < d; j++) {
        const label = firstOfAncestor[j] + via;
        const to = there + fromAncestor[label];
        if (to < toAncestor[own + j]) toAncestor[own + j] = to;
        const from = back + toAncestor[label];
        if (from < fromAncestor[own + j]) fromAncestor[own + j] = from;
      }
    }
  }
  const isExact = (label: number): boolean => label < LABEL_UNREACHED / 2 || label === LABEL_UNREACHED;
  if (!toAncestor.every(isExact) || !fromAncestor.every(isExact)) return null;
  return { hierarchy, toAncestor, fromAncestor };
}

/** Times of the completed arcs, upward and downward, such that no lower triangle improves one. */
function customise(
  { nArcs, tail, head }: WeightedArcs,
  { nNodes, place, firstUp, up }: Hierarchy,
  arcTimeMs: Uint32Array,
): { upTimeMs: Int32Array; downTimeMs: Int32Array } {
  const upTimeMs = new Int32Array(up.length).fill(LABEL_UNREACHED);
  const downTimeMs = new Int32Array(up.length).fill(LABEL_UNREACHED);
  for (let arc = 0; arc < nArcs; arc++) {
    const from = place[tail[arc]];
    const to = place[head[arc]];
    const timeMs = arcTimeMs[arc];
    if (from === to || timeMs >= LABEL_UNREACHED) continue;
    const low = Math.max(from, to);
    const i = findUp(firstUp, up, low, Math.min(from, to));
    const times = from === low ? upTimeMs : downTimeMs;
    if (timeMs < times[i]) times[i] = timeMs;
  }
  /** Where the arc to a higher neighbour stands, for the neighbour at hand. */
  const arcTo = new Int32Array(nNodes).fill(-1);
  for (let p = nNodes - 1; p >= 0; p--) {
    for (let k = firstUp[p]; k < firstUp[p + 1]; k++) {
      // the lower arc (p, up[k]) and each to a higher up[i] bound the arc between up[k] and up[i]
      const u = up[k];
      for (let i = firstUp[u]; i < firstUp[u + 1]; i++) arcTo[up[i]] = i;
      for (let i = firstUp[p]; i < k; i++) {
        const arc = arcTo[up[i]];
        const through = downTimeMs[k] + upTimeMs[i];
        if (through < upTimeMs[arc]) upTimeMs[arc] = through;
        const back = downTimeMs[i] + upTimeMs[k];
        if (back < downTimeMs[arc]) downTimeMs[arc] = back;
      }
    }
  }
  return { upTimeMs, downTimeMs };
}

function findUp(firstUp: Uint32Array, up: Uint32Array, p: number, q: number): number {
  let low = firstUp[p];
  let high = firstUp[p + 1] - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (up[middle] < q) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fastest time between two nodes, UNREACHED_MS where there is no way. Cost O(common ancestors), typically half a microsecond. */
export function nodeTimeMs({ hierarchy, toAncestor, fromAncestor }: Labels, from: number, to: number): Ms {
  const p = hierarchy.place[from];
  const q = hierarchy.place[to];
  const n = commonAncestors(hierarchy, p, q);
  const a = hierarchy.firstLabel[p];
  const b = hierarchy.firstLabel[q];
  let best = LABEL_UNREACHED;
  for (let j = 0; j < n; j++) {
    const time = toAncestor[a + j] + fromAncestor[b + j];
    if (time < best) best = time;
  }
  return best === LABEL_UNREACHED ? UNREACHED_MS : best;
}
