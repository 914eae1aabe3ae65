/** Answers what figures ask of the calls of a run from the records of every call. */
import { CALL_ENDS } from '../sim/outcome.ts';
import { NONE, type Ms } from '../units.ts';
import { kthArrivalMs, NOT_YET, type CallLabels, type CallRecords } from './call-record.ts';
import {
  emptyCounts,
  INTERVALS,
  SLICES,
  type CallCounts,
  type CallSource,
  type IntervalSums,
  type ResponseMeasure,
} from './call-source.ts';
import { columnSample, type ResponseColumns } from './response-sample.ts';
import { selectorOf } from './selection.ts';

const TRIAGED = CALL_ENDS.indexOf('triaged');
const LOST = CALL_ENDS.indexOf('lost');

interface RecordSourceInput {
  labels: CallLabels;
  msIntoDay: Ms;
  warmUpMs: Ms;
  durationMs: Ms;
  /** Replications in order of their number, or the batches of a steady-state run. */
  samples: readonly CallRecords[];
  /** Replications with their warm-up. */
  replications: readonly CallRecords[];
  /** Of the source: how many times the samples hold each call. */
  copies: number;
}

/** Cost of each question O(calls), of responses O(calls log calls). */
export function recordSource(input: RecordSourceInput): CallSource {
  const { labels, msIntoDay, samples, copies } = input;
  const priorityOf = labels.categories.map(({ priority }) => priority);
  const hasPriority = (calls: CallRecords, call: number, priority: number | null): boolean =>
    calls.atMs.occurred[call] >= 0 && (priority === null || priorityOf[calls.category[call]] === priority);
  return {
    nSamples: samples.length,
    copies,
    hasCallsOutside: samples.some(({ zone, atMs, nCalls }) => {
      for (let call = 0; call < nCalls; call++)
        if (zone[call] === NONE && atMs.occurred[call] >= 0) return true;
      return false;
    }),
    responses(selection, measure) {
      const picks = selectorOf(selection, labels, msIntoDay);
      const columns: ResponseColumns = { answeredMs: [], openMs: [], notStarted: [] };
      for (const calls of samples) addSample(columns, calls, measure, picks);
      return columnSample(columns, copies);
    },
    counts(priority) {
      const counts = emptyCounts(samples.length);
      samples.forEach((calls, i) => {
        for (let call = 0; call < calls.nCalls; call++) {
          if (hasPriority(calls, call, priority)) countCall(counts, i, calls, call);
        }
      });
      return counts;
    },
    intervals(priority) {
      const sums = INTERVALS.map(({ from, to, of, part }) => {
        const sumMs: number[] = [];
        const n: number[] = [];
        for (const calls of samples) {
          const [start, end, reached] = [calls.atMs[from], calls.atMs[to], calls.atMs[of]];
          let ms = 0;
          let count = 0;
          for (let call = 0; call < calls.nCalls; call++) {
            if (reached[call] === NOT_YET || !hasPriority(calls, call, priority)) continue;
            const wholeMs = end[call] - start[call];
            const waitedMs = calls.waitedToDispatchMs[call];
            ms += part === undefined ? wholeMs : part === 'waited' ? waitedMs : wholeMs - waitedMs;
            count++;
          }
          sumMs.push(ms);
          n.push(count);
        }
        return { sumMs, n };
      });
      return INTERVALS.flatMap(({ interval, isRare }, i): IntervalSums[] =>
        isRare && sums[i].sumMs.every((ms) => ms === 0) ? [] : [{ interval, ...sums[i] }],
      );
    },
    slices: (measure) => slicesOf(input, measure),
  };
}

function addSample(
  columns: ResponseColumns,
  calls: CallRecords,
  { arrival, clockStart }: ResponseMeasure,
  picks: ReturnType<typeof selectorOf>,
): void {
  const { occurred } = calls.atMs;
  const start = calls.atMs[clockStart];
  const answered: Ms[] = [];
  const open: Ms[] = [];
  let notStarted = 0;
  for (let call = 0; call < calls.nCalls; call++) {
    if (occurred[call] < 0 || calls.end[call] === TRIAGED || calls.unitsWanted[call] < arrival) continue;
    if (!picks(calls.category[call], calls.zone[call], occurred[call])) continue;
    const arrivedMs = kthArrivalMs(calls, call, arrival);
    if (arrivedMs !== NOT_YET) answered.push(arrivedMs - start[call]);
    else if (calls.end[call] === LOST) open.push(Infinity);
    else if (start[call] !== NOT_YET) open.push(calls.endMs - start[call]);
    else notStarted++;
  }
  columns.answeredMs.push(Float64Array.from(answered));
  columns.openMs.push(Float64Array.from(open));
  columns.notStarted.push(notStarted);
}

function countCall(counts: CallCounts, i: number, calls: CallRecords, call: number): void {
  const { ready, dispatched, arrived } = calls.atMs;
  const waitedMs = calls.waitedMs[call];
  counts.scored[i]++;
  if (calls.end[call] === TRIAGED) counts.triaged[i]++;
  else if (calls.end[call] === LOST) counts.lost[i]++;
  else {
    if (arrived[call] === NOT_YET) counts.openAtEnd[i]++;
    if (dispatched[call] !== NOT_YET) {
      counts.waitKnown[i]++;
      counts.dispatched[i]++;
      counts.waitMs[i] += waitedMs;
      if (waitedMs > 0) counts.waited[i]++;
    } else if (ready[call] < calls.endMs) {
      counts.waitKnown[i]++;
      counts.waited[i]++;
    }
  }
}

function slicesOf(
  { replications, warmUpMs, durationMs }: RecordSourceInput,
  { arrival, clockStart }: ResponseMeasure,
): ReturnType<CallSource['slices']> {
  const sliceMs = (warmUpMs + durationMs) / SLICES;
  const sumMs = new Float64Array(SLICES);
  const n = new Float64Array(SLICES);
  for (const calls of replications) {
    const start = calls.atMs[clockStart];
    for (let call = 0; call < calls.nCalls; call++) {
      const arrivedMs = kthArrivalMs(calls, call, arrival);
      if (arrivedMs === NOT_YET) continue;
      const slice = Math.min(SLICES - 1, Math.floor((calls.atMs.occurred[call] + warmUpMs) / sliceMs));
      sumMs[slice] += arrivedMs - start[call];
      n[slice]++;
    }
  }
  return { sliceMs, sumMs, n };
}
