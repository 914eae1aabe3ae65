/** The state of one replication: units, calls, the queue, the clock. Handlers change it; nobody else sees it. */
import type { Bases } from '../city/bases.ts';
import type { City, UnitOnRoads } from '../city/city.ts';
import type { CallStream, CallTable } from '../demand/demand.ts';
import type { Dispatcher, DispatchPolicy } from '../dispatch/dispatch.ts';
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import type { MoveUp, MoveUpPolicy, MoveUpView } from '../move-up/move-up.ts';
import type { PatrolDuty, PatrolPlan } from '../patrol/patrol.ts';
import type { RandomKey } from '../rng.ts';
import type { CallIx, Ms, UnitIx } from '../units.ts';
import type { Drive } from './driving.ts';
import type { EventQueue } from './event-queue.ts';
import type { MetricInRun, MetricsInRun } from './metrics-in-run.ts';
import type { CallOutcome, RunObserver } from './outcome.ts';
import type { LogRoom, Recorder } from './recorder.ts';
import type { FinderTables, UnitFinder } from './unit-finder.ts';
import type { WaitingCalls } from './waiting-calls.ts';

export type UnitActivity =
  | 'offDuty'
  /** Free, at its base or wherever a call left it. */
  | 'standing'
  /** Free on patrol: driving to a task, driving it, dwelling; driving to its base; ordered to another base. */
  | 'approaching'
  | 'working'
  | 'dwelling'
  | 'goingHome'
  | 'movingUp'
  /** With a call: not told yet, getting going, driving, on scene, bringing somebody away, handing over, writing. */
  | 'assigned'
  | 'turningOut'
  | 'enRoute'
  | 'onScene'
  | 'transporting'
  | 'handingOver'
  | 'reporting'
  /** Out of reach on the way to its post, since it answers from there only. */
  | 'returning'
  | 'onBreak'
  | 'outOfService'
  /** On work of its own accord. */
  | 'onActivity';

/** A break of the shift under way: when it falls due, what is left of it. */
export interface DueBreak {
  dueMs: Ms;
  leftMs: Ms;
  interruptibleBy: number;
}

export interface UnitState {
  readonly ix: UnitIx;
  readonly of: UnitOnRoads;
  activity: UnitActivity;
  /** Where it stands, or where its drive began. */
  start: RoadPosition;
  /** Drive it is on, or null when it stands. */
  drive: Drive | null;
  /** Raised whenever the unit's course changes; events scheduled before are void. */
  epoch: number;
  /** The base it belongs to now: index into the bases. */
  base: number;

  call: CallState | null;
  dispatchedMs: Ms;
  enRouteMs: Ms;
  /** Whether it has arrived at its call, and when its time on scene ends (Infinity before that is known). */
  isPresent: boolean;
  onSceneEndMs: Ms;
  /** Drive time by the roads as the decision had it, in the period of traffic of then; NONE where it is not known. */
  expectedMs: Ms;
  expectedPeriod: number;

  /** The shift it is in: index into scenario.shifts, its window, and its patrol. */
  shift: number;
  shiftStartMs: Ms;
  shiftEndMs: Ms;
  /** Whether its shift has ended and a call still holds it. */
  isInOvertime: boolean;
  onDutySinceMs: Ms;
  duty: PatrolDuty | null;
  /** Next round and next leg in it; a round is open from its first drive until the unit is home again. */
  round: number;
  leg: number;
  roundOpen: boolean;
  /** Whether calls, or breaks, other work and orders to other bases, took time from this shift's patrol. */
  tookCall: boolean;
  tookOtherWork: boolean;

  /** Breaks of the shift that are not over, by the time they fall due. */
  breaks: DueBreak[];
  /** Whether it must leave service as soon as it is free. */
  mustLeaveService: boolean;
  /** Start of the break, activity or time out of service that it is in. */
  sinceMs: Ms;
  /** The activity it is in: index into scenario.activities; and who may interrupt what it is doing now (0: no call). */
  doing: number;
  interruptibleBy: number;

  /** Scored time. Overtime lies within time on duty, as breaks, activities and time out of service do. */
  busyMs: Ms;
  onDutyMs: Ms;
  overtimeMs: Ms;
  breakMs: Ms;
  activityMs: Ms;
  outOfServiceMs: Ms;
}

/** Handling: nobody may be sent yet. Waiting: no unit is on it. In service: at least one is. */
export type CallPhase = 'handling' | 'waiting' | 'inService' | 'ended';

