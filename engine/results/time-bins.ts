/**
 * Bins of times for counting without keeping each time: up to an hour they end at every whole second, so that shares
 * within whole seconds are exact and a percentile is told to the second; then they grow with the time by 1/64. Every
 * threshold that is asked for ends a bin too.
 */
import { assert } from '../errors.ts';
import { MS_PER_DAY, MS_PER_HOUR, MS_PER_S, type Ms } from '../units.ts';
import type { ResponseSample } from './response-sample.ts';
import { sum } from './interval.ts';

const GROWTH = 1 / 64;
/** No simulated time is as long. */
const LONGEST_MS = 1000 * MS_PER_DAY;

export interface TimeBins {
  /** Upper ends, ascending, inclusive; the last is Infinity. */
  edgesMs: Float64Array;
  /** For a time in (s - 1, s] seconds, s up to 3600: the first bin it may lie in. */
  firstBin: Uint16Array;
}

/** @param thresholdsMs  further upper ends */
export function timeBins(thresholdsMs: readonly Ms[]): TimeBins {
  const ends = new Set<Ms>(thresholdsMs);
  for (let ms = 0; ms <= MS_PER_HOUR; ms += MS_PER_S) ends.add(ms);
  for (let ms = MS_PER_HOUR; ms < LONGEST_MS; ms += Math.floor((ms * GROWTH) / MS_PER_S) * MS_PER_S)
    ends.add(ms);
  ends.add(LONGEST_MS).add(Infinity);
  const edgesMs = Float64Array.from(ends).sort();
  const firstBin = new Uint16Array(MS_PER_HOUR / MS_PER_S + 1);
  for (let s = 0, bin = 0; s < firstBin.length; s++) {
    while (edgesMs[bin] <= (s - 1) * MS_PER_S) bin++;
    firstBin[s] = bin;
  }
  return { edgesMs, firstBin };
}

/** The bin of a time, at least 0; Infinity has the last. Cost O(1) up to an hour, then O(log bins). */
export function binOf({ edgesMs, firstBin }: TimeBins, ms: Ms): number {
  if (ms <= MS_PER_HOUR) {
    let bin = firstBin[Math.ceil(ms / MS_PER_S)];
    while (edgesMs[bin] < ms) bin++;
    return bin;
  }
  let low = firstBin[firstBin.length - 1];
  let high = edgesMs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edgesMs[middle] < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts of calls by bin: of those answered, of those open (lost ones in the last bin), and of those not started. */
export interface BinnedResponses {
  answered: Float64Array;
  open: Float64Array;
  notStarted: number;
  nAnswered: number;
  sumMs: number;
}

/** A sample that holds counts by bin. Cost O(bins) for each entry. */
export function binnedSample(
  { edgesMs }: TimeBins,
  parts: readonly BinnedResponses[],
  copies = 1,
): ResponseSample {
  const cumulated = parts.map(({ answered, open }) => [runningSum(answered), runningSum(open)] as const);
  const total = [
    columnSum(
      cumulated.map(([answered]) => answered),
      edgesMs.length,
    ),
    columnSum(
      cumulated.map(([, open]) => open),
      edgesMs.length,
    ),
  ] as const;
  const lastBin = edgesMs.length - 1;
  /** The bin that ends at a time; -1 before the first. */
  const binAt = (t: Ms): number => {
    if (t < 0) return -1;
    let low = 0;
    let high = lastBin;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edgesMs[middle] < t) low = middle + 1;
      else high = middle;
    }
    assert(edgesMs[low] === t, () => `no bin ends at ${t} ms`);
    return low;
  };
  const within = ([answered, open]: readonly [Float64Array, Float64Array], bin: number) => ({
    hits: bin < 0 ? 0 : answered[bin],
    decided: answered[lastBin] + open[lastBin] - (bin < 0 ? 0 : open[bin]),
  });
  return {
    copies,
    nSelected: total[0][lastBin] + total[1][lastBin] + sum(parts.map(({ notStarted }) => notStarted)),
    nAnswered: parts.map((part) => part.nAnswered),
    sumMs: parts.map((part) => part.sumMs),
    countWithin(t) {
      const bin = binAt(t);
      const counts = cumulated.map((columns) => within(columns, bin));
      return { hits: counts.map(({ hits }) => hits), decided: counts.map(({ decided }) => decided) };
    },
    pooledWithin: (t) => within(total, binAt(t)),
    levelsMs() {
      // up to the bin of the longest answered time: beyond it only open calls drop out
      let n = 0;
      while (n < lastBin && total[0][n] < total[0][lastBin]) n++;
      return edgesMs.subarray(0, total[0][lastBin] > 0 ? n + 1 : 0);
    },
  };
}

function runningSum(counts: Float64Array): Float64Array {
  const sums = new Float64Array(counts.length);
  let total = 0;
  counts.forEach((count, i) => (sums[i] = total += count));
  return sums;
}

function columnSum(columns: readonly Float64Array[], length: number): Float64Array {
  const total = new Float64Array(length);
  for (const column of columns) column.forEach((value, i) => (total[i] += value));
  return total;
}
