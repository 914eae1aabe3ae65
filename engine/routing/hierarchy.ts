/**
 * The customizable contraction hierarchy of a topology and an order: which shortcuts there can be, whatever the travel
 * times. Dibbelt, Strasser, Wagner, "Customizable contraction hierarchies" (JEA 2016). From here on a node goes by its
 * place in a preorder of the elimination tree: a root comes before all it is an ancestor of, a subtree is a range.
 */
import { assert } from '../errors.ts';
import { NONE } from '../units.ts';

export interface Hierarchy {
  nNodes: number;
  /** Place of each node, and node of each place. Children of a place follow it by falling rank, each with its subtree. */
  place: Uint32Array;
  node: Uint32Array;
  /** Elimination tree by place: the nearest higher neighbour in the completed graph, or the place itself at a root. */
  parent: Uint32Array;
  /** Number of ancestors, and the largest of these numbers (0 without nodes). */
  depth: Uint16Array;
  maxDepth: number;
  /** The subtree of place p is p .. subtreeEnd[p] - 1. */
  subtreeEnd: Uint32Array;
  /** Higher neighbours of p in the completed graph, all ancestors: up[firstUp[p] .. firstUp[p + 1]), ascending places. */
  firstUp: Uint32Array;
  up: Uint32Array;
  /** The same arcs from above: lower neighbours down[firstDown[p] ..), ascending; downArc says where each stands in `up`. */
  firstDown: Uint32Array;
  down: Uint32Array;
  downArc: Uint32Array;
  /**
   * Label entries of p, one for each ancestor from the root down and one for p itself: firstLabel[p] .. + depth[p]. Runs
   * begin at multiples of 4; firstLabel[nNodes] is the number of entries, fillers included. Meaningless where
   * `nLabels`, the same number, is beyond 2^32: such labels are never built.
   */
  firstLabel: Uint32Array;
  nLabels: number;
  /**
   * Sparse table of depths: entry i of row k, commonDepth[commonRow[k] + i], is the smallest depth among places
   * i .. i + 2^k - 1.
   */
  commonRow: Uint32Array;
  commonDepth: Uint16Array;
}

/** Runs of labels begin at multiples of this many entries: 16 bytes, what one SIMD instruction takes. */
const LANES = 4;

/** The next multiple of four, at least `count`. */
export const padded = (count: number): number => Math.ceil(count / LANES) * LANES;

/**
 * Completes the topology along the order and lays out its elimination tree.
 * Cost O(completed arcs + nodes log nodes), about 0.4 us a node on road networks.
 * @param rank  a permutation of the nodes: 0 is contracted first
 */
export function buildHierarchy(
  topology: { nNodes: number; first: Uint32Array; neighbour: Uint32Array },
  rank: Uint32Array,
): Hierarchy {
  const { nNodes } = topology;
  const { place, node, subtreeEnd, parent } = layOutTree(topology, rank);
  const depth = new Uint16Array(nNodes);
  let maxDepth = 0;
  const firstLabel = new Uint32Array(nNodes + 1);
  let nLabels = 0;
  for (let p = 0; p < nNodes; p++) {
    if (parent[p] !== p) {
      const d = depth[parent[p]] + 1;
      assert(d < 0xffff, 'the elimination tree is deeper than 65,534');
      depth[p] = d;
      if (d > maxDepth) maxDepth = d;
    }
    nLabels += padded(depth[p] + 1);
    firstLabel[p + 1] = nLabels;
  }
  return {
    nNodes,
    place,
    node,
    parent,
    depth,
    maxDepth,
    subtreeEnd,
    ...completedArcs(topology, { place, node, subtreeEnd }),
    firstLabel,
    nLabels,
    ...depthTable(depth),
  };
}

/**
 * The elimination tree (Liu, "A compact row storage scheme for Cholesky factors using
 * elimination trees", 1986) in preorder.
 */
function layOutTree(
  { nNodes, first, neighbour }: { nNodes: number; first: Uint32Array; neighbour: Uint32Array },
  rank: Uint32Array,
): { place: Uint32Array; node: Uint32Array; subtreeEnd: Uint32Array; parent: Uint32Array } {
  const nodeOfRank = new Uint32Array(nNodes);
  for (let v = 0; v < nNodes; v++) nodeOfRank[rank[v]] = v;
  /** By rank; NONE at a root. `above` is the same with paths cut short, to find the highest one so far. */
  const parentRank = new Uint32Array(nNodes).fill(NONE);
  const above = new Uint32Array(nNodes).fill(NONE);
  for (let r = 0; r < nNodes; r++) {
    const v = nodeOfRank[r];
    for (let i = first[v]; i < first[v + 1]; i++) {
      let s = rank[neighbour[i]];
      if (s >= r) continue;
      while (above[s] !== r) {
        const next = above[s];
        above[s] = r;
        if (next === NONE) {
          parentRank[s] = r;
          break;
        }
        s = next;
      }
    }
  }
  const size = new Uint32Array(nNodes).fill(1);
  for (let r = 0; r < nNodes; r++) if (parentRank[r] !== NONE) size[parentRank[r]] += size[r];
  // parents come first and children by falling rank, so each takes the next free range of its parent's
  const place = new Uint32Array(nNodes);
  const node = new Uint32Array(nNodes);
  const parent = new Uint32Array(nNodes);
  const subtreeEnd = new Uint32Array(nNodes);
  /** First place not yet given away, in the subtree of each place. */
  const free = new Uint32Array(nNodes);
  let freeRoot = 0;
  for (let r = nNodes - 1; r >= 0; r--) {
    const above = parentRank[r];
    const v = nodeOfRank[r];
    let p = freeRoot;
    if (above === NONE) {
      freeRoot += size[r];
      parent[p] = p;
    } else {
      const q = place[nodeOfRank[above]];
      p = free[q];
      free[q] += size[r];
      parent[p] = q;
    }
    place[v] = p;
    node[p] = v;
    free[p] = p + 1;
    subtreeEnd[p] = p + size[r];
  }
  return { place, node, subtreeEnd, parent };
}

