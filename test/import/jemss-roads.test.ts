/** JEMSS's networks: every arc keeps its time, one-way roads stay so, and drives take what plain Dijkstra says of the CSV. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import type { JemssArcs, JemssMap, JemssNodes } from '../../engine/import/jemss/inputs.ts';
import { nearestNodeFinder, planeKm } from '../../engine/import/jemss/nearest-node.ts';
import { readArcs, readNodes } from '../../engine/import/jemss/read-city.ts';
import { type JemssRoads, roadsOf, timesName } from '../../engine/import/jemss/roads.ts';
import { JemssTables } from '../../engine/import/jemss/tables.ts';
import { readZipEntry, zipEntries } from '../../engine/import/jemss/zip.ts';
import { buildMetric } from '../../engine/routing/build-metric.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { findProfile } from '../../engine/routing/profiles.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { Problems } from '../../engine/scenario/problems.ts';
import { createSnapper } from '../../engine/spatial/snap.ts';
import { diskOf, jemssTown, CONFIG } from '../support/jemss-city.ts';
import { readJemss } from '../../engine/import/jemss/read-inputs.ts';
import { describeWithData } from '../support/shared-data.ts';

const MS_PER_DAY = 86_400_000;

interface Network {
  nodes: JemssNodes;
  arcs: JemssArcs;
  map: JemssMap;
}

/** @param scale  km in a degree: small, where a test network gives days to streets of a degree */
function networkOf(nodeBytes: Uint8Array, arcBytes: Uint8Array, scale: number): Network {
  const problems = new Problems();
  const nodes = readNodes(new JemssTables('nodes.csv', nodeBytes, problems))!;
  const arcs = readArcs(new JemssTables('arcs.csv', arcBytes, problems), nodes.x.length, problems)!;
  problems.throwIfAny();
  return { nodes, arcs, map: { xMin: -180, xMax: 180, yMin: -90, yMax: 90, xScale: scale, yScale: scale } };
}

const roadsOfNetwork = (network: Network, places: [number, number][] = []): JemssRoads =>
  roadsOf(
    {
      ...network,
      travel: { offRoadSpeed: network.arcs.timesDays.map(() => 1000), sets: [], timing: [] },
      configName: 'x',
    },
    places,
  );

/** What every arc of the file is said to take, in the order of the file; undirected ones once more, backwards. */
function* arcsOfFile({ arcs }: Network): Generator<{ from: number; to: number; days: number[] }> {
  for (let i = 0; i < arcs.from.length; i++) {
    const days = arcs.timesDays.map((times) => times[i]);
    yield { from: arcs.from[i], to: arcs.to[i], days };
    if (!arcs.directed) yield { from: arcs.to[i], to: arcs.from[i], days };
  }
}

/** Times by the file's own node numbers, so that nothing of the reader's bookkeeping is believed. */
function timesByEnds(graph: RoadGraph, mode: number): Map<string, number[]> {
  const times = graph.arcTimes!.find(({ name }) => name === timesName(mode))!.ms;
  const byEnds = new Map<string, number[]>();
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const key = `${graph.nodeOsmId[graph.tail[arc]]}>${graph.nodeOsmId[graph.head[arc]]}`;
    byEnds.set(
      key,
      [...(byEnds.get(key) ?? []), times[arc]].sort((a, b) => a - b),
    );
  }
  return byEnds;
}

function expectEveryArcExact(network: Network, graph: RoadGraph): void {
  network.arcs.timesDays.forEach((_, mode) => {
    const expected = new Map<string, number[]>();
    for (const { from, to, days } of arcsOfFile(network)) {
      const key = `${from + 1}>${to + 1}`;
      expected.set(
        key,
        [...(expected.get(key) ?? []), Math.round(days[mode] * MS_PER_DAY)].sort((a, b) => a - b),
      );
    }
    const got = timesByEnds(graph, mode);
    expect(got.size).toBe(expected.size);
    let wrong = 0;
    for (const [key, ms] of expected) if (String(got.get(key)) !== String(ms)) wrong++;
    expect(wrong).toBe(0);
  });
}

