/**
 * Travel times between fixed posts and any place of the network, in both directions, and the posts nearest to a place:
 * exact to the millisecond and equal to the router's. With a table a question costs some reads; where the table would
 * exceed its memory, the router answers.
 */
import { assert } from '../errors.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import { fastestRouter } from './fastest-router.ts';
import type { Metric } from './metric.ts';
import {
  PostCursor,
  FirstPosts,
  firstPostsBytes,
  type DirectPost,
  type PlaceReader,
  type StateRows,
} from './nearest-posts.ts';
import { PlaceEnds } from './place-ends.ts';
import { directTimeMs } from './position-ends.ts';
import { PostTimes, postTimesBytes } from './post-times.ts';
import type { Positions, Router } from './router.ts';

export interface PostTable {
  readonly metric: Metric;
  readonly nPosts: number;
  /** Memory that it takes once every state was asked for; 0 where the router answers. */
  readonly bytes: number;
  /** Time from a post to a place; UNREACHED_MS where there is no way. */
  timeFrom(post: number, place: RoadPosition): Ms;
  /** Time from a place to a post. */
  timeTo(place: RoadPosition, post: number): Ms;
  /** Posts in order of their time to a place, one question at a time; the lowest post first on a tie. */
  readonly nearest: Pick<PostCursor, 'open' | 'next' | 'timeMs'>;
}

export interface PostTableOptions {
  /** Memory that the times of one direction may take. */
  maxBytes?: number;
}

/** No post stands on the street. */
const NO_DIRECT: readonly DirectPost[] = [];
/** Posts are kept in 16 bits. */
const MOST_POSTS = 65_536;

/**
 * A table for one thread, with the times that the metric has now. Memory 4 bytes a post, state and direction that is asked
 * for, and 128 bytes a state for the first posts: 59 MB for 200 posts in a city of 64,000 junctions whose nearest posts
 * are asked for, 51 MB more if times to posts are, all of it taken only as places are asked for. Cost of a place not
 * asked for before about 7 us; then about 0.1 us a question.
 */
export function createPostTable(
  metric: Metric,
  posts: Positions,
  { maxBytes = LIMITS.postTableBytes }: PostTableOptions = {},
): PostTable {
  assert(posts.length <= MOST_POSTS, () => `${posts.length} posts; ${MOST_POSTS} are the most`);
  const bytes = postTimesBytes(metric, posts.length);
  return bytes <= maxBytes ? tableInMemory(metric, posts) : tableByRouter(metric, posts);
}

function tableInMemory(metric: Metric, posts: Positions): PostTable {
  const nPosts = posts.length;
  const { nStates } = metric.network;
  const ends = new PlaceEnds(metric);
  const directPosts = postsByStreet(metric, posts);
  let from: PostTimes | undefined;
  let to: PostTimes | undefined;
  let cursor: PostCursor | undefined;
  const timesFrom = (): PostTimes => (from ??= new PostTimes(metric, posts, 'from'));
  const timeOver = (rows: PostTimes, post: number): Ms => {
    let best: Ms = UNREACHED_MS;
    for (let e = 0; e < ends.n; e++) {
      const timeMs = rows.timesMs[rows.rowOf(ends.state[e]) + post] + ends.timeMs[e];
      if (timeMs < best) best = timeMs;
    }
    return best;
  };
  return {
    metric,
    nPosts,
    bytes: 2 * postTimesBytes(metric, nPosts) + firstPostsBytes(nStates),
    timeFrom(post, place) {
      const directMs = directTimeMs(metric, posts[post], place);
      ends.readEntries(place);
      return Math.min(directMs, timeOver(timesFrom(), post));
    },
    timeTo(place, post) {
      const directMs = directTimeMs(metric, place, posts[post]);
      ends.readExits(place);
      return Math.min(directMs, timeOver((to ??= new PostTimes(metric, posts, 'to')), post));
    },
    get nearest() {
      if (cursor === undefined) {
        const rows = timesFrom();
        const first = new FirstPosts(rows, nStates, nPosts);
        cursor = new PostCursor(rows, first, nPosts, ends.another(), directPosts);
      }
      return cursor;
    },
  };
}

/** Posts on the street of a place that need not leave it, by (time, post). */
function postsByStreet(metric: Metric, posts: Positions): (place: RoadPosition) => readonly DirectPost[] {
  const onStreet = new Map<number, number[]>();
  posts.forEach(({ segment }, post) => {
    const list = onStreet.get(segment);
    if (list === undefined) onStreet.set(segment, [post]);
    else list.push(post);
  });
  return (place) => {
    const here = onStreet.get(place.segment);
    if (here === undefined) return NO_DIRECT;
    return here
      .map((post) => ({ post, timeMs: directTimeMs(metric, posts[post], place) }))
      .filter(({ timeMs }) => timeMs !== UNREACHED_MS)
      .sort((a, b) => a.timeMs - b.timeMs || a.post - b.post);
  };
}

/** The same answers without memory: all posts are timed at each question for the nearest. */
function tableByRouter(metric: Metric, posts: Positions): PostTable {
  const nPosts = posts.length;
  const router = fastestRouter(metric);
  const place = new TimedPlace(router, posts);
  return {
    metric,
    nPosts,
    bytes: 0,
    timeFrom: (post, to) => router.timeMs(posts[post], to),
    timeTo: (from, post) => router.timeMs(from, posts[post]),
    nearest: new PostCursor(place, place.first, nPosts, place, () => NO_DIRECT),
  };
}

/** A place as a single state, whose row is timed when it is opened. */
class TimedPlace implements PlaceReader, StateRows {
  readonly n = 1;
  readonly state = new Uint32Array(1);
  readonly timeMs = new Uint32Array(1);
  timesMs: Uint32Array = new Uint32Array(0);
  readonly first: FirstPosts;
  private readonly router: Router;
  private readonly posts: Positions;

  constructor(router: Router, posts: Positions) {
    this.router = router;
    this.posts = posts;
    this.first = new FirstPosts(this, 1, posts.length);
  }

  readEntries(place: RoadPosition): void {
    this.timesMs = this.router.timesTo(this.posts, place);
    this.first.forget(0);
  }

  rowOf(): number {
    return 0;
  }
}
