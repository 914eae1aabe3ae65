/** The contraction order: a permutation on any shape, built on cuts that are smallest and really separate. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { buildHierarchy, type Hierarchy } from '../../engine/routing/hierarchy.ts';
import { networkOf } from '../../engine/routing/network.ts';
import { cutNearSource, cutNearTarget, nearSideOf } from '../../engine/routing/order-cut.ts';
import { FlowWork, FREE } from '../../engine/routing/order-flow.ts';
import { DIRECTIONS, wholeGraph, type Parts } from '../../engine/routing/order-parts.ts';
import { MinimumDegree } from '../../engine/routing/order-small.ts';
import { pushLeftmostPaths, pushPaths } from '../../engine/routing/order-paths.ts';
import { contractionOrder } from '../../engine/routing/order.ts';
import { SeparatorWork } from '../../engine/routing/separator.ts';
import { topologyOf, type Topology } from '../../engine/routing/topology.ts';
import { testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';

type Place = (node: number) => [number, number];

/** Topology of a list of node pairs, each given once. */
function topologyFrom(nNodes: number, pairs: [number, number][], place: Place): Topology {
  const first = new Uint32Array(nNodes + 1);
  for (const pair of pairs) for (const node of pair) first[node + 1]++;
  for (let v = 0; v < nNodes; v++) first[v + 1] += first[v];
  const end = first.slice();
  const neighbour = new Uint32Array(2 * pairs.length);
  for (const [a, b] of pairs) {
    neighbour[end[a]++] = b;
    neighbour[end[b]++] = a;
  }
  for (let v = 0; v < nNodes; v++) neighbour.subarray(first[v], first[v + 1]).sort();
  const places = Array.from({ length: nNodes }, (_, v) => place(v));
  return {
    nNodes,
    first,
    neighbour,
    x: Float64Array.from(places, ([x]) => x),
    y: Float64Array.from(places, ([, y]) => y),
  };
}

/** Streets of a town that was meant to be a grid: some are missing, junctions are shifted, some ways pass above others. */
function noisyGrid(seed: number, side: number, { bridges = 0 } = {}): Topology {
  const random = testStream(seed);
  const pairs: [number, number][] = [];
  const places: [number, number][] = [];
  for (let v = 0; v < side * side; v++) {
    places.push([(v % side) * 1000 + random.below(400), Math.floor(v / side) * 1000 + random.below(400)]);
    if (v % side > 0 && random.uniform() < 0.85) pairs.push([v, v - 1]);
    if (v >= side && random.uniform() < 0.85) pairs.push([v, v - side]);
  }
  for (let i = 0; i < bridges; i++) {
    const [a, b] = [random.below(side * side), random.below(side * side)];
    if (Math.abs(a - b) !== 1 && Math.abs(a - b) !== side && a !== b) pairs.push([a, b]);
  }
  const once = new Map(
    pairs.map(([a, b]) => [Math.min(a, b) * side * side + Math.max(a, b), [a, b] as const]),
  );
  return topologyFrom(
    side * side,
    [...once.values()].map(([a, b]) => [a, b]),
    (v) => places[v],
  );
}

const partsOf = ({ first, neighbour, x, y }: Topology): Parts =>
  wholeGraph(Int32Array.from(first), Int32Array.from(neighbour), x, y);

function hierarchyOf(topology: Topology): Hierarchy {
  const rank = contractionOrder(topology);
  const taken = new Uint8Array(topology.nNodes);
  for (const r of rank) taken[r]++;
  expect(taken.every((count) => count === 1)).toBe(true);
  return buildHierarchy(topology, rank);
}

const depthOf = ({ depth }: Hierarchy): number => depth.reduce((most, d) => Math.max(most, d), 0);

/** Nodes reached from `from` without passing `barred`, one street after the other. */
function reachedFrom({ first, neighbour }: Topology, from: number[], barred: Set<number>): Set<number> {
  const reached = new Set(from.filter((v) => !barred.has(v)));
  for (const v of reached) {
    for (const w of neighbour.subarray(first[v], first[v + 1])) if (!barred.has(w)) reached.add(w);
  }
  return reached;
}

/** Connected pieces of what is left without `barred`, the largest first. */
function piecesWithout(topology: Topology, barred: Set<number>): number[][] {
  const pieces: number[][] = [];
  const seen = new Set<number>();
  for (let v = 0; v < topology.nNodes; v++) {
    if (barred.has(v) || seen.has(v)) continue;
    const piece = [...reachedFrom(topology, [v], barred)];
    for (const w of piece) seen.add(w);
    pieces.push(piece);
  }
  return pieces.sort((a, b) => b.length - a.length);
}

