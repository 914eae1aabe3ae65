/** Real roads for the kernels: the network of a map with simple times. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { buildHierarchy } from '../../engine/routing/hierarchy.ts';
import { networkOf } from '../../engine/routing/network.ts';
import { contractionOrder } from '../../engine/routing/order.ts';
import { topologyOf } from '../../engine/routing/topology.ts';
import type { KernelGraph } from './kernel-graphs.ts';

/** @param name  of a file of the shared folder's `osm`; every road is driven at 36 km/h, turns are free */
export async function kernelRoads(data: string, name: string): Promise<KernelGraph> {
  const bytes = new Uint8Array(readFileSync(join(data, 'osm', name)));
  const { graph } = await readRoadGraph({ name, sha256: '', bytes }, { pedestrianStreets: false });
  const network = networkOf(graph, { withTurns: true });
  const topology = topologyOf(network);
  return {
    nNodes: network.nStates,
    nArcs: network.nArcs,
    tail: network.tail,
    head: network.head,
    timeMs: Uint32Array.from(network.roadArc, (arc) =>
      Math.round(graph.segmentLengthMm[graph.arcSegment[arc]] / 10),
    ),
    hierarchy: buildHierarchy(topology, contractionOrder(topology)),
  };
}
