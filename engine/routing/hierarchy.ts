/**
 * The customizable contraction hierarchy of a topology and an order: which shortcuts there can be, whatever the travel
 * times. Dibbelt, Strasser, Wagner, "Customizable contraction hierarchies" (JEA 2016). Nodes go by their rank from here
 * on: 0 is contracted first.
 */
export interface Hierarchy {
  nNodes: number;
  /** Rank of each node, and node of each rank. */
  rank: Uint32Array;
  node: Uint32Array;
  /** Higher neighbours of rank r in the completed graph: up[firstUp[r] .. firstUp[r + 1]), ascending. */
  firstUp: Uint32Array;
  up: Uint32Array;
  /** Elimination tree: the lowest higher neighbour, or the rank itself at a root. All higher neighbours are ancestors. */
  parent: Uint32Array;
  /** Number of ancestors. */
  depth: Uint32Array;
  /** Place of each rank in a preorder of the tree, and the ancestor table that answers depths of common ancestors. */
  preorder: Uint32Array;
  ancestorDepth: Uint16Array[];
}

/**
 * Completes the topology along the order and lays out its elimination tree. Cost O(completed arcs log degree).
 * @param rank  a permutation of the nodes
 */
export function buildHierarchy(
  { nNodes, first, neighbour }: { nNodes: number; first: Uint32Array; neighbour: Uint32Array },
  rank: Uint32Array,
): Hierarchy {
  const node = new Uint32Array(nNodes);
  for (let v = 0; v < nNodes; v++) node[rank[v]] = v;
  const parent = new Uint32Array(nNodes);
  const firstUp = new Uint32Array(nNodes + 1);
  const mark = new Uint32Array(nNodes);
  const firstChild = new Int32Array(nNodes).fill(-1);
  const nextChild = new Int32Array(nNodes).fill(-1);
  let up = new Uint32Array(4 * nNodes + 16);
  let end = 0;
  for (let r = 0; r < nNodes; r++) {
    const start = end;
    const add = (s: number): void => {
      if (s <= r || mark[s] === r + 1) return;
      mark[s] = r + 1;
      if (end === up.length) {
        const larger = new Uint32Array(2 * up.length);
        larger.set(up);
        up = larger;
      }
      up[end++] = s;
    };
    for (let i = first[node[r]]; i < first[node[r] + 1]; i++) add(rank[neighbour[i]]);
    // whoever is above a child is above its parent
    for (let child = firstChild[r]; child >= 0; child = nextChild[child]) {
      for (let i = firstUp[child]; i < firstUp[child + 1]; i++) add(up[i]);
    }
    up.subarray(start, end).sort();
    firstUp[r + 1] = end;
    parent[r] = end > start ? up[start] : r;
    if (end > start) {
      nextChild[r] = firstChild[parent[r]];
      firstChild[parent[r]] = r;
    }
  }
  const depth = new Uint32Array(nNodes);
  for (let r = nNodes - 1; r >= 0; r--) depth[r] = parent[r] === r ? 0 : depth[parent[r]] + 1;
  const preorder = preorderOf(parent, firstChild, nextChild);
  return {
    nNodes,
    rank,
    node,
    firstUp,
    up: up.slice(0, end),
    parent,
    depth,
    preorder,
    ancestorDepth: ancestorTable(depth, preorder),
  };
}

function preorderOf(parent: Uint32Array, firstChild: Int32Array, nextChild: Int32Array): Uint32Array {
  const preorder = new Uint32Array(parent.length);
  let next = 0;
  const stack: number[] = [];
  for (let root = parent.length - 1; root >= 0; root--) {
    if (parent[root] !== root) continue;
    stack.push(root);
    while (stack.length > 0) {
      const r = stack.pop()!;
      preorder[r] = next++;
      for (let child = firstChild[r]; child >= 0; child = nextChild[child]) stack.push(child);
    }
  }
  return preorder;
}

/**
 * Sparse table over the preorder: entry i of level 0 is the number of proper ancestors of the i-th node. Two nodes at
 * places a < b share as many ancestors as the smallest entry in (a, b] says (Bender and Farach-Colton 2000).
 */
function ancestorTable(depth: Uint32Array, preorder: Uint32Array): Uint16Array[] {
  const n = depth.length;
  const level0 = new Uint16Array(n);
  for (let r = 0; r < n; r++) level0[preorder[r]] = depth[r];
  const table = [level0];
  for (let width = 1; 2 * width <= n; width *= 2) {
    const below = table[table.length - 1];
    const level = new Uint16Array(n - 2 * width + 1);
    for (let i = 0; i < level.length; i++) level[i] = Math.min(below[i], below[i + width]);
    table.push(level);
  }
  return table;
}

/** Number of common ancestors of two ranks, each counted as its own ancestor; 0 where they lie in different trees. O(1). */
export function commonAncestors(h: Hierarchy, r: number, s: number): number {
  if (r === s) return h.depth[r] + 1;
  let a = h.preorder[r];
  let b = h.preorder[s];
  if (a > b) {
    const swap = a;
    a = b;
    b = swap;
  }
  const level = 31 - Math.clz32(b - a);
  const row = h.ancestorDepth[level];
  const left = row[a + 1];
  const right = row[b - (1 << level) + 1];
  return left < right ? left : right;
}
