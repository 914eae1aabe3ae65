/**
 * The network as two CSV tables, for checking us with any other tool: exactly the roads that snapping uses. `node` and
 * `arc` are the graph's own numbers, so they keep their meaning in other outputs.
 */
import type { RoadGraph } from '../graph/road-graph.ts';
import { mainSegments, usableNodes } from '../spatial/snap.ts';
import { UNREACHED_MS } from '../units.ts';
import type { Metric } from './metric.ts';

/** Rows put together into one piece of text, so that a large table never is one string. */
const ROWS_PER_PIECE = 20_000;

/** `node,lon,lat,osmNodeId`: degrees with seven decimals, id empty where the source has none. Pieces of text in order. */
export function* nodesCsv(
  graph: RoadGraph,
  usable: Uint8Array = mainSegments(graph),
): Generator<string, void, undefined> {
  const isUsed = usableNodes(graph, usable);
  yield* pieces('node,lon,lat,osmNodeId', graph.nNodes, (node) => {
    if (isUsed[node] !== 1) return '';
    const osmId = graph.nodeOsmId[node];
    return `${node},${degreesText(graph.nodeLonE7[node])},${degreesText(graph.nodeLatE7[node])},${osmId === 0 ? '' : osmId}\n`;
  });
}

/**
 * `arc,from,to,lengthM,timeMs,osmWayId`: `from` and `to` are `node` of nodes.csv; parallel arcs and loops are rows of
 * their own; arcs that the metric closes are left out. Dijkstra on timeMs gives the times of `patrol135 matrix` under a
 * profile without turn rules.
 */
export function* arcsCsv(
  graph: RoadGraph,
  { arcTimeMs }: Metric,
  usable: Uint8Array = mainSegments(graph),
): Generator<string, void, undefined> {
  yield* pieces('arc,from,to,lengthM,timeMs,osmWayId', graph.nArcs, (arc) => {
    const from = graph.tail[arc];
    const to = graph.head[arc];
    const segment = graph.arcSegment[arc];
    if (usable[segment] !== 1 || arcTimeMs[arc] === UNREACHED_MS) return '';
    const osmId = graph.segmentOsmWayId[segment];
    const lengthM = graph.segmentLengthMm[segment] / 1000;
    return `${arc},${from},${to},${lengthM},${arcTimeMs[arc]},${osmId === 0 ? '' : osmId}\n`;
  });
}

function* pieces(
  head: string,
  rows: number,
  row: (index: number) => string,
): Generator<string, void, undefined> {
  let text = `${head}\n`;
  for (let index = 0; index < rows; index++) {
    text += row(index);
    if (index % ROWS_PER_PIECE === ROWS_PER_PIECE - 1) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

/** 1e-7 degrees as degrees with exactly seven decimals: the same integer comes back when it is read. */
function degreesText(e7: number): string {
  const size = Math.abs(e7);
  const whole = Math.floor(size / 1e7);
  return `${e7 < 0 ? '-' : ''}${whole}.${String(size - whole * 1e7).padStart(7, '0')}`;
}
