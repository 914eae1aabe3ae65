/** Hierarchies of networks, each made once: from an order that is known, such as a cached one, or from nothing. */
import { buildHierarchy, type Hierarchy } from './hierarchy.ts';
import { networkOf, type Network } from './network.ts';
import { contractionOrder } from './order.ts';
import { topologyOf } from './topology.ts';
import type { RoadGraph } from '../graph/road-graph.ts';

/** The contraction order of one network of a graph: what takes time to find and serves every metric. */
export interface KnownOrder {
  withTurns: boolean;
  /** Rank of each state: 0 is contracted first. */
  rank: Uint32Array;
}

export class Hierarchies {
  private readonly made = new Map<Network, Hierarchy>();
  private readonly ranks = new Map<Network, Uint32Array>();

  /** @param known  orders of this graph's networks, such as those of a cache file */
  constructor(known?: { graph: RoadGraph; orders: readonly KnownOrder[] }) {
    for (const { withTurns, rank } of known?.orders ?? []) {
      this.ranks.set(networkOf(known!.graph, { withTurns }), rank);
    }
  }

  /** Cost, the first time, about 10 us a state for the order if it is not known, and 1 us for the hierarchy. */
  of(network: Network): Hierarchy {
    let hierarchy = this.made.get(network);
    if (hierarchy === undefined) {
      const topology = topologyOf(network);
      hierarchy = buildHierarchy(topology, this.ranks.get(network) ?? contractionOrder(topology));
      this.made.set(network, hierarchy);
    }
    return hierarchy;
  }
}

/** Orders of the networks that profiles of a graph search on: without turn rules, and with them where it has any. */
export function findOrders(
  graph: RoadGraph,
  onOrder: (done: number, total: number) => void = () => {},
): KnownOrder[] {
  const networks = [...new Set([false, true].map((withTurns) => networkOf(graph, { withTurns })))];
  return networks.map((network, i) => {
    onOrder(i, networks.length);
    return { withTurns: i === 1, rank: contractionOrder(topologyOf(network)) };
  });
}
