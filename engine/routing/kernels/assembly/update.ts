/** Updates after a few arcs changed. What each step does and why stands at its twin, ../update.ts. */
import {
  ARC_PLACE,
  ARC_SLOT,
  ARC_TIME,
  BASE_TIME,
  CHANGED,
  DOWN_TIME,
  FIRST_LABEL,
  FIRST_UP,
  FROM,
  N_NODES,
  N_TOO_LONG,
  NEXT_ARC,
  PARENT,
  QUEUED,
  ROW_CHANGED,
  ROW_CHANGED_BYTES,
  ROW_DOWN,
  ROW_KNOWN,
  ROW_OLD_DOWN,
  ROW_OLD_UP,
  ROW_RUN,
  ROW_UP,
  SUBTREE_END,
  TO,
  UP,
  UP_DEPTH,
  UP_TIME,
} from '../slots';
import { computeRow } from './customise';
import { column, count, depthBytes, rowOf } from './header';
import { enterPath, isTooLong, labelPlace } from './label';

export function setArcTime(arc: u32, timeMs: i32): void {
  const at = <usize>arc << 2;
  const arcTime = column(ARC_TIME);
  const nextArc = column(NEXT_ARC);
  store<i32>(arcTime + at, timeMs);
  const own = load<i32>(column(ARC_SLOT) + at);
  if (own < 0) return;
  let base = timeMs;
  for (let twin = load<u32>(nextArc + at); twin !== arc; twin = load<u32>(nextArc + (<usize>twin << 2))) {
    base = min(base, load<i32>(arcTime + (<usize>twin << 2)));
  }
  const baseTime = column(BASE_TIME) + (<usize>own << 2);
  const before = load<i32>(baseTime);
  if (base === before) return;
  store<i32>(baseTime, base);
  const now = load<i32>(column(UP_TIME) + (<usize>own << 2));
  if (base < now || before === now) setBit(column(QUEUED), load<u32>(column(ARC_PLACE) + at));
}

/** Bytes of a bitmap of all places. */
function bitmapBytes(): usize {
  return ((<usize>count(N_NODES) + 127) >> 7) << 4;
}

export function customiseQueued(most: u32): u32 {
  const queued = column(QUEUED);
  let nComputed: u32 = 0;
  for (let group = bitmapBytes(); group > 0; group -= 16) {
    // lower places of one group are queued while its higher ones are computed
    if (!v128.any_true(v128.load(queued + group - 16))) continue;
    for (let word = group; word > group - 16; word -= 4) {
      const at = queued + word - 4;
      for (let bits = load<u32>(at); bits !== 0; bits = load<u32>(at)) {
        if (nComputed === most) return nComputed;
        const bit = 31 - clz(bits);
        store<u32>(at, bits ^ (1 << bit));
        customiseAgain((<u32>(word - 4) << 3) + bit);
        nComputed++;
      }
    }
  }
  return nComputed;
}

function customiseAgain(p: u32): void {
  const firstUp = column(FIRST_UP) + (<usize>p << 2);
  const upDepth = column(UP_DEPTH);
  const upTime = column(UP_TIME);
  const downTime = column(DOWN_TIME);
  const rowUp = rowOf(ROW_UP);
  const rowDown = rowOf(ROW_DOWN);
  const oldUp = rowOf(ROW_OLD_UP);
  const oldDown = rowOf(ROW_OLD_DOWN);
  computeRow(p);
  let difference = 0;
  const last: usize = load<u32>(firstUp, 4);
  for (let i: usize = load<u32>(firstUp); i < last; i++) {
    const depth = <usize>load<u16>(upDepth + (i << 1)) << 2;
    const up = load<i32>(upTime + (i << 2));
    const down = load<i32>(downTime + (i << 2));
    const newUp = load<i32>(rowUp + depth);
    const newDown = load<i32>(rowDown + depth);
    store<i32>(oldUp + depth, up);
    store<i32>(oldDown + depth, down);
    store<i32>(upTime + (i << 2), newUp);
    store<i32>(downTime + (i << 2), newDown);
    difference |= (up ^ newUp) | (down ^ newDown);
  }
  if (difference === 0) return;
  setBit(column(CHANGED), p);
  queueAbove(p);
}

function queueAbove(p: u32): void {
  const firstUp = column(FIRST_UP);
  const up = column(UP);
  const upDepth = column(UP_DEPTH);
  const upTime = column(UP_TIME);
  const downTime = column(DOWN_TIME);
  const rowUp = rowOf(ROW_UP);
  const rowDown = rowOf(ROW_DOWN);
  const oldUp = rowOf(ROW_OLD_UP);
  const oldDown = rowOf(ROW_OLD_DOWN);
  const first: usize = load<u32>(firstUp + (<usize>p << 2));
  const last: usize = load<u32>(firstUp + (<usize>p << 2), 4);
  for (let k = first; k < last; k++) {
    const z = <usize>load<u16>(upDepth + (k << 1)) << 2;
    const upZ = load<i32>(rowUp + z);
    const downZ = load<i32>(rowDown + z);
    const oldUpZ = load<i32>(oldUp + z);
    const oldDownZ = load<i32>(oldDown + z);
    const isChanged = upZ !== oldUpZ || downZ !== oldDownZ;
    const place = load<u32>(up + (k << 2));
    let arc = <usize>load<u32>(firstUp + (<usize>place << 2)) << 2;
    for (let i = first; i < k; i++, arc += 4) {
      const upper = load<u32>(up + (i << 2));
      while (load<u32>(up + arc) !== upper) arc += 4;
      const y = <usize>load<u16>(upDepth + (i << 1)) << 2;
      const upY = load<i32>(rowUp + y);
      const downY = load<i32>(rowDown + y);
      const oldUpY = load<i32>(oldUp + y);
      const oldDownY = load<i32>(oldDown + y);
      if (!isChanged && upY === oldUpY && downY === oldDownY) continue;
      const upThere = load<i32>(upTime + arc);
      const downThere = load<i32>(downTime + arc);
      const upBefore = oldDownZ + oldUpY;
      const upNow = downZ + upY;
      const downBefore = oldDownY + oldUpZ;
      const downNow = downY + upZ;
      if (
        upNow < upThere ||
        downNow < downThere ||
        (upBefore === upThere && upNow !== upBefore) ||
        (downBefore === downThere && downNow !== downBefore)
      ) {
        setBit(column(QUEUED), place);
        break;
      }
    }
  }
}

