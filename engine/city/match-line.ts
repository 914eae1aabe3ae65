/** Must-patrol lines onto roads: the drive along a drawn line, and the way back. */
import type { DriveStep, RoadGraph } from '../graph/road-graph.ts';
import { networkOf } from '../routing/network.ts';
import { createRouter } from '../routing/dijkstra-router.ts';
import type { Metric } from '../routing/metric.ts';
import type { LonLat } from '../scenario/scenario.ts';
import type { Snapper } from '../spatial/snap.ts';
import { UNREACHED_MS } from '../units.ts';
import type { LineMatch } from './city.ts';
import { LineAlignment } from './line-alignment.ts';
import { driveMm, reverseDrive, streetName } from './line-drive.ts';

export interface LineMatchOptions {
  /** How far each given vertex may lie from its road. */
  limitM: number;
  /** `both` also asks for the way back. */
  direction: 'along' | 'both';
}

export interface MatchedLine {
  along: DriveStep[];
  /** Empty unless the direction is `both` and there is a way back. */
  against: DriveStep[];
  match: LineMatch;
}

/** How far the other carriageway of a divided road may lie from the line. */
const OTHER_CARRIAGEWAY_M = 40;

/** Matches lines onto one graph; holds the workspace of its searches, so use one for many lines. */
export interface LineMatcher {
  /**
   * The drive that a line stands for: legal, its steps joined end to end, from where the first vertex is snapped to
   * where the last is. A line that cannot be matched has no steps and a `problem` in words; a `both` line without a way
   * back has no `against` and a `problemAgainst`. The way back is the way along, reversed, where its streets are open
   * both ways; otherwise the reversed line is matched onto what lies within 40 m: the other carriageway of a divided road.
   * @param coordinates  at least 2, in degrees
   * Cost: a short bounded search for each of up to 16 positions every 50 m.
   */
  match(coordinates: readonly LonLat[], options: LineMatchOptions): MatchedLine;
}

/** @param snapper  of the same graph; lines are matched onto the segments of its index */
export function createLineMatcher(graph: RoadGraph, { index }: Snapper): LineMatcher {
  const router = createRouter(lengthMetric(graph));
  return {
    match(coordinates, { limitM, direction }) {
      const line = new LineAlignment(graph, index, router, coordinates);
      const { steps: along, problem } = line.match(limitM);
      const match: LineMatch = {
        givenM: line.lengthM,
        matchedM: driveMm(along) / 1000,
        farthestM: line.farthestM(along, limitM),
        problem,
        problemAgainst: '',
      };
      if (direction === 'along' || problem !== '') return { along, against: [], match };
      const reversed = reverseDrive(graph, along);
      if ('steps' in reversed) return { along, against: reversed.steps, match };
      const back = new LineAlignment(graph, index, router, coordinates.toReversed());
      const other = back.match(Math.min(limitM, OTHER_CARRIAGEWAY_M));
      if (other.problem === '') return { along, against: other.steps, match };
      const street = streetName(graph, reversed.closedSegment);
      match.problemAgainst = `${street} is one-way along the line, and no carriageway within ${OTHER_CARRIAGEWAY_M} m leads back`;
      return { along, against: [], match };
    },
  };
}

/** For searches by length: the "time" of an arc is its length in millimetres. */
function lengthMetric(graph: RoadGraph): Metric {
  const network = networkOf(graph, { withTurns: false });
  const arcTimeMs = Uint32Array.from(graph.arcSegment, (segment) =>
    Math.min(graph.segmentLengthMm[segment], UNREACHED_MS - 1),
  );
  return {
    name: 'length',
    network,
    arcTimeMs,
    networkTimeMs: arcTimeMs.map((_, i) => arcTimeMs[network.roadArc[i]]),
  };
}
