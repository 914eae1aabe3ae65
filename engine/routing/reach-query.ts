/**
 * Reach of one place within several times at once: one bounded bucket search, then the streets it came to are cut for
 * each time. The same stretches as `reach.ts`, which searches anew for each time and merges what it finds.
 */
import type { EdgeInterval, RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { BucketSearch } from './bucket-search.ts';
import { alongArcMm, type Metric } from './metric.ts';
import { entriesOf, exitsOf, timeIntoArcMs, type PositionEnd } from './position-ends.ts';
import { farthestWithinMm, firstBeyondMm, mergedStretches, stretchAlong, type Stretch } from './reach.ts';
import type { SearchDirection } from './search-arcs.ts';

/** An arc that reach does not follow. */
const NO_SIDE = -1;

/**
 * A reusable query with its own workspace; keeps the times that the metric has when a direction is first asked for. About
 * 20 bytes a segment, 8 a state and, for each direction, 12 an arc. A query costs about 50 ns for each stretch it gives.
 */
export class ReachQuery {
  private readonly metric: Metric;
  private readonly search: BucketSearch;
  /** Of each segment its length in mm and the times of its arcs forward and backward, UNREACHED_MS where there is none. */
  private readonly street: Int32Array;
  /** Of each segment the time at the state where its forward arc begins (`in`: ends), then of its backward arc. */
  private readonly sideMs: Int32Array;
  /** By direction, for each arc in the order of the search the entry of `sideMs` that it may lower. */
  private readonly sides: Partial<Record<SearchDirection, Int32Array>> = {};
  /** A bit for each segment that the search came to: read in order of segments without sorting. */
  private readonly found: Int32Array;

  constructor(metric: Metric) {
    const { arcTimeMs, network } = metric;
    const { nSegments, segmentLengthMm, segmentForwardArc, segmentBackwardArc } = network.graph;
    this.metric = metric;
    this.search = new BucketSearch(metric);
    this.street = new Int32Array(3 * nSegments);
    for (let segment = 0; segment < nSegments; segment++) {
      const forward = segmentForwardArc[segment];
      const backward = segmentBackwardArc[segment];
      this.street[3 * segment] = segmentLengthMm[segment];
      this.street[3 * segment + 1] = forward === NONE ? UNREACHED_MS : arcTimeMs[forward];
      this.street[3 * segment + 2] = backward === NONE ? UNREACHED_MS : arcTimeMs[backward];
    }
    this.sideMs = new Int32Array(2 * nSegments).fill(UNREACHED_MS);
    this.found = new Int32Array((nSegments + 31) >> 5);
  }

  /** States settled by all queries so far, repeats included: the work done, the same on every machine. */
  get statesSettled(): number {
    return this.search.nSettled;
  }

  /** Where a unit at `position` can get within each of the limits: a list for each, by segment then offset, disjoint. */
  from(position: RoadPosition, limitsMs: readonly Ms[]): EdgeInterval[][] {
    return this.reach('out', position, exitsOf(this.metric, position), limitsMs);
  }

  /** From where a unit can get to `position` within each of the limits. */
  to(position: RoadPosition, limitsMs: readonly Ms[]): EdgeInterval[][] {
    return this.reach('in', position, entriesOf(this.metric, position), limitsMs);
  }

  private reach(
    direction: SearchDirection,
    position: RoadPosition,
    ends: readonly PositionEnd[],
    limitsMs: readonly Ms[],
  ): EdgeInterval[][] {
    // no drive takes UNREACHED_MS: what is not reached must not be within any limit
    const finiteMs = limitsMs.map((limitMs) => Math.min(limitMs, UNREACHED_MS - 1));
    this.find(direction, ends, Math.max(-1, ...finiteMs));
    return this.cut(direction, position, ends, finiteMs);
  }

  /** Searches up to limitMs, and notes when the search comes to each side of a street. */
  private find(direction: SearchDirection, ends: readonly PositionEnd[], limitMs: Ms): void {
    const { search, sideMs, found } = this;
    search.start(direction);
    for (const { state, timeMs } of ends) search.seed(state, timeMs);
    search.settleAll(limitMs);

    const { network } = this.metric;
    const first = direction === 'out' ? network.firstOut : network.firstIn;
    const sides = (this.sides[direction] ??= this.sidesTowards(direction));
    for (const state of search.reached) {
      const timeMs = search.timeOf(state);
      for (let i = first[state]; i < first[state + 1]; i++) {
        const side = sides[i];
        if (side === NO_SIDE) continue;
        if (timeMs < sideMs[side]) sideMs[side] = timeMs;
        found[side >> 6] |= 1 << ((side >> 1) & 31);
      }
    }
  }

  /**
   * For each open arc that leaves a state (`in`: enters it) its side of a segment. Of the network's arcs on one street the
   * earliest counts; of those that enter it is the one of a drive that sets off here, whom the fewest turns are forbidden.
   */
  private sidesTowards(direction: SearchDirection): Int32Array {
    const { network, networkTimeMs } = this.metric;
    const { graph, nArcs, roadArc, inArc } = network;
    const sides = new Int32Array(nArcs).fill(NO_SIDE);
    for (let i = 0; i < nArcs; i++) {
      const arc = direction === 'out' ? i : inArc[i];
      if (networkTimeMs[arc] === UNREACHED_MS) continue;
      sides[i] = 2 * graph.arcSegment[roadArc[arc]] + graph.arcBackward[roadArc[arc]];
    }
    return sides;
  }

  /** What lies within each limit of the streets that were found; makes the workspace as it was before. */
  private cut(
    direction: SearchDirection,
    position: RoadPosition,
    ends: readonly PositionEnd[],
    limitsMs: readonly Ms[],
  ): EdgeInterval[][] {
    const { street, sideMs, found } = this;
    const lists: EdgeInterval[][] = limitsMs.map(() => []);
    // the side whose part within a limit begins at the segment's start: driven away from it, or (`in`) towards it
    const low = direction === 'out' ? 0 : 1;
    const high = 1 - low;
    const own = position.segment;
    found[own >> 5] |= 1 << (own & 31);
    for (let word = 0; word < found.length; word++) {
      for (let bits = found[word]; bits !== 0; bits &= bits - 1) {
        const segment = 32 * word + 31 - Math.clz32(bits & -bits);
        const lengthMm = street[3 * segment];
        const lowMs = sideMs[2 * segment + low];
        const highMs = sideMs[2 * segment + high];
        sideMs[2 * segment] = UNREACHED_MS;
        sideMs[2 * segment + 1] = UNREACHED_MS;
        for (let l = 0; l < limitsMs.length; l++) {
          const lowMm = partMm(direction, street[3 * segment + 1 + low], lengthMm, limitsMs[l] - lowMs);
          const highMm = partMm(direction, street[3 * segment + 1 + high], lengthMm, limitsMs[l] - highMs);
          const list = lists[l];
          if (segment === own) {
            const stretches = this.stretchesAround(direction, position, ends, limitsMs[l]);
            if (lowMm > 0) stretches.push([0, lowMm]);
            if (highMm > 0) stretches.push([lengthMm - highMm, lengthMm]);
            list.push(...mergedStretches(segment, stretches));
          } else if (lowMm + highMm >= lengthMm) {
            list.push({ segment, fromMm: 0, toMm: lengthMm });
          } else {
            if (lowMm > 0) list.push({ segment, fromMm: 0, toMm: lowMm });
            if (highMm > 0) list.push({ segment, fromMm: lengthMm - highMm, toMm: lengthMm });
          }
        }
      }
      found[word] = 0;
    }
    return lists;
  }

  /** The stretches of its own street that a position reaches (`in`: is reached from) without passing a junction. */
  private stretchesAround(
    direction: SearchDirection,
    { segment, offsetMm }: RoadPosition,
    ends: readonly PositionEnd[],
    limitMs: Ms,
  ): Stretch[] {
    const { arcTimeMs, network } = this.metric;
    const { graph } = network;
    const stretches: Stretch[] = [];
    for (const { arc } of ends) {
      if (arc === NONE) continue;
      const lengthMm = graph.segmentLengthMm[segment];
      const hereMm = alongArcMm(graph, arc, offsetMm);
      const hereMs = timeIntoArcMs(graph, arcTimeMs, arc, offsetMm);
      const stretch =
        direction === 'out'
          ? stretchAlong(graph, arc, hereMm, farthestWithinMm(arcTimeMs[arc], lengthMm, hereMs + limitMs))
          : stretchAlong(graph, arc, firstBeyondMm(arcTimeMs[arc], lengthMm, hereMs - limitMs), hereMm);
      if (stretch !== null) stretches.push(stretch);
    }
    return stretches;
  }
}

/** How much of an arc lies within `leftMs` of its beginning (`in`: of its end). */
function partMm(direction: SearchDirection, arcMs: Ms, lengthMm: number, leftMs: Ms): number {
  if (leftMs < 0) return 0;
  return direction === 'out'
    ? farthestWithinMm(arcMs, lengthMm, leftMs)
    : lengthMm - firstBeyondMm(arcMs, lengthMm, arcMs - leftMs);
}
