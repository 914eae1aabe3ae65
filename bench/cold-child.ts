/**
 * One cold run of the way from roads to exact answers, in a process of its own: `cold-child.ts import|order|all|load
 * <file> [profile]`; prints what took how long, in ms, and the most memory it held. Loading of modules is not counted.
 */
import { readFileSync } from 'node:fs';
import { decodeRoadGraph } from '../engine/graph/graph-file.ts';
import { readRoadGraph } from '../engine/graph/read-road-graph.ts';
import { buildMetric, findProfile } from '../engine/routing/profiles.ts';
import { contractionOrder } from '../engine/routing/order.ts';
import { decodeOrders } from '../engine/routing/order-file.ts';
import { topologyOf } from '../engine/routing/topology.ts';
import { buildFromNothing } from './subject.ts';

export type ColdMode = 'import' | 'order' | 'all' | 'load';

export interface ColdRun {
  steps: Record<string, number>;
  /** Resident memory of the process, at most. */
  mostMb: number;
  /** Folds what was made into a number. */
  checksum: number;
}

const [mode, file, profile] = process.argv.slice(2) as [ColdMode, string, string?];
const steps: Record<string, number> = {};
let last = performance.now();
const done = (step: string): void => {
  const now = performance.now();
  steps[step] = now - last;
  last = now;
};
const fold = (column: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum = (Math.imul(sum, 31) + column[i]) | 0;
  return sum;
};

const bytes = readFileSync(file);
let checksum = 0;
if (mode === 'import') {
  const { graph } = await readRoadGraph({ name: file, sha256: '', bytes }, { pedestrianStreets: false });
  done('import');
  checksum = fold(graph.head);
} else {
  const { graph } = await decodeRoadGraph(bytes, file);
  done('graph file');
  if (mode === 'load') {
    const orders = await decodeOrders(readFileSync(`${file}.order`), `${file}.order`, graph);
    done('order file');
    checksum = orders.reduce((sum, { rank }) => sum + fold(rank), 0);
  } else {
    const metric = buildMetric(graph, findProfile(profile ?? 'plain'), { siren: false });
    done('times');
    if (mode === 'order') {
      checksum = fold(contractionOrder(topologyOf(metric.network)));
      done('order');
    } else {
      const { query } = buildFromNothing(metric);
      done('order, hierarchy and labels');
      checksum = query.timeMs(0, graph.nNodes - 1);
    }
  }
}
const run: ColdRun = { steps, mostMb: process.resourceUsage().maxRSS / 1024, checksum };
console.log(JSON.stringify(run));
