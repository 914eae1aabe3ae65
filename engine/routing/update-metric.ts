/** New times for a few arcs of a metric that is in use: a road closed or opened again, a slow zone, one street jammed. */
import { assert } from '../errors.ts';
import type { ArcIx, Ms } from '../units.ts';
import { customiseHierarchy } from './hierarchy-router.ts';
import { createLabelBuilder, type LabelBuilder, type UpdateWork } from './kernels/label-builder.ts';
import { copyLabelSpace, type Block } from './kernels/label-space.ts';
import { openLabels } from './labels.ts';
import { checkArcTimes, type Metric } from './metric.ts';

/** The builder of each block that this thread updates. */
const builders = new WeakMap<Block, LabelBuilder>();

/**
 * Gives some road arcs of a metric new times, in place; restrictions are obeyed as before. Labels follow, in part where that
 * is faster than all of them. Routers and searches made before keep the old times and must not be asked any more; no other
 * thread may ask the labels while this runs.
 * @param arcs  road arcs; of one given twice the last time counts
 * @param timesMs  for each of them whole ms, UNREACHED_MS to close it
 * @returns the work done on labels, null where the metric has none
 * @throws InputError naming the way of each time that is negative, not whole or too long; then nothing has changed
 * Cost in a city of 64,000 junctions: 25 us for a side street, as much as building all labels for a bridge.
 */
export function updateMetric(
  metric: Metric,
  arcs: readonly ArcIx[],
  timesMs: readonly Ms[],
): UpdateWork | null {
  assert(arcs.length === timesMs.length, 'an update needs one time for each arc');
  const { network, arcTimeMs, networkTimeMs, forbidden } = metric;
  for (const arc of arcs) assert(arc >= 0 && arc < arcTimeMs.length, () => `there is no road arc ${arc}`);
  checkArcTimes(network.graph, arcs, timesMs);
  const changed: number[] = [];
  const changedMs: Ms[] = [];
  for (let i = 0; i < arcs.length; i++) {
    arcTimeMs[arcs[i]] = timesMs[i];
    for (let u = network.firstUse[arcs[i]]; u < network.firstUse[arcs[i] + 1]; u++) {
      const use = network.use[u];
      if (forbidden[use] === 1) continue;
      networkTimeMs[use] = timesMs[i];
      changed.push(use);
      changedMs.push(timesMs[i]);
    }
  }
  if (metric.sharesLabels === true) takeOwnLabels(metric);
  const { labels, customised } = metric;
  if (labels !== undefined) {
    // where memory is not shared this thread's routers ask a copy
    const { space } = openLabels(labels);
    let builder = builders.get(space.block);
    if (builder === undefined) builders.set(space.block, (builder = createLabelBuilder(space)));
    const work = builder.update(changed, changedMs);
    if (!work.isExact) delete metric.labels; // ways of days: plain searches from now on
    return work;
  }
  if (customised !== undefined) {
    const again = customiseHierarchy(metric, customised.hierarchy);
    if (again === null) delete metric.customised;
    else metric.customised = again;
  }
  return null;
}

/** A copy of the labels for this metric alone; none where there is no memory for it, and routers search. */
function takeOwnLabels(metric: Metric): void {
  const own = copyLabelSpace(openLabels(metric.labels!).space);
  if (own === null) delete metric.labels;
  else metric.labels = own;
  delete metric.sharesLabels;
}
