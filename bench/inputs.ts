/** What benches ask: random pairs, positions and times, the same in every run and runtime. */
import type { RoadGraph, RoadPosition } from '../engine/graph/road-graph.ts';
import { PURPOSE, randomKey, RandomStream } from '../engine/rng.ts';
import type { Network } from '../engine/routing/network.ts';
import { UNREACHED_MS } from '../engine/units.ts';

export const SEED = 'bench';

/** Draws of one question: questions do not disturb each other. */
export const stream = (question: number): RandomStream =>
  new RandomStream(randomKey(SEED), 1, PURPOSE.dispatch, question);

/** Numbers of questions. */
export const QUESTION = {
  pairs: 0,
  sources: 1,
  targets: 2,
  weights: 3,
  arcs: 4,
  units: 5,
  incidents: 6,
  posts: 7,
} as const;

/** Base states of random nodes of the main part. */
export function randomStates({ graph, baseState }: Network, count: number, question: number): Uint32Array {
  const random = stream(question);
  const main: number[] = [];
  for (let node = 0; node < graph.nNodes; node++) if (graph.nodeMain[node] === 1) main.push(baseState[node]);
  return Uint32Array.from({ length: count }, () => main[random.below(main.length)]);
}

/** Random places on streets of the main part: every street is as likely, every millimetre of it too. */
export function randomPositions(graph: RoadGraph, count: number, question: number): RoadPosition[] {
  const random = stream(question);
  const positions: RoadPosition[] = [];
  while (positions.length < count) {
    const segment = random.below(graph.nSegments);
    const offsetMm = random.below(graph.segmentLengthMm[segment] + 1);
    const { segmentFrom, segmentTo, nodeMain } = graph;
    if (nodeMain[segmentFrom[segment]] === 1 && nodeMain[segmentTo[segment]] === 1)
      positions.push({ segment, offsetMm });
  }
  return positions;
}

/** Each time multiplied by 1, 2 or 3; closed arcs stay closed. */
export function reweighted(timeMs: Uint32Array, round: number): Uint32Array {
  const random = stream(QUESTION.weights + 1000 * (round + 1));
  return timeMs.map((ms) => (ms === UNREACHED_MS ? ms : ms * (1 + random.below(3))));
}
