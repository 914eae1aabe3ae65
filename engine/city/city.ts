/**
 * The scenario on its roads: every zone, point, line, post and unit stands on the network. Immutable; all later
 * stages read it. Indices are positions in these lists, which keep the order of the scenario.
 */
import type { DriveStep, EdgeInterval, RoadPosition } from '../graph/road-graph.ts';
import type { DemandCategory, Scenario, UnitSpec } from '../scenario/scenario.ts';
import type { Ms } from '../units.ts';
import type { CallsOnRoads } from './calls-on-roads.ts';
import type { MetricSource } from './metrics.ts';

/** Its travel times are those of `metricOf`. */
export interface City extends MetricSource {
  scenario: Scenario;
  /** 1 for each segment that every profile in use can reach and leave: where places lie and calls come from. */
  usable: Uint8Array;
  zones: ZoneOnRoads[];
  points: PointOnRoads[];
  lines: LineOnRoads[];
  posts: PostOnRoads[];
  destinations: DestinationOnRoads[];
  units: UnitOnRoads[];
  /** Demand by source, on roads; empty when calls are replayed. */
  sources: DemandSource[];
  /** Calls of a file that are replayed; null for random demand. */
  calls: CallsOnRoads | null;
  categories: DemandCategory[];
  /** What was moved, matched or left out on the way, in words and numbers. */
  report: CityReport;
}

export interface ZoneOnRoads {
  id: string;
  name: string;
  class: string;
  /** Road stretches inside the zone that lie before no other zone of the list; usable roads only. */
  stretches: EdgeInterval[];
  lengthMm: number;
}

export interface SnappedPlace {
  position: RoadPosition;
  /** Distance from the given place to the road. */
  snapDistanceM: number;
}

export interface PointOnRoads extends SnappedPlace {
  id: string;
  name: string;
  /** Index into zones or NONE. */
  zone: number;
  visitsPerShift: number;
  dwellMs: Ms;
  longestGapMs: Ms | null;
}

export interface LineOnRoads {
  id: string;
  name: string;
  passesPerShift: number;
  direction: 'along' | 'both';
  /** Steps along the line, joined end to end; empty when it could not be matched. */
  along: DriveStep[];
  /** Steps against the line; empty unless its direction is `both` and the streets are open that way. */
  against: DriveStep[];
  match: LineMatch;
}

/** How well a line was matched onto road segments. */
export interface LineMatch {
  /** Length of the given line and of the matched drive. */
  givenM: number;
  matchedM: number;
  /** Largest distance of a given point from the matched drive. */
  farthestM: number;
  /** Empty when matched; otherwise why not. */
  problem: string;
  /** Empty, or why the way back of a `both` line is not driven. */
  problemAgainst: string;
}

export interface PostOnRoads extends SnappedPlace {
  id: string;
  name: string;
}

export interface DestinationOnRoads extends SnappedPlace {
  id: string;
  name: string;
  kind: string;
}

export interface UnitOnRoads extends Omit<UnitSpec, 'post'> {
  /** Index into posts, or NONE for a unit that placement gave a site. */
  post: number;
  /** Where it stands when idle. */
  home: RoadPosition;
}

export interface DemandSource {
  /** Calls are uniform over the length of these stretches; empty for a source of places. */
  stretches: EdgeInterval[];
  /** Zone of each stretch, or NONE. */
  stretchZone: number[];
  /** Running sum of stretch lengths, one entry more than stretches. */
  cumulativeMm: Float64Array;
  /** Calls come to these places, each alike or by its weight; empty for a source of roads. */
  places: RoadPosition[];
  /** Zone of each place, or NONE. */
  placeZone: number[];
  /** Running sum of whole weights, one entry more than places; null where all are alike. */
  cumulativeWeight: Float64Array | null;
  callsPerHour: number[];
  categoryShares: number[];
}

/** Calls an hour of a source, averaged over the week. */
export const meanCallsPerHour = ({ callsPerHour }: Pick<DemandSource, 'callsPerHour'>): number =>
  callsPerHour.reduce((sum, rate) => sum + rate, 0) / callsPerHour.length;

/** What of an amount falls to each place of a source: by weight, or to each alike. */
export function partOfPlace(
  { places, cumulativeWeight }: Pick<DemandSource, 'places' | 'cumulativeWeight'>,
  amount: number,
): (place: number) => number {
  if (cumulativeWeight === null) {
    const each = amount / places.length;
    return () => each;
  }
  const total = cumulativeWeight[places.length];
  return (place) => (amount * (cumulativeWeight[place + 1] - cumulativeWeight[place])) / total;
}

export interface CityReport {
  /** Warnings for people, in the order found. */
  warnings: string[];
  /** Rows of each `places` source or call file left out because no road is within snapLimitM, by file. */
  placesOffRoad: Record<string, number>;
  /** Names of metrics of the run whose labels did not fit the memory. */
  withoutLabels: string[];
  /** Farthest any point, post or place was moved onto its road. */
  farthestSnapM: number;
}
