/**
 * Demand of a city as atoms: places with the calls that come from them. Stretches of road are cut into short parts, each
 * of which stands at its middle. Which calls follow from others, and how many units go, is in `calls.ts`.
 */
import type { City, DemandSource } from '../city/city.ts';
import { meanCallsPerHour, partOfPlace } from '../city/city.ts';
import type { EdgeInterval, RoadPosition } from '../graph/road-graph.ts';

/** Places of demand, and how each source of the scenario spreads over them. */
export interface DemandAtoms {
  positions: RoadPosition[];
  /** Zone of each place, or NONE. */
  zone: number[];
  /** Parts of sources: share of the source's calls that come from the place. The shares of a source add up to 1. */
  parts: { place: number; source: number; share: number }[];
  /** Parts of stretches and places that calls come from: as many as `positions`, more where those are a sample. */
  nFound: number;
}

/** Longest part of a stretch: a second or two of driving in town. */
const PART_MM = 20_000;

/** Atoms at most: matrices of 20,000 places by some hundred units, and a coverage within 0.4 % of that of all of them. */
export const MOST_ATOMS = 20_000;

/**
 * Every part of a stretch and place that calls come from. Where they are more than `most`, each source gets places by its
 * share of the calls, evenly spaced along the running sum of its lengths or weights, each for an equal share of its calls.
 */
export function demandAtomsOf(city: City, most: number = MOST_ATOMS): DemandAtoms {
  const atoms: DemandAtoms = { positions: [], zone: [], parts: [], nFound: 0 };
  const placeAt = new Map<string, number>();
  const add = (source: number, position: RoadPosition, zone: number, share: number): void => {
    const key = `${position.segment}:${position.offsetMm}:${zone}`;
    let place = placeAt.get(key);
    if (place === undefined) {
      place = atoms.positions.push(position) - 1;
      atoms.zone.push(zone);
      placeAt.set(key, place);
    }
    atoms.parts.push({ place, source, share });
  };
  const counts = city.sources.map(({ stretches, places }) =>
    stretches.reduce((sum, stretch) => sum + partsOf(stretch), places.length),
  );
  const rates = city.sources.map(meanCallsPerHour);
  const all = rates.reduce((sum, rate) => sum + rate, 0);
  const found = counts.reduce((sum, count) => sum + count, 0);
  let isSample = false;
  city.sources.forEach((source, s) => {
    if (rates[s] === 0) return;
    const room = found <= most ? Infinity : Math.max(1, Math.round((most * rates[s]) / all));
    if (counts[s] <= room) addAll(source, (...part) => add(s, ...part));
    else {
      addSample(source, room, (...part) => add(s, ...part));
      isSample = true;
    }
  });
  atoms.nFound = isSample ? found : atoms.positions.length;
  return atoms;
}

type Add = (position: RoadPosition, zone: number, share: number) => void;

const partsOf = ({ fromMm, toMm }: EdgeInterval): number => Math.ceil((toMm - fromMm) / PART_MM);

function addAll(source: DemandSource, add: Add): void {
  const { stretches, stretchZone, cumulativeMm, places, placeZone } = source;
  const lengthMm = cumulativeMm[stretches.length];
  stretches.forEach((stretch, i) => {
    const { segment, fromMm, toMm } = stretch;
    const count = partsOf(stretch);
    for (let part = 0; part < count; part++) {
      const offsetMm = Math.floor(fromMm + ((part + 0.5) * (toMm - fromMm)) / count);
      add({ segment, offsetMm }, stretchZone[i], (toMm - fromMm) / count / lengthMm);
    }
  });
  const shareOf = partOfPlace(source, 1);
  places.forEach((place, i) => add(place, placeZone[i], shareOf(i)));
}

function addSample(source: DemandSource, count: number, add: Add): void {
  const { stretches, stretchZone, cumulativeMm, places, placeZone, cumulativeWeight } = source;
  const lengthMm = cumulativeMm[stretches.length];
  let stretch = 0;
  let place = 0;
  for (let k = 0; k < count; k++) {
    if (places.length > 0) {
      if (cumulativeWeight === null) place = Math.floor(((k + 0.5) * places.length) / count);
      else
        while (cumulativeWeight[place + 1] <= ((k + 0.5) * cumulativeWeight[places.length]) / count) place++;
      add(places[place], placeZone[place], 1 / count);
      continue;
    }
    const atMm = ((k + 0.5) * lengthMm) / count;
    while (cumulativeMm[stretch + 1] <= atMm) stretch++;
    const { segment, fromMm } = stretches[stretch];
    const offsetMm = Math.floor(fromMm + atMm - cumulativeMm[stretch]);
    add({ segment, offsetMm }, stretchZone[stretch], 1 / count);
  }
}
