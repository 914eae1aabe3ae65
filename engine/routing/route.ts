/** From the times of a finished search to a drive: steps along segments whose times add up to the search's answer. */
import {
  arcOfStep,
  endOfArcMm,
  startOfArcMm,
  type RoadGraph,
  type RoadPosition,
  type Route,
  type RouteStep,
} from '../graph/road-graph.ts';
import { NONE, type ArcIx } from '../units.ts';
import type { DijkstraSearch } from './dijkstra.ts';
import { exitsOf, timeIntoArcMs, type PositionEnd } from './position-ends.ts';

/** A drive that stays where it is. */
export const EMPTY_ROUTE: Route = { steps: [], travelTimeMs: 0, lengthMm: 0 };

/**
 * Builds the drive of an `out` search from `from` that ends through `last` (null: along the common segment).
 * Among fastest drives the one of `DijkstraSearch.entryArc` is taken; its time is the search's to the millisecond.
 */
export function joinRoute(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  search: DijkstraSearch,
  from: RoadPosition,
  to: RoadPosition,
  last: PositionEnd | null,
): Route {
  if (last === null) return directRoute(graph, arcTimeMs, from, to);
  const exits = exitsOf(graph, arcTimeMs, from);
  const arcs: ArcIx[] = [];
  let node = last.node;
  let exit: PositionEnd | undefined;
  for (;;) {
    exit = exits.find((e) => e.node === node && e.timeMs === search.timeOf(node));
    if (exit !== undefined) break;
    const arc = search.entryArc(node);
    if (arc !== NONE) {
      arcs.push(arc);
    } else {
      // Only arcs of zero time lead here: cross them to the nearest node that is a start or has an earlier entry.
      const isStart = (n: number): boolean =>
        exits.some((e) => e.node === n && e.timeMs === search.timeOf(n));
      arcs.push(...zeroTimeWay(graph, search, node, (n) => isStart(n) || search.entryArc(n) !== NONE));
    }
    node = graph.tail[arcs[arcs.length - 1]];
  }
  return routeOfArcs(graph, arcTimeMs, from, to, { exit, arcs, last });
}

/** The drive that stays on the common segment of both positions. */
export function directRoute(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  from: RoadPosition,
  to: RoadPosition,
): Route {
  if (from.offsetMm === to.offsetMm) return EMPTY_ROUTE;
  const step = { segment: from.segment, fromMm: from.offsetMm, toMm: to.offsetMm };
  const arc = arcOfStep(graph, step);
  const endMs =
    timeIntoArcMs(graph, arcTimeMs, arc, to.offsetMm) - timeIntoArcMs(graph, arcTimeMs, arc, from.offsetMm);
  return finish([{ ...step, endMs }]);
}

/** The drive out through an exit, along whole arcs (last first), and in through a last entry. */
export function routeOfArcs(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  from: RoadPosition,
  to: RoadPosition,
  { exit, arcs, last }: { exit: PositionEnd; arcs: readonly ArcIx[]; last: PositionEnd },
): Route {
  const steps: RouteStep[] = [];
  let endMs = 0;
  if (exit.arc !== NONE) {
    endMs = exit.timeMs;
    steps.push({ segment: from.segment, fromMm: from.offsetMm, toMm: endOfArcMm(graph, exit.arc), endMs });
  }
  for (let i = arcs.length - 1; i >= 0; i--) {
    const arc = arcs[i];
    endMs += arcTimeMs[arc];
    steps.push({
      segment: graph.arcSegment[arc],
      fromMm: startOfArcMm(graph, arc),
      toMm: endOfArcMm(graph, arc),
      endMs,
    });
  }
  if (last.arc !== NONE) {
    endMs += last.timeMs;
    steps.push({ segment: to.segment, fromMm: startOfArcMm(graph, last.arc), toMm: to.offsetMm, endMs });
  }
  return finish(steps);
}

/** Arcs of zero time from `node` back to the first node that `isDone`, breadth first in order of arc; last arc of the drive first. */
function zeroTimeWay(
  graph: RoadGraph,
  search: DijkstraSearch,
  node: number,
  isDone: (node: number) => boolean,
): ArcIx[] {
  const { firstIn, inArc, tail } = graph;
  const leaving = new Map<number, ArcIx>([[node, NONE]]);
  const queue = [node];
  for (const at of queue) {
    for (let i = firstIn[at]; i < firstIn[at + 1]; i++) {
      const arc = inArc[i];
      if (leaving.has(tail[arc]) || !search.isTight(arc)) continue;
      leaving.set(tail[arc], arc);
      queue.push(tail[arc]);
      if (!isDone(tail[arc])) continue;
      const way: ArcIx[] = [];
      for (let next = arc; next !== NONE; next = leaving.get(graph.head[next])!) way.push(next);
      return way.reverse();
    }
  }
  throw new Error(`Broken invariant: node ${node} was settled but nothing leads to it`);
}

function finish(steps: RouteStep[]): Route {
  let lengthMm = 0;
  for (const step of steps) lengthMm += Math.abs(step.toMm - step.fromMm);
  return { steps, travelTimeMs: steps.length > 0 ? steps[steps.length - 1].endMs : 0, lengthMm };
}
