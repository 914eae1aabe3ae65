/**
 * Posts in order of their travel time to a place, one at a time: whoever looks for the nearest post with a free unit
 * rarely needs more than the first few. For each state these are found when first asked for, and kept; a place merges
 * those of the states that it is reached from. Whoever needs more goes through all posts for each.
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
 * The first posts of each state lie side by side with their times, in two lines of the cache. Where four of ten units are
 * busy, so many do for nine questions of ten; eight did for five.
 */
const FIRST_POSTS = 16;
const FIRST_BITS = 5;
/** In place of a post where there is no other that has a way, and where the first ones are used up. */
const NO_POST = -1;
const OTHER_POST = -2;

/** Bytes of the first posts of every state. */
export const firstPostsBytes = (nStates: number): number => nStates << (FIRST_BITS + 2);

/** The first posts of each state by (time, post), those without a way left out. */
export class FirstPosts {
  private readonly rows: StateRows;
  private readonly nPosts: number;
  /** entries[32 x state + 2 x rank] is the post + 1 (0 where nothing is known yet, -1 where there is none), behind it its time. */
  readonly entries: Int32Array;

  /** 128 bytes a state. */
  constructor(rows: StateRows, nStates: number, nPosts: number) {
    this.rows = rows;
    this.nPosts = nPosts;
    this.entries = new Int32Array(nStates << FIRST_BITS);
  }

  /** Where the entries of a state begin; they are found when first asked for. */
  entriesOf(state: StateIx): number {
    const begin = state << FIRST_BITS;
    if (this.entries[begin] === 0) this.find(state);
    return begin;
  }

  /** The times of a state have changed. */
  forget(state: StateIx): void {
    this.entries.fill(0, state << FIRST_BITS, (state + 1) << FIRST_BITS);
  }

  /** Cost O(posts), about 0.5 us for 200. */
  private find(state: StateIx): void {
    const { nPosts, entries: first } = this;
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
  private readonly first: FirstPosts;
  private readonly nPosts: number;
  private readonly ends: PlaceReader;
  private readonly directPosts: (place: RoadPosition) => readonly DirectPost[];
  /** Whether the first posts of some end did not do: then all posts are gone through. */
  private isBeyond = false;
  /** Least time of those that `nextOfAll` has not given. */
  private restMs: Ms = 0;
  /**
   * For each end the rank, the post and the time of what it offers next: NO_POST for nothing; OTHER_POST, with the least
   * time that it can have, once the first posts are used up.
   */
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
    rows: StateRows,
    first: FirstPosts,
    nPosts: number,
    ends: PlaceReader,
    directPosts: (place: RoadPosition) => readonly DirectPost[],
  ) {
    this.rows = rows;
    this.first = first;
    this.nPosts = nPosts;
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
    this.isBeyond = false;
    for (let e = 0; e < n; e++) this.offer(e, 0);
    this.direct = this.directPosts(place);
    this.nextDirect = 0;
    this.skipDirect();
    this.questions++;
  }

  /**
   * The next post by (time, post), its time in `timeMs`; -1 where no other has a way. Cost about 20 ns; O(posts) where the
   * first sixteen do not do.
   * @param withinMs  posts farther off do not count from now on
   */
  next(withinMs: Ms = this.limitMs): number {
    const { ends, headPost, headMs, givenIn, direct } = this;
    const { n } = ends;
    if (withinMs < this.limitMs) this.limitMs = withinMs;
    const endMs = Math.min(this.limitMs + 1, UNREACHED_MS);
    for (;;) {
      if (this.isBeyond) return this.restMs < endMs ? this.nextOfAll() : NO_POST;
      let from = -1;
      let post = NO_POST;
      let timeMs = endMs;
      for (let e = 0; e < n; e++) {
        if (headPost[e] === NO_POST) continue;
        const ms = headMs[e];
        // what nobody has looked at yet counts as the lowest post
        if (ms < timeMs || (ms === timeMs && post !== NO_POST && headPost[e] < post)) {
          from = e;
          post = headPost[e];
          timeMs = ms;
        }
      }
      if (this.nextDirect < direct.length) {
        const head = direct[this.nextDirect];
        if (head.timeMs < timeMs || (head.timeMs === timeMs && post !== NO_POST && head.post < post)) {
          from = n;
          ({ post, timeMs } = head);
        }
      }
      if (post === NO_POST) return NO_POST;
      if (post === OTHER_POST) {
        this.isBeyond = true;
        this.restMs = timeMs;
        continue;
      }
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
    const { ends, among } = this;
    const { entries } = this.first;
    const endMs = ends.timeMs[e];
    const leftMs = this.limitMs - endMs;
    const begin = this.first.entriesOf(ends.state[e]);
    const last = begin + 2 * (FIRST_POSTS - 1);
    for (let at = begin + 2 * rank; at <= last; at += 2) {
      const post = entries[at] - 1;
      if (post < 0 || entries[at + 1] > leftMs) {
        this.headPost[e] = NO_POST;
        return;
      }
      if (among[post] === 0) continue;
      this.rank[e] = (at - begin) >> 1;
      this.headPost[e] = post;
      this.headMs[e] = entries[at + 1] + endMs;
      return;
    }
    // no other is nearer than the last of the first ones
    this.headPost[e] = OTHER_POST;
    this.headMs[e] = entries[last + 1] + endMs;
  }

  /** Of all posts that were not given yet the next by (time, post). */
  private nextOfAll(): number {
    const { ends, rows, among, givenIn, questions, direct, nPosts } = this;
    const { timesMs } = rows;
    let post = NO_POST;
    let timeMs: Ms = UNREACHED_MS;
    let restMs: Ms = UNREACHED_MS;
    for (let e = 0; e < ends.n; e++) {
      const row = rows.rowOf(ends.state[e]);
      const endMs = ends.timeMs[e];
      for (let p = 0; p < nPosts; p++) {
        if (among[p] === 0) continue;
        const ms = timesMs[row + p] + endMs;
        if (ms > restMs || givenIn[p] === questions) continue;
        if (p === post) timeMs = Math.min(timeMs, ms);
        else if (ms < timeMs || (ms === timeMs && p < post)) {
          if (post !== NO_POST) restMs = timeMs;
          post = p;
          timeMs = ms;
        } else restMs = ms;
      }
    }
    for (const { post: p, timeMs: ms } of direct) {
      if (among[p] === 0 || givenIn[p] === questions) continue;
      if (p === post) timeMs = Math.min(timeMs, ms);
      else if (ms < timeMs || (ms === timeMs && p < post)) {
        restMs = timeMs;
        post = p;
        timeMs = ms;
      } else restMs = Math.min(restMs, ms);
    }
    this.restMs = restMs;
    if (timeMs > Math.min(this.limitMs, UNREACHED_MS - 1)) return NO_POST;
    givenIn[post] = questions;
    this.timeMs = timeMs;
    return post;
  }

  private skipDirect(): void {
    const { direct, among } = this;
    while (this.nextDirect < direct.length && among[direct[this.nextDirect].post] === 0) this.nextDirect++;
    if (this.nextDirect < direct.length && direct[this.nextDirect].timeMs > this.limitMs) {
      this.nextDirect = direct.length;
    }
  }
}
