/**
 * What must hold of every patrol plan, whatever made it. Shares no code with the policies: quotas are counted and
 * drives are timed again from the problem and the metric.
 */
import { assert } from '../errors.ts';
import {
  arcOfStep,
  samePosition,
  type RoadGraph,
  type RoadPosition,
  type Route,
} from '../graph/road-graph.ts';
import { brokenRule } from '../routing/legal-drive.ts';
import { alongArcMm, timeAlongArcMs, type Metric } from '../routing/metric.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { PatrolLeg, PatrolPlan, PatrolPolicy, PatrolProblem, PatrolTask } from './patrol.ts';

/** Makes a plan and checks it: the way every caller gets one. */
export function planPatrol(policy: PatrolPolicy, problem: PatrolProblem): PatrolPlan {
  const plan = policy.plan(problem);
  checkPatrolPlan(plan, problem);
  return plan;
}

/**
 * Throws with the first broken invariant: drives join end to end and are timed as the router times them, passes drive
 * exactly their line, rounds follow one another and end within the shift, and in every shift planned plus unplanned is
 * what was asked. Cost O(steps of the plan).
 */
export function checkPatrolPlan(plan: PatrolPlan, problem: PatrolProblem): void {
  const { shifts, units } = problem;
  const planned = shifts.map(() => new Map<string, number>());
  const count = (shift: number, task: PatrolTask, n: number): void => {
    assert(shift >= 0 && shift < shifts.length, () => `the plan names shift ${shift}, which does not exist`);
    const key = JSON.stringify(task);
    planned[shift].set(key, (planned[shift].get(key) ?? 0) + n);
  };
  const seen = new Set<string>();
  for (const { unit, shift, rounds } of plan.duties) {
    const where = `unit ${units[unit]?.id ?? unit} in shift ${shifts[shift]?.id ?? shift}`;
    assert(units[unit]?.shifts.includes(shift) ?? false, () => `${where} is not on duty`);
    assert(!seen.has(`${unit} ${shift}`), () => `${where} has two duties`);
    seen.add(`${unit} ${shift}`);
    let freeMs = 0;
    rounds.forEach((round, r) => {
      const place = `round ${r} of ${where}`;
      assert(Number.isInteger(round.startMs), () => `${place} starts between two milliseconds`);
      assert(round.startMs >= freeMs, () => `${place} starts before the one before it ends`);
      let at = units[unit].home;
      let durationMs = 0;
      round.legs.forEach((leg, l) => {
        checkRoute(problem, leg.approach, at, leg.start, `approach ${l} in ${place}`);
        checkRoute(problem, leg.work, leg.start, leg.end, `work ${l} in ${place}`);
        checkTask(problem, leg, `leg ${l} of ${place}`);
        count(shift, leg.task, 1);
        durationMs += leg.approach.travelTimeMs + leg.work.travelTimeMs + leg.dwellMs;
        at = leg.end;
      });
      checkRoute(problem, round.wayHome, at, units[unit].home, `way home in ${place}`);
      durationMs += round.wayHome.travelTimeMs;
      assert(
        round.durationMs === durationMs,
        () => `${place} lasts ${durationMs} ms, not ${round.durationMs}`,
      );
      freeMs = round.startMs + durationMs;
    });
    const shiftMs = shifts[shift].endMs - shifts[shift].startMs;
    assert(freeMs <= shiftMs, () => `${where} is on its rounds until ${freeMs} ms of ${shiftMs}`);
  }
  for (const entry of plan.unplanned) {
    assert(Number.isInteger(entry.count) && entry.count >= 1, 'an unplanned entry counts nothing');
    count(entry.shift, entry.task, entry.count);
    const nOnDuty = units.filter((unit) => unit.shifts.includes(entry.shift)).length;
    assert(
      entry.cause !== 'noUnitOnDuty' || nOnDuty === 0,
      () => `shift ${entry.shift} has units, yet a task is left for want of them`,
    );
  }
  planned.forEach((counts, shift) => checkQuotas(problem, counts, shift));
}

