/** The hypercube model of a city while the same units are on duty: atoms, lists, drives and what service holds besides them. */
import type { City } from '../city/city.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { Ms } from '../units.ts';
import type { DemandAtoms } from './atoms.ts';
import { categoryRates, mixed, sourceRates, timeBesidesDrive, unitsSent, type Moments } from './calls.ts';
import { periodShares, type Drives, type PeriodShares } from './drives.ts';
import type { DutyPiece } from './duty-pieces.ts';
import type { HypercubeModel } from './hypercube-model.ts';
import type { TravelTimes } from './measures.ts';

export interface PieceModel {
  /** Rates by the hour; service rates are set by calibration. */
  hypercube: HypercubeModel;
  travel: TravelTimes;
  /** By unit: time of a call besides the drive to it; in the variance the way back to a post does not count. */
  besidesDrive: Moments[];
  /** Mean drive of the nearest unit, where calibration starts. */
  nearestDriveMs: number;
  /** Zone of each atom, or NONE. */
  zone: Uint32Array;
  /** Calls (not units sent) of each atom an hour that units go to. */
  atomCalls: Float64Array;
  /** Drives to each atom from where units become free: row by row of `freed`, each as long as there are atoms. */
  freed: FreedUnits[];
  callsPerHour: number;
  callsAtDeskPerHour: number;
  callsToUnitsPerHour: number;
  unitCallsPerHour: number;
}

/** Units that answer a waiting call from the same places. */
interface FreedUnits {
  /** Places in the model's list of units. */
  units: number[];
  /**
   * Rows by place where such a unit may become free, columns by atom; none for units that drive from their base even then.
   */
  fromMs: Float64Array[];
  /** Chance of each of these places; adds up to 1. */
  chance: Float64Array;
}

/** Places at which units become free, at most: enough for a mean drive within some per cent. */
const FREED_AT = 48;

/** Where calls come from, in few places. */
interface Origins {
  positions: RoadPosition[];
  chance: Float64Array;
}

/** @returns null where no call asks for a unit */
export function buildPiece(
  city: City,
  {
    atoms,
    drives,
    piece,
    ties,
  }: { atoms: DemandAtoms; drives: Drives; piece: DutyPiece; ties: 'lowest' | 'shared' },
): PieceModel | null {
  const { categories, scenario } = city;
  const rates = categoryRates(city, sourceRates(city, piece.spans));
  const demand = placeAtoms(city, atoms, rates);
  const nAtoms = demand.place.length;
  if (nAtoms === 0) return null;
  const periods = periodShares(city, piece.spans);
  const nUnits = piece.units.length;

  const fromBase = new Float64Array(nAtoms * nUnits);
  piece.units.forEach((unit, n) => {
    forEachSiren(demand.siren, (siren, isOf) => {
      const timesMs = drives.fromBase(unit, siren, periods);
      for (let a = 0; a < nAtoms; a++) if (isOf(a)) fromBase[a * nUnits + n] = timesMs[demand.place[a]];
    });
  });
  const origins = originsOf(demand, atoms.positions);
  const freed = freedUnits(city, piece.units, { demand, drives, periods, origins });
  const fromQueue = new Float64Array(nAtoms * nUnits);
  for (const { units, fromMs, chance } of freed) {
    if (fromMs.length === 0) {
      for (const n of units)
        for (let at = n; at < fromQueue.length; at += nUnits) fromQueue[at] = fromBase[at];
      continue;
    }
    for (let a = 0; a < nAtoms; a++) {
      const meanMs = fromMs.reduce((sum, row, i) => sum + chance[i] * row[a], 0);
      for (const n of units) fromQueue[a * nUnits + n] = meanMs;
    }
  }

  // means over the calls that units are sent to
  const weights = categories.map((category, c) =>
    rates.reduce((sum, ofSource) => sum + ofSource[c] * unitsSent(category), 0),
  );
  const unitCalls = weights.reduce((sum, weight) => sum + weight, 0);
  const besidesOf = new Map<string, Moments>();
  const besidesDrive = piece.units.map((unit): Moments => {
    const { profile, home, answersFrom } = city.units[unit];
    let besides = besidesOf.get(profile);
    if (besides === undefined) {
      const asked = [...categories.keys()].filter((c) => weights[c] > 0);
      const times = asked.map((c) => {
        const { transport } = categories[c];
        if (transport === null || transport.share === 0) return timeBesidesDrive(scenario, categories[c], 0);
        const there = city.destinations.filter(({ kind }) => kind === transport.kind);
        const to = there.map(({ position }) => position);
        return timeBesidesDrive(scenario, categories[c], drives.meanToNearest(origins, to, profile, periods));
      });
      besides = mixed(
        times,
        asked.map((c) => weights[c] / unitCalls),
      );
      besidesOf.set(profile, besides);
    }
    if (answersFrom !== 'post') return besides;
    // out of reach until it is back
    const backMs = drives.meanToNearest(origins, [home], profile, periods);
    return { ...besides, meanMs: besides.meanMs + backMs };
  });

  const { preference, tied } = preferences(fromBase, nAtoms, nUnits, ties);
  let nearestDriveMs: Ms = 0;
  for (let a = 0; a < nAtoms; a++)
    nearestDriveMs += (demand.callRate[a] * fromBase[a * nUnits + preference[a * nUnits]]) / unitCalls;
  let all = 0;
  let atDesk = 0;
  for (const ofSource of rates) {
    ofSource.forEach((rate, c) => {
      all += rate;
      atDesk += rate * categories[c].triageShare;
    });
  }
  return {
    hypercube: {
      nUnits,
      nAtoms,
      callRate: demand.callRate,
      serviceRate: new Float64Array(nUnits),
      waitingPlaces: waitingPlacesOf(scenario),
      preference,
      tied,
    },
    travel: { fromBase, fromQueue },
    besidesDrive,
    nearestDriveMs,
    zone: demand.zone,
    atomCalls: demand.calls,
    freed,
    callsPerHour: all,
    callsAtDeskPerHour: atDesk,
    callsToUnitsPerHour: demand.calls.reduce((sum, rate) => sum + rate, 0),
    unitCallsPerHour: unitCalls,
  };
}

