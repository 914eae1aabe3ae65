/**
 * States by time: a heap with four children to a node (Johnson, "Priority queues with update and finding minimum spanning
 * trees", 1975), in two columns. A state may be in it several times: entries are never changed, whoever takes them out
 * knows which are out of date.
 */
import type { Ms } from '../units.ts';
import type { StateIx } from './network.ts';

/** Larger than any time: stands in places without an entry, so that four children can always be compared. */
const EMPTY = 0x7fff_ffff;
/** The root is at 3, the children of i at 4 (i - 2) .. 4 (i - 2) + 3: four children lie in one line of the cache. */
const ROOT = 3;

export class TimeHeap {
  private timeMs: Int32Array;
  private state: Int32Array;
  private end = ROOT;

  /** @param capacity  entries it holds before it must grow */
  constructor(capacity: number) {
    this.timeMs = new Int32Array(capacity + 8).fill(EMPTY);
    this.state = new Int32Array(capacity + 8);
  }

  get isEmpty(): boolean {
    return this.end === ROOT;
  }

  /** Time of the first entry; larger than any time when there is none. */
  get firstMs(): Ms {
    return this.timeMs[ROOT];
  }

  get firstState(): StateIx {
    return this.state[ROOT];
  }

  clear(): void {
    this.timeMs.fill(EMPTY, ROOT, this.end);
    this.end = ROOT;
  }

  push(newMs: Ms, newState: StateIx): void {
    if (this.end + 4 > this.timeMs.length) this.grow();
    const { timeMs, state } = this;
    let at = this.end++;
    while (at > ROOT) {
      const parent = (at >> 2) + 2;
      if (timeMs[parent] <= newMs) break;
      timeMs[at] = timeMs[parent];
      state[at] = state[parent];
      at = parent;
    }
    timeMs[at] = newMs;
    state[at] = newState;
  }

  /** Takes the first entry out. */
  removeFirst(): void {
    const { timeMs, state } = this;
    const end = --this.end;
    const lastMs = timeMs[end];
    const lastState = state[end];
    timeMs[end] = EMPTY;
    if (end === ROOT) return;
    let at = ROOT;
    for (let child = 4; child < end; child = (at - 2) << 2) {
      // The least of four by arithmetic: which it is is a coin toss, and a branch guessed wrong costs more than all of this.
      // `less` is -1 (all bits) where the second of two is less, else 0; times below 2^31 cannot overflow here.
      const a = timeMs[child];
      const c = timeMs[child + 2];
      let difference = timeMs[child + 1] - a;
      let less = difference >> 31;
      const ab = child - less;
      const abMs = a + (difference & less);
      difference = timeMs[child + 3] - c;
      less = difference >> 31;
      const cd = child + 2 - less;
      difference = c + (difference & less) - abMs;
      less = difference >> 31;
      const least = ab + ((cd - ab) & less);
      const leastMs = abMs + (difference & less);
      if (lastMs <= leastMs) break;
      timeMs[at] = leastMs;
      state[at] = state[least];
      at = least;
    }
    timeMs[at] = lastMs;
    state[at] = lastState;
  }

  private grow(): void {
    const { timeMs, state } = this;
    this.timeMs = new Int32Array(2 * timeMs.length).fill(EMPTY);
    this.timeMs.set(timeMs);
    this.state = new Int32Array(2 * state.length);
    this.state.set(state);
  }
}
