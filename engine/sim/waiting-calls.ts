/** Calls that wait for a unit, by (priority, time ready, call). */
import type { CallState } from './state.ts';

/** One line for each priority; calls mostly join at the end and leave from the front. */
export class WaitingCalls {
  readonly #lines: { calls: CallState[]; head: number }[] = [];
  readonly #priorityOf: (call: CallState) => number;
  #size = 0;

  /** @param priorityOf  1 is the most urgent; a small whole number */
  constructor(priorityOf: (call: CallState) => number) {
    this.#priorityOf = priorityOf;
  }

  get size(): number {
    return this.#size;
  }

  add(call: CallState): void {
    const priority = this.#priorityOf(call);
    while (this.#lines.length <= priority) this.#lines.push({ calls: [], head: 0 });
    const { calls, head } = this.#lines[priority];
    let at = calls.length;
    while (at > head && isBefore(call, calls[at - 1])) at--;
    if (at === calls.length) calls.push(call);
    else calls.splice(at, 0, call);
    this.#size++;
  }

  remove(call: CallState): void {
    const line = this.#lines[this.#priorityOf(call)];
    const { calls } = line;
    this.#size--;
    if (calls[line.head] !== call) {
      calls.splice(calls.indexOf(call, line.head), 1);
      return;
    }
    line.head++;
    // what has left the front is let go once it is half of the line: constant cost for each call
    if (line.head > 32 && 2 * line.head > calls.length) {
      calls.splice(0, line.head);
      line.head = 0;
    }
  }

  /** The `n`-th in order, or null; cheap for the first ones. */
  at(n: number): CallState | null {
    let left = n;
    for (const { calls, head } of this.#lines) {
      const length = calls.length - head;
      if (left < length) return calls[head + left];
      left -= length;
    }
    return null;
  }
}

const isBefore = (a: CallState, b: CallState): boolean =>
  a.readyMs !== b.readyMs ? a.readyMs < b.readyMs : a.call < b.call;

/** The order of the whole line, also of calls that are not in it. */
export const comesBefore =
  (priorityOf: (call: CallState) => number) =>
  (a: CallState, b: CallState): boolean => {
    const [first, second] = [priorityOf(a), priorityOf(b)];
    return first !== second ? first < second : isBefore(a, b);
  };
