/**
 * The routing contract on tree labels: the same answers as plain Dijkstra to the millisecond, and the same drives step by
 * step, in microseconds. What labels do not answer better (reach, and times cut off at a limit) goes to the reference.
 */
import type { RoadPosition, Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms } from '../units.ts';
import { createRouter } from './dijkstra-router.ts';
import { nodeTimeMs, type Labels } from './labels.ts';
import type { Metric } from './metric.ts';
import type { StateIx } from './network.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { ReachQuery } from './reach-query.ts';
import { chooseLast, directRoute, routeOfArcs } from './route.ts';
import type { Positions, Router } from './router.ts';

/**
 * @param labels  of the same metric; shared between threads at no cost
 */
export function createLabelRouter(metric: Metric, labels: Labels): Router {
  const { network, networkTimeMs } = metric;
  // made when first asked: a run that needs labels only is spared its workspace
  let made: Router | undefined;
  const reference = (): Router => (made ??= createRouter(metric));
  let madeReach: ReachQuery | undefined;
  const reach = (): ReachQuery => (madeReach ??= new ReachQuery(metric));
  const exits = (position: RoadPosition): PositionEnd[] => exitsOf(metric, position);
  const entries = (position: RoadPosition): PositionEnd[] => entriesOf(metric, position);

  /** Time from a position's exits to a state. */
  const timeToState = (from: readonly PositionEnd[], state: StateIx): Ms => {
    let best = UNREACHED_MS;
    for (const exit of from) {
      const timeMs = exit.timeMs + nodeTimeMs(labels, exit.state, state);
      if (timeMs < best) best = timeMs;
    }
    return best;
  };

  const timeBetween = (from: readonly PositionEnd[], to: readonly PositionEnd[]): Ms => {
    let best = UNREACHED_MS;
    for (const entry of to) {
      const timeMs = timeToState(from, entry.state) + entry.timeMs;
      if (timeMs < best) best = timeMs;
    }
    return best;
  };

  const timesFrom = (from: RoadPosition, to: Positions): Uint32Array => {
    const out = exits(from);
    return Uint32Array.from(to, (position) =>
      Math.min(directTimeMs(metric, from, position), timeBetween(out, entries(position))),
    );
  };

  const timesTo = (from: Positions, to: RoadPosition): Uint32Array => {
    const last = entries(to);
    return Uint32Array.from(from, (position) =>
      Math.min(directTimeMs(metric, position, to), timeBetween(exits(position), last)),
    );
  };

  /**
   * Arcs of the fastest way back from a state to an exit, last first, each the lowest tight arc from a strictly earlier
   * state: the order of the reference. Null where only arcs of zero time lead on, which the reference crosses.
   */
  const arcsBackFrom = (
    state: StateIx,
    out: readonly PositionEnd[],
  ): { arcs: number[]; exit: PositionEnd } | null => {
    const { firstIn, inArc, tail, roadArc } = network;
    const arcs: number[] = [];
    let timeMs = timeToState(out, state);
    for (;;) {
      const exit = out.find((e) => e.state === state && e.timeMs === timeMs);
      if (exit !== undefined) return { arcs, exit };
      let found = NONE;
      for (let i = firstIn[state]; i < firstIn[state + 1] && found === NONE; i++) {
        const arc = inArc[i];
        const before = timeMs - networkTimeMs[arc];
        if (before < timeMs && before >= 0 && timeToState(out, tail[arc]) === before) found = arc;
      }
      if (found === NONE) return null;
      arcs.push(roadArc[found]);
      timeMs -= networkTimeMs[found];
      state = tail[found];
    }
  };

  return {
    graph: network.graph,
    metric,
    timeMs: (from, to) => Math.min(directTimeMs(metric, from, to), timeBetween(exits(from), entries(to))),
    timesFrom: (from, to, limitMs) =>
      limitMs === undefined ? timesFrom(from, to) : reference().timesFrom(from, to, limitMs),
    timesTo: (from, to, limitMs) =>
      limitMs === undefined ? timesTo(from, to) : reference().timesTo(from, to, limitMs),
    matrix(from, to, limitMs) {
      if (limitMs !== undefined) return reference().matrix(from, to, limitMs);
      const result = new Uint32Array(from.length * to.length);
      from.forEach((position, i) => result.set(timesFrom(position, to), i * to.length));
      return result;
    },
    route(from, to): Route | null {
      const out = exits(from);
      const into = entries(to);
      const directMs = directTimeMs(metric, from, to);
      const timeMs = Math.min(directMs, timeBetween(out, into));
      if (timeMs === UNREACHED_MS) return null;
      if (timeMs === directMs) return directRoute(metric, from, to);
      const last = chooseLast(network, into, timeMs, (state) => timeToState(out, state));
      const back = arcsBackFrom(last.state, out);
      return back === null ? reference().route(from, to) : routeOfArcs(metric, from, to, { ...back, last });
    },
    reachFrom: (from, limitMs) => reach().from(from, [limitMs])[0],
    reachTo: (to, limitMs) => reach().to(to, [limitMs])[0],
  };
}
