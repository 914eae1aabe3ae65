/** A town for policies: five posts along a street, eight units, a core zone at the west end and a key zone at the east end. */
import { basesOf } from '../../engine/city/bases.ts';
import type { City } from '../../engine/city/city.ts';
import { box, type Town } from './ascii-map.ts';
import { smallCity } from './small-city.ts';

interface PolicyTown {
  town: Town;
  city: City;
  /** Index of the base at a letter. */
  base: (mark: string) => number;
}

/** One cell is 100 m and 10 s. */
const STREET = 'A-----B-----C-----D-----E';
const AT = ['A', 'A', 'B', 'C', 'C', 'D', 'E', 'E'];

interface PolicyTownKeys {
  /** Keys of the scenario that replace those of the town. */
  scenario?: Record<string, unknown>;
  files?: Record<string, string>;
}

export async function policyTown({ scenario = {}, files = {} }: PolicyTownKeys = {}): Promise<PolicyTown> {
  const zone = (id: string, zoneClass: string, west: number, east: number) => ({
    id,
    class: zoneClass,
    polygon: [box(west, -1, east, 1)],
  });
  const { city, town } = await smallCity(STREET, {
    files,
    units: AT.map((at, u) => ({ id: `u${u}`, at })),
    scenario: {
      zones: [zone('west', 'core', -1, 9), zone('east', 'key', 15, 25)],
      patrol: { type: 'stay-at-post', profile: 'plain' },
      ...scenario,
    },
  });
  const sectors = [[0], [0], [0, 1], [], [], [1], [1], [1]];
  const withSectors = { ...city, units: city.units.map((unit, u) => ({ ...unit, sector: sectors[u] })) };
  const { ids } = basesOf(withSectors);
  return { town, city: withSectors, base: (mark) => ids.indexOf(`post-${mark}`) };
}

/** Demand at letters of the town, in the weights given: keys of the scenario, with the file of the places. */
export function demandAt(weights: Record<string, number>, callsPerHour = 8): PolicyTownKeys {
  const rows = Object.entries(weights).flatMap(([mark, weight]) => {
    const [lon, lat] = box(STREET.indexOf(mark), 0, 0, 0)[0];
    return Array.from({ length: weight }, () => `${lon},${lat}`);
  });
  const demand = {
    type: 'poisson',
    categories: [
      { id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } },
      { id: 'ordinary', priority: 2, share: 0, onSceneS: { type: 'constant', mean: 600 } },
    ],
    sources: [{ where: { type: 'places', file: 'places.csv' }, callsPerHour }],
  };
  return { scenario: { demand }, files: { 'places.csv': `lon,lat\n${rows.join('\n')}\n` } };
}
