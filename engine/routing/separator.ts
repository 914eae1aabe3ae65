/**
 * Small balanced node separators by maximum flow with unit node capacities: paths that share no node are pushed from one
 * end of the part to the other, in four directions of the map, while both ends grow; the nodes that then bar the way are
 * a smallest separator between the ends (Menger). The cut nearest either end is a candidate.
 */

/** Shares of a part that serve as ends, growing while the flow is kept. */
const END_SHARES = [0.15, 0.25, 0.35, 0.45];
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;
/** Parts below this size are cut in the first two directions only. */
const FEW_DIRECTIONS_BELOW = 200;
/** Weight of the depth that a cut leaves (as the root of the halves' sizes) against its own size. */
const DEPTH_WEIGHT = 0.7;

/** In flowFrom and flowTo: no flow through the node; the path starts or ends here. */
const FREE = -2;
const END = -1;

/** Workspace for all separators of one graph. Node v has two states, entered (2v) and left (2v + 1). */
export class SeparatorWork {
  readonly first: Uint32Array;
  readonly next: Uint32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The part each node is in, NONE once it is ranked. */
  readonly partOf: Uint32Array;
  /** Flow through each node: the node before and after it on its path; END at the ends of the path, FREE without flow. */
  readonly flowFrom: Int32Array;
  readonly flowTo: Int32Array;
  /** 1 in the source end, 2 in the target end. */
  readonly end: Uint8Array;
  /** Place in the order along the direction at hand. */
  readonly place: Uint32Array;
  readonly seen: Uint32Array;
  readonly cameFrom: Int32Array;
  readonly queue: Uint32Array;
  stamp = 0;
  private nParts = 1;

  constructor(first: Uint32Array, next: Uint32Array, x: Float64Array, y: Float64Array) {
    const n = first.length - 1;
    this.first = first;
    this.next = next;
    this.x = x;
    this.y = y;
    this.partOf = new Uint32Array(n);
    this.flowFrom = new Int32Array(n);
    this.flowTo = new Int32Array(n);
    this.end = new Uint8Array(n);
    this.place = new Uint32Array(n);
    this.seen = new Uint32Array(2 * n);
    this.cameFrom = new Int32Array(2 * n);
    this.queue = new Uint32Array(2 * n);
  }

  /** Splits what is left of a part into its connected components, each a part of its own. */
  components(nodes: Uint32Array, label: number): Uint32Array[] {
    const { first, next, partOf, queue } = this;
    const found: Uint32Array[] = [];
    for (const start of nodes) {
      if (partOf[start] !== label) continue;
      const own = this.nParts++;
      let end = 0;
      queue[end++] = start;
      partOf[start] = own;
      for (let at = 0; at < end; at++) {
        for (let i = first[queue[at]]; i < first[queue[at] + 1]; i++) {
          if (partOf[next[i]] !== label) continue;
          partOf[next[i]] = own;
          queue[end++] = next[i];
        }
      }
      found.push(queue.slice(0, end));
    }
    return found;
  }
}

/** The best separator found for a part, or null when no cut separates anything. */
export function findSeparator(work: SeparatorWork, part: Uint32Array): number[] | null {
  const { end, flowFrom, flowTo, seen } = work;
  const size = part.length;
  let best: number[] | null = null;
  let bestScore = Infinity;
  const directions = size < FEW_DIRECTIONS_BELOW ? 2 : DIRECTIONS.length;
  for (let d = 0; d < directions; d++) {
    const sorted = sortAlong(work, part, DIRECTIONS[d]);
    for (let i = 0; i < size; i++) {
      work.place[sorted[i]] = i;
      end[part[i]] = 0;
      flowFrom[part[i]] = FREE;
      flowTo[part[i]] = FREE;
    }
    let flow = 0;
    let grown = 0;
    for (const share of END_SHARES) {
      const ends = Math.max(1, Math.floor(size * share));
      for (; grown < ends; grown++) {
        end[sorted[grown]] = 1;
        end[sorted[size - 1 - grown]] = 2;
      }
      for (let pushed = 1; pushed > 0 && flow <= bestScore; flow += pushed) {
        pushed = pushPaths(work, sorted, ends, bestScore - flow + 1);
      }
      if (flow > bestScore) break; // the cut is as large as the flow: it cannot win
      for (const side of ['source', 'target'] as const) {
        // the pass that found no path has just marked the source side
        if (side === 'target') markTargetSide(work, sorted, ends);
        const near = side === 'source' ? 0 : 1;
        const cut: number[] = [];
        let inside = 0;
        for (let i = 0; i < size; i++) {
          const v = part[i];
          if (seen[2 * v + 1 - near] === work.stamp) inside++;
          else if (seen[2 * v + near] === work.stamp) cut.push(v);
        }
        const outside = size - inside - cut.length;
        const depth = (inside * Math.sqrt(inside) + outside * Math.sqrt(outside)) / size;
        const score = cut.length + DEPTH_WEIGHT * depth;
        if (cut.length > 0 && score < bestScore) {
          bestScore = score;
          best = cut;
        }
      }
    }
  }
  return best;
}

