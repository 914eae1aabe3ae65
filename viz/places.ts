/** city.geojson: zones, must-reach points, must-patrol lines, posts and destinations as placed on the roads. */
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import type { JsonValue } from './json-shape.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { ResultsProblem } from './problem.ts';
import { isPlace, worldProjection, type Roads, type WorldOrigin } from './roads.ts';

/** A shape in world metres: x0, y0, x1, y1… */
export type WorldPath = Float64Array;

export interface Places {
  zones: { id: string; name: string; class: string; rings: WorldPath[] }[];
  points: { id: string; name: string; x: number; y: number }[];
  lines: { id: string; name: string; paths: WorldPath[] }[];
  posts: { id: string; name: string; x: number; y: number }[];
  /** Where people are brought: custody, hospitals. `sort` is the scenario's own word. */
  destinations: { id: string; name: string; sort: string; x: number; y: number }[];
  /** Features of a kind or geometry that the map does not draw. */
  nOther: number;
}

/** Ids of the units that answer from their post only, by scenario.json: on the way back to it nobody can send them. */
export function readPostUnits(scenario: JsonValue): Set<string> {
  const ids = scenario
    .at('units')
    .list((unit) => (unit.at('answersFrom').textOr('') === 'post' ? [unit.at('id').text()] : []));
  return new Set(ids.flat());
}

/** @throws ResultsProblem naming the place in the file when it is no GeoJSON or lies off the globe */
export function readPlaces(json: JsonValue, origin: WorldOrigin): Places {
  const project = worldProjection(origin);
  const places: Places = { zones: [], points: [], lines: [], posts: [], destinations: [], nOther: 0 };
  let nPositions = 0;

  const position = (value: JsonValue): [number, number] => {
    const [lon, lat] = value.list((part) => part.number(), 3);
    if (!isPlace(lon, lat)) {
      throw new ResultsProblem('badRow', {
        file: RESULT_FILES.city,
        row: nPositions,
        column: 'coordinates',
        value: `${lon}, ${lat}`,
      });
    }
    if (++nPositions > VIEWER_LIMITS.positions) {
      throw new ResultsProblem('tooMany', {
        file: RESULT_FILES.city,
        found: nPositions,
        allowed: VIEWER_LIMITS.positions,
      });
    }
    return project(lon, lat);
  };
  const path = (value: JsonValue): WorldPath =>
    Float64Array.from(value.list(position, VIEWER_LIMITS.positions).flat());

  json.at('features').list((feature) => {
    const properties = feature.at('properties');
    const geometry = feature.at('geometry');
    if (geometry.isMissing) {
      places.nOther++;
      return;
    }
    const kind = properties.at('kind').textOr('');
    const type = geometry.at('type').text();
    const coordinates = geometry.at('coordinates');
    const id = properties.at('id').isMissing ? '' : properties.at('id').label();
    const name = properties.at('name').textOr('') || id;
    if (kind === 'zone' && type === 'Polygon') {
      places.zones.push({
        id,
        name,
        class: properties.at('class').textOr(''),
        rings: coordinates.list(path),
      });
    } else if (kind === 'zone' && type === 'MultiPolygon') {
      const rings = coordinates.list((polygon) => polygon.list(path)).flat();
      places.zones.push({ id, name, class: properties.at('class').textOr(''), rings });
    } else if (kind === 'line' && type === 'LineString') {
      places.lines.push({ id, name, paths: [path(coordinates)] });
    } else if (kind === 'line' && type === 'MultiLineString') {
      places.lines.push({ id, name, paths: coordinates.list(path) });
    } else if (kind === 'point' && type === 'Point') {
      const [x, y] = position(coordinates);
      places.points.push({ id, name, x, y });
    } else if (kind === 'post' && type === 'Point') {
      const [x, y] = position(coordinates);
      places.posts.push({ id, name, x, y });
    } else if (kind === 'destination' && type === 'Point') {
      const [x, y] = position(coordinates);
      places.destinations.push({ id, name, sort: properties.at('destinationKind').textOr(''), x, y });
    } else {
      places.nOther++;
    }
  }, VIEWER_LIMITS.features);
  return places;
}

/** A box in world metres. */
type Bounds = Roads['bounds'];

/** How far places may widen the box of the roads to each side, as a part of its longer side. */
const MOST_BEYOND = 0.25;

/** The box of the roads, widened to what is placed beside them; a district that lies mostly elsewhere is cut. */
export function boundsWithPlaces(roads: Bounds, places: Places): Bounds {
  const beyond = MOST_BEYOND * Math.max(roads.maxX - roads.minX, roads.maxY - roads.minY);
  const bounds = { ...roads };
  const take = (x: number, y: number): void => {
    bounds.minX = Math.max(roads.minX - beyond, Math.min(bounds.minX, x));
    bounds.minY = Math.max(roads.minY - beyond, Math.min(bounds.minY, y));
    bounds.maxX = Math.min(roads.maxX + beyond, Math.max(bounds.maxX, x));
    bounds.maxY = Math.min(roads.maxY + beyond, Math.max(bounds.maxY, y));
  };
  const paths = [
    ...places.zones.flatMap(({ rings }) => rings),
    ...places.lines.flatMap((line) => line.paths),
  ];
  for (const path of paths) for (let ix = 0; ix < path.length; ix += 2) take(path[ix], path[ix + 1]);
  for (const { x, y } of [...places.points, ...places.posts, ...places.destinations]) take(x, y);
  return bounds;
}
