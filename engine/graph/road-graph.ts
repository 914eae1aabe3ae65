/**
 * The road network as flat columns (CSR). Segments are the undirected pieces of ways between junctions; arcs are
 * their directed traversals.
 */
import { assert } from '../errors.ts';
import {
  modeBits,
  RESTRICTION_WHEN,
  type RestrictionWhen,
  ROAD_CLASSES,
  SURFACES,
  TRAVEL_MODES,
} from '../import/road-extract.ts';
import { NONE, UNREACHED_MS, type ArcIx, type NodeIx, type SegmentIx } from '../units.ts';
import { largestStrongPart } from './components.ts';

export interface RoadGraph {
  nNodes: number;
  nArcs: number;
  nSegments: number;

  /** Node columns. `nodeOsmId` is 0 where the source has no id. */
  nodeLonE7: Int32Array;
  nodeLatE7: Int32Array;
  nodeOsmId: Float64Array;
  /** 1 for nodes of the largest strongly connected part of the main mode (mainModeBit), which snapping uses. */
  nodeMain: Uint8Array;

  /** Arcs leaving node n are firstOut[n] .. firstOut[n + 1), by (head, segment, direction). */
  firstOut: Uint32Array;
  head: Uint32Array;
  tail: Uint32Array;
  /** Segment of an arc. An arc runs forward when it goes from segmentFrom to segmentTo. */
  arcSegment: Uint32Array;
  /** 0 forward, 1 backward along the segment. */
  arcBackward: Uint8Array;
  /**
   * Modes that may pass, as bits of TRAVEL_MODES (1 car, 2 motorcycle, 4 bicycle, 8
   * foot); never 0, never a bit outside `modes`.
   */
  arcAccess: Uint8Array;
  /**
   * What a driver meets on an arc, behind its tail and up to its head included: how many of each, 255 for more. See
   * controls.ts for what counts as one.
   */
  arcSignals: Uint8Array;
  arcStops: Uint8Array;
  arcGiveWays: Uint8Array;
  /** Crossings for people on foot that have signals and lie away from signals counted already. */
  arcSignalCrossings: Uint8Array;
  arcMiniRoundabouts: Uint8Array;
  arcLevelCrossings: Uint8Array;
  /** Arcs entering node n are inArc[firstIn[n] .. firstIn[n + 1)], by arc. */
  firstIn: Uint32Array;
  inArc: Uint32Array;

  /** Segment columns. */
  segmentFrom: Uint32Array;
  segmentTo: Uint32Array;
  /** The arc in each direction, NONE where the street is closed that way. */
  segmentForwardArc: Uint32Array;
  segmentBackwardArc: Uint32Array;
  /** Sum of the great-circle lengths of its pieces, rounded once; at least 1. */
  segmentLengthMm: Uint32Array;
  /** Index into ROAD_CLASSES. */
  segmentClass: Uint8Array;
  /** Index into SURFACES. */
  segmentSurface: Uint8Array;
  segmentMaxForwardKph: Uint8Array;
  segmentMaxBackwardKph: Uint8Array;
  segmentOsmWayId: Float64Array;
  /** Index into `names`. */
  segmentName: Uint32Array;
  /** Shape points of segment s, both ends included, are firstShape[s] .. firstShape[s + 1) of the shape columns. */
  firstShape: Uint32Array;
  shapeLonE7: Int32Array;
  shapeLatE7: Int32Array;
  /** Distance along the segment at each shape point, 0 at the first, segmentLengthMm at the last. */
  shapeAtMm: Uint32Array;

  /**
   * Travel times that the network came with, for profiles that ask for them by name; left out where it came with none.
   * Names are distinct, times are whole ms of the whole arc.
   */
  arcTimes?: readonly ArcTimes[];

