/**
 * Where a unit is on a drive of which only the ends and the time are known. The roads are those of the router's route, but
 * they are found from the end of the drive back, and only as far as the unit still has to go: a drive that nobody asks
 * about costs nothing, one that is asked about late costs little.
 */
import { assert } from '../errors.ts';
import { arcOfStep, endOfArcMm, startOfArcMm, type RoadPosition, type Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type ArcIx, type Ms } from '../units.ts';
import { MAX_GATHERED_ENDS } from './kernels/query-slots.ts';
import type { LabelQuery, StateTime } from './kernels/query.ts';
import { openLabels } from './labels.ts';
import { mayTakeDays } from './long-drives.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { chooseLast } from './route.ts';
import { offsetOnStepMm, RouteClock } from './route-clock.ts';
import type { Router } from './router.ts';

/** A drive by its ends. */
export interface DriveEnds {
  from: RoadPosition;
  to: RoadPosition;
  /** Its time by the router. */
  roadsMs: Ms;
  /** As long as it takes, where it is driven faster or slower. */
  travelTimeMs: Ms;
}

export interface DriveClock {
  /** Where the unit is `elapsedMs` after the start, exactly as `RouteClock` has it on the router's route, retimed. */
  positionAt(elapsedMs: number): RoadPosition;
}

/** A route whose steps end in proportion to another time in all, each rounded to the nearest millisecond. */
export function retimed(route: Route, travelTimeMs: Ms): Route {
  if (travelTimeMs === route.travelTimeMs) return route;
  const steps = route.steps.map((step) => ({
    ...step,
    endMs: retimedMs(step.endMs, route.travelTimeMs, travelTimeMs),
  }));
  return { ...route, steps, travelTimeMs };
}

const retimedMs = (timeMs: Ms, roadsMs: Ms, travelTimeMs: Ms): Ms =>
  roadsMs === travelTimeMs
    ? timeMs
    : roadsMs === 0
      ? travelTimeMs
      : Math.round((timeMs * travelTimeMs) / roadsMs);

/**
 * The clock of a drive by a metric.
 * @param router  of the metric
 * @throws Error where the router has another time for the drive
 */
export function driveClock(metric: Metric, router: Router, drive: DriveEnds): DriveClock {
  if (metric.labels === undefined || mayTakeDays(metric)) return clockOfRoute(router, drive);
  const out = exitsOf(metric, drive.from);
  if (out.length > MAX_GATHERED_ENDS) return clockOfRoute(router, drive);
  return new BackwardClock(metric, router, openLabels(metric.labels).query, out, drive);
}

function clockOfRoute(router: Router, { from, to, roadsMs, travelTimeMs }: DriveEnds): RouteClock {
  const route = router.route(from, to);
  assertTime(route?.travelTimeMs ?? UNREACHED_MS, roadsMs);
  return new RouteClock(retimed(route!, travelTimeMs), from);
}

function assertTime(foundMs: Ms, roadsMs: Ms): void {
  assert(foundMs === roadsMs, () => `a drive of ${roadsMs} ms has a course of ${foundMs} ms`);
}

/** Steps from the last to the first, as far as somebody asked. */
class BackwardClock implements DriveClock {
  readonly #metric: Metric;
  readonly #router: Router;
  readonly #query: LabelQuery;
  readonly #out: readonly PositionEnd[];
  readonly #drive: DriveEnds;
  /** Road arc of each step. Step i is driven from endMs[i + 1] to endMs[i]. */
  readonly #arc: ArcIx[] = [];
  readonly #endMs: Ms[];
  /** Whether the last step ends, and the first begins, in mid-street; the first is known when all are. */
  #endsWithin = false;
  #beginsWithin = false;
  #isComplete = false;
  /** Where the walk back has come to, by the metric. */
  readonly #walk: StateTime = { state: 0, timeMs: 0 };
  /** The walk's source as the query has gathered it. */
  #gathered = -1;
  /** In place of a walk that only streets of no time lead on from. */
  #whole: RouteClock | null = null;

  constructor(
    metric: Metric,
    router: Router,
    query: LabelQuery,
    out: readonly PositionEnd[],
    drive: DriveEnds,
  ) {
    this.#metric = metric;
    this.#router = router;
    this.#query = query;
    this.#out = out;
    this.#drive = drive;
    this.#endMs = [drive.travelTimeMs];
    this.#begin();
  }

