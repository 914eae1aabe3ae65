/** One replication: the clock runs from event to event, each handled by one function. */
import { basesOf } from '../city/bases.ts';
import type { City } from '../city/city.ts';
import { metricsInUse } from '../city/metrics-in-use.ts';
import type { CallStream } from '../demand/demand.ts';
import { demandOf } from '../demand/calls.ts';
import type { DispatchPolicy } from '../dispatch/dispatch.ts';
import { DISPATCH_POLICIES } from '../dispatch/policies.ts';
import { createDispatchSetup } from '../dispatch/setup.ts';
import { assert } from '../errors.ts';
import type { MoveUpPolicy } from '../move-up/move-up.ts';
import { MOVE_UP_POLICIES } from '../move-up/policies.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { randomKey } from '../rng.ts';
import { Landmarks } from '../routing/landmarks.ts';
import { createPostTable, type PostTable } from '../routing/post-table.ts';
import { NONE, type Ms } from '../units.ts';
import { checkCounts, checkFinishedRun } from './check.ts';
import { dispatchWaiting } from './dispatching.ts';
import { awaitShift, bookTime, endShift, startShift } from './duty.ts';
import type { ReplicationRecord } from './event-log.ts';
import { ROW } from './event-log.ts';
import { EventQueue, SIM, SIM_EVENTS } from './event-queue.ts';
import { awaitNextCall, callBecomesReady, callOccurs } from './intake.ts';
import { MetricsInRun, type MetricInRun } from './metrics-in-run.ts';
import type { RunObserver } from './outcome.ts';
import { continueDuty, endPatrolStep } from './patrolling.ts';
import { plannedRoutes, Recorder } from './recorder.ts';
import { redeploy } from './redeploying.ts';
import {
  activityStarts,
  breakFallsDue,
  endActivity,
  endBreak,
  outOfServiceEnds,
  outOfServiceStarts,
  scheduleActivity,
} from './resting.ts';
import {
  clearUnit,
  leaveCall,
  transportArrives,
  unitArrives,
  unitIsAlerted,
  unitRolls,
  workIsDone,
} from './serving.ts';
import { endStalemate } from './stalemate.ts';
import type { Simulation, SimulationSetup, UnitState } from './state.ts';
import { SMALL_FLEET, UnitFinder, type FinderTables } from './unit-finder.ts';
import { WaitingCalls } from './waiting-calls.ts';

/**
 * Prepares a thread for replications.
 * @param policies  those of the scenario by default; for tests of others. Fleets of up to `smallFleet` units are timed as a
 *   whole, larger ones through a finder: the same answers
 */
export function prepareSimulation(
  city: City,
  plan: PatrolPlan,
  policies: { dispatch?: DispatchPolicy; moveUp?: MoveUpPolicy; smallFleet?: number } = {},
): SimulationSetup {
  const { dispatch, moveUp } = city.scenario;
  const policy = policies.dispatch ?? DISPATCH_POLICIES.find(({ type }) => type === dispatch.type);
  const moveUpPolicy = policies.moveUp ?? MOVE_UP_POLICIES.find(({ type }) => type === moveUp.type);
  assert(policy !== undefined, `no dispatch policy ${dispatch.type}`);
  assert(moveUpPolicy !== undefined, `no move-up policy ${moveUp.type}`);
  const prepared = createDispatchSetup(city);
  const bases = basesOf(city);
  const planned = plannedRoutes(plan);
  return {
    city,
    plan,
    plannedRoutes: planned,
    plannedNumber: new Map(planned.map((route, i) => [route, i])),
    policy,
    dispatcher: policy.create(dispatch.params, prepared),
    moveUpPolicy,
    moveUp: moveUpPolicy.create(moveUp.params, prepared),
    demand: demandOf(city),
    bases,
    metrics: new MetricsInRun(city),
    finderTables: finderTables(city, bases.positions),
    smallFleet: policies.smallFleet ?? SMALL_FLEET,
    logRoom: { rows: 1024 },
    mayStall: city.categories.some(({ units, release }) => units > 1 && release === 'together'),
  };
}

/** Made when a finder first asks; the metrics are those that the run may drive by. */
function finderTables(city: City, bases: readonly RoadPosition[]): FinderTables {
  let landmarks: Landmarks | undefined;
  const tables = new Map<MetricInRun, PostTable>();
  return {
    placeTimers: new Map(),
    landmarks: () => (landmarks ??= new Landmarks(metricsInUse(city).map(({ metric }) => metric))),
    postTable(metric) {
      let table = tables.get(metric);
      if (table === undefined) tables.set(metric, (table = createPostTable(metric.metric, bases)));
      return table;
    },
  };
}

