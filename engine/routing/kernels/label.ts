/**
 * Labels from customised times, from the root down: the fastest way from a place to an ancestor goes up one completed arc
 * to a higher neighbour, and on from there between two ancestors of the place. Farhan, Koehler, Ohms, Wang,
 * "Customization meets 2-hop labeling" (VLDB 2023), describe such labels. Times between places of the current root path
 * are collected in two square matrices, row by row as they are needed, so that the loops read contiguous memory. Twin of
 * assembly/label.ts.
 */
import type { LabelSpace } from './label-space.ts';
import * as slot from './slots.ts';

/**
 * Labels of the places from `first` to `end` - 1, after those of all earlier places.
 * Cost O(completed arcs x depth).
 */
export function labelPlaces(space: LabelSpace, first: number, end: number): void {
  if (first === 0) space.header[slot.N_TOO_LONG] = 0;
  for (let p = first; p < end; p++) {
    enterPath(space, p);
    labelPlace(space, p);
    if (isTooLong(space, p)) space.header[slot.N_TOO_LONG]++;
  }
}

/** Makes a place the end of the current root path, on which its ancestors are. */
export function enterPath({ depth, firstLabel, header, rows }: LabelSpace, p: number): void {
  const rowLength = header[slot.ROW_LENGTH];
  const known = slot.ROW_KNOWN * rowLength;
  const d = depth[p];
  rows[slot.ROW_RUN * rowLength + d] = firstLabel[p];
  // what the rows hold of this depth belongs to another place
  for (let j = 0; j < ((d + 3) & ~3); j++) if (rows[known + j] > d) rows[known + j] = d;
  rows[known + d] = 0;
}

/** Labels of the place at the end of the root path, whose ancestors are labelled. */
export function labelPlace(space: LabelSpace, p: number): void {
  const { words, header, depth, firstLabel, firstUp, upDepth, upTime, downTime } = space;
  const rowLength = header[slot.ROW_LENGTH];
  const known = header[slot.ROWS] / 4 + slot.ROW_KNOWN * rowLength;
  const pathTo = header[slot.PATH_TO] / 4;
  const pathFrom = header[slot.PATH_FROM] / 4;
  const d = depth[p];
  const ownTo = header[slot.TO] / 4 + firstLabel[p];
  const ownFrom = header[slot.FROM] / 4 + firstLabel[p];
  const end = (d & ~3) + 4;
  const first = firstUp[p];
  for (let j = d; j < end; j++) {
    words[ownTo + j] = slot.LABEL_UNREACHED;
    words[ownFrom + j] = slot.LABEL_UNREACHED;
  }
  for (let i = first; i < firstUp[p + 1]; i++) {
    const via = upDepth[i];
    if (words[known + via] < d) completeRow(space, via, d);
    const viaTo = pathTo + via * rowLength;
    const viaFrom = pathFrom + via * rowLength;
    const up = upTime[i];
    const down = downTime[i];
    if (i === first) {
      for (let j = 0; j < d; j++) {
        const there = up + words[viaTo + j];
        words[ownTo + j] = there < slot.LABEL_UNREACHED ? there : slot.LABEL_UNREACHED;
        const back = down + words[viaFrom + j];
        words[ownFrom + j] = back < slot.LABEL_UNREACHED ? back : slot.LABEL_UNREACHED;
      }
      continue;
    }
    for (let j = 0; j < d; j++) {
      const there = up + words[viaTo + j];
      if (there < words[ownTo + j]) words[ownTo + j] = there;
      const back = down + words[viaFrom + j];
      if (back < words[ownFrom + j]) words[ownFrom + j] = back;
    }
  }
  words[ownTo + d] = 0;
  words[ownFrom + d] = 0;
}

/** Collects the times between the place at depth `row` of the root path and the others on it, up to depth `end` - 1. */
function completeRow({ words, header }: LabelSpace, row: number, end: number): void {
  const rowLength = header[slot.ROW_LENGTH];
  const rows = header[slot.ROWS] / 4;
  const runs = rows + slot.ROW_RUN * rowLength;
  const known = rows + slot.ROW_KNOWN * rowLength + row;
  const to = header[slot.TO] / 4;
  const from = header[slot.FROM] / 4;
  const pathTo = header[slot.PATH_TO] / 4 + row * rowLength;
  const pathFrom = header[slot.PATH_FROM] / 4 + row * rowLength;
  let j = words[known];
  if (j === 0) {
    const own = words[runs + row];
    for (; j < (row & ~3) + 4; j++) {
      words[pathTo + j] = words[to + own + j];
      words[pathFrom + j] = words[from + own + j];
    }
    j = row + 1;
  }
  // of two places the lower one holds the labels
  for (; j < end; j++) {
    const run = words[runs + j] + row;
    words[pathTo + j] = words[from + run];
    words[pathFrom + j] = words[to + run];
  }
  words[known] = end;
}

/** Whether a label of the place is so long that two such could pass for a missing time. */
export function isTooLong({ to, from, depth, firstLabel }: LabelSpace, p: number): boolean {
  const first = firstLabel[p];
  const end = first + depth[p];
  let bits = 0;
  for (let j = first; j < end; j++) bits |= (to[j] + 1) | (from[j] + 1);
  return (bits & slot.TOO_LONG_BIT) !== 0;
}
