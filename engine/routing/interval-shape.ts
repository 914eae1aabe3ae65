/** Stretches of road as lines on a map, and the union of several lists of them. */
import { pointOfPosition, type EdgeInterval, type RoadGraph } from '../graph/road-graph.ts';
import { fromE7 } from '../units.ts';

/** [lon, lat] in degrees along a stretch, both ends included; at least two points (equal ones for a stretch of no length). */
export function shapeOfInterval(
  graph: RoadGraph,
  { segment, fromMm, toMm }: EdgeInterval,
): [number, number][] {
  const at = (offsetMm: number): [number, number] => {
    const { lonE7, latE7 } = pointOfPosition(graph, { segment, offsetMm });
    return [fromE7(lonE7), fromE7(latE7)];
  };
  const line = [at(fromMm)];
  for (let i = graph.firstShape[segment]; i < graph.firstShape[segment + 1]; i++) {
    if (graph.shapeAtMm[i] > fromMm && graph.shapeAtMm[i] < toMm) {
      line.push([fromE7(graph.shapeLonE7[i]), fromE7(graph.shapeLatE7[i])]);
    }
  }
  line.push(at(toMm));
  return line;
}

/** What any of the lists covers, by segment then offset, disjoint. Cost O(n log n). */
export function unionOfIntervals(lists: readonly (readonly EdgeInterval[])[]): EdgeInterval[] {
  const all = lists.flatMap((list) => [...list]);
  all.sort((a, b) => a.segment - b.segment || a.fromMm - b.fromMm || a.toMm - b.toMm);
  const union: EdgeInterval[] = [];
  for (const { segment, fromMm, toMm } of all) {
    const last = union.at(-1);
    if (last !== undefined && last.segment === segment && fromMm <= last.toMm) {
      last.toMm = Math.max(last.toMm, toMm);
    } else {
      union.push({ segment, fromMm, toMm });
    }
  }
  return union;
}

/** Length of a list of disjoint stretches. */
export const lengthOfIntervalsMm = (intervals: readonly EdgeInterval[]): number =>
  intervals.reduce((sum, { fromMm, toMm }) => sum + (toMm - fromMm), 0);
