/** Shifts: when units come on duty and leave it. Shifts recur daily; a unit that is busy at their end stays until the call is cleared. */
import type { Scenario } from '../scenario/scenario.ts';
import { MS_PER_DAY, NONE, type Ms } from '../units.ts';
import { beginDuty, continueSoon, recordMissedTasks, settleAt } from './patrolling.ts';
import { positionOf, scoredMs, type Simulation } from './state.ts';

export interface ShiftWindow {
  unit: number;
  shift: number;
  startMs: Ms;
  endMs: Ms;
}

/** Every shift of every unit that overlaps [fromMs, toMs), by unit then start. Times count from the scored start. */
export function shiftWindows(
  scenario: Scenario,
  units: readonly { shifts: readonly number[] }[],
  fromMs: Ms,
  toMs: Ms,
): ShiftWindow[] {
  const midnightMs = -scenario.run.start.msIntoDay;
  const dayOf = (timeMs: Ms): number => Math.floor((timeMs - midnightMs) / MS_PER_DAY);
  const windows: ShiftWindow[] = [];
  units.forEach(({ shifts }, unit) => {
    const own: ShiftWindow[] = [];
    for (const shift of shifts) {
      const { startMs, endMs } = scenario.shifts[shift];
      // A shift of an earlier day may still run at fromMs.
      for (let day = dayOf(fromMs - endMs); day <= dayOf(toMs - startMs); day++) {
        const dayMs = midnightMs + day * MS_PER_DAY;
        const window = { unit, shift, startMs: dayMs + startMs, endMs: dayMs + endMs };
        if (window.startMs < toMs && window.endMs > fromMs) own.push(window);
      }
    }
    windows.push(...own.sort((a, b) => a.startMs - b.startMs));
  });
  return windows;
}

/**
 * A unit comes on duty at home; one whose shifts follow each other without a break goes on from where it is, and one
 * still busy from its last shift goes on with its call.
 */
export function startShift(sim: Simulation, window: ShiftWindow): void {
  const u = window.unit;
  const unit = sim.units[u];
  const relieved = unit.activity === 'offDuty' && unit.shiftEndMs === window.startMs;
  if (unit.activity === 'offDuty') {
    settleAt(sim, u, relieved ? unit.start : sim.city.units[u].home);
    unit.onDutySinceMs = sim.nowMs;
  }
  unit.shift = window.shift;
  unit.shiftStartMs = window.startMs;
  unit.shiftEndMs = window.endMs;
  beginDuty(sim, u, window.shift);
  sim.recorder.row(sim.nowMs, 'shiftStarted', {
    unit: u,
    at: positionOf(sim, unit),
    detail: sim.city.scenario.shifts[window.shift].id,
  });
  sim.events.push(window.endMs, 'shiftEnded', u, 0);
  if (unit.call === NONE) continueSoon(sim, u);
}

/** The shift is over: its undone tasks are listed, and the unit leaves unless a call holds it. */
export function endShift(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  recordMissedTasks(sim, u);
  unit.duty = null;
  if (unit.call === NONE) goOffDuty(sim, u);
}

export function goOffDuty(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  settleAt(sim, u, positionOf(sim, unit));
  unit.activity = 'offDuty';
  unit.onDutyMs += scoredMs(sim, unit.onDutySinceMs, sim.nowMs);
  sim.recorder.row(sim.nowMs, 'shiftEnded', {
    unit: u,
    at: unit.start,
    detail: sim.city.scenario.shifts[unit.shift].id,
  });
}
