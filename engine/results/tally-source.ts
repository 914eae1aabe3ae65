/** Answers what figures ask of the calls of a run from tallies: sums of cells. */
import { assert } from '../errors.ts';
import {
  CALL_COUNTS,
  emptyCounts,
  type CallSource,
  type IntervalSums,
  type ResponseMeasure,
  type Selection,
} from './call-source.ts';
import type { ResponseSample } from './response-sample.ts';
import { copiesOfCalls, type RunFacts } from './run-facts.ts';
import { pickedCategories } from './selection.ts';
import { countAt, measureIn, tallyPlan, type TallyCount, type TallyData, type TallyPlan } from './tally.ts';
import { binnedSample, type BinnedResponses } from './time-bins.ts';

/** Intervals up to the arrival, as counted. */
const reachedIntervals = ({ hasDispatchDelay }: RunFacts): CountedInterval[] => [
  { interval: 'detection', count: 'detectionMs' },
  { interval: 'callHandling', count: 'callHandlingMs' },
  { interval: 'queue', count: 'waitToDispatchMs' },
  { interval: 'earlierUnits', count: 'readyToDispatchedMs', less: 'waitToDispatchMs', isRare: true },
  { interval: hasDispatchDelay ? 'dispatchAndTurnout' : 'turnout', count: 'turnoutMs' },
  { interval: 'travel', count: 'travelMs' },
];

interface CountedInterval {
  interval: string;
  count: TallyCount;
  less?: TallyCount;
  /** Not told of where no call has any. */
  isRare?: true;
}

/** @param tallies  of replications in order of their number */
export function tallySource(facts: RunFacts, tallies: readonly TallyData[]): CallSource {
  const plan = tallyPlan(facts);
  const { batches } = facts;
  const nSamples = tallies.length * batches;
  const copies = copiesOfCalls(facts, tallies.length);
  /** One count of a priority (null: all) for each sample. */
  const column = (name: TallyCount, priority: number | null): number[] => {
    const picked = plan.priorities.flatMap((each, ix) =>
      priority === null || each === priority ? [ix] : [],
    );
    return tallies.flatMap(({ counts }) =>
      Array.from({ length: batches }, (_, batch) =>
        picked.reduce((total, ix) => total + counts[countAt(plan, batch, ix, name)], 0),
      ),
    );
  };
  return {
    nSamples,
    copies,
    hasCallsOutside: column('outside', null).some((count) => count > 0),
    responses: (selection, measure) => responses(facts, plan, tallies, selection, measure),
    counts(priority) {
      const counts = emptyCounts(nSamples);
      for (const name of CALL_COUNTS) counts[name] = column(name, priority);
      return counts;
    },
    intervals(priority) {
      const reached = column('reached', priority);
      const sums = reachedIntervals(facts).flatMap(({ interval, count, less, isRare }): IntervalSums[] => {
        const lessMs = less === undefined ? null : column(less, priority);
        const sumMs = column(count, priority).map((ms, i) => ms - (lessMs?.[i] ?? 0));
        return isRare && sumMs.every((ms) => ms === 0) ? [] : [{ interval, sumMs, n: reached }];
      });
      return [
        ...sums,
        {
          // where the first unit leaves with the end of the call, this is its time on scene
          interval: facts.leavesWhenCleared ? 'onScene' : 'arrivedToCleared',
          sumMs: column('arrivedToClearedMs', priority),
          n: column('cleared', priority),
        },
      ];
    },
    slices(measure) {
      assert(measureIn(plan, measure) === 0, 'slices are of the first measure');
      const sumMs = new Float64Array(tallies[0]?.sliceSumMs.length ?? 0);
      const n = new Float64Array(sumMs.length);
      for (const tally of tallies) {
        tally.sliceSumMs.forEach((ms, slice) => (sumMs[slice] += ms));
        tally.sliceN.forEach((count, slice) => (n[slice] += count));
      }
      return { sliceMs: (facts.warmUpMs + facts.durationMs) / sumMs.length, sumMs, n };
    },
  };
}

function responses(
  facts: RunFacts,
  plan: TallyPlan,
  tallies: readonly TallyData[],
  selection: Selection,
  measure: ResponseMeasure,
): ResponseSample | null {
  const ix = measureIn(plan, measure);
  assert(ix >= 0, () => `times from ${measure.clockStart} to arrival ${measure.arrival} were not counted`);
  const cells = cellsOf(facts, plan, selection, measure, ix);
  if (cells === null) return null;
  const parts = tallies.flatMap((tally) =>
    Array.from({ length: facts.batches }, (_, batch) =>
      sumOfCells(
        tally,
        cells.map((cell) => batch * plan.nCells + cell),
        plan.bins.edgesMs.length,
      ),
    ),
  );
  return binnedSample(plan.bins, parts, copiesOfCalls(facts, tallies.length));
}

/** The cells of a batch that a selection is the sum of; null where cells do not tell. */
function cellsOf(
  facts: RunFacts,
  { classes, measures, hourly, nClassCells }: TallyPlan,
  selection: Selection,
  { arrival }: ResponseMeasure,
  measure: number,
): number[] | null {
  const { categories, zones } = facts;
  const picked = pickedCategories(selection, facts);
  if (arrival > 1) {
    // only the last arrival is counted, so it must be the one that is asked for
    if (categories.some(({ units }, category) => picked[category] === 1 && units > arrival)) return null;
    if (selection.hourOfDay && categories.some(({ units }, c) => picked[c] === 1 && units < arrival))
      return null;
  }
  if (selection.hourOfDay) {
    const h = hourly.findIndex((each) => each.selection === selection && each.measure === measure);
    assert(h >= 0, 'a clause by hours of the day was not counted');
    return [nClassCells + zones.length + 1 + h];
  }
  if (selection.zone !== undefined) {
    assert(measure === 0, 'zones are counted for the first measure');
    return [nClassCells + selection.zone];
  }
  return classes.flatMap((name, zoneClass) =>
    selection.zoneClass && !selection.zoneClass.includes(name)
      ? []
      : categories.flatMap(({ units }, category) =>
          picked[category] === 1 && units >= arrival
            ? [(zoneClass * categories.length + category) * measures.length + measure]
            : [],
        ),
  );
}

function sumOfCells(tally: TallyData, cells: readonly number[], nBins: number): BinnedResponses {
  const sums: BinnedResponses = {
    answered: new Float64Array(nBins),
    open: new Float64Array(nBins),
    notStarted: 0,
    nAnswered: 0,
    sumMs: 0,
  };
  for (const cell of cells) {
    tally.answered[cell]?.forEach((count, bin) => (sums.answered[bin] += count));
    tally.open[cell]?.forEach((count, bin) => (sums.open[bin] += count));
    sums.notStarted += tally.notStarted[cell];
    sums.nAnswered += tally.nAnswered[cell];
    sums.sumMs += tally.sumMs[cell];
  }
  return sums;
}
