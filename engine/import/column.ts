/** Columns of numbers that grow, and a table from pairs of int32 to a number: what importers build extracts with. */
import { LIMITS } from '../limits.ts';

type NumberColumn = Uint8Array | Int32Array | Uint32Array | Float64Array;

/** A typed array that grows by doubling. `values` may be longer than `length`; `finish()` cuts it. */
export class Column<A extends NumberColumn> {
  length = 0;
  values: A;
  private readonly kind: new (length: number) => A;

  constructor(kind: new (length: number) => A, capacity = 1024) {
    this.kind = kind;
    this.values = new kind(capacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new this.kind(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  /** The values pushed, in an array of exactly their number. */
  finish(): A {
    return this.values.slice(0, this.length) as A;
  }
}

/**
 * Maps pairs of int32 to numbers in 0 .. 2^32-2 by open addressing, at most two thirds full: 12 bytes a slot in
 * place of one object an entry.
 */
export class PairTable {
  size = 0;
  private mask = 1023;
  private first = new Int32Array(1024);
  private second = new Int32Array(1024);
  /** 0 is an empty slot, otherwise the value plus one. */
  private stored = new Uint32Array(1024);

  /** The value of a pair, or -1. */
  get(a: number, b: number): number {
    const { first, second, stored, mask } = this;
    for (let slot = hash(a, b) & mask; stored[slot] !== 0; slot = (slot + 1) & mask) {
      if (first[slot] === a && second[slot] === b) return stored[slot] - 1;
    }
    return -1;
  }

  /** Adds a pair that is not in the table yet; false where only pairs made to collide could be (see LIMITS.tableProbes). */
  add(a: number, b: number, value: number): boolean {
    if (++this.size * 3 > this.stored.length * 2) this.grow();
    return this.insert(a, b, value + 1) < LIMITS.tableProbes;
  }

  private insert(a: number, b: number, stored: number): number {
    const home = hash(a, b);
    let probes = 0;
    let slot = home & this.mask;
    while (this.stored[slot] !== 0) slot = (home + ++probes) & this.mask;
    this.first[slot] = a;
    this.second[slot] = b;
    this.stored[slot] = stored;
    return probes;
  }

  private grow(): void {
    const { first, second, stored } = this;
    const slots = stored.length * 2;
    this.mask = slots - 1;
    this.first = new Int32Array(slots);
    this.second = new Int32Array(slots);
    this.stored = new Uint32Array(slots);
    for (let slot = 0; slot < stored.length; slot++) {
      if (stored[slot] !== 0) this.insert(first[slot], second[slot], stored[slot]);
    }
  }
}

/** Mixes two int32; neighbouring ids and coordinates must not end in neighbouring slots of one cluster. */
function hash(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Upper and lower half of an id below 2^53 in size, as int32: the key of an id in a PairTable. */
export const upperHalf = (id: number): number => Math.floor(id / 4_294_967_296) | 0;
export const lowerHalf = (id: number): number => id | 0;
