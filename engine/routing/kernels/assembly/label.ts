/** Labels, four entries at once. What each step does and why stands at its twin, ../label.ts. */
import {
  DOWN_TIME,
  FIRST_LABEL,
  FIRST_UP,
  FROM,
  LABEL_UNREACHED,
  N_TOO_LONG,
  PATH_FROM,
  PATH_TO,
  ROW_KNOWN,
  ROW_RUN,
  TO,
  TOO_LONG_BIT,
  UP_DEPTH,
  UP_TIME,
} from '../slots';
import { column, count, depthBytes, rowBytes, rowOf } from './header';

/** Labels of the places from `first` to `end` - 1, after those of all earlier places. */
export function labelPlaces(first: u32, end: u32): void {
  if (first === 0) store<u32>(N_TOO_LONG << 2, 0);
  for (let p = first; p < end; p++) {
    enterPath(p);
    labelPlace(p);
    if (isTooLong(p)) store<u32>(N_TOO_LONG << 2, count(N_TOO_LONG) + 1);
  }
}

export function enterPath(p: u32): void {
  const known = rowOf(ROW_KNOWN);
  const d = depthBytes(p);
  store<u32>(rowOf(ROW_RUN) + d, load<u32>(column(FIRST_LABEL) + ((<usize>p) << 2)));
  const most = i32x4.splat(<i32>(d >> 2));
  // entries from depth d on are of no meaning, so whole groups may be cut
  for (let j: usize = 0; j < d; j += 16) {
    v128.store(known + j, i32x4.min_s(v128.load(known + j), most));
  }
  store<u32>(known + d, 0);
}

export function labelPlace(p: u32): void {
  const at = (<usize>p) << 2;
  const rowLength = rowBytes();
  const known = rowOf(ROW_KNOWN);
  const pathTo = column(PATH_TO);
  const pathFrom = column(PATH_FROM);
  const upDepth = column(UP_DEPTH);
  const upTime = column(UP_TIME);
  const downTime = column(DOWN_TIME);
  const d = depthBytes(p);
  const own = (<usize>load<u32>(column(FIRST_LABEL) + at)) << 2;
  const ownTo = column(TO) + own;
  const ownFrom = column(FROM) + own;
  const end = (d & ~15) + 16;
  const unreached = i32x4.splat(LABEL_UNREACHED);
  for (let j: usize = 0; j < end; j += 16) {
    v128.store(ownTo + j, unreached);
    v128.store(ownFrom + j, unreached);
  }
  const last: usize = load<u32>(column(FIRST_UP) + at, 4);
  let i: usize = load<u32>(column(FIRST_UP) + at);
  for (let k = i; k < last; k++) {
    const via: usize = load<u16>(upDepth + (k << 1));
    if (load<u32>(known + (via << 2)) << 2 < <u32>d) completeRow(via, d);
  }
  for (; i + 3 <= last; i += 3) {
    const row0 = <usize>load<u16>(upDepth + (i << 1)) * rowLength;
    const row1 = <usize>load<u16>(upDepth + (i << 1), 2) * rowLength;
    const row2 = <usize>load<u16>(upDepth + (i << 1), 4) * rowLength;
    relaxThree(ownTo, d, upTime + (i << 2), pathTo + row0, pathTo + row1, pathTo + row2);
    relaxThree(ownFrom, d, downTime + (i << 2), pathFrom + row0, pathFrom + row1, pathFrom + row2);
  }
  if (i + 2 <= last) {
    const row0 = <usize>load<u16>(upDepth + (i << 1)) * rowLength;
    const row1 = <usize>load<u16>(upDepth + (i << 1), 2) * rowLength;
    relaxTwo(ownTo, d, upTime + (i << 2), pathTo + row0, pathTo + row1);
    relaxTwo(ownFrom, d, downTime + (i << 2), pathFrom + row0, pathFrom + row1);
    i += 2;
  }
  if (i < last) {
    const row = <usize>load<u16>(upDepth + (i << 1)) * rowLength;
    relax(ownTo, d, upTime + (i << 2), pathTo + row);
    relax(ownFrom, d, downTime + (i << 2), pathFrom + row);
  }
  // the loops wrote whole groups of four
  for (let j = d; j < end; j += 4) {
    store<i32>(ownTo + j, j === d ? 0 : LABEL_UNREACHED);
    store<i32>(ownFrom + j, j === d ? 0 : LABEL_UNREACHED);
  }
}

