/** Zones, points, lines, posts, destinations: from either form of list to places; ids, rings, order of lon/lat checked. */
import { secondsToMs } from '../units.ts';
import {
  DESTINATION_FEATURES,
  LINE_FEATURES,
  type Placed,
  POINT_FEATURES,
  POST_FEATURES,
  readFeatures,
  ZONE_FEATURES,
} from './geojson-list.ts';
import { indexById, jsonPath, type Problems, shown } from './problems.ts';
import type { Resolving } from './resolving.ts';
import type { LonLat, Scenario } from './scenario.ts';
import { NO_ZONE_CLASS } from './schema.ts';

type Pair = readonly [number, number];

/** Lists that came through; one that is at fault is undefined. Their order is that of the file. */
export interface Places {
  zones: Scenario['zones'] | undefined;
  points: Scenario['points'] | undefined;
  lines: Scenario['lines'] | undefined;
  posts: Scenario['posts'] | undefined;
  destinations: Scenario['destinations'] | undefined;
}

/** A list of the scenario, inline or from its file. */
type ListKey = 'zones' | 'mustReachPoints' | 'mustPatrolLines' | 'posts' | 'destinations';

export async function resolvePlaces(resolving: Resolving): Promise<Places> {
  const { problems } = resolving;
  const zones = unique(await zoneItems(resolving), problems);
  const points = unique(
    inline(resolving, 'mustReachPoints') ?? (await fromFile(resolving, 'mustReachPoints', POINT_FEATURES)),
    problems,
  );
  const lines = unique(
    inline(resolving, 'mustPatrolLines') ?? (await fromFile(resolving, 'mustPatrolLines', LINE_FEATURES)),
    problems,
  );
  const posts = unique(
    inline(resolving, 'posts') ?? (await fromFile(resolving, 'posts', POST_FEATURES)),
    problems,
  );

  const destinations = unique(
    inline(resolving, 'destinations') ?? (await fromFile(resolving, 'destinations', DESTINATION_FEATURES)),
    problems,
  );

  for (const zone of zones ?? []) {
    checkRings(zone, problems);
    if (zone.item.class === NO_ZONE_CLASS) {
      const message = `"${NO_ZONE_CLASS}" is what standards call the places outside every zone; give the zone another class`;
      problems.add(zone.file, zone.place(['class']), message);
    }
  }
  refuseSwapped(
    [
      ...(zones ?? []).flatMap((zone) =>
        zone.item.polygons.map((polygon, ix) => sample(zone, polygon[0][0], ['polygons', ix, 0, 0])),
      ),
      ...(points ?? []).map((point) => sample(point, point.item.lonLat, ['lonLat'])),
      ...(lines ?? []).map((line) => sample(line, line.item.coordinates[0], ['coordinates', 0])),
      ...(posts ?? []).map((post) => sample(post, post.item.lonLat, ['lonLat'])),
      ...(destinations ?? []).map((each) => sample(each, each.item.lonLat, ['lonLat'])),
    ],
    problems,
  );

  return {
    zones: zones?.map(({ item: { id, name = id, class: zoneClass, polygons }, file, place }) => ({
      id,
      name,
      class: zoneClass,
      polygons: polygons.map((rings) => rings.map((ring) => ring.map(toLonLat))),
      origin: { file, place: place([]) },
    })),
    points: points?.map(
      ({ item: { id, name = id, lonLat, visitsPerShift, dwellS, longestGapS }, file, place }) => ({
        id,
        name,
        place: toLonLat(lonLat),
        origin: { file, place: place(['lonLat']) },
        visitsPerShift,
        dwellMs: secondsToMs(dwellS),
        longestGapMs: longestGapS === undefined ? null : secondsToMs(longestGapS),
      }),
    ),
    lines: lines?.map(({ item: { id, name = id, coordinates, passesPerShift, direction } }) => ({
      id,
      name,
      coordinates: coordinates.map(toLonLat),
      passesPerShift,
      direction,
    })),
    posts: posts?.map(({ item: { id, name = id, lonLat }, file, place }) => ({
      id,
      name,
      place: toLonLat(lonLat),
      origin: { file, place: place(['lonLat']) },
    })),
    destinations: destinations?.map(({ item: { id, name = id, kind, lonLat }, file, place }) => ({
      id,
      name,
      kind,
      place: toLonLat(lonLat),
      origin: { file, place: place(['lonLat']) },
    })),
  };
}

export const toLonLat = ([lon, lat]: Pair): LonLat => ({ lon, lat });