  /** Modes of travel the roads were read for, as bits of TRAVEL_MODES. */
  modes: number;
  /** Turn restrictions, kept for the routing stage. */
  restrictions: readonly GraphRestriction[];
  /** Restrictions of the source that fit no arcs, or more than one way. */
  restrictionsNotPlaced: number;
  names: readonly string[];
  source: { name: string; format: string; attribution: string };
  /** Hash of every column above: two graphs with the same hash answer alike. */
  contentHash: string;
}

/** Given travel times, such as those measured with a fleet or those of another model. */
export interface ArcTimes {
  name: string;
  /** One for each arc, below UNREACHED_MS. */
  ms: Uint32Array;
}

/** A turn restriction on arcs: the sequence of arcs that is forbidden, or the only one allowed after its prefix. */
export interface GraphRestriction {
  osmId: number;
  kind: string;
  /** Arcs from, via ways…, to: at least two. */
  arcs: readonly ArcIx[];
  /** Whom it binds: '' everybody but people on foot, otherwise OSM's word (motor_vehicle, motorcar, bicycle, hgv…). */
  vehicle: string;
  except: readonly string[];
  /** The condition as written, and what it says as far as routing can use it. */
  condition: string;
  when: RestrictionWhen;
}

/** A place on the network: a distance along a segment from its `segmentFrom` end, in [0, segmentLengthMm]. */
export interface RoadPosition {
  segment: SegmentIx;
  offsetMm: number;
}

/** A stretch of a segment: fromMm <= toMm, both ends included. */
export interface EdgeInterval {
  segment: SegmentIx;
  fromMm: number;
  toMm: number;
}

/** A drive along one segment, from one offset to another; backward when fromMm > toMm. */
export interface DriveStep {
  segment: SegmentIx;
  fromMm: number;
  toMm: number;
}

/** A timed step of a route. */
export interface RouteStep extends DriveStep {
  /** Time from the start of the route to the end of this step. */
  endMs: number;
}

/** A drive on the network: steps join end to end; `travelTimeMs` is the last step's endMs. */
export interface Route {
  steps: RouteStep[];
  travelTimeMs: number;
  lengthMm: number;
}

/** The position at a node: the end of the segment of its first arc out (its first arc in, where none leaves it). Nodes without a segment do not exist in a graph. */
export function positionOfNode(graph: RoadGraph, node: NodeIx): RoadPosition {
  const arc = graph.firstOut[node] < graph.firstOut[node + 1] ? graph.firstOut[node] : -1;
  const segment = arc >= 0 ? graph.arcSegment[arc] : graph.arcSegment[graph.inArc[graph.firstIn[node]]];
  return {
    segment,
    offsetMm: graph.segmentFrom[segment] === node ? 0 : graph.segmentLengthMm[segment],
  };
}

/** The node a position lies on exactly, or NONE. */
export function nodeOfPosition(graph: RoadGraph, { segment, offsetMm }: RoadPosition): NodeIx {
  if (offsetMm === 0) return graph.segmentFrom[segment];
  if (offsetMm === graph.segmentLengthMm[segment]) return graph.segmentTo[segment];
  return NONE;
}

/** Whether two positions are one place: the same offset, or the same node seen from two segments. */
export function samePosition(graph: RoadGraph, a: RoadPosition, b: RoadPosition): boolean {
  if (a.segment === b.segment && a.offsetMm === b.offsetMm) return true;
  const node = nodeOfPosition(graph, a);
  return node !== NONE && node === nodeOfPosition(graph, b);
}

/** The arc that a step drives on; NONE where the street is closed that way. */
export const arcOfStep = (graph: RoadGraph, { segment, fromMm, toMm }: DriveStep): ArcIx =>
  toMm > fromMm ? graph.segmentForwardArc[segment] : graph.segmentBackwardArc[segment];

/** Where on its segment an arc starts and ends. */
export const startOfArcMm = (graph: RoadGraph, arc: ArcIx): number =>
  graph.arcBackward[arc] === 1 ? graph.segmentLengthMm[graph.arcSegment[arc]] : 0;
