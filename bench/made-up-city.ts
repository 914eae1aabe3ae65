/** A made-up city on whole numbers alone: the same graph on every machine, for the guard where no real data is at hand. */
import { buildRoadGraph } from '../engine/graph/build.ts';
import type { RoadGraph } from '../engine/graph/road-graph.ts';
import { DIRECTION, ROAD_CLASSES, type RoadClass, type RoadExtract } from '../engine/import/road-extract.ts';
import { PURPOSE, randomKey, RandomStream } from '../engine/rng.ts';

/** About 100 m in 1e-7 degrees. */
const BLOCK_E7 = 10_000;

/**
 * A grid of side x side junctions: every eighth street is a main street, a tenth of the others is missing, a fifth is
 * one-way; junctions stand up to a third of a block off the grid.
 */
export function madeUpCity(side: number, seed: number): Promise<RoadGraph> {
  const random = new RandomStream(randomKey(`made-up city ${seed}`), 1, PURPOSE.dispatch, 0);
  const jitter = (): number => random.below(Math.floor((2 * BLOCK_E7) / 3)) - Math.floor(BLOCK_E7 / 3);
  const nNodes = side * side;
  const lonE7 = new Int32Array(nNodes);
  const latE7 = new Int32Array(nNodes);
  for (let n = 0; n < nNodes; n++) {
    lonE7[n] = (n % side) * BLOCK_E7 + jitter();
    latE7[n] = Math.floor(n / side) * BLOCK_E7 + jitter();
  }
  const ways: { from: number; to: number; roadClass: RoadClass; direction: number; lengthMm: number }[] = [];
  const street = (from: number, to: number, line: number): void => {
    const isMain = line % 8 === 0;
    const luck = random.below(10);
    const lengthMm = 80_000 + random.below(60_000);
    if (!isMain && luck === 0) return;
    const oneWay =
      !isMain && luck <= 2 ? (luck === 1 ? DIRECTION.forward : DIRECTION.backward) : DIRECTION.both;
    ways.push({ from, to, roadClass: isMain ? 'secondary' : 'residential', direction: oneWay, lengthMm });
  };
  for (let n = 0; n < nNodes; n++) {
    if ((n + 1) % side !== 0) street(n, n + 1, Math.floor(n / side));
    if (n + side < nNodes) street(n, n + side, n % side);
  }
  const nWays = ways.length;
  const extract: RoadExtract = {
    source: { name: `made-up city ${seed}`, format: 'made-up', attribution: '' },
    nodes: { lonE7, latE7, osmId: Float64Array.from(lonE7, (_, n) => n + 1) },
    ways: {
      osmId: Float64Array.from(ways, (_, w) => w + 1),
      firstRef: Uint32Array.from({ length: nWays + 1 }, (_, w) => 2 * w),
      refs: Uint32Array.from(ways.flatMap(({ from, to }) => [from, to])),
      roadClass: Uint8Array.from(ways, ({ roadClass }) => ROAD_CLASSES.indexOf(roadClass)),
      direction: Uint8Array.from(ways, ({ direction }) => direction),
      maxSpeedForwardKph: new Uint8Array(nWays),
      maxSpeedBackwardKph: new Uint8Array(nWays),
      name: new Uint32Array(nWays),
      lengthMm: Uint32Array.from(ways, ({ lengthMm }) => lengthMm),
    },
    names: [''],
    restrictions: [],
    report: {
      read: { nodes: nNodes, ways: nWays, relations: 0 },
      roads: {
        highwayWays: nWays,
        drivableWays: nWays,
        keptWays: nWays,
        roadNodes: nNodes,
        nodePairs: nWays,
        onewayWays: ways.filter(({ direction }) => direction !== DIRECTION.both).length,
        restrictions: 0,
      },
      modes: { car: nWays },
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
  return buildRoadGraph(extract);
}
