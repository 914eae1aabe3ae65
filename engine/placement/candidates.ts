/** Places as candidate sites: when two are the same, and road nodes thinned evenly over the map. */
import { mPerLonE7, M_PER_LAT_E7 } from '../geo.ts';
import { nodeOfPosition, positionOfNode, type RoadGraph, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, type NodeIx } from '../units.ts';

/** Names a place of the network: the ends of segments that meet in a node are one place. */
export function placeKey(graph: RoadGraph, position: RoadPosition): string {
  const node = nodeOfPosition(graph, position);
  return node === NONE ? `${position.segment}:${position.offsetMm}` : `node ${node}`;
}

/** A node and where a unit at it stands. */
export interface PlacedNode {
  node: NodeIx;
  position: RoadPosition;
}

/**
 * At most `maxNodes` nodes of those that are open (the main part by default), spread evenly: the map is laid out in
 * squares as small as the number allows, and each square gives the node nearest its centre (lowest index on a tie). All
 * of them when they are few enough. By ascending node; the same graph gives the same nodes. Cost O(nodes x 60).
 */
export function thinNodes(
  graph: RoadGraph,
  maxNodes: number,
  isOpen: Uint8Array = graph.nodeMain,
): PlacedNode[] {
  const main: NodeIx[] = [];
  for (let n = 0; n < graph.nNodes; n++) if (isOpen[n] === 1) main.push(n);
  const placed = (nodes: NodeIx[]) => nodes.map((node) => ({ node, position: positionOfNode(graph, node) }));
  if (main.length <= maxNodes) return placed(main);

  const { x, y, widthM } = planeOf(graph, main);
  // The number of occupied squares falls, though not strictly, as squares grow: halve the interval of sizes.
  let tooSmallM = 0;
  let sizeM = widthM;
  let best = centralOfSquares(x, y, sizeM);
  for (let step = 0; step < 60 && sizeM - tooSmallM > 0.5; step++) {
    const middleM = (tooSmallM + sizeM) / 2;
    const nodes = centralOfSquares(x, y, middleM);
    if (nodes.length <= maxNodes) {
      sizeM = middleM;
      best = nodes;
    } else {
      tooSmallM = middleM;
    }
  }
  return placed(best.map((i) => main[i]).sort((a, b) => a - b));
}

/** Nodes in metres from the south-west corner, and a size that one square holds them all with. */
function planeOf(graph: RoadGraph, nodes: readonly NodeIx[]) {
  let west = Infinity;
  let south = Infinity;
  let north = -Infinity;
  for (const n of nodes) {
    west = Math.min(west, graph.nodeLonE7[n]);
    south = Math.min(south, graph.nodeLatE7[n]);
    north = Math.max(north, graph.nodeLatE7[n]);
  }
  const lonM = mPerLonE7((south + north) / 2);
  const x = Float64Array.from(nodes, (n) => (graph.nodeLonE7[n] - west) * lonM);
  const y = Float64Array.from(nodes, (n) => (graph.nodeLatE7[n] - south) * M_PER_LAT_E7);
  let widthM = 1;
  for (let i = 0; i < nodes.length; i++) widthM = Math.max(widthM, x[i] + 1, y[i] + 1);
  return { x, y, widthM };
}

/** The point nearest the centre of each occupied square. */
function centralOfSquares(x: Float64Array, y: Float64Array, sizeM: number): number[] {
  const perRow = 2 ** 26; // squares in a row: 0.5 m squares around the earth fit
  const central = new Map<number, number>();
  const distance = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor(x[i] / sizeM);
    const row = Math.floor(y[i] / sizeM);
    const dx = x[i] - (column + 0.5) * sizeM;
    const dy = y[i] - (row + 0.5) * sizeM;
    distance[i] = dx * dx + dy * dy;
    const square = row * perRow + column;
    const other = central.get(square);
    if (other === undefined || distance[i] < distance[other]) central.set(square, i);
  }
  return [...central.values()];
}
