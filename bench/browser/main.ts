/** The bench in a page: the same cases on the same roads, for `cases/browser.ts`, which drives it. */
import { decodeRoadGraph } from '../../engine/graph/graph-file.ts';
import type { Row } from '../report.ts';
import { PORTABLE_CASES, roadsOf } from './portable.ts';

export interface BrowserRun {
  rows: Row[];
  /** Whether memory may be shared, which the kernels then do. */
  isolated: boolean;
  agent: string;
}

async function bench(): Promise<BrowserRun> {
  const response = await fetch('/roads.graph');
  const { graph } = await decodeRoadGraph(new Uint8Array(await response.arrayBuffer()), 'roads.graph');
  const roads = roadsOf(graph);
  const rows: Row[] = [];
  for (const one of PORTABLE_CASES) rows.push(...(await one.run(roads)));
  return { rows, isolated: crossOriginIsolated, agent: navigator.userAgent };
}

Object.assign(globalThis, { bench });
document.title = 'ready';
