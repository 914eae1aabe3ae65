/**
 * A few arcs change: customisation and labels of what this touches, and of nothing else (the partial updates of Dibbelt,
 * Strasser, Wagner 2016, section 5.3, carried on to labels). Afterwards the space holds what a build from nothing would
 * give. Twin of assembly/update.ts.
 */
import { computeRow } from './customise.ts';
import { enterPath, isTooLong, labelPlace } from './label.ts';
import type { LabelSpace } from './label-space.ts';
import * as slot from './slots.ts';

/** Gives an arc a new time, at most LABEL_UNREACHED, and queues its lower end where its completed arc can change. */
export function setArcTime(space: LabelSpace, arc: number, timeMs: number): void {
  const { arcTime, arcSlot, arcPlace, nextArc, baseTime, words, header, queued } = space;
  arcTime[arc] = timeMs;
  const own = arcSlot[arc];
  if (own < 0) return;
  let base = timeMs;
  for (let twin = nextArc[arc]; twin !== arc; twin = nextArc[twin]) {
    if (arcTime[twin] < base) base = arcTime[twin];
  }
  const before = baseTime[own];
  if (base === before) return;
  baseTime[own] = base;
  const now = words[header[slot.UP_TIME] / 4 + own];
  if (base < now || before === now) setBit(queued, arcPlace[arc]);
}

/**
 * Customises the queued places anew, the lowest first, and those above that this changes.
 * @param most  stops when so many are computed, with others left in the queue
 * @returns how many places were computed
 */
export function customiseQueued(space: LabelSpace, most: number): number {
  const { queued } = space;
  let count = 0;
  for (let word = queued.length - 1; word >= 0; word--) {
    while (queued[word] !== 0) {
      if (count === most) return count;
      const bit = 31 - Math.clz32(queued[word]);
      queued[word] ^= 1 << bit;
      customiseAgain(space, 32 * word + bit);
      count++;
    }
  }
  return count;
}

function customiseAgain(space: LabelSpace, p: number): void {
  const { firstUp, upDepth, upTime, downTime, header, rows, changed } = space;
  const rowLength = header[slot.ROW_LENGTH];
  const rowUp = slot.ROW_UP * rowLength;
  const rowDown = slot.ROW_DOWN * rowLength;
  const oldUp = slot.ROW_OLD_UP * rowLength;
  const oldDown = slot.ROW_OLD_DOWN * rowLength;
  computeRow(space, p);
  let isChanged = false;
  for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
    const depth = upDepth[i];
    rows[oldUp + depth] = upTime[i];
    rows[oldDown + depth] = downTime[i];
    if (rows[rowUp + depth] !== upTime[i] || rows[rowDown + depth] !== downTime[i]) isChanged = true;
    upTime[i] = rows[rowUp + depth];
    downTime[i] = rows[rowDown + depth];
  }
  if (!isChanged) return;
  setBit(changed, p);
  queueAbove(space, p);
}

/** Queues the higher neighbours of p that have an arc which ran through p, or which now does better through p. */
function queueAbove(
  { firstUp, up, upDepth, upTime, downTime, header, rows, queued }: LabelSpace,
  p: number,
): void {
  const rowLength = header[slot.ROW_LENGTH];
  const rowUp = slot.ROW_UP * rowLength;
  const rowDown = slot.ROW_DOWN * rowLength;
  const oldUp = slot.ROW_OLD_UP * rowLength;
  const oldDown = slot.ROW_OLD_DOWN * rowLength;
  for (let k = firstUp[p]; k < firstUp[p + 1]; k++) {
    const z = upDepth[k];
    const isChanged = rows[rowUp + z] !== rows[oldUp + z] || rows[rowDown + z] !== rows[oldDown + z];
    // the arcs from up[k] to the higher up[i] stand among the arcs of up[k], in the same order
    let arc = firstUp[up[k]];
    for (let i = firstUp[p]; i < k; i++, arc++) {
      while (up[arc] !== up[i]) arc++;
      const y = upDepth[i];
      if (!isChanged && rows[rowUp + y] === rows[oldUp + y] && rows[rowDown + y] === rows[oldDown + y])
        continue;
      const upBefore = rows[oldDown + z] + rows[oldUp + y];
      const upNow = rows[rowDown + z] + rows[rowUp + y];
      const downBefore = rows[oldDown + y] + rows[oldUp + z];
      const downNow = rows[rowDown + y] + rows[rowUp + z];
      if (
        upNow < upTime[arc] ||
        downNow < downTime[arc] ||
        (upBefore === upTime[arc] && upNow !== upBefore) ||
        (downBefore === downTime[arc] && downNow !== downBefore)
      ) {
        setBit(queued, up[k]);
        break;
      }
    }
  }
}

