/**
 * The label space: the hierarchy, the times of one metric and its labels in one block of memory, which begins with a
 * header (`slots.ts`) that says where everything lies. Kernels in TypeScript and in WebAssembly work on the same block,
 * and threads share it where memory can be shared.
 */
import { assert } from '../../errors.ts';
import { isWasmMemory, type WasmMemory } from '../../shared-memory.ts';
import { padded, type Hierarchy } from '../hierarchy.ts';
import * as slot from './slots.ts';
import { canShareMemory, kernelModule, newMemory } from './wasm.ts';

/** Arcs between the nodes of a hierarchy, in the order in which their times are given. */
export interface WeightedArcs {
  nArcs: number;
  tail: Uint32Array;
  head: Uint32Array;
  /**
   * Arcs entering node v are inArc[firstIn[v] .. firstIn[v + 1)], in the order in which
   * ties are decided; left out, by number.
   */
  firstIn?: Uint32Array;
  inArc?: Uint32Array;
}

interface SpaceOptions {
  /** Threads that may query at the same time; each has scratch of its own. */
  threads: number;
  /** Bytes of scratch of each thread. */
  scratchBytes: number;
  /** Whether there is room for labels. Without, the space serves the hierarchy alone, at a tenth of the memory. */
  withLabels: boolean;
}

/** A memory of WebAssembly, shared where it can be; without WebAssembly a plain buffer. */
export type Block = WasmMemory | ArrayBufferLike;

/** Plain data: the block, and views on it by the names of `slots.ts`, where each column is described. */
export interface LabelSpace {
  /** A shared memory is posted to other threads as it is; of an unshared one only its buffer (`postable`). */
  readonly block: Block;
  readonly header: Uint32Array;
  /** The whole block. */
  readonly words: Int32Array;
  readonly nNodes: number;
  readonly nodeRecord: Uint32Array;
  readonly node: Uint32Array;
  readonly depth: Uint16Array;
  readonly parent: Uint32Array;
  readonly subtreeEnd: Uint32Array;
  readonly firstUp: Uint32Array;
  readonly up: Uint32Array;
  readonly upDepth: Uint16Array;
  readonly firstDown: Uint32Array;
  readonly down: Uint32Array;
  readonly downArc: Uint32Array;
  readonly firstLabel: Uint32Array;
  readonly commonRow: Uint32Array;
  readonly commonDepth: Uint16Array;
  readonly arcSlot: Int32Array;
  readonly arcPlace: Uint32Array;
  readonly nextArc: Uint32Array;
  readonly firstIn: Uint32Array;
  readonly entering: Uint32Array;
  readonly arcTime: Int32Array;
  readonly baseTime: Int32Array;
  readonly upTime: Int32Array;
  readonly downTime: Int32Array;
  readonly to: Int32Array;
  readonly from: Int32Array;
  readonly pathTo: Int32Array;
  readonly pathFrom: Int32Array;
  readonly rows: Int32Array;
  readonly queued: Uint32Array;
  readonly changed: Uint32Array;
  readonly rowChanged: Uint32Array;
  /** Scratch of each thread. */
  readonly scratch: readonly Int32Array[];
}

/** "PLS" and the version of the layout. */
const MAGIC = 0x504c_5301;
const ALIGNMENT = 16;
/** WebAssembly addresses memory with 32 bits; the last page stays free so that no address wraps. */
const MOST_BYTES = 2 ** 32 - 65_536;

interface Layout {
  counts: Map<number, number>;
  offsets: Map<number, number>;
  bytes: number;
}

