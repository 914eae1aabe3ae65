/** Closures and slow zones of a scenario, onto the segments of its roads. */
import { InputError, type InputProblem } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import type { RoadChanges } from '../routing/build-metric.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createSegmentIndex, type SegmentIndex } from '../spatial/segment-index.ts';
import { stretchesInside } from '../spatial/zones.ts';
import { shapeOf } from './territory.ts';

/**
 * What the changes make of each segment; null without changes. Those that meet on one segment multiply. A zone slows the
 * part of a segment that lies inside, and closes every segment of which a part does: nobody drives up to its border only.
 * @throws InputError naming every way that is not among the roads, and every area without a road
 */
export function roadChangesOf(scenario: Scenario, graph: RoadGraph): RoadChanges | null {
  const { changes } = scenario.roads;
  if (changes.length === 0) return null;
  const problems: InputProblem[] = [];
  const closed = new Uint8Array(graph.nSegments);
  const slowness = new Float64Array(graph.nSegments).fill(1);
  const segmentsOf = segmentsByWay(graph, changes);
  let index: SegmentIndex | undefined;

  for (const { where, origin, ...change } of changes) {
    const apply = (segment: number, insideShare: number): void => {
      if (change.closed) closed[segment] = 1;
      else slowness[segment] *= 1 + insideShare * (1 / change.speedFactor - 1);
    };
    if ('ways' in where) {
      where.ways.forEach((way, ix) => {
        const segments = segmentsOf.get(way)!;
        if (segments.length === 0) {
          const message = `way ${way} is not among the roads of ${graph.source.name}`;
          problems.push({ file: origin.file, place: `${origin.place}/ways/${ix}`, message });
        }
        for (const segment of segments) apply(segment, 1);
      });
      continue;
    }
    index ??= createSegmentIndex(graph);
    const insideMm = new Map<number, number>();
    for (const { segment, fromMm, toMm } of stretchesInside(graph, index, shapeOf(where.polygons))) {
      insideMm.set(segment, (insideMm.get(segment) ?? 0) + toMm - fromMm);
    }
    if (insideMm.size === 0) {
      const message = `the area holds no road of ${graph.source.name}`;
      problems.push({ file: origin.file, place: `${origin.place}/zone`, message });
    }
    for (const [segment, mm] of insideMm) apply(segment, mm / graph.segmentLengthMm[segment]);
  }
  if (problems.length > 0) throw new InputError(problems);
  return { closed, slowness };
}

/** Segments of the ways that the changes name, none for a way that is not there. */
function segmentsByWay(graph: RoadGraph, changes: Scenario['roads']['changes']): Map<number, number[]> {
  const segments = new Map<number, number[]>();
  for (const { where } of changes) if ('ways' in where) for (const way of where.ways) segments.set(way, []);
  if (segments.size === 0) return segments;
  for (let s = 0; s < graph.nSegments; s++) segments.get(graph.segmentOsmWayId[s])?.push(s);
  return segments;
}