/**
 * Labels anew, from the root down, the places whose arcs changed and those that read a time which changed. All that a
 * subtree reads from outside belongs to the higher neighbours of its root: where none of these changed, it is left out.
 * @returns how many places were labelled
 */
export function labelChanged(space: LabelSpace): number {
  const { nNodes, changed, rowChanged, header, depth, subtreeEnd } = space;
  const bitWords = header[slot.ROW_CHANGED_BYTES] / 4;
  let count = 0;
  for (let root = nextBit(changed, 0); root < nNodes; root = nextBit(changed, subtreeEnd[root])) {
    enterAncestors(space, root);
    const bits = depth[root] * bitWords;
    rowChanged.fill(0, bits, bits + bitWords);
    let next = root;
    for (let p = root; p < subtreeEnd[root];) {
      if (next < p) next = nextBit(changed, p);
      if (next === p || readsChanged(space, p)) {
        enterPath(space, p);
        labelAgain(space, p);
        count++;
        p++;
      } else if (next < subtreeEnd[p]) {
        enterPath(space, p);
        const above = depth[p] * bitWords;
        rowChanged.copyWithin(above + bitWords, above, above + bitWords);
        p++;
      } else {
        p = subtreeEnd[p];
      }
    }
  }
  changed.fill(0);
  return count;
}

/** Forgets what was queued and changed: before a build of everything. */
export function clearQueue({ queued, changed }: LabelSpace): void {
  queued.fill(0);
  changed.fill(0);
}

/** Puts the ancestors of a place on the root path, with nothing known of them yet. */
function enterAncestors({ depth, parent, firstLabel, header, rows }: LabelSpace, p: number): void {
  const rowLength = header[slot.ROW_LENGTH];
  const runs = slot.ROW_RUN * rowLength;
  const known = slot.ROW_KNOWN * rowLength;
  for (let d = depth[p] - 1; d >= 0; d--) {
    p = parent[p];
    rows[runs + d] = firstLabel[p];
    rows[known + d] = 0;
  }
}

/** Whether times of one of the place's higher neighbours changed. */
function readsChanged({ firstUp, upDepth, depth, header, rowChanged }: LabelSpace, p: number): boolean {
  const bits = (depth[p] * header[slot.ROW_CHANGED_BYTES]) / 4;
  for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
    const d = upDepth[i];
    if ((rowChanged[bits + (d >>> 5)] & (1 << (d & 31))) !== 0) return true;
  }
  return false;
}

/** Labels the place at the end of the root path anew and notes whose times this changed. */
function labelAgain(space: LabelSpace, p: number): void {
  const { to, from, depth, firstLabel, header, rows, rowChanged } = space;
  const rowLength = header[slot.ROW_LENGTH];
  const oldTo = slot.ROW_OLD_UP * rowLength;
  const oldFrom = slot.ROW_OLD_DOWN * rowLength;
  const bitWords = header[slot.ROW_CHANGED_BYTES] / 4;
  const d = depth[p];
  const run = firstLabel[p];
  const end = (d & ~3) + 4;
  for (let j = 0; j < end; j++) {
    rows[oldTo + j] = to[run + j];
    rows[oldFrom + j] = from[run + j];
  }
  if (isTooLong(space, p)) header[slot.N_TOO_LONG]--;
  labelPlace(space, p);
  if (isTooLong(space, p)) header[slot.N_TOO_LONG]++;
  const above = d * bitWords;
  const bits = above + bitWords;
  rowChanged.copyWithin(bits, above, bits);
  let isChanged = false;
  for (let j = 0; j < d; j++) {
    if (to[run + j] === rows[oldTo + j] && from[run + j] === rows[oldFrom + j]) continue;
    rowChanged[bits + (j >>> 5)] |= 1 << (j & 31);
    isChanged = true;
  }
  if (isChanged) rowChanged[bits + (d >>> 5)] |= 1 << (d & 31);
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5] |= 1 << (at & 31);
}

/** The first bit that is set from `at` on; beyond the last place where there is none. */
function nextBit(bits: Uint32Array, at: number): number {
  let word = at >>> 5;
  if (word >= bits.length) return 32 * bits.length;
  let rest = bits[word] & (-1 << (at & 31));
  while (rest === 0) {
    if (++word === bits.length) return 32 * word;
    rest = bits[word];
  }
  return 32 * word + (31 - Math.clz32(rest & -rest));
}
