/** What a shift asks of a patrol, as one list: each point's visits, each line's passes along and against. */
import type { DriveStep } from '../graph/road-graph.ts';
import type { PatrolPlan, PatrolProblem, PatrolTask, UnplannedCause, UnplannedTask } from './patrol.ts';

export interface AskedTask {
  task: PatrolTask;
  /** How often in each shift; at least 1. */
  count: number;
  /** The drive of a pass, empty where the line was not matched; null for a visit. */
  steps: readonly DriveStep[] | null;
}

/** Points first, then lines, each in their order; a `both` line is asked along, then against. Quotas of 0 are left out. */
export function askedTasks(problem: PatrolProblem): AskedTask[] {
  const asked: AskedTask[] = [];
  problem.points.forEach(({ visitsPerShift }, point) => {
    if (visitsPerShift > 0)
      asked.push({ task: { kind: 'visit', point }, count: visitsPerShift, steps: null });
  });
  problem.lines.forEach(({ passesPerShift: count, direction, along, against }, line) => {
    if (count === 0) return;
    asked.push({ task: { kind: 'pass', line, against: false }, count, steps: along });
    if (direction === 'both') {
      asked.push({ task: { kind: 'pass', line, against: true }, count, steps: against });
    }
  });
  return asked;
}

/** A plan that holds nothing, with every asked task of every shift listed under its cause. */
export function emptyPlan(
  policy: string,
  problem: PatrolProblem,
  causeOf: (asked: AskedTask, shift: number) => UnplannedCause,
): PatrolPlan {
  const unplanned: UnplannedTask[] = [];
  problem.shifts.forEach((_, shift) => {
    for (const asked of askedTasks(problem)) {
      unplanned.push({ shift, task: asked.task, count: asked.count, cause: causeOf(asked, shift) });
    }
  });
  return { policy, duties: [], unplanned };
}
