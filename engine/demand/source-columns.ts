/** Sources of calls as columns, ready to draw from. */
import type { City, DemandSource } from '../city/city.ts';
import { HOURS_PER_WEEK, NONE } from '../units.ts';

/** Where calls of a source come: places, each alike or by its weight, or stretches of road, by their length. */
interface SourcePlaces {
  isPlaces: boolean;
  /** Each place is as likely; otherwise items are found in `cumulative`. */
  isAlike: boolean;
  segment: Uint32Array;
  /** Of a place, or where a stretch begins. */
  offsetMm: Uint32Array;
  zone: Uint32Array;
  /** Every zone of it, or NONE, once. */
  zones: readonly number[];
  /** Running sum of lengths in millimetres or of weights, one entry more than items; empty where all are alike. */
  cumulative: Float64Array;
  /** The item at each 1 / `nGuides` of the whole sum: lookups begin there. */
  guide: Uint32Array;
  nGuides: number;
}

export interface SourceColumns {
  where: SourcePlaces;
  /** One weight for each category, and their sum. */
  weights: Float64Array;
  totalWeight: number;
  /** The only category with a weight, or NONE. */
  onlyCategory: number;
}

/** The sources that have calls, and their rates. */
export interface Sources {
  list: readonly SourceColumns[];
  /** Calls an hour of each source, hour of week by hour of week: what one hour needs lies together. */
  callsPerHour: Float64Array;
}

/**
 * The sources that have calls. One without takes no number, so that adding or removing it changes nothing. Cost O(places +
 * stretches).
 */
export function sourceColumns({ sources }: Pick<City, 'sources'>): Sources {
  const withCalls = sources.filter((source) => source.callsPerHour.some((rate) => rate > 0));
  const callsPerHour = new Float64Array(HOURS_PER_WEEK * withCalls.length);
  withCalls.forEach((source, s) =>
    source.callsPerHour.forEach((rate, hour) => {
      callsPerHour[hour * withCalls.length + s] = rate;
    }),
  );
  const onRoads = new Map<DemandSource['stretches'], SourcePlaces>(); // many sources may share all roads
  const list = withCalls.map((source) => {
    const known = source.places.length > 0 ? undefined : onRoads.get(source.stretches);
    const where = known ?? placesOf(source);
    if (!where.isPlaces) onRoads.set(source.stretches, where);
    const weighty = source.categoryShares.flatMap((weight, c) => (weight > 0 ? [c] : []));
    return {
      where,
      weights: Float64Array.from(source.categoryShares),
      totalWeight: source.categoryShares.reduce((sum, weight) => sum + weight, 0),
      onlyCategory: weighty.length === 1 ? weighty[0] : NONE,
    };
  });
  return { list, callsPerHour };
}

function placesOf(source: DemandSource): SourcePlaces {
  const { places, placeZone, cumulativeWeight, stretches, stretchZone, cumulativeMm } = source;
  if (places.length > 0) {
    return {
      isPlaces: true,
      isAlike: cumulativeWeight === null,
      segment: Uint32Array.from(places, ({ segment }) => segment),
      offsetMm: Uint32Array.from(places, ({ offsetMm }) => offsetMm),
      zone: Uint32Array.from(placeZone),
      zones: [...new Set(placeZone)],
      ...(cumulativeWeight === null
        ? { cumulative: new Float64Array(0), guide: new Uint32Array(0), nGuides: 0 }
        : guided(cumulativeWeight)),
    };
  }
  return {
    isPlaces: false,
    isAlike: false,
    segment: Uint32Array.from(stretches, ({ segment }) => segment),
    offsetMm: Uint32Array.from(stretches, ({ fromMm }) => fromMm),
    zone: Uint32Array.from(stretchZone),
    zones: [...new Set(stretchZone)],
    ...guided(cumulativeMm),
  };
}

/** The number of guides is a power of two, so that the share where each begins is exact. */
function guided(cumulative: Float64Array): Pick<SourcePlaces, 'cumulative' | 'guide' | 'nGuides'> {
  const nItems = cumulative.length - 1;
  let nGuides = 1;
  while (nGuides < nItems) nGuides *= 2;
  const guide = new Uint32Array(nGuides + 1);
  let i = 0;
  for (let g = 0; g <= nGuides; g++) {
    const at = Math.floor((g / nGuides) * cumulative[nItems]);
    while (i + 1 < nItems && cumulative[i + 1] <= at) i++;
    guide[g] = i;
  }
  return { cumulative, guide, nGuides };
}

/** The category at `u`: the first whose running sum of weights exceeds u x total. */
export function categoryAt({ weights, totalWeight }: SourceColumns, u: number): number {
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

/** The last item whose part of the running sum begins at or before `at`, which is floor(u x whole sum). */
export function itemAt({ cumulative, guide, nGuides }: SourcePlaces, u: number, at: number): number {
  const g = Math.floor(u * nGuides);
  let low = guide[g];
  let high = guide[g + 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cumulative[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
