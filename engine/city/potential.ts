/**
 * Potential coverage: the share of expected calls that a unit standing at home could reach within a time, were it free.
 * A graph question, exact to the millimetre of road; the simulation answers another one (achieved coverage).
 */
import {
  endOfArcMm,
  nodeOfPosition,
  startOfArcMm,
  type EdgeInterval,
  type RoadGraph,
  type RoadPosition,
} from '../graph/road-graph.ts';
import { createRouter } from '../routing/dijkstra-router.ts';
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import { NONE, type Ms } from '../units.ts';
import { meanCallsPerHour, type City } from './city.ts';

export interface PotentialRow {
  /** Class of the zone, `none` outside every zone, null for all calls. */
  zoneClass: string | null;
  /** Expected calls an hour of the group, averaged over the week. */
  callsPerHour: number;
  /** Share of them within each threshold, in the order asked. */
  shares: number[];
}

/**
 * @param thresholdsMs  drive times; the clock runs from wheels turning to the place on the road
 * Cost: one bounded search for each distinct home, profile and threshold, with and without siren.
 */
export function potentialCoverage(city: City, thresholdsMs: readonly Ms[]): PotentialRow[] {
  const zoneClasses = [...new Set(city.zones.map((zone) => zone.class))];
  const groups = [...new Set([null, ...zoneClasses, NO_ZONE_CLASS])];
  const classOfZone = (zone: number): string => (zone === NONE ? NO_ZONE_CLASS : city.zones[zone].class);
  const total = new Map(groups.map((group) => [group, 0]));
  const covered = new Map(groups.map((group) => [group, thresholdsMs.map(() => 0)]));
  const add = (zone: number, weight: number, shares: readonly number[]): void => {
    for (const group of [null, classOfZone(zone)]) {
      total.set(group, total.get(group)! + weight);
      shares.forEach((share, t) => (covered.get(group)![t] += weight * share));
    }
  };

  for (const siren of [true, false]) {
    const reaches = thresholdsMs.map((limitMs) => unionOfReaches(city, siren, limitMs));
    for (const source of city.sources) {
      const weights = source.categoryShares.reduce((sum, share) => sum + share, 0);
      const ofSiren = source.categoryShares.reduce(
        (sum, share, c) => sum + (city.categories[c].siren === siren ? share : 0),
        0,
      );
      const rate = weights > 0 ? (meanCallsPerHour(source) * ofSiren) / weights : 0;
      if (rate === 0) continue;
      const lengthMm = source.cumulativeMm[source.stretches.length];
      source.stretches.forEach((stretch, i) => {
        const ownMm = stretch.toMm - stretch.fromMm;
        const shares = reaches.map((reach) => overlapMm(stretch, reach.get(stretch.segment)) / ownMm);
        add(source.stretchZone[i], (rate * ownMm) / lengthMm, shares);
      });
      source.places.forEach((place, i) => {
        const shares = reaches.map((reach) => (isReached(city.graph, reach, place) ? 1 : 0));
        add(source.placeZone[i], rate / source.places.length, shares);
      });
    }
  }
  return groups
    .filter((group) => total.get(group)! > 0)
    .map((group) => ({
      zoneClass: group,
      callsPerHour: total.get(group)!,
      shares: covered.get(group)!.map((c) => c / total.get(group)!),
    }));
}

type ReachBySegment = Map<number, EdgeInterval[]>;

/** Stretches that any unit can reach from its home; by segment, possibly overlapping. */
function unionOfReaches(city: City, siren: boolean, limitMs: Ms): ReachBySegment {
  const union: ReachBySegment = new Map();
  const done = new Set<string>();
  for (const { home, profile } of city.units) {
    const key = `${profile} ${home.segment} ${home.offsetMm}`;
    if (done.has(key)) continue;
    done.add(key);
    const metrics = city.metrics.get(profile)!;
    for (const stretch of createRouter(siren ? metrics.siren : metrics.calm).reachFrom(
      home,
      limitMs,
    )) {
      const list = union.get(stretch.segment);
      if (list === undefined) union.set(stretch.segment, [stretch]);
      else list.push(stretch);
    }
  }
  return union;
}

/** Length of a stretch that the intervals cover together. */
function overlapMm(stretch: EdgeInterval, intervals: EdgeInterval[] | undefined): number {
  if (intervals === undefined) return 0;
  let atMm = stretch.fromMm;
  let overlap = 0;
  for (const { fromMm, toMm } of [...intervals].sort((a, b) => a.fromMm - b.fromMm)) {
    const from = Math.max(atMm, fromMm);
    const to = Math.min(stretch.toMm, toMm);
    if (to > from) {
      overlap += to - from;
      atMm = to;
    }
  }
  return overlap;
}

/** Whether a place is reached. One at a junction is reached by any of its streets, not only by the one it was put on. */
function isReached(graph: RoadGraph, reach: ReachBySegment, place: RoadPosition): boolean {
  if (holds(reach, place)) return true;
  const node = nodeOfPosition(graph, place);
  if (node === NONE) return false;
  const { firstOut, firstIn, inArc, arcSegment } = graph;
  for (let arc = firstOut[node]; arc < firstOut[node + 1]; arc++) {
    if (holds(reach, { segment: arcSegment[arc], offsetMm: startOfArcMm(graph, arc) })) return true;
  }
  for (let i = firstIn[node]; i < firstIn[node + 1]; i++) {
    const arc = inArc[i];
    if (holds(reach, { segment: arcSegment[arc], offsetMm: endOfArcMm(graph, arc) })) return true;
  }
  return false;
}

const holds = (reach: ReachBySegment, { segment, offsetMm }: RoadPosition): boolean =>
  reach.get(segment)?.some(({ fromMm, toMm }) => offsetMm >= fromMm && offsetMm <= toMm) ?? false;
