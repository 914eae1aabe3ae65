/**
 * The road network as the map draws it and units drive on it: shape points in metres on a flat world around the
 * middle of the network (Mercator, scaled to true length there; y runs south, as on a screen).
 */
import { geoMercatorRaw } from 'd3';
import { RESULT_FILES } from '../engine/results/results-folder.ts';
import { VIEWER_LIMITS } from './limits.ts';
import type { Table } from './parquet-table.ts';
import { ResultsProblem } from './problem.ts';

export interface Roads {
  nSegments: number;
  /** Shape points of segment s are firstPoint[s] up to firstPoint[s + 1]. */
  firstPoint: Int32Array;
  /** World place of each shape point, metres. */
  x: Float64Array;
  y: Float64Array;
  /** Distance along the segment, millimetres. */
  atMm: Int32Array;
  /** Position in classNames and streetNames of each segment. */
  roadClass: Int32Array;
  classNames: string[];
  streetName: Int32Array;
  streetNames: string[];
  /** Smallest and largest world coordinates. */
  bounds: { minX: number; minY: number; maxX: number; maxY: number };
  middle: WorldOrigin;
}

/** Where the flat world touches the globe. */
export interface WorldOrigin {
  lon: number;
  lat: number;
}

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
/** Mercator ends here; nobody patrols beyond. */
const MAX_LATITUDE = 85;

/** Degrees to world metres around `origin`. */
export function worldProjection(origin: WorldOrigin): (lon: number, lat: number) => [number, number] {
  const scale = EARTH_RADIUS_M * Math.cos(origin.lat * RADIANS);
  const [, originY] = geoMercatorRaw(0, origin.lat * RADIANS);
  return (lon, lat) => {
    const [x, y] = geoMercatorRaw((lon - origin.lon) * RADIANS, lat * RADIANS);
    return [x * scale, (originY - y) * scale];
  };
}

export const isPlace = (lon: number, lat: number): boolean =>
  Math.abs(lon) <= 180 && Math.abs(lat) <= MAX_LATITUDE;

/**
 * Roads of roads.parquet.
 * @throws ResultsProblem naming the row when rows of a segment are torn apart, run backward or lie off the globe
 */
export function buildRoads(table: Table): Roads {
  const { segment, atMm, roadClass, name } = table.int;
  const { lon, lat } = table.number;
  const nPoints = table.nRows;
  if (nPoints === 0) throw problem(0, 'segment', 'no rows');
  const nSegments = segment[nPoints - 1] + 1;
  if (nSegments < 1 || nSegments > nPoints) throw problem(nPoints - 1, 'segment', segment[nPoints - 1]);

  const roads: Roads = {
    nSegments,
    firstPoint: new Int32Array(nSegments + 1),
    x: new Float64Array(nPoints),
    y: new Float64Array(nPoints),
    atMm,
    roadClass: new Int32Array(nSegments),
    classNames: table.names.roadClass,
    streetName: new Int32Array(nSegments),
    streetNames: table.names.name,
    bounds: { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity },
    middle: middleOf(lon, lat),
  };
  const project = worldProjection(roads.middle);
  const { bounds } = roads;
  for (let point = 0; point < nPoints; point++) {
    const isFirst = point === 0 || segment[point] !== segment[point - 1];
    if (isFirst) {
      if (segment[point] !== (point === 0 ? 0 : segment[point - 1] + 1)) {
        throw problem(point, 'segment', segment[point]);
      }
      roads.firstPoint[segment[point]] = point;
      roads.roadClass[segment[point]] = roadClass[point];
      roads.streetName[segment[point]] = name[point];
    } else if (atMm[point] < atMm[point - 1]) {
      throw problem(point, 'atMm', atMm[point]);
    }
    if (isFirst && atMm[point] < 0) throw problem(point, 'atMm', atMm[point]);
    const [x, y] = project(lon[point], lat[point]);
    roads.x[point] = x;
    roads.y[point] = y;
    if (x < bounds.minX) bounds.minX = x;
    if (x > bounds.maxX) bounds.maxX = x;
    if (y < bounds.minY) bounds.minY = y;
    if (y > bounds.maxY) bounds.maxY = y;
  }
  roads.firstPoint[nSegments] = nPoints;
  return roads;
}

function middleOf(lon: Float64Array, lat: Float64Array): WorldOrigin {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let point = 0; point < lon.length; point++) {
    if (!isPlace(lon[point], lat[point])) {
      throw problem(point, 'lon, lat', `${lon[point]}, ${lat[point]}`);
    }
    west = Math.min(west, lon[point]);
    east = Math.max(east, lon[point]);
    south = Math.min(south, lat[point]);
    north = Math.max(north, lat[point]);
  }
  return { lon: (west + east) / 2, lat: (south + north) / 2 };
}

const problem = (row: number, column: string, value: string | number): ResultsProblem =>
  new ResultsProblem('badRow', { file: RESULT_FILES.roads, row, column, value });

/** World place `offsetMm` along a segment, written to `out`; clamped to the segment's ends. Cost O(log points). */
export function placeOnSegment(roads: Roads, segment: number, offsetMm: number, out: Float64Array): void {
  const { firstPoint, atMm, x, y } = roads;
  let low = firstPoint[segment];
  let high = firstPoint[segment + 1] - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (atMm[middle] <= offsetMm) low = middle;
    else high = middle;
  }
  const lengthMm = atMm[high] - atMm[low];
  const share = lengthMm > 0 ? Math.min(1, Math.max(0, (offsetMm - atMm[low]) / lengthMm)) : 0;
  out[0] = x[low] + share * (x[high] - x[low]);
  out[1] = y[low] + share * (y[high] - y[low]);
}

/** Columns of roads.parquet that the map needs. */
export const ROAD_READ = {
  columns: [
    { name: 'segment', as: 'int' },
    { name: 'roadClass', as: 'name' },
    { name: 'name', as: 'name' },
    { name: 'lon', as: 'number' },
    { name: 'lat', as: 'number' },
    { name: 'atMm', as: 'int' },
  ],
  maxRows: VIEWER_LIMITS.shapePoints,
} as const;
