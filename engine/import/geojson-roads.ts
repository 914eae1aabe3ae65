/**
 * Roads from GeoJSON (RFC 7946): a FeatureCollection of LineString and MultiLineString features whose properties are
 * OSM tags, as overpass-turbo and osmtogeojson export them. The format has no topology, so equal positions (to
 * 1e-7 degrees) are one node.
 */
import { toE7 } from '../units.ts';
import type { ByteSource } from './byte-source.ts';
import { placeProblem } from './coordinates.ts';
import { type ElementPlace, isObject, type JsonObject, readJsonList } from './json-list.ts';
import { OSM_ATTRIBUTION } from './osm/attribution.ts';
import { plainText, quote } from './plain-text.ts';
import { RoadExtractBuilder } from './road-extract-builder.ts';
import type { RoadExtract } from './road-extract.ts';
import { headText, type RoadImporter, type RoadReadOptions } from './road-importer.ts';

export const geojsonRoads: RoadImporter = {
  type: 'geojson',
  about: 'GeoJSON lines with OSM tags as properties (overpass-turbo, osmtogeojson), plain or gzip',
  endings: ['.geojson'],
  sniff: (head) => /^\s*\{[^]*("FeatureCollection"|"features"\s*:\s*\[)/.test(headText(head)),
  read,
};

async function read(source: ByteSource, options: RoadReadOptions): Promise<RoadExtract> {
  const builder = new RoadExtractBuilder({ name: source.name, format: 'geojson', attribution: '' }, options);
  const credits: string[] = [];
  let generator = '';
  let osmIds = 0;
  await readJsonList(source.name, source.chunks(), 'features', {
    element(value, place) {
      if (readFeature(value, place, builder)) osmIds++;
    },
    member(key, value) {
      if (key === 'type' && value !== 'FeatureCollection') {
        builder.problem('/type', `${quote(JSON.stringify(value))} is not "FeatureCollection"`);
      }
      if (typeof value !== 'string') return;
      if (key === 'generator') generator = value;
      if (key === 'attribution' || key === 'copyright' || key === 'license') credits.push(value);
    },
  });
  const fromOsm =
    osmIds > 0 || [generator, ...credits].some((text) => /openstreetmap|\bosm\b|overpass/i.test(text));
  builder.setAttribution(fromOsm ? OSM_ATTRIBUTION : plainText(credits[0] ?? ''));
  return builder.finish();
}

/** True when the feature says that it is an object of OpenStreetMap. */
function readFeature(feature: unknown, place: ElementPlace, builder: RoadExtractBuilder): boolean {
  if (!isObject(feature) || feature.type !== 'Feature') {
    builder.problem(place(), 'is not a Feature');
    return false;
  }
  const properties = isObject(feature.properties) ? feature.properties : {};
  const osmId = readOsmId(feature, properties);
  const geometry = isObject(feature.geometry) ? feature.geometry : {};
  const lines = readLines(geometry);
  if (lines === 'area') {
    builder.read.ways++;
    builder.beginWay(osmId.way, readTags(properties, builder), true, false);
  } else if (lines === 'other') {
    builder.drop('featuresNotLines');
  } else {
    builder.read.ways++;
    if (builder.beginWay(osmId.way, readTags(properties, builder), false, false))
      addLines(lines, geometry, place, builder);
  }
  return osmId.isOsm;
}

/** `way/123`, in the feature's id or in `@id`. */
function readOsmId(feature: JsonObject, properties: JsonObject): { way: number; isOsm: boolean } {
  for (const id of [feature.id, properties['@id']]) {
    const match = typeof id === 'string' ? /^(node|way|relation)\/(\d{1,15})$/.exec(id) : null;
    if (match !== null) return { way: match[1] === 'way' ? Number(match[2]) : 0, isOsm: true };
  }
  return { way: 0, isOsm: false };
}

/** Flat properties, or osmtogeojson's `tags` object. */
function readTags(properties: JsonObject, builder: RoadExtractBuilder): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [key, value] of Object.entries(isObject(properties.tags) ? properties.tags : properties)) {
    if (typeof value === 'string') tags.set(key, value);
    else if (typeof value === 'number') tags.set(key, String(value));
    else if (typeof value === 'boolean') tags.set(key, value ? 'yes' : 'no');
    else if (value !== null) builder.repair('tagsNotText');
  }
  return tags;
}

function readLines(geometry: JsonObject): unknown[] | 'area' | 'other' {
  switch (geometry.type) {
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString': {
      const lines: unknown = geometry.coordinates;
      return Array.isArray(lines) && lines.length > 0 ? (lines as unknown[]) : [[]];
    }
    case 'Polygon':
    case 'MultiPolygon':
      return 'area';
    default:
      return 'other';
  }
}

function addLines(
  lines: unknown[],
  geometry: JsonObject,
  place: ElementPlace,
  builder: RoadExtractBuilder,
): void {
  lines.forEach((line, l) => {
    if (l > 0) builder.beginPart();
    const where = (i?: number): string => {
      const path = `/geometry/coordinates${geometry.type === 'LineString' ? '' : `/${l}`}`;
      return place(`${path}${i === undefined ? '' : `/${i}`}`);
    };
    if (!Array.isArray(line)) {
      builder.problem(where(), 'is not a list of positions');
      return;
    }
    line.forEach((position: unknown, i) => {
      const [lon, lat] = Array.isArray(position) ? (position as unknown[]) : [];
      if (typeof lon !== 'number' || typeof lat !== 'number') {
        builder.problem(where(i), 'is not a position: two numbers, longitude and latitude in degrees');
        return;
      }
      const problem = placeProblem(lon, lat);
      if (problem === null) builder.addPlace(toE7(lon), toE7(lat));
      else builder.problem(where(i), problem);
    });
  });
}