export interface SimulationOptions {
  /** The calls to answer; by default those of the scenario. */
  calls?: CallStream;
  /** Whether to keep the event log; memory then grows with the number of calls. Default: true. */
  log?: boolean;
  /** Told how each call came out. */
  observer?: RunObserver;
}

/**
 * Simulates one replication: same setup, same number, same record, byte for byte.
 * @param replication  from 1; keys all random draws
 * @throws Error naming policy, call and time when a policy answers nonsense
 */
export function simulate(
  setup: SimulationSetup,
  replication: number,
  options: SimulationOptions = {},
): ReplicationRecord {
  const sim = startReplication(setup, replication, options);
  runUntil(sim, sim.endMs);
  return finishReplication(sim);
}

/** A replication at its start, no event handled yet. */
export function startReplication(
  setup: SimulationSetup,
  replication: number,
  { calls, log = true, observer }: SimulationOptions = {},
): Simulation {
  const { city } = setup;
  const { run, activities } = city.scenario;
  const stream = calls ?? setup.demand(replication);
  // a difference: the negative of no warm-up would be -0, which has other bytes in a log
  const startMs = 0 - run.warmUpMs;
  const sim: Simulation = {
    setup,
    city,
    replication,
    key: randomKey(run.seed),
    startMs,
    endMs: run.durationMs,
    units: city.units.map((_, u) => offDutyUnit(setup, u)),
    nFree: 0,
    nInterruptible: 0,
    stream,
    block: stream.next(),
    nextRow: 0,
    firstOfBlock: 0,
    queue: new WaitingCalls((call) => city.categories[call.category].priority),
    newCalls: [],
    nNew: 0,
    displaced: [],
    open: new Map(),
    events: new EventQueue(),
    recorder: log ? new Recorder(replication, setup) : null,
    observer: observer ?? null,
    finder:
      city.units.length > setup.smallFleet
        ? new UnitFinder(setup.finderTables, {
            profiles: [...new Set(city.units.map(({ profile }) => profile))],
            nUnits: city.units.length,
            nBases: setup.bases.positions.length,
          })
        : null,
    retimed: new Map(),
    nowMs: startMs,
    dispatchDueMs: -Infinity,
    stalemateDueMs: -Infinity,
    redeployments: [],
    nReliefs: 0,
    relievedAtMs: -Infinity,
    counts: {
      occurred: 0,
      handling: 0,
      waiting: 0,
      inService: 0,
      cleared: 0,
      triaged: 0,
      lost: 0,
      beyondLimit: 0,
    },
  };
  if (sim.block !== null) sim.recorder?.takeBlock(sim.block);
  for (const unit of sim.units) {
    awaitShift(sim, unit);
    for (const { fromMs, toMs } of unit.of.outOfService) {
      if (toMs <= sim.startMs || fromMs >= sim.endMs) continue;
      sim.events.push(Math.max(fromMs, sim.startMs), SIM.outOfServiceStarted, unit.ix);
      sim.events.push(toMs, SIM.outOfServiceEnded, unit.ix);
    }
    activities.forEach(({ units, perUnitHour }, activity) => {
      if (perUnitHour > 0 && units.includes(unit.ix)) scheduleActivity(sim, unit, activity);
    });
  }
  awaitNextCall(sim);
  return sim;
}

/** Handles every event up to and including `timeMs`, but none after the end of the run. */
export function runUntil(sim: Simulation, timeMs: Ms): void {
  const untilMs = Math.min(timeMs, sim.endMs);
  const { events } = sim;
  // Events at the very end still happen, so that a shift that ends with the run is closed.
  while (events.nextTimeMs() <= untilMs) {
    events.pop();
    assert(events.timeMs >= sim.nowMs, 'the clock goes back');
    sim.nowMs = events.timeMs;
    handle(sim, events.kind, events.entity, events.epoch);
    checkCounts(sim);
  }
}

