/** graphology graphs as road graphs: networks of one's own, and road graphs that an algorithm has changed. */
import type { AbstractGraph } from 'graphology-types';
import { assert } from '../errors.ts';
import { quote } from '../import/plain-text.ts';
import { CONTROLS, DIRECTION, modesOf, RESTRICTION_WHEN, type RoadExtract } from '../import/road-extract.ts';
import { LIMITS } from '../limits.ts';
import { toE7, type ArcIx } from '../units.ts';
import { buildRoadGraph, graphContentHash } from './build.ts';
import { AttributeReader, readEdge, type Edge, type NetworkAttributes } from './graphology-attributes.ts';
import { drawnBy, joinEdges, turnedRound, type Road } from './graphology-roads.ts';
import { CONTROL_COLUMNS } from './controls.ts';
import type { RoadRestrictionAttributes } from './graphology.ts';
import { checkRoadGraph, type RoadGraph } from './road-graph.ts';

export interface FromGraphologyOptions {
  /** Name of the network in errors and outputs; the graph's own attribute `source`, or "graphology", where left out. */
  name?: string;
  /** The graph's own attribute `attribution` where left out. */
  attribution?: string;
}

/** All that is read of a graph before it is built. */
interface Network {
  extract: RoadExtract;
  roads: Road[];
  restrictions: RoadRestrictionAttributes[];
  /** Restrictions that name an edge which is not in the graph. */
  nLost: number;
}

/**
 * The road graph of a graphology graph, directed or not. Attributes are those of toGraphology; of an edge `lengthM` and
 * `roadClass` are needed, of a node `lon` and `lat`; modes are those of the graph, or cars.
 *
 * Nodes keep their order, roads that of their first edges. An edge becomes a one-way road of its own; two opposite
 * directed edges become one two-way road when they agree in `segment`, length, class, name, way and surface, and the
 * shape of one is that of the other turned round (limits, modes and controls may differ). An edge is matched with the
 * first opposite one not yet taken. Lengths are taken as given, to the millimetre, and at least one.
 *
 * Left out: nodes without edges, and turn restrictions that name an edge which is not in the graph (counted in
 * `restrictionsNotPlaced`); attributes that roads do not have, such as timeMs. Times that the network comes with are
 * those of the graph's `givenTimes`, which each edge then has in `givenTimesMs`.
 * @throws InputError naming node or edge of every attribute that is missing or out of range, 20 in one go
 */
export async function fromGraphology(
  source: AbstractGraph,
  options: FromGraphologyOptions = {},
): Promise<RoadGraph> {
  const network = readNetwork(source, options);
  return withArcData(await buildRoadGraph(network.extract), network);
}

function readNetwork(source: AbstractGraph, options: FromGraphologyOptions): Network {
  const textOf = (key: string): string => {
    const value: unknown = source.getAttribute(key);
    return typeof value === 'string' ? value : '';
  };
  const name = options.name ?? (textOf('source') || 'graphology');
  const reader = new AttributeReader(name);
  reader.turnTo('', source.getAttributes());
  if (source.order > LIMITS.roadNodes) reader.problem(`more than ${LIMITS.roadNodes} nodes`);
  if (source.size > LIMITS.roadArcs / 2) reader.problem(`more than ${LIMITS.roadArcs / 2} edges`);
  if (source.size === 0) reader.problem('has no edges; a road network has at least one');
  reader.throwAny();
  const network: NetworkAttributes = {
    modes: reader.modes('modes'),
    givenTimes: reader.names('givenTimes'),
  };

  const nodes = readNodes(source, reader);
  const edges: Edge[] = [];
  source.forEachEdge((key, attributes, from, to, _from, _to, undirected) => {
    reader.turnTo(`edge ${quote(key)}`, attributes);
    edges.push(readEdge(reader, { key, from, to, undirected }, network));
  });
  const restrictions = readRestrictions(source, reader);
  reader.throwAny();

  const roads = joinEdges(edges);
  const attribution = options.attribution ?? textOf('attribution');
  const modes = network.modes ?? edges.reduce((bits, edge) => bits | edge.modes, 0);
  const { givenTimes } = network;
  return {
    extract: extractOf(nodes, roads, { name, attribution, modes, givenTimes }),
    roads,
    ...restrictions,
  };
}

