/** One replication: the clock runs from event to event, each handled by one function. */
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { drawCalls } from '../demand/poisson.ts';
import type { DispatchPolicy } from '../dispatch/dispatch.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import type { Router } from '../routing/router.ts';
import type { CallTable } from '../demand/demand.ts';
import { periodAt } from '../scenario/traffic.ts';
import { assert, assertNever } from '../errors.ts';
import { NONE } from '../units.ts';
import {
  callBecomesReady,
  callIsCleared,
  callOccurs,
  dispatchSoon,
  dispatchWaiting,
  unitArrives,
  unitRolls,
} from './answering.ts';
import { checkCounts, checkFinishedRun } from './check.ts';
import { endShift, shiftWindows, startShift } from './duty.ts';
import type { ReplicationRecord } from './event-log.ts';
import { EventQueue, type SimEvent } from './event-queue.ts';
import { continueDuty, endPatrolStep } from './patrolling.ts';
import { plannedRoutes, Recorder } from './recorder.ts';
import { scoredMs, type Simulation, type UnitState } from './state.ts';

/** What a replication needs, prepared once and used by every replication of a thread. */
export interface SimulationSetup {
  city: City;
  plan: PatrolPlan;
  policy: DispatchPolicy;
}

/**
 * Simulates one replication: same setup, same number, same record, byte for byte.
 * @param replication  from 1; keys all random draws
 * @param calls        the calls to answer; by default drawn from the city's demand
 */
export function simulate(
  { city, plan, policy }: SimulationSetup,
  replication: number,
  calls: CallTable = drawCalls(city, replication),
): ReplicationRecord {
  const { scenario } = city;
  const startMs = -scenario.run.warmUpMs;
  const endMs = scenario.run.durationMs;
  const routers = new Map<string, Router>();
  const routerOf = (profile: string, siren: boolean): Router => {
    const period = periodAt(scenario, sim.nowMs);
    const key = `${period} ${siren} ${profile}`;
    let router = routers.get(key);
    if (router === undefined) {
      router = fastestRouter(metricOf(city, profile, { siren, period }));
      routers.set(key, router);
    }
    return router;
  };
  const sim: Simulation = {
    city,
    calls,
    plan,
    policy,
    endMs,
    units: city.units.map(({ home }) => offDutyUnit(home)),
    callStates: [],
    queue: [],
    events: new EventQueue(),
    recorder: new Recorder(replication, plannedRoutes(plan)),
    routerOf,
    finders: new Map(),
    retimed: new Map(),
    nowMs: startMs,
    dispatchDueMs: -Infinity,
    count: { occurred: 0, handling: 0, queued: 0, inService: 0, cleared: 0 },
  };

  const windows = shiftWindows(scenario, city.units, startMs, endMs);
  windows.forEach((window, w) => sim.events.push(Math.max(window.startMs, startMs), 'shiftStarted', w));
  if (calls.nCalls > 0) sim.events.push(calls.occurredMs[0], 'callOccurred', 0);

  // Events at the very end still happen, so that a shift that ends with the run is closed.
  while (sim.events.nextTimeMs() <= endMs) {
    const event = sim.events.pop()!;
    assert(event.timeMs >= sim.nowMs, 'the clock goes back');
    sim.nowMs = event.timeMs;
    if (event.kind === 'shiftStarted') {
      startShift(sim, windows[event.entity]);
      dispatchSoon(sim);
    } else {
      handle(sim, event);
    }
    checkCounts(sim);
  }

  sim.nowMs = endMs;
  for (const unit of sim.units) {
    if (unit.call !== NONE) unit.busyMs += scoredMs(sim, unit.dispatchedMs, endMs);
    if (unit.activity !== 'offDuty') unit.onDutyMs += scoredMs(sim, unit.onDutySinceMs, endMs);
  }
  sim.recorder.row(endMs, 'runEnded', {});
  checkFinishedRun(sim);
  return {
    log: sim.recorder.log,
    routes: sim.recorder.routes,
    calls,
    busyMsByUnit: sim.units.map((unit) => unit.busyMs),
    onDutyMsByUnit: sim.units.map((unit) => unit.onDutyMs),
    endMs,
  };
}

function handle(sim: Simulation, { kind, entity, epoch }: SimEvent): void {
  switch (kind) {
    case 'callOccurred':
      return callOccurs(sim, entity);
    case 'callReady':
      return callBecomesReady(sim, entity);
    case 'dispatch':
      return dispatchWaiting(sim);
    case 'shiftEnded':
      return endShift(sim, entity);
    case 'shiftStarted':
      throw new Error('Broken invariant: shifts start with their window');
    case 'unitEnRoute':
    case 'unitArrived':
    case 'callCleared':
    case 'patrolStepEnded':
    case 'patrolContinue':
      break;
    default:
      assertNever(kind);
  }
  // Events about a unit's course are void once the course has changed.
  if (sim.units[entity].epoch !== epoch) return;
  switch (kind) {
    case 'unitEnRoute':
      return unitRolls(sim, entity);
    case 'unitArrived':
      return unitArrives(sim, entity);
    case 'callCleared':
      return callIsCleared(sim, entity);
    case 'patrolStepEnded':
      return endPatrolStep(sim, entity);
    case 'patrolContinue':
      return continueDuty(sim, entity);
    default:
      assertNever(kind);
  }
}

function offDutyUnit(home: UnitState['start']): UnitState {
  return {
    activity: 'offDuty',
    start: home,
    drive: null,
    driveStartMs: 0,
    epoch: 0,
    call: NONE,
    dispatchedMs: 0,
    shift: NONE,
    shiftStartMs: -Infinity,
    shiftEndMs: -Infinity,
    onDutySinceMs: 0,
    duty: null,
    round: 0,
    leg: 0,
    roundOpen: false,
    tookCall: false,
    busyMs: 0,
    onDutyMs: 0,
  };
}
