/** The hypercube model of a city while the same units are on duty: atoms, lists, drives and what service holds besides them. */
import type { City } from '../city/city.ts';
import type { Ms } from '../units.ts';
import type { DemandAtoms } from './atoms.ts';
import { categoryRates, mixed, sourceRates, timeBesidesDrive, unitsSent, type Moments } from './calls.ts';
import { periodShares, type Drives, type PeriodShares } from './drives.ts';
import type { DutyPiece } from './duty-pieces.ts';
import { drivesFromQueue, freedUnits, originsOf, type FreedUnits, type Origins } from './freed-units.ts';
import type { HypercubeModel } from './hypercube-model.ts';
import type { TravelTimes } from './measures.ts';
import { forEachSiren, placeAtoms } from './placed-atoms.ts';

export interface PieceModel {
  /** Rates by the hour. How fast units serve depends on their drives: `calibrate.ts` finds it. */
  hypercube: Omit<HypercubeModel, 'serviceRate'>;
  travel: TravelTimes;
  /** By unit: time of a call besides the drive to it; in the variance the way back to a post does not count. */
  besidesDrive: Moments[];
  /** Mean drive of the nearest unit, where calibration starts. */
  nearestDriveMs: number;
  /** Zone of each atom, or NONE. */
  zone: Uint32Array;
  /** Calls (not units sent) of each atom an hour that units go to. */
  atomCalls: Float64Array;
  /** Where units take up waiting calls, and their drives from there to each atom. */
  freed: FreedUnits[];
  callsPerHour: number;
  callsAtDeskPerHour: number;
  callsToUnitsPerHour: number;
  unitCallsPerHour: number;
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
  const fromQueue = drivesFromQueue(freed, fromBase, nUnits);

  // means over the calls that units are sent to
  const weights = categories.map((category, c) =>
    rates.reduce((sum, ofSource) => sum + ofSource[c] * unitsSent(category), 0),
  );
  const unitCalls = weights.reduce((sum, weight) => sum + weight, 0);
  const besidesDrive = timesBesidesDrives(city, piece.units, { weights, drives, periods, origins });

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

/** By unit, over the categories by `weights`, the units sent to them an hour. */
function timesBesidesDrives(
  { units, categories, destinations, scenario }: City,
  ofPiece: readonly number[],
  {
    weights,
    drives,
    periods,
    origins,
  }: { weights: readonly number[]; drives: Drives; periods: PeriodShares; origins: Origins },
): Moments[] {
  const asked = [...categories.keys()].filter((c) => weights[c] > 0);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const ofProfile = new Map<string, Moments>();
  const besidesFor = (profile: string): Moments => {
    const known = ofProfile.get(profile);
    if (known !== undefined) return known;
    const times = asked.map((c) => {
      const { transport } = categories[c];
      if (transport === null || transport.share === 0) return timeBesidesDrive(scenario, categories[c], 0);
      const to = destinations.filter(({ kind }) => kind === transport.kind).map(({ position }) => position);
      return timeBesidesDrive(scenario, categories[c], drives.meanToNearest(origins, to, profile, periods));
    });
    const besides = mixed(
      times,
      asked.map((c) => weights[c] / all),
    );
    ofProfile.set(profile, besides);
    return besides;
  };
  return ofPiece.map((unit) => {
    const { profile, home, answersFrom } = units[unit];
    const besides = besidesFor(profile);
    if (answersFrom !== 'post') return besides;
    // out of reach until it is back
    const backMs = drives.meanToNearest(origins, [home], profile, periods);
    return { ...besides, meanMs: besides.meanMs + backMs };
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
