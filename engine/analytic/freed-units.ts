/** Where units become free, and their drives from there to a call that waited. */
import type { City } from '../city/city.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { Drives, PeriodShares } from './drives.ts';
import { forEachSiren, type PlacedAtoms } from './placed-atoms.ts';

/** Units that answer a waiting call from the same places. */
export interface FreedUnits {
  /** Places in the model's list of units. */
  units: number[];
  /**
   * Rows by place where such a unit may become free, columns by atom; none for units that drive from their base even then.
   */
  fromMs: Float64Array[];
  /** Chance of each of these places; adds up to 1. */
  chance: Float64Array;
}

/** Where calls come from, in few places. */
export interface Origins {
  positions: RoadPosition[];
  chance: Float64Array;
}

/** Places at which units become free, at most: enough for a mean drive within some per cent. */
const FREED_AT = 48;

/** All atoms by their rates; where they are many, some drawn evenly along the running sum of rates. */
export function originsOf({ callRate, place }: PlacedAtoms, positions: readonly RoadPosition[]): Origins {
  const all = callRate.reduce((sum, rate) => sum + rate, 0);
  if (callRate.length <= FREED_AT) {
    return {
      positions: Array.from(place, (p) => positions[p]),
      chance: callRate.map((rate) => rate / all),
    };
  }
  const found: RoadPosition[] = [];
  let sum = 0;
  callRate.forEach((rate, atom) => {
    sum += rate;
    while (found.length < FREED_AT && sum > ((found.length + 0.5) * all) / FREED_AT)
      found.push(positions[place[atom]]);
  });
  return { positions: found, chance: new Float64Array(found.length).fill(1 / found.length) };
}

/** Units that answer from their posts do so from the queue too; others drive from where they were. */
export function freedUnits(
  city: City,
  units: readonly number[],
  {
    demand,
    drives,
    periods,
    origins,
  }: {
    demand: PlacedAtoms;
    drives: Drives;
    periods: PeriodShares;
    origins: Origins;
  },
): FreedUnits[] {
  const groups = new Map<string, number[]>();
  units.forEach((unit, n) => {
    const { profile, answersFrom } = city.units[unit];
    const key = answersFrom === 'post' ? `post ${n}` : `anywhere ${profile}`;
    groups.set(key, [...(groups.get(key) ?? []), n]);
  });
  return [...groups.values()].map((group) => {
    const { profile, answersFrom } = city.units[units[group[0]]];
    if (answersFrom === 'post') return { units: group, fromMs: [], chance: new Float64Array(0) };
    const fromMs = origins.positions.map((origin) => {
      const row = new Float64Array(demand.place.length);
      forEachSiren(demand.siren, (siren, isOf) => {
        const timesMs = drives.fromPlace(origin, profile, siren, periods);
        for (let a = 0; a < row.length; a++) if (isOf(a)) row[a] = timesMs[demand.place[a]];
      });
      return row;
    });
    return { units: group, fromMs, chance: origins.chance };
  });
}

/**
 * Drive of each unit to a call that waited, the mean over where it may become free.
 * @param fromBase  row-major, atoms x units: drives from the bases
 * @returns row-major, atoms x units
 */
export function drivesFromQueue(
  freed: readonly FreedUnits[],
  fromBase: Float64Array,
  nUnits: number,
): Float64Array {
  const fromQueue = new Float64Array(fromBase.length);
  for (const { units, fromMs, chance } of freed) {
    if (fromMs.length === 0) {
      for (const n of units)
        for (let at = n; at < fromQueue.length; at += nUnits) fromQueue[at] = fromBase[at];
      continue;
    }
    for (let atom = 0; atom < fromQueue.length / nUnits; atom++) {
      const meanMs = fromMs.reduce((sum, row, i) => sum + chance[i] * row[atom], 0);
      for (const n of units) fromQueue[atom * nUnits + n] = meanMs;
    }
  }
  return fromQueue;
}
