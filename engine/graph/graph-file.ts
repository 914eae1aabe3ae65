/**
 * The binary graph file: 8 bytes magic, u32 version, u32 zero, 32 bytes SHA-256 of all that follows, u32 length of the
 * head, head as JSON (counts, names, restrictions, source, report) padded to 8 bytes, then the columns of columns.ts.
 * Little-endian, as the typed arrays of every platform we run on.
 */
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { RESTRICTION_WHEN, type ImportReport } from '../import/road-extract.ts';
import { graphContentHash } from './build.ts';
import { columnBytes, graphCounts, packColumns, viewColumns, type GraphCounts } from './columns.ts';
import { checkRoadGraph, type GraphRestriction, type RoadGraph } from './road-graph.ts';

const MAGIC = 'P135ROAD';
export const GRAPH_FILE_VERSION = 2;
const HASH_AT = 16;
const HEAD_AT = 48;

const count = z.int().min(0);
const countByReason = z.record(z.string(), count);

/** What stands before the columns. A file is input from strangers: every value that is used is checked. */
const headSchema = z.strictObject({
  counts: z.strictObject({ nNodes: count, nArcs: count, nSegments: count, nShape: count }),
  names: z.array(z.string()),
  arcTimes: z.array(z.string()).min(1).max(100).optional(),
  modes: count,
  restrictions: z.array(
    z.strictObject({
      osmId: z.int(),
      kind: z.string(),
      arcs: z.array(count),
      vehicle: z.string(),
      except: z.array(z.string()),
      condition: z.string(),
      when: z.enum(RESTRICTION_WHEN),
    }),
  ),
  restrictionsNotPlaced: count,
  source: z.strictObject({ name: z.string(), format: z.string(), attribution: z.string() }),
  contentHash: z.string(),
  report: z.strictObject({
    read: z.strictObject({ nodes: count, ways: count, relations: count }),
    roads: z.strictObject({
      highwayWays: count,
      drivableWays: count,
      keptWays: count,
      roadNodes: count,
      nodePairs: count,
      onewayWays: count,
      restrictions: count,
    }),
    modes: countByReason,
    controls: countByReason,
    dropped: countByReason,
    repaired: countByReason,
  }),
});

interface GraphHead {
  counts: GraphCounts;
  names: string[];
  /** Names of given times, whose columns come first; left out where there are none. */
  arcTimes?: string[];
  modes: number;
  restrictions: GraphRestriction[];
  restrictionsNotPlaced: number;
  source: RoadGraph['source'];
  contentHash: string;
  report: ImportReport;
}

/** True when the bytes start like a graph file. */
export function looksLikeGraphFile(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && new TextDecoder('latin1').decode(bytes.subarray(0, 8)) === MAGIC;
}

/** The graph and its import report as one file. */
export async function encodeRoadGraph(graph: RoadGraph, report: ImportReport): Promise<Uint8Array> {
  const counts = graphCounts(graph);
  const head: GraphHead = {
    counts,
    names: [...graph.names],
    ...(graph.arcTimes === undefined ? {} : { arcTimes: graph.arcTimes.map(({ name }) => name) }),
    modes: graph.modes,
    restrictions: [...graph.restrictions],
    restrictionsNotPlaced: graph.restrictionsNotPlaced,
    source: graph.source,
    contentHash: graph.contentHash,
    report,
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const columnsAt = alignUp(HEAD_AT + 4 + headBytes.length);
  const bytes = new Uint8Array(columnsAt + columnBytes(counts, head.arcTimes?.length ?? 0));
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC), 0);
  view.setUint32(8, GRAPH_FILE_VERSION, true);
  view.setUint32(HEAD_AT, headBytes.length, true);
  bytes.set(headBytes, HEAD_AT + 4);
  packColumns(graph, bytes, columnsAt);
  bytes.set(hexToBytes(await sha256Hex(bytes.subarray(HEAD_AT))), HASH_AT);
  return bytes;
}

/**
 * Reads a graph file back. Magic, version, length, checksum and the graph's own invariants are checked before anything
 * is used, in this order.
 * @throws InputError naming the file and the first of these that fails
 */
export async function decodeRoadGraph(
  bytes: Uint8Array,
  fileName: string,
): Promise<{ graph: RoadGraph; report: ImportReport }> {
  const refuse = (place: string, message: string): InputError => InputError.at(fileName, place, message);
  if (!looksLikeGraphFile(bytes))
    throw refuse('byte 0', 'is not a patrol135 graph file (its first 8 bytes differ)');
  if (bytes.length < HEAD_AT + 4)
    throw refuse(`byte ${bytes.length}`, 'the graph file ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== GRAPH_FILE_VERSION) {
    throw refuse(
      'byte 8',
      `graph file version ${version}; this patrol135 reads version ${GRAPH_FILE_VERSION}, import the roads again`,
    );
  }
  if (view.getUint32(12, true) !== 0) throw refuse('byte 12', 'reserved bytes are not zero');
  const stored = Array.from(bytes.subarray(HASH_AT, HEAD_AT), (b) => b.toString(16).padStart(2, '0')).join(
    '',
  );
  if ((await sha256Hex(bytes.subarray(HEAD_AT))) !== stored) {
    throw refuse(
      'byte 16',
      'the checksum does not match: the graph file is truncated or altered, import the roads again',
    );
  }
  try {
    const head = parseHead(bytes, view);
    const columnsAt = alignUp(HEAD_AT + 4 + view.getUint32(HEAD_AT, true));
    const arcTimes = head.arcTimes ?? [];
    const size = columnBytes(head.counts, arcTimes.length);
    if (columnsAt + size !== bytes.length)
      throw new Error(`its columns take ${size} bytes, not ${bytes.length - columnsAt}`);
    const columns = new Uint8Array(bytes.subarray(columnsAt)); // own, aligned memory
    const graph: RoadGraph = {
      nNodes: head.counts.nNodes,
      nArcs: head.counts.nArcs,
      nSegments: head.counts.nSegments,
      ...viewColumns(columns.buffer, 0, head.counts, arcTimes),
      modes: head.modes,
      restrictions: head.restrictions,
      restrictionsNotPlaced: head.restrictionsNotPlaced,
      names: head.names,
      source: head.source,
      contentHash: head.contentHash,
    };
    checkRoadGraph(graph);
    if ((await graphContentHash(graph)) !== head.contentHash)
      throw new Error('its content hash does not match');
    return { graph, report: head.report };
  } catch (error) {
    throw refuse('', `the graph file is broken: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseHead(bytes: Uint8Array, view: DataView): GraphHead {
  const length = view.getUint32(HEAD_AT, true);
  if (HEAD_AT + 4 + length > bytes.length) throw new Error('its head runs past the end');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(
    bytes.subarray(HEAD_AT + 4, HEAD_AT + 4 + length),
  );
  const head: unknown = JSON.parse(text, (key, value: unknown) => {
    if (key === '__proto__') throw new Error('its head has a key "__proto__"'); // the schema would pass it over
    return value;
  });
  const { error } = headSchema.safeParse(head);
  if (error === undefined) return head as GraphHead; // as written: its keys keep their order, and a copy its bytes
  const { path, message } = error.issues[0];
  throw new Error(`its head is wrong at /${path.join('/')}: ${message}`);
}

const alignUp = (offset: number): number => Math.ceil(offset / 8) * 8;

const hexToBytes = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
