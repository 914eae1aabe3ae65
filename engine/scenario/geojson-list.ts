/**
 * Zones, points, lines, posts and destinations from a GeoJSON FeatureCollection (RFC 7946). A feature's properties carry
 * the keys of the inline form; its geometry takes the place of `polygon`, `lonLat` or `coordinates`. Properties without
 * a meaning here are named in a warning, not refused: the files come from other tools. A property that is null counts as
 * absent, and heights are left out of positions. One-part multi-geometries stand for their part, since many tools write
 * them.
 * Of a file that holds more than the scenario is about, `only` takes features by their ids; the others are not judged.
 */
import { z } from 'zod';
import { nearestName } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { idOf, isObject, type JsonObject, propertiesOf, selectFeatures } from './feature-ids.ts';
import type { ShapeChecker } from './parse.ts';
import { didYouMean, jsonPath, listed, type Problems, shown } from './problems.ts';
import type { SourceFile } from './scenario.ts';
import {
  destinationSchema,
  mustPatrolLineSchema,
  mustReachPointSchema,
  postSchema,
  zoneSchema,
} from './schema.ts';
import { type JsonValue, parseStrictJson } from './strict-json.ts';

/** How one kind of list is read from features. */
interface FeatureKind<T extends z.ZodObject> {
  item: T;
  /** Key of the item that the geometry fills. */
  geometryKey: string & keyof z.infer<T>;
  geometryTypes: readonly string[];
}

/** Zones of a file may have several polygons. */
const zoneFeatureSchema = zoneSchema
  .omit({ polygon: true })
  .extend({ polygons: z.array(zoneSchema.shape.polygon).min(1) });

export const ZONE_FEATURES = {
  item: zoneFeatureSchema,
  geometryKey: 'polygons',
  geometryTypes: ['MultiPolygon', 'Polygon'],
} satisfies FeatureKind<typeof zoneFeatureSchema>;

export const POINT_FEATURES = {
  item: mustReachPointSchema,
  geometryKey: 'lonLat',
  geometryTypes: ['Point', 'MultiPoint'],
} satisfies FeatureKind<typeof mustReachPointSchema>;

export const LINE_FEATURES = {
  item: mustPatrolLineSchema,
  geometryKey: 'coordinates',
  geometryTypes: ['LineString', 'MultiLineString'],
} satisfies FeatureKind<typeof mustPatrolLineSchema>;

export const POST_FEATURES = {
  item: postSchema,
  geometryKey: 'lonLat',
  geometryTypes: ['Point', 'MultiPoint'],
} satisfies FeatureKind<typeof postSchema>;

export const DESTINATION_FEATURES = {
  item: destinationSchema,
  geometryKey: 'lonLat',
  geometryTypes: ['Point', 'MultiPoint'],
} satisfies FeatureKind<typeof destinationSchema>;

/** Areas of changed roads: shapes alone. */
const areaFeatureSchema = zoneFeatureSchema.pick({ id: true, polygons: true }).partial({ id: true });

export const AREA_FEATURES = {
  item: areaFeatureSchema,
  geometryKey: 'polygons',
  geometryTypes: ['MultiPolygon', 'Polygon'],
} satisfies FeatureKind<typeof areaFeatureSchema>;

/** An item and where it stands in its file, for later errors. */
export interface Placed<T> {
  item: T;
  file: string;
  /** JSON path of a part of the item, given as its path in the inline form. */
  place: (path: readonly PropertyKey[]) => string;
}

/** The file form of a list, as the scenario gives it. */
interface ListFile {
  idProperty?: string | undefined;
  only?: readonly string[] | undefined;
  defaults?: Record<string, string | number | boolean> | undefined;
}

/**
 * @param list       the file form, with its place in the scenario for errors about it
 * @param warnings   gets one line on features left out, and one on properties that are not used
 * @returns items in the order of the file, or undefined when any is wrong
 */
