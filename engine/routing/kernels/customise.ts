/**
 * Customisation: times of all completed arcs such that no lower triangle improves one (Dibbelt, Strasser, Wagner 2016,
 * section 5), both directions. Twin of assembly/customise.ts.
 */
import type { LabelSpace } from './label-space.ts';
import * as slot from './slots.ts';

/** Each slot's base time is that of the fastest of its network arcs. */
export function fillBaseTimes({ baseTime, arcSlot, arcTime }: LabelSpace): void {
  baseTime.fill(slot.LABEL_UNREACHED);
  for (let arc = 0; arc < arcSlot.length; arc++) {
    const own = arcSlot[arc];
    if (own >= 0 && arcTime[arc] < baseTime[own]) baseTime[own] = arcTime[arc];
  }
}

/** Arcs of the places from `end` - 1 down to `first`; those of all later places are final. */
export function customisePlaces(space: LabelSpace, end: number, first: number): void {
  const { firstUp, upDepth, upTime, downTime, header, rows } = space;
  const rowLength = header[slot.ROW_LENGTH];
  const rowUp = slot.ROW_UP * rowLength;
  const rowDown = slot.ROW_DOWN * rowLength;
  for (let p = end - 1; p >= first; p--) {
    computeRow(space, p);
    for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
      upTime[i] = rows[rowUp + upDepth[i]];
      downTime[i] = rows[rowDown + upDepth[i]];
    }
  }
}

/**
 * Times of one place's arcs into ROW_UP and ROW_DOWN: from its base times and, for each lower neighbour x, the way through
 * x to whoever is above both. All those are ancestors of the place, so a depth names each.
 */
export function computeRow(space: LabelSpace, p: number): void {
  const { firstUp, upDepth, firstDown, down, downArc, baseTime, upTime, downTime, header, rows } = space;
  const rowLength = header[slot.ROW_LENGTH];
  const upStride = header[slot.UP_STRIDE];
  const rowUp = slot.ROW_UP * rowLength;
  const rowDown = slot.ROW_DOWN * rowLength;
  for (let i = firstUp[p]; i < firstUp[p + 1]; i++) {
    const depth = upDepth[i];
    rows[rowUp + depth] = baseTime[i];
    rows[rowDown + depth] = baseTime[upStride + i];
  }
  for (let k = firstDown[p]; k < firstDown[p + 1]; k++) {
    const arc = downArc[k];
    const toX = downTime[arc];
    const fromX = upTime[arc];
    // higher neighbours of x that are above p come first among them
    for (let i = firstUp[down[k]]; i < arc; i++) {
      const depth = upDepth[i];
      const there = toX + upTime[i];
      if (there < rows[rowUp + depth]) rows[rowUp + depth] = there;
      const back = downTime[i] + fromX;
      if (back < rows[rowDown + depth]) rows[rowDown + depth] = back;
    }
  }
}
