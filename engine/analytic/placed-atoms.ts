/** Atoms of demand with the calls that come from them, apart for drives with and without siren. */
import type { City } from '../city/city.ts';
import type { DemandAtoms } from './atoms.ts';
import { unitsSent } from './calls.ts';

export interface PlacedAtoms {
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
export function placeAtoms(
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
export function forEachSiren(
  sirens: Uint8Array,
  take: (siren: boolean, isOf: (atom: number) => boolean) => void,
): void {
  for (const kind of [0, 1]) if (sirens.includes(kind)) take(kind === 1, (atom) => sirens[atom] === kind);
}
