/**
 * The nearest of units that stand or drive anywhere, without looking where each of them is. A unit on a drive is somewhere
 * between two places that are known, and so far from either as its clock says at most; landmarks bound how far that is from
 * a call (`landmarks.ts`). Only units that these bounds cannot rule out are asked for their position, and timed.
 *
 * For a unit at p, a moments after it was at A and b moments before it will be at B, and a call at x:
 * time(p, x) >= |h(x) - h(A)| - a and time(p, x) >= |h(x) - h(B)| - b, by the triangle inequality, for each landmark. Both
 * hold for any drive, whatever its course; together they leave the lens between A and B that the unit may be in.
 */
import { assert } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms, type UnitIx } from '../units.ts';
import { N_LANDMARKS, type Landmarks } from './landmarks.ts';
import type { Metric } from './metric.ts';
import type { UnitTime } from './nearest-units.ts';
import { createPlaceTimer, type PlaceTimer } from './place-timer.ts';

export interface NearestQuestion {
  /** One of the metrics that the landmarks were made for. */
  metric: Metric;
  to: RoadPosition;
  nowMs: Ms;
  /** How many units, at least 1. */
  count: number;
  /** Where a unit is: on its drive at `nowMs`, or where it stands. */
  positionOf: (unit: UnitIx) => RoadPosition;
  /** Whether a unit may be named; left out, all may. */
  accept?: (unit: UnitIx) => boolean;
  /** Units farther off do not matter. */
  limitMs?: Ms;
  /** How long ago a unit may have been where `positionOf` has it; one that stands came no faster than by its metric. */
  staleMs?: Ms;
}

export class RovingUnits {
  /** Units whose position was asked for, all questions together: a measure of the work done. */
  unitsTimed = 0;
  private readonly landmarks: Landmarks;
  private readonly timers: Map<Metric, PlaceTimer>;
  // Units that can be found stand in slots 0 .. nUnits - 1, in no order.
  private nUnits = 0;
  private readonly slotOf: Int32Array;
  private readonly unitAt: Uint32Array;
  /** h of a place that the unit has passed, and when; of the place that it will come to, and when. */
  private readonly passed: Int32Array;
  private readonly passedMs: Float64Array;
  private readonly ahead: Int32Array;
  private readonly aheadMs: Float64Array;
  /** Time by a metric that the unit covers in a moment: 0 standing, 1 on a drive as the metric has it. */
  private readonly pace: Float64Array;
  private readonly place = new Int32Array(N_LANDMARKS);
  private readonly boundMs: Float64Array;
  /**
   * Units farther off than this are not likely to be among the nearest: their bounds are not made sharper. A guess from the
   * answers before, on which nothing but the work depends.
   */
  private likelyMs = Infinity;
  /** Slots that are not ruled out. */
  private readonly open: Uint32Array;

  /**
   * @param capacity  units are numbered 0 .. capacity - 1; about 110 bytes each
   * @param timers    what was prepared for a metric at its first question (about 4 ms in a city of 64,000 junctions), to be
   *   shared by fleets of one thread that ask for the same times
   */
  constructor(landmarks: Landmarks, capacity: number, timers = new Map<Metric, PlaceTimer>()) {
    this.landmarks = landmarks;
    this.timers = timers;
    this.slotOf = new Int32Array(capacity).fill(-1);
    this.unitAt = new Uint32Array(capacity);
    this.passed = new Int32Array(N_LANDMARKS * capacity);
    this.passedMs = new Float64Array(capacity);
    this.ahead = new Int32Array(N_LANDMARKS * capacity);
    this.aheadMs = new Float64Array(capacity);
    this.pace = new Float64Array(capacity);
    this.boundMs = new Float64Array(capacity);
    this.open = new Uint32Array(capacity);
  }

  /** Number of units that can be found. */
  get size(): number {
    return this.nUnits;
  }

  /** The unit can be found from now on where it stands. Cost about 0.1 us. */
  put(unit: UnitIx, at: RoadPosition): void {
    const slot = this.slotFor(unit);
    this.landmarks.read(at, this.passed, slot * N_LANDMARKS);
    this.pace[slot] = 0;
  }