/** The items of an inline list, or undefined when the list is a file or at fault. */
function inline<K extends ListKey>({ json, fileName }: Resolving, key: K) {
  const section = json[key];
  if (!Array.isArray(section)) return undefined;
  type Item = Extract<NonNullable<Resolving['json'][K]>, readonly unknown[]>[number];
  return (section as Item[]).map((item, ix): Placed<Item> => ({
    item,
    file: fileName,
    place: (path) => jsonPath([key, ix, ...path]),
  }));
}

async function fromFile<Kind extends Parameters<typeof readFeatures>[0]>(
  resolving: Resolving,
  key: ListKey,
  kind: Kind,
): Promise<ReturnType<typeof readFeatures<Kind['item']>>> {
  const section = resolving.json[key];
  if (section === undefined || Array.isArray(section)) return undefined;
  const source = await resolving.read(section.file, [key, 'file']);
  if (source === undefined) return undefined;
  const { checker, problems, warnings, fileName } = resolving;
  const list = { ...section, file: fileName, place: `/${key}` };
  return problems.gather(() =>
    readFeatures<Kind['item']>(kind as never, source, list, checker, problems, warnings),
  );
}

/** Zones of both forms, as several polygons. */
async function zoneItems(resolving: Resolving) {
  const list = inline(resolving, 'zones');
  if (list === undefined) return fromFile(resolving, 'zones', ZONE_FEATURES);
  return list.map(({ item: { polygon, ...rest }, file, place }) => ({
    item: { ...rest, polygons: [polygon] },
    file,
    place: (path: readonly PropertyKey[]) =>
      place(path[0] === 'polygons' ? ['polygon', ...path.slice(2)] : path),
  }));
}

/** The list, unless two of its ids are the same: then it is at fault, and undefined. */
function unique<T extends { id: string }>(
  list: readonly Placed<T>[] | undefined,
  problems: Problems,
): readonly Placed<T>[] | undefined {
  const placeOf = ({ file, place }: Placed<T>) => ({ file, place: place(['id']) });
  return list && indexById(list, ({ item }) => item.id, placeOf, problems) && list;
}

/** Rings must close and enclose something. */
export function checkRings(
  { item, file, place }: Placed<{ polygons: Pair[][][] }>,
  problems: Problems,
): void {
  for (const [p, rings] of item.polygons.entries()) {
    for (const [r, ring] of rings.entries()) {
      const [lon, lat] = ring[0];
      const [lastLon, lastLat] = ring[ring.length - 1];
      if (lon !== lastLon || lat !== lastLat) {
        problems.add(
          file,
          place(['polygons', p, r]),
          `the ring starts at ${shown(ring[0])} and ends at ${shown(ring[ring.length - 1])}; ` +
            'it must end where it starts: repeat the first place at the end',
        );
      } else if (doubleArea(ring) === 0) {
        problems.add(file, place(['polygons', p, r]), 'the ring encloses no area');
      }
    }
  }
}

/** Twice the area in square degrees, by the shoelace formula relative to the first corner. */
function doubleArea(ring: readonly Pair[]): number {
  const [lon0, lat0] = ring[0];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [lonA, latA] = ring[i - 1];
    const [lonB, latB] = ring[i];
    sum += (lonA - lon0) * (latB - lat0) - (lonB - lon0) * (latA - lat0);
  }
  return Math.abs(sum);
}

interface Sample {
  pair: Pair;
  file: string;
  place: string;
}

const sample = <T>({ file, place }: Placed<T>, pair: Pair, path: readonly PropertyKey[]): Sample => ({
  pair,
  file,
  place: place(path),
});

/** A city lies within a few degrees; a place far off whose mirror image lies in the city was written lat, lon. */
function refuseSwapped(samples: readonly Sample[], problems: Problems): void {
  if (samples.length < 3) return;
  const lon = median(samples.map(({ pair }) => pair[0]));
  const lat = median(samples.map(({ pair }) => pair[1]));
  const farther = (a: number, b: number) => Math.max(Math.abs(a - lon), Math.abs(b - lat));
  for (const { pair, file, place } of samples) {
    if (farther(pair[0], pair[1]) > 5 && farther(pair[1], pair[0]) < 2) {
      problems.add(
        file,
        place,
        `${shown(pair)} lies far from the other places of the scenario, near [${lon}, ${lat}]; ` +
          'longitude and latitude are swapped, places are [longitude, latitude]',
      );
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
