/**
 * Which router serves a metric: labels where it has them, a customised hierarchy, or plain
 * Dijkstra. All give the same answers.
 */
import { LIMITS } from '../limits.ts';
import { createRouter } from './dijkstra-router.ts';
import { Hierarchies } from './hierarchies.ts';
import { createHierarchyRouter, customiseHierarchy } from './hierarchy-router.ts';
import { createLabelRouter } from './label-router.ts';
import { buildLabels, labelBytes, openLabels } from './labels.ts';
import { longestByHierarchy, longestByLabels, withLongDrives } from './long-drives.ts';
import type { Metric } from './metric.ts';
import type { Router } from './router.ts';

export function fastestRouter(metric: Metric): Router {
  const { labels, customised } = metric;
  let made: Router | undefined;
  const reference = (): Router => (made ??= createRouter(metric));
  if (labels !== undefined) {
    return withLongDrives(createLabelRouter(metric, labels), reference, () =>
      longestByLabels(openLabels(labels).space),
    );
  }
  if (customised !== undefined) {
    const { hierarchy, upTimeMs, downTimeMs } = customised;
    return withLongDrives(createHierarchyRouter(metric, customised), reference, () =>
      longestByHierarchy(hierarchy, upTimeMs, downTimeMs),
    );
  }
  return reference();
}

export interface LabelOptions {
  hierarchies?: Hierarchies;
  /** Memory that the labels of all metrics may take. */
  maxBytes?: number;
  /** Whether matrices or one-to-all times will be asked for. */
  withSweeps?: boolean;
}

/**
 * The metrics with their labels, on one hierarchy for each network in use. Metrics of equal times share labels. One whose
 * labels would exceed what is left of `maxBytes`, or whose ways take days, gets its hierarchy customised instead. Cost about 10 us a state for an order that is not known, and 0.3 us a state for each metric; about 1.3 kB a
 * state and metric of memory.
 */
export function withLabels(
  metrics: readonly Metric[],
  { hierarchies = new Hierarchies(), maxBytes = LIMITS.labelBytes, withSweeps = false }: LabelOptions = {},
): Metric[] {
  // the workspaces of sweeps are large, and few threads make any
  const use = withSweeps ? { threads: SWEEPING_THREADS, withSweeps } : {};
  let bytesLeft = maxBytes;
  const served: Metric[] = [];
  for (const given of metrics) {
    // an update of the metric that is served leaves the given one as it is
    const metric = {
      ...given,
      arcTimeMs: given.arcTimeMs.slice(),
      networkTimeMs: given.networkTimeMs.slice(),
    };
    const { network, networkTimeMs } = metric;
    const twin = served.find(
      (other) => other.network === network && sameTimes(other.networkTimeMs, networkTimeMs),
    );
    if (twin !== undefined) {
      // what is plain data of the metric stays its own: an update of one leaves the other as it is
      const { labels, customised } = twin;
      if (labels !== undefined) twin.sharesLabels = true;
      served.push({
        ...metric,
        ...(labels === undefined ? {} : { labels, sharesLabels: true }),
        ...(customised === undefined ? {} : { customised }),
      });
      continue;
    }
    const hierarchy = hierarchies.of(network);
    const bytes = labelBytes(network, hierarchy, use);
    const labels = bytes <= bytesLeft ? buildLabels(network, hierarchy, networkTimeMs, use) : null;
    if (labels !== null) {
      bytesLeft -= bytes;
      served.push({ ...metric, labels });
      continue;
    }
    const customised = customiseHierarchy(metric, hierarchy);
    served.push(customised === null ? metric : { ...metric, customised });
  }
  return served;
}

/** Threads that may make sweeps on one set of labels. */
const SWEEPING_THREADS = 4;

const sameTimes = (a: Uint32Array, b: Uint32Array): boolean => a.every((timeMs, arc) => timeMs === b[arc]);
