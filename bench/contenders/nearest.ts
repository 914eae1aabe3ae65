/**
 * The nearest free unit by plain Dijkstra: from the incident against the traffic until no unit that is left can be
 * nearer. Free units hang in lists at the states they can drive to first, so that moving one costs next to nothing.
 */
import type { RoadPosition } from '../../engine/graph/road-graph.ts';
import { DijkstraSearch } from '../../engine/routing/dijkstra.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import { directTimeMs, entriesOf, exitsOf } from '../../engine/routing/position-ends.ts';
import { NONE, UNREACHED_MS, type Ms } from '../../engine/units.ts';

export interface NearestContender {
  move: (unit: number, position: RoadPosition) => void;
  setFree: (unit: number, free: boolean) => void;
  /** The free unit that is there first, the lowest on a tie; its number into `found.unit` (NONE where none gets there). */
  nearest: (incident: RoadPosition, found: { unit: number; timeMs: Ms }) => void;
  /** Counters of what was done so far. */
  work: () => Record<string, number>;
}

/** Exits of a unit: at most one in each direction of its street. */
const EXITS = 2;

export function nearestByDijkstra(metric: Metric, nUnits: number): NearestContender {
  const { network } = metric;
  const search = new DijkstraSearch(metric);
  const positions: RoadPosition[] = Array.from({ length: nUnits }, () => ({ segment: NONE, offsetMm: 0 }));
  const isFree = new Uint8Array(nUnits);
  /** Links (EXITS for each unit) of the list at each state and of the units on each segment. */
  const firstAt = new Uint32Array(network.nStates).fill(NONE);
  const next = new Uint32Array(EXITS * nUnits).fill(NONE);
  const before = new Uint32Array(EXITS * nUnits).fill(NONE);
  const stateOf = new Uint32Array(EXITS * nUnits).fill(NONE);
  const timeOf = new Uint32Array(EXITS * nUnits);
  const unitsOn = new Map<number, Set<number>>();

  const unlink = (unit: number): void => {
    for (let link = EXITS * unit; link < EXITS * (unit + 1); link++) {
      if (stateOf[link] === NONE) continue;
      if (before[link] === NONE) firstAt[stateOf[link]] = next[link];
      else next[before[link]] = next[link];
      if (next[link] !== NONE) before[next[link]] = before[link];
      stateOf[link] = NONE;
    }
    const { segment } = positions[unit];
    const units = unitsOn.get(segment);
    if (units?.delete(unit) && units.size === 0) unitsOn.delete(segment);
  };
  const link = (unit: number): void => {
    exitsOf(metric, positions[unit]).forEach(({ state, timeMs }, i) => {
      const own = EXITS * unit + i;
      stateOf[own] = state;
      timeOf[own] = timeMs;
      before[own] = NONE;
      next[own] = firstAt[state];
      if (next[own] !== NONE) before[next[own]] = own;
      firstAt[state] = own;
    });
    const { segment } = positions[unit];
    const units = unitsOn.get(segment);
    if (units === undefined) unitsOn.set(segment, new Set([unit]));
    else units.add(unit);
  };

  return {
    move(unit, position) {
      if (isFree[unit] === 1) unlink(unit);
      positions[unit] = position;
      if (isFree[unit] === 1) link(unit);
    },
    setFree(unit, free) {
      if (free === (isFree[unit] === 1)) return;
      isFree[unit] = free ? 1 : 0;
      if (free) link(unit);
      else unlink(unit);
    },
    nearest(incident, found) {
      let best = UNREACHED_MS;
      let nearest = NONE;
      const consider = (unit: number, timeMs: Ms): void => {
        if (timeMs > best || (timeMs === best && unit >= nearest)) return;
        best = timeMs;
        nearest = unit;
      };
      for (const unit of unitsOn.get(incident.segment) ?? [])
        consider(unit, directTimeMs(metric, positions[unit], incident));
      search.start('in');
      for (const entry of entriesOf(metric, incident)) search.seed(entry.state, entry.timeMs);
      while (search.nextTime() <= best) {
        const state = search.settle(UNREACHED_MS - 1);
        if (state === NONE) break;
        for (let at = firstAt[state]; at !== NONE; at = next[at])
          consider(Math.floor(at / EXITS), search.timeOf(state) + timeOf[at]);
      }
      found.unit = best === UNREACHED_MS ? NONE : nearest;
      found.timeMs = best;
    },
    work: () => ({ statesSettled: search.nSettled }),
  };
}
