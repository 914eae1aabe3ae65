/** How an available unit spends its time: rounds and legs of its duty, the way home, standing. */
import { assert } from '../errors.ts';
import { samePosition, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { taskName, type PatrolLeg } from '../patrol/patrol.ts';
import { routeAlong } from '../routing/route-along.ts';
import { RouteClock } from '../routing/route-clock.ts';
import { periodAt } from '../scenario/traffic.ts';
import { NONE } from '../units.ts';
import { isAvailable, positionOf, type Simulation, type UnitActivity } from './state.ts';

/** Asks the unit to go on with its duty once everything else of this instant has happened. */
export function continueSoon(sim: Simulation, u: number): void {
  sim.events.push(sim.nowMs, 'patrolContinue', u, sim.units[u].epoch);
}

/** Decides what an idle unit does next: the open leg, the next round when it is due, the way home, or standing. */
export function continueDuty(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  assert(isAvailable(unit), () => `unit ${u} goes on patrol while ${unit.activity}`);
  const home = sim.city.units[u].home;
  const round = unit.duty?.rounds[unit.round];
  if (round !== undefined) {
    const dueMs = unit.shiftStartMs + round.startMs;
    if (unit.roundOpen || sim.nowMs >= dueMs) {
      unit.roundOpen = true;
      if (unit.leg < round.legs.length) startLeg(sim, u, round.legs[unit.leg]);
      else if (samePosition(sim.city.graph, positionOf(sim, unit), home)) endRound(sim, u);
      else goHome(sim, u);
      return;
    }
    if (samePosition(sim.city.graph, positionOf(sim, unit), home)) {
      stand(sim, u, 'standing', 'home');
      sim.events.push(dueMs, 'patrolContinue', u, unit.epoch);
      return;
    }
  } else if (samePosition(sim.city.graph, positionOf(sim, unit), home)) {
    stand(sim, u, 'standing', 'home');
    return;
  }
  goHome(sim, u);
}

/** A drive or dwell of the patrol is over. */
export function endPatrolStep(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const arrived = positionOf(sim, unit);
  switch (unit.activity) {
    case 'goingHome':
      settleAt(sim, u, arrived);
      if (unit.roundOpen) endRound(sim, u);
      else continueDuty(sim, u);
      return;
    case 'approaching': {
      const leg = currentLeg(sim, u);
      settleAt(sim, u, arrived);
      if (leg.work.steps.length > 0)
        drive(sim, u, asDrivenNow(sim, leg.work), leg.start, 'working', taskName(sim.city, leg.task));
      else dwellOrFinish(sim, u, leg);
      return;
    }
    case 'working':
      settleAt(sim, u, arrived);
      dwellOrFinish(sim, u, currentLeg(sim, u));
      return;
    case 'dwelling':
      finishLeg(sim, u, currentLeg(sim, u));
      return;
    case 'offDuty':
    case 'standing':
    case 'turningOut':
    case 'enRoute':
    case 'onScene':
      throw new Error(`Broken invariant: unit ${u} ends a patrol step while ${unit.activity}`);
  }
}

/** Lists the planned tasks that the ending shift leaves undone. */
export function recordMissedTasks(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const cause = unit.tookCall ? 'brokenByCalls' : 'shiftEnded';
  const rounds = unit.duty?.rounds ?? [];
  for (let r = unit.round; r < rounds.length; r++) {
    const first = r === unit.round ? unit.leg : 0;
    for (const leg of rounds[r].legs.slice(first)) {
      const detail = JSON.stringify({
        task: taskName(sim.city, leg.task),
        shift: sim.city.scenario.shifts[unit.shift].id,
        cause,
      });
      sim.recorder.row(sim.nowMs, 'patrolTaskMissed', { unit: u, detail });
    }
  }
}

function currentLeg(sim: Simulation, u: number): PatrolLeg {
  const unit = sim.units[u];
  const leg = unit.duty?.rounds[unit.round]?.legs[unit.leg];
  assert(leg !== undefined, () => `unit ${u} is on a leg that its duty does not hold`);
  return leg;
}

/** Drives to a leg's start: as planned when the unit stands where the plan has it, else by the fastest way from here. */
function startLeg(sim: Simulation, u: number, leg: PatrolLeg): void {
  const unit = sim.units[u];
  const here = positionOf(sim, unit);
  const before = unit.leg > 0 ? unit.duty!.rounds[unit.round].legs[unit.leg - 1].end : sim.city.units[u].home;
  const route = samePosition(sim.city.graph, here, before)
    ? asDrivenNow(sim, leg.approach)
    : routeTo(sim, here, leg.start);
  drive(sim, u, route, here, 'approaching', taskName(sim.city, leg.task));
}

function dwellOrFinish(sim: Simulation, u: number, leg: PatrolLeg): void {
  if (leg.dwellMs === 0) {
    finishLeg(sim, u, leg);
    return;
  }
  stand(sim, u, 'dwelling', taskName(sim.city, leg.task));
  sim.events.push(sim.nowMs + leg.dwellMs, 'patrolStepEnded', u, sim.units[u].epoch);
}

function finishLeg(sim: Simulation, u: number, leg: PatrolLeg): void {
  const unit = sim.units[u];
  sim.recorder.row(sim.nowMs, 'patrolTaskDone', {
    unit: u,
    at: positionOf(sim, unit),
    detail: taskName(sim.city, leg.task),
  });
  unit.leg++;
  settleAt(sim, u, positionOf(sim, unit));
  continueDuty(sim, u);
}

function endRound(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  unit.round++;
  unit.leg = 0;
  unit.roundOpen = false;
  continueDuty(sim, u);
}

function goHome(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const here = positionOf(sim, unit);
  const home = sim.city.units[u].home;
  const round = unit.roundOpen ? unit.duty?.rounds[unit.round] : undefined;
  const asPlanned =
    round !== undefined &&
    round.legs.length > 0 &&
    samePosition(sim.city.graph, here, round.legs[round.legs.length - 1].end);
  const route = asPlanned ? asDrivenNow(sim, round.wayHome) : routeTo(sim, here, home);
  drive(sim, u, route, here, 'goingHome', 'home');
}

const patrolRouter = (sim: Simulation) => sim.routerOf(sim.city.scenario.patrol.profile, false);

/**
 * A planned drive with the times of the period in which it starts: plans are made for the hours without a period. Its
 * course stays the planned one.
 */
function asDrivenNow(sim: Simulation, planned: Route): Route {
  if (periodAt(sim.city.scenario, sim.nowMs) === NONE) return planned;
  const { graph, metric } = patrolRouter(sim);
  let ofMetric = sim.retimed.get(metric);
  if (ofMetric === undefined) sim.retimed.set(metric, (ofMetric = new Map<Route, Route>()));
  let route = ofMetric.get(planned);
  if (route === undefined) {
    const retimed = routeAlong(graph, metric, planned.steps);
    assert(retimed !== null, 'a period of traffic closes no road');
    // the plan's own drive where traffic does not slow it, so that the log names it
    route = retimed.travelTimeMs === planned.travelTimeMs && sameTimes(retimed, planned) ? planned : retimed;
    ofMetric.set(planned, route);
  }
  return route;
}

const sameTimes = (a: Route, b: Route): boolean =>
  a.steps.every(({ endMs }, i) => endMs === b.steps[i].endMs);

function routeTo(sim: Simulation, from: RoadPosition, to: RoadPosition): Route {
  const route = patrolRouter(sim).route(from, to);
  assert(route !== null, 'two places of the main road network have no way between them');
  return route;
}

function drive(
  sim: Simulation,
  u: number,
  route: Route,
  from: RoadPosition,
  activity: UnitActivity,
  detail: string,
): void {
  const unit = sim.units[u];
  unit.activity = activity;
  unit.start = from;
  unit.drive = new RouteClock(route, from);
  unit.driveStartMs = sim.nowMs;
  unit.epoch++;
  sim.recorder.row(sim.nowMs, 'patrolDrive', { unit: u, at: from, route, detail });
  sim.events.push(sim.nowMs + route.travelTimeMs, 'patrolStepEnded', u, unit.epoch);
}

function stand(sim: Simulation, u: number, activity: UnitActivity, detail: string): void {
  const unit = sim.units[u];
  const here = positionOf(sim, unit);
  settleAt(sim, u, here);
  unit.activity = activity;
  sim.recorder.row(sim.nowMs, 'patrolStand', { unit: u, at: here, detail });
}

/** Ends whatever the unit was driving: it stands at `here`, idle, and older events are void. */
export function settleAt(sim: Simulation, u: number, here: RoadPosition): void {
  const unit = sim.units[u];
  unit.activity = 'standing';
  unit.start = here;
  unit.drive = null;
  unit.epoch++;
}

/** The duty a unit has in a shift, or null. */
const dutyOf = (sim: Simulation, u: number, shift: number) =>
  sim.plan.duties.find((duty) => duty.unit === u && duty.shift === shift) ?? null;

/** Makes a unit's patrol start afresh at the start of a shift; rounds that were due before now are skipped. */
export function beginDuty(sim: Simulation, u: number, shift: number): void {
  const unit = sim.units[u];
  unit.duty = dutyOf(sim, u, shift);
  unit.round = unit.duty?.rounds.findIndex((r) => unit.shiftStartMs + r.startMs >= sim.nowMs) ?? 0;
  if (unit.round < 0) unit.round = unit.duty?.rounds.length ?? 0;
  unit.leg = 0;
  unit.roundOpen = false;
  unit.tookCall = unit.call !== NONE;
}
