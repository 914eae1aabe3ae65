import { describe, expect, it } from 'vitest';
import { buildHierarchy, commonAncestors, type Hierarchy } from '../../engine/routing/hierarchy.ts';
import { randomKernelGraph, type KernelGraph } from '../support/kernel-graphs.ts';

/** Completed arcs the slow way: nodes leave by rank, and those a node leaves behind become neighbours of each other. */
function eliminationGame(graph: KernelGraph): Set<number>[] {
  const { nNodes, nArcs, tail, head, hierarchy } = graph;
  const around = Array.from({ length: nNodes }, () => new Set<number>());
  for (let arc = 0; arc < nArcs; arc++) {
    const [p, q] = [hierarchy.place[tail[arc]], hierarchy.place[head[arc]]];
    if (p === q) continue;
    around[p].add(q);
    around[q].add(p);
  }
  const above: Set<number>[] = [];
  for (let p = nNodes - 1; p >= 0; p--) {
    above[p] = new Set(around[p]);
    for (const q of around[p]) {
      around[q].delete(p);
      for (const other of around[p]) if (other !== q) around[q].add(other);
    }
  }
  return above;
}

const GRAPHS = Array.from({ length: 60 }, (_, i) => ({ seed: 4000 + i, nNodes: 1 + ((i * 7) % 50) }));

describe('the hierarchy by places (seeds 4000 to 4059)', () => {
  const each = (check: (h: Hierarchy, graph: KernelGraph, note: string) => void): void => {
    for (const { seed, nNodes } of GRAPHS) {
      const graph = randomKernelGraph(seed, nNodes);
      check(graph.hierarchy, graph, `seed ${seed}, ${nNodes} nodes`);
    }
  };

  it('gives every node one place, each subtree a range behind its root, and labels runs of whole fours', () => {
    each((h, { nNodes }, note) => {
      expect(
        Array.from(h.place, (p) => h.node[p]),
        note,
      ).toEqual(Array.from({ length: nNodes }, (_, v) => v));
      let deepest = 0;
      for (let p = 0; p < nNodes; p++) {
        const isRoot = h.parent[p] === p;
        expect(h.depth[p], note).toBe(isRoot ? 0 : h.depth[h.parent[p]] + 1);
        expect(isRoot || (h.parent[p] < p && h.subtreeEnd[p] <= h.subtreeEnd[h.parent[p]]), note).toBe(true);
        const isBelow = (q: number): boolean => q === p || (h.parent[q] !== q && isBelow(h.parent[q]));
        const subtree = [...h.place.keys()].filter(isBelow);
        expect(subtree, note).toEqual([...h.place.keys()].slice(p, h.subtreeEnd[p]));
        expect(h.firstLabel[p] % 4, note).toBe(0);
        expect(h.firstLabel[p + 1] - h.firstLabel[p], note).toBe(4 * Math.ceil((h.depth[p] + 1) / 4));
        deepest = Math.max(deepest, h.depth[p]);
      }
      expect([h.maxDepth, h.nLabels], note).toEqual([deepest, h.firstLabel[nNodes]]);
    });
  });

  it('completes the arcs of the elimination game, lists them from both ends, all towards ancestors', () => {
    let completed = 0;
    each((h, graph, note) => {
      const expected = eliminationGame(graph);
      for (let p = 0; p < graph.nNodes; p++) {
        const ups = [...h.up.subarray(h.firstUp[p], h.firstUp[p + 1])];
        expect(ups, note).toEqual([...expected[p]].sort((a, b) => a - b));
        expect(h.parent[p], note).toBe(ups.at(-1) ?? p);
        const downs = [...h.down.subarray(h.firstDown[p], h.firstDown[p + 1])];
        expect(downs, note).toEqual(expected.flatMap((above, q) => (above.has(p) ? [q] : [])));
        for (let i = h.firstDown[p]; i < h.firstDown[p + 1]; i++) {
          const arc = h.downArc[i];
          expect([h.up[arc], arc >= h.firstUp[h.down[i]] && arc < h.firstUp[h.down[i] + 1]], note).toEqual([
            p,
            true,
          ]);
        }
        completed += ups.length;
      }
    });
    expect(completed).toBeGreaterThan(3000);
  });

  it('counts common ancestors', () => {
    each((h, { nNodes }, note) => {
      const lines: Set<number>[] = [];
      for (let p = 0; p < nNodes; p++)
        lines[p] = new Set(h.parent[p] === p ? [p] : [...lines[h.parent[p]], p]);
      const shared = lines.map((a) => lines.map((b) => [...a].filter((p) => b.has(p)).length));
      expect(
        lines.map((_, p) => lines.map((_, q) => commonAncestors(h, p, q))),
        note,
      ).toEqual(shared);
    });
  });

  it('is laid out by falling rank among children, and has nothing to lay out without nodes', () => {
    // node 3 joins the leaves 0, 1, 2, contracted in the order 1, 2, 0
    const star = {
      nNodes: 4,
      first: Uint32Array.of(0, 1, 2, 3, 6),
      neighbour: Uint32Array.of(3, 3, 3, 0, 1, 2),
    };
    expect([...buildHierarchy(star, Uint32Array.of(2, 0, 1, 3)).node]).toEqual([3, 0, 2, 1]);
    const none = buildHierarchy(
      { nNodes: 0, first: new Uint32Array(1), neighbour: new Uint32Array() },
      new Uint32Array(),
    );
    expect([none.nLabels, none.maxDepth, none.up.length]).toEqual([0, 0, 0]);
  });
});
