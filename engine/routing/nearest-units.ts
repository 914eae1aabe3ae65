/**
 * The nearest of many units that move and get busy. Where units are dense, a search from the place against the traffic
 * meets one soon; where they are not, or the search has gone on for long, lower bounds of all travel times name the few
 * units worth timing exactly (`hub-bounds.ts`). Both give the same answer.
 */
import { assert } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms, type UnitIx } from '../units.ts';
import { DijkstraSearch } from './dijkstra.ts';
import { HubBounds } from './hub-bounds.ts';
import type { LabelSpace } from './kernels/label-space.ts';
import { MAX_GATHERED_ENDS, MAX_POSITIONS } from './kernels/query-slots.ts';
import type { LabelQuery } from './kernels/query.ts';
import { openLabels } from './labels.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { writeExits } from './position-columns.ts';
import { UnitsByState } from './units-by-state.ts';

/** A unit and its drive to the place that was asked for. */
export interface UnitTime {
  unit: UnitIx;
  travelTimeMs: Ms;
}

/**
 * The search goes first where it can expect to meet a unit within so many states: there it is faster (bench `nearest`).
 */
const SEARCH_UP_TO_STATES = 150;
/** Units of the least bounds that are timed first: the nearest of them bars most others. */
const FIRST_LOOK = 4;
/** How many times as many states it may settle before the bounds take over: only far from all units. */
const PATIENCE = 10;
/** Up to so many units, timing all of them is as fast as finding out whom not to time (bench `nearest`). */
export const FEW_UNITS = 12;

export class NearestUnits {
  /** Units timed exactly from labels, all queries together: a measure of the work done. */
  unitsTimed = 0;
  readonly search: DijkstraSearch;
  private readonly searchUpToStates: number;
  private readonly metric: Metric;
  private readonly query: LabelQuery;
  private readonly bounds: HubBounds;
  // Units that can be found stand in slots 0 .. nUnits - 1, in no order.
  private nUnits = 0;
  private readonly slotOf: Int32Array;
  /** Slots whose hub times are not those of their segment yet: their number, and one bit each. */
  private nStale = 0;
  private readonly isStale: Uint8Array;
  private readonly staleSlots: Uint32Array;
  private readonly unitAt: Uint32Array;
  private readonly segmentAt: Uint32Array;
  private readonly byState: UnitsByState;
  private readonly askedSlots: Uint32Array;
  private readonly seenIn: Uint32Array;
  private searches = 0;

  /**
   * @param space  of the metric
   * @param searchUpToStates  the search goes first where it can expect to meet a unit within so many states
   * @param capacity  units are numbered 0 .. capacity - 1; about 130 bytes each, and 65 for each state
   */
  constructor(
    metric: Metric,
    space: LabelSpace,
    query: LabelQuery,
    capacity: number,
    { searchUpToStates = SEARCH_UP_TO_STATES } = {},
  ) {
    this.searchUpToStates = searchUpToStates;
    this.metric = metric;
    this.query = query;
    this.search = new DijkstraSearch(metric);
    this.bounds = new HubBounds(space, capacity);
    this.slotOf = new Int32Array(capacity).fill(-1);
    this.isStale = new Uint8Array(capacity);
    this.staleSlots = new Uint32Array(capacity);
    this.unitAt = new Uint32Array(capacity);
    this.segmentAt = new Uint32Array(capacity);
    this.byState = new UnitsByState(metric.network, capacity);
    this.askedSlots = new Uint32Array(capacity);
    this.seenIn = new Uint32Array(capacity);
  }

  /** Number of units that can be found. */
  get size(): number {
    return this.nUnits;
  }

  /** The segment that a unit was last put on, or -1 where it cannot be found. */
  segmentOf(unit: UnitIx): number {
    const slot = this.slotOf[unit];
    return slot < 0 ? -1 : this.segmentAt[slot];
  }

  /** The unit can be found from now on, anywhere on this segment; called again when it enters another. Cost about 0.2 us. */
  put(unit: UnitIx, segment: number): void {
    let slot = this.slotOf[unit];
    if (slot < 0) {
      slot = this.nUnits++;
      this.slotOf[unit] = slot;
      this.unitAt[slot] = unit;
    }
    this.segmentAt[slot] = segment;
    this.markStale(slot);
    this.byState.put(unit, segment);
  }

