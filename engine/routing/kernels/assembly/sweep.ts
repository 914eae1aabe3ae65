/**
 * Sweeps of 16 sources down the hierarchy. The words of the scratch region, `work`, are described in query-slots.ts, the
 * functions beside their TypeScript twins in sweep-typescript.ts.
 */
import {
  DEPTH,
  DOWN_TIME,
  FIRST_UP,
  FROM,
  LABEL_UNREACHED,
  NODE_RECORD,
  N_NODES,
  PARENT,
  ROW_LENGTH,
  TO,
  UP,
  UP_TIME,
} from '../slots';
import {
  ANSWER_ROWS,
  ARCS_SWEPT,
  DIST,
  FIRST_B,
  HISTOGRAM,
  LABEL_ENTRIES_READ,
  LANES,
  MAX_CLASS,
  NOT_SWEPT,
  NUMBER,
  N_SWEPT,
  PLAN,
  ROW_STRIDE,
  SEEDED,
  STATE_A,
  STATE_B,
  TIME_A,
  TIME_B,
  UNREACHED_MS,
} from '../query-slots';
import { column, count } from './header';
import { addTo, buffer } from './scratch';

const LINE: usize = 64;
const ROW_BYTES: usize = ROW_STRIDE << 2;

export function markPlaces(work: usize, isMarked: u32): void {
  memory.fill(buffer(work, NUMBER), isMarked ? 0 : 0xff, (<usize>count(N_NODES)) << 2);
}

export function markAncestors(work: usize, nEnds: u32): void {
  const records = column(NODE_RECORD);
  const parents = column(PARENT);
  const numbers = buffer(work, NUMBER);
  const states = buffer(work, STATE_B);
  for (let e: u32 = 0; e < nEnds; e++) {
    const state = load<u32>(states + ((<usize>e) << 2));
    let place = load<u32>(records + ((<usize>state) << 3));
    for (;;) {
      const at = numbers + ((<usize>place) << 2);
      if (load<u32>(at) != <u32>NOT_SWEPT) break; // and so are its ancestors
      store<u32>(at, 0);
      place = load<u32>(parents + ((<usize>place) << 2)); // a root is its own
    }
  }
}

// @ts-ignore: decorator
@inline
function classOf(firstUps: usize, place: u32): u32 {
  const at = firstUps + ((<usize>place) << 2);
  return min<u32>(load<u32>(at, 4) - load<u32>(at), MAX_CLASS);
}

/** Turns counts into the first place of each class. */
function accumulate(histogram: usize, nClasses: u32): void {
  let sum: u32 = 0;
  for (let c: u32 = 0; c < nClasses; c++) {
    const at = histogram + ((<usize>c) << 2);
    const n = load<u32>(at);
    store<u32>(at, sum);
    sum += n;
  }
}

// @ts-ignore: decorator
@inline
function increment(at: usize): u32 {
  const n = load<u32>(at);
  store<u32>(at, n + 1);
  return n;
}

export function layOutPlan(work: usize): u32 {
  const nNodes = count(N_NODES);
  const numbers = buffer(work, NUMBER);
  const firstUps = column(FIRST_UP);
  const ups = column(UP);
  const depths = column(DEPTH);
  const histogram = buffer(work, HISTOGRAM);
  const byClass = buffer(work, DIST); // free until a sweep begins
  const order = byClass + ((<usize>nNodes) << 2);
  const nDepths = count(ROW_LENGTH);

  memory.fill(histogram, 0, (MAX_CLASS + 1) << 2);
  let nSwept: u32 = 0;
  for (let p: u32 = 0; p < nNodes; p++) {
    if (load<u32>(numbers + ((<usize>p) << 2)) == <u32>NOT_SWEPT) continue;
    increment(histogram + ((<usize>classOf(firstUps, p)) << 2));
    nSwept++;
  }
  accumulate(histogram, MAX_CLASS + 1);
  for (let p: u32 = 0; p < nNodes; p++) {
    if (load<u32>(numbers + ((<usize>p) << 2)) == <u32>NOT_SWEPT) continue;
    const at = increment(histogram + ((<usize>classOf(firstUps, p)) << 2));
    store<u32>(byClass + ((<usize>at) << 2), p);
  }
  memory.fill(histogram, 0, (<usize>nDepths) << 2);
  for (let i: u32 = 0; i < nSwept; i++) {
    const p = load<u32>(byClass + ((<usize>i) << 2));
    increment(histogram + ((<usize>load<u16>(depths + ((<usize>p) << 1))) << 2));
  }
  accumulate(histogram, nDepths);
  for (let i: u32 = 0; i < nSwept; i++) {
    const p = load<u32>(byClass + ((<usize>i) << 2));
    const at = increment(histogram + ((<usize>load<u16>(depths + ((<usize>p) << 1))) << 2));
    store<u32>(order + ((<usize>at) << 2), p);
    store<u32>(numbers + ((<usize>p) << 2), at);
  }
  const dist = <u32>buffer(work, DIST);
  let plan = buffer(work, PLAN);
  for (let i: u32 = 0; i < nSwept; i++) {
    const p = load<u32>(order + ((<usize>i) << 2));
    const at = firstUps + ((<usize>p) << 2);
    const first = load<u32>(at);
    const end = load<u32>(at, 4);
    store<u32>(plan, end - first);
    store<u32>(plan, first, 4);
    plan += 8;
    for (let arc = first; arc < end; arc++, plan += 4) {
      const upper = load<u32>(ups + ((<usize>arc) << 2));
      store<u32>(plan, dist + (load<u32>(numbers + ((<usize>upper) << 2)) << 6));
    }
  }
  memory.fill(buffer(work, SEEDED), 0, nSwept);
  store<u32>(work + ((<usize>N_SWEPT) << 2), nSwept);
  return nSwept;
}

