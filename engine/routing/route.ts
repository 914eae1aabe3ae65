/** From the times of a finished search to a drive: steps along segments whose times add up to the search's answer. */
import {
  arcOfStep,
  endOfArcMm,
  startOfArcMm,
  type RoadPosition,
  type Route,
  type RouteStep,
} from '../graph/road-graph.ts';
import { NONE, type ArcIx, type Ms } from '../units.ts';
import type { DijkstraSearch } from './dijkstra.ts';
import type { Metric } from './metric.ts';
import type { Network, NetworkArcIx, StateIx } from './network.ts';
import { exitsOf, timeIntoArcMs, type PositionEnd } from './position-ends.ts';

/** A drive that stays where it is. */
export const EMPTY_ROUTE: Route = { steps: [], travelTimeMs: 0, lengthMm: 0 };

/**
 * Of the entries through which a drive of `timeMs` ends, the one whose state is reached first (at statesMs[i]); on a
 * tie the lowest road node, then the lowest state.
 */
export function chooseLast(
  { roadNode }: Network,
  entries: readonly PositionEnd[],
  statesMs: ArrayLike<Ms>,
  timeMs: Ms,
): PositionEnd {
  let best: PositionEnd | null = null;
  let bestMs = 0;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    const stateMs = statesMs[i];
    if (stateMs + entry.timeMs !== timeMs) continue;
    const order =
      best === null
        ? -1
        : stateMs - bestMs || roadNode[entry.state] - roadNode[best.state] || entry.state - best.state;
    if (order >= 0) continue;
    best = entry;
    bestMs = stateMs;
  }
  if (best === null) throw new Error('Broken invariant: no entry gives the time of the drive');
  return best;
}

/**
 * Builds the drive of an `out` search from `from` that ends through `last` (null: along the common segment).
 * Among fastest drives the one of `DijkstraSearch.entryArc` is taken; its time is the search's to the millisecond.
 */
export function joinRoute(
  metric: Metric,
  search: DijkstraSearch,
  from: RoadPosition,
  to: RoadPosition,
  last: PositionEnd | null,
): Route {
  if (last === null) return directRoute(metric, from, to);
  const { network } = metric;
  const exits = exitsOf(metric, from);
  const isStart = (state: StateIx): boolean =>
    exits.some((exit) => exit.state === state && exit.timeMs === search.timeOf(state));
  const arcs: NetworkArcIx[] = [];
  let state = last.state;
  while (!isStart(state)) {
    const arc = search.entryArc(state);
    if (arc !== NONE) {
      arcs.push(arc);
    } else {
      // Only arcs of zero time lead here: cross them to the nearest state that is a start or has an earlier entry.
      arcs.push(...zeroTimeWay(network, search, state, (s) => isStart(s) || search.entryArc(s) !== NONE));
    }
    state = network.tail[arcs[arcs.length - 1]];
  }
  const exit = exits.find((e) => e.state === state && e.timeMs === search.timeOf(state))!;
  return routeOfArcs(metric, from, to, { exit, arcs: arcs.map((arc) => network.roadArc[arc]), last });
}

/** The drive that stays on the common segment of both positions. */
export function directRoute({ network, arcTimeMs }: Metric, from: RoadPosition, to: RoadPosition): Route {
  const { graph } = network;
  if (from.offsetMm === to.offsetMm) return EMPTY_ROUTE;
  const step = { segment: from.segment, fromMm: from.offsetMm, toMm: to.offsetMm };
  const arc = arcOfStep(graph, step);
  const endMs =
    timeIntoArcMs(graph, arcTimeMs, arc, to.offsetMm) - timeIntoArcMs(graph, arcTimeMs, arc, from.offsetMm);
  return finish([{ ...step, endMs }]);
}

/** The drive out through an exit, along whole road arcs (last first), and in through a last entry. */
export function routeOfArcs(
  { network, arcTimeMs }: Metric,
  from: RoadPosition,
  to: RoadPosition,
  { exit, arcs, last }: { exit: PositionEnd; arcs: readonly ArcIx[]; last: PositionEnd },
): Route {
  const { graph } = network;
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

/**
 * Arcs of zero time from `state` back to the first state that `isDone`, breadth first in order of entering
 * arcs; last arc of the drive first.
 */
function zeroTimeWay(
  network: Network,
  search: DijkstraSearch,
  state: StateIx,
  isDone: (state: StateIx) => boolean,
): NetworkArcIx[] {
  const { firstIn, inArc, tail, head } = network;
  const leaving = new Map<StateIx, NetworkArcIx>([[state, NONE]]);
  const queue = [state];
  for (const at of queue) {
    for (let i = firstIn[at]; i < firstIn[at + 1]; i++) {
      const arc = inArc[i];
      if (leaving.has(tail[arc]) || !search.isTight(arc)) continue;
      leaving.set(tail[arc], arc);
      queue.push(tail[arc]);
      if (!isDone(tail[arc])) continue;
      const way: NetworkArcIx[] = [];
      for (let next = arc; next !== NONE; next = leaving.get(head[next])!) way.push(next);
      return way.reverse();
    }
  }
  throw new Error(`Broken invariant: state ${state} was settled but nothing leads to it`);
}

function finish(steps: RouteStep[]): Route {
  let lengthMm = 0;
  for (const step of steps) lengthMm += Math.abs(step.toMm - step.fromMm);
  return { steps, travelTimeMs: steps.length > 0 ? steps[steps.length - 1].endMs : 0, lengthMm };
}
