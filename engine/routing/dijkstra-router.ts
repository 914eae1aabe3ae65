/** The routing contract on plain Dijkstra: exact, simple, and the reference for every faster router. */
import type { EdgeInterval, RoadGraph, RoadPosition, Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { DijkstraSearch, type SearchDirection } from './dijkstra.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { reachFrom, reachTo } from './reach.ts';
import { joinRoute } from './route.ts';
import type { Positions, Router } from './router.ts';

interface ManyEnds {
  many: Positions;
  direction: SearchDirection;
  ends: PositionEnd[][];
  nodes: ReadonlySet<number>;
}

/** A router with its own workspace (about 20 bytes a node); use one for each thread. Queries cost a bounded Dijkstra each. */
export function createRouter(graph: RoadGraph, metric: Metric): Router {
  const search = new DijkstraSearch(graph);
  const { arcTimeMs } = metric;

  /** What a search needs to know of the many side; prepared once for a whole matrix. */
  const prepareMany = (many: Positions, direction: SearchDirection): ManyEnds => {
    const ends = many.map((position) =>
      direction === 'out' ? entriesOf(graph, arcTimeMs, position) : exitsOf(graph, arcTimeMs, position),
    );
    return { many, direction, ends, nodes: new Set(ends.flatMap((list) => list.map((end) => end.node))) };
  };

  /** Times between one position and many, by one search that stops when the last end node is settled. */
  const timesOneToMany = (one: RoadPosition, prepared: ManyEnds, limitMs: Ms): Uint32Array => {
    const { many, direction, ends, nodes } = prepared;
    const result = new Uint32Array(many.length);
    const seeds = direction === 'out' ? exitsOf(graph, arcTimeMs, one) : entriesOf(graph, arcTimeMs, one);
    search.start(arcTimeMs, direction);
    for (const seed of seeds) search.seed(seed.node, seed.timeMs);
    for (let awaited = nodes.size; awaited > 0;) {
      const node = search.settle(limitMs);
      if (node === NONE) break;
      if (nodes.has(node)) awaited--;
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
      return joinRoute(graph, arcTimeMs, search, from, to, last);
    },

    reachFrom: (from, limitMs): EdgeInterval[] => reachFrom(graph, arcTimeMs, search, from, limitMs),

    reachTo: (to, limitMs): EdgeInterval[] => reachTo(graph, arcTimeMs, search, to, limitMs),
  };
  return router;
}
