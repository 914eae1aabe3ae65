/**
 * The smallest set of nodes that bars the way between two ends of a part, by maximum flow with unit node capacities: as
 * many paths as fit that share no node (Menger). Each node has two states in a search: it was entered, and it was left.
 * A node without flow is left as soon as it is entered; one with flow sends the newcomer back the way its flow came, and
 * is left only by who takes back what it sent on.
 *
 * A path touches each end in one node only, the one nearest the other end, so no search looks into the ends.
 */
import type { Parts } from './order-parts.ts';

/** In flowFrom and flowTo: no flow through the node; the path starts or ends here. */
const FREE = -2;
const END = -1;

/** Workspace for the flows of all parts, one after the other. */
export class EndFlow {
  /** Units that flow now. */
  flow = 0;
  /** Nodes on the near side of the cut found last. */
  nNear = 0;

  private first: Int32Array;
  private next: Int32Array;
  private along: Int32Array;
  private start = 0;
  private end = 0;
  /** Places below are in the source end, places from `targetStart` on in the target end. */
  private sourceEnd = 0;
  private targetStart = 0;
  /** Nodes of either end with neighbours beyond it, those nearest to the other end last. */
  private readonly sourceFront: Int32Array;
  private readonly targetFront: Int32Array;
  private nSourceFront = 0;
  private nTargetFront = 0;

  /** Place of each node along the direction at hand, from 0. */
  private readonly place: Int32Array;
  /** The node before and after each node on its path; END at the ends of the path, FREE without flow. */
  private readonly flowFrom: Int32Array;
  private readonly flowTo: Int32Array;
  /** Equal to `stamp` where the last search entered or left a node with flow; without flow `entered` stands for both. */
  private readonly entered: Int32Array;
  private readonly left: Int32Array;
  private stamp = 0;
  /** Nodes left by the last search. */
  private nLeft = 0;
  /** Who a node was entered from: itself if it was left first. */
  private readonly enteredFrom: Int32Array;
  /** For a node with flow that was left: the next one on its path, which gave the flow back. */
  private readonly leftFrom: Int32Array;
  private readonly onward: Int32Array;
  private readonly sideways: Int32Array;
  private readonly way: Int32Array;

  constructor(nNodes: number) {
    this.first = this.next = this.along = new Int32Array(0);
    this.sourceFront = new Int32Array(nNodes);
    this.targetFront = new Int32Array(nNodes);
    this.place = new Int32Array(nNodes);
    this.flowFrom = new Int32Array(nNodes);
    this.flowTo = new Int32Array(nNodes);
    this.entered = new Int32Array(nNodes);
    this.left = new Int32Array(nNodes);
    this.enteredFrom = new Int32Array(nNodes);
    this.leftFrom = new Int32Array(nNodes);
    this.onward = new Int32Array(nNodes);
    this.sideways = new Int32Array(nNodes);
    this.way = new Int32Array(2 * nNodes + 2);
  }

  /** Begins with the part in slots [start, end) and one of its directions, without flow and without ends. */
  begin({ first, next }: Parts, along: Int32Array, start: number, end: number): void {
    const { place } = this;
    this.first = first;
    this.next = next;
    this.along = along;
    this.start = start;
    this.end = end;
    for (let i = start; i < end; i++) place[along[i]] = i - start;
    this.flowFrom.fill(FREE, start, end);
    this.flowTo.fill(FREE, start, end);
    this.flow = 0;
    this.sourceEnd = 0;
    this.targetStart = end - start;
    this.nSourceFront = 0;
    this.nTargetFront = 0;
  }