/** Days from one node to all: Dijkstra with a binary heap on the rows of the file. */
function daysFrom(network: Network, source: number, mode: number): Float64Array {
  const { arcs, nodes } = network;
  const out: [number, number][][] = Array.from({ length: nodes.x.length }, () => []);
  for (const { from, to, days } of arcsOfFile(network)) out[from].push([to, days[mode]]);
  expect(arcs.from.length).toBeGreaterThan(0);
  const days = new Float64Array(nodes.x.length).fill(Infinity);
  days[source] = 0;
  const heap: [number, number][] = [[0, source]];
  const swap = (a: number, b: number): void => void ([heap[a], heap[b]] = [heap[b], heap[a]]);
  while (heap.length > 0) {
    const [at, node] = heap[0];
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ;) {
        const least = [2 * i + 1, 2 * i + 2].reduce(
          (best, child) => (child < heap.length && heap[child][0] < heap[best][0] ? child : best),
          i,
        );
        if (least === i) break;
        swap(i, least);
        i = least;
      }
    }
    if (at > days[node]) continue;
    for (const [to, of] of out[node]) {
      if (at + of >= days[to]) continue;
      days[to] = at + of;
      heap.push([days[to], to]);
      for (let i = heap.length - 1; i > 0 && heap[i][0] < heap[(i - 1) >> 1][0]; i = (i - 1) >> 1)
        swap(i, (i - 1) >> 1);
    }
  }
  return days;
}

/** Routed times between nodes of the file, in ms. */
function routedFrom(graph: RoadGraph, mode: number, source: number, targets: readonly number[]): number[] {
  const metric = buildMetric(
    graph,
    { ...findProfile('plain'), arcTimes: { calm: timesName(mode), siren: '' } },
    { siren: false },
  );
  const nodeOf = new Map(Array.from(graph.nodeOsmId, (id, node) => [id, node]));
  const at = (node: number) => positionOfNode(graph, nodeOf.get(node + 1)!);
  return [...createRouter(metric).timesFrom(at(source), targets.map(at))];
}

describeWithData("the networks of JEMSS's own tests", (data) => {
  const folder = join(data, 'jemss/test/data/network/small');
  const networks: [string, number][] = [
    ['end loop', 5], ['grid 3 by 3', 9], ['grid 9 by 9', 81], ['loop closed directed', 3], ['loop closed undirected', 3],
    ['one way road', 3], ['only rNodes', 4], ['roundabout', 5], ['sp not on rArc only', 6], ['sp on rArc only', 6],
    ['sp simple choice 1', 5], ['three nodes two arcs', 3], ['two nodes one arc', 2], ['two shared rArcs', 6],
  ]; // prettier-ignore
  it.each(networks)(
    '%s: %i nodes, every arc exact in every mode, every drive as the file says',
    async (name, nNodes) => {
      const file = (base: string) => readFile(join(folder, name, base));
      const network = networkOf(await file('nodes.csv'), await file('arcs.csv'), 1);
      expect(network.nodes.x.length).toBe(nNodes);
      const graph = await buildRoadGraph(roadsOfNetwork(network).extract);
      expect(graph.nNodes).toBe(nNodes);
      expectEveryArcExact(network, graph);
      const all = [...network.nodes.x.keys()];
      network.arcs.timesDays.forEach((_, mode) => {
        for (const source of all.slice(0, 12)) {
          const days = daysFrom(network, source, mode);
          const timesMs = routedFrom(graph, mode, source, all);
          all.forEach((target, i) => {
            const expected = days[target] === Infinity ? UNREACHED_MS : days[target] * MS_PER_DAY;
            // an arc is rounded to a millisecond, a path has fewer arcs than nodes
            expect(Math.abs(timesMs[i] - expected)).toBeLessThanOrEqual(nNodes / 2);
          });
        }
      });
    },
  );
});

