/** Where places may lie: roads that can be reached and left again under the rules of a metric, turn restrictions included. */
import { largestStrongPart } from '../graph/components.ts';
import { mainSegments } from '../spatial/snap.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { Metric } from './metric.ts';

/**
 * 1 for each segment that can be driven to from the metric's main part, and from which one can drive back to it: the
 * largest strongly connected part of its states by open arcs. Whoever stops on the segment may set off in either
 * direction. Where no arc is closed this is the graph's own main part. Cost O(arcs).
 */
export function usableSegments({ network, networkTimeMs, arcTimeMs }: Metric): Uint8Array {
  const { graph } = network;
  if (networkTimeMs.every((timeMs) => timeMs !== UNREACHED_MS)) return mainSegments(graph);
  const usable = new Uint8Array(graph.nSegments);
  const { nStates, firstOut, head, tail, endState, firstUse, use } = network;
  const isOpen = (arc: number): boolean => networkTimeMs[arc] !== UNREACHED_MS;
  const main = largestStrongPart({ nNodes: nStates, firstOut, head }, isOpen);
  const isEntered = (arc: number): boolean => {
    for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
      if (main[tail[use[i]]] === 1 && isOpen(use[i])) return true;
    }
    return false;
  };
  for (let s = 0; s < usable.length; s++) {
    const arcs = [graph.segmentForwardArc[s], graph.segmentBackwardArc[s]].filter(
      (arc) => arc !== NONE && arcTimeMs[arc] !== UNREACHED_MS,
    );
    usable[s] = arcs.some(isEntered) && arcs.some((arc) => main[endState[arc]] === 1) ? 1 : 0;
  }
  return usable;
}

/** 1 for each segment that all of some metrics can use; at least one metric. */
export function usableByAll(metrics: readonly Metric[]): Uint8Array {
  const [first, ...others] = metrics.map(usableSegments);
  for (const other of others) for (let s = 0; s < first.length; s++) first[s] &= other[s];
  return first;
}