export function readFeatures<T extends z.ZodObject>(
  { item, geometryKey, geometryTypes }: FeatureKind<T>,
  source: SourceFile,
  list: ListFile & { file: string; place: string },
  checker: ShapeChecker,
  problems: Problems,
  warnings: string[],
): Placed<z.infer<T>>[] | undefined {
  const before = problems.count;
  const keys = Object.keys(item.shape).filter((key) => key !== geometryKey);
  const defaults = list.defaults ?? {};
  checkDefaults(item, keys, defaults, list, checker, problems);

  const features = featuresOf(
    parseStrictJson(source.bytes, source.name, LIMITS.textBytes),
    source.name,
    problems,
  );
  if (features === undefined) return undefined;
  const isTaken = selectFeatures(features, source.name, list, problems, warnings);
  if (problems.count > before) return undefined;

  const unused = new Map<string, number>();
  const items: Placed<z.infer<T>>[] = [];
  for (const [ix, feature] of features.entries()) {
    if (!isTaken(feature)) continue;
    const at = ['features', ix];
    const refuse = (path: PropertyKey[], message: string) =>
      problems.add(source.name, jsonPath([...at, ...path]), message);
    if (!isObject(feature) || feature.type !== 'Feature') {
      refuse([], `${shown(feature)} is not a GeoJSON Feature`);
      continue;
    }
    const { geometry } = feature;
    if (!isObject(geometry) || typeof geometry.type !== 'string' || !geometryTypes.includes(geometry.type)) {
      const found = isObject(geometry) ? geometry.type : geometry;
      refuse(['geometry', 'type'], `${shown(found)} is not allowed; allowed: ${geometryTypes.join(', ')}`);
      continue;
    }
    const { value, path: geometryPath } = flattened(geometry, geometryKey, geometryTypes);
    if (value === undefined) {
      refuse(['geometry'], `${geometry.type} of several parts; make a feature of each part`);
      continue;
    }

    const candidate: JsonObject = { ...defaults, [geometryKey]: value };
    for (const [key, property] of Object.entries(propertiesOf(feature))) {
      if (keys.includes(key)) {
        if (property !== null && key !== 'id') candidate[key] = property;
      } else if (key !== list.idProperty) {
        unused.set(key, (unused.get(key) ?? 0) + 1);
      }
    }
    const [id, idPath] = idOf(feature, list.idProperty);
    if (id !== undefined && id !== null) candidate.id = id;

    const place = (path: readonly PropertyKey[]): string => {
      const [key, ...rest] = path;
      if (key === undefined) return jsonPath(at);
      if (key === geometryKey) return jsonPath([...at, 'geometry', 'coordinates', ...geometryPath(rest)]);
      return jsonPath([...at, ...(key === 'id' ? idPath : ['properties', key]), ...rest]);
    };
    const checked = checker.check(item, candidate, source.name, place);
    if (checked !== undefined) items.push({ item: checked, file: source.name, place });
  }
  if (unused.size > 0) warnings.push(unusedWarning(source.name, unused, keys));
  return problems.count > before ? undefined : items;
}

/** The features of a collection in WGS84, or undefined with a problem added. */
function featuresOf(document: JsonValue, file: string, problems: Problems): JsonValue[] | undefined {
  if (!isObject(document) || document.type !== 'FeatureCollection' || !Array.isArray(document.features)) {
    problems.add(
      file,
      '',
      'is not a GeoJSON FeatureCollection ({"type": "FeatureCollection", "features": […]})',
    );
    return undefined;
  }
  const crs =
    isObject(document.crs) && isObject(document.crs.properties) ? document.crs.properties.name : undefined;
  if (crs !== undefined && !(typeof crs === 'string' && /(CRS84|EPSG:+4326)$/.test(crs))) {
    problems.add(
      file,
      '/crs',
      `${shown(crs)} is not allowed; allowed: WGS84 longitude and latitude (OGC:CRS84)`,
    );
    return undefined;
  }
  return document.features;
}

/** Defaults are checked once at their place in the scenario, not once for each feature. */
function checkDefaults(
  item: z.ZodObject,
  keys: readonly string[],
  defaults: JsonObject,
  list: { file: string; place: string },
  checker: ShapeChecker,
  problems: Problems,
): void {
  const allowed = keys.filter((key) => key !== 'id');
  for (const [key, value] of Object.entries(defaults)) {
    const place = list.place + jsonPath(['defaults', key]);
    if (allowed.includes(key)) {
      checker.check(item.shape[key] as z.ZodType, value, list.file, (path) => place + jsonPath(path));
    } else {
      problems.add(
        list.file,
        place,
        `is not a key here${didYouMean(key, allowed)}; allowed: ${listed(allowed)}`,
      );
    }
  }
}

type Path = readonly PropertyKey[];

/**
 * The coordinates as the item wants them, and the way back from a path in the item to a path in the file.
 * `value` is undefined for a multi-geometry of several parts where one is wanted.
 */
function flattened(
  geometry: JsonObject,
  geometryKey: string,
  types: readonly string[],
): { value: JsonValue | undefined; path: (path: Path) => Path } {
  const coordinates = geometry.coordinates;
  const isFirst = geometry.type === types[0];
  if (geometryKey === 'polygons') {
    return isFirst
      ? { value: withoutHeights(coordinates), path: (path) => path }
      : { value: [withoutHeights(coordinates)], path: (path) => path.slice(1) };
  }
  if (isFirst) return { value: withoutHeights(coordinates), path: (path) => path };
  const isOne = Array.isArray(coordinates) && coordinates.length === 1;
  return { value: isOne ? withoutHeights(coordinates[0]) : undefined, path: (path) => [0, ...path] };
}

/** Positions may carry a height and more; only longitude and latitude count here. */
function withoutHeights(coordinates: JsonValue | undefined): JsonValue {
  if (!Array.isArray(coordinates)) return coordinates ?? null;
  if (coordinates.length > 2 && coordinates.every((each) => typeof each === 'number'))
    return coordinates.slice(0, 2);
  return coordinates.map(withoutHeights);
}

function unusedWarning(file: string, unused: ReadonlyMap<string, number>, keys: readonly string[]): string {
  const names = [...unused.keys()].map((name) => {
    const near = nearestName(name, keys);
    return near === undefined || name.length < 4 ? name : `${name} (did you mean ${near}?)`;
  });
  return `${file}: properties without a meaning here are not used: ${listed(names)}`;
}