export const endOfArcMm = (graph: RoadGraph, arc: ArcIx): number =>
  graph.arcBackward[arc] === 1 ? 0 : graph.segmentLengthMm[graph.arcSegment[arc]];

/** Lon/lat in 1e-7 degrees of a position, on the segment's shape (rounded to the nearest 1e-7 degree). */
export function pointOfPosition(
  graph: RoadGraph,
  { segment, offsetMm }: RoadPosition,
): { lonE7: number; latE7: number } {
  const { shapeAtMm, shapeLonE7, shapeLatE7 } = graph;
  let low = graph.firstShape[segment];
  let high = graph.firstShape[segment + 1] - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (shapeAtMm[middle] <= offsetMm) low = middle;
    else high = middle;
  }
  const span = shapeAtMm[high] - shapeAtMm[low];
  const share = span > 0 ? (offsetMm - shapeAtMm[low]) / span : 0;
  return {
    lonE7: Math.round(shapeLonE7[low] + share * (shapeLonE7[high] - shapeLonE7[low])),
    latE7: Math.round(shapeLatE7[low] + share * (shapeLatE7[high] - shapeLatE7[low])),
  };
}

/**
 * States what must hold of a graph before it is used, wherever it came from; an index past the end would otherwise
 * read `undefined`, and a wrong CSR would hang a search. Throws with the first broken invariant. Cost O(size).
 */
