/**
 * Shifts: when units come on duty and leave it. A shift begins on its days of the week; a unit that is busy at its end
 * stays until it is free, which is overtime.
 */
import type { Scenario } from '../scenario/scenario.ts';
import { MS_PER_DAY, NONE, type Ms } from '../units.ts';
import { isAtBase, positionOf, settle } from './driving.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { dispatchSoon } from './intake.ts';
import { beginDuty, continueSoon, recordMissedTasks } from './patrolling.ts';
import { redeploySoon } from './redeploying.ts';
import { becomeFree, endOutOfService, interruptRest } from './resting.ts';
import { lookForStalemate } from './stalemate.ts';
import { scoredMs, type DueBreak, type Simulation, type UnitState } from './state.ts';

interface ShiftWindow {
  shift: number;
  startMs: Ms;
  endMs: Ms;
}

type Calendar = { shifts: Scenario['shifts']; run: { start: Scenario['run']['start'] } };

/**
 * The next window of a unit that ends after `afterMs` and starts later than `laterThanMs`; null when none comes within a
 * week of days. Times count from the scored start. Cost O(shifts).
 */
function nextWindow(
  { shifts, run: { start } }: Calendar,
  own: readonly number[],
  { afterMs, laterThanMs }: { afterMs: Ms; laterThanMs: Ms },
): ShiftWindow | null {
  const midnightMs = -start.msIntoDay;
  const firstDayOfWeek = Math.floor(start.hourOfWeek / 24);
  let next: ShiftWindow | null = null;
  for (const shift of own) {
    const { startMs, endMs, days } = shifts[shift];
    const firstDay = Math.floor((Math.max(afterMs - endMs, laterThanMs - startMs) - midnightMs) / MS_PER_DAY);
    for (let day = firstDay; day <= firstDay + 8; day++) {
      const dayMs = midnightMs + day * MS_PER_DAY;
      const window = { shift, startMs: dayMs + startMs, endMs: dayMs + endMs };
      if (window.endMs <= afterMs || window.startMs <= laterThanMs) continue;
      if (!days[(((firstDayOfWeek + day) % 7) + 7) % 7]) continue;
      if (next === null || window.startMs < next.startMs) next = window;
      break;
    }
  }
  return next;
}

/** Puts the unit's next shift into the event list. */
export function awaitShift(sim: Simulation, unit: UnitState): void {
  const window = nextWindow(sim.city.scenario, unit.of.shifts, {
    afterMs: sim.nowMs,
    laterThanMs: unit.shiftStartMs,
  });
  if (window === null || window.startMs >= sim.endMs) return;
  sim.events.push(Math.max(window.startMs, sim.startMs), SIM.shiftStarted, unit.ix);
}

/**
 * A unit comes on duty at home; one whose shifts follow each other without a break goes on from where it is, and one
 * still busy from its last shift goes on with its call.
 */
export function startShift(sim: Simulation, unit: UnitState): void {
  const { scenario } = sim.city;
  const window = nextWindow(scenario, unit.of.shifts, {
    afterMs: sim.nowMs,
    laterThanMs: unit.shiftStartMs,
  })!;
  const wasOff = unit.activity === 'offDuty';
  const relieved = wasOff && unit.shiftEndMs === window.startMs;
  if (wasOff) {
    if (!relieved) unit.base = sim.setup.bases.ofUnit[unit.ix];
    settle(sim, unit, relieved ? unit.start : sim.setup.bases.positions[unit.base], 'standing');
    unit.onDutySinceMs = sim.nowMs;
  } else if (unit.isInOvertime) {
    unit.overtimeMs += scoredMs(sim, unit.shiftEndMs, sim.nowMs);
  }
  unit.isInOvertime = false;
  unit.shift = window.shift;
  unit.shiftStartMs = window.startMs;
  unit.shiftEndMs = window.endMs;
  unit.breaks = breaksOf(sim, unit, window);
  beginDuty(sim, unit, window.shift);
  sim.recorder?.row(
    sim.nowMs,
    ROW.shiftStarted,
    NONE,
    unit.ix,
    positionOf(sim, unit),
    scenario.shifts[window.shift].id,
  );
  sim.events.push(window.endMs, SIM.shiftEnded, unit.ix);
  for (const { dueMs } of unit.breaks) sim.events.push(dueMs, SIM.breakDue, unit.ix);
  awaitShift(sim, unit);
  if (!wasOff) {
    lookForStalemate(sim);
    return;
  }
  if (unit.mustLeaveService || (unit.of.answersFrom === 'post' && !isAtBase(sim, unit))) {
    becomeFree(sim, unit);
    return;
  }
  redeploySoon(sim, 'onDuty', unit.ix);
  continueSoon(sim, unit);
  dispatchSoon(sim);
}

/** Breaks of a shift by the time they fall due, those that were due before the run left out. */
function breaksOf(sim: Simulation, { of }: UnitState, { shift, startMs }: ShiftWindow): DueBreak[] {
  return of.breaks
    .filter((each) => (each.shift === null || each.shift === shift) && startMs + each.afterMs >= sim.nowMs)
    .map(({ afterMs, durationMs, interruptibleBy }) => ({
      dueMs: startMs + afterMs,
      leftMs: durationMs,
      interruptibleBy,
    }))
    .sort((a, b) => a.dueMs - b.dueMs);
}

/** The shift is over: its undone tasks are listed, and the unit leaves unless a call holds it. */
export function endShift(sim: Simulation, unit: UnitState): void {
  recordMissedTasks(sim, unit);
  unit.duty = null;
  unit.breaks = unit.activity === 'onBreak' ? unit.breaks.slice(0, 1) : [];
  if (unit.call === null) goOffDuty(sim, unit);
  else unit.isInOvertime = true;
}

export function goOffDuty(sim: Simulation, unit: UnitState): void {
  if (unit.activity === 'onBreak' || unit.activity === 'onActivity') interruptRest(sim, unit);
  if (unit.activity === 'outOfService') endOutOfService(sim, unit);
  unit.breaks = [];
  unit.isInOvertime = false;
  settle(sim, unit, positionOf(sim, unit), 'offDuty');
  unit.onDutyMs += scoredMs(sim, unit.onDutySinceMs, sim.nowMs);
  unit.overtimeMs += scoredMs(sim, unit.shiftEndMs, sim.nowMs);
  sim.recorder?.row(
    sim.nowMs,
    ROW.shiftEnded,
    NONE,
    unit.ix,
    unit.start,
    sim.city.scenario.shifts[unit.shift].id,
  );
  redeploySoon(sim, 'offDuty', unit.ix);
  lookForStalemate(sim);
}

/** At the end of the run: time of units that are still on duty is booked. */
export function bookTime(sim: Simulation, unit: UnitState): void {
  if (unit.call !== null) unit.busyMs += scoredMs(sim, unit.dispatchedMs, sim.nowMs);
  if (unit.activity === 'offDuty') return;
  unit.onDutyMs += scoredMs(sim, unit.onDutySinceMs, sim.nowMs);
  if (unit.isInOvertime) unit.overtimeMs += scoredMs(sim, unit.shiftEndMs, sim.nowMs);
  const spentMs = scoredMs(sim, unit.sinceMs, sim.nowMs);
  if (unit.activity === 'onBreak') unit.breakMs += spentMs;
  if (unit.activity === 'onActivity') unit.activityMs += spentMs;
  if (unit.activity === 'outOfService') unit.outOfServiceMs += spentMs;
}