type CompletedArcs = Pick<Hierarchy, 'firstUp' | 'up' | 'firstDown' | 'down' | 'downArc'>;

/** Whoever is above a child is above its parent: neighbours flow up the tree, from the last place to the first. */
function completedArcs(
  { nNodes, first, neighbour }: { nNodes: number; first: Uint32Array; neighbour: Uint32Array },
  { place, node, subtreeEnd }: { place: Uint32Array; node: Uint32Array; subtreeEnd: Uint32Array },
): CompletedArcs {
  const mark = new Uint32Array(nNodes);
  /** Higher neighbours of p, unsorted: found[start[p] ..), degree[p] of them. */
  const start = new Uint32Array(nNodes);
  const degree = new Uint32Array(nNodes);
  let found = new Uint32Array(4 * nNodes + 16);
  let end = 0;
  for (let p = nNodes - 1; p >= 0; p--) {
    start[p] = end;
    const v = node[p];
    let most = first[v + 1] - first[v];
    for (let child = p + 1; child < subtreeEnd[p]; child = subtreeEnd[child]) most += degree[child];
    if (end + most > found.length) {
      const larger = new Uint32Array(2 * found.length + most);
      larger.set(found);
      found = larger;
    }
    for (let i = first[v]; i < first[v + 1]; i++) {
      const q = place[neighbour[i]];
      if (q >= p || mark[q] === p + 1) continue;
      mark[q] = p + 1;
      found[end++] = q;
    }
    for (let child = p + 1; child < subtreeEnd[p]; child = subtreeEnd[child]) {
      for (let i = start[child]; i < start[child] + degree[child]; i++) {
        const q = found[i];
        if (q >= p || mark[q] === p + 1) continue;
        mark[q] = p + 1;
        found[end++] = q;
      }
    }
    degree[p] = end - start[p];
  }
  // listing the arcs by their upper and then by their lower end sorts both lists without comparing
  const firstUp = new Uint32Array(nNodes + 1);
  const firstDown = new Uint32Array(nNodes + 1);
  for (let p = 0; p < nNodes; p++) firstUp[p + 1] = firstUp[p] + degree[p];
  for (let i = 0; i < end; i++) firstDown[found[i] + 1]++;
  for (let q = 0; q < nNodes; q++) firstDown[q + 1] += firstDown[q];
  const down = new Uint32Array(end);
  const next = firstDown.slice(0, nNodes);
  for (let p = 0; p < nNodes; p++) {
    for (let i = start[p]; i < start[p] + degree[p]; i++) down[next[found[i]]++] = p;
  }
  const up = new Uint32Array(end);
  const downArc = new Uint32Array(end);
  next.set(firstUp.subarray(0, nNodes));
  for (let q = 0; q < nNodes; q++) {
    for (let i = firstDown[q]; i < firstDown[q + 1]; i++) {
      const arc = next[down[i]]++;
      up[arc] = q;
      downArc[i] = arc;
    }
  }
  return { firstUp, up, firstDown, down, downArc };
}

function depthTable(depth: Uint16Array): { commonRow: Uint32Array; commonDepth: Uint16Array } {
  const n = depth.length;
  const rows: number[] = [];
  let size = 0;
  for (let width = 1; width <= n; width *= 2) {
    rows.push(size);
    size += n - width + 1;
  }
  const commonDepth = new Uint16Array(size);
  commonDepth.set(depth);
  for (let k = 1; k < rows.length; k++) {
    const half = 2 ** (k - 1);
    const below = rows[k - 1];
    const row = rows[k];
    for (let i = 0; i + 2 * half <= n; i++) {
      const left = commonDepth[below + i];
      const right = commonDepth[below + i + half];
      commonDepth[row + i] = left < right ? left : right;
    }
  }
  return { commonRow: Uint32Array.from(rows), commonDepth };
}

/**
 * Number of common ancestors of two places, each counted as its own ancestor; 0 where they lie in different trees. For
 * places p < q it is the smallest depth in p + 1 .. q (Bender and Farach-Colton, "The LCA problem revisited", 2000). O(1).
 */
export function commonAncestors(
  { depth, commonRow, commonDepth }: Pick<Hierarchy, 'depth' | 'commonRow' | 'commonDepth'>,
  p: number,
  q: number,
): number {
  if (p === q) return depth[p] + 1;
  const low = p < q ? p : q;
  const high = p < q ? q : p;
  const level = 31 - Math.clz32(high - low);
  const row = commonRow[level];
  const left = commonDepth[row + low + 1];
  const right = commonDepth[row + high + 1 - 2 ** level];
  return left < right ? left : right;
}
