/**
 * Demand: where and when calls come, and what each of them needs. All of it is drawn without a look at units or
 * policies, so every plan answers the same calls (common random numbers).
 */
import { assert } from '../errors.ts';
import { NONE, type Ms, type SegmentIx } from '../units.ts';

/**
 * Calls in order of occurrence, ties in the order that `call-writer.ts` states. Times count from the scored start, negative
 * in the warm-up.
 */
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
  /** 1 where the call ends at the desk, without a unit. */
  triaged: Uint8Array;
  /** 1 where the first unit brings somebody to a destination of the category's kind. */
  transported: Uint8Array;
  /** Handover at the destination; 0 without transport. */
  handoverMs: Uint32Array;
  /** Writing of the first unit; 0 without. */
  reportMs: Uint32Array;
  /** The call that this one is linked to or repeats: its number in the replication, NONE for a call of its own. */
  parent: Uint32Array;
  /** Keys the draws that are made when the call is answered (delays, travel factors); 0 where none is needed. */
  key: Uint32Array;
}

/** The columns of a call table besides `nCalls`, in the order of files. */
export const CALL_COLUMNS = [
  'occurredMs',
  'segment',
  'offsetMm',
  'zone',
  'category',
  'onSceneMs',
  'triaged',
  'transported',
  'handoverMs',
  'reportMs',
  'parent',
  'key',
] as const satisfies readonly (keyof CallTable)[];

/**
 * The calls of one replication, handed out in blocks so that memory does not grow with their number. Calls are numbered
 * through all blocks; `parent` counts so too.
 */
export interface CallStream {
  /** The next calls in order of occurrence, at least one; null when there are no more. The block is the caller's. */
  next(): CallTable | null;
}

/** One call, as a row of the table; what is left out is not needed. */
export interface CallRow {
  occurredMs: Ms;
  segment: SegmentIx;
  offsetMm: number;
  zone: number;
  category: number;
  onSceneMs: Ms;
  triaged?: boolean;
  transported?: boolean;
  handoverMs?: Ms;
  reportMs?: Ms;
  parent?: number;
  key?: number;
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
  triaged: Uint8Array.from(rows, (row) => (row.triaged === true ? 1 : 0)),
  transported: Uint8Array.from(rows, (row) => (row.transported === true ? 1 : 0)),
  handoverMs: Uint32Array.from(rows, (row) => row.handoverMs ?? 0),
  reportMs: Uint32Array.from(rows, (row) => row.reportMs ?? 0),
  parent: Uint32Array.from(rows, (row) => row.parent ?? NONE),
  key: Uint32Array.from(rows, (row) => row.key ?? 0),
});

/** One table of blocks in order. Cost O(calls). */
export function concatCalls(blocks: readonly CallTable[]): CallTable {
  const calls = callTable([]);
  calls.nCalls = blocks.reduce((sum, { nCalls }) => sum + nCalls, 0);
  for (const name of CALL_COLUMNS) {
    const column = new (calls[name].constructor as new (length: number) => typeof calls.occurredMs)(
      calls.nCalls,
    );
    let at = 0;
    for (const block of blocks) {
      column.set(block[name], at);
      at += block.nCalls;
    }
    (calls as Record<typeof name, ArrayLike<number>>)[name] = column;
  }
  return calls;
}

/** All calls of a stream in one table. */
export function tableOf(stream: CallStream): CallTable {
  const blocks: CallTable[] = [];
  for (let block = stream.next(); block !== null; block = stream.next()) blocks.push(block);
  return concatCalls(blocks);
}

/** A stream of one block. */
export function streamOf(calls: CallTable): CallStream {
  let left: CallTable | null = calls.nCalls > 0 ? calls : null;
  return {
    next() {
      const block = left;
      left = null;
      return block;
    },
  };
}

/** States what must hold of a call table. Cost O(calls). */
export function checkCallTable(calls: CallTable, nCategories: number): void {
  const { nCalls, occurredMs } = calls;
  for (const column of CALL_COLUMNS) {
    assert(calls[column].length === nCalls, () => `the column ${column} has another length than its table`);
  }
  for (let call = 0; call < nCalls; call++) {
    assert(Number.isInteger(occurredMs[call]), () => `call ${call} occurs at a broken millisecond`);
    assert(call === 0 || occurredMs[call - 1] <= occurredMs[call], () => `call ${call} runs back in time`);
    assert(calls.category[call] < nCategories, () => `call ${call} has no category`);
  }
}
