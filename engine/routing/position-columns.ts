/** The ends of many positions as columns, as the kernels take them: `exitsOf` and `entriesOf` without an object for each end. */
import { larger } from '../columns.ts';
import { nodeOfPosition, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { EndColumns } from './kernels/query-ends.ts';
import { timeAlongArcMs, type Metric } from './metric.ts';
import { statesOfNode } from './network.ts';

/** States that each position can drive to first, and the times there. Cost about 40 ns a position. */
export function exitColumns(metric: Metric, positions: readonly RoadPosition[]): EndColumns {
  const first = new Uint32Array(positions.length + 1);
  const state = new Uint32Array(MOST_EXITS * positions.length);
  const timeMs = new Uint32Array(MOST_EXITS * positions.length);
  let nEnds = 0;
  for (let i = 0; i < positions.length; i++) {
    nEnds = writeExits(metric, positions[i], state, timeMs, nEnds);
    first[i + 1] = nEnds;
  }
  return { first, state: state.subarray(0, nEnds), timeMs: timeMs.subarray(0, nEnds) };
}

/** A position in mid-street has an exit at either end of it. */
const MOST_EXITS = 2;

/** Writes the exits of a position into columns, from entry `at` on. @returns the entry after the last */
export function writeExits(
  { network, arcTimeMs }: Metric,
  position: RoadPosition,
  state: Uint32Array,
  timeMs: Uint32Array,
  at: number,
): number {
  const { graph, baseState, endState } = network;
  const { segment, offsetMm } = position;
  const lengthMm = graph.segmentLengthMm[segment];
  if (offsetMm === 0 || offsetMm === lengthMm) {
    state[at] = baseState[nodeOfPosition(graph, position)];
    timeMs[at] = 0;
    return at + 1;
  }
  let end = at;
  const forward = graph.segmentForwardArc[segment];
  if (forward !== NONE && arcTimeMs[forward] !== UNREACHED_MS) {
    state[end] = endState[forward];
    timeMs[end++] = arcTimeMs[forward] - timeAlongArcMs(arcTimeMs[forward], offsetMm, lengthMm);
  }
  const backward = graph.segmentBackwardArc[segment];
  if (backward !== NONE && arcTimeMs[backward] !== UNREACHED_MS) {
    state[end] = endState[backward];
    timeMs[end++] = arcTimeMs[backward] - timeAlongArcMs(arcTimeMs[backward], lengthMm - offsetMm, lengthMm);
  }
  return end;
}

/** States from which each position is driven to last, and the times from there. Cost about 60 ns a position. */
export function entryColumns(metric: Metric, positions: readonly RoadPosition[]): EndColumns {
  const { network, arcTimeMs, networkTimeMs } = metric;
  const { graph, firstUse, use, tail } = network;
  const { segmentForwardArc, segmentBackwardArc, segmentLengthMm } = graph;
  const columns = new Columns(positions.length);
  for (const position of positions) {
    const { segment, offsetMm } = position;
    const lengthMm = segmentLengthMm[segment];
    if (offsetMm === 0 || offsetMm === lengthMm) {
      const { first, end } = statesOfNode(network, nodeOfPosition(graph, position));
      for (let state = first; state < end; state++) columns.add(state, 0);
    } else {
      for (let side = 0; side < 2; side++) {
        const arc = side === 0 ? segmentForwardArc[segment] : segmentBackwardArc[segment];
        if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) continue;
        const alongMm = side === 0 ? offsetMm : lengthMm - offsetMm;
        const timeMs = timeAlongArcMs(arcTimeMs[arc], alongMm, lengthMm);
        for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
          if (networkTimeMs[use[i]] !== UNREACHED_MS) columns.add(tail[use[i]], timeMs);
        }
      }
    }
    columns.endPosition();
  }
  return columns.finish();
}

/** Columns under construction; most positions have one or two ends. */
class Columns {
  private readonly first: Uint32Array;
  private state: Uint32Array;
  private timeMs: Uint32Array;
  private nPositions = 0;
  private nEnds = 0;

  constructor(nPositions: number) {
    this.first = new Uint32Array(nPositions + 1);
    this.state = new Uint32Array(2 * nPositions + 16);
    this.timeMs = new Uint32Array(2 * nPositions + 16);
  }

  add(state: number, timeMs: number): void {
    if (this.nEnds === this.state.length) {
      this.state = larger(this.state);
      this.timeMs = larger(this.timeMs);
    }
    this.state[this.nEnds] = state;
    this.timeMs[this.nEnds++] = timeMs;
  }

  endPosition(): void {
    this.first[++this.nPositions] = this.nEnds;
  }

  finish(): EndColumns {
    const { first, nEnds } = this;
    return { first, state: this.state.subarray(0, nEnds), timeMs: this.timeMs.subarray(0, nEnds) };
  }
}