function layOut(h: Hierarchy, nArcs: number, options: SpaceOptions): Layout {
  const { nNodes } = h;
  const nUp = h.up.length;
  const upStride = padded(nUp);
  const nLabels = options.withLabels ? h.nLabels : 0;
  const rowLength = padded(h.maxDepth + 1);
  const pathEntries = options.withLabels ? rowLength * rowLength : 0;
  const scratchBytes = Math.ceil(options.scratchBytes / ALIGNMENT) * ALIGNMENT;
  const sizes: [slot: number, bytes: number][] = [
    [slot.NODE_RECORD, 8 * nNodes],
    [slot.NODE, 4 * nNodes],
    [slot.DEPTH, 2 * nNodes],
    [slot.PARENT, 4 * nNodes],
    [slot.SUBTREE_END, 4 * nNodes],
    [slot.FIRST_UP, 4 * (nNodes + 1)],
    [slot.UP, 4 * nUp],
    [slot.UP_DEPTH, 2 * nUp],
    [slot.FIRST_DOWN, 4 * (nNodes + 1)],
    [slot.DOWN, 4 * nUp],
    [slot.DOWN_ARC, 4 * nUp],
    [slot.FIRST_LABEL, 4 * (nNodes + 1)],
    [slot.COMMON_ROW, 4 * 32],
    [slot.COMMON_DEPTH, 2 * h.commonDepth.length],
    [slot.ARC_SLOT, 4 * nArcs],
    [slot.ARC_PLACE, 4 * nArcs],
    [slot.NEXT_ARC, 4 * nArcs],
    [slot.FIRST_IN, 4 * (nNodes + 1)],
    [slot.ENTERING, 8 * nArcs],
    [slot.ARC_TIME, 4 * nArcs],
    [slot.BASE_TIME, 8 * upStride],
    [slot.UP_TIME, 4 * upStride],
    [slot.DOWN_TIME, 4 * upStride],
    [slot.TO, 4 * nLabels],
    [slot.FROM, 4 * nLabels],
    [slot.PATH_TO, 4 * pathEntries],
    [slot.PATH_FROM, 4 * pathEntries],
    [slot.ROWS, 4 * rowLength * slot.N_ROWS],
    [slot.QUEUED, bitmapBytes(nNodes)],
    [slot.CHANGED, bitmapBytes(nNodes)],
    [slot.ROW_CHANGED, options.withLabels ? (rowLength + 1) * bitmapBytes(rowLength) : 0],
    [slot.SCRATCH, options.threads * scratchBytes],
  ];
  const offsets = new Map<number, number>();
  let end = 4 * slot.HEADER_WORDS;
  for (const [name, bytes] of sizes) {
    offsets.set(name, end);
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  }
  const counts = new Map([
    [slot.MAGIC, MAGIC],
    [slot.TOTAL_BYTES, end],
    [slot.N_NODES, nNodes],
    [slot.N_ARCS, nArcs],
    [slot.N_UP, nUp],
    [slot.UP_STRIDE, upStride],
    [slot.N_LABELS, nLabels],
    [slot.ROW_LENGTH, rowLength],
    [slot.N_THREADS, options.threads],
    [slot.SCRATCH_BYTES, scratchBytes],
    [slot.ROW_CHANGED_BYTES, bitmapBytes(rowLength)],
  ]);
  return { counts, offsets, bytes: end };
}

/** A bit for each of `count`, in whole groups of 16 bytes. */
const bitmapBytes = (count: number): number => Math.ceil(count / 128) * 16;

/** Memory that a label space takes: what a budget is held against before it is made. */
export const labelSpaceBytes = (h: Hierarchy, arcs: { nArcs: number }, options: SpaceOptions): number =>
  layOut(h, arcs.nArcs, options).bytes;

/**
 * A label space with the hierarchy filled in and no times yet. Cost O(size of the hierarchy and the arcs).
 * @returns a reason instead, where it would exceed the 4 GB that WebAssembly can address, or the memory there is
 */
export function createLabelSpace(
  h: Hierarchy,
  arcs: WeightedArcs,
  options: SpaceOptions,
): LabelSpace | { refused: string } {
  const layout = layOut(h, arcs.nArcs, options);
  const gigabytes = `${(layout.bytes / 2 ** 30).toFixed(2)} GB`;
  if (layout.bytes > MOST_BYTES) return { refused: `labels of ${gigabytes} exceed the 4 GB they may take` };
  const block = newBlock(layout.bytes);
  if (block === null) return { refused: `there is no memory left for labels of ${gigabytes}` };
  const header = new Uint32Array(bufferOf(block), 0, slot.HEADER_WORDS);
  for (const [name, value] of layout.counts) header[name] = value;
  for (const [name, value] of layout.offsets) header[name] = value;
  const space = openLabelSpace(block);
  fillHierarchy(space, h);
  fillArcs(space, h, arcs);
  return space;
}

