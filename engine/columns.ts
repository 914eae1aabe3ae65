/** Columns of numbers that grow. */
type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** The same values in a column of twice the length, the rest 0. */
export function larger<T extends Column>(column: T): T {
  const grown = new (column.constructor as new (length: number) => T)(2 * column.length);
  grown.set(column);
  return grown;
}
