/**
 * Contraction orders beside a graph file, as `<graph>.order`: written by `patrol135 import`, read by commands that
 * build labels. One that is missing, of another version, truncated or altered is made anew.
 */
import { InputError } from '../errors.ts';
import { looksLikeGraphFile } from '../graph/graph-file.ts';
import type { RoadGraph } from '../graph/road-graph.ts';
import { LIMITS } from '../limits.ts';
import { findOrders, Hierarchies, type KnownOrder } from '../routing/hierarchies.ts';
import { decodeOrders, encodeOrders } from '../routing/order-file.ts';
import { readInputFile, statOrNull, writeFileWhole } from './files.ts';
import type { Output } from './output.ts';
import { startProgress } from './progress.ts';

export const orderFileOf = (graphPath: string): string => `${graphPath}.order`;

/** Finds the orders of a graph and writes them beside its file. */
export async function writeOrders(
  graphPath: string,
  graph: RoadGraph,
  output: Output,
): Promise<KnownOrder[]> {
  const progress = startProgress(output, 'contraction orders', 2);
  const orders = findOrders(graph, (done) => progress.update(done));
  progress.stop();
  await writeFileWhole(orderFileOf(graphPath), await encodeOrders(graph, orders));
  return orders;
}

/**
 * The hierarchies of a graph: from the orders beside its file, else from nothing; then the orders are put beside it for
 * the next time. Roads that were imported on the fly have no such file.
 */
export async function openHierarchies(
  graphPath: string,
  bytes: Uint8Array,
  graph: RoadGraph,
  output: Output,
): Promise<Hierarchies> {
  if (!looksLikeGraphFile(bytes)) return new Hierarchies();
  const path = orderFileOf(graphPath);
  const existing = await statOrNull(path);
  if (existing !== null && !existing.isFile()) {
    output.note(`${path} is not a regular file: the order will be found anew each time`);
    return new Hierarchies();
  }
  try {
    if (existing !== null) {
      const orders = await decodeOrders(await readInputFile(path, LIMITS.fileBytes), path, graph);
      return new Hierarchies({ graph, orders });
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    output.note(`${error.message}: it is not used, the order is found anew`);
  }
  try {
    return new Hierarchies({ graph, orders: await writeOrders(graphPath, graph, output) });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    output.note(`${error.message}: the order will be found anew each time`);
    return new Hierarchies();
  }
}
