/** Must-patrol lines onto roads: the drive along a drawn line, and the way back. */
import type { DriveStep, RoadGraph } from '../graph/road-graph.ts';
import { brokenRule, type BrokenRule } from '../routing/legal-drive.ts';
import { createRouter } from '../routing/dijkstra-router.ts';
import type { Metric } from '../routing/metric.ts';
import type { LonLat } from '../scenario/scenario.ts';
import type { Snapper } from '../spatial/snap.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { LineMatch } from './city.ts';
import { LineAlignment } from './line-alignment.ts';
import { driveMm, reverseDrive, streetName } from './line-drive.ts';

interface LineMatchOptions {
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

/** Matches lines onto one graph under one set of rules; holds the workspace of its searches, so use one for many lines. */
interface LineMatcher {
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

/**
 * @param rules    the metric whose closed roads and turn restrictions the drives keep
 * @param snapper  of the same graph; lines are matched onto the segments of its index
 */
export function createLineMatcher(rules: Metric, { index }: Snapper): LineMatcher {
  const { graph } = rules.network;
  const router = createRouter(lengthMetric(rules));
  return {
    match(coordinates, { limitM, direction }) {
      const line = new LineAlignment(graph, index, router, coordinates);
      const { steps: along, problem } = lawful(rules, line.match(limitM));
      const match: LineMatch = {
        givenM: line.lengthM,
        matchedM: driveMm(along) / 1000,
        farthestM: line.farthestM(along, limitM),
        problem,
        problemAgainst: '',
      };
      if (direction === 'along' || problem !== '') return { along, against: [], match };
      const reversed = reverseDrive(along);
      const broken = brokenRule(rules, reversed);
      if (broken === null) return { along, against: reversed, match };
      const back = new LineAlignment(graph, index, router, coordinates.toReversed());
      const other = lawful(rules, back.match(Math.min(limitM, OTHER_CARRIAGEWAY_M)));
      if (other.problem === '') return { along, against: other.steps, match };
      const why =
        broken.restriction === NONE
          ? `${streetName(graph, reversed[broken.step].segment)} is one-way along the line`
          : `on the way back ${forbiddenTurn(graph, reversed, broken)}`;
      match.problemAgainst = `${why}, and no carriageway within ${OTHER_CARRIAGEWAY_M} m leads back`;
      return { along, against: [], match };
    },
  };
}

/** A match whose drive breaks no rule, or the problem that it does. */
function lawful(
  rules: Metric,
  match: { steps: DriveStep[]; problem: string },
): { steps: DriveStep[]; problem: string } {
  const broken = brokenRule(rules, match.steps);
  if (broken === null) return match;
  return { steps: [], problem: forbiddenTurn(rules.network.graph, match.steps, broken) };
}

/** `the turn from X into Y is forbidden (restriction 7)`. The places of a line are on open roads, so it is a turn. */
function forbiddenTurn(
  graph: RoadGraph,
  steps: readonly DriveStep[],
  { step, restriction }: BrokenRule,
): string {
  const from = streetName(graph, steps[step - 1].segment);
  const into = streetName(graph, steps[step].segment);
  return `the turn from ${from} into ${into} is forbidden (restriction ${graph.restrictions[restriction].osmId})`;
}

/** For searches by length: the "time" of an arc is its length in millimetres, where the rules let one drive. */
function lengthMetric({ network, arcTimeMs, networkTimeMs, forbidden }: Metric): Metric {
  const { segmentLengthMm, arcSegment } = network.graph;
  const lengthOf = (arc: number): number => Math.min(segmentLengthMm[arcSegment[arc]], UNREACHED_MS - 1);
  return {
    name: 'length',
    network,
    arcTimeMs: arcTimeMs.map((timeMs, arc) => (timeMs === UNREACHED_MS ? timeMs : lengthOf(arc))),
    networkTimeMs: networkTimeMs.map((timeMs, i) =>
      timeMs === UNREACHED_MS ? timeMs : lengthOf(network.roadArc[i]),
    ),
    forbidden,
  };
}