interface Nodes {
  lonE7: number[];
  latE7: number[];
  osmId: number[];
  ixOf: Map<string, number>;
}

function readNodes(source: AbstractGraph, reader: AttributeReader): Nodes {
  const nodes: Nodes = { lonE7: [], latE7: [], osmId: [], ixOf: new Map() };
  source.forEachNode((key, attributes) => {
    reader.turnTo(`node ${quote(key)}`, attributes);
    nodes.ixOf.set(key, nodes.lonE7.length);
    nodes.lonE7.push(toE7(reader.number('lon', -180, 180)));
    nodes.latE7.push(toE7(reader.number('lat', -90, 90)));
    nodes.osmId.push(reader.whole('osmNodeId', Number.MAX_SAFE_INTEGER));
  });
  return nodes;
}

/** Restrictions that hold on edges of the graph, and how many name others. */
function readRestrictions(
  source: AbstractGraph,
  reader: AttributeReader,
): Pick<Network, 'restrictions' | 'nLost'> {
  const given: unknown = source.getAttribute('restrictions') ?? [];
  const restrictions: RoadRestrictionAttributes[] = [];
  let nLost = 0;
  if (!Array.isArray(given)) {
    reader.turnTo('restrictions', {}).problem('is not a list');
    return { restrictions, nLost };
  }
  given.forEach((value: unknown, i) => {
    reader.turnTo(`restriction ${i}`, {});
    if (!isRestriction(value)) {
      reader.problem('is not a turn restriction as toGraphology writes it');
    } else if (value.edges.some((edge) => !source.hasEdge(edge))) {
      nLost++;
    } else if (!isDrive(source, value.edges)) {
      reader.problem('names edges that do not join, or are undirected');
    } else {
      restrictions.push(value);
    }
  });
  return { restrictions, nLost };
}

function isRestriction(value: unknown): value is RoadRestrictionAttributes {
  if (typeof value !== 'object' || value === null) return false;
  const { osmId, kind, edges, vehicle, except, condition, when } =
    value as Partial<RoadRestrictionAttributes>;
  return (
    Number.isSafeInteger(osmId) &&
    [kind, vehicle, condition].every((text) => typeof text === 'string') &&
    [edges, except].every((list) => Array.isArray(list) && list.every((text) => typeof text === 'string')) &&
    edges!.length >= 2 &&
    RESTRICTION_WHEN.includes(when!)
  );
}

const isDrive = (source: AbstractGraph, edges: readonly string[]): boolean =>
  edges.every(
    (edge, i) => source.isDirected(edge) && (i === 0 || source.target(edges[i - 1]) === source.source(edge)),
  );

