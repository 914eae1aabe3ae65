/** Label spaces of small networks, and what their answers are compared with: all times by Floyd and Warshall. */
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import { Hierarchies } from '../../engine/routing/hierarchies.ts';
import type { Hierarchy } from '../../engine/routing/hierarchy.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import { createLabelSpace, type LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { scratchBytes } from '../../engine/routing/kernels/query-scratch.ts';
import type { StateTime } from '../../engine/routing/kernels/query.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import { randomGraph, testStream } from './random-city.ts';
import { withRandomRestrictions } from './turn-oracle.ts';

/** Travel times that no map gives: zero, equal and closed arcs, to bring out ties; all restrictions obeyed. */
function oddMetric(graph: RoadGraph, seed: number): Metric {
  const random = testStream(seed);
  const times = Uint32Array.from({ length: graph.nArcs }, () => {
    const kind = random.below(10);
    return kind === 0 ? 0 : kind === 1 ? UNREACHED_MS : 1000 * (1 + random.below(30));
  });
  return createMetric(graph, times, { name: 'odd', obeys: () => true });
}

/** A random network with turn restrictions, one-ways, islands, zero and closed arcs. */
export async function randomMetric(seed: number): Promise<Metric> {
  const graph = await randomGraph(seed, 12 + (seed % 50));
  return oddMetric(withRandomRestrictions(graph, seed, seed % 9), seed);
}

/** The labels of a metric, with scratch for two threads. */
export function labelSpaceOf(metric: Metric): { space: LabelSpace; hierarchy: Hierarchy } {
  const hierarchy = new Hierarchies().of(metric.network);
  const options = { threads: 2, scratchBytes: scratchBytes(hierarchy), withLabels: true };
  const space = createLabelSpace(hierarchy, metric.network, options);
  if ('refused' in space) throw new Error(space.refused);
  if (!createLabelBuilder(space, 'typescript').build(metric.networkTimeMs))
    throw new Error('labels too long');
  return { space, hierarchy };
}

/** Times between all states, row-major (Floyd 1962, Warshall 1962); UNREACHED_MS where there is no way. */
export function timesBetweenAll({ network, networkTimeMs }: Metric): Float64Array {
  const n = network.nStates;
  const timeMs = new Float64Array(n * n).fill(Infinity);
  for (let s = 0; s < n; s++) timeMs[s * n + s] = 0;
  for (let arc = 0; arc < network.nArcs; arc++) {
    if (networkTimeMs[arc] === UNREACHED_MS) continue;
    const at = network.tail[arc] * n + network.head[arc];
    timeMs[at] = Math.min(timeMs[at], networkTimeMs[arc]);
  }
  for (let via = 0; via < n; via++) {
    for (let a = 0; a < n; a++) {
      if (timeMs[a * n + via] === Infinity) continue;
      for (let b = 0; b < n; b++) {
        const through = timeMs[a * n + via] + timeMs[via * n + b];
        if (through < timeMs[a * n + b]) timeMs[a * n + b] = through;
      }
    }
  }
  return timeMs.map((time) => (time === Infinity ? UNREACHED_MS : time));
}

/** Times from a state to all (or from all to it) by plain Dijkstra. */
export function timesOfSearch(metric: Metric, state: number, direction: 'out' | 'in'): Uint32Array {
  const search = new DijkstraSearch(metric);
  search.start(direction);
  search.seed(state, 0);
  while (search.settle(UNREACHED_MS - 1) !== NONE);
  return Uint32Array.from({ length: metric.network.nStates }, (_, other) => search.timeOf(other));
}

/** A position as the states next to it: none, one, the two ends of an arc, or several anywhere. */
export function randomEnds(random: RandomStream, { network }: Metric): StateTime[] {
  const end = (state: number): StateTime => ({ state, timeMs: random.below(4) * 1000 });
  const kind = random.below(8);
  if (kind === 0) return [];
  if (kind <= 2) return [end(random.below(network.nStates))];
  if (kind <= 5 && network.nArcs > 0) {
    const arc = random.below(network.nArcs);
    return [end(network.head[arc]), end(network.tail[arc])];
  }
  return Array.from({ length: 2 + random.below(7) }, () => end(random.below(network.nStates)));
}

/** Time between two positions, by trying every pair of their ends. */
export function timeBetweenEnds(
  all: Float64Array,
  from: readonly StateTime[],
  to: readonly StateTime[],
): number {
  const n = Math.sqrt(all.length);
  let best = UNREACHED_MS;
  for (const a of from) {
    for (const b of to) {
      const between = all[a.state * n + b.state];
      if (between !== UNREACHED_MS) best = Math.min(best, a.timeMs + between + b.timeMs);
    }
  }
  return best;
}
