/** Travel times of every arc for one profile: what all searches read. */
import { InputError, type InputProblem } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { UNREACHED_MS, type Ms } from '../units.ts';
import type { Labels } from './labels.ts';
import { networkOf, type Network } from './network.ts';

export interface Metric {
  /** Name for outputs, such as `patrol-car` or `patrol-car+siren`. */
  name: string;
  network: Network;
  /** One entry for each road arc, junction delays included; UNREACHED_MS closes it. */
  arcTimeMs: Uint32Array;
  /** One entry for each arc of the network: its road arc's time, or UNREACHED_MS where an obeyed restriction forbids it. */
  networkTimeMs: Uint32Array;
  /** Tree labels of these times, where they were built: routers answer from them, with the same answers. */
  labels?: Labels;
}

export interface MetricOptions {
  name: string;
  /** Which restrictions of the graph are obeyed, by their index; left out where turn rules play no part. */
  obeys?: (restriction: number) => boolean;
}

/** Problems named in one error: more of them help nobody. */
const MOST_PROBLEMS = 20;

/**
 * A metric of given times.
 * @param arcTimeMs  for each road arc whole milliseconds, or UNREACHED_MS for a closed one; zero is legal, because very
 *   short segments round to it
 * @throws InputError naming the way of each time that is negative, not whole, or so long that partial times of the
 *   segment leave the exact integers
 */
export function createMetric(graph: RoadGraph, arcTimeMs: ArrayLike<number>, options: MetricOptions): Metric {
  const problems: InputProblem[] = [];
  for (let arc = 0; arc < graph.nArcs && problems.length < MOST_PROBLEMS; arc++) {
    const segment = graph.arcSegment[arc];
    const message = faultOf(arcTimeMs[arc], graph.segmentLengthMm[segment]);
    if (message !== null) {
      problems.push({ file: graph.source.name, place: `way ${graph.segmentOsmWayId[segment]}`, message });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  const network = networkOf(graph, { withTurns: options.obeys !== undefined });
  const times = Uint32Array.from(arcTimeMs);
  return {
    name: options.name,
    network,
    arcTimeMs: times,
    networkTimeMs: timesOnNetwork(network, times, options.obeys),
  };
}

function faultOf(timeMs: number, lengthMm: number): string | null {
  if (timeMs === UNREACHED_MS) return null;
  if (!Number.isInteger(timeMs) || timeMs < 0) {
    return `a travel time of ${timeMs} ms; whole milliseconds from 0 on are allowed`;
  }
  // Partial times multiply time by length: both must stay inside the exact integers.
  if (timeMs > UNREACHED_MS || timeMs * lengthMm > Number.MAX_SAFE_INTEGER) {
    return `a segment of ${Math.round(lengthMm / 1e6)} km without a junction that takes ${timeMs} ms is too long to drive; split the way`;
  }
  return null;
}

function timesOnNetwork(
  network: Network,
  arcTimeMs: Uint32Array,
  obeys: ((restriction: number) => boolean) | undefined,
): Uint32Array {
  const times = new Uint32Array(network.nArcs);
  for (let arc = 0; arc < times.length; arc++) times[arc] = arcTimeMs[network.roadArc[arc]];
  const { bannedArc, bannedBy, firstAllowed, allowedBy } = network;
  bannedArc.forEach((arc, i) => {
    const allowed = allowedBy.subarray(firstAllowed[i], firstAllowed[i + 1]);
    if (obeys!(bannedBy[i]) && !allowed.some(obeys!)) times[arc] = UNREACHED_MS;
  });
  return times;
}

/**
 * Time from the start of an arc to a point `alongMm` into it. Rounded down from the arc's own time, so that partial
 * times of one arc add up to it exactly: time(a, b) = timeAlongArcMs(b) - timeAlongArcMs(a).
 */
export function timeAlongArcMs(arcTimeMs: Ms, alongMm: number, lengthMm: number): Ms {
  return arcTimeMs === UNREACHED_MS ? UNREACHED_MS : Math.floor((arcTimeMs * alongMm) / lengthMm);
}

/** How far along its direction of travel an offset (from the segment's start) lies on an arc. */
export function alongArcMm(graph: RoadGraph, arc: number, offsetMm: number): number {
  return graph.arcBackward[arc] === 1 ? graph.segmentLengthMm[graph.arcSegment[arc]] - offsetMm : offsetMm;
}
