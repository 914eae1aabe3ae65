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
import type { Metric } from '../routing/metric.ts';
import { ReachQuery } from '../routing/reach-query.ts';
import { NO_ZONE_CLASS } from '../scenario/schema.ts';
import { worksInRun } from '../scenario/shifts-in-run.ts';
import { timeInPeriods } from '../scenario/traffic.ts';
import { HOURS_PER_WEEK, MS_PER_HOUR, NONE, type Ms } from '../units.ts';
import { meanCallsPerHour, partOfPlace, type City, type DemandSource } from './city.ts';
import { metricOf, type TripConditions } from './metrics.ts';

export interface PotentialRow {
  /** Class of the zone, `none` outside every zone, null for all calls. */
  zoneClass: string | null;
  /** Expected calls an hour of the group, averaged over the week. */
  callsPerHour: number;
  /** Share of them within each threshold, in the order asked. */
  shares: number[];
}

/**
 * For all calls, then by zone class. Calls count by the period of traffic in which they are expected.
 * @param thresholdsMs  drive times; the clock runs from wheels turning to the place on the road
 * Cost: one bounded search for each distinct home, profile and period, with and without siren.
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

  const inPeriods = city.sources.map((source) => callsPerHourByPeriod(city, source));
  for (const { siren, period } of conditionsOf(inPeriods)) {
    const reaches = unionsOfReaches(city, { siren, period }, thresholdsMs);
    for (const [s, source] of city.sources.entries()) {
      const weights = source.categoryShares.reduce((sum, share) => sum + share, 0);
      const ofSiren = source.categoryShares.reduce(
        (sum, share, c) => sum + (city.categories[c].siren === siren ? share : 0),
        0,
      );
      const rate = weights > 0 ? ((inPeriods[s].get(period) ?? 0) * ofSiren) / weights : 0;
      if (rate === 0) continue;
      const lengthMm = source.cumulativeMm[source.stretches.length];
      source.stretches.forEach((stretch, i) => {
        const ownMm = stretch.toMm - stretch.fromMm;
        const shares = reaches.map((reach) => overlapMm(stretch, reach.get(stretch.segment)) / ownMm);
        add(source.stretchZone[i], (rate * ownMm) / lengthMm, shares);
      });
      const rateOf = partOfPlace(source, rate);
      source.places.forEach((place, i) => {
        const shares = reaches.map((reach) => (isReached(city.graph, reach, place) ? 1 : 0));
        add(source.placeZone[i], rateOf(i), shares);
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

/** Expected calls an hour of a source, averaged over the week, by the period of traffic in which they come. */
function callsPerHourByPeriod({ scenario }: City, source: DemandSource): Map<number, number> {
  const { traffic } = scenario;
  if (traffic.periods.length === 0) return new Map([[NONE, meanCallsPerHour(source)]]);
  const fromMonday = { traffic, run: { start: { text: '', hourOfWeek: 0, msIntoHour: 0, msIntoDay: 0 } } };
  const calls = new Map<number, number>();
  source.callsPerHour.forEach((rate, hour) => {
    const inHour = timeInPeriods(fromMonday, hour * MS_PER_HOUR, (hour + 1) * MS_PER_HOUR);
    for (const [period, ms] of inHour) {
      calls.set(period, (calls.get(period) ?? 0) + (rate * ms) / MS_PER_HOUR / HOURS_PER_WEEK);
    }
  });
  return calls;
}

/** With and without siren in every period in which calls come, the rest of the week last. */
function conditionsOf(inPeriods: readonly Map<number, number>[]): { siren: boolean; period: number }[] {
  const periods = [...new Set(inPeriods.flatMap((calls) => [...calls.keys()]))].sort((a, b) => a - b);
  return [true, false].flatMap((siren) => periods.map((period) => ({ siren, period })));
}

type ReachBySegment = Map<number, EdgeInterval[]>;

/** Stretches that any unit that works in the run can reach from its home within each of the limits; by segment, possibly overlapping. */
function unionsOfReaches(city: City, conditions: TripConditions, limitsMs: readonly Ms[]): ReachBySegment[] {
  const unions = limitsMs.map((): ReachBySegment => new Map());
  const queries = new Map<Metric, ReachQuery>();
  const done = new Set<string>();
  for (const { home, profile } of city.units.filter(worksInRun(city.scenario))) {
    const key = `${profile} ${home.segment} ${home.offsetMm}`;
    if (done.has(key)) continue;
    done.add(key);
    const metric = metricOf(city, profile, conditions);
    let query = queries.get(metric);
    if (query === undefined) queries.set(metric, (query = new ReachQuery(metric)));
    query.from(home, limitsMs).forEach((reach, l) => {
      for (const stretch of reach) {
        const list = unions[l].get(stretch.segment);
        if (list === undefined) unions[l].set(stretch.segment, [stretch]);
        else list.push(stretch);
      }
    });
  }
  return unions;
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
