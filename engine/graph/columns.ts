/**
 * The columns of a road graph as data: what the file holds and what the hash covers follow from this one list. Times that a network
 * came with, as many as it has names for, stand in front of them. Wide columns come first, so that every column is aligned when they are laid end to end.
 */
import type { RoadGraph } from './road-graph.ts';

type Column = Float64Array | Uint32Array | Int32Array | Uint8Array;
type ColumnType = 'f64' | 'u32' | 'i32' | 'u8';
type ColumnCount = 'nodes' | 'nodes+1' | 'arcs' | 'segments' | 'segments+1' | 'shape';

export type ColumnName = {
  [K in keyof RoadGraph]-?: RoadGraph[K] extends Column ? K : never;
}[keyof RoadGraph];

export const GRAPH_COLUMNS: readonly (readonly [ColumnName, ColumnType, ColumnCount])[] = [
  ['nodeOsmId', 'f64', 'nodes'],
  ['segmentOsmWayId', 'f64', 'segments'],
  ['nodeLonE7', 'i32', 'nodes'],
  ['nodeLatE7', 'i32', 'nodes'],
  ['firstOut', 'u32', 'nodes+1'],
  ['head', 'u32', 'arcs'],
  ['tail', 'u32', 'arcs'],
  ['arcSegment', 'u32', 'arcs'],
  ['firstIn', 'u32', 'nodes+1'],
  ['inArc', 'u32', 'arcs'],
  ['segmentFrom', 'u32', 'segments'],
  ['segmentTo', 'u32', 'segments'],
  ['segmentForwardArc', 'u32', 'segments'],
  ['segmentBackwardArc', 'u32', 'segments'],
  ['segmentLengthMm', 'u32', 'segments'],
  ['segmentName', 'u32', 'segments'],
  ['firstShape', 'u32', 'segments+1'],
  ['shapeLonE7', 'i32', 'shape'],
  ['shapeLatE7', 'i32', 'shape'],
  ['shapeAtMm', 'u32', 'shape'],
  ['nodeMain', 'u8', 'nodes'],
  ['arcBackward', 'u8', 'arcs'],
  ['arcAccess', 'u8', 'arcs'],
  ['arcSignals', 'u8', 'arcs'],
  ['arcStops', 'u8', 'arcs'],
  ['arcGiveWays', 'u8', 'arcs'],
  ['arcSignalCrossings', 'u8', 'arcs'],
  ['arcMiniRoundabouts', 'u8', 'arcs'],
  ['arcLevelCrossings', 'u8', 'arcs'],
  ['segmentClass', 'u8', 'segments'],
  ['segmentSurface', 'u8', 'segments'],
  ['segmentMaxForwardKph', 'u8', 'segments'],
  ['segmentMaxBackwardKph', 'u8', 'segments'],
];

const BYTES: Record<ColumnType, number> = { f64: 8, u32: 4, i32: 4, u8: 1 };

/** Sizes that fix the length of every column. */
export interface GraphCounts {
  nNodes: number;
  nArcs: number;
  nSegments: number;
  nShape: number;
}

function columnLength(count: ColumnCount, { nNodes, nArcs, nSegments, nShape }: GraphCounts): number {
  switch (count) {
    case 'nodes':
      return nNodes;
    case 'nodes+1':
      return nNodes + 1;
    case 'arcs':
      return nArcs;
    case 'segments':
      return nSegments;
    case 'segments+1':
      return nSegments + 1;
    case 'shape':
      return nShape;
  }
}

/** Bytes that all columns take end to end, `nArcTimes` columns of given times in front of them. */
export function columnBytes(counts: GraphCounts, nArcTimes: number): number {
  return GRAPH_COLUMNS.reduce(
    (sum, [, type, count]) => sum + BYTES[type] * columnLength(count, counts),
    arcTimesBytes(counts, nArcTimes),
  );
}

/** What the columns of given times take, with what brings the next ones to a multiple of 8. */
const arcTimesBytes = ({ nArcs }: GraphCounts, nArcTimes: number): number =>
  Math.ceil((nArcTimes * nArcs * BYTES.u32) / 8) * 8;

/** Views on a buffer that holds the columns end to end from `offset` (a multiple of 8), given times under their names first. */
export function viewColumns(
  buffer: ArrayBufferLike,
  offset: number,
  counts: GraphCounts,
  arcTimeNames: readonly string[],
): Pick<RoadGraph, ColumnName | 'arcTimes'> {
  const arcTimes = arcTimeNames.map((name, i) => ({
    name,
    ms: new Uint32Array(buffer, offset + i * counts.nArcs * BYTES.u32, counts.nArcs),
  }));
  offset += arcTimesBytes(counts, arcTimeNames.length);
  const columns: Partial<Record<ColumnName, Column>> = {};
  for (const [name, type, count] of GRAPH_COLUMNS) {
    const length = columnLength(count, counts);
    columns[name] = viewColumn(type, buffer, offset, length);
    offset += BYTES[type] * length;
  }
  return { ...(columns as Pick<RoadGraph, ColumnName>), ...(arcTimes.length > 0 ? { arcTimes } : {}) };
}

function viewColumn(type: ColumnType, buffer: ArrayBufferLike, offset: number, length: number): Column {
  switch (type) {
    case 'f64':
      return new Float64Array(buffer, offset, length);
    case 'u32':
      return new Uint32Array(buffer, offset, length);
    case 'i32':
      return new Int32Array(buffer, offset, length);
    case 'u8':
      return new Uint8Array(buffer, offset, length);
  }
}

/** Writes all columns of a graph end to end into `target` from `offset`. */
export function packColumns(graph: RoadGraph, target: Uint8Array, offset: number): void {
  const arcTimes = graph.arcTimes ?? [];
  arcTimes.forEach(({ ms }, i) => {
    target.set(new Uint8Array(ms.buffer, ms.byteOffset, ms.byteLength), offset + i * ms.byteLength);
  });
  offset += arcTimesBytes(graphCounts(graph), arcTimes.length);
  for (const [name] of GRAPH_COLUMNS) {
    const column: Column = graph[name];
    target.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
}

export function graphCounts(graph: RoadGraph): GraphCounts {
  return {
    nNodes: graph.nNodes,
    nArcs: graph.nArcs,
    nSegments: graph.nSegments,
    nShape: graph.shapeAtMm.length,
  };
}
