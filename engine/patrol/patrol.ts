/**
 * Patrol: what units do while no call needs them. The contract of the policies: a plan made once, before the clock starts.
 * The simulation drives the plan; a call breaks it and the unit resumes it.
 */
import type { DriveStep, RoadPosition, Route } from '../graph/road-graph.ts';
import type { Router } from '../routing/router.ts';
import type { Ms } from '../units.ts';

/** What a patrol task fulfils: a visit to a point, or one pass over a line in one direction. */
export type PatrolTask = { kind: 'visit'; point: number } | { kind: 'pass'; line: number; against: boolean };

/** Name of a task in logs and files: `visit:ID`, `pass:ID` or, against the line, `pass-back:ID`. */
export function taskName(
  { points, lines }: { points: readonly { id: string }[]; lines: readonly { id: string }[] },
  task: PatrolTask,
): string {
  if (task.kind === 'visit') return `visit:${points[task.point].id}`;
  return `${task.against ? 'pass-back' : 'pass'}:${lines[task.line].id}`;
}

export interface PatrolLeg {
  task: PatrolTask;
  /** Where the task starts and ends; the same place for a visit. */
  start: RoadPosition;
  end: RoadPosition;
  /** Drive from the end of the leg before (or home, for the first of a round) to the start. */
  approach: Route;
  /** Drive of the task itself; no steps for a visit. */
  work: Route;
  /** Time standing at the end of the work. */
  dwellMs: Ms;
}

/** A loop from home through its legs and back home. */
export interface PatrolRound {
  /** Earliest start, from the start of the shift. */
  startMs: Ms;
  legs: PatrolLeg[];
  /** Drive from the last leg's end to home. */
  wayHome: Route;
  /** Approaches, works, dwells and way home together. */
  durationMs: Ms;
}

/** The patrol of one unit in one of its shifts, the same every day. */
export interface PatrolDuty {
  unit: number;
  /** Index into scenario.shifts. */
  shift: number;
  rounds: PatrolRound[];
}

/** A visit or pass that the plan does not hold, and why. */
export interface UnplannedTask {
  shift: number;
  task: PatrolTask;
  /** How many of the asked visits or passes are not planned. */
  count: number;
  cause: UnplannedCause;
}

/**
 * - `policyDoesNotPatrol`: the policy makes no rounds at all;
 * - `notMatched`: the line, or its way back, could not be laid on open streets;
 * - `noUnitOnDuty`: the shift has no unit;
 * - `unreachable`: no unit on duty can drive there, through it and home again;
 * - `shiftTooShort`: no room was found for it before the shift ends.
 */
export type UnplannedCause =
  'policyDoesNotPatrol' | 'notMatched' | 'noUnitOnDuty' | 'unreachable' | 'shiftTooShort';

export interface PatrolPlan {
  policy: string;
  duties: PatrolDuty[];
  unplanned: UnplannedTask[];
}

/** What a policy may know: places, quotas and roads; nothing of the calls to come. */
export interface PatrolProblem {
  /** At patrol speed. */
  router: Router;
  shifts: readonly { id: string; startMs: Ms; endMs: Ms }[];
  units: readonly { id: string; home: RoadPosition; shifts: readonly number[] }[];
  points: readonly { id: string; position: RoadPosition; visitsPerShift: number; dwellMs: Ms }[];
  lines: readonly {
    id: string;
    passesPerShift: number;
    /** `both`: each pass is driven once along and once against the line. */
    direction: 'along' | 'both';
    /** Empty where the line could not be matched. */
    along: readonly DriveStep[];
    /** Not read unless the direction is `both`; empty where the streets are closed that way. */
    against: readonly DriveStep[];
  }[];
}

/** A policy is a pure function of the problem: the same problem gives the same plan, and nothing of it is changed. */
export interface PatrolPolicy {
  type: string;
  about: string;
  plan(problem: PatrolProblem): PatrolPlan;
}