export function numberEnds(work: usize, nEnds: u32): void {
  const records = column(NODE_RECORD);
  const numbers = buffer(work, NUMBER);
  const states = buffer(work, STATE_B);
  for (let e: u32 = 0; e < nEnds; e++) {
    const at = states + ((<usize>e) << 2);
    const place = load<u32>(records + ((<usize>load<u32>(at)) << 3));
    store<u32>(at, load<u32>(numbers + ((<usize>place) << 2)));
  }
}

export function seedLane(work: usize, direction: i32, lane: u32, nEnds: u32): void {
  const records = column(NODE_RECORD);
  const labels = direction == 0 ? column(TO) : column(FROM);
  const depths = column(DEPTH);
  const parents = column(PARENT);
  const numbers = buffer(work, NUMBER);
  const dist = buffer(work, DIST);
  const seeded = buffer(work, SEEDED);
  const states = buffer(work, STATE_A);
  const times = buffer(work, TIME_A);
  const missing = i32x4.splat(LABEL_UNREACHED);
  let read: u64 = 0;
  for (let e: u32 = 0; e < nEnds; e++) {
    const record = records + ((<usize>load<u32>(states + ((<usize>e) << 2))) << 3);
    const addMs = <i32>min<u32>(load<u32>(times + ((<usize>e) << 2)), LABEL_UNREACHED);
    let place = load<u32>(record);
    let label = labels + ((<usize>load<u32>(record, 4)) << 2);
    let entry = label + ((<usize>load<u16>(depths + ((<usize>place) << 1))) << 2);
    for (; entry >= label; entry -= 4, place = load<u32>(parents + ((<usize>place) << 2))) {
      const number = load<u32>(numbers + ((<usize>place) << 2));
      if (number == <u32>NOT_SWEPT) continue;
      read++;
      const line = dist + ((<usize>number) << 6);
      if (load<u8>(seeded + number) == 0) {
        store<u8>(seeded + number, 1);
        v128.store(line, missing);
        v128.store(line, missing, 16);
        v128.store(line, missing, 32);
        v128.store(line, missing, 48);
      }
      const at = line + ((<usize>lane) << 2);
      store<i32>(at, min<i32>(load<i32>(at), load<i32>(entry) + addMs));
    }
  }
  addTo(work, LABEL_ENTRIES_READ, read);
}

export function sweep(work: usize, direction: i32): void {
  const nSwept = load<u32>(work + ((<usize>N_SWEPT) << 2));
  const times = direction == 0 ? column(DOWN_TIME) : column(UP_TIME);
  const missing = i32x4.splat(LABEL_UNREACHED);
  let line = buffer(work, DIST);
  let seeded = buffer(work, SEEDED);
  const plan = buffer(work, PLAN);
  let at = plan;
  const endLine = line + ((<usize>nSwept) << 6);
  for (; line < endLine; line += LINE, seeded++) {
    let a = missing;
    let b = missing;
    let c = missing;
    let d = missing;
    if (load<u8>(seeded) != 0) {
      store<u8>(seeded, 0);
      a = v128.load(line);
      b = v128.load(line, 16);
      c = v128.load(line, 32);
      d = v128.load(line, 48);
    }
    const end = at + 8 + ((<usize>load<u32>(at)) << 2);
    let time = times + ((<usize>load<u32>(at, 4)) << 2);
    at += 8;
    for (; at < end; at += 4, time += 4) {
      const upper: usize = load<u32>(at);
      const add = v128.load_splat<i32>(time);
      a = i32x4.min_s(a, i32x4.add(v128.load(upper), add));
      b = i32x4.min_s(b, i32x4.add(v128.load(upper, 16), add));
      c = i32x4.min_s(c, i32x4.add(v128.load(upper, 32), add));
      d = i32x4.min_s(d, i32x4.add(v128.load(upper, 48), add));
    }
    v128.store(line, a);
    v128.store(line, b, 16);
    v128.store(line, c, 32);
    v128.store(line, d, 48);
  }
  addTo(work, ARCS_SWEPT, <u64>((at - plan - ((<usize>nSwept) << 3)) >> 2));
}

