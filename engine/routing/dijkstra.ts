/**
 * Dijkstra's algorithm on integer milliseconds, as a reusable search object: the readable reference that every faster
 * kernel is compared with. Dijkstra 1959; 4-ary heap with decrease-key over dense node ids.
 */
import type { RoadGraph } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms, type NodeIx } from '../units.ts';

/** `out`: times from the seeds; `in`: times to the seeds. */
export type SearchDirection = 'out' | 'in';

/**
 * One search at a time: start, seed, then settle nodes in order of time. Allocates on construction only; starting anew
 * costs one increment, because times are stamped with the number of the search.
 */
export class DijkstraSearch {
  private readonly graph: RoadGraph;
  private readonly time: Uint32Array;
  private readonly stamp: Uint32Array;
  private readonly heap: Uint32Array;
  private readonly heapAt: Uint32Array;
  private heapSize = 0;
  private search = 0;
  private direction: SearchDirection = 'out';
  private arcTimeMs: Uint32Array = new Uint32Array(0);

  constructor(graph: RoadGraph) {
    this.graph = graph;
    this.time = new Uint32Array(graph.nNodes);
    this.stamp = new Uint32Array(graph.nNodes);
    this.heap = new Uint32Array(graph.nNodes);
    this.heapAt = new Uint32Array(graph.nNodes);
  }

  start(arcTimeMs: Uint32Array, direction: SearchDirection): void {
    if (this.search === 0xffff_ffff) {
      this.stamp.fill(0);
      this.search = 0;
    }
    this.search++;
    this.heapSize = 0;
    this.arcTimeMs = arcTimeMs;
    this.direction = direction;
  }

  /** Adds a start (or, for `in`, a goal) at a node, `timeMs` away from it. */
  seed(node: NodeIx, timeMs: Ms): void {
    if (timeMs < this.timeOf(node)) this.improve(node, timeMs);
  }

  /** Time of the next node to settle, UNREACHED_MS when none is left. */
  nextTime(): Ms {
    return this.heapSize > 0 ? this.time[this.heap[0]] : UNREACHED_MS;
  }

  /** Settles the nearest open node and relaxes its arcs; NONE when none is left within limitMs. */
  settle(limitMs: Ms): NodeIx {
    if (this.heapSize === 0) return NONE;
    const node = this.heap[0];
    const nodeTime = this.time[node];
    if (nodeTime > limitMs) return NONE;
    this.removeFirst();
    const { arcTimeMs } = this;
    const { firstOut, head, firstIn, inArc, tail } = this.graph;
    if (this.direction === 'out') {
      for (let arc = firstOut[node]; arc < firstOut[node + 1]; arc++) {
        const time = nodeTime + arcTimeMs[arc];
        if (time < this.timeOf(head[arc])) this.improve(head[arc], time);
      }
    } else {
      for (let i = firstIn[node]; i < firstIn[node + 1]; i++) {
        const arc = inArc[i];
        const time = nodeTime + arcTimeMs[arc];
        if (time < this.timeOf(tail[arc])) this.improve(tail[arc], time);
      }
    }
    return node;
  }

  /** Time of a node as known so far; final once it is settled, UNREACHED_MS while unseen. */
  timeOf(node: NodeIx): Ms {
    return this.stamp[node] === this.search ? this.time[node] : UNREACHED_MS;
  }

  /**
   * The arc by which a fastest path enters a settled node that is no seed at its time (search direction `out`): the
   * lowest tight arc from a node that is strictly earlier, an order that does not depend on the search. NONE where only
   * arcs of zero time are tight.
   */
  entryArc(node: NodeIx): ArcIx {
    const { firstIn, inArc, tail } = this.graph;
    for (let i = firstIn[node]; i < firstIn[node + 1]; i++) {
      const arc = inArc[i];
      if (this.timeOf(tail[arc]) < this.time[node] && this.isTight(arc)) return arc;
    }
    return NONE;
  }

  /** True when an arc lies on a fastest path to its head. */
  isTight(arc: ArcIx): boolean {
    const { head, tail } = this.graph;
    const tailTime = this.timeOf(tail[arc]);
    return tailTime !== UNREACHED_MS && tailTime + this.arcTimeMs[arc] === this.timeOf(head[arc]);
  }

  private improve(node: NodeIx, timeMs: Ms): void {
    if (timeMs >= UNREACHED_MS) return;
    if (this.stamp[node] !== this.search) {
      this.stamp[node] = this.search;
      this.heapAt[node] = this.heapSize++;
    }
    this.time[node] = timeMs;
    this.siftUp(this.heapAt[node], node);
  }

  private siftUp(at: number, node: NodeIx): void {
    const { heap, heapAt, time } = this;
    const nodeTime = time[node];
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = heap[parent];
      if (time[other] < nodeTime || (time[other] === nodeTime && other <= node)) break;
      heap[at] = other;
      heapAt[other] = at;
      at = parent;
    }
    heap[at] = node;
    heapAt[node] = at;
  }

  private removeFirst(): void {
    const { heap, heapAt, time } = this;
    const size = --this.heapSize;
    if (size === 0) return;
    const node = heap[size];
    const nodeTime = time[node];
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let best = first;
      const last = Math.min(first + 4, size);
      for (let child = first + 1; child < last; child++) {
        const a = heap[child];
        const b = heap[best];
        if (time[a] < time[b] || (time[a] === time[b] && a < b)) best = child;
      }
      const other = heap[best];
      if (nodeTime < time[other] || (nodeTime === time[other] && node < other)) break;
      heap[at] = other;
      heapAt[other] = at;
      at = best;
    }
    heap[at] = node;
    heapAt[node] = at;
  }
}
