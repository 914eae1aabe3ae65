/**
 * Batches of a steady-state run: its scored time cut into equal parts, each of which stands where a replication stands
 * in the estimators (Law, Simulation Modeling and Analysis, 9.5.3). A call belongs to the batch in which it occurs.
 */
import type { Ms } from '../units.ts';
import { CALL_EVENTS, type CallRecords } from './call-record.ts';

/** Starts of the batches and the end of the last; one batch is the scored time as a whole. */
export const batchBounds = (durationMs: Ms, batches: number): Float64Array =>
  Float64Array.from({ length: batches + 1 }, (_, batch) => Math.round((durationMs * batch) / batches));

/** The batch that a time of the scored time lies in; the end of the run belongs to the last. Cost O(1). */
export function batchAt(boundsMs: ArrayLike<Ms>, timeMs: Ms): number {
  const batches = boundsMs.length - 1;
  let batch = Math.min(batches - 1, Math.floor((timeMs * batches) / boundsMs[batches]));
  // bounds are rounded to whole milliseconds
  while (batch > 0 && timeMs < boundsMs[batch]) batch--;
  while (batch < batches - 1 && timeMs >= boundsMs[batch + 1]) batch++;
  return batch;
}

/** The scored calls by batch, as views of the same columns. Calls of the warm-up are in none. Cost O(batches log calls). */
export function callsByBatch(calls: CallRecords, boundsMs: ArrayLike<Ms>): CallRecords[] {
  const { occurred } = calls.atMs;
  const firstFrom = (timeMs: Ms): number => {
    let low = 0;
    let high = calls.nCalls;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (occurred[middle] < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return Array.from({ length: boundsMs.length - 1 }, (_, batch) => {
    const from = firstFrom(boundsMs[batch]);
    const to = batch === boundsMs.length - 2 ? calls.nCalls : firstFrom(boundsMs[batch + 1]);
    return part(calls, from, to);
  });
}

function part(calls: CallRecords, from: number, to: number): CallRecords {
  const times = CALL_EVENTS.map((event) => [event, calls.atMs[event].subarray(from, to)]);
  return {
    ...calls,
    nCalls: to - from,
    atMs: Object.fromEntries(times) as CallRecords['atMs'],
    laterStart: calls.laterStart.subarray(from, to + 1), // into laterMs of the whole
    end: calls.end.subarray(from, to),
    unit: calls.unit.subarray(from, to),
    waitedMs: calls.waitedMs.subarray(from, to),
    waitedToDispatchMs: calls.waitedToDispatchMs.subarray(from, to),
    nSent: calls.nSent.subarray(from, to),
    nRecalled: calls.nRecalled.subarray(from, to),
    unitsWanted: calls.unitsWanted.subarray(from, to),
    category: calls.category.subarray(from, to),
    zone: calls.zone.subarray(from, to),
    segment: calls.segment.subarray(from, to),
    offsetMm: calls.offsetMm.subarray(from, to),
    onSceneMs: calls.onSceneMs.subarray(from, to),
    parent: calls.parent.subarray(from, to),
  };
}
