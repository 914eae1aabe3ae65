/** How an available unit spends its time: rounds and legs of its duty, the way home, standing. */
import { assert } from '../errors.ts';
import { samePosition, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { taskName, type PatrolLeg } from '../patrol/patrol.ts';
import { routeAlong } from '../routing/route-along.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import { fastestDrive, metricNow, positionOf, setOff, settle, type Drive } from './driving.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import type { MetricInRun } from './metrics-in-run.ts';
import { arriveAtPost, takeDueBreak } from './resting.ts';
import { isFree, type Simulation, type UnitActivity, type UnitState } from './state.ts';

/** Asks the unit to go on with its duty once everything else of this instant has happened. */
export function continueSoon(sim: Simulation, unit: UnitState): void {
  sim.events.push(sim.nowMs, SIM.patrolContinue, unit.ix, unit.epoch);
}

/**
 * Decides what an idle unit does next: a break that is due, the open leg, the next round when it is due, the way to its
 * base, or standing.
 */
export function continueDuty(sim: Simulation, unit: UnitState): void {
  assert(isFree(unit), () => `unit ${unit.ix} goes on patrol while ${unit.activity}`);
  if (takeDueBreak(sim, unit)) return;
  const base = sim.setup.bases.positions[unit.base];
  const round = unit.duty?.rounds[unit.round];
  const atBase = samePosition(sim.city.graph, positionOf(sim, unit), base);
  if (round !== undefined && (unit.roundOpen || sim.nowMs >= unit.shiftStartMs + round.startMs)) {
    unit.roundOpen = true;
    if (unit.leg < round.legs.length) startLeg(sim, unit, round.legs[unit.leg]);
    else if (atBase) endRound(sim, unit);
    else goHome(sim, unit);
    return;
  }
  if (!atBase && sim.setup.moveUp.returnsToBase) {
    goHome(sim, unit);
    return;
  }
  stand(sim, unit, 'standing', atBase ? 'home' : 'here');
  if (round !== undefined) {
    sim.events.push(unit.shiftStartMs + round.startMs, SIM.patrolContinue, unit.ix, unit.epoch);
  }
}

/** A drive or dwell of the patrol is over. */
export function endPatrolStep(sim: Simulation, unit: UnitState): void {
  const arrived = positionOf(sim, unit);
  switch (unit.activity) {
    case 'goingHome':
    case 'movingUp':
      settle(sim, unit, arrived, 'standing');
      if (unit.roundOpen && unit.leg >= (unit.duty?.rounds[unit.round]?.legs.length ?? 0))
        endRound(sim, unit);
      else continueDuty(sim, unit);
      return;
    case 'returning':
      arriveAtPost(sim, unit);
      return;
    case 'approaching': {
      const leg = currentLeg(unit);
      settle(sim, unit, arrived, 'standing');
      if (leg.work.steps.length > 0) {
        driveAsPlanned(sim, unit, leg.work, leg.start, leg.end, 'working', taskName(sim.city, leg.task));
      } else dwellOrFinish(sim, unit, leg);
      return;
    }
    case 'working':
      settle(sim, unit, arrived, 'standing');
      dwellOrFinish(sim, unit, currentLeg(unit));
      return;
    case 'dwelling':
      finishLeg(sim, unit, currentLeg(unit));
      return;
    case 'offDuty':
    case 'standing':
    case 'assigned':
    case 'turningOut':
    case 'enRoute':
    case 'onScene':
    case 'transporting':
    case 'handingOver':
    case 'reporting':
    case 'onBreak':
    case 'outOfService':
    case 'onActivity':
      throw new Error(`Broken invariant: unit ${unit.ix} ends a patrol step while ${unit.activity}`);
  }
}

/** Lists the planned tasks that the ending shift leaves undone. */
export function recordMissedTasks(sim: Simulation, unit: UnitState): void {
  if (sim.recorder === null) return;
  const cause = unit.tookCall ? 'brokenByCalls' : unit.tookOtherWork ? 'brokenByOtherWork' : 'shiftEnded';
  const rounds = unit.duty?.rounds ?? [];
  for (let r = unit.round; r < rounds.length; r++) {
    const first = r === unit.round ? unit.leg : 0;
    for (const leg of rounds[r].legs.slice(first)) {
      const detail = JSON.stringify({
        task: taskName(sim.city, leg.task),
        shift: sim.city.scenario.shifts[unit.shift].id,
        cause,
      });
      sim.recorder.row(sim.nowMs, ROW.patrolTaskMissed, NONE, unit.ix, null, detail);
    }
  }
}

function currentLeg(unit: UnitState): PatrolLeg {
  const leg = unit.duty?.rounds[unit.round]?.legs[unit.leg];
  assert(leg !== undefined, () => `unit ${unit.ix} is on a leg that its duty does not hold`);
  return leg;
}

/** Drives to a leg's start: as planned when the unit stands where the plan has it, else by the fastest way from here. */
function startLeg(sim: Simulation, unit: UnitState, leg: PatrolLeg): void {
  const here = positionOf(sim, unit);
  const before = unit.leg > 0 ? unit.duty!.rounds[unit.round].legs[unit.leg - 1].end : unit.of.home;
  const task = taskName(sim.city, leg.task);
  if (samePosition(sim.city.graph, here, before)) {
    driveAsPlanned(sim, unit, leg.approach, here, leg.start, 'approaching', task);
  } else {
    setOffOnPatrol(sim, unit, fastestPatrolDrive(sim, here, leg.start), 'approaching', task);
  }
}

function dwellOrFinish(sim: Simulation, unit: UnitState, leg: PatrolLeg): void {
  if (leg.dwellMs === 0) {
    finishLeg(sim, unit, leg);
    return;
  }
  stand(sim, unit, 'dwelling', taskName(sim.city, leg.task));
  sim.events.push(sim.nowMs + leg.dwellMs, SIM.patrolStepEnded, unit.ix, unit.epoch);
}

function finishLeg(sim: Simulation, unit: UnitState, leg: PatrolLeg): void {
  const here = positionOf(sim, unit);
  sim.recorder?.row(sim.nowMs, ROW.patrolTaskDone, NONE, unit.ix, here, taskName(sim.city, leg.task));
  unit.leg++;
  settle(sim, unit, here, 'standing');
  continueDuty(sim, unit);
}

function endRound(sim: Simulation, unit: UnitState): void {
  unit.round++;
  unit.leg = 0;
  unit.roundOpen = false;
  continueDuty(sim, unit);
}

function goHome(sim: Simulation, unit: UnitState): void {
  const here = positionOf(sim, unit);
  const base = sim.setup.bases.positions[unit.base];
  const round = unit.roundOpen ? unit.duty?.rounds[unit.round] : undefined;
  const isAsPlanned =
    round !== undefined &&
    round.legs.length > 0 &&
    unit.base === sim.setup.bases.ofUnit[unit.ix] &&
    samePosition(sim.city.graph, here, round.legs[round.legs.length - 1].end);
  if (isAsPlanned) driveAsPlanned(sim, unit, round.wayHome, here, base, 'goingHome', 'home');
  else setOffOnPatrol(sim, unit, fastestPatrolDrive(sim, here, base), 'goingHome', 'home');
}

const patrolMetric = (sim: Simulation): MetricInRun =>
  metricNow(sim, sim.city.scenario.patrol.profile, false);

/**
 * A planned drive with the times of the period in which it starts: plans are made for the hours without a period. Its
 * course stays the planned one.
 */
function driveAsPlanned(
  sim: Simulation,
  unit: UnitState,
  planned: Route,
  from: RoadPosition,
  to: RoadPosition,
  activity: UnitActivity,
  detail: string,
): void {
  const by = patrolMetric(sim);
  const course = retimedCourse(sim, by, planned);
  const ms = course.travelTimeMs;
  setOffOnPatrol(
    sim,
    unit,
    { from, to, by, planned: course, startMs: sim.nowMs, roadsMs: ms, travelTimeMs: ms, clock: null },
    activity,
    detail,
  );
}

/** A planned course with the times of a metric; itself where these are the plan's. */
export function retimedCourse(sim: Simulation, by: MetricInRun, planned: Route): Route {
  if (by.period === NONE) return planned;
  let ofMetric = sim.retimed.get(by);
  if (ofMetric === undefined) sim.retimed.set(by, (ofMetric = new Map<Route, Route>()));
  let route = ofMetric.get(planned);
  if (route === undefined) {
    const made = routeAlong(by.router.graph, by.metric, planned.steps);
    assert(made !== null, 'a period of traffic closes no road');
    // the plan's own drive where traffic does not slow it, so that the log names it
    route = made.travelTimeMs === planned.travelTimeMs && sameTimes(made, planned) ? planned : made;
    ofMetric.set(planned, route);
  }
  return route;
}

const sameTimes = (a: Route, b: Route): boolean =>
  a.steps.every(({ endMs }, i) => endMs === b.steps[i].endMs);

function fastestPatrolDrive(sim: Simulation, from: RoadPosition, to: RoadPosition): Drive {
  const drive = fastestDrive(sim, patrolMetric(sim), from, to);
  assert(drive.roadsMs < UNREACHED_MS, 'two places of the main road network have no way between them');
  return drive;
}

function setOffOnPatrol(
  sim: Simulation,
  unit: UnitState,
  drive: Drive,
  activity: UnitActivity,
  detail: string,
): void {
  setOff(sim, unit, drive, activity);
  sim.recorder?.row(sim.nowMs, ROW.patrolDrive, NONE, unit.ix, drive.from, detail, drive);
  sim.events.push(sim.nowMs + drive.travelTimeMs, SIM.patrolStepEnded, unit.ix, unit.epoch);
}

function stand(sim: Simulation, unit: UnitState, activity: UnitActivity, detail: string): void {
  const here = positionOf(sim, unit);
  settle(sim, unit, here, activity);
  sim.recorder?.row(sim.nowMs, ROW.patrolStand, NONE, unit.ix, here, detail);
}

/** Makes a unit's patrol start afresh at the start of a shift; rounds that were due before now are skipped. */
export function beginDuty(sim: Simulation, unit: UnitState, shift: number): void {
  unit.duty = sim.setup.plan.duties.find((duty) => duty.unit === unit.ix && duty.shift === shift) ?? null;
  unit.round = unit.duty?.rounds.findIndex((r) => unit.shiftStartMs + r.startMs >= sim.nowMs) ?? 0;
  if (unit.round < 0) unit.round = unit.duty?.rounds.length ?? 0;
  unit.leg = 0;
  unit.roundOpen = false;
  unit.tookCall = unit.call !== null;
  unit.tookOtherWork = false;
}
