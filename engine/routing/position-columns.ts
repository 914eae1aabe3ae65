/** The ends of many positions as columns, as the kernels take them: `exitsOf` and `entriesOf` without an object for each end. */
import { nodeOfPosition, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import type { EndColumns } from './kernels/query-ends.ts';
import { timeAlongArcMs, type Metric } from './metric.ts';
import { statesOfNode } from './network.ts';

/** States that each position can drive to first, and the times there. Cost about 50 ns a position. */
export function exitColumns({ network, arcTimeMs }: Metric, positions: readonly RoadPosition[]): EndColumns {
  const { graph, baseState, endState } = network;
  const { segmentForwardArc, segmentBackwardArc, segmentLengthMm } = graph;
  const columns = new Columns(positions.length);
  for (const position of positions) {
    const { segment, offsetMm } = position;
    const lengthMm = segmentLengthMm[segment];
    if (offsetMm === 0 || offsetMm === lengthMm) {
      columns.add(baseState[nodeOfPosition(graph, position)], 0);
    } else {
      const forward = segmentForwardArc[segment];
      const backward = segmentBackwardArc[segment];
      if (forward !== NONE && arcTimeMs[forward] !== UNREACHED_MS) {
        const timeMs = arcTimeMs[forward];
        columns.add(endState[forward], timeMs - timeAlongArcMs(timeMs, offsetMm, lengthMm));
      }
      if (backward !== NONE && arcTimeMs[backward] !== UNREACHED_MS) {
        const timeMs = arcTimeMs[backward];
        columns.add(endState[backward], timeMs - timeAlongArcMs(timeMs, lengthMm - offsetMm, lengthMm));
      }
    }
    columns.endPosition();
  }
  return columns.finish();
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

function larger(column: Uint32Array): Uint32Array {
  const grown = new Uint32Array(2 * column.length);
  grown.set(column);
  return grown;
}
