/** Laws 6 and 8 of graphs: the numbers of nodes mean nothing, and a saved graph comes back as the same bytes. */
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { decodeRoadGraph, encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { pointOfPosition, type RoadGraph, type RoadPosition } from '../../engine/graph/road-graph.ts';
import { checkRoadExtract, type RoadExtract } from '../../engine/import/road-extract.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, PROFILES } from '../../engine/routing/profiles.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { fromE7, UNREACHED_MS } from '../../engine/units.ts';
import { randomExtract, randomPositions, testStream } from '../support/random-city.ts';

function shuffled(count: number, seed: number): number[] {
  const random = testStream(seed);
  const list = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** The same roads with node n of the extract as node order[n]; ways keep their order, so segments keep their numbers. */
function renumbered(extract: RoadExtract, order: readonly number[]): RoadExtract {
  const nodes = {
    lonE7: new Int32Array(order.length),
    latE7: new Int32Array(order.length),
    osmId: new Float64Array(order.length),
  };
  order.forEach((to, from) => {
    nodes.lonE7[to] = extract.nodes.lonE7[from];
    nodes.latE7[to] = extract.nodes.latE7[from];
    nodes.osmId[to] = extract.nodes.osmId[from];
  });
  const refs = extract.ways.refs.map((node) => order[node]);
  const copy = { ...extract, nodes, ways: { ...extract.ways, refs } };
  checkRoadExtract(copy);
  return copy;
}

/** Times between all nodes that have a road, by OSM id, ascending. */
function timesByOsmId(graph: RoadGraph, seed: number): number[] {
  const router = createRouter(buildMetric(graph, PROFILES[1], { siren: seed % 2 === 0 }));
  const nodes = Array.from({ length: graph.nNodes }, (_, n) => n);
  nodes.sort((a, b) => graph.nodeOsmId[a] - graph.nodeOsmId[b]);
  const at = nodes.map((node): RoadPosition => {
    const segment = graph.segmentFrom.indexOf(node);
    return segment >= 0
      ? { segment, offsetMm: 0 }
      : {
          segment: graph.segmentTo.indexOf(node),
          offsetMm: graph.segmentLengthMm[graph.segmentTo.indexOf(node)],
        };
  });
  return [...router.matrix(at, at)];
}

const SEEDS = Array.from({ length: 60 }, (_, i) => 5000 + i);

describe('law 6: other node numbers, the same answers (seeds 5000 to 5059)', () => {
  it('times between nodes, between places on roads, and reach are the same', async () => {
    let reached = 0;
    let unreached = 0;
    let moved = 0;
    for (const seed of SEEDS) {
      const extract = randomExtract(seed, 24);
      const order = shuffled(extract.nodes.osmId.length, seed + 1);
      const graph = await buildRoadGraph(extract);
      const other = await buildRoadGraph(renumbered(extract, order));
      if (other.contentHash !== graph.contentHash) moved++;

      expect(other.nNodes).toBe(graph.nNodes);
      expect(timesByOsmId(other, seed), `seed ${seed}`).toEqual(timesByOsmId(graph, seed));

      const positions = randomPositions(graph, seed, 15);
      const [before, after] = [graph, other].map((g) => {
        const router = createRouter(buildMetric(g, PROFILES[0], { siren: false }));
        return { matrix: router.matrix(positions, positions), reach: router.reachFrom(positions[0], 60_000) };
      });
      expect(after, `seed ${seed}`).toEqual(before);
      for (const timeMs of before.matrix) {
        if (timeMs === UNREACHED_MS) unreached++;
        else reached++;
      }
      const points = (g: RoadGraph) => positions.map((position) => pointOfPosition(g, position));
      expect(points(other)).toEqual(points(graph));
    }
    expect(moved).toBeGreaterThan(50); // the numbers did change
    expect(reached).toBeGreaterThan(0.1 * (reached + unreached));
    expect(unreached).toBeGreaterThan(0.1 * (reached + unreached));
  });

  it('places are snapped to the same spot of the same road where one part is the largest', async () => {
    let snapped = 0;
    for (const seed of SEEDS) {
      const extract = randomExtract(seed, 24);
      const graph = await buildRoadGraph(extract);
      const other = await buildRoadGraph(renumbered(extract, shuffled(24, seed + 2)));
      const ids = (g: RoadGraph): number[] =>
        [...g.nodeOsmId].filter((_, n) => g.nodeMain[n] === 1).sort((a, b) => a - b);
      // of two parts of one size the one with the lowest node is the main part: that may change
      if (ids(graph).join() !== ids(other).join()) {
        expect(ids(other)).toHaveLength(ids(graph).length);
        continue;
      }
      const [before, after] = [graph, other].map((g) => createSnapper(g));
      const random = testStream(seed);
      for (let i = 0; i < 20; i++) {
        const [lon, lat] = [fromE7(random.below(300_000)), fromE7(random.below(300_000))];
        const found = before.snap(lon, lat, 500);
        expect(after.snap(lon, lat, 500), `seed ${seed}`).toEqual(found);
        if (found !== null) snapped++;
      }
    }
    expect(snapped).toBeGreaterThan(500);
  });
});

describe('law 8: saved and loaded, the same bytes (seeds 5000 to 5059)', () => {
  it('of every random network', async () => {
    for (const seed of SEEDS) {
      const extract = randomExtract(seed, 4 + (seed % 40));
      const graph = await buildRoadGraph(extract);
      const bytes = await encodeRoadGraph(graph, extract.report);
      const read = await decodeRoadGraph(bytes, `seed ${seed}`);
      expect(read.graph, `seed ${seed}`).toEqual(graph);
      const again = await encodeRoadGraph(read.graph, read.report);
      expect(Buffer.compare(again, bytes), `seed ${seed}`).toBe(0);
    }
  });
});
