/**
 * Dijkstra's algorithm on integer milliseconds, as a reusable search object: the readable reference that every faster
 * kernel is compared with. Dijkstra 1959; 4-ary heap over dense state numbers.
 */
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import type { Network, NetworkArcIx, StateIx } from './network.ts';
import { ArcsOfMetric, type SearchArcs, type SearchDirection, type SearchMetric } from './search-arcs.ts';
import { TimeHeap } from './time-heap.ts';

/**
 * One search at a time: start, seed, then settle states in order of time; states of equal time in no order to rely on.
 * Keeps the times that the metric has when a direction is first searched. About 20 bytes a state and, for each
 * direction, 8 bytes an arc; starting anew costs what the search before has seen.
 */
export class DijkstraSearch {
  /** States settled since construction: the work done, the same on every machine. */
  nSettled = 0;
  private readonly network: Network;
  private readonly networkTimeMs: Uint32Array;
  private readonly arcsOf: ArcsOfMetric;
  private arcs: SearchArcs;
  /** UNREACHED_MS where unseen. */
  private readonly time: Int32Array;
  /** The states seen: those whose times the next start takes back. */
  private readonly seen: Int32Array;
  private nSeen = 0;
  private readonly heap: TimeHeap;

  constructor(metric: SearchMetric) {
    const { network, networkTimeMs } = metric;
    this.network = network;
    this.networkTimeMs = networkTimeMs;
    this.arcsOf = new ArcsOfMetric(metric);
    this.arcs = this.arcsOf.towards('out');
    this.time = new Int32Array(network.nStates).fill(UNREACHED_MS);
    this.seen = new Int32Array(network.nStates);
    this.heap = new TimeHeap(network.nStates);
  }

  start(direction: SearchDirection): void {
    const { time, seen } = this;
    for (let i = 0; i < this.nSeen; i++) time[seen[i]] = UNREACHED_MS;
    this.nSeen = 0;
    this.heap.clear();
    this.arcs = this.arcsOf.towards(direction);
  }

  /** Adds a start (or, for `in`, a goal) at a state, `timeMs` away from it. */
  seed(state: StateIx, timeMs: Ms): void {
    if (timeMs < this.time[state]) this.improve(state, timeMs);
  }

  /** Time of the next state to settle, UNREACHED_MS when none is left. */
  nextTime(): Ms {
    const { heap, time } = this;
    while (!heap.isEmpty && heap.firstMs !== time[heap.firstState]) heap.removeFirst();
    return heap.isEmpty ? UNREACHED_MS : heap.firstMs;
  }

  /** Settles the nearest open state and relaxes its arcs; NONE when none is left within limitMs. */
  settle(limitMs: Ms): StateIx {
    const { heap, time } = this;
    const { first, endAndTime } = this.arcs;
    while (!heap.isEmpty && heap.firstMs <= limitMs) {
      const stateMs = heap.firstMs;
      const state = heap.firstState;
      heap.removeFirst();
      // an entry that a later improvement left behind
      if (stateMs !== time[state]) continue;
      for (let i = first[state]; i < first[state + 1]; i += 2) {
        const end = endAndTime[i];
        const endMs = stateMs + endAndTime[i + 1];
        if (endMs < time[end]) this.improve(end, endMs);
      }
      this.nSettled++;
      return state;
    }
    return NONE;
  }

  /** Settles every state within limitMs. */
  settleAll(limitMs: Ms): void {
    while (this.settle(limitMs) !== NONE);
  }

  /** Time of a state as known so far; final once it is settled, UNREACHED_MS while unseen. */
  timeOf(state: StateIx): Ms {
    return this.time[state];
  }

  /** out[i] = the time of states[i]. */
  copyTimes(states: Uint32Array, out: Uint32Array): void {
    const { time } = this;
    for (let i = 0; i < states.length; i++) out[i] = time[states[i]];
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
    if (this.time[state] === UNREACHED_MS) this.seen[this.nSeen++] = state;
    this.time[state] = timeMs;
    this.heap.push(timeMs, state);
  }
}
