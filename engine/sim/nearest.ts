/** The nearest available units to a call, by drive time from where they are. */
import { metricOf } from '../city/metrics.ts';
import type { Candidate } from '../dispatch/dispatch.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { Metric } from '../routing/metric.ts';
import { createNearestUnits, FEW_UNITS, type NearestUnits } from '../routing/nearest-units.ts';
import { periodAt } from '../scenario/traffic.ts';
import { UNREACHED_MS, type UnitIx } from '../units.ts';
import { positionOf, type Simulation } from './state.ts';

/** What finds units for the metrics of a replication, each made when first needed. */
export type Finders = Map<Metric, NearestUnits>;

/**
 * The `count` nearest of `units` by drive time to a place, nearest first, lowest unit on a tie; units without a way are
 * left out.
 * @param units  in rising order
 */
export function nearestUnits(
  sim: Simulation,
  units: readonly UnitIx[],
  to: RoadPosition,
  siren: boolean,
  count: number,
): Candidate[] {
  const byProfile = new Map<string, UnitIx[]>();
  for (const unit of units) {
    const { profile } = sim.city.units[unit];
    const list = byProfile.get(profile);
    if (list === undefined) byProfile.set(profile, [unit]);
    else list.push(unit);
  }
  const found: Candidate[] = [];
  for (const [profile, group] of byProfile) {
    const finder = group.length > FEW_UNITS ? finderOf(sim, profile, siren) : null;
    if (finder !== null) {
      follow(sim, finder, group);
      found.push(...finder.nearest(to, count, (unit) => positionOf(sim, sim.units[unit])));
      continue;
    }
    const from = group.map((unit) => positionOf(sim, sim.units[unit]));
    const timesMs = sim.routerOf(profile, siren).timesTo(from, to);
    group.forEach((unit, i) => {
      if (timesMs[i] !== UNREACHED_MS) found.push({ unit, travelTimeMs: timesMs[i] });
    });
  }
  return found.sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit).slice(0, count);
}

/** Null for a metric without labels. */
function finderOf(sim: Simulation, profile: string, siren: boolean): NearestUnits | null {
  const period = periodAt(sim.city.scenario, sim.nowMs);
  const metric = metricOf(sim.city, profile, { siren, period });
  if (metric.labels === undefined) return null;
  let finder = sim.finders.get(metric);
  if (finder === undefined) {
    finder = createNearestUnits(metric, sim.units.length);
    sim.finders.set(metric, finder);
  }
  return finder;
}

/** Tells the finder who can be found, and on which segment each is by now. */
function follow(sim: Simulation, finder: NearestUnits, group: readonly UnitIx[]): void {
  let next = 0;
  for (let unit = 0; unit < sim.units.length; unit++) {
    if (group[next] !== unit) {
      finder.remove(unit);
      continue;
    }
    next++;
    const { segment } = positionOf(sim, sim.units[unit]);
    if (finder.segmentOf(unit) !== segment) finder.put(unit, segment);
  }
}