  /**
   * The unit can be found from now on somewhere on a drive, which keeps the rules of one of the landmarks' metrics or
   * takes longer. Cost about 0.2 us.
   * @param travelTimeMs  of the drive by that metric, where it is driven faster or slower than that
   */
  putDrive(
    unit: UnitIx,
    from: RoadPosition,
    to: RoadPosition,
    startMs: Ms,
    endMs: Ms,
    travelTimeMs = endMs - startMs,
  ): void {
    if (endMs <= startMs) {
      this.put(unit, to);
      return;
    }
    const slot = this.slotFor(unit);
    this.landmarks.read(from, this.passed, slot * N_LANDMARKS);
    this.landmarks.read(to, this.ahead, slot * N_LANDMARKS);
    this.passedMs[slot] = startMs;
    this.aheadMs[slot] = endMs;
    this.pace[slot] = travelTimeMs / (endMs - startMs);
  }

  /** The unit can no longer be found. */
  remove(unit: UnitIx): void {
    const slot = this.slotOf[unit];
    if (slot < 0) return;
    this.slotOf[unit] = -1;
    const last = --this.nUnits;
    if (slot === last) return;
    const moved = this.unitAt[last];
    this.slotOf[moved] = slot;
    this.unitAt[slot] = moved;
    this.passed.copyWithin(slot * N_LANDMARKS, last * N_LANDMARKS, (last + 1) * N_LANDMARKS);
    this.ahead.copyWithin(slot * N_LANDMARKS, last * N_LANDMARKS, (last + 1) * N_LANDMARKS);
    this.passedMs[slot] = this.passedMs[last];
    this.aheadMs[slot] = this.aheadMs[last];
    this.pace[slot] = this.pace[last];
  }

  /**
   * The `count` nearest units by drive time to a place, nearest first, the lowest unit on a tie; those without a way are
   * left out. `positionOf` is asked for few units: where drives get their course only when somebody asks, most never do.
   * Cost about 4 us for 100 units in a city of 64,000 junctions with labels, and what `positionOf` takes for some seven.
   */
  nearest(question: NearestQuestion): UnitTime[] {
    const { metric, to, nowMs, count, positionOf, accept, staleMs = 0 } = question;
    const found: UnitTime[] = [];
    const { nUnits, boundMs, open, unitAt } = this;
    if (nUnits === 0 || count < 1) return found;
    const timer = this.timerOf(metric);
    timer.open(to);
    this.bound(to, nowMs, staleMs);
    let limitMs = Math.min(question.limitMs ?? UNREACHED_MS, UNREACHED_MS - 1);
    let nOpen = 0;
    for (let slot = 0; slot < nUnits; slot++) if (boundMs[slot] <= limitMs) open[nOpen++] = slot;
    while (nOpen > 0) {
      // the unit of the least bound next: who is ruled out by then need not be asked where it is
      let least = 0;
      let leastMs = boundMs[open[0]];
      for (let i = 1; i < nOpen; i++) {
        const ms = boundMs[open[i]];
        if (ms < leastMs) {
          least = i;
          leastMs = ms;
        }
      }
      if (leastMs > limitMs) break;
      const slot = open[least];
      open[least] = open[--nOpen];
      const unit = unitAt[slot];
      if (accept !== undefined && !accept(unit)) continue;
      const position = positionOf(unit);
      this.unitsTimed++;
      if (this.pace[slot] > 0 && staleMs === 0) this.hasPassed(slot, position, nowMs);
      const timeMs = timer.timeMs(position, limitMs);
      if (timeMs > limitMs) continue;
      offer(found, unit, timeMs, count);
      if (found.length < count) continue;
      const nextMs = found[count - 1].travelTimeMs;
      // the first of all is as a rule so near that it leaves few
      if (nextMs < limitMs / 2) nOpen = this.keepWithin(nOpen, nextMs);
      limitMs = nextMs;
    }
    if (found.length === count) {
      const usualMs = 3 * found[count - 1].travelTimeMs;
      this.likelyMs = this.likelyMs === Infinity ? usualMs : 0.9 * this.likelyMs + 0.1 * usualMs;
    }
    return found;
  }

