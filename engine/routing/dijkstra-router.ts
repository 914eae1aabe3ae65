/** The routing contract on plain Dijkstra: exact, simple, and the reference for every faster router. */
import type { EdgeInterval, RoadGraph, RoadPosition, Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { DijkstraSearch } from './dijkstra.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { reachFrom, reachTo } from './reach.ts';
import { joinRoute } from './route.ts';
import type { Positions, Router } from './router.ts';

/** A router with its own workspace (about 20 bytes a node); use one for each thread. Queries cost a bounded Dijkstra each. */
export function createRouter(graph: RoadGraph, metric: Metric): Router {
  const search = new DijkstraSearch(graph);
  const { arcTimeMs } = metric;

  /** Times between one position and many, by one search that stops when the last end node is settled. */
  const timesOneToMany = (
    one: RoadPosition,
    many: Positions,
    limitMs: Ms,
    direction: 'out' | 'in',
  ): Uint32Array => {
    const result = new Uint32Array(many.length);
    const seeds = direction === 'out' ? exitsOf(graph, arcTimeMs, one) : entriesOf(graph, arcTimeMs, one);
    const ends = many.map((position) =>
      direction === 'out' ? entriesOf(graph, arcTimeMs, position) : exitsOf(graph, arcTimeMs, position),
    );
    const awaited = new Set<number>();
    for (const list of ends) for (const end of list) awaited.add(end.node);
    search.start(arcTimeMs, direction);
    for (const seed of seeds) search.seed(seed.node, seed.timeMs);
    while (awaited.size > 0) {
      const node = search.settle(limitMs);
      if (node === NONE) break;
      awaited.delete(node);
    }
    for (let i = 0; i < many.length; i++) {
      let best =
        direction === 'out'
          ? directTimeMs(graph, arcTimeMs, one, many[i])
          : directTimeMs(graph, arcTimeMs, many[i], one);
      // Nodes not settled within the limit hold times beyond it, which the limit below removes.
      for (const end of ends[i]) best = Math.min(best, search.timeOf(end.node) + end.timeMs);
      result[i] = best <= limitMs ? best : UNREACHED_MS;
    }
    return result;
  };

  /** Fastest time from a to b, and the last node of the way with its entry (null for a drive on one segment). */
  const pointToPoint = (from: RoadPosition, to: RoadPosition): { timeMs: Ms; last: PositionEnd | null } => {
    let timeMs = directTimeMs(graph, arcTimeMs, from, to);
    let last: PositionEnd | null = null;
    const entries = entriesOf(graph, arcTimeMs, to);
    search.start(arcTimeMs, 'out');
    for (const exit of exitsOf(graph, arcTimeMs, from)) search.seed(exit.node, exit.timeMs);
    for (;;) {
      if (search.nextTime() >= timeMs) break;
      const node = search.settle(UNREACHED_MS - 1);
      if (node === NONE) break;
      for (const entry of entries) {
        if (entry.node !== node) continue;
        const through = search.timeOf(node) + entry.timeMs;
        if (through < timeMs) {
          timeMs = through;
          last = entry;
        }
      }
    }
    return { timeMs, last };
  };

  const router: Router = {
    graph,
    metric,

    timeMs: (from, to) => pointToPoint(from, to).timeMs,

    timesFrom: (from, to, limitMs = UNREACHED_MS - 1) => timesOneToMany(from, to, limitMs, 'out'),

    timesTo: (from, to, limitMs = UNREACHED_MS - 1) => timesOneToMany(to, from, limitMs, 'in'),

    matrix(from, to, limitMs = UNREACHED_MS - 1) {
      const result = new Uint32Array(from.length * to.length);
      from.forEach((position, i) => result.set(router.timesFrom(position, to, limitMs), i * to.length));
      return result;
    },

    route(from, to): Route | null {
      const { timeMs, last } = pointToPoint(from, to);
      if (timeMs === UNREACHED_MS) return null;
      return joinRoute(graph, arcTimeMs, search, from, to, last);
    },

    reachFrom: (from, limitMs): EdgeInterval[] => reachFrom(graph, arcTimeMs, search, from, limitMs),

    reachTo: (to, limitMs): EdgeInterval[] => reachTo(graph, arcTimeMs, search, to, limitMs),
  };
  return router;
}
