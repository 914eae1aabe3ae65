/**
 * Where places may lie: roads that can be reached and left again under the rules of a
 * metric, turn restrictions included.
 */
import { largestStrongPart } from '../graph/components.ts';
import { mainSegments } from '../spatial/snap.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { Metric } from './metric.ts';

/**
 * 1 for each segment that can be driven to from the metric's main part, and from which one can drive back to it: the
 * largest strongly connected part of its states by open arcs. Whoever stops on the segment may set off in either
 * direction. Any two places on usable segments have drives both ways. Where no arc is closed these are the segments of
 * the graph's own main part. Cost O(arcs).
 */
export function usableSegments({ network, networkTimeMs, arcTimeMs }: Metric): Uint8Array {
  const { graph, nStates, firstOut, head, tail, firstIn, inArc, endState, firstUse, use } = network;
  if (networkTimeMs.every((timeMs) => timeMs !== UNREACHED_MS)) return mainSegments(graph);
  const isOpen = (arc: number): boolean => networkTimeMs[arc] !== UNREACHED_MS;
  const main = largestStrongPart({ nNodes: nStates, firstOut, head }, isOpen);
  const reached = spread(main, (state, visit) => {
    for (let arc = firstOut[state]; arc < firstOut[state + 1]; arc++) if (isOpen(arc)) visit(head[arc]);
  });
  const reaching = spread(main, (state, visit) => {
    for (let i = firstIn[state]; i < firstIn[state + 1]; i++) if (isOpen(inArc[i])) visit(tail[inArc[i]]);
  });
  const isEntered = (arc: number): boolean => {
    for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
      if (reached[tail[use[i]]] === 1 && isOpen(use[i])) return true;
    }
    return false;
  };
  const usable = new Uint8Array(graph.nSegments);
  for (let s = 0; s < usable.length; s++) {
    const arcs = [graph.segmentForwardArc[s], graph.segmentBackwardArc[s]].filter(
      (arc) => arc !== NONE && arcTimeMs[arc] !== UNREACHED_MS,
    );
    usable[s] = arcs.some(isEntered) && arcs.some((arc) => reaching[endState[arc]] === 1) ? 1 : 0;
  }
  return usable;
}

/** Everything that `next` leads to from the states marked 1, themselves included. */
function spread(from: Uint8Array, next: (state: number, visit: (state: number) => void) => void): Uint8Array {
  const seen = from.slice();
  const open: number[] = [];
  for (let state = 0; state < from.length; state++) if (from[state] === 1) open.push(state);
  const visit = (state: number): void => {
    if (seen[state] === 1) return;
    seen[state] = 1;
    open.push(state);
  };
  for (let state = open.pop(); state !== undefined; state = open.pop()) next(state, visit);
  return seen;
}

/** 1 for each segment that all of some metrics can use; at least one metric. */
export function usableByAll(metrics: readonly Metric[]): Uint8Array {
  const [first, ...others] = metrics.map(usableSegments);
  for (const other of others) for (let s = 0; s < first.length; s++) first[s] &= other[s];
  return first;
}
