/**
 * The routing contract on tree labels: the same answers as plain Dijkstra to the millisecond, and the same drives step by
 * step, in microseconds. What labels do not answer better (reach, and times cut off at a limit) goes to the reference.
 */
import type { RoadGraph, RoadPosition, Route } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type Ms, type NodeIx } from '../units.ts';
import { createRouter } from './dijkstra-router.ts';
import { nodeTimeMs, type Labels } from './labels.ts';
import type { Metric } from './metric.ts';
import { directTimeMs, entriesOf, exitsOf, type PositionEnd } from './position-ends.ts';
import { directRoute, routeOfArcs } from './route.ts';
import type { Positions, Router } from './router.ts';

/**
 * @param labels  of the same graph and metric; shared between threads at no cost
 */
export function createLabelRouter(graph: RoadGraph, metric: Metric, labels: Labels): Router {
  const { arcTimeMs } = metric;
  // made when first asked: a run that needs labels only is spared its workspace
  let made: Router | undefined;
  const reference = (): Router => (made ??= createRouter(graph, metric));
  const exits = (position: RoadPosition): PositionEnd[] => exitsOf(graph, arcTimeMs, position);
  const entries = (position: RoadPosition): PositionEnd[] => entriesOf(graph, arcTimeMs, position);

  /** Time from a position's exits to a node. */
  const timeToNode = (from: readonly PositionEnd[], node: NodeIx): Ms => {
    let best = UNREACHED_MS;
    for (const exit of from) {
      const timeMs = exit.timeMs + nodeTimeMs(labels, exit.node, node);
      if (timeMs < best) best = timeMs;
    }
    return best;
  };

  const timeBetween = (from: readonly PositionEnd[], to: readonly PositionEnd[]): Ms => {
    let best = UNREACHED_MS;
    for (const entry of to) {
      const timeMs = timeToNode(from, entry.node) + entry.timeMs;
      if (timeMs < best) best = timeMs;
    }
    return best;
  };

  const timesFrom = (from: RoadPosition, to: Positions): Uint32Array => {
    const out = exits(from);
    return Uint32Array.from(to, (position) =>
      Math.min(directTimeMs(graph, arcTimeMs, from, position), timeBetween(out, entries(position))),
    );
  };

  const timesTo = (from: Positions, to: RoadPosition): Uint32Array => {
    const last = entries(to);
    return Uint32Array.from(from, (position) =>
      Math.min(directTimeMs(graph, arcTimeMs, position, to), timeBetween(exits(position), last)),
    );
  };

  /** The last entry of the fastest way: the one whose node is reached first, the lowest node on a tie; null for a drive on one segment. */
  const lastEntry = (
    from: RoadPosition,
    out: readonly PositionEnd[],
    to: RoadPosition,
  ): PositionEnd | null | undefined => {
    let bestMs = directTimeMs(graph, arcTimeMs, from, to);
    let best: PositionEnd | null | undefined = bestMs === UNREACHED_MS ? undefined : null;
    let bestNodeMs = UNREACHED_MS;
    for (const entry of entries(to)) {
      const nodeMs = timeToNode(out, entry.node);
      const timeMs = nodeMs + entry.timeMs;
      if (nodeMs === UNREACHED_MS || timeMs > bestMs || (timeMs === bestMs && best === null)) continue;
      const isEarlier =
        nodeMs < bestNodeMs ||
        (nodeMs === bestNodeMs && best !== undefined && best !== null && entry.node < best.node);
      if (timeMs === bestMs && !isEarlier) continue;
      bestMs = timeMs;
      best = entry;
      bestNodeMs = nodeMs;
    }
    return best;
  };

  /**
   * Arcs of the fastest way back from a node to an exit, last first, each the lowest tight arc from a strictly earlier
   * node: the order of the reference. Null where only arcs of zero time lead on, which the reference crosses.
   */
  const arcsBackFrom = (
    node: NodeIx,
    out: readonly PositionEnd[],
  ): { arcs: number[]; exit: PositionEnd } | null => {
    const { firstIn, inArc, tail } = graph;
    const arcs: number[] = [];
    let timeMs = timeToNode(out, node);
    for (;;) {
      const exit = out.find((e) => e.node === node && e.timeMs === timeMs);
      if (exit !== undefined) return { arcs, exit };
      let found = NONE;
      for (let i = firstIn[node]; i < firstIn[node + 1] && found === NONE; i++) {
        const arc = inArc[i];
        const before = timeMs - arcTimeMs[arc];
        if (before < timeMs && before >= 0 && timeToNode(out, tail[arc]) === before) found = arc;
      }
      if (found === NONE) return null;
      arcs.push(found);
      timeMs -= arcTimeMs[found];
      node = tail[found];
    }
  };

  return {
    graph,
    metric,
    timeMs: (from, to) =>
      Math.min(directTimeMs(graph, arcTimeMs, from, to), timeBetween(exits(from), entries(to))),
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
      const last = lastEntry(from, out, to);
      if (last === undefined) return null;
      if (last === null) return directRoute(graph, arcTimeMs, from, to);
      const back = arcsBackFrom(last.node, out);
      return back === null
        ? reference().route(from, to)
        : routeOfArcs(graph, arcTimeMs, from, to, { ...back, last });
    },
    reachFrom: (from, limitMs) => reference().reachFrom(from, limitMs),
    reachTo: (to, limitMs) => reference().reachTo(to, limitMs),
  };
}
