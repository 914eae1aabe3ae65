/** The state of one replication: units, calls, the queue, the clock. Handlers change it; nobody else sees it. */
import type { City } from '../city/city.ts';
import type { CallTable } from '../demand/demand.ts';
import type { DispatchPolicy } from '../dispatch/dispatch.ts';
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import type { PatrolDuty, PatrolPlan } from '../patrol/patrol.ts';
import type { Metric } from '../routing/metric.ts';
import type { RouteClock } from '../routing/route-clock.ts';
import type { Router } from '../routing/router.ts';
import type { CallIx, Ms } from '../units.ts';
import type { EventQueue } from './event-queue.ts';
import type { Finders } from './nearest.ts';
import type { Recorder } from './recorder.ts';

export type UnitActivity =
  | 'offDuty'
  /** Idle, at home or wherever a call left it. Available. */
  | 'standing'
  /** On patrol, driving to a task, driving it, dwelling, or driving home. Available. */
  | 'approaching'
  | 'working'
  | 'dwelling'
  | 'goingHome'
  /** With a call. Not available. */
  | 'turningOut'
  | 'enRoute'
  | 'onScene';

export interface UnitState {
  activity: UnitActivity;
  /** Where it stands, or where its drive began. */
  start: RoadPosition;
  /** Drive it is on, or null when it stands. */
  drive: RouteClock | null;
  driveStartMs: Ms;
  /** Raised whenever the unit's course changes; events scheduled before are void. */
  epoch: number;
  call: CallIx;
  dispatchedMs: Ms;
  /** The shift it is in: index into scenario.shifts, its window, and its patrol. */
  shift: number;
  shiftStartMs: Ms;
  shiftEndMs: Ms;
  onDutySinceMs: Ms;
  duty: PatrolDuty | null;
  /** Next round and next leg in it; a round is open from its first drive until the unit is home again. */
  round: number;
  leg: number;
  roundOpen: boolean;
  /** Whether a call took time from this shift's patrol. */
  tookCall: boolean;
  busyMs: Ms;
  onDutyMs: Ms;
}

export interface CallState {
  readyMs: Ms;
  /** The unit sent, NONE before. */
  unit: number;
}

export interface Simulation {
  readonly city: City;
  readonly calls: CallTable;
  readonly plan: PatrolPlan;
  readonly policy: DispatchPolicy;
  readonly endMs: Ms;
  readonly units: UnitState[];
  /** By call; grows as calls occur. */
  readonly callStates: CallState[];
  /** Waiting calls by (priority, time ready, call). */
  readonly queue: CallIx[];
  readonly events: EventQueue;
  readonly recorder: Recorder;
  /** Router for a trip that starts now: of a profile, with or without siren, in the period of traffic of this instant. */
  routerOf(profile: string, siren: boolean): Router;
  readonly finders: Finders;
  /** Planned drives as they take in periods of traffic, by metric; made when first driven. */
  readonly retimed: Map<Metric, Map<Route, Route>>;
  nowMs: Ms;
  /** Time of the dispatch decision already scheduled, to schedule one only. */
  dispatchDueMs: Ms;
  readonly count: { occurred: number; handling: number; queued: number; inService: number; cleared: number };
}

/** Where a unit is now, on its drive or standing. */
export function positionOf(sim: Simulation, unit: UnitState): RoadPosition {
  return unit.drive === null ? unit.start : unit.drive.positionAt(sim.nowMs - unit.driveStartMs);
}

export const isAvailable = (unit: UnitState): boolean =>
  unit.activity === 'standing' ||
  unit.activity === 'approaching' ||
  unit.activity === 'working' ||
  unit.activity === 'dwelling' ||
  unit.activity === 'goingHome';

/** The part of [fromMs, toMs] that is scored. */
export const scoredMs = (sim: Simulation, fromMs: Ms, toMs: Ms): Ms =>
  Math.max(0, Math.min(toMs, sim.endMs) - Math.max(fromMs, 0));
