/** What runs alike in Node and in a page. */
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { BENCH_PROFILE, type BenchRoads, type RoadCase } from '../road-case.ts';
import { pointToPoint } from '../cases/point-to-point.ts';
import { reach } from '../cases/reach.ts';
import { createSubject } from '../subject.ts';

export const PORTABLE_CASES: readonly RoadCase[] = [pointToPoint, reach];

/** Slow contenders get as few inputs as on the large graph: here they are beside the point. */
export const roadsOf = (graph: RoadGraph): BenchRoads => ({
  name: 'porto',
  title: graph.source.name,
  graph,
  subject: createSubject(buildMetric(graph, findProfile(BENCH_PROFILE), { siren: false })),
  fewer: (_onPorto, onLarge) => onLarge,
  limitMs: () => null,
});
