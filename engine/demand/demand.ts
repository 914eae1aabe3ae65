/** Demand: where and when calls come. The table of calls that the simulation reads; fixed before the clock starts. */
import { assert } from '../errors.ts';
import type { Ms, SegmentIx } from '../units.ts';

/** Calls in order of occurrence; ties keep the order of (source, draw). Times count from the scored start, negative in the warm-up. */
export interface CallTable {
  nCalls: number;
  /** Milliseconds from the scored start. */
  occurredMs: Float64Array;
  segment: Uint32Array;
  offsetMm: Uint32Array;
  /** Index into city.zones or NONE. */
  zone: Uint32Array;
  /** Index into city.categories. */
  category: Uint16Array;
  onSceneMs: Uint32Array;
}

/** One call, as a row of the table. */
export interface CallRow {
  occurredMs: Ms;
  segment: SegmentIx;
  offsetMm: number;
  zone: number;
  category: number;
  onSceneMs: Ms;
}

/** The table of rows that are in order. */
export const callTable = (rows: readonly CallRow[]): CallTable => ({
  nCalls: rows.length,
  occurredMs: Float64Array.from(rows, (row) => row.occurredMs),
  segment: Uint32Array.from(rows, (row) => row.segment),
  offsetMm: Uint32Array.from(rows, (row) => row.offsetMm),
  zone: Uint32Array.from(rows, (row) => row.zone),
  category: Uint16Array.from(rows, (row) => row.category),
  onSceneMs: Uint32Array.from(rows, (row) => row.onSceneMs),
});

/** States what must hold of a call table. Cost O(calls). */
export function checkCallTable(calls: CallTable, nCategories: number): void {
  const { nCalls, occurredMs } = calls;
  for (const column of [
    occurredMs,
    calls.segment,
    calls.offsetMm,
    calls.zone,
    calls.category,
    calls.onSceneMs,
  ]) {
    assert(column.length === nCalls, 'call columns differ in length');
  }
  for (let call = 0; call < nCalls; call++) {
    assert(Number.isInteger(occurredMs[call]), () => `call ${call} occurs at a broken millisecond`);
    assert(call === 0 || occurredMs[call - 1] <= occurredMs[call], () => `call ${call} runs back in time`);
    assert(calls.category[call] < nCategories, () => `call ${call} has no category`);
  }
}
