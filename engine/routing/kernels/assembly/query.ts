/**
 * Answers from labels. The words of the scratch region, `work`, are described in query-slots.ts, the functions beside their
 * TypeScript twins in query-typescript.ts.
 */
import {
  ARC_TIME,
  COMMON_DEPTH,
  COMMON_ROW,
  DEPTH,
  ENTERING,
  FIRST_IN,
  FROM,
  LABEL_UNREACHED,
  NODE_RECORD,
  ROW_LENGTH,
  SUBTREE_END,
  TO,
} from '../slots';
import {
  ANSWER,
  FIRST_A,
  FIRST_B,
  GATHERED,
  GATHERED_BYTES,
  GROUP_BYTES,
  LABEL_ENTRIES_READ,
  MAX_ENDS,
  MAX_GATHERED_ENDS,
  MAX_RUNS,
  RUNS,
  RUN_BYTES,
  STATE_A,
  STATE_B,
  TIME_A,
  TIME_B,
  TOUCHED,
  UNREACHED_MS,
  WALK_MS,
  WALK_STATE,
  WALK_UNTIL_MS,
} from '../query-slots';
import { column, count } from './header';
import { addTo, buffer } from './scratch';

/** Number of common ancestors of two places. */
// @ts-ignore: decorator
@inline
function commonAncestors(p: u32, q: u32): u32 {
  if (p == q) return <u32>load<u16>(column(DEPTH) + ((<usize>p) << 1)) + 1;
  const low = min<u32>(p, q);
  const high = max<u32>(p, q);
  const level: u32 = 31 - clz<u32>(high - low);
  const row = column(COMMON_DEPTH) + ((<usize>load<u32>(column(COMMON_ROW) + ((<usize>level) << 2))) << 1);
  const left = load<u16>(row + ((<usize>low) << 1), 2);
  const right = load<u16>(row + ((<usize>(high + 1 - ((<u32>1) << level))) << 1));
  return min<u32>(left, right);
}

/** Lanes below `n`, which is 1 to 4. */
// @ts-ignore: decorator
@inline
function firstLanes(n: u32): v128 {
  return i32x4.gt_s(i32x4.splat(n), i32x4(0, 1, 2, 3));
}

