/** Places in foreign data: degrees checked before they become integers. */

/**
 * What is wrong with a place in degrees, or null when it lies on the earth. (0, 0), the poles and the antimeridian
 * are places like others.
 */
export function placeProblem(lon: number, lat: number): string | null {
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return null; // false for NaN
  const found = `lon ${lon}, lat ${lat} is off the earth (lon within ±180 degrees, lat within ±90)`;
  const swapped = Math.abs(lat) > 90 && Math.abs(lat) <= 180 && Math.abs(lon) <= 90;
  return swapped ? `${found}; longitude and latitude look swapped` : found;
}
