/**
 * What keeps a unit besides calls: breaks, work of its own accord, time out of service, and the way back of a unit that
 * answers from its post. All of them wait until the unit is free.
 */
import { drawLaw } from '../demand/laws.ts';
import { assert } from '../errors.ts';
import { PURPOSE, RandomStream } from '../rng.ts';
import { MS_PER_HOUR, NONE } from '../units.ts';
import { fastestDrive, isAtBase, metricNow, positionOf, setOff, settle } from './driving.ts';
import { goOffDuty } from './duty.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { dispatchSoon } from './intake.ts';
import { continueSoon } from './patrolling.ts';
import { redeploySoon } from './redeploying.ts';
import { lookForStalemate } from './stalemate.ts';
import { isFree, scoredMs, setActivity, type DueBreak, type Simulation, type UnitState } from './state.ts';

/** The unit is done with a call, a break or other work: what comes next is up to its shift, its breaks and its post. */
export function becomeFree(sim: Simulation, unit: UnitState): void {
  settle(sim, unit, unit.start, 'standing');
  if (unit.isInOvertime) {
    goOffDuty(sim, unit);
    return;
  }
  if (unit.mustLeaveService) {
    leaveService(sim, unit);
    return;
  }
  if (takeDueBreak(sim, unit)) return;
  if (unit.of.answersFrom === 'post' && !isAtBase(sim, unit)) {
    returnToPost(sim, unit);
    return;
  }
  redeploySoon(sim, 'freed', unit.ix);
  continueSoon(sim, unit);
}

/** A unit that answers from its post drives back, out of reach. */
function returnToPost(sim: Simulation, unit: UnitState): void {
  const by = metricNow(sim, unit.of.profile, false);
  // a large fleet has a table of times to its bases
  const knownMs =
    sim.finder === null ? undefined : sim.setup.finderTables.postTable(by).timeTo(unit.start, unit.base);
  const drive = fastestDrive(sim, by, unit.start, sim.setup.bases.positions[unit.base], knownMs);
  setOff(sim, unit, drive, 'returning');
  sim.recorder?.row(sim.nowMs, ROW.patrolDrive, NONE, unit.ix, drive.from, 'home', drive);
  sim.events.push(sim.nowMs + drive.travelTimeMs, SIM.patrolStepEnded, unit.ix, unit.epoch);
}

export function arriveAtPost(sim: Simulation, unit: UnitState): void {
  settle(sim, unit, positionOf(sim, unit), 'standing');
  becomeFree(sim, unit);
  dispatchSoon(sim);
}

/** Work of another kind begins where the unit is: its patrol stops, its leg is done anew afterwards. */
function stopFor(
  sim: Simulation,
  unit: UnitState,
  activity: 'onBreak' | 'onActivity' | 'outOfService',
): void {
  settle(sim, unit, positionOf(sim, unit), activity);
  unit.sinceMs = sim.nowMs;
  unit.tookOtherWork = true;
  redeploySoon(sim, 'resting', unit.ix);
}

/** Begins the first break that is due. @returns whether there is one */
export function takeDueBreak(sim: Simulation, unit: UnitState): boolean {
  const due = unit.breaks.at(0);
  if (due === undefined || due.dueMs > sim.nowMs) return false;
  stopFor(sim, unit, 'onBreak');
  beInterruptible(sim, unit, due.interruptibleBy);
  sim.recorder?.row(sim.nowMs, ROW.breakStarted, NONE, unit.ix, unit.start);
  sim.events.push(sim.nowMs + due.leftMs, SIM.breakEnded, unit.ix, unit.epoch);
  // a call may wait that is urgent enough to end it
  dispatchSoon(sim);
  return true;
}

/** Breaks fall due by the clock; a unit that is busy takes its break when it is free. */
export function breakFallsDue(sim: Simulation, unit: UnitState): void {
  if (isFree(unit)) takeDueBreak(sim, unit);
}

export function endBreak(sim: Simulation, unit: UnitState): void {
  leaveRest(sim, unit, 'done');
  unit.breaks.shift();
  becomeFree(sim, unit);
  dispatchSoon(sim);
}

export function activityStarts(sim: Simulation, unit: UnitState, activity: number): void {
  scheduleActivity(sim, unit, activity);
  if (!isFree(unit) || unit.activity === 'movingUp') return;
  stopFor(sim, unit, 'onActivity');
  unit.doing = activity;
  const { id, duration, interruptibleBy } = sim.city.scenario.activities[activity];
  beInterruptible(sim, unit, interruptibleBy);
  sim.recorder?.row(sim.nowMs, ROW.activityStarted, NONE, unit.ix, unit.start, id);
  const stream = activityStream(sim, unit, activity, PURPOSE.activityTime, sim.nowMs);
  sim.events.push(sim.nowMs + drawLaw(duration, stream), SIM.activityEnded, unit.ix, unit.epoch);
}

