/** Folds an event log into what each unit's time went to. */
import { EVENT_KINDS, type EventLog } from '../sim/event-log.ts';
import { NONE, type Ms } from '../units.ts';
import { BrokenLogError } from './call-record.ts';

/** Time within the scored part of the run; one entry for each unit. */
export interface UnitTimes {
  /** From dispatched to cleared. */
  busyMs: Float64Array;
  /** On duty, or still on a call after the shift: overtime counts as duty, so busy is never more. */
  onDutyMs: Float64Array;
}

/**
 * Busy and duty time of each unit. Cost O(rows).
 * @throws BrokenLogError when a unit is sent while it is on a call, or ends what it never began
 */
export function foldUnitTimes(log: EventLog, nUnits: number): UnitTimes {
  const busyMs = new Float64Array(nUnits);
  const onDutyMs = new Float64Array(nUnits);
  const isOnDuty = new Uint8Array(nUnits);
  const isBusy = new Uint8Array(nUnits);
  const sinceMs = new Float64Array(nUnits);
  const fail = (row: number, message: string): never => {
    throw new BrokenLogError(log.replication, row, message);
  };

  /** Books the time since the unit's last change of state, as far as it is scored. */
  const book = (unit: number, nowMs: Ms): void => {
    const elapsed = Math.max(0, nowMs) - Math.max(0, sinceMs[unit]);
    if (isBusy[unit]) busyMs[unit] += elapsed;
    if (isBusy[unit] || isOnDuty[unit]) onDutyMs[unit] += elapsed;
    sinceMs[unit] = nowMs;
  };

  const change = (row: number, unit: number, state: Uint8Array, isStart: boolean): void => {
    book(unit, log.timeMs[row]);
    state[unit] = isStart ? 1 : 0;
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
      change(row, unit, isOnDuty, true);
    } else if (kind === 'shiftEnded') {
      if (!isOnDuty[unit]) fail(row, `unit ${unit} leaves a duty that it never began`);
      change(row, unit, isOnDuty, false);
    } else if (kind === 'unitDispatched') {
      if (isBusy[unit]) fail(row, `unit ${unit} is sent while it is on a call`);
      change(row, unit, isBusy, true);
    } else if (kind === 'callCleared') {
      if (!isBusy[unit]) fail(row, `unit ${unit} clears a call that it was not on`);
      change(row, unit, isBusy, false);
    }
  }
  return { busyMs, onDutyMs };
}
