import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { thinNodes } from '../../engine/placement/candidates.ts';
import { mclp } from '../../engine/placement/mclp.ts';
import { buildPlacementProblem, placeSites } from '../../engine/placement/place.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, PROFILES } from '../../engine/routing/profiles.ts';
import { map } from '../support/ascii-map.ts';
import { noSolver } from '../support/placement-oracle.ts';
import { randomGraph, randomPositions, testStream } from '../support/random-city.ts';

const plain = PROFILES.find((profile) => profile.type === 'plain')!;
const street = { maxKph: 36 }; // 100 m in 10 s

describe('cover sets from drives', () => {
  it('cover what is reached at the threshold to the millisecond, one-way streets as they run', async () => {
    const town = await map(`A-B-C-D`, { AB: street, BC: { ...street, oneway: true }, CD: street });
    const router = createRouter(buildMetric(town.graph, plain, { siren: false }));
    const driveMs = router.timeMs(town.at('A'), town.at('C'));
    const coveredBy = (site: string, thresholdMs: number): number[] => {
      const { covers } = buildPlacementProblem({
        router,
        candidates: [{ name: site, position: town.at(site) }],
        atoms: ['A', 'B', 'C', 'D'].map((mark) => ({ position: town.at(mark), weight: 1, thresholdMs })),
        sites: 1,
        required: [],
        forbidden: [],
      });
      return [...covers.atom];
    };
    expect(coveredBy('A', driveMs)).toEqual([0, 1, 2]);
    expect(coveredBy('A', driveMs - 1)).toEqual([0, 1]);
    expect(coveredBy('A', 0)).toEqual([0]);
    expect(coveredBy('D', 600_000)).toEqual([2, 3]);
  });

  it('take each atom at its own threshold, and agree with single drives on random networks', async () => {
    for (const seed of [1, 2, 3]) {
      const graph = await randomGraph(seed);
      const router = createRouter(buildMetric(graph, plain, { siren: false }));
      const random = testStream(seed + 100);
      const candidates = randomPositions(graph, seed, 12).map((position, i) => ({
        name: `c${i}`,
        position,
      }));
      const atoms = randomPositions(graph, seed + 50, 20).map((position) => ({
        position,
        weight: 1,
        thresholdMs: 30_000 + random.below(300_000),
      }));
      const { covers } = buildPlacementProblem({
        router,
        candidates,
        atoms,
        sites: 1,
        required: [3, 1, 3],
        forbidden: [],
      });
      candidates.forEach(({ position }, c) => {
        const expected = [...atoms.keys()].filter(
          (a) => router.timeMs(position, atoms[a].position) <= atoms[a].thresholdMs,
        );
        expect([...covers.atom.slice(covers.first[c], covers.first[c + 1])], `seed ${seed}`).toEqual(
          expected,
        );
      });
    }
  });

  it('lead to the middle of a street of calls', async () => {
    const town = await map(`A-B-C-D-E`, { AB: street, BC: street, CD: street, DE: street });
    const router = createRouter(buildMetric(town.graph, plain, { siren: false }));
    const at = (mark: string) => ({ name: mark, position: town.at(mark) });
    const problem = buildPlacementProblem({
      router,
      candidates: ['A', 'B', 'C', 'D', 'E'].map(at),
      atoms: ['A', 'B', 'C', 'D', 'E'].map((m) => ({ ...at(m), weight: 0.5, thresholdMs: 41_000 })),
      sites: 1,
      required: [],
      forbidden: [],
    });
    const plan = await placeSites(mclp, problem, noSolver);
    expect(plan).toMatchObject({ open: [2], objective: 2.5, bound: 2.5 });
  });

  it('are refused before any search when there are too many pairs', async () => {
    const town = await map(`A-B`, {});
    const router = createRouter(buildMetric(town.graph, plain, { siren: false }));
    const position = town.at('A');
    const ask = () =>
      buildPlacementProblem({
        router,
        candidates: Array.from({ length: 10_001 }, () => ({ name: 'A', position })),
        atoms: Array.from({ length: 10_000 }, () => ({ position, weight: 1, thresholdMs: 1000 })),
        sites: 1,
        required: [],
        forbidden: [],
      });
    expect(ask).toThrow(InputError);
    expect(ask).toThrow(/lower maxNodes/);
  });
});

describe('thinning road nodes to candidates', () => {
  it('keeps all main nodes when they are few enough', async () => {
    const graph = await randomGraph(5);
    const main = [...graph.nodeMain.keys()].filter((node) => graph.nodeMain[node] === 1);
    expect(thinNodes(graph, graph.nNodes).map(({ node }) => node)).toEqual(main);
    expect(thinNodes(graph, main.length)[0].position).toEqual(positionOfNode(graph, main[0]));
  });

  it('keeps at most as many as asked, ascending, of the main part only, spread over all of it', async () => {
    const graph = await randomGraph(8, 400);
    const main = [...graph.nodeMain.keys()].filter((node) => graph.nodeMain[node] === 1);
    const far = (a: number, b: number) =>
      Math.max(
        Math.abs(graph.nodeLonE7[a] - graph.nodeLonE7[b]),
        Math.abs(graph.nodeLatE7[a] - graph.nodeLatE7[b]),
      );
    let lastGap = Infinity;
    for (const maxNodes of [1, 7, 25, 100]) {
      const nodes = thinNodes(graph, maxNodes).map(({ node }) => node);
      expect(nodes.length).toBeLessThanOrEqual(maxNodes);
      expect(nodes.length).toBeGreaterThan(0.6 * maxNodes);
      expect(nodes).toEqual([...nodes].sort((a, b) => a - b));
      for (const node of nodes) expect(graph.nodeMain[node]).toBe(1);
      const gap = Math.max(...main.map((node) => Math.min(...nodes.map((kept) => far(node, kept)))));
      expect(gap).toBeLessThan(lastGap);
      lastGap = gap;
      expect(thinNodes(graph, maxNodes).map(({ node }) => node)).toEqual(nodes);
    }
  });
});
