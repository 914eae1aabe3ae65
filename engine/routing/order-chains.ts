/** Takes chains and dead ends off a topology: nodes that two others at most are next to need no separator. */
import type { Topology } from './topology.ts';

/** What is left: neighbours of node v are neighbour[first[v] .. first[v] + degree[v]), in any order. */
interface Contracted {
  nContracted: number;
  degree: Int32Array;
  neighbour: Int32Array;
}

/**
 * A chain is gone after about log2 of its length; what goes on longer is eaten away from an end (a ladder from its two
 * last rungs), and would be as deep as it is long.
 */
const MAX_ROUNDS = 64;

/**
 * Ranks nodes of at most two neighbours for a number of rounds, joining the two. It goes in independent rounds (a node waits
 * for the next one when a neighbour has just gone), so that long chains get logarithmic depth. Cost O(arcs) on roads: to
 * see whether two neighbours are joined already, the shorter of their lists is read.
 * @param rank  gets the ranks of those nodes, from 0 on
 */
export function contractChains({ nNodes, first, neighbour: given }: Topology, rank: Uint32Array): Contracted {
  const neighbour = Int32Array.from(given); // lists only ever shrink, so they stay in their place
  const mirror = mirrorsOf(nNodes, first, neighbour);
  const degree = new Int32Array(nNodes);
  let waiting = new Int32Array(nNodes);
  let later = new Int32Array(nNodes);
  let nWaiting = 0;
  for (let v = 0; v < nNodes; v++) {
    degree[v] = first[v + 1] - first[v];
    if (degree[v] <= 2) waiting[nWaiting++] = v;
  }
  const touchedIn = new Int32Array(nNodes);
  const queuedIn = new Int32Array(nNodes);
  let nContracted = 0;
  for (let round = 1; nWaiting > 0 && round <= MAX_ROUNDS; round++) {
    let nLater = 0;
    for (let k = 0; k < nWaiting; k++) {
      const v = waiting[k];
      if (touchedIn[v] === round) continue; // a neighbour has just gone, and has queued it
      rank[v] = nContracted++;
      const start = first[v];
      const end = start + degree[v];
      if (degree[v] === 1) {
        forget(neighbour[start], mirror[start], first, degree, neighbour, mirror);
      } else if (degree[v] === 2) {
        const a = neighbour[start];
        const b = neighbour[start + 1];
        const inA = mirror[start];
        const inB = mirror[start + 1];
        if (areNeighbours(a, b, first, degree, neighbour)) {
          forget(a, inA, first, degree, neighbour, mirror);
          forget(b, inB, first, degree, neighbour, mirror);
        } else {
          neighbour[inA] = b;
          neighbour[inB] = a;
          mirror[inA] = inB;
          mirror[inB] = inA;
        }
      }
      for (let i = start; i < end; i++) {
        const side = neighbour[i];
        touchedIn[side] = round;
        if (degree[side] > 2 || queuedIn[side] === round) continue;
        queuedIn[side] = round;
        later[nLater++] = side;
      }
    }
    const swap = waiting;
    waiting = later;
    later = swap;
    nWaiting = nLater;
  }
  return { nContracted, degree, neighbour };
}

/** For each entry v in the list of u: where u stands in the list of v. Lists are ascending. */
function mirrorsOf(nNodes: number, first: Uint32Array, neighbour: Int32Array): Int32Array {
  const mirror = new Int32Array(neighbour.length);
  const read = Int32Array.from(first);
  for (let u = 0; u < nNodes; u++) {
    for (let i = first[u]; i < first[u + 1]; i++) mirror[i] = read[neighbour[i]]++;
  }
  return mirror;
}

/** Takes the entry `at` off the list of u, in constant time: the last one moves there. */
function forget(
  u: number,
  at: number,
  first: Uint32Array,
  degree: Int32Array,
  neighbour: Int32Array,
  mirror: Int32Array,
): void {
  const last = first[u] + --degree[u];
  neighbour[at] = neighbour[last];
  mirror[at] = mirror[last];
  mirror[mirror[at]] = at;
}

function areNeighbours(
  a: number,
  b: number,
  first: Uint32Array,
  degree: Int32Array,
  neighbour: Int32Array,
): boolean {
  const short = degree[a] <= degree[b] ? a : b;
  const other = short === a ? b : a;
  for (let i = first[short], end = first[short] + degree[short]; i < end; i++) {
    if (neighbour[i] === other) return true;
  }
  return false;
}