function newBlock(bytes: number): Block | null {
  const shared = canShareMemory();
  if (kernelModule(shared) !== null) return newMemory(bytes, shared);
  try {
    return new ArrayBuffer(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const bufferOf = (block: Block): ArrayBufferLike => (isWasmMemory(block) ? block.buffer : block);

/**
 * The views on a block that holds a label space.
 * @throws Error where it holds none, or one of another layout
 */
export function openLabelSpace(block: Block): LabelSpace {
  const buffer = bufferOf(block);
  assert(buffer.byteLength >= 4 * slot.HEADER_WORDS, 'a block too short for a label space');
  const header = new Uint32Array(buffer, 0, slot.HEADER_WORDS);
  assert(header[slot.MAGIC] === MAGIC, 'a block that holds no label space of this version');
  assert(header[slot.TOTAL_BYTES] <= buffer.byteLength, 'a label space that is cut off');
  const u16 = (name: number, length: number) => new Uint16Array(buffer, header[name], length);
  const u32 = (name: number, length: number) => new Uint32Array(buffer, header[name], length);
  const i32 = (name: number, length: number) => new Int32Array(buffer, header[name], length);
  const nNodes = header[slot.N_NODES];
  const nArcs = header[slot.N_ARCS];
  const nUp = header[slot.N_UP];
  const upStride = header[slot.UP_STRIDE];
  const nLabels = header[slot.N_LABELS];
  const rowLength = header[slot.ROW_LENGTH];
  const pathEntries = nLabels > 0 ? rowLength * rowLength : 0;
  const scratchWords = header[slot.SCRATCH_BYTES] / 4;
  return {
    block,
    header,
    words: new Int32Array(buffer, 0, header[slot.TOTAL_BYTES] / 4),
    nNodes,
    nodeRecord: u32(slot.NODE_RECORD, 2 * nNodes),
    node: u32(slot.NODE, nNodes),
    depth: u16(slot.DEPTH, nNodes),
    parent: u32(slot.PARENT, nNodes),
    subtreeEnd: u32(slot.SUBTREE_END, nNodes),
    firstUp: u32(slot.FIRST_UP, nNodes + 1),
    up: u32(slot.UP, nUp),
    upDepth: u16(slot.UP_DEPTH, nUp),
    firstDown: u32(slot.FIRST_DOWN, nNodes + 1),
    down: u32(slot.DOWN, nUp),
    downArc: u32(slot.DOWN_ARC, nUp),
    firstLabel: u32(slot.FIRST_LABEL, nNodes + 1),
    commonRow: u32(slot.COMMON_ROW, 32),
    commonDepth: u16(slot.COMMON_DEPTH, (header[slot.ARC_SLOT] - header[slot.COMMON_DEPTH]) / 2),
    arcSlot: i32(slot.ARC_SLOT, nArcs),
    arcPlace: u32(slot.ARC_PLACE, nArcs),
    nextArc: u32(slot.NEXT_ARC, nArcs),
    firstIn: u32(slot.FIRST_IN, nNodes + 1),
    entering: u32(slot.ENTERING, 2 * nArcs),
    arcTime: i32(slot.ARC_TIME, nArcs),
    baseTime: i32(slot.BASE_TIME, 2 * upStride),
    upTime: i32(slot.UP_TIME, nUp),
    downTime: i32(slot.DOWN_TIME, nUp),
    to: i32(slot.TO, nLabels),
    from: i32(slot.FROM, nLabels),
    pathTo: i32(slot.PATH_TO, pathEntries),
    pathFrom: i32(slot.PATH_FROM, pathEntries),
    rows: i32(slot.ROWS, rowLength * slot.N_ROWS),
    queued: u32(slot.QUEUED, bitmapBytes(nNodes) / 4),
    changed: u32(slot.CHANGED, bitmapBytes(nNodes) / 4),
    rowChanged: u32(slot.ROW_CHANGED, (header[slot.SCRATCH] - header[slot.ROW_CHANGED]) / 4),
    scratch: Array.from(
      { length: header[slot.N_THREADS] },
      (_, thread) =>
        new Int32Array(buffer, header[slot.SCRATCH] + thread * header[slot.SCRATCH_BYTES], scratchWords),
    ),
  };
}

/**
 * The space for use in this thread: a block that came as a plain buffer, because its memory could not be shared, is copied
 * into a memory that WebAssembly can work on, where there is one.
 */
export function adoptLabelSpace(space: LabelSpace): LabelSpace {
  const { block } = space;
  if (isWasmMemory(block) || kernelModule(false) === null) return space;
  const memory = newMemory(block.byteLength, false);
  if (memory === null) return space; // the kernels in TypeScript work on it where it is
  new Uint8Array(memory.buffer).set(new Uint8Array(block));
  return openLabelSpace(memory);
}

/** The space once more, in a block of its own that no thread has asked yet; null where there is no memory for it. */
export function copyLabelSpace(space: LabelSpace): LabelSpace | null {
  const from = bufferOf(space.block);
  const block = newBlock(from.byteLength);
  if (block === null) return null;
  new Uint8Array(bufferOf(block)).set(new Uint8Array(from));
  const copy = openLabelSpace(block);
  copy.header[slot.N_TAKEN] = 0;
  return copy;
}

function fillHierarchy(space: LabelSpace, h: Hierarchy): void {
  for (let v = 0; v < h.nNodes; v++) {
    space.nodeRecord[2 * v] = h.place[v];
    space.nodeRecord[2 * v + 1] = h.firstLabel[h.place[v]];
  }
  space.node.set(h.node);
  space.depth.set(h.depth);
  space.parent.set(h.parent);
  space.subtreeEnd.set(h.subtreeEnd);
  space.firstUp.set(h.firstUp);
  space.up.set(h.up);
  for (let i = 0; i < h.up.length; i++) space.upDepth[i] = h.depth[h.up[i]];
  space.firstDown.set(h.firstDown);
  space.down.set(h.down);
  space.downArc.set(h.downArc);
  space.firstLabel.set(h.firstLabel);
  space.commonRow.set(h.commonRow);
  space.commonDepth.set(h.commonDepth);
}

function fillArcs(space: LabelSpace, h: Hierarchy, arcs: WeightedArcs): void {
  const { nArcs, tail, head } = arcs;
  fillEntering(space, arcs);
  const { arcSlot, arcPlace, nextArc, header } = space;
  const upStride = header[slot.UP_STRIDE];
  /** The last arc seen of each slot, plus one. */
  const lastArc = new Uint32Array(2 * upStride);
  for (let arc = 0; arc < nArcs; arc++) {
    const from = h.place[tail[arc]];
    const to = h.place[head[arc]];
    const low = from > to ? from : to;
    nextArc[arc] = arc;
    arcPlace[arc] = low;
    if (from === to) {
      arcSlot[arc] = -1;
      continue;
    }
    const up = completedArc(h, low, from > to ? to : from);
    const own = from === low ? up : upStride + up;
    arcSlot[arc] = own;
    const last = lastArc[own];
    if (last > 0) {
      nextArc[arc] = nextArc[last - 1];
      nextArc[last - 1] = arc;
    }
    lastArc[own] = arc + 1;
  }
}

function fillEntering({ firstIn, entering }: LabelSpace, arcs: WeightedArcs): void {
  const { nArcs, tail, head } = arcs;
  if (arcs.firstIn !== undefined && arcs.inArc !== undefined) {
    firstIn.set(arcs.firstIn);
    for (let i = 0; i < nArcs; i++) {
      entering[2 * i] = arcs.inArc[i];
      entering[2 * i + 1] = tail[arcs.inArc[i]];
    }
    return;
  }
  for (let arc = 0; arc < nArcs; arc++) firstIn[head[arc] + 1]++;
  for (let v = 1; v < firstIn.length; v++) firstIn[v] += firstIn[v - 1];
  const next = firstIn.slice();
  for (let arc = 0; arc < nArcs; arc++) {
    const i = next[head[arc]]++;
    entering[2 * i] = arc;
    entering[2 * i + 1] = tail[arc];
  }
}

/**
 * A scratch region for the thread that calls, which no other thread is given.
 * @returns null when more threads have asked than the space was made for
 */
export function takeThread({ header }: LabelSpace): number | null {
  const thread = Atomics.add(header, slot.N_TAKEN, 1);
  return thread < header[slot.N_THREADS] ? thread : null;
}

/** Where the completed arc between a place and a higher neighbour of it stands. */
function completedArc({ firstUp, up }: Hierarchy, low: number, high: number): number {
  let first = firstUp[low];
  let last = firstUp[low + 1] - 1;
  while (first < last) {
    const middle = (first + last) >>> 1;
    if (up[middle] < high) first = middle + 1;
    else last = middle;
  }
  assert(up[first] === high, 'an arc between nodes that are no neighbours in the topology');
  return first;
}
