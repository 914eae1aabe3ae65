/**
 * Quota tours: the units of a shift share all visits and passes, in as many rounds as the most-asked task needs. A
 * task asked k times is done in k different rounds, spread evenly; each round starts and ends at home. The search for
 * who does what and in which order is in `tours.ts`, with its papers.
 */
import { InputError } from '../errors.ts';
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import { EMPTY_ROUTE } from '../routing/route.ts';
import { routeAlong } from '../routing/route-along.ts';
import { UNREACHED_MS } from '../units.ts';
import { askedTasks, type AskedTask } from './asked.ts';
import type {
  PatrolDuty,
  PatrolLeg,
  PatrolPlan,
  PatrolPolicy,
  PatrolProblem,
  PatrolRound,
  UnplannedTask,
} from './patrol.ts';
import { planTours, type TourProblem } from './tours.ts';

export const quotaTour: PatrolPolicy = {
  type: 'quota-tour',
  about:
    'The units of a shift share all visits and passes evenly, in rounds from home to home; repeated visits fall into different rounds.',
  plan(problem) {
    const roads = new PatrolRoads(problem);
    const plan: PatrolPlan = { policy: 'quota-tour', duties: [], unplanned: [] };
    problem.shifts.forEach((_, shift) => {
      const { duties, unplanned } = planShift(problem, roads, shift);
      plan.duties.push(...duties);
      plan.unplanned.push(...unplanned);
    });
    return plan;
  },
};

/** A task that can be driven: where it starts and ends, its own drive and its dwell. */
interface DrivableTask {
  asked: AskedTask;
  start: RoadPosition;
  end: RoadPosition;
  work: Route;
  dwellMs: number;
}

/** The places of a problem with the times and drives between them; one matrix for all shifts. */
class PatrolRoads {
  /** Asked tasks in their order; null where a task cannot be driven at all, with the cause. */
  readonly tasks: { asked: AskedTask; drivable: DrivableTask | null; cause: 'notMatched' | 'unreachable' }[];
  private readonly problem: PatrolProblem;
  private readonly placeIx = new Map<string, number>();
  private readonly places: RoadPosition[] = [];
  private readonly times: Uint32Array;
  private readonly routes = new Map<number, Route>();

  constructor(problem: PatrolProblem) {
    this.problem = problem;
    this.tasks = askedTasks(problem).map((asked) => {
      const drivable = drivableTask(problem, asked);
      return { asked, drivable, cause: asked.steps?.length === 0 ? 'notMatched' : 'unreachable' };
    });
    for (const { home } of problem.units) this.addPlace(home);
    for (const { drivable } of this.tasks) {
      if (drivable === null) continue;
      this.addPlace(drivable.start);
      this.addPlace(drivable.end);
    }
    const n = this.places.length;
    if (n * n > LIMITS.matrixCells) {
      throw InputError.at(
        '',
        '/mustReachPoints and /mustPatrolLines',
        `give ${n} places to plan patrol between; at most ${Math.floor(Math.sqrt(LIMITS.matrixCells))} are allowed`,
      );
    }
    this.times = problem.router.matrix(this.places, this.places);
  }

  /** Travel time between two places of the problem, Infinity where there is no way. */
  timeMs(from: RoadPosition, to: RoadPosition): number {
    const ms = this.times[this.ixOf(from) * this.places.length + this.ixOf(to)];
    return ms === UNREACHED_MS ? Infinity : ms;
  }

  /** The drive between two places that are known to be joined; equal drives are one shared record. */
  route(from: RoadPosition, to: RoadPosition): Route {
    const key = this.ixOf(from) * this.places.length + this.ixOf(to);
    let route = this.routes.get(key);
    if (route === undefined) {
      route = this.problem.router.route(from, to) ?? undefined;
      if (route === undefined)
        throw new Error('Broken invariant: the matrix joins two places, the router does not');
      this.routes.set(key, route);
    }
    return route;
  }

  private addPlace(place: RoadPosition): void {
    if (this.placeIx.has(positionKey(place))) return;
    this.placeIx.set(positionKey(place), this.places.length);
    this.places.push(place);
  }

  private ixOf(place: RoadPosition): number {
    return this.placeIx.get(positionKey(place))!;
  }
}

const positionKey = ({ segment, offsetMm }: RoadPosition): string => `${segment}:${offsetMm}`;

