import { readFile } from 'node:fs/promises';
import { MultiDirectedGraph, UndirectedGraph } from 'graphology';
import { dijkstra } from 'graphology-shortest-path';
import type { AbstractGraph } from 'graphology-types';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph, graphContentHash } from '../../engine/graph/build.ts';
import { GRAPH_COLUMNS } from '../../engine/graph/columns.ts';
import { fromGraphology } from '../../engine/graph/from-graphology.ts';
import { CONTROL_COLUMNS } from '../../engine/graph/controls.ts';
import { toGraphology } from '../../engine/graph/graphology.ts';
import { positionOfNode, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { readRoads } from '../../engine/import/import.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { createMetric } from '../../engine/routing/metric.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { NONE, UNREACHED_MS } from '../../engine/units.ts';
import { map } from '../support/ascii-map.ts';
import { problemsOf, readMap } from '../support/read-map.ts';
import { printGraph, randomGraph, testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';
import { TOWN } from '../support/tiny-map.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 135_400 + i);

const timesOf = (graph: RoadGraph, profile = 'plain') =>
  buildMetric(graph, findProfile(profile), { siren: false });

/** Times from every node to every node. */
function allTimes(graph: RoadGraph, profile = 'plain'): Uint32Array {
  const nodes = Array.from({ length: graph.nNodes }, (_, node) => positionOfNode(graph, node));
  return createRouter(timesOf(graph, profile)).matrix(nodes, nodes);
}

/** A random graph on whose arcs a driver meets signals, signs and crossings. */
async function randomGraphWithControls(seed: number): Promise<RoadGraph> {
  const graph = await randomGraph(seed);
  const random = testStream(seed + 1);
  for (const column of Object.values(CONTROL_COLUMNS)) {
    for (let arc = 0; arc < graph.nArcs; arc++) graph[column][arc] = random.below(2);
  }
  graph.contentHash = await graphContentHash(graph);
  return graph;
}

/** Every column and restriction alike; limits only where the road is open, names as text. */
function expectSameRoads(after: RoadGraph, before: RoadGraph): void {
  for (const [column] of GRAPH_COLUMNS) {
    if (/Kph|segmentName/.test(column)) continue;
    expect(after[column], column).toEqual(before[column]);
  }
  for (let segment = 0; segment < before.nSegments; segment++) {
    const { segmentForwardArc: forward, segmentBackwardArc: backward } = before;
    const kphOf = (graph: RoadGraph): unknown => [
      forward[segment] !== NONE && graph.segmentMaxForwardKph[segment],
      backward[segment] !== NONE && graph.segmentMaxBackwardKph[segment],
      graph.names[graph.segmentName[segment]],
    ];
    expect(kphOf(after)).toEqual(kphOf(before));
  }
  expect(JSON.stringify(after.restrictions)).toBe(JSON.stringify(before.restrictions));
  expect(after.modes).toBe(before.modes);
}

describe('a road graph in graphology', () => {
  it('says of nodes and edges what the road graph says, under its own numbers', async () => {
    const { graph, ...town } = await map('A---B---C', {
      AB: { name: 'High Street', maxKph: 50 },
      BC: { oneway: true, roadClass: 'primary', maxKph: 0 },
    });
    const network = await toGraphology(graph, { arcTimeMs: Uint32Array.from([11, 22, 33]) });
    expect(network.nodes()).toEqual(['0', '1', '2']);
    expect(network.getNodeAttributes(String(town.node('B')))).toEqual({
      lon: graph.nodeLonE7[1] / 1e7,
      lat: 0,
      osmNodeId: 66,
    });
    const street = {
      segment: 0,
      lengthM: 400,
      roadClass: 'residential',
      name: 'High Street',
      modes: ['car'],
    };
    expect(network.mapEdges((key, attributes, from, to) => [key, from, to, attributes])).toEqual([
      ['0', '0', '1', { ...street, direction: 'forward', osmWayId: 1, maxKph: 50, timeMs: 11 }],
      ['1', '1', '0', { ...street, direction: 'backward', osmWayId: 1, maxKph: 50, timeMs: 22 }],
      [
        '2', '1', '2',
        { ...street, segment: 1, name: 'BC', roadClass: 'primary', direction: 'forward', osmWayId: 2, timeMs: 33 },
      ],
    ]); // prettier-ignore
  });

  it('gives the shortest times of graphology-shortest-path, equal to the millisecond (seeds 135400 to 135409)', async () => {
    let nParallel = 0;
    for (const seed of SEEDS.slice(0, 10)) {
      const graph = await randomGraph(seed);
      const { arcTimeMs } = timesOf(graph, 'patrol-car');
      const all = await toGraphology(graph, { arcTimeMs });
      const cheapest = await toGraphology(graph, { arcTimeMs, parallel: 'cheapest' });
      expect(all.size).toBe(graph.nArcs);
      expect(cheapest.size + cheapest.getAttribute('parallelArcs')).toBe(graph.nArcs);
      nParallel += cheapest.getAttribute('parallelArcs');
      const ours = allTimes(graph, 'patrol-car');
      for (let from = 0; from < graph.nNodes; from++) {
        const expected = [...ours.subarray(from * graph.nNodes, (from + 1) * graph.nNodes)];
        for (const network of [all, cheapest]) {
          expect(dijkstraTimes(network, from), `seed ${seed} from ${from}\n${printGraph(graph)}`).toEqual(
            expected,
          );
        }
      }
    }
    expect(nParallel).toBeGreaterThan(0);
  });

  it('makes no edge of a closed arc, and counts it', async () => {
    const { graph, ...town } = await map('A---B---C');
    const times = timesOf(graph).arcTimeMs.map((timeMs, arc) =>
      graph.head[arc] === town.node('C') ? UNREACHED_MS : timeMs,
    );
    const network = await toGraphology(graph, { arcTimeMs: times });
    expect(network.getAttribute('closedArcs')).toBe(1);
    expect(
      dijkstra.bidirectional(network, String(town.node('A')), String(town.node('C')), 'timeMs'),
    ).toBeNull();
    expect(
      dijkstra.bidirectional(network, String(town.node('C')), String(town.node('A')), 'timeMs'),
    ).toHaveLength(3);
  });

  it('has as many components as the roads (seeds 135400 to 135439)', async () => {
    const counts = new Set<number>();
    for (const seed of SEEDS) {
      const graph = await randomGraph(seed);
      const count = componentsOf(graph);
      counts.add(count);
      expect(countComponents(await toGraphology(graph)), `seed ${seed}`).toBe(count);
    }
    expect(counts.size).toBeGreaterThan(1);
  });

  it('keeps of parallel roads the shortest where no times are given', async () => {
    const network = new MultiDirectedGraph();
    network.addNode('a', { lon: 0, lat: 0 });
    network.addNode('b', { lon: 0.01, lat: 0 });
    for (const lengthM of [1300, 1200, 1250]) network.addEdge('a', 'b', { lengthM, roadClass: 'service' });
    const simple = await toGraphology(await fromGraphology(network), { parallel: 'cheapest' });
    expect(simple.mapEdges((_, { lengthM }) => lengthM)).toEqual([1200]);
    expect(simple.getAttribute('parallelArcs')).toBe(2);
  });
});

/** Single-source Dijkstra of graphology-shortest-path, its paths added up. */
function dijkstraTimes(network: AbstractGraph, from: number): number[] {
  const paths = dijkstra.singleSource(network, String(from), 'timeMs');
  return network.mapNodes((node) => {
    if (!Object.hasOwn(paths, node)) return UNREACHED_MS;
    return paths[node].slice(1).reduce((sum, to, i) => {
      const times = network.mapOutEdges(paths[node][i], to, (_, { timeMs }) => timeMs as number);
      return sum + Math.min(...times);
    }, 0);
  });
}

function countComponents(network: AbstractGraph): number {
  const seen = new Set<string>();
  let count = 0;
  network.forEachNode((start) => {
    if (seen.has(start)) return;
    count++;
    const stack = [start];
    seen.add(start);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      network.forEachNeighbor(node, (next) => {
        if (!seen.has(next)) stack.push(next);
        seen.add(next);
      });
    }
  });
  return count;
}

/** The same by merging the two ends of every segment. */
function componentsOf({ nNodes, nSegments, segmentFrom, segmentTo }: RoadGraph): number {
  const part = Array.from({ length: nNodes }, (_, node) => node);
  for (let segment = 0; segment < nSegments; segment++) {
    const [kept, gone] = [part[segmentFrom[segment]], part[segmentTo[segment]]];
    for (let node = 0; node < nNodes; node++) if (part[node] === gone) part[node] = kept;
  }
  return new Set(part).size;
}

describe('a road graph out of graphology', () => {
  it('answers as the one that went in (seeds 135400 to 135439)', async () => {
    for (const seed of SEEDS) {
      const before = await randomGraphWithControls(seed);
      const after = await fromGraphology(await toGraphology(before));
      expectSameRoads(after, before);
      for (const profile of ['plain', 'patrol-car']) {
        expect(allTimes(after, profile), `seed ${seed}\n${printGraph(before)}`).toEqual(
          allTimes(before, profile),
        );
      }
    }
  });

  it('is the same again through text, and loses nothing to names, shapes and restrictions', async () => {
    const before = await buildRoadGraph(await readMap(TOWN));
    expect(before.restrictions).toHaveLength(1);
    const network = await toGraphology(before);
    const text = JSON.stringify(network.export());
    const after = await fromGraphology(
      MultiDirectedGraph.from(JSON.parse(text) as ReturnType<typeof network.export>),
    );
    expectSameRoads(after, before);
    expect(after.source).toEqual({ ...before.source, format: 'graphology' });
  });

  it('counts the restrictions that lost an edge', async () => {
    const before = await buildRoadGraph(await readMap(TOWN));
    const network = await toGraphology(before);
    network.dropEdge(String(before.restrictions[0].arcs[1]));
    const after = await fromGraphology(network);
    expect(after.restrictions).toEqual([]);
    expect(after.restrictionsNotPlaced).toBe(1);
    expect(after.nArcs).toBe(before.nArcs - 1);
  });

  /** Two edges between a and b, and what they become. */
  const pair = async (second: object, back: [number, number][] = [[0.005, 0.001]]): Promise<RoadGraph> => {
    const network = new MultiDirectedGraph();
    network.addNode('a', { lon: 0, lat: 0 });
    network.addNode('b', { lon: 0.01, lat: 0 });
    network.addNode('alone', { lon: 1, lat: 1 });
    const street = { lengthM: 1200.5, roadClass: 'tertiary', name: 'Bow Street' };
    network.addEdge('a', 'b', { ...street, maxKph: 30, shape: [[0.002, 0.001], [0.005, 0.001]] }); // prettier-ignore
    network.addEdge('b', 'a', { ...street, maxKph: 40, shape: [...back, [0.002, 0.001]], ...second });
    return fromGraphology(network);
  };

  it('joins two opposite edges of equal geometry to one two-way road', async () => {
    const graph = await pair({});
    expect([graph.nNodes, graph.nSegments, graph.nArcs]).toEqual([2, 1, 2]);
    expect([...graph.shapeLonE7]).toEqual([0, 20_000, 50_000, 100_000]);
    expect([...graph.segmentLengthMm]).toEqual([1_200_500]);
    expect([graph.segmentMaxForwardKph[0], graph.segmentMaxBackwardKph[0]]).toEqual([30, 40]);
  });

  it.each([
    ['length', { lengthM: 1200.501 }],
    ['class', { roadClass: 'service' }],
    ['name', { name: 'Arrow Street' }],
    ['way', { osmWayId: 7 }],
    ['surface', { surface: 'gravel' }],
    ['segment', { segment: 'other' }],
    ['shape', { shape: [] }],
  ])('leaves them two one-way roads when they differ in %s', async (_, second) => {
    const graph = await pair(second);
    expect([graph.nSegments, graph.nArcs]).toEqual([2, 2]);
    expect([graph.segmentBackwardArc[0], graph.segmentBackwardArc[1]]).toEqual([NONE, NONE]);
  });

  it('joins an edge to one other edge only', async () => {
    const network = new MultiDirectedGraph();
    network.addNode('a', { lon: 0, lat: 0 });
    network.addNode('b', { lon: 0.01, lat: 0 });
    for (const [from, to] of ['ab', 'ba', 'ba', 'ab', 'ba'])
      network.addEdge(from, to, { lengthM: 1200, roadClass: 'road' });
    const graph = await fromGraphology(network);
    expect([graph.nSegments, graph.nArcs]).toEqual([3, 5]);
  });

  it('drives an undirected edge both ways, and any edge of 0 m as one millimetre', async () => {
    const network = new UndirectedGraph();
    network.addNode('a', { lon: 13, lat: 1 });
    network.addNode('b', { lon: 13, lat: 1 });
    network.addEdge('a', 'b', { lengthM: 0, roadClass: 'path', modes: ['foot', 'bicycle'] });
    const graph = await fromGraphology(network, { name: 'paths', attribution: 'me' });
    expect([graph.nArcs, graph.segmentLengthMm[0], graph.modes]).toEqual([2, 1, 12]);
    expect(graph.source).toEqual({ name: 'paths', format: 'graphology', attribution: 'me' });
  });

  it('names every bad attribute in one go, with its node or edge', async () => {
    const network = new MultiDirectedGraph();
    network.addNode('good', { lon: 0, lat: 0 });
    network.addNode('lost', { lon: NaN });
    network.addNode('off', { lon: 0, lat: 91, osmNodeId: 1.5 });
    const edge = { lengthM: 1, roadClass: 'service' };
    network.addEdgeWithKey('e1', 'good', 'lost', {});
    network.addEdgeWithKey('e2', 'good', 'lost', { lengthM: '12', roadClass: 'motorwy' });
    network.addEdgeWithKey('e3', 'good', 'off', { ...edge, lengthM: -1, maxKph: Infinity, surface: 7 });
    network.addEdgeWithKey('e4', 'good', 'good', { ...edge, name: 5, direction: 'up', signals: 2 });
    network.addEdgeWithKey('e5', 'good', 'off', { ...edge, shape: [[0, 1], [0]], modes: [], osmWayId: -3, segment: {} }); // prettier-ignore
    const problems = await problemsOf(fromGraphology(network, { name: 'mine' }));
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['mine']));
    expect(problems.map(({ place, message }) => `${place} ${message.split(';')[0]}`)).toEqual([
      'node "lost" lon is NaN',
      'node "lost" lat is missing',
      'node "off" lat is 91',
      'node "off" osmNodeId is 1.5',
      'edge "e1" lengthM is missing',
      'edge "e1" roadClass is missing',
      'edge "e2" lengthM is "12"',
      'edge "e2" roadClass is "motorwy"',
      'edge "e3" lengthM is -1',
      'edge "e3" maxKph is Infinity',
      'edge "e3" surface is 7',
      'edge "e4" ends where it begins',
      'edge "e4" direction is "up"',
      'edge "e4" name is 5',
      'edge "e4" signals is 2',
      'edge "e5" modes is []',
      'edge "e5" shape is [[0,1],[0]]',
      'edge "e5" osmWayId is -3',
      'edge "e5" segment is {}',
    ]);
    expect(problems[7].message).toContain('did you mean "motorway"?');
  });

  it('refuses a graph without edges, modes it leaves out, and restrictions that are none', async () => {
    const network = new MultiDirectedGraph();
    expect(await problemsOf(fromGraphology(network))).toEqual([
      { file: 'graphology', place: '', message: 'has no edges; a road network has at least one' },
    ]);
    network.addNode('a', { lon: 0, lat: 0 });
    network.addNode('b', { lon: 0.01, lat: 0 });
    for (const key of ['e', 'f'])
      network.addEdgeWithKey(key, 'a', 'b', { lengthM: 1200, roadClass: 'road', modes: ['foot'] });
    const turn = { osmId: 1, kind: 'no_u_turn', vehicle: '', except: [], condition: '', when: 'always' };
    network.replaceAttributes({
      modes: ['car'],
      restrictions: [7, { ...turn, edges: ['e', 'f'] }, { ...turn, edges: 'ef' }],
    });
    expect((await problemsOf(fromGraphology(network))).map(({ place }) => place)).toEqual([
      'edge "e"', 'edge "f"', 'restriction 0', 'restriction 1', 'restriction 2',
    ]); // prettier-ignore
  });
});

describeWithData('Liechtenstein through graphology', (data) => {
  it('keeps every column and every time from 40 places', async () => {
    const bytes = await readFile(`${data}/osm/liechtenstein.osm.pbf`);
    const before = await buildRoadGraph(await readRoads({ name: 'l', bytes }, { pedestrianStreets: false }));
    expect(before.restrictions.length).toBeGreaterThan(0);
    const network = await toGraphology(before, { arcTimeMs: timesOf(before).arcTimeMs });
    const after = await fromGraphology(network);
    expectSameRoads(after, before);
    const random = testStream(135_450);
    const places = Array.from({ length: 40 }, () => positionOfNode(before, random.below(before.nNodes)));
    // turn rules on both sides
    const matrix = (graph: RoadGraph): Uint32Array =>
      createRouter(
        createMetric(graph, timesOf(graph).arcTimeMs, { name: 'with turns', obeys: () => true }),
      ).matrix(places, places);
    expect(matrix(after)).toEqual(matrix(before));
  });
});
