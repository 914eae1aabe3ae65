/**
 * A contraction order by nested dissection, from the road topology alone: it serves every metric. Nodes that two streets
 * at most lead to go first, in independent rounds, so that long chains get logarithmic depth; the core that is left is
 * cut into halves by small separators, which go last. Separators come from inertial flow (Schild and Sommer, "On balanced
 * separators in road networks", 2015) with unit node capacities.
 */
import { NONE } from '../units.ts';
import { findSeparator, SeparatorWork } from './separator.ts';
import type { Topology } from './topology.ts';

/** Parts up to this size are ordered by minimum degree. */
const SMALL_PART = 20;

/**
 * The rank of each node: 0 is contracted first. The same topology gives the same order.
 * Cost about 15 us a node on road networks.
 */
export function contractionOrder(topology: Topology): Uint32Array {
  const rank = new Uint32Array(topology.nNodes).fill(NONE);
  const { core, degree, neighbour } = contractChains(topology, rank);
  const first = topology.nNodes - core.length;
  orderCore(topology, core, degree, neighbour).forEach((r, i) => (rank[core[i]] = first + r));
  return rank;
}

/**
 * Ranks nodes of at most two neighbours while there are any, joining the two; a node waits a round when a neighbour has
 * just gone. Gives the nodes that are left and the graph on them.
 */
function contractChains(
  { nNodes, first, neighbour: given }: Topology,
  rank: Uint32Array,
): { core: number[]; degree: Uint32Array; neighbour: Uint32Array } {
  const neighbour = given.slice(); // lists only ever shrink, so they stay in their place
  const degree = new Uint32Array(nNodes);
  let waiting: number[] = [];
  for (let v = 0; v < nNodes; v++) {
    degree[v] = first[v + 1] - first[v];
    if (degree[v] <= 2) waiting.push(v);
  }
  const at = (u: number, v: number): number => {
    for (let i = first[u]; i < first[u] + degree[u]; i++) if (neighbour[i] === v) return i;
    return NONE;
  };
  const forget = (u: number, v: number): void => {
    neighbour[at(u, v)] = neighbour[first[u] + --degree[u]];
  };
  /** Makes u a neighbour of w in place of v. */
  const rejoin = (u: number, v: number, w: number): void => {
    if (at(u, w) === NONE) neighbour[at(u, v)] = w;
    else forget(u, v);
  };
  const lastRound = new Uint32Array(nNodes);
  let next = 0;
  for (let round = 1; waiting.length > 0; round++) {
    const later: number[] = [];
    for (const v of waiting) {
      if (rank[v] !== NONE) continue;
      if (lastRound[v] === round) {
        later.push(v);
        continue;
      }
      rank[v] = next++;
      const sides = neighbour.slice(first[v], first[v] + degree[v]);
      if (sides.length === 1) forget(sides[0], v);
      if (sides.length === 2) {
        rejoin(sides[0], v, sides[1]);
        rejoin(sides[1], v, sides[0]);
      }
      for (const side of sides) {
        lastRound[side] = round;
        if (degree[side] <= 2) later.push(side);
      }
    }
    waiting = later;
  }
  const core: number[] = [];
  for (let v = 0; v < nNodes; v++) if (rank[v] === NONE) core.push(v);
  return { core, degree, neighbour };
}

/** Ranks within the core, by core index. */
function orderCore(
  topology: Topology,
  core: number[],
  degree: Uint32Array,
  neighbour: Uint32Array,
): Uint32Array {
  const n = core.length;
  alongHilbert(topology, core);
  const coreIx = new Uint32Array(topology.nNodes);
  core.forEach((v, i) => (coreIx[v] = i));
  const first = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) first[i + 1] = first[i] + degree[core[i]];
  const next = new Uint32Array(first[n]);
  for (let i = 0; i < n; i++) {
    const from = topology.first[core[i]];
    for (let k = 0; k < degree[core[i]]; k++) next[first[i] + k] = coreIx[neighbour[from + k]];
  }
  const work = new SeparatorWork(
    first,
    next,
    Float64Array.from(core, (v) => topology.x[v]),
    Float64Array.from(core, (v) => topology.y[v]),
  );
  const rank = new Uint32Array(n);
  let left = n; // ranks are given from the top
  const parts = work.components(
    Uint32Array.from(core, (_, i) => i),
    0,
  );
  while (parts.length > 0) {
    const part = parts.pop()!;
    const separator = part.length > SMALL_PART ? findSeparator(work, part) : null;
    if (separator === null) {
      left -= part.length;
      minimumDegree(work, part).forEach((node, i) => (rank[node] = left + i));
      for (const node of part) work.partOf[node] = NONE;
      continue;
    }
    const label = work.partOf[part[0]];
    for (const node of separator) {
      rank[node] = --left;
      work.partOf[node] = NONE;
    }
    parts.push(...work.components(part, label));
  }
  return rank;
}

/** Sorts nodes along a Hilbert curve, so that nodes near each other on the map are near in memory. */
function alongHilbert({ x, y }: Topology, nodes: number[]): void {
  const bounds = (values: Float64Array): [number, number] => {
    let low = Infinity;
    let high = -Infinity;
    for (const v of nodes) {
      if (values[v] < low) low = values[v];
      if (values[v] > high) high = values[v];
    }
    return [low, high];
  };
  const [minX, maxX] = bounds(x);
  const [minY, maxY] = bounds(y);
  const side = Math.max(maxX - minX, maxY - minY, 1);
  const curve = new Map(
    nodes.map((v) => [v, hilbert(((x[v] - minX) / side) * 65535, ((y[v] - minY) / side) * 65535)]),
  );
  nodes.sort((a, b) => curve.get(a)! - curve.get(b)! || a - b);
}

/** Place of a point of a 65536 x 65536 square on its Hilbert curve. */
function hilbert(px: number, py: number): number {
  let x = Math.floor(px);
  let y = Math.floor(py);
  let place = 0;
  for (let s = 32768; s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0;
    const ry = (y & s) > 0 ? 1 : 0;
    place += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) {
        x = 65535 - x;
        y = 65535 - y;
      }
      [x, y] = [y, x];
    }
  }
  return place;
}

/** Nodes of a small part by minimum degree; neighbours already ranked (separators around it) count as higher neighbours. */
function minimumDegree({ first, next, partOf }: SeparatorWork, part: Uint32Array): number[] {
  const inside = new Map<number, number>();
  part.forEach((node, i) => inside.set(node, i));
  const neighbours = Array.from(part, (node) => {
    const set = new Set<number>();
    for (let i = first[node]; i < first[node + 1]; i++) {
      const own = inside.get(next[i]);
      if (own !== undefined) set.add(own);
      else if (partOf[next[i]] === NONE) set.add(part.length + next[i]); // beyond the part
    }
    return set;
  });
  const left = new Set(neighbours.keys());
  const order: number[] = [];
  while (left.size > 0) {
    let best = -1;
    for (const i of left) if (best < 0 || neighbours[i].size < neighbours[best].size) best = i;
    left.delete(best);
    order.push(part[best]);
    for (const u of neighbours[best]) {
      if (u >= part.length) continue;
      neighbours[u].delete(best);
      for (const w of neighbours[best]) if (w !== u) neighbours[u].add(w);
    }
  }
  return order;
}