export function checkRoadGraph(graph: RoadGraph): void {
  const { nNodes, nArcs, nSegments, firstOut, firstIn, firstShape } = graph;
  const lengths: [string, ArrayLike<number>, number][] = [
    ['nodeLonE7', graph.nodeLonE7, nNodes],
    ['nodeLatE7', graph.nodeLatE7, nNodes],
    ['nodeOsmId', graph.nodeOsmId, nNodes],
    ['nodeMain', graph.nodeMain, nNodes],
    ['firstOut', firstOut, nNodes + 1],
    ['firstIn', firstIn, nNodes + 1],
    ['head', graph.head, nArcs],
    ['tail', graph.tail, nArcs],
    ['arcSegment', graph.arcSegment, nArcs],
    ['arcBackward', graph.arcBackward, nArcs],
    ['arcAccess', graph.arcAccess, nArcs],
    ['arcSignals', graph.arcSignals, nArcs],
    ['arcStops', graph.arcStops, nArcs],
    ['arcGiveWays', graph.arcGiveWays, nArcs],
    ['arcSignalCrossings', graph.arcSignalCrossings, nArcs],
    ['arcMiniRoundabouts', graph.arcMiniRoundabouts, nArcs],
    ['arcLevelCrossings', graph.arcLevelCrossings, nArcs],
    ['inArc', graph.inArc, nArcs],
    ['segmentFrom', graph.segmentFrom, nSegments],
    ['segmentTo', graph.segmentTo, nSegments],
    ['segmentForwardArc', graph.segmentForwardArc, nSegments],
    ['segmentBackwardArc', graph.segmentBackwardArc, nSegments],
    ['segmentLengthMm', graph.segmentLengthMm, nSegments],
    ['segmentClass', graph.segmentClass, nSegments],
    ['segmentSurface', graph.segmentSurface, nSegments],
    ['segmentMaxForwardKph', graph.segmentMaxForwardKph, nSegments],
    ['segmentMaxBackwardKph', graph.segmentMaxBackwardKph, nSegments],
    ['segmentOsmWayId', graph.segmentOsmWayId, nSegments],
    ['segmentName', graph.segmentName, nSegments],
    ['firstShape', firstShape, nSegments + 1],
    ['shapeLonE7', graph.shapeLonE7, graph.shapeAtMm.length],
    ['shapeLatE7', graph.shapeLatE7, graph.shapeAtMm.length],
  ];
  checkGivenTimes(graph);
  const allModes = modeBits(TRAVEL_MODES);
  assert(
    Number.isInteger(graph.modes) && graph.modes > 0 && graph.modes <= allModes,
    () => `modes are ${graph.modes}, not bits of 1 to ${allModes}`,
  );
  for (const [name, column, length] of lengths) {
    assert(column.length === length, () => `${name} has ${column.length} entries, not ${length}`);
  }
  checkOffsets('firstOut', firstOut, nArcs);
  checkOffsets('firstIn', firstIn, nArcs);
  checkOffsets('firstShape', firstShape, graph.shapeAtMm.length);
  for (let node = 0; node < nNodes; node++) {
    assert(isOnEarth(graph.nodeLonE7[node], graph.nodeLatE7[node]), () => `node ${node} lies off the earth`);
    assert(Number.isSafeInteger(graph.nodeOsmId[node]), () => `node ${node} has a broken OSM id`);
    for (let arc = firstOut[node]; arc < firstOut[node + 1]; arc++) {
      assert(graph.tail[arc] === node, () => `arc ${arc} does not leave node ${node}`);
    }
    for (let i = firstIn[node]; i < firstIn[node + 1]; i++) {
      assert(
        graph.inArc[i] < nArcs && graph.head[graph.inArc[i]] === node,
        () => `inArc ${i} is not of node ${node}`,
      );
      assert(
        i === firstIn[node] || graph.inArc[i - 1] < graph.inArc[i],
        () => `inArc ${i} does not rise at node ${node}`,
      );
    }
  }
  const controls = [
    graph.arcSignals,
    graph.arcStops,
    graph.arcGiveWays,
    graph.arcSignalCrossings,
    graph.arcMiniRoundabouts,
    graph.arcLevelCrossings,
  ];
  for (let arc = 0; arc < nArcs; arc++) {
    const segment = graph.arcSegment[arc];
    assert(segment < nSegments && graph.head[arc] < nNodes, () => `arc ${arc} points out of the graph`);
    assert(graph.arcBackward[arc] <= 1, () => `arc ${arc} has no direction`);
    const access = graph.arcAccess[arc];
    assert(
      access !== 0 && (access & ~graph.modes) === 0,
      () => `arc ${arc} is open to nobody who was asked for`,
    );
    const backward = graph.arcBackward[arc] === 1;
    const from = backward ? graph.segmentTo[segment] : graph.segmentFrom[segment];
    const to = backward ? graph.segmentFrom[segment] : graph.segmentTo[segment];
    const own = backward ? graph.segmentBackwardArc[segment] : graph.segmentForwardArc[segment];
    assert(graph.tail[arc] === from && graph.head[arc] === to, () => `arc ${arc} and its segment disagree`);
    assert(own === arc, () => `segment ${segment} does not name arc ${arc}`);
    const points = firstShape[segment + 1] - firstShape[segment] - 1; // behind the tail: each can hold one of a kind
    for (let kind = 0; kind < controls.length; kind++) {
      if (controls[kind][arc] > points)
        assert(false, `arc ${arc} has more signals, signs or crossings than points`);
    }
  }
  for (let s = 0; s < nSegments; s++) {
    const first = firstShape[s];
    const last = firstShape[s + 1] - 1;
    assert(last > first, () => `segment ${s} has fewer than two shape points`);
    assert(
      graph.segmentFrom[s] < nNodes && graph.segmentTo[s] < nNodes,
      () => `segment ${s} leaves the graph`,
    );
    assert(graph.segmentLengthMm[s] >= 1, () => `segment ${s} has no length`);
    assert(graph.segmentClass[s] < ROAD_CLASSES.length, () => `segment ${s} has an unknown class`);
    assert(graph.segmentSurface[s] < SURFACES.length, () => `segment ${s} has an unknown surface`);
    assert(Number.isSafeInteger(graph.segmentOsmWayId[s]), () => `segment ${s} has a broken OSM id`);
    assert(
      graph.shapeAtMm[first] === 0 && graph.shapeAtMm[last] === graph.segmentLengthMm[s],
      () => `segment ${s} and its shape differ in length`,
    );
    for (let i = first; i <= last; i++) {
      assert(
        i === first || graph.shapeAtMm[i] >= graph.shapeAtMm[i - 1],
        () => `shape of segment ${s} runs back`,
      );
      assert(
        isOnEarth(graph.shapeLonE7[i], graph.shapeLatE7[i]),
        () => `shape of segment ${s} lies off the earth`,
      );
    }
    assert(
      isAtNode(graph, first, graph.segmentFrom[s]) && isAtNode(graph, last, graph.segmentTo[s]),
      () => `shape of segment ${s} does not join its nodes`,
    );
    assert(graph.segmentName[s] < graph.names.length, () => `segment ${s} has a name out of range`);
    const arcs = [graph.segmentForwardArc[s], graph.segmentBackwardArc[s]];
    assert(
      arcs.some((arc) => arc !== NONE),
      () => `segment ${s} has no arc`,
    );
    arcs.forEach((arc, backward) => {
      assert(
        arc === NONE || (graph.arcSegment[arc] === s && graph.arcBackward[arc] === backward),
        () => `segment ${s} names arc ${arc} of another`,
      );
    });
  }
  for (const r of graph.restrictions) {
    assert(
      r.arcs.length >= 2 && r.arcs.every((arc) => Number.isInteger(arc) && arc >= 0 && arc < nArcs),
      () => `restriction ${r.osmId} names an arc out of range`,
    );
    assert(
      r.arcs.every((arc, i) => i === 0 || graph.head[r.arcs[i - 1]] === graph.tail[arc]),
      () => `the arcs of restriction ${r.osmId} do not join`,
    );
    assert(RESTRICTION_WHEN.includes(r.when), () => `restriction ${r.osmId} binds nobody knows when`);
  }
  const main = mainPart(graph);
  for (let node = 0; node < nNodes; node++) {
    assert(graph.nodeMain[node] === main[node], () => `node ${node} is wrong about the main part`);
  }
}

