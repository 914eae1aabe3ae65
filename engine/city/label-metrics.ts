/** What a run drives by, made fast to ask. */
import { LIMITS } from '../limits.ts';
import { withLabels } from '../routing/fastest-router.ts';
import type { City } from './city.ts';
import { metricsInUse } from './metrics-in-use.ts';

/**
 * The city with tree labels for the metrics that the run drives by, those most used first. Where the labels of all of
 * them would take more than `maxBytes`, the least used answer from the hierarchy, which the report and the manifest say:
 * the same times, slower.
 */
export function labelMetrics(city: City, maxBytes: number = LIMITS.labelBytes): City {
  const inUse = metricsInUse(city);
  const labelled = withLabels(
    inUse.map(({ metric }) => metric),
    { maxBytes },
  );
  const metrics = new Map(city.metrics);
  inUse.forEach(({ key }, i) => metrics.set(key, labelled[i]));
  const withoutLabels = labelled.filter(({ labels }) => labels === undefined).map(({ name }) => name);
  if (withoutLabels.length === 0) return { ...city, metrics };
  const warning =
    `${withoutLabels.join(', ')}: travel times come from the hierarchy instead of labels (all labels together may take ` +
    `${Math.round(maxBytes / 1024 ** 2)} MB), the same times, slower`;
  const warnings = [...city.report.warnings, warning];
  return { ...city, metrics, report: { ...city.report, warnings, withoutLabels } };
}
