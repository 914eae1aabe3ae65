/** Drive times of units to a call, from where the dispatcher sees them; and the nearest of them. */
import type { Candidate } from '../dispatch/dispatch.ts';
import { UNREACHED_MS, type UnitIx } from '../units.ts';
import { metricNow, seenPositionOf } from './driving.ts';
import { availableUnits } from './fleet-views.ts';
import type { CallState, Simulation } from './state.ts';

/** Times of units to a call, in the order given; UNREACHED_MS without a way. */
export function timesTo(sim: Simulation, units: readonly UnitIx[], call: CallState): Candidate[] {
  const { siren } = sim.city.categories[call.category];
  const byProfile = new Map<string, UnitIx[]>();
  for (const unit of units) {
    const { profile } = sim.units[unit].of;
    const group = byProfile.get(profile);
    if (group === undefined) byProfile.set(profile, [unit]);
    else group.push(unit);
  }
  const timeMs = new Map<UnitIx, number>();
  for (const [profile, group] of byProfile) {
    const from = group.map((unit) => seenPositionOf(sim, sim.units[unit]));
    const times = metricNow(sim, profile, siren).router.timesTo(from, call.place);
    group.forEach((unit, i) => timeMs.set(unit, times[i]));
  }
  return units.map((unit) => ({ unit, travelTimeMs: timeMs.get(unit)! }));
}

/** The `count` nearest available units, nearest first, lowest unit on a tie; those without a way are left out. */
export function nearestUnits(sim: Simulation, call: CallState, count: number): Candidate[] {
  if (sim.finder !== null) return sim.finder.nearest(sim, call, count);
  return timesTo(sim, availableUnits(sim, call), call)
    .filter(({ travelTimeMs }) => travelTimeMs < UNREACHED_MS)
    .sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit)
    .slice(0, count);
}
