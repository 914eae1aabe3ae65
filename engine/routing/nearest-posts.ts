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

/**
 * The first posts of each state lie side by side with their times, in one line of the cache: as a rule they are all that
 * is asked for.
 */
const FIRST_POSTS = 8;
const FIRST_BITS = 4;
/** Bytes of an order, most of which are never touched. */
export const postOrderBytes = (nStates: number, nPosts: number): number => nStates * (66 + 2 * nPosts);

/** In place of a post where there is no other that has a way. */
const NO_POST = -1;

/** Posts of each state by (time, post), those without a way left out. */
export class PostOrder {
  /** Of the entry that `read` found: the post, -1 beyond the last that has a way, and its time. */
  post = NO_POST;
  timeMs: Ms = 0;
  private readonly rows: StateRows;
  private readonly nPosts: number;
  /** first[16 x state + 2 x rank] is the post + 1 (0 where nothing is known yet, 0 - 1 where there is none), behind it its time. */
  private readonly first: Int32Array;
  /** Posts by rank from FIRST_POSTS on, those behind the number in order being unknown. */
  private readonly later: Uint16Array;
  private readonly nOrdered: Uint16Array;

  /** 64 bytes a state, and 2 bytes a post for each of the few states that are asked for more. */
  constructor(rows: StateRows, nStates: number, nPosts: number) {
    this.rows = rows;
    this.nPosts = nPosts;
    this.first = new Int32Array(nStates << FIRST_BITS);
    this.later = new Uint16Array(nStates * nPosts);
    this.nOrdered = new Uint16Array(nStates);
  }

  /** Finds the post of a rank, 0 being the nearest, for `post` and `timeMs`. */
  read(state: StateIx, rank: number): void {
    if (rank >= FIRST_POSTS) {
      this.readBeyond(state, rank);
      return;
    }
    const at = (state << FIRST_BITS) + 2 * rank;
    const { first } = this;
    if (first[at] === 0) this.findFirst(state);
    const entry = first[at];
    this.post = entry > 0 ? entry - 1 : NO_POST;
    this.timeMs = first[at + 1];
  }

  /** The times of a state have changed. */
  forget(state: StateIx): void {
    this.first.fill(0, state << FIRST_BITS, (state + 1) << FIRST_BITS);
    this.nOrdered[state] = 0;
  }

  /** Cost O(posts), about 0.4 us for 200. */
  private findFirst(state: StateIx): void {
    const { nPosts, first } = this;
    const { timesMs } = this.rows;
    const row = this.rows.rowOf(state);
    const begin = state << FIRST_BITS;
    const end = begin + 2 * FIRST_POSTS;
    let n = begin;
    let worstMs: Ms = UNREACHED_MS;
    for (let p = 0; p < nPosts; p++) {
      const timeMs = timesMs[row + p];
      // posts come in rising order, so on a tie the one that is there stays first
      if (timeMs >= worstMs) continue;
      let at = n < end ? n : n - 2;
      if (n < end) n += 2;
      while (at > begin && first[at - 1] > timeMs) {
        first[at] = first[at - 2];
        first[at + 1] = first[at - 1];
        at -= 2;
      }
      first[at] = p + 1;
      first[at + 1] = timeMs;
      if (n === end) worstMs = first[n - 1];
    }
    while (n < end) {
      first[n] = NO_POST;
      n += 2;
    }
  }

  private readBeyond(state: StateIx, rank: number): void {
    if (rank >= this.nOrdered[state]) this.orderMore(state);
    if (rank >= this.nOrdered[state]) {
      this.post = NO_POST;
      return;
    }
    this.post = this.later[state * this.nPosts + rank];
    this.timeMs = this.rows.timesMs[this.rows.rowOf(state) + this.post];
  }

  /** Finds twice as many posts as are in order, behind those. Cost O(posts), about 0.5 us for 200. */
  private orderMore(state: StateIx): void {
    const { nPosts, later, first, nOrdered } = this;
    const { timesMs } = this.rows;
    const times = this.rows.rowOf(state);
    const row = state * nPosts;
    if (nOrdered[state] === 0) {
      for (let rank = 0; rank < FIRST_POSTS; rank++) {
        const post = first[(state << FIRST_BITS) + 2 * rank] - 1;
        if (post < 0) return;
        later[row + rank] = post;
      }
      nOrdered[state] = FIRST_POSTS;
    }
    const before = nOrdered[state];
    const lastPost = later[row + before - 1];
    const lastMs = timesMs[times + lastPost];
    const capacity = Math.min(3 * before, nPosts);
    let n = before;
    let worstMs: Ms = n < capacity ? UNREACHED_MS : 0;
    for (let p = 0; p < nPosts; p++) {
      const timeMs = timesMs[times + p];
      if (timeMs >= worstMs || timeMs < lastMs || (timeMs === lastMs && p <= lastPost)) continue;
      let at = n < capacity ? n++ : n - 1;
      while (at > before && timesMs[times + later[row + at - 1]] > timeMs) {
        later[row + at] = later[row + at - 1];
        at--;
      }
      later[row + at] = p;
      if (n === capacity) worstMs = timesMs[times + later[row + n - 1]];
    }
    nOrdered[state] = n;
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
  private readonly everyPost: Uint8Array;
  private among: Uint8Array;
  private limitMs: Ms = UNREACHED_MS;

  constructor(
    order: PostOrder,
    nPosts: number,
    ends: PlaceReader,
    directPosts: (place: RoadPosition) => readonly DirectPost[],
  ) {
    this.order = order;
    this.ends = ends;
    this.directPosts = directPosts;
    this.givenIn = new Float64Array(nPosts);
    this.everyPost = new Uint8Array(nPosts).fill(1);
    this.among = this.everyPost;
  }

  /**
   * Asks for the posts of a place.
   * @param among  1 for each post that counts; left out, all do
   * @param limitMs  posts farther off do not count
   */
  open(place: RoadPosition, among: Uint8Array = this.everyPost, limitMs: Ms = UNREACHED_MS): void {
    const { ends } = this;
    this.among = among;
    this.limitMs = limitMs;
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
    this.skipDirect();
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
      if (from === n) {
        this.nextDirect++;
        this.skipDirect();
      } else this.offer(from, this.rank[from] + 1);
      // each post comes first at its least time
      if (givenIn[post] === this.questions) continue;
      givenIn[post] = this.questions;
      this.timeMs = timeMs;
      return post;
    }
  }

  /** Makes an end offer its first post of this rank or a later one that counts. */
  private offer(e: number, rank: number): void {
    const { ends, order, among } = this;
    const state = ends.state[e];
    order.read(state, rank);
    const leftMs = this.limitMs - ends.timeMs[e];
    while (order.post >= 0 && among[order.post] === 0 && order.timeMs <= leftMs) order.read(state, ++rank);
    this.rank[e] = rank;
    this.headPost[e] = order.timeMs <= leftMs ? order.post : NO_POST;
    this.headMs[e] = order.timeMs + ends.timeMs[e];
  }

  private skipDirect(): void {
    const { direct, among } = this;
    while (this.nextDirect < direct.length && among[direct[this.nextDirect].post] === 0) this.nextDirect++;
    if (this.nextDirect < direct.length && direct[this.nextDirect].timeMs > this.limitMs) {
      this.nextDirect = direct.length;
    }
  }
}
