/**
 * The parts that are left of a graph after some rounds of cutting. Each round copies what is left, so that a part lies
 * together in memory, its nodes numbered in their old order.
 */

/**
 * Directions of the map along which parts are sorted: east, north, and the two diagonals. `across` is the one at a right
 * angle, to the left or to the right.
 */
export const DIRECTIONS = [
  { x: 1, y: 0, across: 1, acrossIsLeft: true },
  { x: 0, y: 1, across: 0, acrossIsLeft: false },
  { x: 1, y: 1, across: 3, acrossIsLeft: false },
  { x: 1, y: -1, across: 2, acrossIsLeft: true },
] as const;

/** Nodes go by slots; part p has the slots start[p] .. start[p + 1). Slots keep the order of the nodes within a part. */
export interface Parts {
  nParts: number;
  start: Int32Array;
  /** Node of each slot. */
  node: Int32Array;
  /** Neighbours of a slot, all in the same part, clockwise: next[first[slot] .. first[slot + 1]). */
  first: Int32Array;
  next: Int32Array;
  /** For each direction the slots of a part sorted along it, at the part's place. */
  along: Int32Array[];
}

export function emptyParts(nNodes: number, nNeighbours: number): Parts {
  return {
    nParts: 0,
    start: new Int32Array(nNodes + 1),
    node: new Int32Array(nNodes),
    first: new Int32Array(nNodes + 1),
    next: new Int32Array(nNeighbours),
    along: DIRECTIONS.map(() => new Int32Array(nNodes)),
  };
}

/** A whole graph as one part, connected or not. */
export function wholeGraph(first: Int32Array, next: Int32Array, x: Float64Array, y: Float64Array): Parts {
  const nNodes = x.length;
  return {
    nParts: 1,
    start: Int32Array.of(0, nNodes),
    node: Int32Array.from(x, (_, i) => i),
    first,
    next: clockwise(first, next, x, y),
    along: DIRECTIONS.map((direction) => sortAlong(x, y, direction.x, direction.y)),
  };
}

/** Neighbours of each node clockwise, beginning in the west. */
function clockwise(first: Int32Array, next: Int32Array, x: Float64Array, y: Float64Array): Int32Array {
  const sorted = new Int32Array(next.length);
  const turn = new Float64Array(next.length);
  for (let v = 0; v < x.length; v++) {
    for (let i = first[v]; i < first[v + 1]; i++) {
      const dx = x[next[i]] - x[v];
      const dy = y[next[i]] - y[v];
      const eastward = dx / (Math.abs(dx) + Math.abs(dy) + 1);
      // grows with the angle: -1 west, 0 north, 1 east, 2 south
      const own = dy >= 0 ? eastward : 2 - eastward;
      let at = i;
      for (; at > first[v] && turn[at - 1] > own; at--) {
        turn[at] = turn[at - 1];
        sorted[at] = sorted[at - 1];
      }
      turn[at] = own;
      sorted[at] = next[i];
    }
  }
  return sorted;
}

/** Nodes by their projection on a direction, lowest node first on a tie. Cost O(n log n). */
function sortAlong(x: Float64Array, y: Float64Array, dx: number, dy: number): Int32Array {
  const nNodes = x.length;
  // Place and node share one number, because sorting plain numbers is many times faster than calling a comparison.
  const keys = new Float64Array(nNodes);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < nNodes; i++) {
    keys[i] = dx * x[i] + dy * y[i];
    if (keys[i] < lowest) lowest = keys[i];
    if (keys[i] > highest) highest = keys[i];
  }
  // steps coarse enough for the number to stay exact, however large the graph is
  const step = Math.max(1, ((highest - lowest + 1) * nNodes) / 2 ** 52);
  for (let i = 0; i < nNodes; i++) keys[i] = Math.round((keys[i] - lowest) / step) * nNodes + i;
  keys.sort();
  const sorted = new Int32Array(nNodes);
  for (let i = 0; i < nNodes; i++) sorted[i] = keys[i] % nNodes;
  return sorted;
}

/** In componentOf: not looked at yet; gone (in the cut, or in a small component). */
const UNKNOWN = -1;
const GONE = -2;

