/** Positions as queries take them: the states next to each, and the times between. */
import { assert } from '../../errors.ts';
import type { Ms } from '../../units.ts';
import type { StateIx } from '../network.ts';
import * as word from './query-slots.ts';

/** A state next to a position, and the time between them. */
export interface StateTime {
  state: StateIx;
  timeMs: Ms;
}

/** Positions as columns: ends first[i] .. first[i + 1] - 1 belong to position i. A position without ends is nowhere. */
export interface EndColumns {
  first: Uint32Array;
  state: Uint32Array;
  timeMs: Uint32Array;
}

/** The columns of given positions. */
export function endColumns(positions: readonly (readonly StateTime[])[]): EndColumns {
  const first = new Uint32Array(positions.length + 1);
  for (let i = 0; i < positions.length; i++) first[i + 1] = first[i] + positions[i].length;
  const state = new Uint32Array(first[positions.length]);
  const timeMs = new Uint32Array(first[positions.length]);
  for (let i = 0; i < positions.length; i++) {
    for (let e = 0; e < positions[i].length; e++) {
      state[first[i] + e] = positions[i][e].state;
      timeMs[first[i] + e] = positions[i][e].timeMs;
    }
  }
  return { first, state, timeMs };
}

/** Number of positions. */
export const countOf = (positions: EndColumns): number => positions.first.length - 1;

/** Columns that answers go into. */
export type Times = Uint32Array | Int32Array;

/** The end of as many positions from `start` on as a table takes at a time. */
export function chunkEnd(positions: EndColumns, start: number): number {
  const { first } = positions;
  const limit = first[start] + word.MAX_ENDS;
  let end = Math.min(start + word.MAX_POSITIONS, countOf(positions));
  while (first[end] > limit) end--;
  assert(
    end > start,
    `position ${start} has ${first[start + 1] - first[start]} ends; ${word.MAX_ENDS} are the most`,
  );
  return end;
}

/** Copies positions into a table, whose ends are counted from its first word. */
export function copyEnds(positions: EndColumns, start: number, end: number, table: EndColumns): void {
  const { first, state, timeMs } = positions;
  const isWhole = first[start] === 0 && end === countOf(positions) && state.length <= word.MAX_ENDS;
  if (start === 0 && isWhole) {
    table.first.set(first);
    table.state.set(state);
    table.timeMs.set(timeMs);
    return;
  }
  table.first.set(first.subarray(start, end + 1));
  table.state.set(state.subarray(first[start], first[end]));
  table.timeMs.set(timeMs.subarray(first[start], first[end]));
}