/** A call under way. Its outcome is told from the same object when it ends. */
export interface CallState extends CallOutcome {
  phase: CallPhase;
  /** When it last began to wait. */
  waitingSinceMs: Ms;
  place: RoadPosition;
  triaged: boolean;
  /** What is left to do: whether somebody is to be brought away, time on scene, handover, writing. */
  transported: boolean;
  onSceneLeftMs: Ms;
  /** Of a call whose units leave one by one: what is left of stays that were cut short, for whoever arrives next. */
  cutShortMs: readonly Ms[];
  handoverMs: Ms;
  reportMs: Ms;
  key: number;
  /** Units on it now, present ones among them, and those that are done with it. */
  nSent: number;
  nPresent: number;
  nDone: number;
  /** The present unit that came first: it transports and reports. NONE before. */
  lead: UnitIx;
  /** Not offered to the policy yet. */
  isNew: boolean;
  isQueued: boolean;
  /** Reason for which the policy last let it wait, so that it is logged once. */
  heldReason: string;
}

interface Counts {
  occurred: number;
  handling: number;
  waiting: number;
  inService: number;
  cleared: number;
  triaged: number;
  lost: number;
  /** Lost because the queue had reached LIMITS.waitingCalls. */
  beyondLimit: number;
}

/** What a replication needs, prepared once and used by every replication of a thread. */
export interface SimulationSetup {
  readonly city: City;
  readonly plan: PatrolPlan;
  readonly plannedRoutes: readonly Route[];
  /** Their places in that list; of a route that is driven twice, the last. */
  readonly plannedNumber: ReadonlyMap<Route, number>;
  readonly policy: DispatchPolicy;
  readonly dispatcher: Dispatcher;
  readonly moveUpPolicy: MoveUpPolicy;
  readonly moveUp: MoveUp;
  /** Calls of a replication. */
  readonly demand: (replication: number) => CallStream;
  readonly bases: Bases;
  readonly metrics: MetricsInRun;
  readonly finderTables: FinderTables;
  /** Fleets of up to so many units are timed as a whole. */
  readonly smallFleet: number;
  readonly logRoom: LogRoom;
  /** Whether units of some call wait on scene for others, and may so wait for each other. */
  readonly mayStall: boolean;
}

export interface Simulation {
  readonly setup: SimulationSetup;
  readonly city: City;
  readonly replication: number;
  readonly key: RandomKey;
  readonly startMs: Ms;
  readonly endMs: Ms;
  readonly units: UnitState[];
  /** Units that are free: `isFree`. */
  nFree: number;
  /** Units on a break or activity that some call may interrupt. */
  nInterruptible: number;
  readonly stream: CallStream;
  /** The block of calls that come next, the row of the next of them, and the number of its first. */
  block: CallTable | null;
  nextRow: number;
  firstOfBlock: CallIx;
  readonly queue: WaitingCalls;
  /** Calls that became ready in this instant, in order; how many of them the policy has not been asked about. */
  readonly newCalls: CallState[];
  nNew: number;
  /** Calls that lost a unit to a more urgent one in the decision under way. */
  readonly displaced: CallState[];
  /** Calls that are not over, by number. */
  readonly open: Map<CallIx, CallState>;
  readonly events: EventQueue;
  /** Null: no log is kept. */
  readonly recorder: Recorder | null;
  readonly observer: RunObserver | null;
  /** Null for fleets so small that all of it is timed. */
  readonly finder: UnitFinder | null;
  /** Planned drives as they take in periods of traffic, by metric; made when first driven. */
  readonly retimed: Map<MetricInRun, Map<Route, Route>>;
  nowMs: Ms;
  /** Time of the dispatch decision already scheduled, to schedule one only. */
  dispatchDueMs: Ms;
  /** Time of the last look for stalemates, to have one only. */
  stalemateDueMs: Ms;
  /** Changes of this instant that the move-up policy has not been asked about. */
  readonly redeployments: { trigger: MoveUpView['trigger']; unit: UnitIx }[];
  /** Reliefs in the last instant that had any. */
  nReliefs: number;
  relievedAtMs: Ms;
  readonly counts: Counts;
}

/** Free: on duty, and no call, break, activity or rest keeps it. */
function isFreeActivity(activity: UnitActivity): boolean {
  return (
    activity === 'standing' ||
    activity === 'approaching' ||
    activity === 'working' ||
    activity === 'dwelling' ||
    activity === 'goingHome' ||
    activity === 'movingUp'
  );
}

export const isFree = (unit: UnitState): boolean => isFreeActivity(unit.activity);

/** Changes what a unit does and keeps the counts of those who can be sent. */
export function setActivity(sim: Simulation, unit: UnitState, activity: UnitActivity): void {
  const wasFree = isFreeActivity(unit.activity);
  const isNowFree = isFreeActivity(activity);
  if (wasFree !== isNowFree) sim.nFree += isNowFree ? 1 : -1;
  unit.activity = activity;
  sim.finder?.hasMoved(unit);
}

/** The part of [fromMs, toMs] that is scored. */
export const scoredMs = (sim: Simulation, fromMs: Ms, toMs: Ms): Ms =>
  Math.max(0, Math.min(toMs, sim.endMs) - Math.max(fromMs, 0));
