/** Graph files with something wrong inside and every hash right, as somebody would make them who means harm. */
import { encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { graphContentHash } from '../../engine/graph/build.ts';
import { GRAPH_COLUMNS, type ColumnName } from '../../engine/graph/columns.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { sha256Hex } from '../../engine/hash.ts';
import type { ImportReport } from '../../engine/import/road-extract.ts';

/** Where things stand in the file, written down here a second time. */
export const HASH_AT = 16;
export const HEAD_LENGTH_AT = 48;
export const HEAD_AT = 52;

/** The same bytes with the checksum of what they now are. */
export async function reseal(bytes: Uint8Array): Promise<Uint8Array> {
  const sealed = bytes.slice();
  sealed.set(Buffer.from(await sha256Hex(sealed.subarray(HEAD_LENGTH_AT)), 'hex'), HASH_AT);
  return sealed;
}

export const headText = (bytes: Uint8Array): string => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD_LENGTH_AT, true);
  return new TextDecoder().decode(bytes.subarray(HEAD_AT, HEAD_AT + length));
};

/** The file with another head, its columns unchanged, sealed. */
export async function withHead(bytes: Uint8Array, head: string | Uint8Array): Promise<Uint8Array> {
  const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;
  const oldLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD_LENGTH_AT, true);
  const columns = bytes.subarray(aligned(HEAD_AT + oldLength));
  const text = typeof head === 'string' ? new TextEncoder().encode(head) : head;
  const columnsAt = aligned(HEAD_AT + text.length);
  const changed = new Uint8Array(columnsAt + columns.length);
  changed.set(bytes.subarray(0, HEAD_LENGTH_AT));
  new DataView(changed.buffer).setUint32(HEAD_LENGTH_AT, text.length, true);
  changed.set(text, HEAD_AT);
  changed.set(columns, columnsAt);
  return reseal(changed);
}

/** A graph whose columns can be changed without changing the original. */
function copyGraph(graph: RoadGraph): RoadGraph {
  const copy = { ...graph };
  for (const [name] of GRAPH_COLUMNS) (copy as Record<ColumnName, unknown>)[name] = graph[name].slice();
  return copy;
}

/** A sealed file of a changed graph, the hash of its content included. */
export async function encodeChanged(
  graph: RoadGraph,
  report: ImportReport,
  change: (copy: RoadGraph) => void,
): Promise<Uint8Array> {
  const copy = copyGraph(graph);
  change(copy);
  copy.contentHash = await graphContentHash(copy);
  return encodeRoadGraph(copy, report);
}