  /** The unit can no longer be found. */
  remove(unit: UnitIx): void {
    const slot = this.slotOf[unit];
    if (slot < 0) return;
    this.byState.remove(unit);
    this.slotOf[unit] = -1;
    const last = --this.nUnits;
    if (slot === last) return;
    const moved = this.unitAt[last];
    this.slotOf[moved] = slot;
    this.unitAt[slot] = moved;
    this.segmentAt[slot] = this.segmentAt[last];
    if (this.isStale[last] === 1) this.markStale(slot);
    else this.bounds.move(last, slot);
  }

  /**
   * The `count` nearest units by drive time to a place, nearest first, the lowest unit on a tie; those without a way are
   * left out.
   * @param positionOf  where a unit is now: a place of the segment that it was last put on
   */
  nearest(to: RoadPosition, count: number, positionOf: (unit: UnitIx) => RoadPosition): UnitTime[] {
    if (this.nUnits === 0 || count < 1) return [];
    const entries = entriesOf(this.metric, to);
    const expected = (count * this.metric.network.nStates) / this.nUnits;
    // around a junction with more states than the kernels gather there is only the search
    const patience =
      entries.length > MAX_GATHERED_ENDS
        ? Infinity
        : expected <= this.searchUpToStates
          ? PATIENCE * this.searchUpToStates
          : 0;
    const found = patience > 0 ? this.bySearch(to, entries, count, positionOf, patience) : null;
    return found ?? this.byBounds(to, entries, count, positionOf);
  }

  /** Meets units in the order of their times. Null when it has settled `patience` states and is not done. */
  private bySearch(
    to: RoadPosition,
    entries: readonly PositionEnd[],
    count: number,
    positionOf: (unit: UnitIx) => RoadPosition,
    patience: number,
  ): UnitTime[] | null {
    const { search, metric, byState, seenIn, segmentAt, slotOf } = this;
    const found: UnitTime[] = [];
    const stamp = ++this.searches;
    search.start('in');
    for (const { state, timeMs } of entries) search.seed(state, timeMs);
    // on one segment a drive need not pass any state
    const n = byState.statesOf(to.segment);
    for (let i = 0; i < n; i++) {
      for (let item = byState.first(byState.states[i]); item >= 0; item = byState.next(item)) {
        const unit = byState.unitOf(item);
        if (segmentAt[slotOf[unit]] !== to.segment || seenIn[unit] === stamp) continue;
        seenIn[unit] = stamp;
        offer(found, unit, directTimeMs(metric, positionOf(unit), to), count);
      }
    }
    for (let settled = 0; ; settled++) {
      const limitMs = found.length === count ? found[count - 1].travelTimeMs : UNREACHED_MS - 1;
      if (settled === patience) return search.nextTime() <= limitMs ? null : found;
      const state = search.settle(limitMs);
      if (state === NONE) return found;
      for (let item = byState.first(state); item >= 0; item = byState.next(item)) {
        const unit = byState.unitOf(item);
        for (const exit of exitsOf(metric, positionOf(unit))) {
          if (exit.state === state) offer(found, unit, search.timeOf(state) + exit.timeMs, count);
        }
      }
    }
  }

  /** Times the units whose bounds do not rule them out. */
  private byBounds(
    to: RoadPosition,
    entries: readonly PositionEnd[],
    count: number,
    positionOf: (unit: UnitIx) => RoadPosition,
  ): UnitTime[] {
    const { nUnits, segmentAt } = this;
    const { boundMs } = this.bounds;
    const found: UnitTime[] = [];
    this.query.gatherPlace(entries);
    if (nUnits <= FEW_UNITS) {
      for (let slot = 0; slot < nUnits; slot++) this.askedSlots[slot] = slot;
      this.time(nUnits, to, positionOf, found, count);
      return found;
    }
    this.refreshStale();
    this.bounds.bound(
      nUnits,
      entries.map(({ state }) => state),
    );
    for (let slot = 0; slot < nUnits; slot++) if (segmentAt[slot] === to.segment) boundMs[slot] = 0;
    // the units of the least bounds first, so that the nearest of them bars most others
    let nAsked = 0;
    const firstLook = Math.min(Math.max(count, FIRST_LOOK), nUnits);
    while (nAsked < firstLook) {
      const least = indexOfLeast(boundMs, nUnits);
      this.askedSlots[nAsked++] = least;
      boundMs[least] = UNREACHED_MS;
    }
    this.time(nAsked, to, positionOf, found, count);
    const limitMs = found.length === count ? found[count - 1].travelTimeMs : UNREACHED_MS - 1;
    nAsked = 0;
    for (let slot = 0; slot < nUnits; slot++) if (boundMs[slot] <= limitMs) this.askedSlots[nAsked++] = slot;
    if (nAsked > 0) this.time(nAsked, to, positionOf, found, count);
    return found;
  }

