/**
 * Dijkstra's algorithm on integer milliseconds, as a reusable search object: the readable reference that every faster
 * kernel is compared with. Dijkstra 1959; 4-ary heap with decrease-key over dense state numbers.
 */
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import type { Network, NetworkArcIx, StateIx } from './network.ts';

/** `out`: times from the seeds; `in`: times to the seeds. */
export type SearchDirection = 'out' | 'in';

/**
 * One search at a time: start, seed, then settle states in order of time. Allocates on construction only; starting anew
 * costs one increment, because times are stamped with the number of the search.
 */
export class DijkstraSearch {
  private readonly network: Network;
  private readonly time: Uint32Array;
  private readonly stamp: Uint32Array;
  private readonly heap: Uint32Array;
  private readonly heapAt: Uint32Array;
  private heapSize = 0;
  private search = 0;
  private direction: SearchDirection = 'out';
  private networkTimeMs: Uint32Array = new Uint32Array(0);

  constructor(network: Network) {
    this.network = network;
    this.time = new Uint32Array(network.nStates);
    this.stamp = new Uint32Array(network.nStates);
    this.heap = new Uint32Array(network.nStates);
    this.heapAt = new Uint32Array(network.nStates);
  }

  start(networkTimeMs: Uint32Array, direction: SearchDirection): void {
    if (this.search === 0xffff_ffff) {
      this.stamp.fill(0);
      this.search = 0;
    }
    this.search++;
    this.heapSize = 0;
    this.networkTimeMs = networkTimeMs;
    this.direction = direction;
  }

  /** Adds a start (or, for `in`, a goal) at a state, `timeMs` away from it. */
  seed(state: StateIx, timeMs: Ms): void {
    if (timeMs < this.timeOf(state)) this.improve(state, timeMs);
  }

  /** Time of the next state to settle, UNREACHED_MS when none is left. */
  nextTime(): Ms {
    return this.heapSize > 0 ? this.time[this.heap[0]] : UNREACHED_MS;
  }

  /** Settles the nearest open state and relaxes its arcs; NONE when none is left within limitMs. */
  settle(limitMs: Ms): StateIx {
    if (this.heapSize === 0) return NONE;
    const state = this.heap[0];
    const stateTime = this.time[state];
    if (stateTime > limitMs) return NONE;
    this.removeFirst();
    const { networkTimeMs } = this;
    const { firstOut, head, firstIn, inArc, tail } = this.network;
    if (this.direction === 'out') {
      for (let arc = firstOut[state]; arc < firstOut[state + 1]; arc++) {
        const time = stateTime + networkTimeMs[arc];
        if (time < this.timeOf(head[arc])) this.improve(head[arc], time);
      }
    } else {
      for (let i = firstIn[state]; i < firstIn[state + 1]; i++) {
        const arc = inArc[i];
        const time = stateTime + networkTimeMs[arc];
        if (time < this.timeOf(tail[arc])) this.improve(tail[arc], time);
      }
    }
    return state;
  }

  /** Time of a state as known so far; final once it is settled, UNREACHED_MS while unseen. */
  timeOf(state: StateIx): Ms {
    return this.stamp[state] === this.search ? this.time[state] : UNREACHED_MS;
  }

  /**
   * The arc by which a fastest path enters a settled state that is no seed at its time (search direction `out`): of the
   * tight arcs from a state that is strictly earlier the lowest by road arc, then tail; an order that does not depend on
   * the search. NONE where only arcs of zero time are tight.
   */
  entryArc(state: StateIx): NetworkArcIx {
    const { firstIn, inArc, tail } = this.network;
    for (let i = firstIn[state]; i < firstIn[state + 1]; i++) {
      const arc = inArc[i];
      if (this.timeOf(tail[arc]) < this.time[state] && this.isTight(arc)) return arc;
    }
    return NONE;
  }

  /** True when an arc lies on a fastest path to its head. */
  isTight(arc: NetworkArcIx): boolean {
    const { head, tail } = this.network;
    const tailTime = this.timeOf(tail[arc]);
    return tailTime !== UNREACHED_MS && tailTime + this.networkTimeMs[arc] === this.timeOf(head[arc]);
  }

  private improve(state: StateIx, timeMs: Ms): void {
    if (timeMs >= UNREACHED_MS) return;
    if (this.stamp[state] !== this.search) {
      this.stamp[state] = this.search;
      this.heapAt[state] = this.heapSize++;
    }
    this.time[state] = timeMs;
    this.siftUp(this.heapAt[state], state);
  }

  private siftUp(at: number, state: StateIx): void {
    const { heap, heapAt, time } = this;
    const stateTime = time[state];
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = heap[parent];
      if (time[other] < stateTime || (time[other] === stateTime && other <= state)) break;
      heap[at] = other;
      heapAt[other] = at;
      at = parent;
    }
    heap[at] = state;
    heapAt[state] = at;
  }

  private removeFirst(): void {
    const { heap, heapAt, time } = this;
    const size = --this.heapSize;
    if (size === 0) return;
    const state = heap[size];
    const stateTime = time[state];
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
      if (stateTime < time[other] || (stateTime === time[other] && state < other)) break;
      heap[at] = other;
      heapAt[other] = at;
      at = best;
    }
    heap[at] = state;
    heapAt[state] = at;
  }
}
