/** Where a unit is on its drive by binary search over the steps: the plain version that RouteClock is held to. */
import type { RoadPosition, Route } from '../../engine/graph/road-graph.ts';

export function positionOnRoute(route: Route, start: RoadPosition, elapsedMs: number): RoadPosition {
  const { steps } = route;
  if (steps.length === 0 || elapsedMs < 0) return start;
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle].endMs > elapsedMs) high = middle;
    else low = middle + 1;
  }
  const step = steps[low];
  const startMs = low > 0 ? steps[low - 1].endMs : 0;
  if (elapsedMs >= step.endMs) return { segment: step.segment, offsetMm: step.toMm };
  const span = step.toMm - step.fromMm;
  const drivenMm = Math.floor((Math.abs(span) * (elapsedMs - startMs)) / (step.endMs - startMs));
  return { segment: step.segment, offsetMm: step.fromMm + (span < 0 ? -drivenMm : drivenMm) };
}
