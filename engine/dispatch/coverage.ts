/** How much demand the free units cover: the model that dispatch and move-up policies share. */
import type { City } from '../city/city.ts';
import { basesOf } from '../city/bases.ts';

/**
 * Expected coverage after Daskin, "A maximum expected covering location model" (Transportation Science 17, 1983): an atom
 * of demand that k free units could reach in time is covered with probability 1 - q^k, q the busy fraction.
 */
export interface CoverageModel {
  readonly nBases: number;
  readonly nAtoms: number;
  /** Calls an hour of each atom. */
  readonly weight: Float64Array;
  /** Zone of each atom, or NONE. */
  readonly zone: Uint32Array;
  /** 1 where a unit at the base reaches the atom in time: entry base x nAtoms + atom. */
  readonly covers: Uint8Array;
}

export const nBasesOf = (city: City): number => basesOf(city).positions.length;
