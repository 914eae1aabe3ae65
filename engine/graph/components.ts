/** Strongly connected parts of a road graph: where a unit can get to and get back from. */
import { NONE } from '../units.ts';

interface Csr {
  nNodes: number;
  firstOut: Uint32Array;
  head: Uint32Array;
}

/** Whether an arc may be used. */
type IsOpen = (arc: number) => boolean;

/**
 * 1 for each node of the largest strongly connected part, by number of nodes; on a tie the part with the lowest node.
 * Tarjan 1972, with explicit stacks. Cost O(nodes + arcs).
 * @param isOpen  the arcs to go by: those of one mode, of one profile's rules… All of them by default
 */
export function largestStrongPart(graph: Csr, isOpen?: IsOpen): Uint8Array {
  const { nNodes } = graph;
  const part = strongParts(graph, isOpen);
  const size = new Uint32Array(nNodes);
  for (let n = 0; n < nNodes; n++) size[part[n]]++;
  let largest = -1;
  for (let n = 0; n < nNodes; n++) if (largest < 0 || size[part[n]] > size[largest]) largest = part[n];
  const main = new Uint8Array(nNodes);
  for (let n = 0; n < nNodes; n++) main[n] = part[n] === largest ? 1 : 0;
  return main;
}

/** The number of each node's strongly connected part, in 0 .. parts - 1 in Tarjan's order. */
export function strongParts({ nNodes, firstOut, head }: Csr, isOpen?: IsOpen): Uint32Array {
  const part = new Uint32Array(nNodes).fill(NONE);
  const found = new Uint32Array(nNodes).fill(NONE);
  const low = new Uint32Array(nNodes);
  const nextArc = new Uint32Array(nNodes);
  const open: number[] = []; // nodes not yet given to a part
  const path: number[] = []; // the depth-first path
  let nFound = 0;
  let nParts = 0;
  for (let root = 0; root < nNodes; root++) {
    if (found[root] !== NONE) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (found[node] === NONE) {
        found[node] = low[node] = nFound++;
        nextArc[node] = firstOut[node];
        open.push(node);
      }
      let child = NONE;
      while (nextArc[node] < firstOut[node + 1]) {
        const arc = nextArc[node]++;
        if (isOpen !== undefined && !isOpen(arc)) continue;
        const to = head[arc];
        if (found[to] === NONE) {
          child = to;
          break;
        }
        if (part[to] === NONE && found[to] < low[node]) low[node] = found[to];
      }
      if (child !== NONE) {
        path.push(child);
        continue;
      }
      path.pop();
      if (low[node] === found[node]) {
        for (let member = NONE; member !== node;) {
          member = open.pop()!;
          part[member] = nParts;
        }
        nParts++;
      }
      if (path.length > 0) {
        const parent = path[path.length - 1];
        if (low[node] < low[parent]) low[parent] = low[node];
      }
    }
  }
  return part;
}
