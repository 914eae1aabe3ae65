/**
 * Counts calls as they end, so that a run of any length has its figures without a log. Memory does not grow with the
 * number of calls; a call costs some twenty additions.
 *
 * Calls are counted by cell: zone class and category for every time that the standards measure, and the zone for the
 * time of the 1-3-5 table. Groups and clauses are sums of cells. Only a clause that asks for hours of the day has a cell
 * of its own, since it cuts through the others.
 */
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import { TIERS_MS } from '../scenario/tiers.ts';
import type { RunObserver } from '../sim/outcome.ts';
import { NONE, secondsToMs, type Ms } from '../units.ts';
import { batchAt, batchBounds } from './batches.ts';
import { NOT_YET, type CallEvent } from './call-record.ts';
import { CALL_COUNTS, SLICES, type ResponseMeasure, type Selection } from './call-source.ts';
import { prioritiesOf } from './kpis/call-groups.ts';
import { tierClock } from './kpis/tier-clock.ts';
import type { RunFacts } from './run-facts.ts';
import { arrivalOf, clockOf } from './score.ts';
import { selectorOf } from './selection.ts';
import { binOf, timeBins, type TimeBins } from './time-bins.ts';

/** Times that a tally can measure: to the first arrival, or to the last of the units that a call needs. */
interface TalliedMeasure {
  staffed: boolean;
  clockStart: CallEvent;
}

/** How cells are laid out; follows from the facts of a run alone, so that a tally can be read elsewhere. */
export interface TallyPlan {
  bins: TimeBins;
  /** The first is that of the 1-3-5 table. */
  measures: TalliedMeasure[];
  /** Zone classes in order of the zones, then that of calls outside every zone. */
  classes: string[];
  priorities: number[];
  /** Clauses by hours of the day, each with the measure it asks for. */
  hourly: { selection: Selection; measure: number }[];
  boundsMs: Float64Array;
  nClassCells: number;
  /** Cells of a batch: (class, category) by measure, then zones and outside, then hourly clauses. */
  nCells: number;
}

export function tallyPlan(facts: RunFacts): TallyPlan {
  const { standards, zones, categories, durationMs, batches } = facts;
  const measures: TalliedMeasure[] = [{ staffed: false, clockStart: tierClock(standards).event }];
  const measureOf = (staffed: boolean, clockStart: CallEvent): number => {
    const known = measures.findIndex((each) => each.staffed === staffed && each.clockStart === clockStart);
    return known >= 0 ? known : measures.push({ staffed, clockStart }) - 1;
  };
  const hourly: TallyPlan['hourly'] = [];
  const thresholdsMs: Ms[] = Object.values(TIERS_MS);
  for (const clause of standards.flatMap((standard) => standard.clauses)) {
    thresholdsMs.push(secondsToMs(clause.thresholdS));
    // a clause whose clock or event is not simulated still says how many calls it speaks of
    const measure = measureOf(arrivalOf(clause) > 1, clockOf(clause.clockStart) ?? 'received');
    if (clause.selector.hourOfDay) hourly.push({ selection: clause.selector, measure });
  }
  const classes = [...new Set([...zones.map((zone) => zone.class), NO_ZONE_CLASS])];
  const nClassCells = classes.length * categories.length * measures.length;
  return {
    bins: timeBins(thresholdsMs),
    measures,
    classes,
    priorities: prioritiesOf(facts),
    hourly,
    boundsMs: batchBounds(durationMs, batches),
    nClassCells,
    nCells: nClassCells + zones.length + 1 + hourly.length,
  };
}

/** What is counted of each priority and batch. Sums are of milliseconds. */
export const TALLY_COUNTS = [
  ...CALL_COUNTS,
  'outside',
  'reached',
  'detectionMs',
  'callHandlingMs',
  'readyToDispatchedMs',
  'waitToDispatchMs',
  'turnoutMs',
  'travelMs',
  'cleared',
  'arrivedToClearedMs',
] as const;
export type TallyCount = (typeof TALLY_COUNTS)[number];
const AT = Object.fromEntries(TALLY_COUNTS.map((name, ix) => [name, ix])) as Record<TallyCount, number>;

