/**
 * Distances on the sphere, the same bits everywhere (see math.ts). Used once, at import; afterwards lengths are
 * integer millimetres. All points are lon/lat WGS84.
 */
import { asin, cos, sin } from './math.ts';

/** Mean radius of the earth (IUGG R1). Against the WGS84 ellipsoid distances are right to about 0.5 %. */
export const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = 0.017453292519943295;

/** Great-circle distance in metres between two points in degrees, by the haversine formula. */
export function haversineM(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const sinLat = sin(((lat2 - lat1) * RADIANS) / 2);
  const sinLon = sin(((lon2 - lon1) * RADIANS) / 2);
  const a = sinLat * sinLat + cos(lat1 * RADIANS) * cos(lat2 * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_M * asin(Math.min(1, Math.sqrt(a)));
}

/** Metres in one 1e-7 degree of latitude. */
export const M_PER_LAT_E7 = EARTH_RADIUS_M * RADIANS * 1e-7;

/** Metres in one 1e-7 degree of longitude at a latitude in 1e-7 degrees. */
export const mPerLonE7 = (latE7: number): number => M_PER_LAT_E7 * cos(latE7 * 1e-7 * RADIANS);

/** The point of a segment (a, b) nearest to p, on a plane whose axes are metres: its fraction in [0, 1] and distance squared. */
export interface PlanarProjection {
  fraction: number;
  distanceSquared: number;
}

/** Projects p = (0, 0) onto the segment from (ax, ay) to (bx, by), all in metres relative to p; writes to `out`. */
export function projectOrigin(ax: number, ay: number, bx: number, by: number, out: PlanarProjection): void {
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  let fraction = lengthSquared > 0 ? -(ax * dx + ay * dy) / lengthSquared : 0;
  fraction = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
  const x = ax + fraction * dx;
  const y = ay + fraction * dy;
  out.fraction = fraction;
  out.distanceSquared = x * x + y * y;
}
