/**
 * Posts in order of their travel time to a place, one at a time: whoever looks for the nearest post with a free unit
 * rarely needs more than the first few. For each state the order is found piece by piece, when first asked for, and kept;
 * a place merges the orders of the states that it is reached from.
 */
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import type { StateIx } from './network.ts';

/** Times from posts to states, state by state. */
export interface StateRows {
  readonly timesMs: Uint32Array;
  /** Where the row of a state begins. */
  rowOf(state: StateIx): number;
}

/** Posts that are put in order at first; then as many again each time. */
const FIRST_SORTED = 8;

/** Posts of each state by (time, post), those without a way left out. */
export class PostOrder {
  private readonly rows: StateRows;
  private readonly nPosts: number;
  private readonly post: Uint16Array;
  private readonly nSorted: Uint16Array;

  /** About 2 bytes a post and state. */
  constructor(rows: StateRows, nStates: number, nPosts: number) {
    this.rows = rows;
    this.nPosts = nPosts;
    this.post = new Uint16Array(nStates * nPosts);
    this.nSorted = new Uint16Array(nStates);
  }

  /** The post of a rank, 0 being the nearest; -1 beyond the last that has a way. */
  at(state: StateIx, rank: number): number {
    if (rank >= this.nSorted[state] && !this.sortMore(state, rank)) return -1;
    return this.post[state * this.nPosts + rank];
  }

  /** The times of a state have changed. */
  forget(state: StateIx): void {
    this.nSorted[state] = 0;
  }

  /** Finds the posts that follow those in order. Cost O(posts), about 0.4 us for 200. @returns whether there is one of this rank */
  private sortMore(state: StateIx, rank: number): boolean {
    const { nPosts, post } = this;
    const { timesMs } = this.rows;
    const times = this.rows.rowOf(state);
    const row = state * nPosts;
    const before = this.nSorted[state];
    if (before === nPosts) return false;
    const lastPost = before > 0 ? post[row + before - 1] : -1;
    const lastMs = before > 0 ? timesMs[times + lastPost] : -1;
    const capacity = Math.min(Math.max(FIRST_SORTED, 2 * before), nPosts);
    let n = before;
    let worstMs: Ms = UNREACHED_MS;
    for (let p = 0; p < nPosts; p++) {
      const timeMs = timesMs[times + p];
      // posts come in rising order, so on a tie the one that is there stays first
      if (timeMs >= worstMs || timeMs < lastMs || (timeMs === lastMs && p <= lastPost)) continue;
      let at = n < capacity ? n++ : n - 1;
      while (at > before && timesMs[times + post[row + at - 1]] > timeMs) {
        post[row + at] = post[row + at - 1];
        at--;
      }
      post[row + at] = p;
      if (n === capacity) worstMs = timesMs[times + post[row + n - 1]];
    }
    this.nSorted[state] = n;
    return rank < n;
  }
}

/** How the cursor learns about a place: through which states, and from which posts without any. */
export interface PlaceReader {
  /** Number of states, the states, and the time from each. */
  readonly n: number;
  readonly state: Uint32Array;
  readonly timeMs: Uint32Array;
  readEntries(place: RoadPosition): void;
}

/** A post with a drive that stays on one street. */
export interface DirectPost {
  post: number;
  timeMs: Ms;
}

/**
 * One question at a time: `open` a place, then `next` until it has what it wants. Allocates nothing but for places with
 * more ends than any before.
 */
export class PostCursor {
  /** Time of the post that `next` gave. */
  timeMs: Ms = 0;
  private readonly rows: StateRows;
  private readonly order: PostOrder;
  private readonly ends: PlaceReader;
  private readonly directPosts: (place: RoadPosition) => readonly DirectPost[];
  /** For each end the rank, the post and the time of what it offers next; a post of -1 for nothing. */
  private rank = new Int32Array(16);
  private headPost = new Int32Array(16);
  private headMs = new Float64Array(16);
  private direct: readonly DirectPost[] = [];
  private nextDirect = 0;
  /** The question in which a post was given. */
  private readonly givenIn: Float64Array;
  private questions = 0;

  constructor(
    rows: StateRows,
    order: PostOrder,
    nPosts: number,
    ends: PlaceReader,
    directPosts: (place: RoadPosition) => readonly DirectPost[],
  ) {
    this.rows = rows;
    this.order = order;
    this.ends = ends;
    this.directPosts = directPosts;
    this.givenIn = new Float64Array(nPosts);
  }

  /** Asks for the posts of a place. */
  open(place: RoadPosition): void {
    const { ends } = this;
    ends.readEntries(place);
    const { n } = ends;
    if (n > this.rank.length) {
      this.rank = new Int32Array(2 * n);
      this.headPost = new Int32Array(2 * n);
      this.headMs = new Float64Array(2 * n);
    }
    for (let e = 0; e < n; e++) this.offer(e, 0);
    this.direct = this.directPosts(place);
    this.nextDirect = 0;
    this.questions++;
  }

  /** The next post by (time, post), its time in `timeMs`; -1 where no other has a way. Cost about 20 ns. */
  next(): number {
    const { ends, headPost, headMs, givenIn, direct } = this;
    const { n } = ends;
    for (;;) {
      let from = -1;
      let post = -1;
      let timeMs = UNREACHED_MS;
      for (let e = 0; e < n; e++) {
        if (headPost[e] < 0) continue;
        const ms = headMs[e];
        if (ms < timeMs || (ms === timeMs && headPost[e] < post)) {
          from = e;
          post = headPost[e];
          timeMs = ms;
        }
      }
      if (this.nextDirect < direct.length) {
        const head = direct[this.nextDirect];
        if (head.timeMs < timeMs || (head.timeMs === timeMs && head.post < post)) {
          from = n;
          ({ post, timeMs } = head);
        }
      }
      if (post < 0) return -1;
      if (from === n) this.nextDirect++;
      else this.offer(from, this.rank[from] + 1);
      // each post comes first at its least time
      if (givenIn[post] === this.questions) continue;
      givenIn[post] = this.questions;
      this.timeMs = timeMs;
      return post;
    }
  }

  private offer(e: number, rank: number): void {
    const { ends, rows, order } = this;
    const state = ends.state[e];
    const post = order.at(state, rank);
    this.rank[e] = rank;
    this.headPost[e] = post;
    if (post >= 0) this.headMs[e] = rows.timesMs[rows.rowOf(state) + post] + ends.timeMs[e];
  }
}