/** Nodes of a part by their projection on a direction, lowest node first on a tie. */
function sortAlong(
  { x, y }: SeparatorWork,
  part: Uint32Array,
  [dx, dy]: readonly [number, number],
): Uint32Array {
  // Place and index share one number, because sorting plain numbers is many times faster than calling a comparison.
  const keys = new Float64Array(part.length);
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < part.length; i++) {
    keys[i] = dx * x[part[i]] + dy * y[part[i]];
    if (keys[i] < lowest) lowest = keys[i];
    if (keys[i] > highest) highest = keys[i];
  }
  const indexRange = part.length;
  // steps coarse enough for the number to stay exact, however large the part is
  const step = Math.max(1, ((highest - lowest + 1) * indexRange) / 2 ** 52);
  for (let i = 0; i < part.length; i++) keys[i] = Math.round((keys[i] - lowest) / step) * indexRange + i;
  keys.sort();
  return Uint32Array.from(keys, (key) => part[key % indexRange]);
}

/**
 * Pushes units along ways of the residual graph from the source end to the target end, as many as one pass over the part
 * finds: a state that led nowhere is not tried again in the pass.
 * @returns the units pushed, at most `enough`; with 0 the states seen are the source side of a smallest cut
 */
function pushPaths(work: SeparatorWork, sorted: Uint32Array, ends: number, enough: number): number {
  const { first, next, partOf, flowFrom, flowTo, end, seen, cameFrom, queue: stack, place } = work;
  const stamp = ++work.stamp;
  const label = partOf[sorted[0]];
  let pushed = 0;
  for (let source = 0; source < ends && pushed < enough; source++) {
    const start = sorted[source];
    if (flowFrom[start] === END || seen[2 * start] === stamp) continue; // a path starts here already, or passed by
    let height = 0;
    const visit = (state: number, from: number): void => {
      seen[state] = stamp;
      cameFrom[state] = from;
      stack[height++] = state;
    };
    visit(2 * start, -1);
    while (height > 0) {
      const state = stack[--height];
      const v = state >>> 1;
      const hasFlow = flowFrom[v] !== FREE;
      if ((state & 1) === 0) {
        // entered: pass through a free node, or push back the flow that comes in
        const to = hasFlow ? 2 * flowFrom[v] + 1 : state + 1;
        if (to > 0 && seen[to] !== stamp) visit(to, state);
        continue;
      }
      if (end[v] === 2 && flowTo[v] !== END) {
        pushAlong(work, state);
        pushed++;
        while (height > 0) seen[stack[--height]] = 0; // not looked into yet: others may
        break;
      }
      if (hasFlow && seen[state - 1] !== stamp) visit(state - 1, state);
      // neighbours farther on come last, so that they are tried first
      for (const onward of [false, true]) {
        for (let i = first[v]; i < first[v + 1]; i++) {
          const w = next[i];
          if (place[w] > place[v] !== onward || partOf[w] !== label) continue;
          if (flowTo[v] !== w && seen[2 * w] !== stamp) visit(2 * w, state);
        }
      }
    }
  }
  return pushed;
}

/** Changes the flow along the way that ended in `last`, from its start to its end. */
function pushAlong({ flowFrom, flowTo, cameFrom }: SeparatorWork, last: number): void {
  const way: number[] = [];
  for (let state = last; state !== -1; state = cameFrom[state]) way.push(state);
  for (let i = way.length - 1; i >= 0; i--) {
    const v = way[i] >>> 1;
    if (i === way.length - 1) {
      flowFrom[v] = END;
      continue;
    }
    const u = way[i + 1] >>> 1;
    const forward = (way[i + 1] & 1) === 1; // from a left state: along an edge, or back into its own node
    if (!forward) continue;
    if (u === v) {
      flowFrom[v] = FREE; // the node is freed: its flow goes another way
      flowTo[v] = FREE;
    } else {
      flowTo[u] = v;
      flowFrom[v] = u;
    }
  }
  flowTo[last >>> 1] = END;
}

/** Marks the states from which the target end can be reached in the residual graph. */
function markTargetSide(work: SeparatorWork, sorted: Uint32Array, ends: number): void {
  const { first, next, partOf, flowFrom, flowTo, seen, queue } = work;
  const stamp = ++work.stamp;
  const label = partOf[sorted[0]];
  const size = sorted.length;
  let tail = 0;
  for (let i = 0; i < ends; i++) {
    const v = sorted[size - 1 - i];
    if (flowTo[v] === END) continue;
    seen[2 * v + 1] = stamp;
    queue[tail++] = 2 * v + 1;
  }
  for (let at = 0; at < tail; at++) {
    const state = queue[at];
    const v = state >>> 1;
    const hasFlow = flowFrom[v] !== FREE;
    if ((state & 1) === 1) {
      // who comes to leave v: through a free node, or by pushing back what v sends on
      const from = hasFlow ? 2 * flowTo[v] : state - 1;
      if (from >= 0 && seen[from] !== stamp) {
        seen[from] = stamp;
        queue[tail++] = from;
      }
      continue;
    }
    if (hasFlow && seen[state + 1] !== stamp) {
      seen[state + 1] = stamp;
      queue[tail++] = state + 1;
    }
    for (let i = first[v]; i < first[v + 1]; i++) {
      const u = next[i];
      if (partOf[u] !== label || flowTo[u] === v || seen[2 * u + 1] === stamp) continue;
      seen[2 * u + 1] = stamp;
      queue[tail++] = 2 * u + 1;
    }
  }
}
