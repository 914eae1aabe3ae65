/**
 * Drive times from the places where units stand by the scenario to a call, wherever the units are now: what fixed
 * preferences are ordered by. Outside the periods of traffic, so that the order does not change with the clock.
 */
import type { City } from '../city/city.ts';
import { metricOf } from '../city/metrics.ts';
import { placeKey } from '../placement/candidates.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import { fastestRouter } from '../routing/fastest-router.ts';
import type { Router } from '../routing/router.ts';
import type { Ms } from '../units.ts';
import type { CallView } from './dispatch.ts';

/** Times by unit; UNREACHED_MS without a way. The list is overwritten by the next call's. */
type HomeTimes = (call: Pick<CallView, 'position' | 'category'>) => readonly Ms[];

/** Units that drive by one profile: their distinct homes, and which is whose. */
interface Homes {
  profile: string;
  places: RoadPosition[];
  /** Indices into city.units, and of each the index into places. */
  units: number[];
  placeOf: number[];
}

/** Cost of an answer: one time to the call for each distinct home and profile. */
export function createHomeTimes(city: City): HomeTimes {
  const homes = homesByProfile(city);
  const routers = new Map<string, Router>();
  const routerOf = (profile: string, siren: boolean): Router => {
    const key = `${siren} ${profile}`;
    let router = routers.get(key);
    if (router === undefined) {
      router = fastestRouter(metricOf(city, profile, { siren }));
      routers.set(key, router);
    }
    return router;
  };
  const timesMs = city.units.map(() => 0);
  return ({ position, category }) => {
    const { siren } = city.categories[category];
    for (const { profile, places, units, placeOf } of homes) {
      const ofPlaces = routerOf(profile, siren).timesTo(places, position);
      for (let i = 0; i < units.length; i++) timesMs[units[i]] = ofPlaces[placeOf[i]];
    }
    return timesMs;
  };
}

function homesByProfile({ graph, units }: City): Homes[] {
  const byProfile = new Map<string, Homes>();
  const placeAt = new Map<string, number>();
  units.forEach(({ profile, home }, unit) => {
    let homes = byProfile.get(profile);
    if (homes === undefined)
      byProfile.set(profile, (homes = { profile, places: [], units: [], placeOf: [] }));
    const key = `${placeKey(graph, home)} ${profile}`;
    let place = placeAt.get(key);
    if (place === undefined) placeAt.set(key, (place = homes.places.push(home) - 1));
    homes.units.push(unit);
    homes.placeOf.push(place);
  });
  return [...byProfile.values()];
}
