/** A time straight from the labels of a space, by walking up the tree: slow, and independent of the kernels' queries. */
import type { LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { LABEL_UNREACHED } from '../../engine/routing/kernels/slots.ts';
import { UNREACHED_MS } from '../../engine/units.ts';

export function timeFromLabels(space: LabelSpace, from: number, to: number): number {
  const { nodeRecord, parent, depth } = space;
  const ancestors = (place: number): number[] => {
    const list = [place];
    while (parent[list[list.length - 1]] !== list[list.length - 1]) list.push(parent[list[list.length - 1]]);
    return list;
  };
  const others = new Set(ancestors(nodeRecord[2 * to]));
  let best = LABEL_UNREACHED;
  for (const hub of ancestors(nodeRecord[2 * from])) {
    if (!others.has(hub)) continue;
    const sum =
      space.to[nodeRecord[2 * from + 1] + depth[hub]] + space.from[nodeRecord[2 * to + 1] + depth[hub]];
    if (sum < best) best = sum;
  }
  return best === LABEL_UNREACHED ? UNREACHED_MS : best;
}