/** The record of a replication that has run to its end. */
export function finishReplication(sim: Simulation): ReplicationRecord {
  sim.nowMs = sim.endMs;
  checkFinishedRun(sim);
  for (const unit of sim.units) bookTime(sim, unit);
  for (const call of sim.open.values()) sim.observer?.callEnded(call);
  sim.recorder?.row(sim.endMs, ROW.runEnded, NONE, NONE, null);
  const { occurred, cleared, triaged, lost, beyondLimit } = sim.counts;
  return {
    replication: sim.replication,
    log: sim.recorder?.log() ?? null,
    routes: sim.recorder?.routes() ?? [],
    calls: sim.recorder?.calls() ?? null,
    counts: { occurred, cleared, triaged, lost, open: sim.open.size, beyondLimit },
    busyMsByUnit: sim.units.map((unit) => unit.busyMs),
    onDutyMsByUnit: sim.units.map((unit) => unit.onDutyMs),
    overtimeMsByUnit: sim.units.map((unit) => unit.overtimeMs),
    breakMsByUnit: sim.units.map((unit) => unit.breakMs),
    activityMsByUnit: sim.units.map((unit) => unit.activityMs),
    outOfServiceMsByUnit: sim.units.map((unit) => unit.outOfServiceMs),
    endMs: sim.endMs,
  };
}

function handle(sim: Simulation, kind: number, entity: number, epoch: number): void {
  switch (kind) {
    case SIM.callOccurred:
      return callOccurs(sim);
    case SIM.callReady:
      return callBecomesReady(sim, sim.open.get(entity)!);
    case SIM.dispatch:
      return dispatchWaiting(sim);
    case SIM.stalemate:
      return endStalemate(sim);
    case SIM.redeploy:
      return redeploy(sim);
    case SIM.shiftStarted:
      return startShift(sim, sim.units[entity]);
    case SIM.shiftEnded:
      return endShift(sim, sim.units[entity]);
    case SIM.outOfServiceStarted:
      return outOfServiceStarts(sim, sim.units[entity]);
    case SIM.outOfServiceEnded:
      return outOfServiceEnds(sim, sim.units[entity]);
    case SIM.breakDue:
      return breakFallsDue(sim, sim.units[entity]);
    case SIM.activityStarts: {
      const { length } = sim.city.scenario.activities;
      return activityStarts(sim, sim.units[Math.floor(entity / length)], entity % length);
    }
    default:
  }
  const unit = sim.units[entity];
  // Events about a unit's course are void once the course has changed.
  if (unit.epoch !== epoch) return;
  switch (kind) {
    case SIM.unitAlerted:
      return unitIsAlerted(sim, unit);
    case SIM.unitEnRoute:
      return unitRolls(sim, unit);
    case SIM.unitArrived:
      return unitArrives(sim, unit);
    case SIM.onSceneDone:
      return workIsDone(sim, unit);
    case SIM.transportArrived:
      return transportArrives(sim, unit);
    case SIM.handoverDone:
      return leaveCall(sim, unit);
    case SIM.reportDone:
      return clearUnit(sim, unit);
    case SIM.patrolStepEnded:
      return endPatrolStep(sim, unit);
    case SIM.patrolContinue:
      return continueDuty(sim, unit);
    case SIM.breakEnded:
      return endBreak(sim, unit);
    case SIM.activityEnded:
      return endActivity(sim, unit);
    default:
      throw new Error(`Broken invariant: nobody handles ${SIM_EVENTS[kind]}`);
  }
}

function offDutyUnit({ city, bases }: SimulationSetup, ix: number): UnitState {
  return {
    ix,
    of: city.units[ix],
    activity: 'offDuty',
    start: city.units[ix].home,
    drive: null,
    epoch: 0,
    base: bases.ofUnit[ix],
    call: null,
    dispatchedMs: 0,
    enRouteMs: 0,
    isPresent: false,
    onSceneEndMs: Infinity,
    expectedMs: NONE,
    expectedPeriod: NONE,
    shift: NONE,
    shiftStartMs: -Infinity,
    shiftEndMs: -Infinity,
    isInOvertime: false,
    onDutySinceMs: 0,
    duty: null,
    round: 0,
    leg: 0,
    roundOpen: false,
    tookCall: false,
    tookOtherWork: false,
    breaks: [],
    mustLeaveService: false,
    sinceMs: 0,
    doing: NONE,
    interruptibleBy: 0,
    busyMs: 0,
    onDutyMs: 0,
    overtimeMs: 0,
    breakMs: 0,
    activityMs: 0,
    outOfServiceMs: 0,
  };
}
