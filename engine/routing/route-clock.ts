/**
 * Where a unit is at any time of its drive, in expected constant time, by a guide table over the ends of the steps:
 * Chen and Asau, "On generating random variates from an empirical distribution" (AIIE Transactions 6, 1974).
 *
 * The time of the drive is cut into equal spans, at most one for each step, and the table holds the step under way
 * when a span begins. A question starts at the entry of its span and walks on. It passes the end of a step only when
 * both lie in one span, so a time drawn uniformly costs at most 2 comparisons on average, however uneven the steps.
 */
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import type { Ms } from '../units.ts';

/** Ends of the steps of drives, whole milliseconds from the start of each drive, not falling within a drive. */
type StepEnds = ArrayLike<number>;

/** How many spans a drive is cut into: at most its steps, none shorter than a millisecond, all products below 2^53. */
const spansOf = (nSteps: number, totalMs: Ms): number =>
  totalMs === 0 ? 0 : Math.min(nSteps, totalMs, Math.floor(Number.MAX_SAFE_INTEGER / totalMs));

/**
 * Writes the guide of the drive whose steps are [first, end) of `endMs`, at least one, to guide[first] and on, at most
 * to guide[end - 1]: one column of guides serves a column of drives. Cost O(steps).
 */
export function guideSteps(endMs: StepEnds, first: number, end: number, guide: Uint32Array): void {
  const totalMs = endMs[end - 1];
  const nSpans = spansOf(end - first, totalMs);
  let step = first;
  for (let span = 0; span < nSpans; span++) {
    // the first whole millisecond of the span: no earlier question meets this entry
    const beginMs = Math.ceil((span * totalMs) / nSpans);
    while (endMs[step] <= beginMs) step++;
    guide[first + span] = step;
  }
}

/**
 * The step under way `elapsedMs` (any real number) after the start of the drive with the steps [first, end): the first
 * that ends later; the first of all before the start, the last after the end.
 */
export function stepUnderWay(
  endMs: StepEnds,
  guide: Uint32Array,
  first: number,
  end: number,
  elapsedMs: number,
): number {
  if (elapsedMs < 0) return first;
  const totalMs = endMs[end - 1];
  if (elapsedMs >= totalMs) return end - 1;
  // steps end at whole milliseconds, so the one that has begun decides, and the division below is exact
  const wholeMs = Math.floor(elapsedMs);
  let step = guide[first + Math.floor((wholeMs * spansOf(end - first, totalMs)) / totalMs)];
  while (endMs[step] <= wholeMs) step++;
  return step;
}

/** A drive that can be asked where the unit is. The guide is made when it is first needed. */
export class RouteClock {
  readonly route: Route;
  readonly #start: RoadPosition;
  #endMs: Uint32Array | null = null;
  #guide: Uint32Array | null = null;

  /** @param start  where the unit stands before the drive, and all the time on a route without steps */
  constructor(route: Route, start: RoadPosition) {
    this.route = route;
    this.#start = start;
  }

  /**
   * Where the unit is `elapsedMs` after the start, to the millimetre (rounded down along the drive). Before the start
   * it is at `start`, after the end at the end. Expected cost O(1); the first question on the way costs O(steps).
   */
  positionAt(elapsedMs: number): RoadPosition {
    const { steps, travelTimeMs } = this.route;
    if (steps.length === 0 || elapsedMs < 0) return this.#start;
    if (elapsedMs >= travelTimeMs) {
      const last = steps[steps.length - 1];
      return { segment: last.segment, offsetMm: last.toMm };
    }
    const ix = this.#stepAt(elapsedMs);
    const { segment, fromMm, toMm, endMs } = steps[ix];
    const beginMs = ix > 0 ? steps[ix - 1].endMs : 0;
    return { segment, offsetMm: offsetOnStepMm(fromMm, toMm, elapsedMs - beginMs, endMs - beginMs) };
  }

  #stepAt(elapsedMs: number): number {
    const { steps, travelTimeMs } = this.route;
    if (this.#endMs === null || this.#guide === null) {
      this.#endMs = Uint32Array.from(steps, (step) => step.endMs);
      this.#guide = new Uint32Array(spansOf(steps.length, travelTimeMs));
      guideSteps(this.#endMs, 0, steps.length, this.#guide);
    }
    return stepUnderWay(this.#endMs, this.#guide, 0, steps.length, elapsedMs);
  }
}

/**
 * Where a unit is on a step, rounded down along the drive. As an unsigned integer: a result of floating arithmetic that is
 * whole is kept in a box all the same, and the first position with such an offset makes engines compile anew whatever
 * reads positions.
 */
export function offsetOnStepMm(fromMm: number, toMm: number, doneMs: number, stepMs: number): number {
  const drivenMm = Math.floor((Math.abs(toMm - fromMm) * doneMs) / stepMs);
  return (toMm < fromMm ? fromMm - drivenMm : fromMm + drivenMm) >>> 0;
}