const waitingPlacesOf = ({ queue }: City['scenario']): number =>
  queue.type === 'none' ? 0 : queue.type === 'finite' ? queue.places : Infinity;

interface PlacedAtoms {
  /** Index into DemandAtoms.positions. */
  place: Uint32Array;
  zone: Uint32Array;
  /** 1 where units drive there with siren. */
  siren: Uint8Array;
  /** Units sent there an hour. */
  callRate: Float64Array;
  /** Calls that units go to, an hour. */
  calls: Float64Array;
}

/** One atom for each place that calls come from, apart for calls with and without siren. */
function placeAtoms(
  { categories }: City,
  { positions, zone, parts }: DemandAtoms,
  rates: readonly Float64Array[],
): PlacedAtoms {
  const nPlaces = positions.length;
  const unitRate = new Float64Array(2 * nPlaces);
  const calls = new Float64Array(2 * nPlaces);
  // of each source, by siren
  const sums = rates.map((ofSource) => {
    const ofSiren = { units: [0, 0], calls: [0, 0] };
    ofSource.forEach((rate, c) => {
      const siren = categories[c].siren ? 1 : 0;
      ofSiren.units[siren] += rate * unitsSent(categories[c]);
      ofSiren.calls[siren] += rate * (1 - categories[c].triageShare);
    });
    return ofSiren;
  });
  for (const { place, source, share } of parts) {
    for (const siren of [0, 1]) {
      unitRate[2 * place + siren] += share * sums[source].units[siren];
      calls[2 * place + siren] += share * sums[source].calls[siren];
    }
  }
  const kept = [...unitRate.keys()].filter((at) => unitRate[at] > 0);
  return {
    place: Uint32Array.from(kept, (at) => at >> 1),
    zone: Uint32Array.from(kept, (at) => zone[at >> 1]),
    siren: Uint8Array.from(kept, (at) => at & 1),
    callRate: Float64Array.from(kept, (at) => unitRate[at]),
    calls: Float64Array.from(kept, (at) => calls[at]),
  };
}

/** For the kinds of atoms that there are. */
function forEachSiren(
  sirens: Uint8Array,
  take: (siren: boolean, isOf: (atom: number) => boolean) => void,
): void {
  for (const kind of [0, 1]) if (sirens.includes(kind)) take(kind === 1, (atom) => sirens[atom] === kind);
}

/** All atoms by their rates; where they are many, some drawn evenly along the running sum of rates. */
function originsOf({ callRate, place }: PlacedAtoms, positions: readonly RoadPosition[]): Origins {
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
function freedUnits(
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

/** Units by drive from their base, the lowest first on a tie; `shared` marks the ties. */
function preferences(
  fromBase: Float64Array,
  nAtoms: number,
  nUnits: number,
  ties: 'lowest' | 'shared',
): Pick<HypercubeModel, 'preference' | 'tied'> {
  const preference = new Uint16Array(nAtoms * nUnits);
  const tied = ties === 'shared' ? new Uint8Array(nAtoms * nUnits) : null;
  const order = Array.from({ length: nUnits }, (_, n) => n);
  for (let at = 0; at < preference.length; at += nUnits) {
    order.sort((a, b) => fromBase[at + a] - fromBase[at + b] || a - b);
    for (let rank = 0; rank < nUnits; rank++) {
      preference[at + rank] = order[rank];
      if (tied === null || rank === 0) continue;
      if (fromBase[at + order[rank]] === fromBase[at + order[rank - 1]]) tied[at + rank - 1] = 1;
    }
  }
  return { preference, tied };
}
