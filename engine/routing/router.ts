/**
 * The contract of the routing stage: exact integer travel times between positions. `dijkstra-router.ts` is the
 * readable reference; faster routers give the same answers to the millisecond.
 */
import type { EdgeInterval, RoadGraph, RoadPosition, Route } from '../graph/road-graph.ts';
import type { Ms } from '../units.ts';
import type { Metric } from './metric.ts';

/** Positions in the order of the answers. */
export type Positions = readonly RoadPosition[];

export interface Router {
  readonly graph: RoadGraph;
  readonly metric: Metric;

  /** Travel time from a to b; UNREACHED_MS where there is no path. A vehicle may turn round where it stands if the street is open both ways. */
  timeMs(from: RoadPosition, to: RoadPosition): Ms;

  /** Times from one position to each of `to`, stopped at `limitMs` (beyond it UNREACHED_MS). A new array of to.length. */
  timesFrom(from: RoadPosition, to: Positions, limitMs?: Ms): Uint32Array;

  /** Times from each of `from` to one position, stopped at `limitMs`. A new array of from.length. */
  timesTo(from: Positions, to: RoadPosition, limitMs?: Ms): Uint32Array;

  /** Row-major matrix, from.length x to.length. */
  matrix(from: Positions, to: Positions, limitMs?: Ms): Uint32Array;

  /** The fastest drive, or null where there is no path. Its travelTimeMs equals timeMs(from, to). */
  route(from: RoadPosition, to: RoadPosition): Route | null;

  /** All stretches that can be reached from here within limitMs, by segment then offset, disjoint. */
  reachFrom(from: RoadPosition, limitMs: Ms): EdgeInterval[];

  /** All stretches from which one can get here within limitMs. */
  reachTo(to: RoadPosition, limitMs: Ms): EdgeInterval[];
}
