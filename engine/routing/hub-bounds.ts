/**
 * Lower bounds of travel times between units and a place, for all units at once. Labels begin with the times to and from
 * the nodes of the first separator, the "hubs", which are the same for every state of a tree of the hierarchy: by the
 * triangle inequality they bound every time from below (Goldberg and Harrelson, "Computing the shortest path: A* search
 * meets graph theory", 2005; hubs serve as landmarks).
 */
import type { Ms } from '../units.ts';
import { LABEL_UNREACHED } from './labels.ts';
import type { LabelSpace } from './kernels/label-space.ts';
import type { StateIx } from './network.ts';

/** More hubs make the scan longer than the sharper bounds save (Porto: 6 name 11 of 100 units, 12 name 9). */
const MOST_HUBS = 6;

export class HubBounds {
  /** A lower bound by slot, after `bound`. */
  readonly boundMs: Int32Array;
  private readonly space: LabelSpace;
  private readonly capacity: number;
  private readonly nHubs: number;
  /** Places of the tree whose hubs are used: the largest. States of others are bounded by nothing. */
  private readonly treeFirst: number;
  private readonly treeEnd: number;
  /** Least time to each hub and most time from it, over the states of a slot: toHub[hub * capacity + slot]. */
  private readonly toHub: Int32Array;
  private readonly fromHub: Int32Array;

  /** @param capacity  number of slots; about 50 bytes each */
  constructor(space: LabelSpace, capacity: number) {
    const { first, end, chain } = largestTree(space);
    this.space = space;
    this.capacity = capacity;
    this.treeFirst = first;
    this.treeEnd = end;
    this.nHubs = Math.min(chain, MOST_HUBS);
    this.boundMs = new Int32Array(capacity);
    this.toHub = new Int32Array(this.nHubs * capacity);
    this.fromHub = new Int32Array(this.nHubs * capacity);
  }

  /** What stands in a slot drives off from one of the first n of these states. */
  put(slot: number, states: ArrayLike<StateIx>, n: number): void {
    const { nodeRecord, to, from } = this.space;
    const { toHub, fromHub, capacity } = this;
    const end = this.nHubs * capacity + slot;
    for (let at = slot; at < end; at += capacity) {
      toHub[at] = LABEL_UNREACHED;
      fromHub[at] = 0;
    }
    for (let i = 0; i < n; i++) {
      const state = states[i];
      const nKnown = this.nKnown(state);
      const label = nodeRecord[2 * state + 1];
      let at = slot;
      for (let hub = 0; hub < nKnown; hub++, at += capacity) {
        if (to[label + hub] < toHub[at]) toHub[at] = to[label + hub];
        if (from[label + hub] > fromHub[at]) fromHub[at] = from[label + hub];
      }
      // a hub without known times must bound nothing
      for (; at < end; at += capacity) {
        toHub[at] = 0;
        fromHub[at] = LABEL_UNREACHED;
      }
    }
  }

  move(from: number, to: number): void {
    for (let at = 0; at < this.toHub.length; at += this.capacity) {
      this.toHub[at + to] = this.toHub[at + from];
      this.fromHub[at + to] = this.fromHub[at + from];
    }
  }

  /**
   * Bounds the times from slots 0 .. nSlots - 1 to a place that is entered from one of these states:
   * d(slot, hub) - d(place, hub) and d(hub, place) - d(hub, slot), the largest over all hubs.
   */
  bound(nSlots: number, states: readonly StateIx[]): void {
    const { boundMs, toHub, fromHub, nHubs, capacity } = this;
    const { nodeRecord, to, from } = this.space;
    boundMs.fill(0, 0, nSlots);
    const nKnown = states.map((state) => this.nKnown(state));
    for (let hub = 0; hub < nHubs; hub++) {
      let placeToMs = 0;
      let placeFromMs = LABEL_UNREACHED;
      for (let i = 0; i < states.length; i++) {
        const label = nodeRecord[2 * states[i] + 1] + hub;
        const isKnown = hub < nKnown[i];
        const toMs: Ms = isKnown ? to[label] : LABEL_UNREACHED;
        const fromMs: Ms = isKnown ? from[label] : 0;
        if (toMs > placeToMs) placeToMs = toMs;
        if (fromMs < placeFromMs) placeFromMs = fromMs;
      }
      const row = hub * capacity;
      for (let slot = 0; slot < nSlots; slot++) {
        const toward = toHub[row + slot] - placeToMs;
        const away = placeFromMs - fromHub[row + slot];
        const bound = toward > away ? toward : away;
        if (bound > boundMs[slot]) boundMs[slot] = bound;
      }
    }
  }

  /** How many of the hubs a state has label entries for. */
  private nKnown(state: StateIx): number {
    const { nodeRecord, depth } = this.space;
    const place = nodeRecord[2 * state];
    if (place < this.treeFirst || place >= this.treeEnd) return 0;
    return Math.min(this.nHubs, depth[place] + 1);
  }
}

/** The largest tree of the hierarchy, and the number of its places before the first that has several children. */
function largestTree({ nNodes, parent, subtreeEnd }: LabelSpace): {
  first: number;
  end: number;
  chain: number;
} {
  let first = 0;
  for (let root = 0; root < nNodes; root = subtreeEnd[root]) {
    if (subtreeEnd[root] - root > subtreeEnd[first] - first) first = root;
  }
  const end = nNodes > 0 ? subtreeEnd[first] : 0;
  let last = first;
  while (last + 1 < end && parent[last + 1] === last && subtreeEnd[last + 1] === end) last++;
  return { first, end, chain: end > first ? last - first + 1 : 0 };
}