/** One way for each road, never split, so that road, way and segment have one number. */
function extractOf(
  nodes: Nodes,
  roads: readonly Road[],
  {
    name,
    attribution,
    modes,
    givenTimes,
  }: { name: string; attribution: string; modes: number; givenTimes: readonly string[] },
): RoadExtract {
  const refs: number[] = [];
  const firstRef = [0];
  const nEndNodes = nodes.lonE7.length;
  const names = [''];
  const nameIx = new Map([['', 0]]);
  const nameOf = (street: string): number => {
    let ix = nameIx.get(street);
    if (ix === undefined) nameIx.set(street, (ix = names.push(street) - 1));
    return ix;
  };
  for (const road of roads) {
    const { from, to, shapeE7 } = drawnBy(road);
    const ends = [nodes.ixOf.get(from)!, nodes.ixOf.get(to)!];
    if (road.along === null) ends.reverse();
    const shape = road.along === null ? turnedRound(shapeE7) : shapeE7;
    refs.push(ends[0]);
    for (let i = 0; i < shape.length; i += 2) {
      refs.push(nodes.lonE7.length);
      nodes.lonE7.push(shape[i]);
      nodes.latE7.push(shape[i + 1]);
      nodes.osmId.push(0);
    }
    refs.push(ends[1]);
    firstRef.push(refs.length);
  }
  const each = (of: (edge: Edge) => number): number[] => roads.map((road) => of(drawnBy(road)));
  const onewayWays = roads.filter(({ along, against }) => along === null || against === null).length;
  return {
    source: { name, format: 'graphology', attribution },
    modes: modesOf(modes),
    nodes: {
      lonE7: Int32Array.from(nodes.lonE7),
      latE7: Int32Array.from(nodes.latE7),
      osmId: Float64Array.from(nodes.osmId),
    },
    ways: {
      osmId: Float64Array.from(each((edge) => edge.osmWayId)),
      firstRef: Uint32Array.from(firstRef),
      refs: Uint32Array.from(refs),
      roadClass: Uint8Array.from(each((edge) => edge.roadClass)),
      direction: Uint8Array.from(
        roads,
        ({ along, against }) =>
          (along === null ? 0 : DIRECTION.forward) | (against === null ? 0 : DIRECTION.backward),
      ),
      forwardModes: Uint8Array.from(roads, ({ along }) => along?.modes ?? 0),
      backwardModes: Uint8Array.from(roads, ({ against }) => against?.modes ?? 0),
      surface: Uint8Array.from(each((edge) => edge.surface)),
      maxSpeedForwardKph: Uint8Array.from(roads, ({ along }) => along?.maxKph ?? 0),
      maxSpeedBackwardKph: Uint8Array.from(roads, ({ against }) => against?.maxKph ?? 0),
      name: Uint32Array.from(each((edge) => nameOf(edge.name))),
      lengthMm: Uint32Array.from(each((edge) => edge.lengthMm)),
      ...(givenTimes.length > 0 && { times: givenTimes.map((_, t) => timesOf(roads, givenTimes, t)) }),
    },
    names,
    restrictions: [],
    report: {
      read: { nodes: nEndNodes, ways: roads.length, relations: 0 },
      roads: {
        highwayWays: roads.length,
        drivableWays: roads.length,
        keptWays: roads.length,
        roadNodes: nodes.lonE7.length,
        nodePairs: refs.length - roads.length,
        onewayWays,
        restrictions: 0,
      },
      modes: {},
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
}

/** The times of one name, along each road and against it; 0 where it is closed. */
const timesOf = (roads: readonly Road[], names: readonly string[], t: number) => ({
  name: names[t],
  forwardMs: Uint32Array.from(roads, ({ along }) => along?.givenTimesMs[t] ?? 0),
  backwardMs: Uint32Array.from(roads, ({ against }) => against?.givenTimesMs[t] ?? 0),
});

/** Adds what ways cannot say: controls met on each arc, and restrictions on arcs. */
async function withArcData(graph: RoadGraph, { roads, restrictions, nLost }: Network): Promise<RoadGraph> {
  assert(graph.nSegments === roads.length, 'a road was split');
  const arcOfEdge = new Map<string, ArcIx>();
  const place = (edge: Edge | null, arc: ArcIx): void => {
    if (edge === null) return;
    if (!edge.undirected) arcOfEdge.set(edge.key, arc);
    CONTROLS.forEach((control, i) => (graph[CONTROL_COLUMNS[control]][arc] = edge.controls[i]));
  };
  roads.forEach(({ along, against }, segment) => {
    place(along, graph.segmentForwardArc[segment]);
    place(against, graph.segmentBackwardArc[segment]);
  });
  graph.restrictions = restrictions.map(({ osmId, kind, edges, vehicle, except, condition, when }) => {
    const arcs = edges.map((edge) => arcOfEdge.get(edge)!);
    return { osmId, kind, arcs, vehicle, except, condition, when }; // in this order the hash covers them
  });
  graph.restrictionsNotPlaced = nLost;
  graph.contentHash = await graphContentHash(graph);
  checkRoadGraph(graph);
  return graph;
}