function checkGivenTimes({ arcTimes, nArcs }: RoadGraph): void {
  if (arcTimes === undefined) return;
  assert(arcTimes.length > 0, 'given times are left out where there are none');
  const names = new Set(arcTimes.map(({ name }) => name));
  assert(names.size === arcTimes.length, 'two given times have one name');
  for (const { name, ms } of arcTimes) {
    assert(ms.length === nArcs, () => `times ${name} have ${ms.length} entries, not ${nArcs}`);
    for (let arc = 0; arc < nArcs; arc++) {
      if (ms[arc] >= UNREACHED_MS) assert(false, `arc ${arc} has no time under ${name}`);
    }
  }
}

/** The bit of the mode that places are put on roads for: cars, or the first mode that was read where cars were not. */
export const mainModeBit = ({ modes }: Pick<RoadGraph, 'modes'>): number => modes & -modes;

/** What `nodeMain` must hold: the largest strongly connected part over arcs open to the main mode. */
export function mainPart(
  graph: Pick<RoadGraph, 'nNodes' | 'firstOut' | 'head' | 'modes' | 'arcAccess'>,
): Uint8Array {
  const bit = mainModeBit(graph);
  if (graph.modes === bit) return largestStrongPart(graph); // then every arc is open to it
  return largestStrongPart(graph, (arc) => (graph.arcAccess[arc] & bit) !== 0);
}

const isOnEarth = (lonE7: number, latE7: number): boolean =>
  Math.abs(lonE7) <= 1_800_000_000 && Math.abs(latE7) <= 900_000_000;

const isAtNode = (graph: RoadGraph, shape: number, node: NodeIx): boolean =>
  graph.shapeLonE7[shape] === graph.nodeLonE7[node] && graph.shapeLatE7[shape] === graph.nodeLatE7[node];

function checkOffsets(name: string, first: Uint32Array, end: number): void {
  assert(first[0] === 0 && first[first.length - 1] === end, () => `${name} does not span its column`);
  for (let i = 1; i < first.length; i++) assert(first[i] >= first[i - 1], () => `${name} falls at ${i}`);
}
