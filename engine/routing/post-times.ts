/**
 * Travel times between fixed posts and every state of a network, a row for each state: what a simulation whose units
 * answer from posts asks millions of times. Rows are filled when a state is first asked for; once many have been, all
 * others are in one go.
 */
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS } from '../units.ts';
import { BucketSearch } from './bucket-search.ts';
import type { EndColumns } from './kernels/query.ts';
import { openLabels, type OpenLabels } from './labels.ts';
import { mayTakeDays } from './long-drives.ts';
import type { Metric } from './metric.ts';
import type { StateIx } from './network.ts';
import { entryColumns, exitColumns } from './position-columns.ts';
import { sweepRows, type SweepDirection } from './post-sweep.ts';

/** When one row in so many is filled, all others are: a sweep fills a row some five times faster than a query does. */
const ROWS_BEFORE_SWEEP = 20;

/** Bytes of the times of one direction. */
export const postTimesBytes = (metric: Metric, nPosts: number): number => 4 * nPosts * metric.network.nStates;

export class PostTimes {
  /** Time of post p and state s at s * nPosts + p, once `rowOf(s)` was asked for; UNREACHED_MS where there is no way. */
  readonly timesMs: Uint32Array;
  private readonly metric: Metric;
  private readonly nPosts: number;
  private readonly direction: SweepDirection;
  /** Where the posts are left (`from`) or reached (`to`). */
  private readonly ends: EndColumns;
  /** Null where there are none that serve. */
  private readonly labels: OpenLabels | null;
  private readonly isFilled: Uint8Array;
  private nFilled = 0;

  /**
   * Keeps the times that the metric has when a row is first asked for.
   * @param posts  at least one
   * Cost of a row about 7 us for 200 posts with labels, of all others, once many were asked for, 0.1 s in a city of 64,000
   * junctions; without labels, all rows at the first question, about 10 ms a post.
   */
  constructor(metric: Metric, posts: readonly RoadPosition[], direction: SweepDirection) {
    const { nStates } = metric.network;
    this.metric = metric;
    this.nPosts = posts.length;
    this.direction = direction;
    this.ends = direction === 'from' ? exitColumns(metric, posts) : entryColumns(metric, posts);
    this.timesMs = new Uint32Array(nStates * posts.length);
    this.isFilled = new Uint8Array(nStates);
    this.labels = metric.labels === undefined || mayTakeDays(metric) ? null : openLabels(metric.labels);
  }

  /** Where the row of a state begins in `timesMs`. */
  rowOf(state: StateIx): number {
    if (this.isFilled[state] === 0) this.fill(state);
    return state * this.nPosts;
  }

  private fill(state: StateIx): void {
    const { nPosts, ends, labels, direction } = this;
    if (labels === null) {
      this.searchAll();
      return;
    }
    if (this.nFilled * ROWS_BEFORE_SWEEP >= this.isFilled.length) {
      sweepRows(labels.space, ends, direction, this.timesMs);
      this.isFilled.fill(1);
      return;
    }
    const row = this.timesMs.subarray(state * nPosts, (state + 1) * nPosts);
    const atState = [{ state, timeMs: 0 }];
    if (direction === 'from') labels.query.timesTo(ends, atState, row);
    else labels.query.timesFrom(atState, ends, row);
    this.isFilled[state] = 1;
    this.nFilled++;
  }

  /** All rows by plain searches. */
  private searchAll(): void {
    const { nPosts, ends, timesMs } = this;
    const nStates = this.isFilled.length;
    const search = new BucketSearch(this.metric);
    for (let post = 0; post < nPosts; post++) {
      search.start(this.direction === 'from' ? 'out' : 'in');
      for (let e = ends.first[post]; e < ends.first[post + 1]; e++)
        search.seed(ends.state[e], ends.timeMs[e]);
      search.settleAll(UNREACHED_MS - 1);
      for (let state = 0; state < nStates; state++) timesMs[state * nPosts + post] = search.timeOf(state);
    }
    this.isFilled.fill(1);
  }
}
