/** A source of calls as columns, ready to draw from. */
import type { City, DemandSource } from '../city/city.ts';
import { exp } from '../math.ts';
import { NONE } from '../units.ts';

export interface SourceColumns {
  /** Its number among the sources that have calls: part of the key of its draws. */
  number: number;
  /** 168 rates from Monday 00:00. */
  callsPerHour: Float64Array;
  /** A first uniform number below this leaves the hour without a call: saves the logarithm where calls are rare. */
  noneBelow: Float64Array;
  /** One weight for each category, and their sum. */
  weights: Float64Array;
  totalWeight: number;
  /** The only category with a weight, or NONE. */
  onlyCategory: number;
  /** Places or stretches of road, of which the first are taken at random alike, the second by their length. */
  isPlaces: boolean;
  segment: Uint32Array;
  /** Of a place, or where a stretch begins. */
  offsetMm: Uint32Array;
  zone: Uint32Array;
  /** Running sum of stretch lengths; empty for places. */
  cumulativeMm: Float64Array;
  /** The stretch at each 1 / `nGuides` of the whole length: lookups begin there. */
  guide: Uint32Array;
  nGuides: number;
}

/**
 * The sources that have calls. One without takes no number, so that adding or removing it changes nothing. Cost O(places +
 * stretches).
 */
export function sourceColumns({ sources }: Pick<City, 'sources'>): SourceColumns[] {
  return sources
    .filter((source) => source.callsPerHour.some((rate) => rate > 0))
    .map((source, number) => {
      const isPlaces = source.places.length > 0;
      const { cumulativeMm, stretches } = source;
      const weighty = source.categoryShares.flatMap((weight, c) => (weight > 0 ? [c] : []));
      return {
        number,
        callsPerHour: Float64Array.from(source.callsPerHour),
        // less than exp(-rate) by far more than the sum of logarithms can be off
        noneBelow: Float64Array.from(source.callsPerHour, (rate) => exp(-rate) * (1 - 1e-9)),
        weights: Float64Array.from(source.categoryShares),
        totalWeight: source.categoryShares.reduce((sum, weight) => sum + weight, 0),
        onlyCategory: weighty.length === 1 ? weighty[0] : NONE,
        isPlaces,
        segment: Uint32Array.from((isPlaces ? source.places : stretches).map(({ segment }) => segment)),
        offsetMm: isPlaces
          ? Uint32Array.from(source.places, (place) => place.offsetMm)
          : Uint32Array.from(stretches, ({ fromMm }) => fromMm),
        zone: Uint32Array.from(isPlaces ? source.placeZone : source.stretchZone),
        cumulativeMm: isPlaces ? new Float64Array(0) : cumulativeMm,
        ...(isPlaces ? { guide: new Uint32Array(0), nGuides: 0 } : guideOf(source)),
      };
    });
}

/** The number of guides is a power of two, so that the share where each begins is exact. */
function guideOf({ cumulativeMm, stretches }: DemandSource): Pick<SourceColumns, 'guide' | 'nGuides'> {
  let nGuides = 1;
  while (nGuides < stretches.length) nGuides *= 2;
  const guide = new Uint32Array(nGuides + 1);
  let i = 0;
  for (let g = 0; g <= nGuides; g++) {
    const atMm = Math.floor((g / nGuides) * cumulativeMm[stretches.length]);
    while (i + 1 < stretches.length && cumulativeMm[i + 1] <= atMm) i++;
    guide[g] = i;
  }
  return { guide, nGuides };
}

/** The category at `u`: the first whose running sum of weights exceeds u x total. */
export function categoryAt(weights: Float64Array, totalWeight: number, u: number): number {
  let left = u * totalWeight;
  let last = 0;
  for (let c = 0; c < weights.length; c++) {
    const weight = weights[c];
    if (weight <= 0) continue;
    last = c;
    left -= weight;
    if (left < 0) return c;
  }
  return last;
}

/** The last stretch that begins at or before `atMm`, which is floor(u x whole length). */
export function stretchAt({ cumulativeMm, guide, nGuides }: SourceColumns, u: number, atMm: number): number {
  const g = Math.floor(u * nGuides);
  let low = guide[g];
  let high = guide[g + 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cumulativeMm[middle] <= atMm) low = middle;
    else high = middle - 1;
  }
  return low;
}