/** How many paths that share no node lead from one set to another: the textbook's flow on nodes split in two. */
function disjointPaths({ nNodes, first, neighbour }: Topology, from: number[], to: Set<number>): number {
  const [source, target] = [2 * nNodes, 2 * nNodes + 1];
  const room: Map<number, number>[] = Array.from({ length: 2 * nNodes + 2 }, () => new Map<number, number>());
  const connect = (a: number, b: number): void => {
    room[a].set(b, 1);
    if (!room[b].has(a)) room[b].set(a, 0);
  };
  for (let v = 0; v < nNodes; v++) {
    connect(2 * v, 2 * v + 1);
    for (const w of neighbour.subarray(first[v], first[v + 1])) connect(2 * v + 1, 2 * w);
    if (to.has(v)) connect(2 * v + 1, target);
  }
  for (const v of from) connect(source, 2 * v);
  for (let paths = 0; ; paths++) {
    const cameFrom = new Map([[source, source]]);
    for (const state of cameFrom.keys()) {
      for (const [next, left] of room[state]) if (left > 0 && !cameFrom.has(next)) cameFrom.set(next, state);
    }
    if (!cameFrom.has(target)) return paths;
    for (let state = target; state !== source; state = cameFrom.get(state)!) {
      const before = cameFrom.get(state)!;
      room[before].set(state, room[before].get(state)! - 1);
      room[state].set(before, room[state].get(before)! + 1);
    }
  }
}

describe('the flow between two ends of a part', () => {
  it('is as large as the textbook says while the ends grow, with both cuts no larger, and they separate (seeds 1 to 40)', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const topology = noisyGrid(seed, 5 + (seed % 8), { bridges: seed % 3 === 0 ? 0 : seed % 12 });
      const parts = partsOf(topology);
      const size = topology.nNodes;
      const flow = new FlowWork(size);
      const cut = new Int32Array(size);
      for (let d = 0; d < DIRECTIONS.length; d++) {
        flow.begin(parts, d, 0, size);
        for (const share of [0.1, 0.25, 0.45]) {
          const ends = Math.floor(share * size);
          flow.growEnds(ends);
          const source = Array.from(parts.along[d].subarray(0, ends));
          const target = Array.from(parts.along[d].subarray(size - ends));
          if (seed % 2 === 0) pushLeftmostPaths(flow, Infinity);
          while (pushPaths(flow, Infinity) > 0);
          const place = `seed ${seed}, direction ${d}, ends of ${ends}`;
          expect(flow.flow, place).toBe(disjointPaths(topology, source, new Set(target)));
          for (const side of ['source', 'target'] as const) {
            const nCut = side === 'source' ? cutNearSource(flow, cut) : cutNearTarget(flow, cut);
            expect(nCut, place).toBeLessThanOrEqual(flow.flow);
            const [own, other, used] =
              side === 'source' ? [source, target, flow.flowFrom] : [target, source, flow.flowTo];
            const ownEnd = new Set(own);
            const { entered, left, stamp } = flow;
            const near = Array.from({ length: size }, (_, v) => v).filter((v) =>
              used[v] === FREE ? entered[v] === stamp || ownEnd.has(v) : left[v] === stamp,
            );
            expect(near, place).toHaveLength(nearSideOf(flow));
            // nothing that is near is next to anything beyond the cut
            const reached = reachedFrom(topology, near, new Set(cut.subarray(0, nCut)));
            expect(
              [...reached].sort((a, b) => a - b),
              place,
            ).toEqual(near);
            expect(
              other.some((v) => used[v] === FREE && reached.has(v)),
              place,
            ).toBe(false);
          }
        }
      }
    }
  });

  it('is all in the leftmost paths where no way passes above another (seeds 1 to 5)', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const topology = noisyGrid(seed, 60);
      const flow = new FlowWork(topology.nNodes);
      for (let d = 0; d < DIRECTIONS.length; d++) {
        flow.begin(partsOf(topology), d, 0, topology.nNodes);
        flow.growEnds(topology.nNodes / 10);
        expect(pushLeftmostPaths(flow, Infinity)).toBeGreaterThan(10);
        expect(pushPaths(flow, Infinity), `seed ${seed}, direction ${d}`).toBe(0);
      }
    }
  });

  it('stops when there is enough', () => {
    const topology = noisyGrid(1, 30);
    const flow = new FlowWork(topology.nNodes);
    flow.begin(partsOf(topology), 0, 0, topology.nNodes);
    flow.growEnds(90);
    expect(pushLeftmostPaths(flow, 3)).toBe(3);
    expect(pushPaths(flow, 2)).toBe(2);
    expect(flow.flow).toBe(5);
  });
});

