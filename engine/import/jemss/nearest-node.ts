/** The node that a place beside the road belongs to: the nearest that may be left, on JEMSS's plane. */
import { assert } from '../../errors.ts';
import type { JemssMap, JemssNodes } from './inputs.ts';

interface NearestNode {
  node: number;
  km: number;
}

/** Nodes for each cell of the search grid, on average. */
const NODES_PER_CELL = 2;

/** Distance in km on the plane of a map. */
export function planeKm(
  { xScale, yScale }: JemssMap,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): number {
  const dx = (x2 - x1) * xScale;
  const dy = (y2 - y1) * yScale;
  return Math.sqrt(dx * dx + dy * dy);
}

/**
 * Finds the nearest node with off-road access, the lowest on a tie. Cells around the place are looked at in growing rings
 * until no nearer node can lie in the next. Cost O(1) for places among the nodes.
 */
export function nearestNodeFinder(map: JemssMap, nodes: JemssNodes): (x: number, y: number) => NearestNode {
  const open = [...nodes.offRoadAccess.keys()].filter((node) => nodes.offRoadAccess[node] === 1);
  assert(open.length > 0, 'no node may be left');
  const kmX = (x: number): number => x * map.xScale;
  const kmY = (y: number): number => y * map.yScale;
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const node of open) {
    west = Math.min(west, kmX(nodes.x[node]));
    east = Math.max(east, kmX(nodes.x[node]));
    south = Math.min(south, kmY(nodes.y[node]));
    north = Math.max(north, kmY(nodes.y[node]));
  }
  const area = Math.max((east - west) * (north - south), 1e-12);
  const longest = Math.max(east - west, north - south, 1e-6);
  const size = Math.max(Math.sqrt((area * NODES_PER_CELL) / open.length), longest / 4096);
  const nX = Math.floor((east - west) / size) + 1;
  const nY = Math.floor((north - south) / size) + 1;
  const cells: number[][] = Array.from({ length: nX * nY }, () => []);
  const columnOf = (km: number): number => Math.min(Math.max(Math.floor((km - west) / size), 0), nX - 1);
  const rowOf = (km: number): number => Math.min(Math.max(Math.floor((km - south) / size), 0), nY - 1);
  for (const node of open) cells[rowOf(kmY(nodes.y[node])) * nX + columnOf(kmX(nodes.x[node]))].push(node);

  return (x, y) => {
    const [column, row] = [columnOf(kmX(x)), rowOf(kmY(y))];
    let best: NearestNode = { node: -1, km: Infinity };
    for (let ring = 0; ring < nX + nY; ring++) {
      // the ring's cells are at least so far from the middle cell's edge
      if (best.km < (ring - 1) * size) break;
      for (let r = Math.max(row - ring, 0); r <= Math.min(row + ring, nY - 1); r++) {
        const wholeRow = Math.abs(r - row) === ring;
        for (let c = Math.max(column - ring, 0); c <= Math.min(column + ring, nX - 1); c++) {
          if (!wholeRow && Math.abs(c - column) !== ring) continue;
          for (const node of cells[r * nX + c]) {
            const km = planeKm(map, x, y, nodes.x[node], nodes.y[node]);
            if (km < best.km || (km === best.km && node < best.node)) best = { node, km };
          }
        }
      }
    }
    return best;
  };
}