/** run[0 .. bytes) = min(run, time + row), four entries at once. */
function relax(run: usize, bytes: usize, time: usize, row: usize): void {
  const time0 = v128.load32_splat(time);
  for (let j: usize = 0; j < bytes; j += 16) {
    v128.store(run + j, i32x4.min_s(v128.load(run + j), i32x4.add(time0, v128.load(row + j))));
  }
}

/** The same for two neighbours whose times follow each other: the run is read and written once. */
function relaxTwo(run: usize, bytes: usize, times: usize, row0: usize, row1: usize): void {
  const time0 = v128.load32_splat(times);
  const time1 = v128.load32_splat(times, 4);
  for (let j: usize = 0; j < bytes; j += 16) {
    const best = i32x4.min_s(i32x4.add(time0, v128.load(row0 + j)), i32x4.add(time1, v128.load(row1 + j)));
    v128.store(run + j, i32x4.min_s(best, v128.load(run + j)));
  }
}

/** The same for three neighbours whose times follow each other: the run is read and written once. */
function relaxThree(run: usize, bytes: usize, times: usize, row0: usize, row1: usize, row2: usize): void {
  const time0 = v128.load32_splat(times);
  const time1 = v128.load32_splat(times, 4);
  const time2 = v128.load32_splat(times, 8);
  for (let j: usize = 0; j < bytes; j += 16) {
    const best01 = i32x4.min_s(i32x4.add(time0, v128.load(row0 + j)), i32x4.add(time1, v128.load(row1 + j)));
    const best2 = i32x4.min_s(i32x4.add(time2, v128.load(row2 + j)), v128.load(run + j));
    v128.store(run + j, i32x4.min_s(best01, best2));
  }
}

function completeRow(row: usize, end: usize): void {
  const runs = rowOf(ROW_RUN);
  const known = rowOf(ROW_KNOWN) + (row << 2);
  const to = column(TO);
  const from = column(FROM);
  const pathTo = column(PATH_TO) + row * rowBytes();
  const pathFrom = column(PATH_FROM) + row * rowBytes();
  const self = row << 2;
  let j = (<usize>load<u32>(known)) << 2;
  if (j === 0) {
    const run = (<usize>load<u32>(runs + self)) << 2;
    for (; j <= self; j += 16) {
      v128.store(pathTo + j, v128.load(to + run + j));
      v128.store(pathFrom + j, v128.load(from + run + j));
    }
    j = self + 4;
  }
  for (; j < end; j += 4) {
    const run = ((<usize>load<u32>(runs + j)) << 2) + self;
    store<i32>(pathTo + j, load<i32>(from + run));
    store<i32>(pathFrom + j, load<i32>(to + run));
  }
  store<u32>(known, <u32>(end >> 2));
}

export function isTooLong(p: u32): bool {
  const run = (<usize>load<u32>(column(FIRST_LABEL) + ((<usize>p) << 2))) << 2;
  const to = column(TO) + run;
  const from = column(FROM) + run;
  const bytes = depthBytes(p) + 4;
  const one = i32x4.splat(1);
  let bits = i32x4.splat(0);
  for (let j: usize = 0; j < bytes; j += 16) {
    bits = v128.or(bits, i32x4.add(v128.load(to + j), one));
    bits = v128.or(bits, i32x4.add(v128.load(from + j), one));
  }
  return v128.any_true(v128.and(bits, i32x4.splat(TOO_LONG_BIT)));
}
