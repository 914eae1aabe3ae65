/** Customisation. What each step does and why stands at its twin, ../customise.ts. */
import {
  ARC_SLOT,
  ARC_TIME,
  BASE_TIME,
  DOWN,
  DOWN_ARC,
  DOWN_TIME,
  FIRST_DOWN,
  FIRST_UP,
  LABEL_UNREACHED,
  N_ARCS,
  ROW_DOWN,
  ROW_UP,
  UP_DEPTH,
  UP_STRIDE,
  UP_TIME,
} from '../slots';
import { column, count, rowOf } from './header';

export function fillBaseTimes(): void {
  const baseTime = column(BASE_TIME);
  const unreached = i32x4.splat(LABEL_UNREACHED);
  const end = baseTime + ((<usize>count(UP_STRIDE)) << 3);
  for (let at = baseTime; at < end; at += 16) v128.store(at, unreached);
  const arcTime = column(ARC_TIME);
  const arcSlot = column(ARC_SLOT);
  const bytes = (<usize>count(N_ARCS)) << 2;
  for (let at: usize = 0; at < bytes; at += 4) {
    const own = load<i32>(arcSlot + at);
    if (own < 0) continue;
    const timeMs = load<i32>(arcTime + at);
    const base = baseTime + ((<usize>own) << 2);
    if (timeMs < load<i32>(base)) store<i32>(base, timeMs);
  }
}

export function customisePlaces(end: i32, first: i32): void {
  const firstUp = column(FIRST_UP);
  const upDepth = column(UP_DEPTH);
  const upTime = column(UP_TIME);
  const downTime = column(DOWN_TIME);
  const rowUp = rowOf(ROW_UP);
  const rowDown = rowOf(ROW_DOWN);
  for (let p = end - 1; p >= first; p--) {
    computeRow(p);
    const last: usize = load<u32>(firstUp + ((<usize>p) << 2), 4);
    for (let i: usize = load<u32>(firstUp + ((<usize>p) << 2)); i < last; i++) {
      const depth = (<usize>load<u16>(upDepth + (i << 1))) << 2;
      store<i32>(upTime + (i << 2), load<i32>(rowUp + depth));
      store<i32>(downTime + (i << 2), load<i32>(rowDown + depth));
    }
  }
}

export function computeRow(p: i32): void {
  const firstUp = column(FIRST_UP);
  const upDepth = column(UP_DEPTH);
  const upTime = column(UP_TIME);
  const downTime = column(DOWN_TIME);
  const baseTime = column(BASE_TIME);
  const upStride = (<usize>count(UP_STRIDE)) << 2;
  const firstDown = column(FIRST_DOWN);
  const down = column(DOWN);
  const downArc = column(DOWN_ARC);
  const rowUp = rowOf(ROW_UP);
  const rowDown = rowOf(ROW_DOWN);
  const last: usize = load<u32>(firstUp + ((<usize>p) << 2), 4);
  for (let i: usize = load<u32>(firstUp + ((<usize>p) << 2)); i < last; i++) {
    const depth = (<usize>load<u16>(upDepth + (i << 1))) << 2;
    const base = baseTime + (i << 2);
    store<i32>(rowUp + depth, load<i32>(base));
    store<i32>(rowDown + depth, load<i32>(base + upStride));
  }
  const lastDown = (<usize>load<u32>(firstDown + ((<usize>p) << 2), 4)) << 2;
  for (let k = (<usize>load<u32>(firstDown + ((<usize>p) << 2))) << 2; k < lastDown; k += 4) {
    const arc: usize = load<u32>(downArc + k);
    const toX = load<i32>(downTime + (arc << 2));
    const fromX = load<i32>(upTime + (arc << 2));
    const x: usize = load<u32>(down + k);
    for (let i: usize = load<u32>(firstUp + (x << 2)); i < arc; i++) {
      const depth = (<usize>load<u16>(upDepth + (i << 1))) << 2;
      const there = toX + load<i32>(upTime + (i << 2));
      const bestUp = load<i32>(rowUp + depth);
      store<i32>(rowUp + depth, select(there, bestUp, there < bestUp));
      const back = load<i32>(downTime + (i << 2)) + fromX;
      const bestDown = load<i32>(rowDown + depth);
      store<i32>(rowDown + depth, select(back, bestDown, back < bestDown));
    }
  }
}
