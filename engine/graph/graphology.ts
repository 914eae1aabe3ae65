/**
 * Road graphs as graphology graphs, so that every algorithm written for graphology runs
 * on them. The way back: from-graphology.ts.
 */
import type { DirectedGraph, MultiDirectedGraph } from 'graphology';
import { assert } from '../errors.ts';
import {
  CONTROLS,
  modesOf,
  ROAD_CLASSES,
  SURFACES,
  type Control,
  type RoadClass,
  type Surface,
  type TravelMode,
} from '../import/road-extract.ts';
import { fromE7, NONE, UNREACHED_MS, type ArcIx, type Ms } from '../units.ts';
import { CONTROL_COLUMNS } from './controls.ts';
import type { GraphRestriction, RoadGraph } from './road-graph.ts';

/** A node's key is its number in the road graph, as text. */
export interface RoadNodeAttributes {
  /** Degrees. */
  lon: number;
  lat: number;
  /** Left out where the source has no ids. */
  osmNodeId?: number;
}

/**
 * An edge's key is the number of its arc, as text. What is unknown, none or straight is left out; so are signals, signs and
 * crossings (how many of each of CONTROLS a driver meets: at most one at each point of the shape, and one at the end).
 */
export interface RoadEdgeAttributes extends Partial<Record<Control, number>> {
  /** Edges of one segment are the two directions of one road. */
  segment: number;
  /** Whether the road is drawn along the edge or against it. */
  direction: 'forward' | 'backward';
  lengthM: number;
  roadClass: RoadClass;
  name: string;
  osmWayId?: number;
  /** Posted limit in the direction of the edge. */
  maxKph?: number;
  surface?: Surface;
  modes: readonly TravelMode[];
  /** Points [lon, lat] between the ends, in the direction of the edge. */
  shape?: readonly (readonly [number, number])[];
  /** Where times were asked for (options). */
  timeMs?: Ms;
  /** Times that the network came with, by their names: those of the graph's attribute `givenTimes`. */
  givenTimesMs?: Readonly<Record<string, Ms>>;
}

/** A turn restriction on edges. Algorithms on nodes and edges know nothing of it; fromGraphology does. */
export type RoadRestrictionAttributes = Omit<GraphRestriction, 'arcs'> & { edges: readonly string[] };

export interface RoadGraphAttributes {
  source: string;
  attribution: string;
  modes: readonly TravelMode[];
  restrictions: readonly RoadRestrictionAttributes[];
  /** Names of the times in `givenTimesMs`, in order; left out where the network came with none. */
  givenTimes?: readonly string[];
  /** Arcs that are no edges: closed at the given times, or dearer than a parallel one. */
  closedArcs: number;
  parallelArcs: number;
}

export interface ToGraphologyOptions {
  /**
   * Time of each arc (such as a metric's arcTimeMs), to be the edge attribute timeMs.
   * Arcs of UNREACHED_MS become no edges.
   */
  arcTimeMs?: ArrayLike<Ms>;
}

export type RoadMultiGraph = MultiDirectedGraph<RoadNodeAttributes, RoadEdgeAttributes, RoadGraphAttributes>;
export type RoadSimpleGraph = DirectedGraph<RoadNodeAttributes, RoadEdgeAttributes, RoadGraphAttributes>;

/**
 * The road graph as a directed multigraph; with `parallel: 'cheapest'` as a directed graph that keeps, of parallel arcs,
 * the one of least time (of least length where no times are given), the lowest arc on a tie. Edges are added by segment,
 * forward before backward. graphology is loaded when this is called. Cost O(size), about a kilobyte for each edge.
 */