  positionAt(elapsedMs: number): RoadPosition {
    const { from, to, travelTimeMs } = this.#drive;
    if (elapsedMs < 0) return from;
    if (elapsedMs >= travelTimeMs) return to;
    // steps end at whole milliseconds, so the one that has begun decides
    const wholeMs = Math.floor(elapsedMs);
    const endMs = this.#endMs;
    if (endMs[endMs.length - 1] > wholeMs) this.#walkTo(wholeMs);
    if (this.#whole !== null) return this.#whole.positionAt(elapsedMs);
    // the step that ends after wholeMs and begins by then
    let step = 0;
    let before = endMs.length - 1;
    while (before - step > 1) {
      const middle = (step + before) >> 1;
      if (endMs[middle] > wholeMs) step = middle;
      else before = middle;
    }
    return this.#within(step, elapsedMs);
  }

  /** Between the ends of a step, rounded down along the drive. */
  #within(step: number, elapsedMs: number): RoadPosition {
    const { from, to } = this.#drive;
    const { graph } = this.#metric.network;
    const arc = this.#arc[step];
    const isFirst = this.#beginsWithin && step === this.#arc.length - 1;
    const fromMm = isFirst ? from.offsetMm : startOfArcMm(graph, arc);
    const toMm = this.#endsWithin && step === 0 ? to.offsetMm : endOfArcMm(graph, arc);
    const beginMs = this.#endMs[step + 1];
    const stepMs = this.#endMs[step] - beginMs;
    return {
      segment: graph.arcSegment[arc],
      offsetMm: offsetOnStepMm(fromMm, toMm, elapsedMs - beginMs, stepMs),
    };
  }

  /** The step in to the end of the drive; or, on one street, the only one. */
  #begin(): void {
    const { from, to, roadsMs } = this.#drive;
    const directMs = directTimeMs(this.#metric, from, to);
    if (directMs === roadsMs) {
      const { graph } = this.#metric.network;
      const arc = arcOfStep(graph, { segment: from.segment, fromMm: from.offsetMm, toMm: to.offsetMm });
      this.#endsWithin = true;
      this.#beginsWithin = true;
      this.#isComplete = true;
      this.#add(arc, 0);
      return;
    }
    const entries = entriesOf(this.#metric, to);
    const statesMs = new Uint32Array(entries.length);
    this.#query.timesToStates(this.#out, entries, statesMs);
    this.#gathered = this.#query.sourcesGathered;
    let timeMs = directMs;
    for (let i = 0; i < entries.length; i++) timeMs = Math.min(timeMs, statesMs[i] + entries[i].timeMs);
    assertTime(timeMs, roadsMs);
    const last = chooseLast(this.#metric.network, entries, statesMs, timeMs);
    this.#walk.state = last.state;
    this.#walk.timeMs = timeMs - last.timeMs;
    if (last.arc !== NONE) {
      this.#endsWithin = true;
      this.#add(last.arc, this.#walk.timeMs);
    }
  }

  /** Makes the steps known that end after `wholeMs`. */
  #walkTo(wholeMs: Ms): void {
    const { roadsMs, travelTimeMs } = this.#drive;
    const endMs = this.#endMs;
    const { network, arcTimeMs } = this.#metric;
    let untilMs = Math.floor((wholeMs * roadsMs) / travelTimeMs);
    while (endMs[endMs.length - 1] > wholeMs && !this.#isComplete && this.#whole === null) {
      const walk = this.#walk;
      if (this.#query.sourcesGathered !== this.#gathered) {
        this.#query.gatherSource(this.#out);
        this.#gathered = this.#query.sourcesGathered;
      }
      let { timeMs } = walk;
      const arcs: number[] = [];
      this.#query.walkOn(this.#out, walk, untilMs, arcs);
      for (const networkArc of arcs) {
        const arc = network.roadArc[networkArc];
        timeMs -= arcTimeMs[arc];
        this.#add(arc, timeMs);
      }
      const exit = this.#out.find((end) => end.state === walk.state && end.timeMs === walk.timeMs);
      if (exit !== undefined) {
        this.#isComplete = true;
        this.#beginsWithin = exit.arc !== NONE;
        if (exit.arc !== NONE) this.#add(exit.arc, 0);
      } else if (walk.timeMs > untilMs) {
        this.#whole = clockOfRoute(this.#router, this.#drive);
      }
      // rounding may have put the step's begin behind
      untilMs = walk.timeMs - 1;
    }
  }

  /** A step before those that are known, which begins then by the metric. */
  #add(arc: ArcIx, beginMs: Ms): void {
    const { roadsMs, travelTimeMs } = this.#drive;
    this.#arc.push(arc);
    this.#endMs.push(beginMs === 0 ? 0 : retimedMs(beginMs, roadsMs, travelTimeMs));
  }
}
