/** Which router serves a metric: tree labels where it has them, plain Dijkstra otherwise. Both give the same answers. */
import { LIMITS } from '../limits.ts';
import { createRouter } from './dijkstra-router.ts';
import { Hierarchies } from './hierarchies.ts';
import { createLabelRouter } from './label-router.ts';
import { buildLabels, labelBytes } from './labels.ts';
import type { Metric } from './metric.ts';
import type { Router } from './router.ts';

export const fastestRouter = (metric: Metric): Router =>
  metric.labels === undefined ? createRouter(metric) : createLabelRouter(metric, metric.labels);

export interface LabelOptions {
  hierarchies?: Hierarchies;
  /** Memory that the labels of all metrics may take. */
  maxBytes?: number;
  /** Whether matrices or one-to-all times will be asked for. */
  withSweeps?: boolean;
}

/**
 * The metrics with their labels, on one hierarchy for each network in use. Metrics of equal times share labels; one whose
 * ways take days, or whose labels would exceed what is left of `maxBytes`, stays without. Cost about 20 us a state for the
 * order and 3 us a state for each metric; about 0.9 kB a state and metric of memory.
 */
export function withLabels(
  metrics: readonly Metric[],
  { hierarchies = new Hierarchies(), maxBytes = LIMITS.labelBytes, withSweeps = false }: LabelOptions = {},
): Metric[] {
  // the workspaces of sweeps are large, and few threads make any
  const use = withSweeps ? { threads: SWEEPING_THREADS, withSweeps } : {};
  let bytesLeft = maxBytes;
  const labelled: Metric[] = [];
  for (const metric of metrics) {
    const { network, networkTimeMs } = metric;
    const hierarchy = hierarchies.of(network);
    const twin = labelled.find(
      (other) => other.network === network && sameTimes(other.networkTimeMs, networkTimeMs),
    );
    let labels = twin?.labels ?? null;
    const bytes = labelBytes(network, hierarchy, use);
    if (twin === undefined && bytes <= bytesLeft) {
      labels = buildLabels(network, hierarchy, networkTimeMs, use);
      bytesLeft -= bytes;
    }
    labelled.push(labels === null ? metric : { ...metric, labels });
  }
  return labelled;
}

/** Threads that may make sweeps on one set of labels. */
const SWEEPING_THREADS = 4;

const sameTimes = (a: Uint32Array, b: Uint32Array): boolean => a.every((timeMs, arc) => timeMs === b[arc]);
