/** The nearest available units to a call: one search towards the call for each profile in use, stopped at the last one needed. */
import type { Candidate } from '../dispatch/dispatch.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { directTimeMs, entriesOf, exitsOf } from '../routing/position-ends.ts';
import { NONE, UNREACHED_MS, type Ms, type UnitIx } from '../units.ts';
import { positionOf, type Simulation } from './state.ts';

/**
 * The `count` nearest of `units` by drive time to a place, nearest first, lowest unit on a tie; units without a way are
 * left out. Cost: a Dijkstra that ends with the count-th unit.
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
  for (const [profile, group] of byProfile)
    found.push(...nearestOfProfile(sim, group, to, profile, siren, count));
  return found.sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit).slice(0, count);
}

function nearestOfProfile(
  sim: Simulation,
  units: readonly UnitIx[],
  to: RoadPosition,
  profile: string,
  siren: boolean,
  count: number,
): Candidate[] {
  const { graph } = sim.city;
  const { arcTimeMs } = sim.routerOf(profile, siren).metric;
  const best = new Map<UnitIx, Ms>();
  const improve = (unit: UnitIx, timeMs: Ms): void => {
    if (timeMs < (best.get(unit) ?? UNREACHED_MS)) best.set(unit, timeMs);
  };
  /** Units that leave their road at a node, and the time they take to it. */
  const unitsAt = new Map<number, { unit: UnitIx; timeMs: Ms }[]>();
  for (const unit of units) {
    const here = positionOf(sim, sim.units[unit]);
    improve(unit, directTimeMs(graph, arcTimeMs, here, to));
    for (const exit of exitsOf(graph, arcTimeMs, here)) {
      const list = unitsAt.get(exit.node);
      if (list === undefined) unitsAt.set(exit.node, [{ unit, timeMs: exit.timeMs }]);
      else list.push({ unit, timeMs: exit.timeMs });
    }
  }
  const { search } = sim;
  search.start(arcTimeMs, 'in');
  for (const entry of entriesOf(graph, arcTimeMs, to)) search.seed(entry.node, entry.timeMs);
  /** Nobody slower than this can be among the `count` nearest. */
  let enoughMs = countTh(best, count);
  while (search.nextTime() <= enoughMs) {
    const node = search.settle(UNREACHED_MS - 1);
    if (node === NONE) break;
    const here = unitsAt.get(node);
    if (here === undefined) continue;
    for (const { unit, timeMs } of here) improve(unit, search.timeOf(node) + timeMs);
    enoughMs = countTh(best, count);
  }
  return [...best].map(([unit, travelTimeMs]) => ({ unit, travelTimeMs }));
}

/** The count-th smallest time known so far, UNREACHED_MS when there are fewer. */
function countTh(best: ReadonlyMap<UnitIx, Ms>, count: number): Ms {
  if (best.size < count) return UNREACHED_MS;
  return [...best.values()].sort((a, b) => a - b)[count - 1];
}
