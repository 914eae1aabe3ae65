import { buildMetric, findProfile } from '../engine/routing/profiles.ts';
import { graphOf, graphTitle, type GraphName } from './graphs.ts';
import { BENCH_PROFILE, type BenchRoads } from './road-case.ts';
import { createSubject } from './subject.ts';

/** The roads of a graph by its name, with the engine on them. */
export async function openRoads(name: GraphName): Promise<BenchRoads> {
  const graph = await graphOf(name);
  return {
    name,
    title: graphTitle(name, graph),
    graph,
    subject: createSubject(buildMetric(graph, findProfile(BENCH_PROFILE), { siren: false })),
    fewer: (onPorto, onLarge) => (name === 'porto' ? onPorto : onLarge),
    limitMs: (onPorto) => (name === 'porto' ? onPorto : null),
  };
}
