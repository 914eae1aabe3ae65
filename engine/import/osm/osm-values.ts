/** Ids and degrees as OSM XML and JSON write them, checked. */

/** An OSM id: an integer within ±2^53. Null where it is none. */
export function osmId(value: unknown): number | null {
  if (typeof value === 'string') {
    if (!/^-?\d{1,16}$/.test(value)) return null;
    return osmId(Number(value));
  }
  return typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : null;
}

/** A decimal number in text; NaN where it is none (so that the place is refused). */
export function degrees(text: string): number {
  return /^[+-]?(\d{1,20}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : NaN;
}
