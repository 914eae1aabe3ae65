/** Tree labels against plain Dijkstra: equal times to the ms, equal drives step by step, on random networks. */
import { describe, expect, it } from 'vitest';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildHierarchy, commonAncestors, type Hierarchy } from '../../engine/routing/hierarchy.ts';
import { fastestRouter, withLabels } from '../../engine/routing/fastest-router.ts';
import { createLabelRouter } from '../../engine/routing/label-router.ts';
import { buildLabels, labelBytes } from '../../engine/routing/labels.ts';
import { createMetric, type Metric } from '../../engine/routing/metric.ts';
import { networkOf } from '../../engine/routing/network.ts';
import { contractionOrder } from '../../engine/routing/order.ts';
import { buildMetric, PROFILES, profilesFor } from '../../engine/routing/profiles.ts';
import { topologyOf } from '../../engine/routing/topology.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { printGraph, randomGraph, randomPositions, testStream } from '../support/random-city.ts';

function hierarchyOf(graph: RoadGraph, network = networkOf(graph, { withTurns: false })): Hierarchy {
  const topology = topologyOf(network);
  return buildHierarchy(topology, contractionOrder(topology));
}

/** Travel times that no map gives: zero, equal and closed arcs, to bring out ties. */
function oddMetric(graph: RoadGraph, seed: number): Metric {
  const random = testStream(seed);
  const times = Uint32Array.from({ length: graph.nArcs }, () => {
    const kind = random.below(10);
    return kind === 0 ? 0 : kind === 1 ? UNREACHED_MS : 1000 * (1 + random.below(3));
  });
  return createMetric(graph, times, { name: 'odd' });
}

describe('the contraction order and its hierarchy', () => {
  it('ranks every node once, and puts every completed neighbour among the ancestors (seeds 1 to 60)', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const graph = await randomGraph(seed, 10 + 4 * (seed % 30));
      const h = hierarchyOf(graph);
      expect(new Set(h.place).size).toBe(graph.nNodes);
      const ancestorsOf = (r: number): number[] => {
        const list = [r];
        while (h.parent[r] !== r) list.push((r = h.parent[r]));
        return list;
      };
      for (let r = 0; r < graph.nNodes; r++) {
        const own = ancestorsOf(r);
        expect(own).toHaveLength(h.depth[r] + 1);
        for (let i = h.firstUp[r]; i < h.firstUp[r + 1]; i++) expect(own, `seed ${seed}`).toContain(h.up[i]);
        const s = (r * 7919) % graph.nNodes;
        const others = ancestorsOf(s);
        expect(commonAncestors(h, r, s), `seed ${seed}`).toBe(own.filter((a) => others.includes(a)).length);
      }
    }
  });

  it('ranks every node once also where coordinates times nodes leave the exact integers', async () => {
    const topology = topologyOf(networkOf(await randomGraph(11, 400), { withTurns: false }));
    const far = { ...topology, x: topology.x.map((x) => x * 1e10), y: topology.y.map((y) => y * 1e10) };
    const rank = contractionOrder(far);
    expect(new Set(rank).size).toBe(topology.nNodes);
    expect(Math.max(...rank)).toBe(topology.nNodes - 1);
    // as good an order as the one on the map itself
    const arcs = (order: Uint32Array): number => buildHierarchy(topology, order).up.length;
    expect(arcs(rank)).toBeLessThan(1.2 * arcs(contractionOrder(topology)));
  });

  it('is the same for the same roads', async () => {
    const [a, b] = [await randomGraph(5, 80), await randomGraph(5, 80)];
    expect(hierarchyOf(a).place).toEqual(hierarchyOf(b).place);
  });
});

describe('the label router on random networks (seeds 2000 to 2149)', () => {
  it('gives the times and the drives of plain Dijkstra, step by step, also with zero, equal and closed arcs', async () => {
    let reached = 0;
    let unreached = 0;
    for (let seed = 2000; seed < 2150; seed++) {
      const graph = await randomGraph(seed, 12 + (seed % 50));
      const metric =
        seed % 2 === 0
          ? buildMetric(graph, profilesFor(graph)[seed % profilesFor(graph).length], {
              siren: seed % 3 === 0,
            })
          : oddMetric(graph, seed);
      const reference = createRouter(metric);
      const router = createLabelRouter(
        metric,
        buildLabels(metric.network, hierarchyOf(graph, metric.network), metric.networkTimeMs)!,
      );
      const positions = randomPositions(graph, seed, 10);
      const place = `seed ${seed}\n${printGraph(graph)}`;
      expect(router.matrix(positions, positions), place).toEqual(reference.matrix(positions, positions));
      for (const from of positions) {
        expect(router.timesFrom(from, positions), place).toEqual(reference.timesFrom(from, positions));
        expect(router.timesTo(positions, from), place).toEqual(reference.timesTo(positions, from));
        expect(router.timesTo(positions, from, 5000), place).toEqual(
          reference.timesTo(positions, from, 5000),
        );
        for (const to of positions) {
          const timeMs = reference.timeMs(from, to);
          if (timeMs === UNREACHED_MS) unreached++;
          else reached++;
          expect(router.timeMs(from, to), place).toBe(timeMs);
          expect(router.route(from, to), place).toEqual(reference.route(from, to));
        }
      }
    }
    expect(reached).toBeGreaterThan(0.1 * (reached + unreached));
    expect(unreached).toBeGreaterThan(0.1 * (reached + unreached));
  });
});

describe('labels of several metrics', () => {
  it('are shared by equal times, and left out beyond the memory they may take', async () => {
    const graph = await randomGraph(3, 60);
    const calm = buildMetric(graph, PROFILES[1], { siren: false });
    const siren = buildMetric(graph, PROFILES[1], { siren: true });
    const [a, b, c] = withLabels([calm, siren, { ...calm, name: 'twin' }]);
    expect([c.labels === a.labels, b.labels === a.labels]).toEqual([true, false]);
    const bytes = labelBytes(calm.network, hierarchyOf(graph));
    const some = withLabels([calm, siren, calm], { maxBytes: bytes });
    expect(some.map(({ labels }) => labels !== undefined)).toEqual([true, false, true]);
    expect(some.map(({ customised }) => customised !== undefined)).toEqual([false, true, false]);
    expect(withLabels([calm], { maxBytes: bytes - 1 })[0].labels).toBeUndefined();
    const positions = randomPositions(graph, 3, 12);
    for (const metric of some) {
      const matrix = fastestRouter(metric).matrix(positions, positions);
      expect(matrix).toEqual(createRouter(metric).matrix(positions, positions));
    }
  });
});
