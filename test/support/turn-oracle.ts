/**
 * Fastest times under turn restrictions by brute force: a search over whole histories of arcs, and the words of the
 * restrictions applied to the drive as a list of arcs. Independent of the network of states it checks.
 */
import {
  nodeOfPosition,
  type GraphRestriction,
  type RoadGraph,
  type RoadPosition,
} from '../../engine/graph/road-graph.ts';
import { alongArcMm, timeAlongArcMs } from '../../engine/routing/metric.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import { testStream } from './random-city.ts';

/** A graph with restrictions on random walks of two to four arcs, turning back included. */
export function withRandomRestrictions(graph: RoadGraph, seed: number, count: number): RoadGraph {
  const random = testStream(seed);
  const restrictions: GraphRestriction[] = [];
  for (let i = 0; i < count; i++) {
    const arcs = [random.below(graph.nArcs)];
    const length = random.below(3) === 0 ? 3 + random.below(2) : 2;
    while (arcs.length < length) {
      const at = graph.head[arcs[arcs.length - 1]];
      const degree = graph.firstOut[at + 1] - graph.firstOut[at];
      if (degree === 0) break;
      arcs.push(graph.firstOut[at] + random.below(degree));
    }
    if (arcs.length < 2) continue;
    restrictions.push({
      osmId: i + 1,
      kind: random.below(3) === 0 ? 'only_straight_on' : 'no_left_turn',
      arcs,
      vehicle: '',
      except: [],
      condition: '',
      when: 'always',
    });
  }
  return { ...graph, restrictions };
}

/** Whether a drive over these arcs, one after the other, breaks a restriction; the first one broken, or null. */
export function brokenBy(
  restrictions: readonly GraphRestriction[],
  arcs: readonly number[],
): GraphRestriction | null {
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((arc, i) => arc === b[i]);
  for (const r of restrictions) {
    const before = r.arcs.slice(0, -1);
    for (let i = before.length; i < arcs.length; i++) {
      if (!same(arcs.slice(i - before.length, i), before)) continue;
      if (!r.kind.startsWith('only_')) {
        if (arcs[i] === r.arcs.at(-1)) return r;
      } else {
        const allowed = restrictions
          .filter(({ kind, arcs: other }) => kind.startsWith('only_') && same(other.slice(0, -1), before))
          .map((other) => other.arcs.at(-1));
        if (!allowed.includes(arcs[i])) return r;
      }
    }
  }
  return null;
}

/**
 * Fastest time between two positions under all restrictions of the graph. Exponential
 * memory in their length: small graphs only.
 */
export function timeByHistories(
  graph: RoadGraph,
  arcTimeMs: Uint32Array,
  from: RoadPosition,
  to: RoadPosition,
): number {
  const longest = Math.max(2, ...graph.restrictions.map(({ arcs }) => arcs.length));
  const lengthOf = (arc: number): number => graph.segmentLengthMm[graph.arcSegment[arc]];
  const into = (arc: number, at: RoadPosition): number =>
    timeAlongArcMs(arcTimeMs[arc], alongArcMm(graph, arc, at.offsetMm), lengthOf(arc));
  const arcsAt = (segment: number): number[] =>
    [graph.segmentForwardArc[segment], graph.segmentBackwardArc[segment]].filter(
      (arc) => arc !== NONE && arcTimeMs[arc] !== UNREACHED_MS,
    );
  let best = UNREACHED_MS;
  if (from.segment === to.segment) {
    if (from.offsetMm === to.offsetMm) return 0;
    const forward = to.offsetMm > from.offsetMm ? 0 : 1;
    for (const arc of arcsAt(from.segment)) {
      if (graph.arcBackward[arc] === forward) best = Math.min(best, into(arc, to) - into(arc, from));
    }
  }
  const known = new Map<string, { node: number; history: number[]; timeMs: number; done: boolean }>();
  const offer = (node: number, history: number[], timeMs: number): void => {
    const key = `${node}:${history.join(',')}`;
    const other = known.get(key);
    if (other === undefined) known.set(key, { node, history, timeMs, done: false });
    else if (timeMs < other.timeMs) other.timeMs = timeMs;
  };
  const startNode = nodeOfPosition(graph, from);
  if (startNode !== NONE) offer(startNode, [], 0);
  else
    for (const arc of arcsAt(from.segment)) offer(graph.head[arc], [arc], arcTimeMs[arc] - into(arc, from));
  const goalNode = nodeOfPosition(graph, to);
  const goalArcs = goalNode === NONE ? arcsAt(to.segment) : [];
  for (;;) {
    let next: { node: number; history: number[]; timeMs: number; done: boolean } | null = null;
    for (const state of known.values())
      if (!state.done && (next === null || state.timeMs < next.timeMs)) next = state;
    if (next === null || next.timeMs >= best) return best;
    next.done = true;
    const { node, history, timeMs } = next;
    if (node === goalNode) best = Math.min(best, timeMs);
    for (let arc = graph.firstOut[node]; arc < graph.firstOut[node + 1]; arc++) {
      if (arcTimeMs[arc] === UNREACHED_MS) continue;
      const way = [...history, arc];
      if (brokenBy(graph.restrictions, way) !== null) continue;
      if (goalArcs.includes(arc)) best = Math.min(best, timeMs + into(arc, to));
      offer(graph.head[arc], way.slice(-(longest - 1)), timeMs + arcTimeMs[arc]);
    }
  }
}

/** The road arcs that the steps of a drive use, in order. */
export function arcsOfRoute(
  graph: RoadGraph,
  { steps }: { steps: readonly { segment: number; fromMm: number; toMm: number }[] },
): number[] {
  return steps.map(({ segment, fromMm, toMm }) =>
    toMm > fromMm ? graph.segmentForwardArc[segment] : graph.segmentBackwardArc[segment],
  );
}
