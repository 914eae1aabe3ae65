/**
 * Travel times between fixed posts and every state of a network, a row for each state: what a simulation whose units
 * answer from posts asks millions of times. Rows are filled when a state is first asked for; once many have been, sweeps
 * fill the rest in one go, where the labels were made with room for them.
 */
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS } from '../units.ts';
import { BucketSearch } from './bucket-search.ts';
import type { EndColumns, LabelQuery } from './kernels/query.ts';
import { LANES } from './kernels/query-slots.ts';
import { openLabels } from './labels.ts';
import type { LabelSweep } from './kernels/sweep.ts';
import { mayTakeDays } from './long-drives.ts';
import type { Metric } from './metric.ts';
import type { StateIx } from './network.ts';
import { entryColumns, exitColumns } from './position-columns.ts';

/** `from`: from the posts to the states; `to`: from the states to the posts. */
export type PostDirection = 'from' | 'to';

/** When one row in so many is filled, all others are: a sweep fills a row some ten times faster than a query does. */
const ROWS_BEFORE_SWEEP = 12;

/** Bytes of the times of one direction. */
export const postTimesBytes = (metric: Metric, nPosts: number): number => 4 * nPosts * metric.network.nStates;

export class PostTimes {
  /** Time of post p and state s at s * nPosts + p, once `rowOf(s)` was asked for; UNREACHED_MS where there is no way. */
  readonly timesMs: Uint32Array;
  private readonly metric: Metric;
  private readonly nPosts: number;
  private readonly direction: PostDirection;
  /** Where the posts are left (`from`) or reached (`to`). */
  private readonly ends: EndColumns;
  private readonly query: LabelQuery | null;
  private readonly sweep: LabelSweep | null;
  private readonly isFilled: Uint8Array;
  private nFilled = 0;

  /**
   * Keeps the times that the metric has when a row is first asked for.
   * @param posts  at least one
   * Cost of a row about 7 us for 200 posts with labels; without, all rows at the first question, about 10 ms a post.
   */
  constructor(metric: Metric, posts: readonly RoadPosition[], direction: PostDirection) {
    const { nStates } = metric.network;
    this.metric = metric;
    this.nPosts = posts.length;
    this.direction = direction;
    this.ends = direction === 'from' ? exitColumns(metric, posts) : entryColumns(metric, posts);
    this.timesMs = new Uint32Array(nStates * posts.length);
    this.isFilled = new Uint8Array(nStates);
    const open = metric.labels === undefined || mayTakeDays(metric) ? null : openLabels(metric.labels);
    this.query = open?.query ?? null;
    this.sweep = open?.sweep ?? null;
  }

  /** Where the row of a state begins in `timesMs`. */
  rowOf(state: StateIx): number {
    if (this.isFilled[state] === 0) this.fill(state);
    return state * this.nPosts;
  }

  private fill(state: StateIx): void {
    const { nPosts, ends, query } = this;
    if (query === null) {
      this.searchAll();
      return;
    }
    if (this.sweep !== null && this.nFilled * ROWS_BEFORE_SWEEP >= this.isFilled.length) {
      this.sweepAll(this.sweep);
      return;
    }
    const row = this.timesMs.subarray(state * nPosts, (state + 1) * nPosts);
    const atState = [{ state, timeMs: 0 }];
    if (this.direction === 'from') query.timesTo(ends, atState, row);
    else query.timesFrom(atState, ends, row);
    this.isFilled[state] = 1;
    this.nFilled++;
  }

  /** All rows from labels and the hierarchy, some posts at a time. */
  private sweepAll(sweep: LabelSweep): void {
    const { nPosts, ends } = this;
    const nStates = this.isFilled.length;
    const batch = new Uint32Array(LANES * nStates);
    for (let first = 0; first < nPosts; first += LANES) {
      const n = Math.min(LANES, nPosts - first);
      const some = { ...ends, first: ends.first.subarray(first, first + n + 1) };
      if (this.direction === 'from') sweep.timesFrom(some, batch);
      else sweep.timesTo(some, batch);
      this.putBatch(batch, first, n);
    }
    this.isFilled.fill(1);
  }

  /** All rows by plain searches. */
  private searchAll(): void {
    const { nPosts, ends } = this;
    const nStates = this.isFilled.length;
    const search = new BucketSearch(this.metric);
    const states = Uint32Array.from({ length: nStates }, (_, state) => state);
    const batch = new Uint32Array(LANES * nStates);
    for (let first = 0; first < nPosts; first += LANES) {
      const n = Math.min(LANES, nPosts - first);
      for (let i = 0; i < n; i++) {
        search.start(this.direction === 'from' ? 'out' : 'in');
        for (let e = ends.first[first + i]; e < ends.first[first + i + 1]; e++) {
          search.seed(ends.state[e], ends.timeMs[e]);
        }
        search.settleAll(UNREACHED_MS - 1);
        search.copyTimes(states, batch.subarray(i * nStates, (i + 1) * nStates));
      }
      this.putBatch(batch, first, n);
    }
    this.isFilled.fill(1);
  }

  /** Times of n posts from `first` on, post by post, go into the rows. */
  private putBatch(batch: Uint32Array, first: number, n: number): void {
    const { timesMs, nPosts } = this;
    const nStates = this.isFilled.length;
    for (let state = 0; state < nStates; state++) {
      const row = state * nPosts + first;
      for (let i = 0; i < n; i++) timesMs[row + i] = batch[i * nStates + state];
    }
  }
}
