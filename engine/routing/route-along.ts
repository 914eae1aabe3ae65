/** The drive along given steps, timed as the router times its own routes. */
import {
  arcOfStep,
  type DriveStep,
  type RoadGraph,
  type Route,
  type RouteStep,
} from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import { alongArcMm, timeAlongArcMs, type Metric } from './metric.ts';

/**
 * Times a drive whose course is given. Steps of no length take no time and are left out.
 * @param steps  joined end to end; this is not checked here
 * @returns the route, or null where a step runs against a one-way street or over an arc that the metric closes
 */
export function routeAlong(graph: RoadGraph, metric: Metric, steps: readonly DriveStep[]): Route | null {
  const timed: RouteStep[] = [];
  let endMs = 0;
  let lengthMm = 0;
  for (const { segment, fromMm, toMm } of steps) {
    if (fromMm === toMm) continue;
    const arc = arcOfStep(graph, { segment, fromMm, toMm });
    if (arc === NONE) return null;
    const arcTimeMs = metric.arcTimeMs[arc];
    if (arcTimeMs === UNREACHED_MS) return null;
    const segmentMm = graph.segmentLengthMm[segment];
    endMs +=
      timeAlongArcMs(arcTimeMs, alongArcMm(graph, arc, toMm), segmentMm) -
      timeAlongArcMs(arcTimeMs, alongArcMm(graph, arc, fromMm), segmentMm);
    lengthMm += Math.abs(toMm - fromMm);
    timed.push({ segment, fromMm, toMm, endMs });
  }
  return { steps: timed, travelTimeMs: endMs, lengthMm };
}