  /** Exact times of the units in the first `nAsked` of `askedSlots`, offered to `found`; the place is gathered. */
  private time(
    nAsked: number,
    to: RoadPosition,
    positionOf: (unit: UnitIx) => RoadPosition,
    found: UnitTime[],
    count: number,
  ): void {
    const { metric, query, askedSlots, unitAt, segmentAt } = this;
    const { first, state, timeMs } = query.table;
    for (let start = 0; start < nAsked; start += MAX_POSITIONS) {
      const n = Math.min(MAX_POSITIONS, nAsked - start);
      let nEnds = 0;
      for (let i = 0; i < n; i++) {
        nEnds = writeExits(metric, positionOf(unitAt[askedSlots[start + i]]), state, timeMs, nEnds);
        first[i + 1] = nEnds;
      }
      first[0] = 0;
      const timesMs = query.timesToGathered(n);
      for (let i = 0; i < n; i++) {
        const slot = askedSlots[start + i];
        const unit = unitAt[slot];
        const directMs =
          segmentAt[slot] === to.segment ? directTimeMs(metric, positionOf(unit), to) : UNREACHED_MS;
        offer(found, unit, Math.min(timesMs[i], directMs), count);
      }
    }
    this.unitsTimed += nAsked;
  }

  private markStale(slot: number): void {
    if (this.isStale[slot] === 1) return;
    this.isStale[slot] = 1;
    this.staleSlots[this.nStale++] = slot;
  }

  /** Reads the hub times of units that have moved since the bounds were last asked for. */
  private refreshStale(): void {
    const { nUnits, isStale, staleSlots, segmentAt, byState } = this;
    for (let i = 0; i < this.nStale; i++) {
      const slot = staleSlots[i];
      isStale[slot] = 0;
      // a slot that was left again is filled by whoever comes next
      if (slot < nUnits) this.bounds.put(slot, byState.states, byState.statesOf(segmentAt[slot]));
    }
    this.nStale = 0;
  }
}

function indexOfLeast(values: Int32Array, n: number): number {
  let least = 0;
  for (let i = 1; i < n; i++) if (values[i] < values[least]) least = i;
  return least;
}

/** Keeps the `count` best, each unit once at its least time: nearest first, the lowest unit on a tie. */
function offer(found: UnitTime[], unit: UnitIx, travelTimeMs: Ms, count: number): void {
  if (travelTimeMs >= UNREACHED_MS) return;
  if (found.length === count && isBefore(found[count - 1], unit, travelTimeMs)) return;
  let known = found.length - 1;
  while (known >= 0 && found[known].unit !== unit) known--;
  if (known >= 0) {
    if (found[known].travelTimeMs <= travelTimeMs) return;
    found.splice(known, 1);
  } else if (found.length === count) {
    found.pop();
  }
  let at = found.length;
  while (at > 0 && !isBefore(found[at - 1], unit, travelTimeMs)) at--;
  found.splice(at, 0, { unit, travelTimeMs });
}

const isBefore = (a: UnitTime, unit: UnitIx, travelTimeMs: Ms): boolean =>
  a.travelTimeMs < travelTimeMs || (a.travelTimeMs === travelTimeMs && a.unit <= unit);

/**
 * Finds the nearest of units 0 .. capacity - 1 by a metric that has labels (`withLabels`), in this thread.
 * @throws Error where it has none
 */
export function createNearestUnits(metric: Metric, capacity: number): NearestUnits {
  assert(metric.labels !== undefined, () => `the metric ${metric.name} has no labels`);
  const { space, query } = openLabels(metric.labels);
  return new NearestUnits(metric, space, query, capacity);
}
