/** The scratch region of a thread: buffers for queries and sweeps, laid out behind a few words that say where they lie. */
import { assert } from '../../errors.ts';
import { padded } from '../hierarchy.ts';
import type { LabelSpace } from './label-space.ts';
import * as word from './query-slots.ts';
import * as slot from './slots.ts';

/** Buffers begin at multiples of a cache line. */
const LINE_BYTES = 64;

interface Sizes {
  nNodes: number;
  /** Number of completed arcs. */
  nUp: number;
  /** The largest depth + 1, padded to 4. */
  rowLength: number;
}

function queryBuffers({ rowLength }: Sizes): [name: number, bytes: number][] {
  return [
    [word.FIRST_A, 4 * (word.MAX_POSITIONS + 1)],
    [word.FIRST_B, 4 * (word.MAX_POSITIONS + 1)],
    [word.STATE_A, 4 * word.MAX_ENDS],
    [word.STATE_B, 4 * word.MAX_ENDS],
    [word.TIME_A, 4 * word.MAX_ENDS],
    [word.TIME_B, 4 * word.MAX_ENDS],
    [word.ANSWER, 4 * word.MAX_ENDS],
    [word.RUNS, word.RUN_BYTES * word.MAX_RUNS],
    [word.GATHERED, 2 * gatheredBytes(rowLength)],
  ];
}

function sweepBuffers({ nNodes, nUp, rowLength }: Sizes): [name: number, bytes: number][] {
  return [
    [word.ANSWER_ROWS, 4 * word.LANES * (word.ROW_STRIDE + 4)],
    [word.HISTOGRAM, 4 * (Math.max(rowLength, word.MAX_CLASS) + 2)],
    [word.DIST, 4 * word.LANES * nNodes],
    [word.SEEDED, nNodes],
    [word.NUMBER, 4 * nNodes],
    [word.PLAN, 8 * nNodes + 4 * nUp],
  ];
}

const gatheredBytes = (rowLength: number): number =>
  16 + word.MAX_GATHERED_ENDS * (word.GROUP_BYTES + 4 * rowLength);

const inLines = (bytes: number): number => Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;

/** Bytes of scratch of one thread: some 300 kB for queries, and 90 a node for sweeps. */
export function scratchBytes(
  hierarchy: { nNodes: number; up: { readonly length: number }; maxDepth: number },
  { withSweeps = true } = {},
): number {
  const rowLength = padded(hierarchy.maxDepth + 1);
  const sizes = { nNodes: hierarchy.nNodes, nUp: hierarchy.up.length, rowLength };
  let bytes = inLines(4 * word.HEAD_WORDS) + LINE_BYTES; // the region need not begin at a line
  const buffers = withSweeps ? [...queryBuffers(sizes), ...sweepBuffers(sizes)] : queryBuffers(sizes);
  for (const [, size] of buffers) bytes += inLines(size);
  return bytes;
}

/** The scratch of one thread: its byte address in the block, and its words. */
export interface QueryScratch {
  address: number;
  head: Uint32Array;
  /** Whether the region has the buffers of sweeps. */
  hasSweeps: boolean;
}

/** Lays out the scratch of a thread, once for all who share it. */
export function openQueryScratch(space: LabelSpace, thread: number): QueryScratch {
  const region = space.scratch[thread];
  assert(
    region !== undefined,
    `a label space for ${space.scratch.length} threads, asked for thread ${thread}`,
  );
  const { header } = space;
  assert(header[slot.N_LABELS] > 0 || space.nNodes === 0, 'a label space without labels');
  const address = inLines(region.byteOffset);
  const head = new Uint32Array(region.buffer, address, word.HEAD_WORDS);
  const rowLength = header[slot.ROW_LENGTH];
  const sizes = { nNodes: space.nNodes, nUp: header[slot.N_UP], rowLength };
  const limit = region.byteOffset + region.byteLength;
  const end = layOut(queryBuffers(sizes), address + inLines(4 * word.HEAD_WORDS), head);
  assert(end <= limit, 'a label space without scratch for queries');
  const sweepEnd = layOut(sweepBuffers(sizes), end, head);
  head[word.GATHERED_BYTES] = gatheredBytes(rowLength);
  return { address, head, hasSweeps: sweepEnd <= limit };
}

/** Writes down where buffers lie, one after the other. @returns where the last ends */
function layOut(buffers: readonly [name: number, bytes: number][], start: number, head: Uint32Array): number {
  let end = start;
  for (const [name, bytes] of buffers) {
    head[name] = end;
    end += inLines(bytes);
  }
  return end;
}

/** A counter of work, exact up to 2^53. */
export const counterOf = ({ head }: QueryScratch, counter: number): number =>
  head[counter] + head[counter + 1] * 2 ** 32;

/** Adds to a counter of work; `more` below 2^32. */
export function addToCounter(head: Uint32Array, counter: number, more: number): void {
  const low = head[counter] + more;
  head[counter] = low;
  if (low > 0xffff_ffff) head[counter + 1]++;
}
