/** Finds the nodes that bar the way between the ends of a part, once the flow between them is as large as it can be. */
import { END, FREE, type FlowWork } from './order-flow.ts';

/**
 * The smallest cut nearest the source end, right after a pass of `pushPaths` that pushed nothing and so has reached all of
 * this side.
 * @param cut  gets the slots
 * @returns the size of the cut, at least 1
 */
export function cutNearSource(work: FlowWork, cut: Int32Array): number {
  const { sourceFront, nSourceFront, sourceEnd, flowFrom, flowTo } = work;
  return collectCut(work, cut, sourceFront, nSourceFront, 0, sourceEnd, flowFrom, flowTo);
}

/** The smallest cut nearest the target end. */
export function cutNearTarget(work: FlowWork, cut: Int32Array): number {
  const { targetFront, nTargetFront, targetStart, start, end, flowFrom, flowTo } = work;
  reachTargetSide(work);
  return collectCut(work, cut, targetFront, nTargetFront, targetStart, end - start, flowTo, flowFrom);
}

/** Nodes on the side of the cut found last that its end is on. */
export function nearSideOf({ nLeft, sourceEnd, flow }: FlowWork): number {
  return nLeft + sourceEnd - flow;
}

/** The search of `pushPaths` from the other end and against the flow, in any order: no way is left to find. */
function reachTargetSide(work: FlowWork): void {
  const { first, next, targetFront, nTargetFront, targetStart, place, flowTo, entered, left, stack } = work;
  const stamp = ++work.stamp;
  let nLeft = 0;
  let height = 0;
  for (let k = 0; k < nTargetFront; k++) {
    if (flowTo[targetFront[k]] === FREE) stack[height++] = targetFront[k];
  }
  while (height > 0) {
    const v = stack[--height];
    const afterV = flowTo[v];
    if (afterV !== FREE && entered[v] !== stamp) {
      entered[v] = stamp;
      if (afterV !== END && left[afterV] !== stamp) {
        left[afterV] = stamp;
        stack[height++] = afterV;
        nLeft++;
      }
    }
    for (let i = first[v], last = first[v + 1]; i < last; i++) {
      const u = next[i];
      if (entered[u] === stamp) continue;
      const afterU = flowTo[u];
      if (afterU === FREE) {
        if (place[u] >= targetStart) continue;
        entered[u] = stamp;
        stack[height++] = u;
        nLeft++;
      } else {
        entered[u] = stamp;
        if (afterU === END || left[afterU] === stamp) continue;
        left[afterU] = stamp;
        stack[height++] = afterU;
        nLeft++;
      }
    }
  }
  work.nLeft = nLeft;
}

/**
 * Gathers the node of each path where the side just reached stops.
 * @param front  of the side's end, where the paths begin
 * @param low,high  the places of the side's end
 * @param from,to  the flow as seen from this end
 */
function collectCut(
  work: FlowWork,
  cut: Int32Array,
  front: Int32Array,
  nFront: number,
  low: number,
  high: number,
  from: Int32Array,
  to: Int32Array,
): number {
  const { left, stamp } = work;
  const nothingReached = nearSideOf(work) === 0;
  let n = 0;
  for (let k = 0; k < nFront; k++) {
    let v = front[k];
    if (from[v] !== END) continue;
    // a node of the end that nothing else of this side is next to may as well be on the other side
    if (left[v] !== stamp && !nothingReached && !isBesideReached(work, v, low, high, from)) continue;
    while (left[v] === stamp) v = to[v];
    cut[n++] = v;
  }
  return n;
}

function isBesideReached(work: FlowWork, v: number, low: number, high: number, from: Int32Array): boolean {
  const { first, next, place, entered, left, stamp } = work;
  for (let i = first[v], last = first[v + 1]; i < last; i++) {
    const w = next[i];
    if (from[w] !== FREE) {
      if (left[w] === stamp) return true;
    } else if (entered[w] === stamp || (place[w] >= low && place[w] < high)) return true;
  }
  return false;
}
