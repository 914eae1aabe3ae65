/**
 * Protocol buffer fields over the `pbf` package, with every length and every value checked: the package itself trusts
 * its input, and a length from a broken file would send its loops past the end of the data.
 */
import { PbfReader } from 'pbf';
import type { Column } from '../column.ts';

/** Wire types of the encoding. */
export const VARINT = 0;
export const BYTES = 2;
const FIXED64 = 1;
const FIXED32 = 5;

/** Zigzag values above this lose their last bit, which holds the sign, in a double. */
const LARGEST_ZIGZAG = Number.MAX_SAFE_INTEGER;

export class WireReader {
  /** Wire type of the field that `field` found. */
  type = VARINT;
  private readonly pbf: PbfReader;
  private readonly report: (byte: number, message: string) => never;

  /** @param report  throws the error for a byte of `bytes` */
  constructor(bytes: Uint8Array, report: (byte: number, message: string) => never) {
    this.pbf = new PbfReader(bytes);
    this.report = report;
  }

  get pos(): number {
    return this.pbf.pos;
  }

  set pos(pos: number) {
    this.pbf.pos = pos;
  }

  get length(): number {
    return this.pbf.length;
  }

  fail(message: string): never {
    return this.report(Math.min(this.pos, this.length), message);
  }

  /** Number of the next field of a message that ends at `end`; 0 at its end. */
  field(end: number): number {
    if (this.pos === end) return 0;
    const tag = this.unsigned(end);
    this.type = tag % 8;
    const field = Math.floor(tag / 8);
    if (field === 0 || field > 0x1fff_ffff) this.fail(`field number ${field} is not possible`);
    return field;
  }

  /** Passes over the value of a field. */
  skip(end: number): void {
    if (this.type === VARINT) this.unsigned(end);
    else if (this.type === BYTES) this.pos = this.valueEnd(end);
    else if (this.type === FIXED64 || this.type === FIXED32) {
      this.pos += this.type === FIXED64 ? 8 : 4;
      if (this.pos > end) this.fail('a field runs past the end of its message');
    } else this.fail(`wire type ${this.type} is not possible`);
  }

  /** The field must have this wire type. */
  expect(type: number): void {
    if (this.type !== type) this.fail(`a field has wire type ${this.type} where ${type} is expected`);
  }

  /** Reads the length of a string, message or packed list and gives its end; its content begins at `pos`. */
  valueEnd(end: number): number {
    this.expect(BYTES);
    const length = this.unsigned(end);
    if (length > end - this.pos) this.fail(`a length of ${length} bytes where ${end - this.pos} are left`);
    return this.pos + length;
  }

  /** Reads the length of whatever begins at `pos`, which has been checked before. */
  enter(): number {
    const length = this.pbf.readVarint();
    return this.pos + length;
  }

  bytes(start: number, end: number): Uint8Array {
    return this.pbf.buf.subarray(start, end);
  }

  /** An unsigned number; above 2^53 it is rounded, and some check that follows refuses it. */
  unsigned(end: number): number {
    let value = 0;
    try {
      value = this.pbf.readVarint();
    } catch {
      this.fail('a number of more than 64 bits');
    }
    if (this.pos > end) this.fail('a number runs past the end of its message');
    return value;
  }

  /** A plain int64, negative in two's complement. */
  signed(end: number): number {
    let value = 0;
    try {
      value = this.pbf.readVarint(true);
    } catch {
      this.fail('a number of more than 64 bits');
    }
    if (this.pos > end) this.fail('a number runs past the end of its message');
    if (!Number.isSafeInteger(value)) this.fail(`${value} is beyond ±2^53`);
    return value;
  }

  /** A zigzag-coded sint64. */
  zigzag(end: number): number {
    const value = this.unsigned(end);
    if (value > LARGEST_ZIGZAG) this.fail('a signed number beyond ±2^52');
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** A packed list of unsigned numbers. */
  packedUnsigned(end: number, out: Column<Float64Array>): void {
    const listEnd = this.valueEnd(end);
    while (this.pos < listEnd) out.push(this.unsigned(listEnd));
  }

  /** A packed list of sint64, each the difference to the one before; gives the sums. */
  packedDeltas(end: number, out: Column<Float64Array>): void {
    const listEnd = this.valueEnd(end);
    let sum = 0;
    while (this.pos < listEnd) {
      sum += this.zigzag(listEnd);
      if (!Number.isSafeInteger(sum)) this.fail(`${sum} is beyond ±2^53`);
      out.push(sum);
    }
  }
}
