/** A protocol buffer and OSM PBF writer for tests, byte by byte, so that each field can be written wrongly. */
import { deflateSync } from 'node:zlib';

type Bytes = Uint8Array | number[] | string;

const utf8 = new TextEncoder();

export function concat(...parts: Bytes[]): Uint8Array {
  const arrays = parts.map((part) => (typeof part === 'string' ? utf8.encode(part) : Uint8Array.from(part)));
  const all = new Uint8Array(arrays.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of arrays) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A varint; negative numbers in two's complement of 64 bits. */
export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** A zigzag-coded varint. */
export const zigzag = (value: number | bigint): number[] =>
  varint(BigInt(value) < 0n ? -2n * BigInt(value) - 1n : 2n * BigInt(value));

export const number = (field: number, value: number | bigint): Uint8Array =>
  concat(varint(field * 8), varint(value));
export const signed = (field: number, value: number | bigint): Uint8Array =>
  concat(varint(field * 8), zigzag(value));
export const bytes = (field: number, ...content: Bytes[]): Uint8Array => {
  const payload = concat(...content);
  return concat(varint(field * 8 + 2), varint(payload.length), payload);
};
export const packed = (field: number, values: readonly (number | bigint)[]): Uint8Array =>
  bytes(field, ...values.map(varint));
/** A packed list of sint64 coded as differences. */
export const deltas = (field: number, values: readonly number[]): Uint8Array =>
  bytes(field, ...values.map((value, i) => zigzag(value - (i > 0 ? values[i - 1] : 0))));

/** Length, blob header and blob. */
export function frame(type: string, blob: Uint8Array, header?: Uint8Array): Uint8Array {
  const head = header ?? concat(bytes(1, type), number(3, blob.length));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length);
  return concat(length, head, blob);
}

export const rawBlob = (content: Uint8Array): Uint8Array => bytes(1, content);
export const zlibBlob = (content: Uint8Array, claimedBytes = content.length): Uint8Array =>
  concat(number(2, claimedBytes), bytes(3, deflateSync(content)));

export const headerFrame = (...features: string[]): Uint8Array =>
  frame(
    'OSMHeader',
    rawBlob(
      concat(...(features.length > 0 ? features : ['OsmSchema-V0.6', 'DenseNodes']).map((f) => bytes(4, f))),
    ),
  );

export const stringTable = (strings: readonly string[]): Uint8Array =>
  bytes(1, ...strings.map((text) => bytes(1, text)));
export const group = (...objects: Uint8Array[]): Uint8Array => bytes(2, ...objects);