/** Splits what cuts leave into connected components. */
export class PartSplitter {
  /** Components too small for the next round, as nodes: small c is smallNode[smallStart[c] .. smallStart[c + 1]). */
  nSmall = 0;
  readonly smallStart: Int32Array;
  readonly smallNode: Int32Array;
  private readonly smallSize: number;
  private readonly componentOf: Int32Array;
  private readonly reached: Int32Array;
  private readonly newSlot: Int32Array;
  private readonly oldSlot: Int32Array;
  private readonly filled: Int32Array;

  /** @param smallSize  components up to this size are small */
  constructor(nNodes: number, smallSize: number) {
    this.smallSize = smallSize;
    this.smallStart = new Int32Array(nNodes + 1);
    this.smallNode = new Int32Array(nNodes);
    this.componentOf = new Int32Array(nNodes);
    this.reached = new Int32Array(nNodes);
    this.newSlot = new Int32Array(nNodes);
    this.oldSlot = new Int32Array(nNodes);
    this.filled = new Int32Array(nNodes);
  }

  /**
   * Adds the connected components that a cut leaves of part p to `into`, except for small ones, which are gathered here.
   * Cost O(nodes and arcs of the part).
   */
  split(parts: Parts, p: number, cut: Int32Array, nCut: number, into: Parts): void {
    const { start, first, next, node } = parts;
    const { componentOf, newSlot, oldSlot, filled } = this;
    const from = start[p];
    const to = start[p + 1];
    componentOf.fill(UNKNOWN, from, to);
    for (let i = 0; i < nCut; i++) componentOf[cut[i]] = GONE;
    const firstPart = into.nParts;
    this.findComponents(parts, from, to, into);

    const firstSlot = into.start[firstPart];
    const endSlot = into.start[into.nParts];
    for (let c = firstPart; c < into.nParts; c++) filled[c] = into.start[c];
    for (let slot = from; slot < to; slot++) {
      if (componentOf[slot] < 0) continue;
      const own = filled[componentOf[slot]]++;
      newSlot[slot] = own;
      oldSlot[own] = slot;
      into.node[own] = node[slot];
    }
    let nNext = into.first[firstSlot];
    for (let own = firstSlot; own < endSlot; own++) {
      const slot = oldSlot[own];
      for (let i = first[slot]; i < first[slot + 1]; i++) {
        if (componentOf[next[i]] >= 0) into.next[nNext++] = newSlot[next[i]];
      }
      into.first[own + 1] = nNext;
    }
    for (let d = 0; d < DIRECTIONS.length; d++) {
      const along = parts.along[d];
      const intoAlong = into.along[d];
      for (let c = firstPart; c < into.nParts; c++) filled[c] = into.start[c];
      for (let i = from; i < to; i++) {
        const c = componentOf[along[i]];
        if (c >= 0) intoAlong[filled[c]++] = newSlot[along[i]];
      }
    }
  }

  /** Numbers the components, keeps room for each in `into` and gathers small ones. */
  private findComponents({ first, next, node }: Parts, from: number, to: number, into: Parts): void {
    const { componentOf, reached, smallStart, smallNode } = this;
    this.nSmall = 0;
    for (let seed = from; seed < to; seed++) {
      if (componentOf[seed] !== UNKNOWN) continue;
      const component = into.nParts;
      componentOf[seed] = component;
      reached[0] = seed;
      let nReached = 1;
      for (let at = 0; at < nReached; at++) {
        const slot = reached[at];
        for (let i = first[slot], end = first[slot + 1]; i < end; i++) {
          if (componentOf[next[i]] !== UNKNOWN) continue;
          componentOf[next[i]] = component;
          reached[nReached++] = next[i];
        }
      }
      if (nReached > this.smallSize) {
        into.nParts++;
        into.start[component + 1] = into.start[component] + nReached;
        continue;
      }
      const smallFrom = smallStart[this.nSmall];
      for (let i = 0; i < nReached; i++) {
        componentOf[reached[i]] = GONE;
        smallNode[smallFrom + i] = node[reached[i]];
      }
      smallStart[++this.nSmall] = smallFrom + nReached;
    }
  }
}