export function labelChanged(): u32 {
  const nNodes = count(N_NODES);
  const changed = column(CHANGED);
  const rowChanged = column(ROW_CHANGED);
  const bytes = <usize>count(ROW_CHANGED_BYTES);
  const subtreeEnd = column(SUBTREE_END);
  let nLabelled: u32 = 0;
  let root = nextBit(0);
  while (root < nNodes) {
    const end = load<u32>(subtreeEnd + (<usize>root << 2));
    enterAncestors(root);
    memory.fill(rowChanged + (depthBytes(root) >> 2) * bytes, 0, bytes);
    let next = root;
    let p = root;
    while (p < end) {
      if (next < p) next = nextBit(p);
      const pEnd = load<u32>(subtreeEnd + (<usize>p << 2));
      if (next === p || readsChanged(p)) {
        enterPath(p);
        labelAgain(p);
        nLabelled++;
        p++;
      } else if (next < pEnd) {
        enterPath(p);
        const above = rowChanged + (depthBytes(p) >> 2) * bytes;
        memory.copy(above + bytes, above, bytes);
        p++;
      } else {
        p = pEnd;
      }
    }
    root = nextBit(end);
  }
  memory.fill(changed, 0, bitmapBytes());
  return nLabelled;
}

export function clearQueue(): void {
  memory.fill(column(QUEUED), 0, bitmapBytes());
  memory.fill(column(CHANGED), 0, bitmapBytes());
}

function enterAncestors(p: u32): void {
  const parent = column(PARENT);
  const firstLabel = column(FIRST_LABEL);
  const runs = rowOf(ROW_RUN);
  const known = rowOf(ROW_KNOWN);
  for (let d = depthBytes(p); d > 0; d -= 4) {
    p = load<u32>(parent + (<usize>p << 2));
    store<u32>(runs + d - 4, load<u32>(firstLabel + (<usize>p << 2)));
    store<u32>(known + d - 4, 0);
  }
}

function readsChanged(p: u32): bool {
  const upDepth = column(UP_DEPTH);
  const bits = column(ROW_CHANGED) + (depthBytes(p) >> 2) * <usize>count(ROW_CHANGED_BYTES);
  const last: usize = load<u32>(column(FIRST_UP) + (<usize>p << 2), 4);
  for (let i: usize = load<u32>(column(FIRST_UP) + (<usize>p << 2)); i < last; i++) {
    const d: u32 = load<u16>(upDepth + (i << 1));
    if ((load<u8>(bits + (d >> 3)) & (1 << (d & 7))) !== 0) return true;
  }
  return false;
}

function labelAgain(p: u32): void {
  const oldTo = rowOf(ROW_OLD_UP);
  const oldFrom = rowOf(ROW_OLD_DOWN);
  const bytes = <usize>count(ROW_CHANGED_BYTES);
  const d = depthBytes(p);
  const run = <usize>load<u32>(column(FIRST_LABEL) + (<usize>p << 2)) << 2;
  const to = column(TO) + run;
  const from = column(FROM) + run;
  const end = (d & ~15) + 16;
  for (let j: usize = 0; j < end; j += 16) {
    v128.store(oldTo + j, v128.load(to + j));
    v128.store(oldFrom + j, v128.load(from + j));
  }
  const wasTooLong = <u32>isTooLong(p);
  labelPlace(p);
  store<u32>(N_TOO_LONG << 2, count(N_TOO_LONG) - wasTooLong + <u32>isTooLong(p));
  const bits = column(ROW_CHANGED) + (d >> 2) * bytes + bytes;
  memory.copy(bits, bits - bytes, bytes);
  let difference = 0;
  for (let j: usize = 0; j < end; j += 16) {
    const four = i32x4.bitmask(
      v128.or(
        i32x4.ne(v128.load(oldTo + j), v128.load(to + j)),
        i32x4.ne(v128.load(oldFrom + j), v128.load(from + j)),
      ),
    );
    // four bits: half a byte
    const at = bits + (j >> 5);
    store<u8>(at, load<u8>(at) | (four << ((<i32>j >> 2) & 4)));
    difference |= four;
  }
  if (difference !== 0) setBit(bits, <u32>(d >> 2));
}

function setBit(bits: usize, at: u32): void {
  const word = bits + ((<usize>at >> 5) << 2);
  store<u32>(word, load<u32>(word) | (1 << (at & 31)));
}

/** The first changed place from `at` on; beyond the last place where there is none. */
function nextBit(at: u32): u32 {
  const changed = column(CHANGED);
  const bytes = bitmapBytes();
  let word = (<usize>at >> 5) << 2;
  if (word >= bytes) return <u32>bytes << 3;
  let rest = load<u32>(changed + word) & (<u32>-1 << (at & 31));
  while (rest === 0) {
    word += 4;
    if (word === bytes) return <u32>bytes << 3;
    if ((word & 15) === 0 && !v128.any_true(v128.load(changed + word))) word += 12;
    else rest = load<u32>(changed + word);
  }
  return (<u32>word << 3) + ctz(rest);
}
