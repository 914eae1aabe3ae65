/**
 * Tree labels: for every node the exact time to and from each of its ancestors in the elimination tree. A fastest way
 * between two nodes passes one of their common ancestors, so a query is a minimum over two contiguous runs. Farhan,
 * Koehler, Ohms, Wang, "Hierarchical cut labelling" and "Customization meets 2-hop labeling" (VLDB 2023).
 */
import { UNREACHED_MS, type Ms } from '../units.ts';
import { commonAncestors, type Hierarchy } from './hierarchy.ts';
import { createLabelBuilder } from './kernels/label-builder.ts';
import { createLabelSpace, type LabelSpace, type WeightedArcs } from './kernels/label-space.ts';
import { LABEL_UNREACHED } from './kernels/slots.ts';

export type Labels = LabelSpace;
export { LABEL_UNREACHED };
export type { WeightedArcs };

/** Memory that the labels of one metric take. */
export const labelBytes = ({ nLabels }: Hierarchy): number => 8 * nLabels;

/**
 * Customises the hierarchy to a metric and labels every node, with the fastest kernels there are.
 * Cost O(triangles + completed arcs x depth).
 * @param timeMs  of each arc; UNREACHED_MS closes it
 * @returns null where a label takes more than six days, or where the labels exceed 4 GB
 */
export function buildLabels(arcs: WeightedArcs, hierarchy: Hierarchy, timeMs: Uint32Array): Labels | null {
  const space = createLabelSpace(hierarchy, arcs, { threads: 1, scratchBytes: 0, withLabels: true });
  if ('refused' in space) return null;
  return createLabelBuilder(space).build(timeMs) ? space : null;
}

/** Fastest time between two nodes, UNREACHED_MS where there is no way. Cost O(common ancestors), typically half a microsecond. */
export function nodeTimeMs(labels: Labels, from: number, to: number): Ms {
  const { nodeRecord, to: toAncestor, from: fromAncestor } = labels;
  const n = commonAncestors(labels, nodeRecord[2 * from], nodeRecord[2 * to]);
  const a = nodeRecord[2 * from + 1];
  const b = nodeRecord[2 * to + 1];
  let best = LABEL_UNREACHED;
  for (let j = 0; j < n; j++) {
    const time = toAncestor[a + j] + fromAncestor[b + j];
    if (time < best) best = time;
  }
  return best === LABEL_UNREACHED ? UNREACHED_MS : best;
}