describe('a separator', () => {
  it('leaves no connected piece of more than nine tenths of a part, and on grids is about as long as a side (seeds 1 to 30)', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const side = 6 + seed;
      const whole = noisyGrid(seed, side);
      const largest = piecesWithout(whole, new Set())[0].sort((a, b) => a - b);
      const ix = new Map(largest.map((v, i) => [v, i]));
      const pairs = largest.flatMap((v) =>
        Array.from(whole.neighbour.subarray(whole.first[v], whole.first[v + 1]))
          .filter((w) => w > v)
          .map((w): [number, number] => [ix.get(v)!, ix.get(w)!]),
      );
      const part = topologyFrom(largest.length, pairs, (i) => [whole.x[largest[i]], whole.y[largest[i]]]);
      const work = new SeparatorWork(part.nNodes);
      for (const directions of [
        [0, 1],
        [3, 2],
        [1, 0, 3, 2],
      ]) {
        work.find(partsOf(part), 0, part.nNodes, Int32Array.from(directions), directions.length);
        const cut = new Set(work.cut.subarray(0, work.nCut));
        expect(cut.size).toBe(work.nCut);
        expect(work.nCut).toBeGreaterThan(0);
        expect(work.nCut).toBeLessThanOrEqual(1.5 * side);
        const pieces = piecesWithout(part, cut);
        expect(pieces[0].length, `seed ${seed}`).toBeLessThanOrEqual(0.9 * part.nNodes);
        expect(pieces.length, `seed ${seed}`).toBeGreaterThan(1);
      }
    }
  });
});

describe('the order of a small part', () => {
  it('takes the node of fewest neighbours each time, those beyond the part counted, as sets of neighbours say (seeds 1 to 60)', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = testStream(seed);
      const { nNodes, first, neighbour } = noisyGrid(seed, 9, { bridges: 4 * (seed % 5) });
      const nodes = Int32Array.from({ length: nNodes }, (_, v) => v).filter(() => random.below(3) > 0);
      const part = nodes.slice(0, 1 + random.below(nodes.length));
      const rank = new Int32Array(nNodes).fill(-1);
      new MinimumDegree(Int32Array.from(first), Int32Array.from(neighbour)).order(
        part,
        0,
        part.length,
        rank,
        7,
      );
      const left = new Map(Array.from(part, (v) => [v, new Set(neighbour.subarray(first[v], first[v + 1]))]));
      for (let step = 0; step < part.length; step++) {
        const [next, around] = [...left].reduce((least, own) => (own[1].size < least[1].size ? own : least));
        expect(rank[next], `seed ${seed}`).toBe(7 + step);
        left.delete(next);
        for (const [v, own] of left) {
          if (!own.delete(next)) continue;
          for (const w of around) if (w !== v) own.add(w);
        }
      }
      expect(rank.filter((r) => r >= 0)).toHaveLength(part.length);
    }
  });
});

