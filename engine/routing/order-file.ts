/**
 * The cache file of contraction orders: 8 bytes magic, u32 version, u32 zero, 32 bytes SHA-256 of all that follows,
 * 32 bytes content hash of the graph, u32 number of orders, then for each u32 withTurns, u32 states and the ranks as u32.
 * Little-endian. A cache is never believed: every fault is an InputError, upon which the order is found anew.
 */
import { InputError } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { sha256Hex } from '../hash.ts';
import type { KnownOrder } from './hierarchies.ts';
import { networkOf } from './network.ts';

const MAGIC = 'P135ORDR';
/** Raised with the format and whenever `contractionOrder` finds better orders. */
export const ORDER_FILE_VERSION = 1;
const HASH_AT = 16;
const BODY_AT = 48;
const COUNT_AT = BODY_AT + 32;
const ORDERS_AT = COUNT_AT + 4;

/** Orders of the networks of a graph as a file. */
export async function encodeOrders(graph: RoadGraph, orders: readonly KnownOrder[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(orders.reduce((size, { rank }) => size + 8 + rank.byteLength, ORDERS_AT));
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC), 0);
  view.setUint32(8, ORDER_FILE_VERSION, true);
  bytes.set(bytesOfHex(graph.contentHash), BODY_AT);
  view.setUint32(COUNT_AT, orders.length, true);
  let at = ORDERS_AT;
  for (const { withTurns, rank } of orders) {
    view.setUint32(at, withTurns ? 1 : 0, true);
    view.setUint32(at + 4, rank.length, true);
    at += 8;
    for (let i = 0; i < rank.length; i++) view.setUint32(at + 4 * i, rank[i], true);
    at += rank.byteLength;
  }
  bytes.set(bytesOfHex(await sha256Hex(bytes.subarray(BODY_AT))), HASH_AT);
  return bytes;
}

/**
 * Reads orders back, for one graph.
 * @throws InputError naming the file and the first thing that is wrong: magic, version, checksum, graph, or an order
 *   that is no permutation of the states
 */
export async function decodeOrders(
  bytes: Uint8Array,
  fileName: string,
  graph: RoadGraph,
): Promise<KnownOrder[]> {
  const refuse = (place: string, message: string): InputError => InputError.at(fileName, place, message);
  if (bytes.length < ORDERS_AT || new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== MAGIC) {
    throw refuse('byte 0', 'is not a patrol135 order file');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== ORDER_FILE_VERSION) {
    throw refuse(
      'byte 8',
      `order file version ${version}; this patrol135 reads version ${ORDER_FILE_VERSION}`,
    );
  }
  if (view.getUint32(12, true) !== 0) throw refuse('byte 12', 'reserved bytes are not zero');
  const stored = bytes.subarray(HASH_AT, BODY_AT);
  if (!sameBytes(stored, bytesOfHex(await sha256Hex(bytes.subarray(BODY_AT))))) {
    throw refuse(`byte ${HASH_AT}`, 'the checksum does not match: the file is truncated or altered');
  }
  if (!sameBytes(bytes.subarray(BODY_AT, COUNT_AT), bytesOfHex(graph.contentHash))) {
    throw refuse(`byte ${BODY_AT}`, 'is the order file of other roads');
  }
  const orders: KnownOrder[] = [];
  let at = ORDERS_AT;
  for (let left = view.getUint32(COUNT_AT, true); left > 0; left--) {
    if (at + 8 > bytes.length) throw refuse(`byte ${at}`, 'ends inside an order');
    const withTurns = view.getUint32(at, true) === 1;
    const nStates = view.getUint32(at + 4, true);
    const expected = networkOf(graph, { withTurns }).nStates;
    if (nStates !== expected || at + 8 + 4 * nStates > bytes.length) {
      throw refuse(`byte ${at + 4}`, `holds an order of ${nStates} states, the roads have ${expected}`);
    }
    orders.push({ withTurns, rank: readRanks(view, at + 8, nStates, refuse) });
    at += 8 + 4 * nStates;
  }
  if (at !== bytes.length) throw refuse(`byte ${at}`, 'goes on after its last order');
  return orders;
}

function readRanks(
  view: DataView,
  at: number,
  nStates: number,
  refuse: (place: string, message: string) => InputError,
): Uint32Array {
  const rank = new Uint32Array(nStates);
  const taken = new Uint8Array(nStates);
  for (let state = 0; state < nStates; state++) {
    const r = view.getUint32(at + 4 * state, true);
    if (r >= nStates || taken[r] === 1) {
      throw refuse(`byte ${at + 4 * state}`, `rank ${r} is beyond the states, or given twice`);
    }
    taken[r] = 1;
    rank[state] = r;
  }
  return rank;
}

const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
