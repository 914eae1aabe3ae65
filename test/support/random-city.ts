/**
 * Random small road networks for property tests: one-ways, parallel streets, islands, very short streets, loops. Swarm
 * style: each network switches some features off.
 */
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { ROAD_CLASSES, type RoadExtract } from '../../engine/import/road-extract.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';

/** A stream for tests, keyed by a seed that failing tests print. */
export const testStream = (seed: number): RandomStream =>
  new RandomStream(randomKey(seed), 1, PURPOSE.dispatch, 0);

export function randomExtract(seed: number, nodes = 30): RoadExtract {
  const random = testStream(seed);
  const features = random.below(16);
  const oneWays = (features & 1) !== 0;
  const parallel = (features & 2) !== 0;
  const islands = (features & 4) !== 0;
  const short = (features & 8) !== 0;
  const lonE7: number[] = [];
  const latE7: number[] = [];
  for (let n = 0; n < nodes; n++) {
    const near = short && n > 0 && random.uniform() < 0.2;
    lonE7.push(near ? lonE7[n - 1] + random.below(3) : random.below(300_000));
    latE7.push(near ? latE7[n - 1] + 1 + random.below(3) : random.below(300_000));
  }
  const ways: { from: number; to: number; direction: number }[] = [];
  const half = nodes >> 1;
  for (let n = 1; n < nodes; n++) {
    const island = islands && n >= half;
    const to = island ? half + random.below(Math.max(1, n - half)) : random.below(n);
    if (to !== n)
      ways.push({ from: n, to, direction: oneWays && random.uniform() < 0.3 ? 1 + random.below(2) : 3 });
  }
  for (let extra = 0; extra < nodes; extra++) {
    const from = random.below(nodes);
    const to = random.below(nodes);
    if (from === to || (islands && from < half !== to < half)) continue;
    const direction = oneWays && random.uniform() < 0.5 ? 1 + random.below(2) : 3;
    ways.push({ from, to, direction });
    if (parallel && random.uniform() < 0.3) ways.push({ from, to, direction: 3 });
  }
  const each = (of: (way: { from: number; to: number; direction: number }) => number): number[] =>
    ways.map(of);
  return {
    source: { name: `random ${seed}`, format: 'random', attribution: '' },
    nodes: {
      lonE7: Int32Array.from(lonE7),
      latE7: Int32Array.from(latE7),
      osmId: Float64Array.from(lonE7, (_, n) => n + 1),
    },
    ways: {
      osmId: Float64Array.from(ways, (_, w) => w + 1),
      firstRef: Uint32Array.from({ length: ways.length + 1 }, (_, w) => 2 * w),
      refs: Uint32Array.from(ways.flatMap(({ from, to }) => [from, to])),
      roadClass: Uint8Array.from(ways, () => random.below(ROAD_CLASSES.indexOf('steps'))),
      direction: Uint8Array.from(each((w) => w.direction)),
      maxSpeedForwardKph: Uint8Array.from(ways, () => (random.uniform() < 0.5 ? 0 : 10 + random.below(100))),
      maxSpeedBackwardKph: Uint8Array.from(ways, () => (random.uniform() < 0.5 ? 0 : 10 + random.below(100))),
      name: new Uint32Array(ways.length),
    },
    names: [''],
    restrictions: [],
    report: {
      read: { nodes, ways: ways.length, relations: 0 },
      roads: {
        highwayWays: ways.length,
        drivableWays: ways.length,
        keptWays: ways.length,
        roadNodes: nodes,
        nodePairs: ways.length,
        onewayWays: 0,
        restrictions: 0,
      },
      modes: {},
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
}

export const randomGraph = (seed: number, nodes?: number): Promise<RoadGraph> =>
  buildRoadGraph(randomExtract(seed, nodes));

/** Random positions: at nodes, in mid-segment, near ends. */
export function randomPositions(graph: RoadGraph, seed: number, count: number): RoadPosition[] {
  const random = testStream(seed);
  return Array.from({ length: count }, () => {
    const segment = random.below(graph.nSegments);
    const length = graph.segmentLengthMm[segment];
    const kind = random.below(4);
    const offsetMm = kind === 0 ? 0 : kind === 1 ? length : random.below(length + 1);
    return { segment, offsetMm };
  });
}

/** The network as lines to paste into a bug report. */
export const printGraph = (graph: RoadGraph): string =>
  Array.from(
    { length: graph.nArcs },
    (_, arc) => `${graph.tail[arc]} -> ${graph.head[arc]} segment ${graph.arcSegment[arc]}`,
  ).join('\n');