describeWithData("the networks of JEMSS's cities", (data) => {
  it.each([
    ['auckland', 54_370, 90_638],
    ['manhattan', 16_811, 24_437],
  ])(
    '%s: %i nodes and %i arcs, every time exact in both modes; drives as plain Dijkstra on the CSV',
    async (city, nNodes, nArcs) => {
      const name = join(data, `jemss/data/cities/${city}/models/1/travel/roads/roads.zip`);
      const archive = await readFile(name);
      const entry = (base: string) =>
        readZipEntry(
          name,
          archive,
          zipEntries(name, archive).find((one) => one.name === base)!,
          1e9,
        );
      const network = networkOf(await entry('nodes.csv'), await entry('arcs.csv'), 100);
      expect([network.nodes.x.length, network.arcs.from.length]).toEqual([nNodes, nArcs]);
      const roads = roadsOfNetwork(network);
      const graph = await buildRoadGraph(roads.extract);
      expect([graph.nNodes, graph.nArcs]).toEqual([nNodes - roads.unusedNodes, nArcs]);
      expectEveryArcExact(network, graph);
      const targets = Array.from({ length: 200 }, (_, i) => (i * 7919 + 13) % nNodes);
      for (const [source, mode] of [
        [4, 0],
        [nNodes >> 1, 1],
      ]) {
        const days = daysFrom(network, source, mode);
        const timesMs = routedFrom(graph, mode, source, targets);
        const errorsMs = targets.map((target, i) => Math.abs(timesMs[i] - days[target] * MS_PER_DAY));
        // rounding of arcs, half a millisecond each at most and as often up as down
        expect(Math.max(...errorsMs)).toBeLessThan(25);
      }
    },
    60_000,
  );
});

describe('places beside the road', () => {
  it('are reached over a spur of the length and time that JEMSS drives off the road', async () => {
    const inputs = await readJemss(diskOf(jemssTown()), CONFIG);
    const places: [number, number][] = [[0.0, 0.001], [0.0199, 0.0002], [0.01, 0.01], [0.0151, 0.0049]]; // prettier-ignore
    const roads = roadsOf(inputs, places);
    const graph = await buildRoadGraph(roads.extract);
    const snapper = createSnapper(graph);
    for (const siren of [false, true]) {
      const mode = siren ? 0 : 1;
      const metric = buildMetric(graph, { ...findProfile('plain'), siren: { linkFactor: 1, junctionFactor: 1, exempt: [] }, arcTimes: { calm: 'mode_2', siren: 'mode_1' } }, { siren }); // prettier-ignore
      const router = createRouter(metric);
      const network: Network = inputs;
      const ends = places.map(([x, y], i) => {
        const snapped = snapper.snap(...roads.places[i], 1)!;
        expect(snapped.distanceM).toBe(0);
        const { node, km } = nearestNodeFinder(inputs.map, inputs.nodes)(x, y);
        return { snapped, node, days: km / inputs.travel.offRoadSpeed[mode] };
      });
      for (const from of ends) {
        const onRoad = daysFrom(network, from.node, mode);
        for (const to of ends) {
          if (from === to) continue;
          const ms = router.timeMs(from.snapped.position, to.snapped.position);
          expect(Math.abs(ms - (from.days + onRoad[to.node] + to.days) * MS_PER_DAY)).toBeLessThanOrEqual(4);
        }
      }
    }
    // the motorway's node 3 is nearest to the second place, but nobody leaves the road there
    expect(roads.offRoadKm[1]).toBeCloseTo(planeKm(inputs.map, 0.0199, 0.0002, 0.02, 0.01), 9);
  });

  it('belong to the nearest node that may be left, as a look at every node finds', () => {
    // seed 5 of a small generator, so that a failure comes again
    let state = 5;
    const random = (): number => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (const n of [1, 2, 50, 2000]) {
      const nodes: JemssNodes = {
        x: Float64Array.from({ length: n }, () => random() * 0.2),
        y: Float64Array.from({ length: n }, () => random() * random() * 0.1),
        names: [],
        offRoadAccess: Uint8Array.from({ length: n }, (_, i) => (i === 0 || random() < 0.7 ? 1 : 0)),
      };
      const map: JemssMap = { xMin: 0, xMax: 1, yMin: 0, yMax: 1, xScale: 88.99, yScale: 111.32 };
      const find = nearestNodeFinder(map, nodes);
      for (let i = 0; i < 300; i++) {
        const [x, y] = [random() * 0.4 - 0.1, random() * 0.3 - 0.1];
        let [best, bestKm] = [NONE, Infinity];
        nodes.x.forEach((nodeX, node) => {
          const km = planeKm(map, x, y, nodeX, nodes.y[node]);
          if (nodes.offRoadAccess[node] === 1 && km < bestKm) [best, bestKm] = [node, km];
        });
        expect(find(x, y)).toEqual({ node: best, km: bestKm });
      }
    }
  });
});
