/**
 * Finds paths between the ends of a part. Each node has two states in a search: it was entered, and it was left. A node
 * without flow is left as soon as it is entered; one with flow sends the newcomer back the way its flow came, and is left
 * only by who takes back what it sent on.
 */
import { END, FREE, type FlowWork } from './order-flow.ts';

/**
 * Pushes one unit along each leftmost way, from the left of the source end to its right, until there is none beside those
 * found. Where streets cross at nodes only, that is all there is: no way takes more room than it must (see
 * Ripphausen-Lipka, Wagner, Weihe, "The vertex-disjoint Menger problem in planar graphs", 1997). A grid of n nodes has
 * about sqrt(n) paths, which `pushPaths` alone finds one or two a pass.
 * @param work  without flow
 * @returns the units pushed, `enough` at most
 */
export function pushLeftmostPaths(work: FlowWork, enough: number): number {
  const { first, next, place, across, acrossIsLeft, start, end, sourceEnd, targetStart } = work;
  const { flowFrom, flowTo, entered, stack, goOnAt, nToGo } = work;
  const stamp = ++work.stamp;
  let pushed = 0;
  for (let k = start; k < end && pushed < enough; k++) {
    const source = across[acrossIsLeft ? start + end - 1 - k : k];
    if (place[source] >= sourceEnd || flowFrom[source] !== FREE) continue;
    // begins as if it came from behind
    let at = first[source];
    const last = first[source + 1];
    while (at < last && place[next[at]] >= sourceEnd) at++;
    goOnAt[source] = at === last ? first[source] : at;
    nToGo[source] = last - first[source];
    stack[0] = source;
    let height = 1;
    while (height > 0) {
      const v = stack[height - 1];
      if (nToGo[v] === 0) {
        height--;
        continue;
      }
      nToGo[v]--;
      const i = goOnAt[v];
      goOnAt[v] = i + 1 === first[v + 1] ? first[v] : i + 1;
      const w = next[i];
      if (entered[w] === stamp || flowFrom[w] !== FREE || place[w] < sourceEnd) continue;
      if (place[w] >= targetStart) {
        stack[height++] = w;
        for (let h = 1; h < height; h++) {
          flowTo[stack[h - 1]] = stack[h];
          flowFrom[stack[h]] = stack[h - 1];
        }
        flowFrom[source] = END;
        flowTo[w] = END;
        pushed++;
        break;
      }
      // goes on left of where it came from
      let back = first[w];
      while (next[back] !== v) back++;
      goOnAt[w] = back + 1 === first[w + 1] ? first[w] : back + 1;
      nToGo[w] = first[w + 1] - first[w] - 1;
      entered[w] = stamp;
      stack[height++] = w;
    }
  }
  work.flow += pushed;
  return pushed;
}

/**
 * Pushes one unit along each way from the source end to the target end that one pass over the part finds, also where that
 * reroutes flow: what led nowhere is not tried again in the pass.
 * @returns the units pushed, `enough` at most; with 0 the flow is as large as it can be
 */
export function pushPaths(work: FlowWork, enough: number): number {
  const { first, next, sourceFront, sourceEnd, targetStart, place, flowFrom } = work;
  const { entered, left, enteredFrom, leftFrom, stack: onward, goOnAt: sideways } = work;
  const stamp = ++work.stamp;
  let pushed = 0;
  let nLeft = 0;
  for (let k = work.nSourceFront - 1; k >= 0 && pushed < enough; k--) {
    const start = sourceFront[k];
    if (flowFrom[start] !== FREE) continue;
    onward[0] = start;
    let nOnward = 1;
    let nSideways = 0;
    search: while (nOnward > 0 || nSideways > 0) {
      // ways towards the target end are tried first: they mostly arrive
      const v = nOnward > 0 ? onward[--nOnward] : sideways[--nSideways];
      const beforeV = flowFrom[v];
      if (beforeV !== FREE && entered[v] !== stamp) {
        entered[v] = stamp;
        enteredFrom[v] = v;
        if (beforeV !== END && left[beforeV] !== stamp) {
          left[beforeV] = stamp;
          leftFrom[beforeV] = v;
          sideways[nSideways++] = beforeV;
          nLeft++;
        }
      }
      const here = place[v];
      for (let i = first[v], last = first[v + 1]; i < last; i++) {
        const w = next[i];
        if (entered[w] === stamp) continue;
        const beforeW = flowFrom[w];
        if (beforeW === FREE) {
          const there = place[w];
          if (there < sourceEnd) continue;
          if (there >= targetStart) {
            // what is not looked into yet may lead on from elsewhere
            while (nOnward > 0) forget(work, onward[--nOnward]);
            while (nSideways > 0) forget(work, sideways[--nSideways]);
            pushAlong(work, start, w, v);
            pushed++;
            break search;
          }
          entered[w] = stamp;
          enteredFrom[w] = v;
          if (there > here) onward[nOnward++] = w;
          else sideways[nSideways++] = w;
          nLeft++;
        } else {
          entered[w] = stamp;
          enteredFrom[w] = v;
          if (beforeW === END || left[beforeW] === stamp) continue;
          left[beforeW] = stamp;
          leftFrom[beforeW] = w;
          sideways[nSideways++] = beforeW;
          nLeft++;
        }
      }
    }
  }
  work.flow += pushed;
  work.nLeft = nLeft;
  return pushed;
}

function forget({ flowFrom, entered, left }: FlowWork, v: number): void {
  if (flowFrom[v] === FREE) entered[v] = 0;
  else left[v] = 0;
}

/** Changes the flow along the way found from `start` to `goal`. */
function pushAlong(work: FlowWork, start: number, goal: number, beforeGoal: number): void {
  const { flowFrom, flowTo, enteredFrom, leftFrom, way } = work;
  // states from the goal back to the start: 2v is entered, 2v + 1 is left
  way[0] = 2 * goal;
  let n = 1;
  for (let v = beforeGoal; v !== start;) {
    way[n++] = 2 * v + 1;
    const entry = flowFrom[v] === FREE ? v : leftFrom[v];
    way[n++] = 2 * entry;
    v = enteredFrom[entry];
  }
  way[n] = 2 * start + 1;
  flowFrom[start] = END;
  for (let i = n; i > 0; i--) {
    if ((way[i] & 1) === 0) continue; // through a node without flow, or back along an edge
    const u = way[i] >> 1;
    const v = way[i - 1] >> 1;
    if (u === v) {
      flowFrom[v] = FREE; // back through the node: its flow goes another way
      flowTo[v] = FREE;
    } else {
      flowTo[u] = v;
      flowFrom[v] = u;
    }
  }
  flowTo[goal] = END;
}