/**
 * The next time at which a unit begins an activity. The gap is keyed by the time from which it counts, so that nothing
 * needs to be kept between two of them: starts are a Poisson process that no other part of the run can shift.
 */
export function scheduleActivity(sim: Simulation, unit: UnitState, activity: number): void {
  const { perUnitHour } = sim.city.scenario.activities[activity];
  const stream = activityStream(sim, unit, activity, PURPOSE.activityStart, sim.nowMs);
  const gapMs = 1 + Math.floor(stream.exponential(MS_PER_HOUR / perUnitHour));
  sim.events.push(
    sim.nowMs + gapMs,
    SIM.activityStarts,
    unit.ix * sim.city.scenario.activities.length + activity,
  );
}

/** A stream of its own for each unit, activity and millisecond of the run. */
function activityStream(
  sim: Simulation,
  unit: UnitState,
  activity: number,
  purpose: typeof PURPOSE.activityStart | typeof PURPOSE.activityTime,
  timeMs: number,
): RandomStream {
  const whose = unit.ix * sim.city.scenario.activities.length + activity;
  const since = Math.floor(timeMs - sim.startMs);
  const entity =
    (Math.imul(whose, 0x9e3779b1) ^ Math.imul(since >>> 0, 0x85ebca6b) ^ Math.floor(since / 2 ** 32)) >>> 0;
  return new RandomStream(sim.key, sim.replication, purpose, entity);
}

export function endActivity(sim: Simulation, unit: UnitState): void {
  leaveRest(sim, unit, 'done');
  becomeFree(sim, unit);
  dispatchSoon(sim);
}

function beInterruptible(sim: Simulation, unit: UnitState, by: number): void {
  unit.interruptibleBy = by;
  if (by > 0) sim.nInterruptible++;
}

/** Books the time of the break or activity that ends now. */
function leaveRest(sim: Simulation, unit: UnitState, how: 'done' | 'interrupted'): void {
  const isBreak = unit.activity === 'onBreak';
  assert(isBreak || unit.activity === 'onActivity', () => `unit ${unit.ix} rests while ${unit.activity}`);
  const spentMs = scoredMs(sim, unit.sinceMs, sim.nowMs);
  if (isBreak) unit.breakMs += spentMs;
  else unit.activityMs += spentMs;
  if (unit.interruptibleBy > 0) sim.nInterruptible--;
  unit.interruptibleBy = 0;
  sim.recorder?.row(sim.nowMs, isBreak ? ROW.breakEnded : ROW.activityEnded, NONE, unit.ix, unit.start, how);
  setActivity(sim, unit, 'standing');
}

/** A call, or the end of the shift, ends the break or activity. What is left of a break is taken later. */
export function interruptRest(sim: Simulation, unit: UnitState): void {
  if (unit.activity === 'onBreak') {
    const due: DueBreak = unit.breaks[0];
    due.leftMs -= sim.nowMs - unit.sinceMs;
  }
  leaveRest(sim, unit, 'interrupted');
}

/** The unit has to leave service: at once, or as soon as it is free. */
export function outOfServiceStarts(sim: Simulation, unit: UnitState): void {
  unit.mustLeaveService = true;
  if (unit.activity === 'onBreak' || unit.activity === 'onActivity') interruptRest(sim, unit);
  if (isFree(unit) || unit.activity === 'returning') leaveService(sim, unit);
}

function leaveService(sim: Simulation, unit: UnitState): void {
  stopFor(sim, unit, 'outOfService');
  sim.recorder?.row(sim.nowMs, ROW.outOfServiceStarted, NONE, unit.ix, unit.start);
  lookForStalemate(sim);
}

export function outOfServiceEnds(sim: Simulation, unit: UnitState): void {
  unit.mustLeaveService = false;
  if (unit.activity !== 'outOfService') {
    lookForStalemate(sim);
    return;
  }
  endOutOfService(sim, unit);
  becomeFree(sim, unit);
  dispatchSoon(sim);
}

/** Books the time out of service, and ends it. */
export function endOutOfService(sim: Simulation, unit: UnitState): void {
  unit.outOfServiceMs += scoredMs(sim, unit.sinceMs, sim.nowMs);
  sim.recorder?.row(sim.nowMs, ROW.outOfServiceEnded, NONE, unit.ix, unit.start);
  setActivity(sim, unit, 'standing');
}