  /** Lets both ends grow to `size` nodes and keeps the flow: a path now starts at the last of its nodes in the source end. */
  growEnds(size: number): void {
    const { along, start, end, flowFrom, flowTo, sourceFront, targetFront } = this;
    const grown = this.sourceEnd;
    this.sourceEnd = size;
    this.targetStart = end - start - size;
    this.nSourceFront = this.keepFront(sourceFront, this.nSourceFront, size, end - start);
    this.nTargetFront = this.keepFront(targetFront, this.nTargetFront, 0, this.targetStart);
    for (let i = grown; i < size; i++) {
      const source = along[start + i];
      const target = along[end - 1 - i];
      if (this.bordersOn(source, size, end - start)) sourceFront[this.nSourceFront++] = source;
      if (this.bordersOn(target, 0, this.targetStart)) targetFront[this.nTargetFront++] = target;
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

  /**
   * Pushes one unit along each way from the source end to the target end that one pass over the part finds: what led
   * nowhere is not tried again in the pass.
   * @returns the units pushed, `enough` at most; with 0 the flow is as large as it can be
   */
  pushPaths(enough: number): number {
    const { first, next, sourceFront, sourceEnd, targetStart, place, flowFrom } = this;
    const { entered, left, enteredFrom, leftFrom, onward, sideways } = this;
    const stamp = ++this.stamp;
    let pushed = 0;
    let nLeft = 0;
    for (let k = this.nSourceFront - 1; k >= 0; k--) {
      const start = sourceFront[k];
      if (flowFrom[start] !== FREE) continue;
      let goal = -1;
      let beforeGoal = -1;
      onward[0] = start;
      let nOnward = 1;
      let nSideways = 0;
      search: while (nOnward > 0 || nSideways > 0) {
        // ways towards the target end are tried first: they mostly arrive
        const v = nOnward > 0 ? onward[--nOnward] : sideways[--nSideways];
        const beforeV = flowFrom[v];
        if (beforeV !== FREE && entered[v] !== stamp) {
          entered[v] = stamp;
          enteredFrom[v] = v;
          if (beforeV !== END && left[beforeV] !== stamp) {
            left[beforeV] = stamp;
            leftFrom[beforeV] = v;
            sideways[nSideways++] = beforeV;
            nLeft++;
          }
        }
        const here = place[v];
        for (let i = first[v], end = first[v + 1]; i < end; i++) {
          const w = next[i];
          if (entered[w] === stamp) continue;
          const beforeW = flowFrom[w];
          if (beforeW === FREE) {
            const there = place[w];
            if (there < sourceEnd) continue;
            if (there >= targetStart) {
              goal = w;
              beforeGoal = v;
              break search;
            }
            entered[w] = stamp;
            enteredFrom[w] = v;
            if (there > here) onward[nOnward++] = w;
            else sideways[nSideways++] = w;
            nLeft++;
          } else {
            entered[w] = stamp;
            enteredFrom[w] = v;
            if (beforeW === END || left[beforeW] === stamp) continue;
            left[beforeW] = stamp;
            leftFrom[beforeW] = w;
            sideways[nSideways++] = beforeW;
            nLeft++;
          }
        }
      }
      if (goal < 0) continue;
      // not looked into yet: others may
      while (nOnward > 0) this.forget(onward[--nOnward]);
      while (nSideways > 0) this.forget(sideways[--nSideways]);
      this.pushAlong(start, goal, beforeGoal);
      if (++pushed >= enough) break;
    }
    this.flow += pushed;
    this.nLeft = nLeft;
    return pushed;
  }

  private forget(v: number): void {
    if (this.flowFrom[v] === FREE) this.entered[v] = 0;
    else this.left[v] = 0;
  }

  /** Changes the flow along the way found from `start` to `goal`. */
  private pushAlong(start: number, goal: number, beforeGoal: number): void {
    const { flowFrom, flowTo, enteredFrom, leftFrom, way } = this;
    // states from the goal back to the start: 2v is entered, 2v + 1 is left
    way[0] = 2 * goal;
    let n = 1;
    for (let v = beforeGoal; v !== start;) {
      way[n++] = 2 * v + 1;
      const entry = flowFrom[v] === FREE ? v : leftFrom[v];
      way[n++] = 2 * entry;
      v = enteredFrom[entry];
    }
    way[n] = 2 * start + 1;
    flowFrom[start] = END;
    for (let i = n; i > 0; i--) {
      if ((way[i] & 1) === 0) continue; // through a node without flow, or back along an edge
      const u = way[i] >> 1;
      const v = way[i - 1] >> 1;
      if (u === v) {
        flowFrom[v] = FREE; // back through the node: its flow goes another way
        flowTo[v] = FREE;
      } else {
        flowTo[u] = v;
        flowFrom[v] = u;
      }
    }
    flowTo[goal] = END;
  }

  /** The smallest cut nearest the source end; right after a pass that pushed nothing, which has reached all this side. */
  cutNearSource(cut: Int32Array): number {
    return this.collectCut(
      cut,
      this.sourceFront,
      this.nSourceFront,
      0,
      this.sourceEnd,
      this.flowFrom,
      this.flowTo,
    );
  }

  /** The smallest cut nearest the target end, once the flow is as large as it can be. */
  cutNearTarget(cut: Int32Array): number {
    const { targetFront, nTargetFront, targetStart, flowFrom, flowTo } = this;
    this.markTargetSide();
    return this.collectCut(
      cut,
      targetFront,
      nTargetFront,
      targetStart,
      this.end - this.start,
      flowTo,
      flowFrom,
    );
  }

  /** The search of pushPaths from the other end, against the flow, where no way is left to find. */
  private markTargetSide(): void {
    const { first, next, targetFront, nTargetFront, targetStart, place, flowTo, entered, left } = this;
    const stamp = ++this.stamp;
    const stack = this.onward;
    let nLeft = 0;
    let height = 0;
    for (let k = 0; k < nTargetFront; k++) {
      if (flowTo[targetFront[k]] === FREE) stack[height++] = targetFront[k];
    }
    while (height > 0) {
      const v = stack[--height];
      const afterV = flowTo[v];
      if (afterV !== FREE && entered[v] !== stamp) {
        entered[v] = stamp;
        if (afterV !== END && left[afterV] !== stamp) {
          left[afterV] = stamp;
          stack[height++] = afterV;
          nLeft++;
        }
      }
      for (let i = first[v], end = first[v + 1]; i < end; i++) {
        const u = next[i];
        if (entered[u] === stamp) continue;
        const afterU = flowTo[u];
        if (afterU === FREE) {
          if (place[u] >= targetStart) continue;
          entered[u] = stamp;
          stack[height++] = u;
          nLeft++;
        } else {
          entered[u] = stamp;
          if (afterU === END || left[afterU] === stamp) continue;
          left[afterU] = stamp;
          stack[height++] = afterU;
          nLeft++;
        }
      }
    }
    this.nLeft = nLeft;
  }

  /**
   * Gathers the node of each path where the side just reached stops.
   * @param low,high  the places of the side's end; a path begins in its front
   * @param from,to  the flow as seen from this end
   * @returns the size of the cut, at least 1
   */
  private collectCut(
    cut: Int32Array,
    front: Int32Array,
    nFront: number,
    low: number,
    high: number,
    from: Int32Array,
    to: Int32Array,
  ): number {
    const { left, stamp } = this;
    this.nNear = this.nLeft + (high - low) - this.flow;
    let n = 0;
    for (let k = 0; k < nFront; k++) {
      let v = front[k];
      if (from[v] !== END) continue;
      if (left[v] !== stamp) {
        // a node of the end that nothing else of this side is next to may as well be on the other side
        if (this.nNear === 0 || this.touchesNear(v, low, high, from)) cut[n++] = v;
        continue;
      }
      while (left[v] === stamp) v = to[v];
      cut[n++] = v;
    }
    return n;
  }

  private touchesNear(v: number, low: number, high: number, from: Int32Array): boolean {
    const { first, next, place, entered, left, stamp } = this;
    for (let i = first[v], end = first[v + 1]; i < end; i++) {
      const w = next[i];
      if (from[w] !== FREE) {
        if (left[w] === stamp) return true;
      } else if (entered[w] === stamp || (place[w] >= low && place[w] < high)) return true;
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
