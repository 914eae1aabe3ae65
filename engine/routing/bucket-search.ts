/**
 * All times of a search at once, with states in buckets of time instead of a heap: Dial, "Algorithm 360: Shortest-path
 * forest with topological ordering" (1969), with buckets wider than a millisecond, whose states may improve each other
 * and are then settled again (Denardo and Fox, "Shortest-route methods: 1. Reaching, pruning, and buckets", 1979).
 */
import { UNREACHED_MS, type Ms } from '../units.ts';
import type { StateIx } from './network.ts';
import { ArcsOfMetric, type SearchArcs, type SearchDirection, type SearchMetric } from './search-arcs.ts';

/** Buckets in the ring. They hold 32 to 64 mean arcs, more than nearly all arcs; what lies further on waits another lap. */
const RING = 512;
/** A bucket is between a sixteenth and an eighth of the mean arc wide: on Porto one state in 130 is settled twice. */
const WIDTHS_IN_MEAN_ARC = 8;
const FIRST_CAPACITY_BITS = 6;

/**
 * One search at a time: start, seed, settle all; then read times, which are those of `DijkstraSearch`. Allocates on
 * construction and where a bucket gets fuller than any before. Keeps the times that the metric has when a direction is
 * first searched. About 8 bytes a state and, for each direction, 8 bytes an arc.
 */
export class BucketSearch {
  /** States settled since construction, repeats included: the work done, the same on every machine. */
  nSettled = 0;
  private readonly nStates: number;
  private readonly arcsOf: ArcsOfMetric;
  private arcs: SearchArcs;
  private readonly widthBits: number;
  private readonly seeds: { state: StateIx; timeMs: Ms }[] = [];
  /** UNREACHED_MS where not reached. */
  private readonly time: Int32Array;
  /** States in the order in which they were settled, some several times. */
  private settled: Int32Array;
  private nSettledNow = 0;
  /**
   * Entries of bucket b are entry[(b % RING) << capacityBits] and the count[b % RING] - 1
   * after it; one place is always free.
   */
  private entry: Int32Array;
  private capacityBits = FIRST_CAPACITY_BITS;
  private readonly count = new Int32Array(RING);

  constructor(metric: SearchMetric) {
    this.nStates = metric.network.nStates;
    this.arcsOf = new ArcsOfMetric(metric);
    this.arcs = this.arcsOf.towards('out');
    this.widthBits = Math.max(0, 31 - Math.clz32(this.arcs.meanMs / WIDTHS_IN_MEAN_ARC));
    this.time = new Int32Array(this.nStates).fill(UNREACHED_MS);
    this.settled = new Int32Array(this.nStates);
    this.entry = new Int32Array(RING << FIRST_CAPACITY_BITS);
  }

  start(direction: SearchDirection): void {
    const { time, settled, nSettledNow } = this;
    if (nSettledNow > this.nStates / 8) time.fill(UNREACHED_MS);
    else for (let i = 0; i < nSettledNow; i++) time[settled[i]] = UNREACHED_MS;
    this.nSettledNow = 0;
    this.seeds.length = 0;
    this.arcs = this.arcsOf.towards(direction);
  }

  /** Adds a start (or, for `in`, a goal) at a state, `timeMs` away from it. */
  seed(state: StateIx, timeMs: Ms): void {
    this.seeds.push({ state, timeMs });
  }

  /** Settles every state within limitMs; once after each start. */
  settleAll(limitMs: Ms): void {
    const longestMs = Math.min(limitMs, UNREACHED_MS - 1);
    const { time, count, widthBits } = this;
    const { first, endAndTime } = this.arcs;
    let bucket = this.placeSeeds(longestMs);
    let { settled, entry, capacityBits } = this;
    let nSettledNow = 0;
    let nWaiting = 0;
    for (let ring = 0; ring < RING; ring++) nWaiting += count[ring];

    for (; nWaiting > 0; bucket++) {
      const ring = bucket & (RING - 1);
      let nKept = 0;
      let at = 0;
      for (; at < count[ring]; at++) {
        const state = entry[(ring << capacityBits) + at];
        const stateMs = time[state];
        const ownBucket = stateMs >> widthBits;
        if (ownBucket !== bucket) {
          // Later: it waits another lap. Earlier: a later improvement left this entry behind.
          if (ownBucket > bucket) entry[(ring << capacityBits) + nKept++] = state;
          continue;
        }
        if (nSettledNow === settled.length) settled = this.growSettled();
        settled[nSettledNow++] = state;
        const leftMs = longestMs - stateMs;
        for (let i = first[state]; i < first[state + 1]; i += 2) {
          const arcMs = endAndTime[i + 1];
          if (arcMs > leftMs) continue;
          // Whether an arc improves its end is a coin toss, and a branch guessed wrong costs more than all of this: `better`
          // is -1 (all bits) or 0, and an entry that is not wanted is overwritten by the next one.
          const end = endAndTime[i];
          const endMs = stateMs + arcMs;
          const changeMs = endMs - time[end];
          const better = changeMs >> 31;
          time[end] += changeMs & better;
          const endRing = (endMs >> widthBits) & (RING - 1);
          entry[(endRing << capacityBits) + count[endRing]] = end;
          count[endRing] -= better;
          nWaiting -= better;
          if (count[endRing] >> capacityBits !== 0) ({ entry, capacityBits } = this.growBuckets());
        }
      }
      count[ring] = nKept;
      nWaiting -= at - nKept;
    }
    this.nSettledNow = nSettledNow;
    this.nSettled += nSettledNow;
  }

  /** Time of a state after `settleAll`; UNREACHED_MS beyond its limit. */
  timeOf(state: StateIx): Ms {
    return this.time[state];
  }

  /** out[i] = the time of states[i]. */
  copyTimes(states: Uint32Array, out: Uint32Array): void {
    const { time } = this;
    for (let i = 0; i < states.length; i++) out[i] = time[states[i]];
  }

  /** States within the limit after `settleAll`, some several times. Valid until the next start. */
  get reached(): Int32Array {
    return this.settled.subarray(0, this.nSettledNow);
  }

  /** Puts the seeds that lie within longestMs into their buckets, and says which is the first. */
  private placeSeeds(longestMs: Ms): number {
    const { time, count, widthBits } = this;
    let firstBucket = UNREACHED_MS >> widthBits;
    for (const { state, timeMs } of this.seeds) {
      if (timeMs > longestMs || timeMs >= time[state]) continue;
      time[state] = timeMs;
      const bucket = timeMs >> widthBits;
      firstBucket = Math.min(firstBucket, bucket);
      const ring = bucket & (RING - 1);
      this.entry[(ring << this.capacityBits) + count[ring]++] = state;
      if (count[ring] >> this.capacityBits !== 0) this.growBuckets();
    }
    return firstBucket;
  }

  /** Twice the places in each bucket. */
  private growBuckets(): this {
    const { entry, capacityBits } = this;
    this.entry = new Int32Array(2 * entry.length);
    for (let ring = 0; ring < RING; ring++) {
      const from = ring << capacityBits;
      this.entry.set(entry.subarray(from, from + (1 << capacityBits)), 2 * from);
    }
    this.capacityBits++;
    return this;
  }

  private growSettled(): Int32Array {
    const { settled } = this;
    this.settled = new Int32Array(2 * settled.length + 1);
    this.settled.set(settled);
    return this.settled;
  }
}