/** LABEL_UNREACHED, and beyond, to UNREACHED_MS. */
// @ts-ignore: decorator
@inline
function reported(time: v128): v128 {
  return v128.bitselect(
    i32x4.splat(UNREACHED_MS),
    time,
    i32x4.ge_s(time, i32x4.splat(LABEL_UNREACHED)),
  );
}

/** Four times of each of four places to four answers of each of four rows. */
// @ts-ignore: decorator
@inline
function putFourRows(out: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd0 = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const ab2 = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cd2 = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  v128.store(out, reported(i64x2.shuffle(ab0, cd0, 0, 2)));
  v128.store(out + ROW_BYTES, reported(i64x2.shuffle(ab0, cd0, 1, 3)));
  v128.store(out + 2 * ROW_BYTES, reported(i64x2.shuffle(ab2, cd2, 0, 2)));
  v128.store(out + 3 * ROW_BYTES, reported(i64x2.shuffle(ab2, cd2, 1, 3)));
}

export function copyStates(work: usize, firstState: u32, nStates: u32, nLanes: u32): void {
  const numbers = buffer(work, NUMBER);
  const dist = buffer(work, DIST);
  const last = count(N_NODES) - 1;
  let out = buffer(work, ANSWER_ROWS);
  for (let i: u32 = 0; i < nStates; i += 4, out += 16) {
    const s = firstState + i;
    // beyond the last state the last one again: rows are a multiple of 4 long
    const a = lineOf(numbers, dist, s);
    const b = lineOf(numbers, dist, min<u32>(s + 1, last));
    const c = lineOf(numbers, dist, min<u32>(s + 2, last));
    const d = lineOf(numbers, dist, min<u32>(s + 3, last));
    putFourRows(out, v128.load(a), v128.load(b), v128.load(c), v128.load(d));
    if (nLanes <= 4) continue;
    putFourRows(out + 4 * ROW_BYTES, v128.load(a, 16), v128.load(b, 16), v128.load(c, 16), v128.load(d, 16));
    if (nLanes <= 8) continue;
    putFourRows(out + 8 * ROW_BYTES, v128.load(a, 32), v128.load(b, 32), v128.load(c, 32), v128.load(d, 32));
    if (nLanes <= 12) continue;
    putFourRows(out + 12 * ROW_BYTES, v128.load(a, 48), v128.load(b, 48), v128.load(c, 48), v128.load(d, 48));
  }
}

// @ts-ignore: decorator
@inline
function lineOf(numbers: usize, dist: usize, state: u32): usize {
  const place = load<u32>(column(NODE_RECORD) + ((<usize>state) << 3));
  return dist + ((<usize>load<u32>(numbers + ((<usize>place) << 2))) << 6);
}

export function copyPositions(work: usize, nPositions: u32, nLanes: u32): void {
  const dist = buffer(work, DIST);
  const first = buffer(work, FIRST_B);
  const ends = buffer(work, STATE_B);
  const times = buffer(work, TIME_B);
  const start = load<u32>(first);
  const missing = i32x4.splat(LABEL_UNREACHED);
  let out = buffer(work, ANSWER_ROWS);
  const four = out + <usize>LANES * ROW_BYTES; // the times of four positions, a line each
  for (let i: u32 = 0; i < nPositions; i++) {
    const position: usize = (<usize>i) << 2;
    let a = missing;
    let b = missing;
    let c = missing;
    let d = missing;
    const end: usize = (<usize>(load<u32>(first + position, 4) - start)) << 2;
    for (let e: usize = (<usize>(load<u32>(first + position) - start)) << 2; e < end; e += 4) {
      const line = dist + ((<usize>load<u32>(ends + e)) << 6);
      const add = i32x4.splat(min<u32>(load<u32>(times + e), LABEL_UNREACHED));
      a = i32x4.min_s(a, i32x4.add(v128.load(line), add));
      b = i32x4.min_s(b, i32x4.add(v128.load(line, 16), add));
      c = i32x4.min_s(c, i32x4.add(v128.load(line, 32), add));
      d = i32x4.min_s(d, i32x4.add(v128.load(line, 48), add));
    }
    const own = four + ((<usize>(i & 3)) << 6);
    v128.store(own, a);
    v128.store(own, b, 16);
    v128.store(own, c, 32);
    v128.store(own, d, 48);
    if ((i & 3) != 3 && i + 1 < nPositions) continue;
    for (let lane: usize = 0; lane < nLanes; lane += 4) {
      const at = four + (lane << 2);
      putFourRows(
        out + lane * ROW_BYTES,
        v128.load(at),
        v128.load(at, 64),
        v128.load(at, 128),
        v128.load(at, 192),
      );
    }
    out += 16;
  }
}
