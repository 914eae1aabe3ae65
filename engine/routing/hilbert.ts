/** Places of points on a Hilbert curve, so that what is near on the map is near in memory. */

const SIDE = 65_536;

/**
 * Ranks of points by their place on a Hilbert curve over their bounding square, lowest
 * index first on a tie. Cost O(n log n).
 */
export function alongHilbertCurve(x: ArrayLike<number>, y: ArrayLike<number>): Uint32Array {
  const n = x.length;
  const [minX, maxX] = bounds(x);
  const [minY, maxY] = bounds(y);
  const side = Math.max(maxX - minX, maxY - minY, 1);
  const scale = (SIDE - 1) / side;
  // Place and index share one number, because sorting plain numbers is many times faster than calling a comparison:
  // 32 bits of place and up to 21 of index (2^53 is the largest exact integer); beyond that the place gives up bits.
  let indexRange = 1;
  while (indexRange < n) indexRange *= 2;
  const coarse = Math.max(1, (2 ** 32 * indexRange) / 2 ** 53);
  const keys = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const place = hilbertPlace(Math.floor((x[i] - minX) * scale), Math.floor((y[i] - minY) * scale));
    keys[i] = Math.floor(place / coarse) * indexRange + i;
  }
  keys.sort();
  return Uint32Array.from(keys, (key) => key % indexRange);
}

function bounds(values: ArrayLike<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

/** Place of a cell of a 65536 x 65536 square on its Hilbert curve, below 2^32. */
function hilbertPlace(x: number, y: number): number {
  let place = 0;
  for (let s = SIDE / 2; s > 0; s >>= 1) {
    const rx = (x & s) > 0 ? 1 : 0;
    const ry = (y & s) > 0 ? 1 : 0;
    place += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) {
        x = SIDE - 1 - x;
        y = SIDE - 1 - y;
      }
      const swap = x;
      x = y;
      y = swap;
    }
  }
  return place;
}
