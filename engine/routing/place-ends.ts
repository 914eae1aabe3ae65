/** The ends of one place at a time in columns that are used again: `exitsOf` and `entriesOf` without an object. */
import { nodeOfPosition, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import { timeAlongArcMs, type Metric } from './metric.ts';
import { writeExits } from './position-columns.ts';

/** The ends of the place that was read last: `n` states and the times between them and the place. */
export class PlaceEnds {
  n = 0;
  state: Uint32Array = new Uint32Array(16);
  timeMs: Uint32Array = new Uint32Array(16);
  private readonly metric: Metric;

  constructor(metric: Metric) {
    this.metric = metric;
  }

  /** States that the place can drive to first. */
  readExits(place: RoadPosition): void {
    this.n = writeExits(this.metric, place, this.state, this.timeMs, 0);
  }

  /** States from which the place is driven to last. */
  readEntries(place: RoadPosition): void {
    const { network, arcTimeMs, networkTimeMs } = this.metric;
    const { graph, firstUse, use, tail } = network;
    const { segment, offsetMm } = place;
    const lengthMm = graph.segmentLengthMm[segment];
    this.n = 0;
    if (offsetMm === 0 || offsetMm === lengthMm) {
      const node = nodeOfPosition(graph, place);
      const { roadNode, nStates } = network;
      for (let state = network.baseState[node]; state < nStates && roadNode[state] === node; state++) {
        this.add(state, 0);
      }
      return;
    }
    for (let side = 0; side < 2; side++) {
      const arc = side === 0 ? graph.segmentForwardArc[segment] : graph.segmentBackwardArc[segment];
      if (arc === NONE || arcTimeMs[arc] === UNREACHED_MS) continue;
      const timeMs = timeAlongArcMs(arcTimeMs[arc], side === 0 ? offsetMm : lengthMm - offsetMm, lengthMm);
      for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
        if (networkTimeMs[use[i]] !== UNREACHED_MS) this.add(tail[use[i]], timeMs);
      }
    }
  }

  private add(state: number, timeMs: number): void {
    if (this.n === this.state.length) {
      this.state = larger(this.state);
      this.timeMs = larger(this.timeMs);
    }
    this.state[this.n] = state;
    this.timeMs[this.n++] = timeMs;
  }
}

function larger(column: Uint32Array): Uint32Array {
  const grown = new Uint32Array(2 * column.length);
  grown.set(column);
  return grown;
}