export async function toGraphology(
  graph: RoadGraph,
  options?: ToGraphologyOptions & { parallel?: 'all' },
): Promise<RoadMultiGraph>;
export async function toGraphology(
  graph: RoadGraph,
  options: ToGraphologyOptions & { parallel: 'cheapest' },
): Promise<RoadSimpleGraph>;
export async function toGraphology(
  graph: RoadGraph,
  { arcTimeMs, parallel = 'all' }: ToGraphologyOptions & { parallel?: 'all' | 'cheapest' } = {},
): Promise<RoadMultiGraph | RoadSimpleGraph> {
  assert(arcTimeMs === undefined || arcTimeMs.length === graph.nArcs, 'one time for each arc is needed');
  const { DirectedGraph, MultiDirectedGraph } = await import('graphology');
  const target: RoadMultiGraph | RoadSimpleGraph =
    parallel === 'all' ? new MultiDirectedGraph() : new DirectedGraph();
  for (let node = 0; node < graph.nNodes; node++) {
    const osmNodeId = graph.nodeOsmId[node];
    target.addNode(String(node), {
      lon: fromE7(graph.nodeLonE7[node]),
      lat: fromE7(graph.nodeLatE7[node]),
      ...(osmNodeId !== 0 && { osmNodeId }),
    });
  }

  const isKept = keptArcs(graph, arcTimeMs, parallel);
  const modeLists = new Map<number, TravelMode[]>();
  const modesOfArc = (arc: ArcIx): TravelMode[] => {
    const bits = graph.arcAccess[arc];
    let modes = modeLists.get(bits);
    if (modes === undefined) modeLists.set(bits, (modes = modesOf(bits)));
    return modes;
  };
  for (let segment = 0; segment < graph.nSegments; segment++) {
    for (const arc of [graph.segmentForwardArc[segment], graph.segmentBackwardArc[segment]]) {
      if (arc === NONE || isKept[arc] === 0) continue;
      const attributes = edgeAttributes(graph, arc, modesOfArc(arc));
      if (arcTimeMs !== undefined) attributes.timeMs = arcTimeMs[arc];
      target.addEdgeWithKey(String(arc), String(graph.tail[arc]), String(graph.head[arc]), attributes);
    }
  }

  let closedArcs = 0;
  for (let arc = 0; arc < graph.nArcs; arc++) if (arcTimeMs?.[arc] === UNREACHED_MS) closedArcs++;
  const restrictions = graph.restrictions.map(({ arcs, ...rest }) => ({ ...rest, edges: arcs.map(String) }));
  target.replaceAttributes({
    source: graph.source.name,
    attribution: graph.source.attribution,
    modes: modesOf(graph.modes),
    restrictions,
    ...(graph.arcTimes && { givenTimes: graph.arcTimes.map(({ name }) => name) }),
    closedArcs,
    parallelArcs: graph.nArcs - closedArcs - target.size,
  });
  return target;
}

function edgeAttributes(graph: RoadGraph, arc: ArcIx, modes: readonly TravelMode[]): RoadEdgeAttributes {
  const segment = graph.arcSegment[arc];
  const backward = graph.arcBackward[arc] === 1;
  const osmWayId = graph.segmentOsmWayId[segment];
  const maxKph = (backward ? graph.segmentMaxBackwardKph : graph.segmentMaxForwardKph)[segment];
  const surface = SURFACES[graph.segmentSurface[segment]];
  const shape = pointsBetween(graph, segment);
  const attributes: RoadEdgeAttributes = {
    segment,
    direction: backward ? 'backward' : 'forward',
    lengthM: graph.segmentLengthMm[segment] / 1000,
    roadClass: ROAD_CLASSES[graph.segmentClass[segment]],
    name: graph.names[graph.segmentName[segment]],
    modes,
    ...(osmWayId !== 0 && { osmWayId }),
    ...(maxKph !== 0 && { maxKph }),
    ...(surface !== '' && { surface }),
    ...(shape.length > 0 && { shape: backward ? shape.reverse() : shape }),
    ...(graph.arcTimes && {
      givenTimesMs: Object.fromEntries(graph.arcTimes.map(({ name, ms }) => [name, ms[arc]])),
    }),
  };
  for (const control of CONTROLS) {
    const count = graph[CONTROL_COLUMNS[control]][arc];
    if (count > 0) attributes[control] = count;
  }
  return attributes;
}

function pointsBetween(graph: RoadGraph, segment: number): [number, number][] {
  const points: [number, number][] = [];
  for (let i = graph.firstShape[segment] + 1; i < graph.firstShape[segment + 1] - 1; i++) {
    points.push([fromE7(graph.shapeLonE7[i]), fromE7(graph.shapeLatE7[i])]);
  }
  return points;
}

/** 1 for each arc that becomes an edge. */
function keptArcs(
  graph: RoadGraph,
  arcTimeMs: ArrayLike<Ms> | undefined,
  parallel: 'all' | 'cheapest',
): Uint8Array {
  const isKept = new Uint8Array(graph.nArcs);
  const costOf = (arc: ArcIx): number => arcTimeMs?.[arc] ?? graph.segmentLengthMm[graph.arcSegment[arc]];
  for (let arc = 0, best = -1; arc < graph.nArcs; arc++) {
    if (arcTimeMs?.[arc] === UNREACHED_MS) continue;
    isKept[arc] = 1;
    // parallel arcs are neighbours: arcs are in order of (tail, head)
    const isTwin = best >= 0 && graph.tail[best] === graph.tail[arc] && graph.head[best] === graph.head[arc];
    if (parallel === 'all' || !isTwin) best = arc;
    else if (costOf(arc) < costOf(best)) {
      isKept[best] = 0;
      best = arc;
    } else isKept[arc] = 0;
  }
  return isKept;
}