describe('the contraction order of', () => {
  const atRandom: Place = (v) => [(v * 7919) % 10_007, (v * 104_729) % 10_009];
  const onePlace: Place = () => [5, 5];

  it('nothing, of one node, of nodes without streets', () => {
    expect(contractionOrder(topologyFrom(0, [], onePlace))).toHaveLength(0);
    expect(Array.from(contractionOrder(topologyFrom(1, [], onePlace)))).toEqual([0]);
    expect(depthOf(hierarchyOf(topologyFrom(1000, [], atRandom)))).toBe(0);
  });

  it('a path of 100,000 nodes is about as deep as its logarithm, in any numbering', () => {
    const n = 100_000;
    for (const step of [1, 7919]) {
      const nodeAt = (i: number): number => (i * step) % n;
      const pairs = Array.from({ length: n - 1 }, (_, i): [number, number] => [nodeAt(i), nodeAt(i + 1)]);
      expect(depthOf(hierarchyOf(topologyFrom(n, pairs, (v) => [v, 0])))).toBeLessThan(40);
    }
  });

  it('a ladder of 20,000 rungs is not as deep as it is long', () => {
    const pairs: [number, number][] = [];
    for (let rung = 0; rung < 20_000; rung++) {
      pairs.push([2 * rung, 2 * rung + 1]);
      if (rung > 0) pairs.push([2 * rung, 2 * rung - 2], [2 * rung + 1, 2 * rung - 1]);
    }
    const ladder = topologyFrom(40_000, pairs, (v) => [v >> 1, v & 1]);
    expect(depthOf(hierarchyOf(ladder))).toBeLessThan(200);
  });

  it('a node with 10,000 neighbours, with and without a street around them, contracts it late and no other after many', () => {
    const n = 10_001;
    const spokes = Array.from({ length: n - 1 }, (_, i): [number, number] => [0, i + 1]);
    const rim = spokes.map(([, v]): [number, number] => [v, v === n - 1 ? 1 : v + 1]);
    expect(depthOf(hierarchyOf(topologyFrom(n, spokes, atRandom)))).toBe(1);
    for (const place of [atRandom, onePlace]) {
      const wheel = hierarchyOf(topologyFrom(n, [...spokes, ...rim], place));
      expect(depthOf(wheel)).toBeLessThan(150);
      expect(wheel.up.length).toBeLessThan(4 * n);
    }
  });

  it('200 nodes that are all neighbours, which nothing separates', () => {
    const pairs: [number, number][] = [];
    for (let a = 0; a < 200; a++) for (let b = 0; b < a; b++) pairs.push([a, b]);
    for (const place of [atRandom, onePlace]) {
      const complete = hierarchyOf(topologyFrom(200, pairs, place));
      expect(depthOf(complete)).toBe(199);
      expect(complete.up).toHaveLength(pairs.length);
    }
  });

  it('a strip of 4 by 5,000 nodes cuts it across, also where all nodes lie on one place', () => {
    const pairs: [number, number][] = [];
    for (let v = 0; v < 20_000; v++) {
      if (v % 4 > 0) pairs.push([v, v - 1]);
      if (v >= 4) pairs.push([v, v - 4]);
    }
    for (const place of [(v) => [v >> 2, v & 3], onePlace] as Place[]) {
      expect(depthOf(hierarchyOf(topologyFrom(20_000, pairs, place)))).toBeLessThan(150);
    }
  });

  it('random graphs without a map behind them, in parts (seeds 1 to 20)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = testStream(seed);
      const n = 50 + random.below(400);
      const drawn = Array.from({ length: 2 * n }, () => [random.below(n), random.below(n)]);
      const once = new Map(
        drawn
          .filter(([a, b]) => a !== b && a % 3 === b % 3)
          .map(([a, b]): [number, [number, number]] => [Math.min(a, b) * n + Math.max(a, b), [a, b]]),
      );
      hierarchyOf(topologyFrom(n, [...once.values()], atRandom));
    }
  });

  it('a grid keeps to the bound of nested dissection, 31/4 n log2 n completed arcs, however it is numbered (seed 1)', () => {
    const grid = noisyGrid(1, 100);
    const n = grid.nNodes;
    const nodeAt = (v: number): number => (v * 7919) % n;
    const pairs: [number, number][] = [];
    const places: [number, number][] = [];
    for (let v = 0; v < n; v++) {
      places[nodeAt(v)] = [grid.x[v], grid.y[v]];
      for (const w of grid.neighbour.subarray(grid.first[v], grid.first[v + 1])) {
        if (w > v) pairs.push([nodeAt(v), nodeAt(w)]);
      }
    }
    // George 1973: for the whole grid; ours lacks some streets
    const bound = 7.75 * n * Math.log2(n);
    const arcs = hierarchyOf(grid).up.length;
    expect(arcs).toBeLessThan(bound);
    const renumbered = hierarchyOf(topologyFrom(n, pairs, (v) => places[v])).up.length;
    expect(Math.abs(renumbered / arcs - 1)).toBeLessThan(0.05);
  });
});

describeWithData('the contraction order of Porto', (data) => {
  it('completes to at most 231,000 arcs and labels of 116 entries on average', async () => {
    const bytes = readFileSync(join(data, 'osm/porto.osm.pbf'));
    const { graph } = await readRoadGraph(
      { name: 'porto.osm.pbf', sha256: '', bytes },
      { pedestrianStreets: false },
    );
    const topology = topologyOf(networkOf(graph, { withTurns: false }));
    const { nNodes, up, depth } = hierarchyOf(topology);
    expect(up.length).toBeLessThanOrEqual(231_000);
    expect(depth.reduce((sum, d) => sum + d + 1, 0) / nNodes).toBeLessThanOrEqual(116);
    expect(contractionOrder(topology)).toEqual(contractionOrder(topology));
  });
});
