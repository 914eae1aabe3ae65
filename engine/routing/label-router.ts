/**
 * The routing contract on tree labels: the same answers as plain Dijkstra to the millisecond, and the same drives step by
 * step, in microseconds. Times cut off at a limit are full times, cut off.
 */
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import { createRouter } from './dijkstra-router.ts';
import { LANES, MAX_GATHERED_ENDS } from './kernels/query-slots.ts';
import { openLabels, type Labels } from './labels.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { entryColumns, exitColumns } from './position-columns.ts';
import { ReachQuery } from './reach-query.ts';
import { chooseLast, directRoute, routeOfArcs } from './route.ts';
import type { Positions, Router } from './router.ts';

/** Matrices from so many times on are swept: below, preparing the sweep costs more than it saves. */
const CELLS_FOR_SWEEPS = 50_000;

/**
 * One for each thread.
 * @param labels  of the same metric; shared between threads at no cost
 */
export function createLabelRouter(metric: Metric, labels: Labels): Router {
  const { network } = metric;
  const { query, sweep } = openLabels(labels);
  // made when first asked: a run that needs labels only is spared their workspaces
  let madeReference: Router | undefined;
  const reference = (): Router => (madeReference ??= createRouter(metric));
  let madeReach: ReachQuery | undefined;
  const reach = (): ReachQuery => (madeReach ??= new ReachQuery(metric));
  const exits = (position: RoadPosition): PositionEnd[] => exitsOf(metric, position);
  const entries = (position: RoadPosition): PositionEnd[] => entriesOf(metric, position);
  const isWithin = (ends: readonly PositionEnd[]): boolean => ends.length <= MAX_GATHERED_ENDS;

  const cutOff = (times: Uint32Array, limitMs: Ms | undefined): Uint32Array =>
    limitMs === undefined ? times : times.map((timeMs) => (timeMs <= limitMs ? timeMs : UNREACHED_MS));

  const timesFrom = (from: RoadPosition, to: Positions, limitMs?: Ms): Uint32Array => {
    const out = exits(from);
    if (!isWithin(out)) return reference().timesFrom(from, to, limitMs);
    const times = new Uint32Array(to.length);
    query.timesFrom(out, entryColumns(metric, to), times);
    for (let i = 0; i < to.length; i++) {
      if (to[i].segment === from.segment) times[i] = Math.min(times[i], directTimeMs(metric, from, to[i]));
    }
    return cutOff(times, limitMs);
  };

  const timesTo = (from: Positions, to: RoadPosition, limitMs?: Ms): Uint32Array => {
    const last = entries(to);
    if (!isWithin(last)) return reference().timesTo(from, to, limitMs);
    const times = new Uint32Array(from.length);
    query.timesTo(exitColumns(metric, from), last, times);
    for (let i = 0; i < from.length; i++) {
      if (from[i].segment === to.segment) times[i] = Math.min(times[i], directTimeMs(metric, from[i], to));
    }
    return cutOff(times, limitMs);
  };

  return {
    graph: network.graph,
    metric,
    timeMs: (from, to) =>
      Math.min(directTimeMs(metric, from, to), query.timeBetween(exits(from), entries(to))),
    timesFrom,
    timesTo,
    matrix(from, to, limitMs) {
      const result = new Uint32Array(from.length * to.length);
      if (sweep === null || Math.min(from.length, to.length) < LANES || result.length < CELLS_FOR_SWEEPS) {
        from.forEach((position, i) => result.set(timesFrom(position, to, limitMs), i * to.length));
        return result;
      }
      sweep.matrix(exitColumns(metric, from), entryColumns(metric, to), result);
      for (const [i, j] of pairsOnOneSegment(from, to)) {
        const cell = i * to.length + j;
        result[cell] = Math.min(result[cell], directTimeMs(metric, from[i], to[j]));
      }
      return cutOff(result, limitMs);
    },
    route(from, to): Route | null {
      const out = exits(from);
      const into = entries(to);
      if (!isWithin(out)) return reference().route(from, to);
      const directMs = directTimeMs(metric, from, to);
      const statesMs = new Uint32Array(into.length);
      query.timesToStates(out, into, statesMs);
      let timeMs = directMs;
      for (let i = 0; i < into.length; i++) timeMs = Math.min(timeMs, statesMs[i] + into[i].timeMs);
      if (timeMs === UNREACHED_MS) return null;
      if (timeMs === directMs) return directRoute(metric, from, to);
      const last = chooseLast(network, into, statesMs, timeMs);
      const arcs: number[] = [];
      const exit = query.walkBack(out, last.state, timeMs - last.timeMs, arcs);
      if (exit === null) return reference().route(from, to); // over arcs of zero time
      for (let i = 0; i < arcs.length; i++) arcs[i] = network.roadArc[arcs[i]];
      return routeOfArcs(metric, from, to, { exit, arcs, last });
    },
    reachFrom: (from, limitMs) => reach().from(from, [limitMs])[0],
    reachTo: (to, limitMs) => reach().to(to, [limitMs])[0],
  };
}

/** Indices of positions that share a segment: there a drive need not pass any state. */
function* pairsOnOneSegment(
  from: Positions,
  to: Positions,
): Generator<[i: number, j: number], void, undefined> {
  const onSegment = new Map<number, number[]>();
  to.forEach(({ segment }, j) => {
    const list = onSegment.get(segment);
    if (list === undefined) onSegment.set(segment, [j]);
    else list.push(j);
  });
  for (let i = 0; i < from.length; i++) {
    for (const j of onSegment.get(from[i].segment) ?? []) yield [i, j];
  }
}