function drivableTask(problem: PatrolProblem, asked: AskedTask): DrivableTask | null {
  const { task, steps } = asked;
  if (task.kind === 'visit') {
    const { position, dwellMs } = problem.points[task.point];
    return { asked, start: position, end: position, work: EMPTY_ROUTE, dwellMs };
  }
  if (steps === null || steps.length === 0) return null;
  const work = routeAlong(problem.router.graph, problem.router.metric, steps);
  if (work === null) return null;
  const first = steps[0];
  const last = steps[steps.length - 1];
  return {
    asked,
    start: { segment: first.segment, offsetMm: first.fromMm },
    end: { segment: last.segment, offsetMm: last.toMm },
    work,
    dwellMs: 0,
  };
}

function planShift(
  problem: PatrolProblem,
  roads: PatrolRoads,
  shift: number,
): { duties: PatrolDuty[]; unplanned: UnplannedTask[] } {
  const units = problem.units
    .map((_, unit) => unit)
    .filter((unit) => problem.units[unit].shifts.includes(shift));
  const unplanned: UnplannedTask[] = [];
  const tasks: DrivableTask[] = [];
  for (const { asked, drivable, cause } of roads.tasks) {
    const reached = (at: number): boolean => {
      const { home } = problem.units[at];
      return (
        drivable !== null && roads.timeMs(home, drivable.start) + roads.timeMs(drivable.end, home) < Infinity
      );
    };
    if (drivable !== null && units.some(reached)) tasks.push(drivable);
    else {
      unplanned.push({
        shift,
        task: asked.task,
        count: asked.count,
        cause: drivable !== null && units.length === 0 ? 'noUnitOnDuty' : cause,
      });
    }
  }
  const tourProblem = shiftTourProblem(problem, roads, shift, units, tasks);
  const tours = planTours(tourProblem);
  tasks.forEach(({ asked }, t) => {
    if (tours.missing[t] > 0) {
      unplanned.push({ shift, task: asked.task, count: tours.missing[t], cause: 'shiftTooShort' });
    }
  });
  const duties: PatrolDuty[] = [];
  units.forEach((unit, u) => {
    const rounds: PatrolRound[] = [];
    for (let r = 0; r < tourProblem.nRounds; r++) {
      const tour = r * units.length + u;
      if (tours.tasks[tour].length === 0) continue;
      rounds.push(
        driveRound(
          roads,
          problem.units[unit].home,
          tours.startMs[tour],
          tours.tasks[tour].map((t) => tasks[t]),
        ),
      );
    }
    if (rounds.length > 0) duties.push({ unit, shift, rounds });
  });
  return { duties, unplanned };
}

function shiftTourProblem(
  problem: PatrolProblem,
  roads: PatrolRoads,
  shift: number,
  units: readonly number[],
  tasks: readonly DrivableTask[],
): TourProblem {
  const nTasks = tasks.length;
  const nUnits = units.length;
  const nRounds = tasks.reduce((most, { asked }) => Math.max(most, asked.count), 0);
  const shiftMs = problem.shifts[shift].endMs - problem.shifts[shift].startMs;
  const outMs = new Float64Array(nUnits * nTasks);
  const backMs = new Float64Array(nUnits * nTasks);
  const linkMs = new Float64Array(nTasks * nTasks);
  for (let t = 0; t < nTasks; t++) {
    for (let u = 0; u < nUnits; u++) {
      outMs[u * nTasks + t] = roads.timeMs(problem.units[units[u]].home, tasks[t].start);
      backMs[u * nTasks + t] = roads.timeMs(tasks[t].end, problem.units[units[u]].home);
    }
    for (let b = 0; b < nTasks; b++) linkMs[t * nTasks + b] = roads.timeMs(tasks[t].end, tasks[b].start);
  }
  return {
    nUnits,
    nTasks,
    nRounds,
    slotMs: nRounds > 0 ? Math.floor(shiftMs / nRounds) : shiftMs,
    shiftMs,
    quota: tasks.map(({ asked }) => asked.count),
    serviceMs: tasks.map(({ work, dwellMs }) => work.travelTimeMs + dwellMs),
    outMs,
    backMs,
    linkMs,
  };
}

function driveRound(
  roads: PatrolRoads,
  home: RoadPosition,
  startMs: number,
  tasks: readonly DrivableTask[],
): PatrolRound {
  let at = home;
  let durationMs = 0;
  const legs: PatrolLeg[] = tasks.map(({ asked, start, end, work, dwellMs }) => {
    const approach = roads.route(at, start);
    durationMs += approach.travelTimeMs + work.travelTimeMs + dwellMs;
    at = end;
    return { task: asked.task, start, end, approach, work, dwellMs };
  });
  const wayHome = roads.route(at, home);
  durationMs += wayHome.travelTimeMs;
  return { startMs, legs, wayHome, durationMs };
}
