/**
 * The topology that a hierarchy is built on: which states are next to each other,
 * whatever the direction, and where nodes lie.
 */
import { cos } from '../math.ts';
import type { Network } from './network.ts';

/** Neighbours of node v are neighbour[first[v] .. first[v + 1]), ascending, each once, never v itself. */
export interface Topology {
  nNodes: number;
  first: Uint32Array;
  neighbour: Uint32Array;
  /** Plane coordinates of equal scale. */
  x: Float64Array;
  y: Float64Array;
}

/** Cost O(arcs log degree). */
export function topologyOf(network: Network): Topology {
  const { graph, roadNode, nStates: nNodes, firstOut, head, firstIn, inArc, tail } = network;
  const first = new Uint32Array(nNodes + 1);
  const all = new Uint32Array(2 * network.nArcs);
  let end = 0;
  for (let node = 0; node < nNodes; node++) {
    const start = end;
    for (let arc = firstOut[node]; arc < firstOut[node + 1]; arc++) all[end++] = head[arc];
    for (let i = firstIn[node]; i < firstIn[node + 1]; i++) all[end++] = tail[inArc[i]];
    all.subarray(start, end).sort();
    let kept = start;
    for (let i = start; i < end; i++) {
      if (all[i] !== node && (kept === start || all[i] !== all[kept - 1])) all[kept++] = all[i];
    }
    end = kept;
    first[node + 1] = end;
  }
  let meanLatE7 = 0;
  for (let node = 0; node < graph.nNodes; node++) meanLatE7 += graph.nodeLatE7[node] / graph.nNodes;
  const lonScale = cos((meanLatE7 * 1e-7 * 3.141592653589793) / 180);
  return {
    nNodes,
    first,
    neighbour: all.slice(0, end),
    x: Float64Array.from(roadNode, (node) => graph.nodeLonE7[node] * lonScale),
    y: Float64Array.from(roadNode, (node) => graph.nodeLatE7[node]),
  };
}
