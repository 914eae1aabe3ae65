/** Counts of calls as plain data that text can hold, and back. */
import { SLICES } from './call-source.ts';
import { tallyPlan, TALLY_COUNTS, type TallyData } from './tally.ts';
import type { RunFacts } from './run-facts.ts';

const WHOLE = ['counts', 'nAnswered', 'sumMs', 'notStarted', 'sliceSumMs', 'sliceN'] as const;
const BINNED = ['answered', 'open'] as const;

export type SavedTally = Record<(typeof WHOLE)[number], number[]> &
  Record<(typeof BINNED)[number], (number[] | null)[]>;

export function savedTally(data: TallyData): SavedTally {
  const whole = WHOLE.map((name) => [name, Array.from(data[name])]);
  const binned = BINNED.map((name) => [name, data[name].map((bins) => bins && Array.from(bins))]);
  return Object.fromEntries([...whole, ...binned]) as SavedTally;
}

export const tallyOf = (saved: SavedTally): TallyData => ({
  counts: Float64Array.from(saved.counts),
  nAnswered: Float64Array.from(saved.nAnswered),
  sumMs: Float64Array.from(saved.sumMs),
  notStarted: Float64Array.from(saved.notStarted),
  sliceSumMs: Float64Array.from(saved.sliceSumMs),
  sliceN: Float64Array.from(saved.sliceN),
  answered: saved.answered.map((bins) => bins && Uint32Array.from(bins)),
  open: saved.open.map((bins) => bins && Uint32Array.from(bins)),
});

/** What is wrong with saved counts for a run, or null. Counts are whole numbers from 0, sums of times whole numbers. */
export function savedTallyFault(saved: unknown, facts: RunFacts): string | null {
  if (typeof saved !== 'object' || saved === null) return 'holds no counts of calls';
  const { bins, priorities, nCells } = tallyPlan(facts);
  const tally = saved as Record<string, unknown>;
  const lengths = {
    counts: facts.batches * priorities.length * TALLY_COUNTS.length,
    nAnswered: facts.batches * nCells,
    sumMs: facts.batches * nCells,
    notStarted: facts.batches * nCells,
    answered: facts.batches * nCells,
    open: facts.batches * nCells,
  };
  for (const [name, length] of Object.entries(lengths)) {
    const column = tally[name];
    if (!Array.isArray(column) || column.length !== length) return `${name} is no list of ${length}`;
  }
  for (const name of WHOLE) {
    const column = tally[name];
    if (!Array.isArray(column) || !column.every((each) => Number.isSafeInteger(each) && each >= 0)) {
      return `${name} is no list of whole numbers from 0`;
    }
  }
  for (const name of BINNED) {
    for (const cell of tally[name] as unknown[]) {
      if (cell === null) continue;
      const isSound =
        Array.isArray(cell) &&
        cell.length === bins.edgesMs.length &&
        cell.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffffffff);
      if (!isSound) return `${name} has a cell that is no list of counts of ${bins.edgesMs.length} bins`;
    }
  }
  const slices = [tally.sliceSumMs, tally.sliceN] as number[][];
  return slices.every(({ length }) => length === SLICES) ? null : `slices are not ${SLICES}`;
}