function checkQuotas(problem: PatrolProblem, counts: Map<string, number>, shift: number): void {
  const expect = (task: PatrolTask, asked: number): void => {
    const key = JSON.stringify(task);
    const found = counts.get(key) ?? 0;
    assert(
      found === asked,
      () => `shift ${shift}: ${key} is accounted for ${found} times, asked ${asked} times`,
    );
    counts.delete(key);
  };
  problem.points.forEach(({ visitsPerShift }, point) => expect({ kind: 'visit', point }, visitsPerShift));
  problem.lines.forEach(({ passesPerShift, direction }, line) => {
    expect({ kind: 'pass', line, against: false }, passesPerShift);
    expect({ kind: 'pass', line, against: true }, direction === 'both' ? passesPerShift : 0);
  });
  assert(counts.size === 0, () => `shift ${shift}: nobody asked for ${[...counts.keys()].join(', ')}`);
}

function checkTask(
  problem: PatrolProblem,
  { task, start, end, work, dwellMs }: PatrolLeg,
  place: string,
): void {
  if (task.kind === 'visit') {
    const { position, dwellMs: asked } = problem.points[task.point];
    assert(samePosition(problem.router.graph, start, position), () => `${place} starts away from its point`);
    assert(samePosition(problem.router.graph, end, position), () => `${place} ends away from its point`);
    assert(work.steps.length === 0, () => `${place} drives during a visit`);
    assert(dwellMs === asked, () => `${place} stays ${dwellMs} ms, asked ${asked}`);
    return;
  }
  const { along, against } = problem.lines[task.line];
  const steps = task.against ? against : along;
  assert(steps.length > 0, () => `${place} drives a line that is not matched`);
  assert(
    work.steps.length === steps.length &&
      steps.every(
        ({ segment, fromMm, toMm }, i) =>
          work.steps[i].segment === segment && work.steps[i].fromMm === fromMm && work.steps[i].toMm === toMm,
      ),
    () => `${place} does not drive exactly its line`,
  );
  assert(dwellMs === 0, () => `${place} stands on a pass`);
}

/** A drive joins from and to end to end, on open streets and allowed turns, and its times are those of the metric. */
function checkRoute(
  { router: { graph, metric } }: PatrolProblem,
  route: Route,
  from: RoadPosition,
  to: RoadPosition,
  place: string,
): void {
  let at = from;
  let endMs = 0;
  let lengthMm = 0;
  for (const { segment, fromMm, toMm, endMs: stepEndMs } of route.steps) {
    assert(
      samePosition(graph, at, { segment, offsetMm: fromMm }),
      () => `${place} jumps to segment ${segment}`,
    );
    const segmentMm = graph.segmentLengthMm[segment];
    assert(
      fromMm >= 0 && fromMm <= segmentMm && toMm >= 0 && toMm <= segmentMm,
      () => `${place} leaves the road`,
    );
    endMs += stepMs(graph, metric, segment, fromMm, toMm, place);
    assert(stepEndMs === endMs, () => `${place}: segment ${segment} ends at ${endMs} ms, not ${stepEndMs}`);
    lengthMm += Math.abs(toMm - fromMm);
    at = { segment, offsetMm: toMm };
  }
  assert(brokenRule(metric, route.steps) === null, () => `${place} takes a turn that is forbidden`);
  assert(samePosition(graph, at, to), () => `${place} ends short of its goal`);
  assert(route.travelTimeMs === endMs, () => `${place} takes ${endMs} ms, not ${route.travelTimeMs}`);
  assert(route.lengthMm === lengthMm, () => `${place} is ${lengthMm} mm long, not ${route.lengthMm}`);
}

function stepMs(
  graph: RoadGraph,
  metric: Metric,
  segment: number,
  fromMm: number,
  toMm: number,
  place: string,
): number {
  if (fromMm === toMm) return 0;
  const arc = arcOfStep(graph, { segment, fromMm, toMm });
  assert(
    arc !== NONE && metric.arcTimeMs[arc] !== UNREACHED_MS,
    () => `${place} drives segment ${segment} the closed way`,
  );
  const timeToMs = (offsetMm: number): number =>
    timeAlongArcMs(metric.arcTimeMs[arc], alongArcMm(graph, arc, offsetMm), graph.segmentLengthMm[segment]);
  return timeToMs(toMm) - timeToMs(fromMm);
}
