/** Travel times of every arc for one profile: what all searches read. */
import { InputError, type InputProblem } from '../errors.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { UNREACHED_MS, type ArcIx, type Ms } from '../units.ts';
import type { CustomisedHierarchy } from './hierarchy-router.ts';
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
  /** 1 for each arc of the network that an obeyed restriction forbids. */
  forbidden: Uint8Array;
  /** Tree labels of these times, where they were built: routers answer from them, with the same answers. */
  labels?: Labels;
  /** Whether metrics of equal times have the same labels: an update gives this one its own. */
  sharesLabels?: boolean;
  /** The hierarchy with these times, where labels did not fit the memory. */
  customised?: CustomisedHierarchy;
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
  checkArcTimes(graph, null, arcTimeMs);
  const network = networkOf(graph, { withTurns: options.obeys !== undefined });
  const times = Uint32Array.from(arcTimeMs);
  const forbidden = forbiddenArcs(network, options.obeys);
  const networkTimeMs = new Uint32Array(network.nArcs);
  for (let arc = 0; arc < network.nArcs; arc++) {
    networkTimeMs[arc] = forbidden[arc] === 1 ? UNREACHED_MS : times[network.roadArc[arc]];
  }
  return { name: options.name, network, arcTimeMs: times, networkTimeMs, forbidden };
}

/**
 * Refuses times that no road takes.
 * @param arcs  the road arcs that the times are for, null for all
 * @throws InputError naming the way of each, the first twenty
 */
export function checkArcTimes(
  graph: RoadGraph,
  arcs: ArrayLike<ArcIx> | null,
  timesMs: ArrayLike<number>,
): void {
  const problems: InputProblem[] = [];
  const n = arcs === null ? graph.nArcs : arcs.length;
  for (let i = 0; i < n && problems.length < MOST_PROBLEMS; i++) {
    const segment = graph.arcSegment[arcs === null ? i : arcs[i]];
    const message = faultOf(timesMs[i], graph.segmentLengthMm[segment]);
    if (message !== null) {
      problems.push({ file: graph.source.name, place: `way ${graph.segmentOsmWayId[segment]}`, message });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
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

function forbiddenArcs(
  { nArcs, bannedArc, bannedBy, firstAllowed, allowedBy }: Network,
  obeys: ((restriction: number) => boolean) | undefined,
): Uint8Array {
  const forbidden = new Uint8Array(nArcs);
  bannedArc.forEach((arc, i) => {
    const allowed = allowedBy.subarray(firstAllowed[i], firstAllowed[i + 1]);
    if (obeys!(bannedBy[i]) && !allowed.some(obeys!)) forbidden[arc] = 1;
  });
  return forbidden;
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
