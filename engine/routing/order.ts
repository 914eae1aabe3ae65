/**
 * A contraction order by nested dissection, from the road topology alone: it serves every metric. Chains and dead ends
 * go first; the core that is left is cut into parts by small separators, which go last.
 */
import { NONE } from '../units.ts';
import { alongHilbertCurve } from './hilbert.ts';
import { contractChains } from './order-chains.ts';
import { DIRECTIONS, emptyParts, PartSplitter, wholeGraph, type Parts } from './order-parts.ts';
import { MinimumDegree } from './order-small.ts';
import { SeparatorWork } from './separator.ts';
import type { Topology } from './topology.ts';

/** Parts up to this size are ordered by minimum degree. */
const SMALL_PART = 32;
/** Parts below this size are cut in two directions only, east and north. */
const TWO_DIRECTIONS_BELOW = 200;

/**
 * The rank of each node: 0 is contracted first. The same topology gives the same order.
 * Cost about 5 us a node on road networks, growing about linearly.
 */
export function contractionOrder(topology: Topology): Uint32Array {
  const { nNodes } = topology;
  const rank = new Uint32Array(nNodes).fill(NONE);
  const { nContracted, degree, neighbour } = contractChains(topology, rank);
  const nCore = nNodes - nContracted;

  const kept = new Int32Array(nCore);
  let nKept = 0;
  for (let v = 0; v < nNodes; v++) if (rank[v] === NONE) kept[nKept++] = v;
  // nodes near each other on the map are near in memory
  const x = new Float64Array(nCore);
  const y = new Float64Array(nCore);
  placesOf(kept, topology, x, y);
  const sorted = alongHilbertCurve(x, y);
  const core = new Int32Array(nCore);
  const coreIx = new Int32Array(nNodes);
  for (let i = 0; i < nCore; i++) {
    core[i] = kept[sorted[i]];
    coreIx[core[i]] = i;
  }
  placesOf(core, topology, x, y);

  const first = new Int32Array(nCore + 1);
  for (let i = 0; i < nCore; i++) first[i + 1] = first[i] + degree[core[i]];
  const next = new Int32Array(first[nCore]);
  for (let i = 0; i < nCore; i++) {
    const from = topology.first[core[i]];
    for (let k = 0; k < degree[core[i]]; k++) next[first[i] + k] = coreIx[neighbour[from + k]];
  }
  const coreRank = orderCore(first, next, x, y);
  for (let i = 0; i < nCore; i++) rank[core[i]] = nContracted + coreRank[i];
  return rank;
}

function placesOf(nodes: Int32Array, topology: Topology, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < nodes.length; i++) {
    x[i] = topology.x[nodes[i]];
    y[i] = topology.y[nodes[i]];
  }
}

/** Ranks within the core, by rounds: each cuts all parts there are. Ranks are given from the top. */
function orderCore(first: Int32Array, next: Int32Array, x: Float64Array, y: Float64Array): Int32Array {
  const nNodes = x.length;
  const rank = new Int32Array(nNodes);
  const separator = new SeparatorWork(nNodes);
  const splitter = new PartSplitter(nNodes, SMALL_PART);
  const small = new MinimumDegree(first, next);
  const directions = new Int32Array(DIRECTIONS.length);
  let parts = emptyParts(nNodes, next.length);
  let into = emptyParts(nNodes, next.length);
  // the core itself need not be connected
  splitter.split(wholeGraph(first, next, x, y), 0, separator.cut, 0, parts);
  let nLeft = rankSmall(splitter, small, rank, nNodes);
  while (parts.nParts > 0) {
    into.nParts = 0;
    for (let p = 0; p < parts.nParts; p++) {
      const nDirections = likeliestDirections(parts, p, x, y, directions);
      separator.find(parts, parts.start[p], parts.start[p + 1], directions, nDirections);
      for (let i = 0; i < separator.nCut; i++) rank[parts.node[separator.cut[i]]] = --nLeft;
      splitter.split(parts, p, separator.cut, separator.nCut, into);
      nLeft = rankSmall(splitter, small, rank, nLeft);
    }
    const swap = parts;
    parts = into;
    into = swap;
  }
  return rank;
}

/** Ranks the small parts of the last split below `nLeft`. Returns how many nodes are left to rank. */
function rankSmall(splitter: PartSplitter, small: MinimumDegree, rank: Int32Array, nLeft: number): number {
  const { nSmall, smallStart, smallNode } = splitter;
  for (let c = 0; c < nSmall; c++) {
    nLeft -= smallStart[c + 1] - smallStart[c];
    small.order(smallNode, smallStart[c], smallStart[c + 1], rank, nLeft);
  }
  return nLeft;
}

/** The directions to cut a part in, those with the ends farthest apart first. Returns how many. */
function likeliestDirections(
  { start, node, along }: Parts,
  p: number,
  x: Float64Array,
  y: Float64Array,
  directions: Int32Array,
): number {
  const size = start[p + 1] - start[p];
  const ends = Math.floor(0.15 * size);
  const count = size < TWO_DIRECTIONS_BELOW ? 2 : DIRECTIONS.length;
  const distances = new Float64Array(count);
  for (let d = 0; d < count; d++) {
    const { x: dx, y: dy } = DIRECTIONS[d];
    const low = node[along[d][start[p] + ends]];
    const high = node[along[d][start[p + 1] - 1 - ends]];
    const distance = (dx * (x[high] - x[low]) + dy * (y[high] - y[low])) / Math.sqrt(dx * dx + dy * dy);
    let at = d;
    for (; at > 0 && distances[at - 1] < distance; at--) {
      distances[at] = distances[at - 1];
      directions[at] = directions[at - 1];
    }
    distances[at] = distance;
    directions[at] = d;
  }
  return count;
}
