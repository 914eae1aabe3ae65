/**
 * The event log: one row for each change of state, in the order in which it happened. It holds all that scoring and
 * replay need, so a finished run can be scored again without simulating.
 */
import type { CallTable } from '../demand/demand.ts';
import type { Ms } from '../units.ts';

/** Kinds of rows. The number is the row's value in memory; files hold the name. Append only. */
export const EVENT_KINDS = [
  /** A call comes into being, before anybody knows of it. Columns: call, segment, offset. */
  'callOccurred',
  /** The call is received by the command centre. */
  'callReceived',
  /** Call handling is done: a unit may be sent. */
  'callReady',
  /** A unit is chosen. `detail` holds the reason and the candidates. */
  'unitDispatched',
  /** The unit's wheels turn. `route` is its drive. */
  'unitEnRoute',
  /** The unit is with the caller (drive and access done). */
  'unitArrived',
  /** The call is done: the last unit has left the scene, or, with transport, the destination. No unit. */
  'callCleared',
  /** A unit comes on duty (segment, offset: where). */
  'shiftStarted',
  /** A unit goes off duty. */
  'shiftEnded',
  /** A unit on patrol starts a drive (`route`); `detail` names the task. */
  'patrolDrive',
  /** A unit starts to stand: dwelling at a point, or idle at home. */
  'patrolStand',
  /** A visit or pass is done. */
  'patrolTaskDone',
  /** A planned visit or pass was missed; `detail` is the cause. */
  'patrolTaskMissed',
  /** End of the simulated time: open calls stay open. */
  'runEnded',
  /** A unit is done with its call and available again, unless its shift is over or a break is due. */
  'unitCleared',
  /** A unit is taken off its call before it was done; `detail` is the reason. The call may go back to the queue. */
  'unitRecalled',
  /** A call ends at the desk: nobody needs to go. */
  'callTriaged',
  /** A call finds no room in the queue and goes to another force; `detail` says why. */
  'callLost',
  /** A policy leaves a call waiting although units are available that may serve it; `detail` as of unitDispatched. */
  'callHeld',
  /** A unit leaves the scene with somebody; `route` is its drive, `detail` the destination. */
  'transportStarted',
  /** It is there: the handover begins. */
  'transportArrived',
  /** A unit writes its report. */
  'reportStarted',
  'breakStarted',
  /** A break is over; `detail` is `done`, or `interrupted` when a call ended it. */
  'breakEnded',
  'outOfServiceStarted',
  'outOfServiceEnded',
  /** A unit does something of its own accord; `detail` is its id. */
  'activityStarted',
  /** As breakEnded. */
  'activityEnded',
  /** A unit gets another base; `detail` holds policy, reason and candidates. */
  'moveUp',
  /** A unit is told of its call, where that takes the dispatcher time (delays.dispatchS). */
  'unitAlerted',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Numbers of the kinds. */
export const ROW = Object.fromEntries(EVENT_KINDS.map((kind, number) => [kind, number])) as {
  readonly [Kind in EventKind]: number;
};

/** Rows of one replication as plain columns; NONE where a column says nothing for the kind. */
export interface EventLog {
  replication: number;
  nEvents: number;
  /** Milliseconds from the scored start; negative in the warm-up. */
  timeMs: Float64Array;
  kind: Uint8Array;
  call: Uint32Array;
  unit: Uint32Array;
  segment: Uint32Array;
  offsetMm: Uint32Array;
  /**
   * Drive of the kinds that drive. Below the number of planned drives it is one of the patrol plan (numbered by
   * `plannedRoutes`), from there on it is row (route - planned) of the record's `routes`.
   */
  route: Uint32Array;
  /** Task of the patrol kinds: `visit:ID`, `pass:ID`, `pass-back:ID`, `home`; reason or cause otherwise; '' for none. */
  detail: readonly string[];
}

/** A drive that the log refers to: steps along segments with the time since the start of the drive. */
export interface LoggedRoute {
  segment: Uint32Array;
  fromMm: Uint32Array;
  toMm: Uint32Array;
  /** End of each step, from the start of the drive. */
  endMs: Uint32Array;
}

/** What one replication gives back to the pool. */
export interface ReplicationRecord {
  replication: number;
  /** Null when no log was kept; then there are no routes and calls either. */
  log: EventLog | null;
  /** Drives made up during the run (to calls, and back into the plan). Planned drives are in the patrol plan. */
  routes: LoggedRoute[];
  /** The calls of the replication: numbers in the log are rows here. */
  calls: CallTable | null;
  counts: RunCounts;
  /**
   * Scored time of each unit in milliseconds. Busy is from sent to done with the call; overtime is on duty past the end
   * of the shift; overtime, breaks, activities and time out of service lie within the time on duty.
   */
  busyMsByUnit: number[];
  onDutyMsByUnit: number[];
  overtimeMsByUnit: number[];
  breakMsByUnit: number[];
  activityMsByUnit: number[];
  outOfServiceMsByUnit: number[];
  endMs: Ms;
}

/** A record with its log. */
export type LoggedReplication = ReplicationRecord & { log: EventLog; calls: CallTable };

/** Calls by how they came out, warm-up included. */
export interface RunCounts {
  occurred: number;
  cleared: number;
  triaged: number;
  lost: number;
  /** Waiting, in handling or in service when the run ended. */
  open: number;
  /** Of those lost: because more calls waited than the engine holds (LIMITS.waitingCalls). */
  beyondLimit: number;
}
