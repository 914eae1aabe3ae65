import type { Metric } from '../../engine/routing/metric.ts';
import { UNREACHED_MS } from '../../engine/units.ts';

/** The open arcs of a metric's network between different states, of parallel ones the cheapest: what other libraries can hold. */
export function simpleArcs({ network, networkTimeMs }: Metric): { from: number; to: number; ms: number }[] {
  const { nStates, firstOut, head } = network;
  const arcs: { from: number; to: number; ms: number }[] = [];
  for (let from = 0; from < nStates; from++) {
    const cheapest = new Map<number, number>();
    for (let arc = firstOut[from]; arc < firstOut[from + 1]; arc++) {
      const ms = networkTimeMs[arc];
      if (ms === UNREACHED_MS || head[arc] === from) continue;
      cheapest.set(head[arc], Math.min(ms, cheapest.get(head[arc]) ?? ms));
    }
    for (const [to, ms] of cheapest) arcs.push({ from, to, ms });
  }
  return arcs;
}