/** Columns only: goes from a worker to the others as it is. */
export interface TallyData {
  /** TALLY_COUNTS by (batch, priority). */
  counts: Float64Array;
  /** Counts by bin of each (batch, cell); null where no call was. */
  answered: (Uint32Array | null)[];
  open: (Uint32Array | null)[];
  /** Of each (batch, cell). */
  nAnswered: Float64Array;
  sumMs: Float64Array;
  notStarted: Float64Array;
  /** Responses of the first measure by time of occurrence, warm-up included. */
  sliceSumMs: Float64Array;
  sliceN: Float64Array;
}

export interface Tally extends RunObserver {
  /** The counts so far; the same columns until the next call ends. */
  data(): TallyData;
}

/** Clock starts in the order in which a tally lays them out. */
const CLOCKS: readonly CallEvent[] = ['occurred', 'received', 'dispatched', 'enRoute'];

/** An observer for one replication. @param sofar  counts to go on from, of the same facts; they are the tally's from now on */
export function createTally(facts: RunFacts, sofar?: TallyData): Tally {
  const plan = tallyPlan(facts);
  const { bins, measures, classes, priorities, boundsMs, nCells, nClassCells } = plan;
  const { zones, categories, durationMs, warmUpMs, batches, msIntoDay } = facts;
  const nMeasures = measures.length;
  const nCategories = categories.length;
  const nBins = bins.edgesMs.length;
  const priorityIx = Uint32Array.from(categories, ({ priority }) => priorities.indexOf(priority));
  const classIx = Uint32Array.from(zones, (zone) => classes.indexOf(zone.class));
  const classOutside = classes.indexOf(NO_ZONE_CLASS);
  const clockOfMeasure = Uint8Array.from(measures, ({ clockStart }) => CLOCKS.indexOf(clockStart));
  const isStaffed = Uint8Array.from(measures, ({ staffed }) => (staffed ? 1 : 0));
  // of the call at hand: starts of the clocks, and by measure the bin of its time (NONE: not answered) and the time
  const startMs = new Float64Array(CLOCKS.length);
  const binOfMeasure = new Uint32Array(nMeasures);
  const timeOfMeasure = new Float64Array(nMeasures);
  const hourly = plan.hourly.map(({ selection, measure }) => ({
    picks: selectorOf(selection, facts, msIntoDay),
    measure,
  }));
  const sliceMs = (warmUpMs + durationMs) / SLICES;

  const {
    counts = new Float64Array(batches * priorities.length * TALLY_COUNTS.length),
    answered = new Array<Uint32Array | null>(batches * nCells).fill(null),
    open = new Array<Uint32Array | null>(batches * nCells).fill(null),
    nAnswered = new Float64Array(batches * nCells),
    sumMs = new Float64Array(batches * nCells),
    notStarted = new Float64Array(batches * nCells),
    sliceSumMs = new Float64Array(SLICES),
    sliceN = new Float64Array(SLICES),
  } = sofar ?? {};

  /** Measures the times of a call once, however many cells it is counted in. */
  const measureCall = (arrivedMs: Ms, staffedMs: Ms, isLost: boolean): void => {
    for (let measure = 0; measure < nMeasures; measure++) {
      const start = startMs[clockOfMeasure[measure]];
      const end = isStaffed[measure] === 1 ? staffedMs : arrivedMs;
      const isAnswered = end !== NOT_YET;
      const timeMs = isAnswered ? end - start : durationMs - start;
      timeOfMeasure[measure] = isAnswered ? timeMs : NOT_YET;
      binOfMeasure[measure] =
        isLost && !isAnswered ? nBins - 1 : timeMs === -Infinity ? NONE : binOf(bins, timeMs);
    }
  };
  /** Counts the call at hand in one cell. */
  const count = (cell: number, measure: number): void => {
    const bin = binOfMeasure[measure];
    const timeMs = timeOfMeasure[measure];
    if (timeMs !== NOT_YET) {
      (answered[cell] ??= new Uint32Array(nBins))[bin]++;
      nAnswered[cell]++;
      sumMs[cell] += timeMs;
    } else if (bin === NONE) {
      notStarted[cell]++;
    } else {
      (open[cell] ??= new Uint32Array(nBins))[bin]++;
    }
  };

  return {
    callEnded(outcome) {
      const { occurredMs, receivedMs, readyMs, dispatchedMs, enRouteMs, arrivedMs, staffedMs, clearedMs } =
        outcome;
      const { category, zone, end, waitedMs, waitedToDispatchMs } = outcome;
      startMs[0] = occurredMs;
      startMs[1] = receivedMs;
      startMs[2] = dispatchedMs;
      startMs[3] = enRouteMs;
      if (arrivedMs !== NOT_YET) {
        const slice = Math.min(SLICES - 1, Math.floor((occurredMs + warmUpMs) / sliceMs));
        sliceSumMs[slice] += arrivedMs - startMs[clockOfMeasure[0]];
        sliceN[slice]++;
      }
      if (occurredMs < 0) return;
      const batch = batches === 1 ? 0 : batchAt(boundsMs, occurredMs);
      const at = (batch * priorities.length + priorityIx[category]) * TALLY_COUNTS.length;
      counts[at + AT.scored]++;
      if (zone === NONE) counts[at + AT.outside]++;
      if (end === 'triaged') {
        counts[at + AT.triaged]++;
        return;
      }
      const isLost = end === 'lost';
      if (isLost) {
        counts[at + AT.lost]++;
      } else {
        if (arrivedMs === NOT_YET) counts[at + AT.openAtEnd]++;
        if (dispatchedMs !== NOT_YET) {
          counts[at + AT.waitKnown]++;
          counts[at + AT.dispatched]++;
          counts[at + AT.waitMs] += waitedMs;
          if (waitedMs > 0) counts[at + AT.waited]++;
        } else if (readyMs < durationMs) {
          counts[at + AT.waitKnown]++;
          counts[at + AT.waited]++;
        }
      }
      if (arrivedMs !== NOT_YET) {
        counts[at + AT.reached]++;
        counts[at + AT.detectionMs] += receivedMs - occurredMs;
        counts[at + AT.callHandlingMs] += readyMs - receivedMs;
        counts[at + AT.readyToDispatchedMs] += dispatchedMs - readyMs;
        counts[at + AT.waitToDispatchMs] += waitedToDispatchMs;
        counts[at + AT.turnoutMs] += enRouteMs - dispatchedMs;
        counts[at + AT.travelMs] += arrivedMs - enRouteMs;
        if (clearedMs !== NOT_YET) {
          counts[at + AT.cleared]++;
          counts[at + AT.arrivedToClearedMs] += clearedMs - arrivedMs;
        }
      }

      measureCall(arrivedMs, staffedMs, isLost);
      const firstCell = batch * nCells;
      const zoneClass = zone === NONE ? classOutside : classIx[zone];
      const classCell = firstCell + (zoneClass * nCategories + category) * nMeasures;
      for (let measure = 0; measure < nMeasures; measure++) count(classCell + measure, measure);
      const zoneCell = firstCell + nClassCells + (zone === NONE ? zones.length : zone);
      count(zoneCell, 0);
      const firstHourly = firstCell + nClassCells + zones.length + 1;
      for (let h = 0; h < hourly.length; h++) {
        const { picks, measure } = hourly[h];
        if (picks(category, zone, occurredMs)) count(firstHourly + h, measure);
      }
    },
    data: () => ({ counts, answered, open, nAnswered, sumMs, notStarted, sliceSumMs, sliceN }),
  };
}

/** Which of a plan's measures tells a time; -1 where none does. */
export const measureIn = (plan: TallyPlan, { arrival, clockStart }: ResponseMeasure): number =>
  plan.measures.findIndex((each) => each.staffed === arrival > 1 && each.clockStart === clockStart);

export const countAt = (plan: TallyPlan, batch: number, priority: number, name: TallyCount): number =>
  (batch * plan.priorities.length + priority) * TALLY_COUNTS.length + AT[name];
