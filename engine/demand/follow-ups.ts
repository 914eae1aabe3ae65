/**
 * Calls that follow from others and have not occurred yet: a binary heap in columns, earliest first, ties in the order in
 * which they were added.
 */
import type { Ms } from '../units.ts';
import { grown } from './grown.ts';

/** The columns of a call to come. */
interface FollowUp {
  atMs: Ms;
  segment: number;
  offsetMm: number;
  zone: number;
  category: number;
  /** Number of the call it follows. */
  parent: number;
  /** Its identity, which keys its draws. */
  idA: number;
  idB: number;
}

export class FollowUps {
  private size = 0;
  private nAdded = 0;
  /** Slots in heap order; those from `size` on are free. */
  private heap = new Uint32Array(0);
  private atMs = new Float64Array(0);
  private added = new Float64Array(0);
  private readonly values: Record<Exclude<keyof FollowUp, 'atMs'>, Uint32Array> = {
    segment: new Uint32Array(0),
    offsetMm: new Uint32Array(0),
    zone: new Uint32Array(0),
    category: new Uint32Array(0),
    parent: new Uint32Array(0),
    idA: new Uint32Array(0),
    idB: new Uint32Array(0),
  };

  /** Time of the earliest; Infinity when there is none. */
  get firstMs(): Ms {
    return this.size === 0 ? Infinity : this.atMs[this.heap[0]];
  }

  add(call: FollowUp): void {
    if (this.size === this.heap.length) this.grow();
    const slot = this.heap[this.size];
    this.atMs[slot] = call.atMs;
    this.added[slot] = this.nAdded++;
    const { segment, offsetMm, zone, category, parent, idA, idB } = this.values;
    segment[slot] = call.segment;
    offsetMm[slot] = call.offsetMm;
    zone[slot] = call.zone;
    category[slot] = call.category;
    parent[slot] = call.parent;
    idA[slot] = call.idA;
    idB[slot] = call.idB;
    let at = this.size++;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.isBefore(slot, this.heap[up])) break;
      this.heap[at] = this.heap[up];
      at = up;
    }
    this.heap[at] = slot;
  }

  /** Takes the earliest out. There must be one. */
  take(): FollowUp {
    const { heap, values } = this;
    const slot = heap[0];
    const last = heap[--this.size];
    heap[this.size] = slot; // free again
    let at = 0;
    for (let child = 1; child < this.size; child = 2 * at + 1) {
      if (child + 1 < this.size && this.isBefore(heap[child + 1], heap[child])) child++;
      if (!this.isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    if (this.size > 0) heap[at] = last;
    return {
      atMs: this.atMs[slot],
      segment: values.segment[slot],
      offsetMm: values.offsetMm[slot],
      zone: values.zone[slot],
      category: values.category[slot],
      parent: values.parent[slot],
      idA: values.idA[slot],
      idB: values.idB[slot],
    };
  }

  private isBefore(a: number, b: number): boolean {
    return this.atMs[a] < this.atMs[b] || (this.atMs[a] === this.atMs[b] && this.added[a] < this.added[b]);
  }

  private grow(): void {
    const before = this.heap.length;
    const capacity = Math.max(16, 2 * before);
    this.heap = grown(this.heap, capacity);
    for (let slot = before; slot < capacity; slot++) this.heap[slot] = slot;
    this.atMs = grown(this.atMs, capacity);
    this.added = grown(this.added, capacity);
    for (const name of Object.keys(this.values) as (keyof typeof this.values)[]) {
      this.values[name] = grown(this.values[name], capacity);
    }
  }
}
