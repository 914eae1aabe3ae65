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
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const kindNumber = (kind: EventKind): number => EVENT_KINDS.indexOf(kind);

/** Rows of one replication as plain columns; NONE where a column says nothing for the kind. */
export interface EventLog {
  replication: number;
  nEvents: number;
  /** Milliseconds from the scored start; negative in the warm-up. */
  timeMs: number[];
  kind: number[];
  call: number[];
  unit: number[];
  segment: number[];
  offsetMm: number[];
  /**
   * Drive of the kinds that drive. Below the number of planned drives it is one of the patrol plan (numbered by
   * `plannedRoutes`), from there on it is row (route - planned) of the record's `routes`.
   */
  route: number[];
  /** Task of the patrol kinds: `visit:ID`, `pass:ID`, `pass-back:ID`, `home`; reason or cause otherwise; '' for none. */
  detail: string[];
}

export const emptyLog = (replication: number): EventLog => ({
  replication,
  nEvents: 0,
  timeMs: [],
  kind: [],
  call: [],
  unit: [],
  segment: [],
  offsetMm: [],
  route: [],
  detail: [],
});

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
  log: EventLog;
  /** Drives made up during the run (to calls, and back into the plan). Planned drives are in the patrol plan. */
  routes: LoggedRoute[];
  /** The calls of the replication: numbers in the log are rows here. */
  calls: CallTable;
  /** Figures for identities checked on every run. */
  busyMsByUnit: number[];
  onDutyMsByUnit: number[];
  endMs: Ms;
}