  /** Leaves only those slots open that may be within a limit. @returns how many */
  private keepWithin(nOpen: number, limitMs: Ms): number {
    const { open, boundMs } = this;
    let nKept = 0;
    for (let i = 0; i < nOpen; i++) if (boundMs[open[i]] <= limitMs) open[nKept++] = open[i];
    return nKept;
  }

  /** Least times between the units and a place, by what is known of where they are. */
  private bound(to: RoadPosition, nowMs: Ms, staleMs: Ms): void {
    const { landmarks, place, passed, passedMs, ahead, aheadMs, pace, boundMs, nUnits } = this;
    landmarks.read(to, place, 0);
    const x0 = place[0];
    const x1 = place[1];
    const x2 = place[2];
    const x3 = place[3];
    const x4 = place[4];
    const x5 = place[5];
    const x6 = place[6];
    const x7 = place[7];
    const { likelyMs } = this;
    for (let slot = 0; slot < nUnits; slot++) {
      const at = slot * N_LANDMARKS;
      const ms = pace[slot];
      const unsureMs = landmarks.roundingMs + staleMs * (ms > 1 ? ms : 1);
      const sinceMs = unsureMs + (ms > 0 ? (nowMs - passedMs[slot]) * ms : 0);
      // half of the landmarks rule out most units
      let bound = farthest(passed, at, x0, x1, x2, x3) - sinceMs;
      if (bound <= likelyMs) {
        const others = farthest(passed, at + 4, x4, x5, x6, x7) - sinceMs;
        if (others > bound) bound = others;
        if (bound <= likelyMs && ms > 0) {
          const untilMs = unsureMs + (aheadMs[slot] - nowMs) * ms;
          const a = farthest(ahead, at, x0, x1, x2, x3) - untilMs;
          if (a > bound) bound = a;
          const b = farthest(ahead, at + 4, x4, x5, x6, x7) - untilMs;
          if (b > bound) bound = b;
        }
      }
      boundMs[slot] = bound;
    }
  }

  /** The unit on a drive is here now. */
  private hasPassed(slot: number, position: RoadPosition, nowMs: Ms): void {
    this.landmarks.read(position, this.passed, slot * N_LANDMARKS);
    this.passedMs[slot] = nowMs;
  }

  private slotFor(unit: UnitIx): number {
    let slot = this.slotOf[unit];
    if (slot < 0) {
      slot = this.nUnits++;
      this.slotOf[unit] = slot;
      this.unitAt[slot] = unit;
    }
    return slot;
  }

  private timerOf(metric: Metric): PlaceTimer {
    let timer = this.timers.get(metric);
    if (timer === undefined) {
      assert(this.landmarks.metrics.has(metric), () => `the landmarks do not know the metric ${metric.name}`);
      timer = createPlaceTimer(metric);
      this.timers.set(metric, timer);
    }
    return timer;
  }
}

/** The largest difference between two places in the times to four landmarks. */
function farthest(h: Int32Array, at: number, x0: number, x1: number, x2: number, x3: number): number {
  const a = Math.max(Math.abs(h[at] - x0), Math.abs(h[at + 1] - x1));
  const b = Math.max(Math.abs(h[at + 2] - x2), Math.abs(h[at + 3] - x3));
  return Math.max(a, b);
}

/** Keeps the `count` best: nearest first, the lowest unit on a tie. */
function offer(found: UnitTime[], unit: UnitIx, travelTimeMs: Ms, count: number): void {
  if (travelTimeMs >= UNREACHED_MS) return;
  let at = found.length;
  while (at > 0 && isBefore(unit, travelTimeMs, found[at - 1])) at--;
  if (at === count) return;
  if (found.length === count) found.pop();
  found.splice(at, 0, { unit, travelTimeMs });
}

const isBefore = (unit: UnitIx, travelTimeMs: Ms, other: UnitTime): boolean =>
  travelTimeMs < other.travelTimeMs || (travelTimeMs === other.travelTimeMs && unit < other.unit);
