/** Road graphs that benches run on: Porto as it is, Porto tiled to more than 400,000 nodes, and a made-up city for the guard. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildRoadGraph } from '../engine/graph/build.ts';
import type { RoadGraph } from '../engine/graph/road-graph.ts';
import { readRoads } from '../engine/import/import.ts';
import {
  DIRECTION,
  modeBit,
  ROAD_CLASSES,
  type ImportReport,
  type RoadExtract,
} from '../engine/import/road-extract.ts';

export const ROOT = resolve(import.meta.dirname, '..');
const DATA = resolve(process.env.PATROL135_DATA ?? join(ROOT, '../shared/data'));
export const PORTO = join(DATA, 'osm/porto.osm.pbf');

export const GRAPHS = ['porto', 'large'] as const;
export type GraphName = (typeof GRAPHS)[number];

/** Tiles of the large graph, to the east and to the north. */
const TILES = 3;
/** Streets between two neighbouring tiles. */
const JOINING_STREETS = 40;

export const hasPorto = (): boolean => existsSync(PORTO);

const portoExtract = (): Promise<RoadExtract> =>
  readRoads({ name: 'porto.osm.pbf', bytes: readFileSync(PORTO) }, { pedestrianStreets: false });

/** What the import of a graph reported. */
export const reportOf = async (name: GraphName): Promise<ImportReport> =>
  (name === 'porto' ? await portoExtract() : tiled(await portoExtract())).report;

const built = new Map<GraphName, Promise<RoadGraph>>();

/** A graph by its name, built once. The large one takes about half a minute and 3 GB. */
export function graphOf(name: GraphName): Promise<RoadGraph> {
  let graph = built.get(name);
  if (graph === undefined) {
    graph = portoExtract().then((porto) => buildRoadGraph(name === 'porto' ? porto : tiled(porto)));
    built.set(name, graph);
  }
  return graph;
}

export const graphTitle = (name: GraphName, graph: RoadGraph): string =>
  `${name === 'porto' ? 'Porto' : `Porto tiled ${TILES} x ${TILES}`}: ${graph.nNodes} nodes, ${graph.nArcs} arcs, ${graph.nSegments} segments`;

/**
 * Copies of an extract side by side, TILES x TILES of them, with streets between neighbours: each joins, in one of
 * JOINING_STREETS bands, the two vertices of main streets that lie nearest to the common border.
 */
export function tiled(one: RoadExtract): RoadExtract {
  const copies = TILES * TILES;
  const nNodes = one.nodes.lonE7.length;
  const nWays = one.ways.osmId.length;
  const nRefs = one.ways.refs.length;
  const west = extreme(one.nodes.lonE7, Math.min);
  const south = extreme(one.nodes.latE7, Math.min);
  const stepLonE7 = extreme(one.nodes.lonE7, Math.max) - west + 1000;
  const stepLatE7 = extreme(one.nodes.latE7, Math.max) - south + 1000;
  const joins = joiningStreets(one, { west, south, stepLonE7, stepLatE7 });

  const firstRef = new Uint32Array(copies * nWays + joins.length + 1);
  const refs = new Uint32Array(copies * nRefs + 2 * joins.length);
  for (let copy = 0; copy < copies; copy++) {
    for (let i = 0; i < nRefs; i++) refs[copy * nRefs + i] = one.ways.refs[i] + copy * nNodes;
    for (let w = 0; w < nWays; w++) firstRef[copy * nWays + w] = one.ways.firstRef[w] + copy * nRefs;
  }
  joins.forEach(([from, to], i) => {
    firstRef[copies * nWays + i] = copies * nRefs + 2 * i;
    refs.set([from, to], copies * nRefs + 2 * i);
  });
  firstRef[copies * nWays + joins.length] = refs.length;

  const { nodes, ways } = one;
  const joined = <T extends Columns>(column: T, value: number): T =>
    repeated(column, copies, joins.length, (v) => v, value);
  return {
    ...one,
    source: { ...one.source, name: `${one.source.name} tiled ${TILES} x ${TILES}` },
    nodes: {
      ...eachColumn(nodes, (column) => repeated(column, copies, 0, (v) => v)),
      lonE7: repeated(nodes.lonE7, copies, 0, (v, copy) => v + (copy % TILES) * stepLonE7),
      latE7: repeated(nodes.latE7, copies, 0, (v, copy) => v + Math.floor(copy / TILES) * stepLatE7),
      osmId: repeated(nodes.osmId, copies, 0, ownId),
    },
    ways: {
      ...eachColumn(ways, (column) => joined(column, 0)),
      osmId: repeated(ways.osmId, copies, joins.length, ownId),
      firstRef,
      refs,
      roadClass: joined(ways.roadClass, ROAD_CLASSES.indexOf('primary')),
      direction: joined(ways.direction, DIRECTION.both),
      ...(ways.forwardModes && { forwardModes: joined(ways.forwardModes, modeBit('car')) }),
      ...(ways.backwardModes && { backwardModes: joined(ways.backwardModes, modeBit('car')) }),
    },
    restrictions: Array.from({ length: copies }, (_, copy) =>
      one.restrictions.map((r) => ({
        ...r,
        osmId: ownId(r.osmId, copy),
        fromWays: r.fromWays.map((way) => way + copy * nWays),
        toWays: r.toWays.map((way) => way + copy * nWays),
        viaNode: r.viaNode === null ? null : r.viaNode + copy * nNodes,
        viaWays: r.viaWays.map((way) => way + copy * nWays),
      })),
    ).flat(),
  };
}

