/** Small random graphs for the kernels: plain arrays, with everything that maps hold and more. */
import { buildHierarchy, type Hierarchy } from '../../engine/routing/hierarchy.ts';
import {
  createLabelSpace,
  type LabelSpace,
  type WeightedArcs,
} from '../../engine/routing/kernels/label-space.ts';
import * as slot from '../../engine/routing/kernels/slots.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { testStream } from './random-city.ts';

export interface KernelGraph extends WeightedArcs {
  nNodes: number;
  timeMs: Uint32Array;
  hierarchy: Hierarchy;
}

/**
 * One-ways, parallel arcs, loops, islands, arcs of no time and closed ones, under a random order (which completes far more
 * arcs than a good one, and makes deep trees).
 */
export function randomKernelGraph(seed: number, nNodes: number): KernelGraph {
  const random = testStream(seed);
  const ends: [number, number][] = [];
  const nIslands = 1 + random.below(3);
  for (let v = 1; v < nNodes; v++) {
    // a random tree on each island, and as many arcs again
    const near = v < nIslands ? v : nIslands * random.below(Math.ceil(v / nIslands)) + (v % nIslands);
    for (const to of [near, random.below(nNodes)]) {
      const u = to < v && to % nIslands === v % nIslands ? to : near;
      const direction = random.below(4);
      if (direction !== 0) ends.push([v, u]);
      if (direction !== 1) ends.push([u, v]);
      if (direction === 2) ends.push([v, u]);
    }
    if (random.below(20) === 0) ends.push([v, v]);
  }
  const arcs = {
    nArcs: ends.length,
    tail: Uint32Array.from(ends, ([from]) => from),
    head: Uint32Array.from(ends, ([, to]) => to),
  };
  const rank = Uint32Array.from({ length: nNodes }, (_, i) => i);
  for (let i = nNodes - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [rank[i], rank[j]] = [rank[j], rank[i]];
  }
  return {
    nNodes,
    ...arcs,
    timeMs: Uint32Array.from({ length: arcs.nArcs }, () => randomTimeMs(random)),
    hierarchy: buildHierarchy(neighbours(nNodes, arcs), rank),
  };
}

/** Nothing, closed, or a few seconds with many ties. */
export function randomTimeMs(random: RandomStream): number {
  const kind = random.below(10);
  return kind === 0 ? 0 : kind === 1 ? UNREACHED_MS : 1000 * (1 + random.below(4)) + random.below(3);
}

function neighbours(
  nNodes: number,
  { nArcs, tail, head }: WeightedArcs,
): { nNodes: number; first: Uint32Array; neighbour: Uint32Array } {
  const sets = Array.from({ length: nNodes }, () => new Set<number>());
  for (let arc = 0; arc < nArcs; arc++) {
    if (tail[arc] === head[arc]) continue;
    sets[tail[arc]].add(head[arc]);
    sets[head[arc]].add(tail[arc]);
  }
  const first = new Uint32Array(nNodes + 1);
  sets.forEach((set, v) => (first[v + 1] = first[v] + set.size));
  return {
    nNodes,
    first,
    neighbour: Uint32Array.from(sets.flatMap((set) => [...set].sort((a, b) => a - b))),
  };
}

/** A space of the graph, for one thread without scratch. */
export function spaceOf(graph: WeightedArcs & { hierarchy: Hierarchy }, withLabels = true): LabelSpace {
  const space = createLabelSpace(graph.hierarchy, graph, { threads: 1, scratchBytes: 0, withLabels });
  if ('refused' in space) throw new Error(space.refused);
  return space;
}

/** Times between all pairs of nodes, row by row (Floyd, Warshall). */
export function allTimesMs({ nNodes, nArcs, tail, head, timeMs }: KernelGraph): Float64Array {
  const all = new Float64Array(nNodes * nNodes).fill(UNREACHED_MS);
  for (let v = 0; v < nNodes; v++) all[v * nNodes + v] = 0;
  for (let arc = 0; arc < nArcs; arc++) {
    const at = tail[arc] * nNodes + head[arc];
    all[at] = Math.min(all[at], timeMs[arc]);
  }
  for (let via = 0; via < nNodes; via++) {
    for (let from = 0; from < nNodes; from++) {
      const first = all[from * nNodes + via];
      if (first >= UNREACHED_MS) continue;
      for (let to = 0; to < nNodes; to++) {
        const at = from * nNodes + to;
        all[at] = Math.min(all[at], first + all[via * nNodes + to]);
      }
    }
  }
  return all;
}

/** The first word in which two spaces differ, with the column it lies in; null where all bytes are equal. */
export function firstDifference(
  a: LabelSpace,
  b: LabelSpace,
  { butScratch = false } = {},
): { column: string; word: number; a: number; b: number } | null {
  const end = butScratch ? a.header[slot.PATH_TO] / 4 : a.words.length;
  if (a.words.length !== b.words.length)
    return { column: 'length', word: 0, a: a.words.length, b: b.words.length };
  for (let word = 0; word < end; word++) {
    if (a.words[word] === b.words[word]) continue;
    const columns = Object.entries(slot)
      .filter(([name, at]) => at >= slot.NODE_RECORD && at < slot.HEADER_WORDS && !name.startsWith('ROW_'))
      .sort(([, i], [, j]) => a.header[i] - a.header[j]);
    const before = columns.filter(([, at]) => a.header[at] > 0 && a.header[at] / 4 <= word).at(-1);
    const column = before?.[0] ?? 'header';
    return {
      column,
      word: word - (before ? a.header[before[1]] / 4 : 0),
      a: a.words[word],
      b: b.words[word],
    };
  }
  return null;
}
