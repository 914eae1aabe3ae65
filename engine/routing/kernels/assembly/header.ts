/** Reading the header of the label space at address 0. */

/** A count of the header. */
export function count(slot: i32): u32 {
  return load<u32>((<usize>slot) << 2);
}

/** The address of a column. */
export function column(slot: i32): usize {
  return load<u32>((<usize>slot) << 2);
}
