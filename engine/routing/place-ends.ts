/** The ends of one place at a time in columns that are used again: `exitsOf` and `entriesOf` without an object. */
import { larger } from '../columns.ts';
import { nodeOfPosition, type RoadPosition } from '../graph/road-graph.ts';
import { NONE, UNREACHED_MS, type SegmentIx } from '../units.ts';
import { timeAlongArcMs, type Metric } from './metric.ts';

// What is to be known of a street, side by side in half a line of the cache: its length, and for each direction the time, the
// state it is driven from (or why there is not just one), and the state it is driven to.
const STREET_BITS = 3;
const LENGTH = 0;
const FORWARD = 1;
const BACKWARD = 4;
const TIME = 0;
const ENTRY = 1;
const EXIT = 2;
/** States of turn rules: the street is driven from none, or from several. */
const NO_STATE = -1;
const MANY_STATES = -2;

/** The ends of the place that was read last: `n` states and the times between them and the place. */
export class PlaceEnds {
  n = 0;
  state: Uint32Array = new Uint32Array(16);
  timeMs: Uint32Array = new Uint32Array(16);
  private readonly metric: Metric;
  private readonly streets: Int32Array;

  /** Keeps the times that the metric has now. About 32 bytes and 50 ns a street. */
  constructor(metric: Metric, streets = streetsOf(metric)) {
    this.metric = metric;
    this.streets = streets;
  }

  /** Another reader of the same metric. */
  another(): PlaceEnds {
    return new PlaceEnds(this.metric, this.streets);
  }

  /** States that the place can drive to first. */
  readExits(place: RoadPosition): void {
    const { streets } = this;
    const { segment, offsetMm } = place;
    const at = segment << STREET_BITS;
    const lengthMm = streets[at + LENGTH] >>> 0;
    this.n = 0;
    if (offsetMm === 0 || offsetMm === lengthMm) {
      const { graph, baseState } = this.metric.network;
      this.add(baseState[nodeOfPosition(graph, place)], 0);
      return;
    }
    const forwardMs = streets[at + FORWARD + TIME];
    if (forwardMs !== UNREACHED_MS) {
      this.add(streets[at + FORWARD + EXIT], forwardMs - timeAlongArcMs(forwardMs, offsetMm, lengthMm));
    }
    const backwardMs = streets[at + BACKWARD + TIME];
    if (backwardMs !== UNREACHED_MS) {
      const alongMs = timeAlongArcMs(backwardMs, lengthMm - offsetMm, lengthMm);
      this.add(streets[at + BACKWARD + EXIT], backwardMs - alongMs);
    }
  }

  /** States from which the place is driven to last. */
  readEntries(place: RoadPosition): void {
    const { streets } = this;
    const { segment, offsetMm } = place;
    const at = segment << STREET_BITS;
    const lengthMm = streets[at + LENGTH] >>> 0;
    this.n = 0;
    if (offsetMm === 0 || offsetMm === lengthMm) {
      this.addNode(place);
      return;
    }
    const forward = streets[at + FORWARD + ENTRY];
    if (forward !== NO_STATE) {
      const timeMs = timeAlongArcMs(streets[at + FORWARD + TIME], offsetMm, lengthMm);
      if (forward >= 0) this.add(forward, timeMs);
      else this.addAll(segment, FORWARD, timeMs);
    }
    const backward = streets[at + BACKWARD + ENTRY];
    if (backward !== NO_STATE) {
      const timeMs = timeAlongArcMs(streets[at + BACKWARD + TIME], lengthMm - offsetMm, lengthMm);
      if (backward >= 0) this.add(backward, timeMs);
      else this.addAll(segment, BACKWARD, timeMs);
    }
  }

  /** All states at the junction of a place. */
  private addNode(place: RoadPosition): void {
    const { graph, baseState, roadNode, nStates } = this.metric.network;
    const node = nodeOfPosition(graph, place);
    for (let state = baseState[node]; state < nStates && roadNode[state] === node; state++) {
      this.add(state, 0);
    }
  }

  /** All states from which one may turn into a street. */
  private addAll(segment: SegmentIx, side: number, timeMs: number): void {
    const { network, networkTimeMs } = this.metric;
    const { graph, firstUse, use, tail } = network;
    const arc = side === FORWARD ? graph.segmentForwardArc[segment] : graph.segmentBackwardArc[segment];
    for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
      if (networkTimeMs[use[i]] !== UNREACHED_MS) this.add(tail[use[i]], timeMs);
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

function streetsOf({ network, arcTimeMs, networkTimeMs }: Metric): Int32Array {
  const { graph, firstUse, use, tail, endState } = network;
  const streets = new Int32Array(graph.nSegments << STREET_BITS);
  for (let segment = 0; segment < graph.nSegments; segment++) {
    const at = segment << STREET_BITS;
    streets[at + LENGTH] = graph.segmentLengthMm[segment];
    for (let side = FORWARD; side <= BACKWARD; side += BACKWARD - FORWARD) {
      const arc = side === FORWARD ? graph.segmentForwardArc[segment] : graph.segmentBackwardArc[segment];
      const timeMs = arc === NONE ? UNREACHED_MS : arcTimeMs[arc];
      let entry = NO_STATE;
      if (timeMs !== UNREACHED_MS) {
        for (let i = firstUse[arc]; i < firstUse[arc + 1]; i++) {
          if (networkTimeMs[use[i]] !== UNREACHED_MS) entry = entry === NO_STATE ? tail[use[i]] : MANY_STATES;
        }
        streets[at + side + EXIT] = endState[arc];
      }
      streets[at + side + TIME] = timeMs;
      streets[at + side + ENTRY] = entry;
    }
  }
  return streets;
}
