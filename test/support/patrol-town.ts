/** Patrol problems on towns drawn as text. Marks stand for places; a line is a string of junction letters, one street each. */
import type { DriveStep } from '../../engine/graph/road-graph.ts';
import type { PatrolProblem } from '../../engine/patrol/patrol.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import type { Town } from './ascii-map.ts';

export interface PatrolTown {
  /** Length of each shift in minutes; one of 480 by default. */
  shiftsMin?: number[];
  /** Marks of homes, one unit each; in every shift unless `units` says otherwise. */
  homes?: string;
  units?: { home: string; shifts: number[] }[];
  points?: { mark: string; visits: number; dwellS?: number }[];
  lines?: { walk: string; passes: number; direction?: 'along' | 'both'; noWayBack?: boolean }[];
}

/** The drive along whole streets from junction to junction. */
function walkSteps(town: Town, walk: string): DriveStep[] {
  const { graph } = town;
  const steps: DriveStep[] = [];
  for (let i = 1; i < walk.length; i++) {
    const [from, to] = [town.node(walk[i - 1]), town.node(walk[i])];
    for (let segment = 0; segment < graph.nSegments; segment++) {
      const lengthMm = graph.segmentLengthMm[segment];
      if (graph.segmentFrom[segment] === from && graph.segmentTo[segment] === to) {
        steps.push({ segment, fromMm: 0, toMm: lengthMm });
      } else if (graph.segmentFrom[segment] === to && graph.segmentTo[segment] === from) {
        steps.push({ segment, fromMm: lengthMm, toMm: 0 });
      } else continue;
      break;
    }
    if (steps.length !== i) throw new Error(`no street from ${walk[i - 1]} to ${walk[i]}`);
  }
  return steps;
}

/** Units patrol at 36 km/h unless a street says otherwise: 10 m/s, so that 100 m take 10 s. */
export function patrolProblem(town: Town, options: PatrolTown): PatrolProblem {
  const { shiftsMin = [480], homes = '', points = [], lines = [] } = options;
  const everyShift = shiftsMin.map((_, shift) => shift);
  const units = options.units ?? [...homes].map((home) => ({ home, shifts: everyShift }));
  let startMs = 0;
  return {
    router: createRouter(buildMetric(town.graph, findProfile('plain'), { siren: false })),
    shifts: shiftsMin.map((minutes, s) => {
      const shift = { id: `shift-${s}`, startMs, endMs: startMs + minutes * 60_000 };
      startMs = shift.endMs;
      return shift;
    }),
    units: units.map(({ home, shifts }, u) => ({ id: `P${u + 1}`, home: town.at(home), shifts })),
    points: points.map(({ mark, visits, dwellS = 0 }) => ({
      id: mark,
      position: town.at(mark),
      visitsPerShift: visits,
      dwellMs: dwellS * 1000,
    })),
    lines: lines.map(({ walk, passes, direction = 'along', noWayBack = false }) => ({
      id: walk,
      passesPerShift: passes,
      direction,
      along: walkSteps(town, walk),
      against: direction === 'both' && !noWayBack ? walkSteps(town, [...walk].reverse().join('')) : [],
    })),
  };
}
