/** Which units may drive to a state first: lists by state, changed in constant time as units move. */
import { NONE, type UnitIx } from '../units.ts';
import type { Network, StateIx } from './network.ts';

/** States that some position of a segment may drive to first, at most: the ends of its arcs, and its nodes. */
const MOST_EXITS = 4;
const EXIT_BITS = 2;
const FIRST_OF_LIST = -1;
const NOT_LISTED = -2;

export class UnitsByState {
  /** What `statesOf` found last. */
  readonly states = new Uint32Array(MOST_EXITS);
  private readonly network: Network;
  // Doubly linked lists of (unit, exit) pairs.
  private readonly firstAt: Int32Array;
  private readonly stateOf: Uint32Array;
  private readonly nextOf: Int32Array;
  private readonly previousOf: Int32Array;

  /** @param capacity  units are numbered 0 .. capacity - 1; 48 bytes each, and 4 for each state */
  constructor(network: Network, capacity: number) {
    this.network = network;
    this.firstAt = new Int32Array(network.nStates).fill(-1);
    this.stateOf = new Uint32Array(MOST_EXITS * capacity);
    this.nextOf = new Int32Array(MOST_EXITS * capacity);
    this.previousOf = new Int32Array(MOST_EXITS * capacity).fill(NOT_LISTED);
  }

  /** Puts all states that some position of a segment may drive to first, each once, into `states`. @returns how many */
  statesOf(segment: number): number {
    const { graph, endState, baseState } = this.network;
    const forward = graph.segmentForwardArc[segment];
    const backward = graph.segmentBackwardArc[segment];
    let n = 0;
    if (forward !== NONE) n = this.add(n, endState[forward]);
    if (backward !== NONE) n = this.add(n, endState[backward]);
    n = this.add(n, baseState[graph.segmentFrom[segment]]);
    n = this.add(n, baseState[graph.segmentTo[segment]]);
    return n;
  }

  /** The unit is on a segment from now on, and on no other. */
  put(unit: UnitIx, segment: number): void {
    this.remove(unit);
    const n = this.statesOf(segment);
    for (let i = 0; i < n; i++) {
      const item = MOST_EXITS * unit + i;
      const state = this.states[i];
      const first = this.firstAt[state];
      this.stateOf[item] = state;
      this.nextOf[item] = first;
      this.previousOf[item] = FIRST_OF_LIST;
      if (first >= 0) this.previousOf[first] = item;
      this.firstAt[state] = item;
    }
  }

  remove(unit: UnitIx): void {
    const { firstAt, stateOf, nextOf, previousOf } = this;
    for (let item = MOST_EXITS * unit; item < MOST_EXITS * (unit + 1); item++) {
      if (previousOf[item] === NOT_LISTED) continue;
      if (previousOf[item] === FIRST_OF_LIST) firstAt[stateOf[item]] = nextOf[item];
      else nextOf[previousOf[item]] = nextOf[item];
      if (nextOf[item] >= 0) previousOf[nextOf[item]] = previousOf[item];
      previousOf[item] = NOT_LISTED;
    }
  }

  /** The first item of a state's list, -1 for none; `next` gives the others, `unitOf` the unit of each. */
  first(state: StateIx): number {
    return this.firstAt[state];
  }

  next(item: number): number {
    return this.nextOf[item];
  }

  unitOf(item: number): UnitIx {
    return item >> EXIT_BITS;
  }

  private add(n: number, state: StateIx): number {
    for (let i = 0; i < n; i++) if (this.states[i] === state) return n;
    this.states[n] = state;
    return n + 1;
  }
}
