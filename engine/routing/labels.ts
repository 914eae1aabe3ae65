/**
 * Tree labels: for every node the exact time to and from each of its ancestors in the elimination tree. A fastest way
 * between two nodes passes one of their common ancestors, so a query is a minimum over two contiguous runs. Farhan,
 * Koehler, Ohms, Wang, "Hierarchical cut labelling" and "Customization meets 2-hop labeling" (VLDB 2023).
 */
import { assert } from '../errors.ts';
import type { Hierarchy } from './hierarchy.ts';
import { createLabelBuilder } from './kernels/label-builder.ts';
import {
  adoptLabelSpace,
  copyLabelSpace,
  createLabelSpace,
  labelSpaceBytes,
  takeThread,
  type Block,
  type LabelSpace,
  type WeightedArcs,
} from './kernels/label-space.ts';
import { scratchBytes } from './kernels/query-scratch.ts';
import { LabelQuery } from './kernels/query.ts';
import { LabelSweep } from './kernels/sweep.ts';
import { LABEL_UNREACHED } from './kernels/slots.ts';

export type Labels = LabelSpace;
export { LABEL_UNREACHED };

/**
 * Threads that a space is made for, where nobody says: more than a pool has workers, those that
 * took over from dead ones included.
 */
const THREADS = 64;

interface LabelsFor {
  /** Threads that may ask at the same time, those that ended included. */
  threads?: number;
  /** Whether they make sweeps (matrices, one to all), which take 90 bytes a state and thread. */
  withSweeps?: boolean;
}

const spaceOptions = (hierarchy: Hierarchy, { threads = THREADS, withSweeps = false }: LabelsFor) => ({
  threads,
  scratchBytes: scratchBytes(hierarchy, { withSweeps }),
  withLabels: true,
});

/** Memory that the labels of one metric take. */
export const labelBytes = (arcs: WeightedArcs, hierarchy: Hierarchy, use: LabelsFor = {}): number =>
  labelSpaceBytes(hierarchy, arcs, spaceOptions(hierarchy, use));

/**
 * Customises the hierarchy to a metric and labels every node, with the fastest kernels there are.
 * Cost O(triangles + completed arcs x depth).
 * @param timeMs  of each arc; UNREACHED_MS closes it
 * @returns null where a label takes more than six days, or where the labels exceed 4 GB
 */
export function buildLabels(
  arcs: WeightedArcs,
  hierarchy: Hierarchy,
  timeMs: Uint32Array,
  use: LabelsFor = {},
): Labels | null {
  const space = createLabelSpace(hierarchy, arcs, spaceOptions(hierarchy, use));
  if ('refused' in space) return null;
  return createLabelBuilder(space).build(timeMs) ? space : null;
}

/** Labels as one thread uses them: the space, or its own copy of it where memory is not shared, and what asks it. */
export interface OpenLabels {
  space: LabelSpace;
  query: LabelQuery;
  /** Null where the space was made without room for sweeps. */
  sweep: LabelSweep | null;
}

/** What this thread has opened, by block. */
const opened = new WeakMap<Block, OpenLabels>();

/** A thread beyond those that the space was made for works on a copy of its own. */
function spaceOfThread(labels: Labels): { space: LabelSpace; thread: number } {
  const space = adoptLabelSpace(labels);
  const thread = takeThread(space);
  if (thread !== null) return { space, thread };
  const copy = copyLabelSpace(space);
  assert(copy !== null, 'there is no memory left for labels of one more thread');
  return { space: copy, thread: takeThread(copy)! };
}

/** Opens labels for this thread, once. */
export function openLabels(labels: Labels): OpenLabels {
  let open = opened.get(labels.block);
  if (open === undefined) {
    const { space, thread } = spaceOfThread(labels);
    const query = new LabelQuery(space, { thread });
    open = { space, query, sweep: query.hasSweeps ? new LabelSweep(space, { thread }) : null };
    opened.set(labels.block, open);
  }
  return open;
}
