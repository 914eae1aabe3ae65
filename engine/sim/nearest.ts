/** The nearest available units to a call, by drive time from where they are. */
import type { Candidate } from '../dispatch/dispatch.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { UNREACHED_MS, type UnitIx } from '../units.ts';
import { positionOf, type Simulation } from './state.ts';

/**
 * The `count` nearest of `units` by drive time to a place, nearest first, lowest unit on a tie; units without a way are
 * left out. Cost: one times-to query for each profile in use.
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
    const from = group.map((unit) => positionOf(sim, sim.units[unit]));
    const timesMs = sim.routerOf(profile, siren).timesTo(from, to);
    group.forEach((unit, i) => {
      if (timesMs[i] !== UNREACHED_MS) found.push({ unit, travelTimeMs: timesMs[i] });
    });
  }
  return found.sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit).slice(0, count);
}
