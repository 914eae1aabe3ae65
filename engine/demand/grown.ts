/** A longer copy of a column. @param length at least its own */
export function grown<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  column: T,
  length: number,
): T {
  const longer = new (column.constructor as new (length: number) => T)(length);
  longer.set(column);
  return longer;
}
