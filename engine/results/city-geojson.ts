/** city.geojson: zones as given, and points, lines, posts and destinations as placed on the roads. One feature a line. */
import type { City } from '../city/city.ts';
import { pointOfPosition, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { driveCoordinates, type LonLatPair } from '../routing/geojson.ts';
import { fromE7, msToSeconds, NONE } from '../units.ts';

interface Feature {
  type: 'Feature';
  properties: Record<string, string | number | boolean | null>;
  geometry: { type: string; coordinates: unknown };
}

/**
 * Zones (kind `zone`), must-reach points (`point`), must-patrol lines (`line`, their drive along; as given where they
 * could not be matched), posts (`post`), the places that units without a post were given (`post`, `placed` true), and
 * where people are brought (`destination`).
 */
export function cityGeoJson(city: City): string {
  const { graph, scenario } = city;
  const place = (position: RoadPosition): Feature['geometry'] => ({
    type: 'Point',
    coordinates: lonLatOf(graph, position),
  });
  const features: Feature[] = [
    ...scenario.zones.map(({ id, name, class: zoneClass, polygons }, ix) =>
      feature(
        { kind: 'zone', id, name, class: zoneClass, roadLengthM: city.zones[ix].lengthMm / 1000 },
        areaOf(polygons),
      ),
    ),
    ...city.points.map((point) =>
      feature(
        {
          kind: 'point',
          id: point.id,
          name: point.name,
          zone: point.zone === NONE ? null : city.zones[point.zone].id,
          visitsPerShift: point.visitsPerShift,
          dwellS: msToSeconds(point.dwellMs),
          longestGapS: point.longestGapMs === null ? null : msToSeconds(point.longestGapMs),
          snapDistanceM: point.snapDistanceM,
        },
        place(point.position),
      ),
    ),
    ...city.lines.map((line, ix) =>
      feature(
        {
          kind: 'line',
          id: line.id,
          name: line.name,
          passesPerShift: line.passesPerShift,
          direction: scenario.lines[ix].direction,
          matched: line.along.length > 0,
          problem: line.match.problem,
        },
        {
          type: 'LineString',
          coordinates:
            line.along.length > 0
              ? driveCoordinates(graph, line.along)
              : scenario.lines[ix].coordinates.map(({ lon, lat }): LonLatPair => [lon, lat]),
        },
      ),
    ),
    ...city.posts.map((post) =>
      feature(
        { kind: 'post', id: post.id, name: post.name, placed: false, snapDistanceM: post.snapDistanceM },
        place(post.position),
      ),
    ),
    ...city.units
      .filter((unit) => unit.post === NONE)
      .map((unit) =>
        feature(
          { kind: 'post', id: unit.id, name: unit.id, placed: true, snapDistanceM: 0 },
          place(unit.home),
        ),
      ),
    ...city.destinations.map(({ id, name, kind, snapDistanceM, position }) =>
      feature({ kind: 'destination', id, name, destinationKind: kind, snapDistanceM }, place(position)),
    ),
  ];
  const lines = features.map((each) => JSON.stringify(each)).join(',\n');
  return `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`;
}

const feature = (properties: Feature['properties'], geometry: Feature['geometry']): Feature => ({
  type: 'Feature',
  properties,
  geometry,
});

function areaOf(
  polygons: readonly (readonly (readonly { lon: number; lat: number }[])[])[],
): Feature['geometry'] {
  const coordinates = polygons.map((rings) =>
    rings.map((ring) => ring.map(({ lon, lat }): LonLatPair => [lon, lat])),
  );
  return coordinates.length === 1
    ? { type: 'Polygon', coordinates: coordinates[0] }
    : { type: 'MultiPolygon', coordinates };
}

function lonLatOf(graph: RoadGraph, position: RoadPosition): LonLatPair {
  const { lonE7, latE7 } = pointOfPosition(graph, position);
  return [fromE7(lonE7), fromE7(latE7)];
}