/** Smallest sum of two runs of n entries; LABEL_UNREACHED where there is none. Reads up to a multiple of 4 entries. */
// @ts-ignore: decorator
@inline
function smallestSum(a: usize, b: usize, n: u32): i32 {
  if (n == 0) return LABEL_UNREACHED;
  const last = a + ((<usize>((n - 1) >> 2)) << 4);
  let even = i32x4.splat(LABEL_UNREACHED);
  let odd = even;
  while (a + 32 <= last) {
    even = i32x4.min_s(even, i32x4.add(v128.load(a), v128.load(b)));
    odd = i32x4.min_s(odd, i32x4.add(v128.load(a, 16), v128.load(b, 16)));
    a += 32;
    b += 32;
  }
  if (a < last) {
    even = i32x4.min_s(even, i32x4.add(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
  }
  // entries beyond n belong to different ancestors in the two runs
  const end = v128.bitselect(
    i32x4.add(v128.load(a), v128.load(b)),
    i32x4.splat(LABEL_UNREACHED),
    firstLanes(((n - 1) & 3) + 1),
  );
  let least = i32x4.min_s(i32x4.min_s(even, odd), end);
  least = i32x4.min_s(
    least,
    i8x16.shuffle(least, least, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
  return min<i32>(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1));
}

/** LABEL_UNREACHED, and beyond, to UNREACHED_MS. */
// @ts-ignore: decorator
@inline
function reported(time: i32): i32 {
  return time >= LABEL_UNREACHED ? UNREACHED_MS : time;
}

export function timeMs(work: usize, from: u32, to: u32): i32 {
  const a = column(NODE_RECORD) + (<usize>from << 3);
  const b = column(NODE_RECORD) + (<usize>to << 3);
  const n = commonAncestors(load<u32>(a), load<u32>(b));
  addTo(work, LABEL_ENTRIES_READ, 2 * n);
  return reported(
    smallestSum(column(TO) + (<usize>load<u32>(a, 4) << 2), column(FROM) + (<usize>load<u32>(b, 4) << 2), n),
  );
}

// @ts-ignore: decorator
@inline
function putRun(at: usize, n: u32, a: usize, b: usize, addMs: i32, answer: usize): void {
  store<u32>(at, n);
  store<u32>(at, <u32>a, 4);
  store<u32>(at, <u32>b, 8);
  store<i32>(at, addMs, 12);
  store<u32>(at, <u32>answer, 16);
}

/** Combines the runs from `at` to `end`, each into its answer. */
function combine(work: usize, at: usize, end: usize): void {
  let read: u64 = 0;
  // Every cache line is asked for before any is used: the delays of all runs pass together.
  let touched: i32 = 0;
  for (let run = at; run < end; run += RUN_BYTES) {
    const a: usize = load<u32>(run, 4);
    const b: usize = load<u32>(run, 8);
    const bytes: usize = (<usize>load<u32>(run)) << 2;
    for (let i: usize = 0; i < bytes; i += 64) touched ^= load<i32>(a + i) ^ load<i32>(b + i);
    touched ^= load<i32>(a + bytes) ^ load<i32>(b + bytes);
  }
  store<i32>(work + ((<usize>TOUCHED) << 2), touched);
  for (let run = at; run < end; run += RUN_BYTES) {
    const n = load<u32>(run);
    read += n;
    const time = smallestSum(load<u32>(run, 4), load<u32>(run, 8), n) + load<i32>(run, 12);
    const answer: usize = load<u32>(run, 16);
    if (time < load<i32>(answer)) store<i32>(answer, time);
  }
  addTo(work, LABEL_ENTRIES_READ, 2 * read);
}

function clearAnswers(answer: usize, n: u32): void {
  const end = answer + ((<usize>n) << 2);
  for (; answer < end; answer += 16) v128.store(answer, i32x4.splat(LABEL_UNREACHED));
}

function reportAnswers(answer: usize, n: u32): void {
  const end = answer + ((<usize>n) << 2);
  const missing = i32x4.splat(LABEL_UNREACHED);
  const unreached = i32x4.splat(UNREACHED_MS);
  for (; answer < end; answer += 16) {
    const time = v128.load(answer);
    v128.store(answer, v128.bitselect(unreached, time, i32x4.ge_s(time, missing)));
  }
}

export function timesOfStatePairs(work: usize, nPairs: u32): void {
  const records = column(NODE_RECORD);
  const to = column(TO);
  const from = column(FROM);
  const runs = buffer(work, RUNS);
  const full = runs + MAX_RUNS * RUN_BYTES;
  const answer = buffer(work, ANSWER);
  const statesA = buffer(work, STATE_A);
  const statesB = buffer(work, STATE_B);
  clearAnswers(answer, nPairs);
  let run = runs;
  for (let i: u32 = 0; i < nPairs; i++) {
    const pair: usize = (<usize>i) << 2;
    const a = records + ((<usize>load<u32>(statesA + pair)) << 3);
    const b = records + ((<usize>load<u32>(statesB + pair)) << 3);
    const n = commonAncestors(load<u32>(a), load<u32>(b));
    putRun(
      run,
      n,
      to + ((<usize>load<u32>(a, 4)) << 2),
      from + ((<usize>load<u32>(b, 4)) << 2),
      0,
      answer + pair,
    );
    run += RUN_BYTES;
    if (run == full) {
      combine(work, runs, full);
      run = runs;
    }
  }
  combine(work, runs, run);
  reportAnswers(answer, nPairs);
}

export function timesOfPositionPairs(work: usize, nPairs: u32): void {
  const records = column(NODE_RECORD);
  const to = column(TO);
  const from = column(FROM);
  const runs = buffer(work, RUNS);
  const full = runs + MAX_RUNS * RUN_BYTES;
  const answer = buffer(work, ANSWER);
  const firstA = buffer(work, FIRST_A);
  const firstB = buffer(work, FIRST_B);
  const statesA = buffer(work, STATE_A);
  const statesB = buffer(work, STATE_B);
  const timesA = buffer(work, TIME_A);
  const timesB = buffer(work, TIME_B);
  const startA = load<u32>(firstA);
  const startB = load<u32>(firstB);
  clearAnswers(answer, nPairs);
  let run = runs;
  for (let i: u32 = 0; i < nPairs; i++) {
    const pair: usize = (<usize>i) << 2;
    const endA: usize = (<usize>(load<u32>(firstA + pair, 4) - startA)) << 2;
    const endB: usize = (<usize>(load<u32>(firstB + pair, 4) - startB)) << 2;
    for (let e: usize = (<usize>(load<u32>(firstA + pair) - startA)) << 2; e < endA; e += 4) {
      const a = records + ((<usize>load<u32>(statesA + e)) << 3);
      const before = min<u32>(load<u32>(timesA + e), LABEL_UNREACHED);
      for (let f: usize = (<usize>(load<u32>(firstB + pair) - startB)) << 2; f < endB; f += 4) {
        const b = records + ((<usize>load<u32>(statesB + f)) << 3);
        const after = min<u32>(load<u32>(timesB + f), LABEL_UNREACHED);
        const n = commonAncestors(load<u32>(a), load<u32>(b));
        putRun(
          run,
          n,
          to + ((<usize>load<u32>(a, 4)) << 2),
          from + ((<usize>load<u32>(b, 4)) << 2),
          min<u32>(before + after, LABEL_UNREACHED),
          answer + pair,
        );
        run += RUN_BYTES;
        if (run == full) {
          combine(work, runs, full);
          run = runs;
        }
      }
    }
  }
  combine(work, runs, run);
  reportAnswers(answer, nPairs);
}

/** Merges the label of an end, `n` entries, into a run: the smaller of both. */
function merge(run: usize, label: usize, n: u32, addMs: i32): void {
  const add = i32x4.splat(addMs);
  const missing = i32x4.splat(LABEL_UNREACHED);
  const last = run + ((<usize>((n - 1) >> 2)) << 4);
  for (; run < last; run += 16, label += 16) {
    v128.store(run, i32x4.min_s(v128.load(run), i32x4.add(v128.load(label), add)));
  }
  const end = v128.bitselect(i32x4.add(v128.load(label), add), missing, firstLanes(((n - 1) & 3) + 1));
  v128.store(run, i32x4.min_s(v128.load(run), end));
}

export function gatherLabel(work: usize, direction: i32, nEnds: u32): void {
  const records = column(NODE_RECORD);
  const labels = direction == 0 ? column(TO) : column(FROM);
  const depths = column(DEPTH);
  const subtreeEnds = column(SUBTREE_END);
  const rowBytes: usize = (<usize>count(ROW_LENGTH)) << 2;
  const states = buffer(work, STATE_A);
  const times = buffer(work, TIME_A);
  const gathered = buffer(work, GATHERED) + <usize>direction * buffer(work, GATHERED_BYTES);
  let group = gathered + 16;
  let run = group + MAX_GATHERED_ENDS * GROUP_BYTES;
  let nGroups: u32 = 0;
  let read: u64 = 0;
  let left: u64 = nEnds == 64 ? ~(<u64>0) : ((<u64>1) << nEnds) - 1;
  while (left != 0) {
    let anchor: u32 = 0;
    for (let rest = left; rest != 0; rest &= rest - 1) {
      const e: usize = <usize>ctz(rest);
      anchor = max<u32>(anchor, load<u32>(records + ((<usize>load<u32>(states + (e << 2))) << 3)));
    }
    const length = <u32>load<u16>(depths + ((<usize>anchor) << 1)) + 1;
    clearAnswers(run, length);
    for (let rest = left; rest != 0; rest &= rest - 1) {
      const e: usize = <usize>ctz(rest);
      const record = records + ((<usize>load<u32>(states + (e << 2))) << 3);
      const place = load<u32>(record);
      if (anchor >= load<u32>(subtreeEnds + ((<usize>place) << 2))) continue; // no ancestor of the anchor
      left &= ~((<u64>1) << e);
      const n = <u32>load<u16>(depths + ((<usize>place) << 1)) + 1;
      read += n;
      merge(
        run,
        labels + ((<usize>load<u32>(record, 4)) << 2),
        n,
        min<u32>(load<u32>(times + (e << 2)), LABEL_UNREACHED),
      );
    }
    store<u32>(group, anchor);
    store<u32>(group, length, 4);
    store<u32>(group, <u32>run, 8);
    group += GROUP_BYTES;
    run += rowBytes;
    nGroups++;
  }
  store<u32>(gathered, nGroups);
  addTo(work, LABEL_ENTRIES_READ, read);
}

export function timesWithGathered(work: usize, direction: i32, nPositions: u32): void {
  const records = column(NODE_RECORD);
  const labels = direction == 0 ? column(FROM) : column(TO);
  const runs = buffer(work, RUNS);
  const full = runs + MAX_RUNS * RUN_BYTES;
  const answer = buffer(work, ANSWER);
  const first = buffer(work, FIRST_B);
  const states = buffer(work, STATE_B);
  const times = buffer(work, TIME_B);
  const start = load<u32>(first);
  const gathered = buffer(work, GATHERED) + <usize>direction * buffer(work, GATHERED_BYTES);
  const groups = gathered + 16;
  const endGroup = groups + <usize>load<u32>(gathered) * GROUP_BYTES;
  clearAnswers(answer, nPositions);
  let run = runs;
  for (let i: u32 = 0; i < nPositions; i++) {
    const position: usize = (<usize>i) << 2;
    const end: usize = (<usize>(load<u32>(first + position, 4) - start)) << 2;
    for (let e: usize = (<usize>(load<u32>(first + position) - start)) << 2; e < end; e += 4) {
      const record = records + ((<usize>load<u32>(states + e)) << 3);
      const addMs = min<u32>(load<u32>(times + e), LABEL_UNREACHED);
      for (let group = groups; group < endGroup; group += GROUP_BYTES) {
        const n = commonAncestors(load<u32>(group), load<u32>(record));
        putRun(
          run,
          n,
          load<u32>(group, 8),
          labels + ((<usize>load<u32>(record, 4)) << 2),
          addMs,
          answer + position,
        );
        run += RUN_BYTES;
        if (run == full) {
          combine(work, runs, full);
          run = runs;
        }
      }
    }
  }
  combine(work, runs, run);
  reportAnswers(answer, nPositions);
}

/** No state, and no depth of a hub, has this number. */
const NONE: u32 = 0xffffffff;

/** Depth of a common ancestor over which a state is reached within a time from the gathered position; NONE for none. */
function hubWithin(work: usize, state: u32, limitMs: i32, first: u32): u32 {
  const record = column(NODE_RECORD) + ((<usize>state) << 3);
  const label = column(FROM) + ((<usize>load<u32>(record, 4)) << 2);
  const gathered = buffer(work, GATHERED);
  const groups = gathered + 16;
  const endGroup = groups + <usize>load<u32>(gathered) * GROUP_BYTES;
  const limit = i32x4.splat(limitMs);
  let read: u64 = 0;
  let found = NONE;
  for (let group = groups; group < endGroup && found == NONE; group += GROUP_BYTES) {
    const n = commonAncestors(load<u32>(group), load<u32>(record));
    const run: usize = load<u32>(group, 8);
    read += 2;
    const known: usize = (<usize>first) << 2;
    if (first < n && load<i32>(run + known) + load<i32>(label + known) <= limitMs) {
      found = first;
      break;
    }
    for (let block: u32 = 0; block < n; block += 4) {
      const at: usize = (<usize>block) << 2;
      read += 8;
      const within = i32x4.le_s(i32x4.add(v128.load(run + at), v128.load(label + at)), limit);
      // entries beyond n belong to different ancestors in the two runs
      const lanes = i32x4.bitmask(within) & ((1 << min<u32>(n - block, 4)) - 1);
      if (lanes != 0) {
        found = block + ctz(lanes);
        break;
      }
    }
  }
  addTo(work, LABEL_ENTRIES_READ, read);
  return found;
}

function isStart(starts: usize, times: usize, nStarts: u32, state: u32, timeMs: u32): bool {
  const end: usize = (<usize>nStarts) << 2;
  for (let e: usize = 0; e < end; e += 4) {
    if (load<u32>(starts + e) == state && load<u32>(times + e) == timeMs) return true;
  }
  return false;
}

export function walkBack(work: usize, nStarts: u32): u32 {
  const firstIn = column(FIRST_IN);
  const entering = column(ENTERING);
  const arcTime = column(ARC_TIME);
  const starts = buffer(work, STATE_A);
  const startTimes = buffer(work, TIME_A);
  const answer = buffer(work, ANSWER);
  let state = load<u32>(work + ((<usize>WALK_STATE) << 2));
  let timeMs = load<i32>(work + ((<usize>WALK_MS) << 2));
  const untilMs = load<i32>(work + ((<usize>WALK_UNTIL_MS) << 2));
  let behind = NONE;
  let nArcs: u32 = 0;
  let hub: u32 = 0;
  while (nArcs < <u32>MAX_ENDS && timeMs > untilMs && !isStart(starts, startTimes, nStarts, state, timeMs)) {
    const first = entering + ((<usize>load<u32>(firstIn + ((<usize>state) << 2))) << 3);
    const end = entering + ((<usize>load<u32>(firstIn + ((<usize>state) << 2), 4)) << 3);
    // some arc is tight; where none takes no time, the last one left needs no proof
    let nLeft: u32 = 0;
    for (let i = first; i < end; i += 8) {
      const arcMs = load<i32>(arcTime + ((<usize>load<u32>(i)) << 2));
      if (arcMs > timeMs || load<u32>(i, 4) == behind) continue;
      nLeft += arcMs == 0 ? MAX_ENDS : 1;
    }
    let i = first;
    let arc: u32 = 0;
    for (; i < end; i += 8) {
      arc = load<u32>(i);
      const arcMs = load<i32>(arcTime + ((<usize>arc) << 2));
      const tail = load<u32>(i, 4);
      // the way does not come from where it goes
      if (arcMs == 0 || arcMs > timeMs || tail == behind) continue;
      if (nLeft == 1) break;
      const proof = hubWithin(work, tail, timeMs - arcMs, hub);
      if (proof == NONE) {
        nLeft--;
        continue;
      }
      hub = proof;
      break;
    }
    if (i == end) break;
    store<u32>(answer + ((<usize>nArcs) << 2), arc);
    nArcs++;
    timeMs -= load<i32>(arcTime + ((<usize>arc) << 2));
    behind = state;
    state = load<u32>(i, 4);
  }
  store<u32>(work + ((<usize>WALK_STATE) << 2), state);
  store<i32>(work + ((<usize>WALK_MS) << 2), timeMs);
  return nArcs;
}
