/** Folds an event log into what each unit's time went to. */
import { EVENT_KINDS, type EventLog } from '../sim/event-log.ts';
import { MS_PER_DAY, NONE, type Ms } from '../units.ts';
import { BrokenLogError } from './call-record.ts';

/** Where a unit's time goes; each within the scored time, one entry for each unit. */
export interface UnitTimes {
  /** From dispatched to available again: the way, the scene, transport, report. */
  busyMs: Float64Array;
  /** On duty, or still on a call after the shift: overtime counts as duty, so nothing below is ever more. */
  onDutyMs: Float64Array;
  /** On duty past the end of the shift. */
  overtimeMs: Float64Array;
  breakMs: Float64Array;
  /** On work of its own accord. */
  activityMs: Float64Array;
  outOfServiceMs: Float64Array;
}

export const UNIT_TIMES = [
  'busyMs',
  'onDutyMs',
  'overtimeMs',
  'breakMs',
  'activityMs',
  'outOfServiceMs',
] as const satisfies readonly (keyof UnitTimes)[];

/** What the times of units are read by. */
interface DutyFacts {
  units: readonly string[];
  shifts: readonly { id: string; startMs: Ms; endMs: Ms }[];
  msIntoDay: Ms;
}

const emptyTimes = (nUnits: number): UnitTimes => ({
  busyMs: new Float64Array(nUnits),
  onDutyMs: new Float64Array(nUnits),
  overtimeMs: new Float64Array(nUnits),
  breakMs: new Float64Array(nUnits),
  activityMs: new Float64Array(nUnits),
  outOfServiceMs: new Float64Array(nUnits),
});

/** Times of several parts of a run together. */
export function sumOfUnitTimes(parts: readonly UnitTimes[]): UnitTimes {
  const total = emptyTimes(parts[0].busyMs.length);
  for (const part of parts) {
    for (const key of UNIT_TIMES) part[key].forEach((ms, unit) => (total[key][unit] += ms));
  }
  return total;
}

/**
 * Times of each unit, cut at the ends of batches. Cost O(rows + changes of state x batches they last).
 * @param boundsMs  from the start of the first batch to the end of the last, ascending; the scored time as a whole is
 *   [0, durationMs]
 * @returns one entry for each batch
 * @throws BrokenLogError when a unit is sent while it is on a call, or ends what it never began
 */
export function foldUnitTimes(log: EventLog, facts: DutyFacts, boundsMs: ArrayLike<Ms>): UnitTimes[] {
  const { shifts, msIntoDay } = facts;
  const nUnits = facts.units.length;
  const nBatches = boundsMs.length - 1;
  const batches = Array.from({ length: nBatches }, () => emptyTimes(nUnits));
  const shiftIx = new Map(shifts.map((shift, ix) => [shift.id, ix]));
  const isOnDuty = new Uint8Array(nUnits);
  const isBusy = new Uint8Array(nUnits);
  const isOnBreak = new Uint8Array(nUnits);
  const isActive = new Uint8Array(nUnits);
  const isOut = new Uint8Array(nUnits);
  const sinceMs = new Float64Array(nUnits);
  const shiftEndMs = new Float64Array(nUnits).fill(-Infinity);
  const batchOfUnit = new Uint32Array(nUnits);
  const fail = (row: number, message: string): never => {
    throw new BrokenLogError(log.replication, row, message);
  };

  /** Books the time since the unit's last change of state, batch by batch, as far as it is scored. */
  const book = (unit: number, nowMs: Ms): void => {
    const isDuty = isBusy[unit] === 1 || isOnDuty[unit] === 1;
    let batch = batchOfUnit[unit];
    while (batch < nBatches) {
      const from = Math.max(boundsMs[batch], sinceMs[unit]);
      const elapsed = Math.min(boundsMs[batch + 1], nowMs) - from;
      if (isDuty && elapsed > 0) {
        const times = batches[batch];
        times.onDutyMs[unit] += elapsed;
        if (isBusy[unit]) times.busyMs[unit] += elapsed;
        if (isOnBreak[unit]) times.breakMs[unit] += elapsed;
        if (isActive[unit]) times.activityMs[unit] += elapsed;
        if (isOut[unit]) times.outOfServiceMs[unit] += elapsed;
        times.overtimeMs[unit] += Math.max(0, from + elapsed - Math.max(from, shiftEndMs[unit]));
      }
      if (nowMs < boundsMs[batch + 1]) break;
      batch++;
    }
    batchOfUnit[unit] = batch;
    sinceMs[unit] = nowMs;
  };

  /** End of the shift that a unit begins, or (at the start of the run) is in. */
  const endOfShift = (row: number): Ms => {
    const shift = shifts[shiftIx.get(log.detail[row]) ?? fail(row, `"${log.detail[row]}" is no shift`)];
    const day = Math.floor((log.timeMs[row] + msIntoDay - shift.startMs) / MS_PER_DAY);
    return day * MS_PER_DAY + shift.endMs - msIntoDay;
  };

  const changes: Partial<Record<(typeof EVENT_KINDS)[number], [Uint8Array, 0 | 1, string]>> = {
    unitDispatched: [isBusy, 1, 'is sent while it is on a call'],
    unitCleared: [isBusy, 0, 'clears a call that it was not on'],
    unitRecalled: [isBusy, 0, 'is recalled from a call that it was not on'],
    breakStarted: [isOnBreak, 1, 'begins a break within a break'],
    breakEnded: [isOnBreak, 0, 'ends a break that it never began'],
    activityStarted: [isActive, 1, 'begins an activity within an activity'],
    activityEnded: [isActive, 0, 'ends an activity that it never began'],
    outOfServiceStarted: [isOut, 1, 'goes out of service twice'],
    outOfServiceEnded: [isOut, 0, 'comes back into service that it never left'],
    shiftEnded: [isOnDuty, 0, 'leaves a duty that it never began'],
  };

  for (let row = 0; row < log.nEvents; row++) {
    const now = log.timeMs[row];
    const kind = EVENT_KINDS[log.kind[row]];
    if (kind === 'runEnded') for (let unit = 0; unit < nUnits; unit++) book(unit, now);
    const unit = log.unit[row];
    if (unit === NONE) continue;
    if (unit >= nUnits) fail(row, `unit ${unit} is not among the ${nUnits} units`);
    if (kind === 'shiftStarted') {
      // on duty already when a call of the shift before has kept it: one duty then follows the other
      book(unit, now);
      isOnDuty[unit] = 1;
      shiftEndMs[unit] = endOfShift(row);
      continue;
    }
    const change = changes[kind];
    if (change === undefined) continue;
    const [state, value, wrong] = change;
    if (state[unit] === value) fail(row, `unit ${unit} ${wrong}`);
    book(unit, now);
    state[unit] = value;
    // whoever goes off duty does nothing else any more
    if (kind === 'shiftEnded') isOnBreak[unit] = isActive[unit] = isOut[unit] = 0;
  }
  return batches;
}
