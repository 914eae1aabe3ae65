/** Reading the header of the label space at address 0. */
import { DEPTH, ROW_LENGTH, ROWS } from '../slots';

/** A count of the header. */
export function count(slot: i32): u32 {
  return load<u32>((<usize>slot) << 2);
}

/** The address of a column. */
export function column(slot: i32): usize {
  return load<u32>((<usize>slot) << 2);
}

/** Bytes of a row that holds a word for each depth. */
export function rowBytes(): usize {
  return (<usize>count(ROW_LENGTH)) << 2;
}

/** The address of one of the rows of ROWS. */
export function rowOf(row: i32): usize {
  return column(ROWS) + <usize>row * rowBytes();
}

/** Depth of a place, as bytes into such a row. */
export function depthBytes(p: u32): usize {
  return (<usize>load<u16>(column(DEPTH) + ((<usize>p) << 1))) << 2;
}