type Columns = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** OSM ids stay below 2^40 for long; each copy gets its own range. */
const ownId = (id: number, copy: number): number => (id === 0 ? 0 : id + copy * 2 ** 40);

const extreme = (column: Int32Array, choose: (a: number, b: number) => number): number =>
  column.reduce((best, value) => choose(best, value));

/** A column `copies` times after another, with `extra` entries of `value` behind. */
function repeated<T extends Columns>(
  column: T,
  copies: number,
  extra: number,
  change: (value: number, copy: number) => number,
  value = 0,
): T {
  const Column = column.constructor as new (length: number) => T;
  const result = new Column(copies * column.length + extra);
  for (let copy = 0; copy < copies; copy++) {
    for (let i = 0; i < column.length; i++) result[copy * column.length + i] = change(column[i], copy);
  }
  return result.fill(value, copies * column.length) as T;
}

/** A record of columns, those left out staying out. */
function eachColumn<R extends object>(record: R, make: (column: Columns) => Columns): R {
  return Object.fromEntries(
    Object.entries(record).map(([name, column]: [string, Columns]) => [name, make(column)]),
  ) as R;
}

function joiningStreets(
  one: RoadExtract,
  box: { west: number; south: number; stepLonE7: number; stepLatE7: number },
): [from: number, to: number][] {
  const { nodes, ways } = one;
  const nNodes = nodes.lonE7.length;
  const isMainStreet = new Uint8Array(nNodes);
  const lowest = ROAD_CLASSES.indexOf('tertiary');
  for (let w = 0; w < ways.osmId.length; w++) {
    if (ways.roadClass[w] > lowest || ways.direction[w] !== DIRECTION.both) continue;
    for (let i = ways.firstRef[w]; i < ways.firstRef[w + 1]; i++) isMainStreet[ways.refs[i]] = 1;
  }
  /** In each band across one axis the vertex that lies farthest along the other. */
  const nearest = (
    along: Int32Array,
    across: Int32Array,
    low: number,
    step: number,
    sign: 1 | -1,
  ): Uint32Array => {
    const best = new Uint32Array(JOINING_STREETS).fill(nNodes);
    for (let n = 0; n < nNodes; n++) {
      if (isMainStreet[n] === 0) continue;
      const band = Math.floor(((across[n] - low) * JOINING_STREETS) / step);
      if (best[band] === nNodes || (along[n] - along[best[band]]) * sign > 0) best[band] = n;
    }
    return best;
  };
  const { lonE7, latE7 } = nodes;
  const east = nearest(lonE7, latE7, box.south, box.stepLatE7, 1);
  const west = nearest(lonE7, latE7, box.south, box.stepLatE7, -1);
  const north = nearest(latE7, lonE7, box.west, box.stepLonE7, 1);
  const south = nearest(latE7, lonE7, box.west, box.stepLonE7, -1);
  const joins: [number, number][] = [];
  const join = (from: Uint32Array, fromCopy: number, to: Uint32Array, toCopy: number): void => {
    for (let band = 0; band < JOINING_STREETS; band++) {
      if (from[band] === nNodes || to[band] === nNodes) continue;
      joins.push([from[band] + fromCopy * nNodes, to[band] + toCopy * nNodes]);
    }
  };
  for (let copy = 0; copy < TILES * TILES; copy++) {
    if ((copy + 1) % TILES !== 0) join(east, copy, west, copy + 1);
    if (copy + TILES < TILES * TILES) join(north, copy, south, copy + TILES);
  }
  return joins;
}
