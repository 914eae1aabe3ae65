/** The routing contract on plain Dijkstra: exact, simple, and the reference for every faster router. */
import type { EdgeInterval, RoadPosition, Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { DijkstraSearch } from './dijkstra.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { reachFrom, reachTo } from './reach.ts';
import { chooseLast, joinRoute } from './route.ts';
import type { Positions, Router } from './router.ts';
import type { SearchDirection } from './search-arcs.ts';

interface ManyEnds {
  many: Positions;
  direction: SearchDirection;
  ends: PositionEnd[][];
  states: ReadonlySet<number>;
}

/**
 * A router with its own workspace (about 20 bytes a state); use one for each thread.
 * Queries cost a bounded Dijkstra each.
 */
export function createRouter(metric: Metric): Router {
  const { network } = metric;
  const search = new DijkstraSearch(metric);

  /** What a search needs to know of the many side; prepared once for a whole matrix. */
  const prepareMany = (many: Positions, direction: SearchDirection): ManyEnds => {
    const ends = many.map((position) =>
      direction === 'out' ? entriesOf(metric, position) : exitsOf(metric, position),
    );
    return { many, direction, ends, states: new Set(ends.flatMap((list) => list.map((end) => end.state))) };
  };

  /** Times between one position and many, by one search that stops when the last end is settled. */
  const timesOneToMany = (one: RoadPosition, prepared: ManyEnds, limitMs: Ms): Uint32Array => {
    const { many, direction, ends, states } = prepared;
    const result = new Uint32Array(many.length);
    const seeds = direction === 'out' ? exitsOf(metric, one) : entriesOf(metric, one);
    search.start(direction);
    for (const seed of seeds) search.seed(seed.state, seed.timeMs);
    for (let awaited = states.size; awaited > 0;) {
      const state = search.settle(limitMs);
      if (state === NONE) break;
      if (states.has(state)) awaited--;
    }
    for (let i = 0; i < many.length; i++) {
      let best =
        direction === 'out' ? directTimeMs(metric, one, many[i]) : directTimeMs(metric, many[i], one);
      // States not settled within the limit hold times beyond it, which the limit below removes.
      for (const end of ends[i]) best = Math.min(best, search.timeOf(end.state) + end.timeMs);
      result[i] = best <= limitMs ? best : UNREACHED_MS;
    }
    return result;
  };

  /** Fastest time from a to b, and the last state of the way with its entry (null for a drive on one segment). */
  const pointToPoint = (from: RoadPosition, to: RoadPosition): { timeMs: Ms; last: PositionEnd | null } => {
    const directMs = directTimeMs(metric, from, to);
    let timeMs = directMs;
    const entries = entriesOf(metric, to);
    search.start('out');
    for (const exit of exitsOf(metric, from)) search.seed(exit.state, exit.timeMs);
    while (search.nextTime() <= timeMs) {
      const state = search.settle(UNREACHED_MS - 1);
      if (state === NONE) break;
      for (const entry of entries) {
        if (entry.state === state) timeMs = Math.min(timeMs, search.timeOf(state) + entry.timeMs);
      }
    }
    if (timeMs === directMs) return { timeMs, last: null };
    const statesMs = entries.map(({ state }) => search.timeOf(state));
    return { timeMs, last: chooseLast(network, entries, statesMs, timeMs) };
  };

  const router: Router = {
    graph: network.graph,
    metric,

    timeMs: (from, to) => pointToPoint(from, to).timeMs,

    timesFrom: (from, to, limitMs = UNREACHED_MS - 1) =>
      timesOneToMany(from, prepareMany(to, 'out'), limitMs),

    timesTo: (from, to, limitMs = UNREACHED_MS - 1) => timesOneToMany(to, prepareMany(from, 'in'), limitMs),

    matrix(from, to, limitMs = UNREACHED_MS - 1) {
      const result = new Uint32Array(from.length * to.length);
      const prepared = prepareMany(to, 'out');
      from.forEach((position, i) => result.set(timesOneToMany(position, prepared, limitMs), i * to.length));
      return result;
    },

    route(from, to): Route | null {
      const { timeMs, last } = pointToPoint(from, to);
      if (timeMs === UNREACHED_MS) return null;
      return joinRoute(metric, search, from, to, last);
    },

    reachFrom: (from, limitMs): EdgeInterval[] => reachFrom(metric, search, from, limitMs),

    reachTo: (to, limitMs): EdgeInterval[] => reachTo(metric, search, to, limitMs),
  };
  return router;
}
