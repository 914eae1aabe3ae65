/** Where calls may be: cells of a grid, or zones. Densities are calls per square kilometre, constant within a cell. */
import { shapeOf } from '../../city/territory.ts';
import { InputError } from '../../errors.ts';
import { M_PER_LAT_E7, mPerLonE7 } from '../../geo.ts';
import type { LonLat } from '../../scenario/scenario.ts';
import { holdsPoint } from '../../spatial/zones.ts';
import { E7, toE7 } from '../../units.ts';

export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** Cells in rows from the south, each row from the west. */
export interface Grid {
  cellM: number;
  west: number;
  south: number;
  stepLon: number;
  stepLat: number;
  columns: number;
  rows: number;
}

export interface Places {
  /** Cells or zones. */
  n: number;
  areaKm2: Float64Array;
  /** Number of the cell, or -1 outside. */
  cellOf(lon: number, lat: number): number;
  shape:
    | { type: 'grid'; grid: Grid; box: Box; /** Cell of the grid of each place. */ gridCell: Uint32Array }
    | { type: 'zones'; ids: string[]; polygons: LonLat[][][][] };
}

/** A grid beyond it is finer than any call file can tell. */
const MOST_CELLS = 1_000_000;
/** A place so far from every call of the estimate is not in the area. */
const AREA_REACH_M = 2000;

/**
 * The box that a few wild coordinates do not stretch: it holds the middle 99.8 % of longitudes and of latitudes, and a
 * tenth more on each side.
 */
export function usualBox(calls: readonly LonLat[]): Box {
  const ends = (values: number[]): [number, number] => {
    const ascending = Float64Array.from(values).sort();
    const cut = Math.floor(ascending.length * 0.001);
    const low = ascending[cut];
    const high = ascending[ascending.length - 1 - cut];
    const more = Math.max((high - low) / 10, 1e-4);
    return [low - more, high + more];
  };
  const [west, east] = ends(calls.map(({ lon }) => lon));
  const [south, north] = ends(calls.map(({ lat }) => lat));
  return { west, south: Math.max(-90, south), east, north: Math.min(90, north) };
}

/**
 * The cells of a box that lie within 2 km of a call of the estimate.
 * @param cellM  side of a cell in metres
 * @throws InputError when there would be too many cells
 */
export function gridPlaces(box: Box, cellM: number, calls: readonly LonLat[], option: string): Places {
  const { west, south, east, north } = box;
  const stepLat = cellM / (M_PER_LAT_E7 * E7);
  const stepLon = cellM / (mPerLonE7(toE7((south + north) / 2)) * E7);
  const columns = Math.max(1, Math.ceil((east - west) / stepLon));
  const rows = Math.max(1, Math.ceil((north - south) / stepLat));
  if (columns * rows > MOST_CELLS) {
    throw InputError.at(
      option,
      '',
      `cells of ${cellM} m make ${columns} x ${rows} of them; allowed: at most ${MOST_CELLS} in all`,
    );
  }
  const grid: Grid = { cellM, west, south, stepLon, stepLat, columns, rows };
  const hasCall = new Uint8Array(columns * rows);
  for (const { lon, lat } of calls) {
    const cell = gridCellAt(grid, lon, lat);
    if (cell >= 0) hasCall[cell] = 1;
  }
  const placeOf = new Int32Array(columns * rows).fill(-1);
  const gridCell = cellsWithin(hasCall, grid, AREA_REACH_M / cellM);
  gridCell.forEach((cell, place) => (placeOf[cell] = place));
  return {
    n: gridCell.length,
    areaKm2: new Float64Array(gridCell.length).fill((cellM * cellM) / 1e6),
    cellOf: (lon, lat) => {
      const cell = gridCellAt(grid, lon, lat);
      return cell < 0 ? -1 : placeOf[cell];
    },
    shape: { type: 'grid', grid, box, gridCell },
  };
}

function gridCellAt(
  { west, south, stepLon, stepLat, columns, rows }: Grid,
  lon: number,
  lat: number,
): number {
  const column = Math.floor((lon - west) / stepLon);
  const row = Math.floor((lat - south) / stepLat);
  return column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : -1;
}

/** Cells whose middle is at most `reach` cells from the middle of a marked one, ascending. */
function cellsWithin(marked: Uint8Array, { columns, rows }: Grid, reach: number): Uint32Array {
  const near = new Uint8Array(marked.length);
  const whole = Math.floor(reach);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (marked[row * columns + column] === 0) continue;
      for (let up = -whole; up <= whole; up++) {
        if (row + up < 0 || row + up >= rows) continue;
        const across = Math.floor(Math.sqrt(reach * reach - up * up));
        const from = Math.max(0, column - across);
        const to = Math.min(columns - 1, column + across);
        near.fill(1, (row + up) * columns + from, (row + up) * columns + to + 1);
      }
    }
  }
  return Uint32Array.from(near.keys()).filter((cell) => near[cell] === 1);
}

/** Zones; a place belongs to the first that holds it. */
export function zonePlaces(zones: readonly { id: string; polygons: LonLat[][][] }[]): Places {
  const shapes = zones.map(({ polygons }) => shapeOf(polygons));
  return {
    n: zones.length,
    areaKm2: Float64Array.from(zones, ({ polygons }) => areaKm2(polygons)),
    cellOf: (lon, lat) => shapes.findIndex((shape) => holdsPoint(shape, toE7(lon), toE7(lat))),
    shape: { type: 'zones', ids: zones.map(({ id }) => id), polygons: zones.map(({ polygons }) => polygons) },
  };
}

/** Outer rings less their holes, on a plane that is true to scale in the middle of each ring. */
function areaKm2(polygons: readonly LonLat[][][]): number {
  let total = 0;
  for (const rings of polygons) {
    rings.forEach((ring, r) => (total += (r === 0 ? 1 : -1) * ringAreaKm2(ring)));
  }
  return total;
}

function ringAreaKm2(ring: readonly LonLat[]): number {
  const lats = ring.map(({ lat }) => lat);
  const middle = (Math.min(...lats) + Math.max(...lats)) / 2;
  const kmPerLat = (M_PER_LAT_E7 * E7) / 1000;
  const kmPerLon = (mPerLonE7(toE7(middle)) * E7) / 1000;
  let doubled = 0;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    doubled += (a.lon - ring[0].lon) * (b.lat - ring[0].lat) - (b.lon - ring[0].lon) * (a.lat - ring[0].lat);
  }
  return (Math.abs(doubled) / 2) * kmPerLat * kmPerLon;
}
