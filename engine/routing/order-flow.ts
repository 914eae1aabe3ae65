/**
 * Flow between two ends of a part with unit node capacities: paths that share no node. As many of them as fit are as many
 * nodes as it takes to bar the way (Menger). `order-paths.ts` finds the paths, `order-cut.ts` the nodes.
 *
 * The ends are the lowest and the highest nodes of the part along a direction of the map. A path touches each end in one
 * node only, the one nearest the other end, so that no search looks into the ends.
 */
import { DIRECTIONS, type Parts } from './order-parts.ts';

/** In flowFrom and flowTo: no flow through the node; the path starts or ends here. */
export const FREE = -2;
export const END = -1;

/** Workspace for the flows of all parts, one after the other. Nodes go by the slots of `Parts`. */
export class FlowWork {
  /** Neighbours in the part at hand: next[first[v] .. first[v + 1]). */
  first: Int32Array;
  next: Int32Array;
  /** The part's slots, start to end, along the direction and along the one to its left (or to its right). */
  along: Int32Array;
  across: Int32Array;
  acrossIsLeft = false;
  start = 0;
  end = 0;
  /** Place of each node along the direction, from 0: below `sourceEnd` it is in one end, from `targetStart` on in the other. */
  readonly place: Int32Array;
  sourceEnd = 0;
  targetStart = 0;
  /** Nodes of either end with neighbours beyond it, those nearest to the other end last. */
  readonly sourceFront: Int32Array;
  readonly targetFront: Int32Array;
  nSourceFront = 0;
  nTargetFront = 0;

  /** Number of paths. */
  flow = 0;
  /** The node before and after each node on its path; END at the ends of the path, FREE without flow. */
  readonly flowFrom: Int32Array;
  readonly flowTo: Int32Array;

  /** Equal to `stamp` where the last search entered or left a node with flow; without flow `entered` stands for both. */
  readonly entered: Int32Array;
  readonly left: Int32Array;
  stamp = 0;
  /** Nodes left by the last search, but for those it began at. */
  nLeft = 0;
  /** Who a node was entered from: itself if it was left first. */
  readonly enteredFrom: Int32Array;
  /** For a node with flow that was left: the next one on its path, which gave the flow back. */
  readonly leftFrom: Int32Array;
  /** Scratch of the searches. */
  readonly stack: Int32Array;
  readonly goOnAt: Int32Array;
  readonly nToGo: Int32Array;
  readonly way: Int32Array;

  constructor(nNodes: number) {
    this.first = this.next = this.along = this.across = new Int32Array(0);
    this.place = new Int32Array(nNodes);
    this.sourceFront = new Int32Array(nNodes);
    this.targetFront = new Int32Array(nNodes);
    this.flowFrom = new Int32Array(nNodes);
    this.flowTo = new Int32Array(nNodes);
    this.entered = new Int32Array(nNodes);
    this.left = new Int32Array(nNodes);
    this.enteredFrom = new Int32Array(nNodes);
    this.leftFrom = new Int32Array(nNodes);
    this.stack = new Int32Array(nNodes);
    this.goOnAt = new Int32Array(nNodes);
    this.nToGo = new Int32Array(nNodes);
    this.way = new Int32Array(2 * nNodes + 2);
  }

  /** Takes up the part in slots [start, end) and a direction, without flow and without ends. */
  begin({ first, next, along }: Parts, direction: number, start: number, end: number): void {
    const { place } = this;
    this.first = first;
    this.next = next;
    this.along = along[direction];
    this.across = along[DIRECTIONS[direction].across];
    this.acrossIsLeft = DIRECTIONS[direction].acrossIsLeft;
    this.start = start;
    this.end = end;
    for (let i = start; i < end; i++) place[this.along[i]] = i - start;
    this.sourceEnd = 0;
    this.targetStart = end - start;
    this.nSourceFront = 0;
    this.nTargetFront = 0;
    this.flow = 0;
    this.flowFrom.fill(FREE, start, end);
    this.flowTo.fill(FREE, start, end);
  }

  /** Lets both ends grow to `size` nodes and keeps the flow. */
  growEnds(size: number): void {
    const { along, start, end, flowFrom, flowTo, sourceFront, targetFront } = this;
    const grown = this.sourceEnd;
    const targetStart = end - start - size;
    this.sourceEnd = size;
    this.targetStart = targetStart;
    this.nSourceFront = this.keepFront(sourceFront, this.nSourceFront, size, end - start);
    this.nTargetFront = this.keepFront(targetFront, this.nTargetFront, 0, targetStart);
    for (let i = grown; i < size; i++) {
      const source = along[start + i];
      const target = along[end - 1 - i];
      if (this.bordersOn(source, size, end - start)) sourceFront[this.nSourceFront++] = source;
      if (this.bordersOn(target, 0, targetStart)) targetFront[this.nTargetFront++] = target;
      if (flowFrom[source] >= 0) beginPathAt(source, flowFrom, flowTo);
      if (flowTo[target] >= 0) beginPathAt(target, flowTo, flowFrom);
    }
  }

  private keepFront(front: Int32Array, nFront: number, low: number, high: number): number {
    let kept = 0;
    for (let i = 0; i < nFront; i++) if (this.bordersOn(front[i], low, high)) front[kept++] = front[i];
    return kept;
  }

  /** Whether a neighbour has a place in [low, high). */
  private bordersOn(v: number, low: number, high: number): boolean {
    const { first, next, place } = this;
    for (let i = first[v], end = first[v + 1]; i < end; i++) {
      const there = place[next[i]];
      if (there >= low && there < high) return true;
    }
    return false;
  }
}

/** Drops the flow on the way to v: its path begins at v. Flow in a circle through v goes altogether. */
function beginPathAt(v: number, from: Int32Array, to: Int32Array): void {
  let u = from[v];
  from[v] = END;
  while (u !== END) {
    const before = from[u];
    from[u] = FREE;
    to[u] = FREE;
    u = before;
  }
}
