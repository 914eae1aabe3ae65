/** What benches ask: random pairs, positions and times, the same in every run and runtime. */
import type { RoadGraph, RoadPosition } from '../engine/graph/road-graph.ts';
import { PURPOSE, randomKey, RandomStream } from '../engine/rng.ts';
import type { Network } from '../engine/routing/network.ts';
import { NONE, UNREACHED_MS } from '../engine/units.ts';

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

/**
 * Where units are after each of a series of moves: a mover drives to an end of its street and enters a random street
 * there, the one it came from only where there is no other.
 */
export function walks(
  graph: RoadGraph,
  start: readonly RoadPosition[],
  movers: ArrayLike<number>,
  question: number,
): RoadPosition[] {
  const { segmentFrom, segmentTo, segmentForwardArc, firstOut, arcSegment, head, nodeMain } = graph;
  const random = stream(question);
  // the node each unit drives towards
  const towards = start.map(({ segment }) =>
    segmentForwardArc[segment] === NONE ? segmentFrom[segment] : segmentTo[segment],
  );
  const on = start.map(({ segment }) => segment);
  return Array.from(movers, (unit) => {
    const arcs: number[] = [];
    for (let arc = firstOut[towards[unit]]; arc < firstOut[towards[unit] + 1]; arc++) {
      if (nodeMain[head[arc]] === 1) arcs.push(arc);
    }
    const ahead = arcs.filter((arc) => arcSegment[arc] !== on[unit]);
    const choices = ahead.length > 0 ? ahead : arcs;
    const arc = choices[random.below(choices.length)];
    towards[unit] = head[arc];
    on[unit] = arcSegment[arc];
    return { segment: on[unit], offsetMm: random.below(graph.segmentLengthMm[on[unit]] + 1) };
  });
}

/** Each time multiplied by 1, 2 or 3; closed arcs stay closed. */
export function reweighted(timeMs: Uint32Array, round: number): Uint32Array {
  const random = stream(QUESTION.weights + 1000 * (round + 1));
  return timeMs.map((ms) => (ms === UNREACHED_MS ? ms : ms * (1 + random.below(3))));
}
