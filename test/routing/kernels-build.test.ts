import { describe, expect, it } from 'vitest';
import { buildHierarchy } from '../../engine/routing/hierarchy.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import type { LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { LABEL_TOO_LONG, LABEL_UNREACHED, UP_STRIDE } from '../../engine/routing/kernels/slots.ts';
import { timeFromLabels } from '../support/label-time.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { allTimesMs, firstDifference, randomKernelGraph, spaceOf } from '../support/kernel-graphs.ts';

const SEEDS = Array.from({ length: 120 }, (_, i) => 5000 + i);
const sizeOf = (seed: number): number => 1 + ((seed * 13) % 61);
const KINDS = ['wasm', 'typescript'] as const;

/** The times that a lower triangle, or no arc at all, would improve: none, where customisation is right. */
function triangleFaults(space: LabelSpace): string[] {
  const { nNodes, firstUp, up, upTime, downTime, baseTime, header } = space;
  const arcOf = new Map<string, number>();
  for (let p = 0; p < nNodes; p++) {
    for (let i = firstUp[p]; i < firstUp[p + 1]; i++) arcOf.set(`${p} ${up[i]}`, i);
  }
  /** The best way over a lower place, for each arc upwards and downwards. */
  const bestUp = Int32Array.from(baseTime.subarray(0, up.length));
  const bestDown = Int32Array.from(baseTime.subarray(header[UP_STRIDE], header[UP_STRIDE] + up.length));
  for (let x = 0; x < nNodes; x++) {
    for (let k = firstUp[x]; k < firstUp[x + 1]; k++) {
      for (let i = firstUp[x]; i < k; i++) {
        const arc = arcOf.get(`${up[k]} ${up[i]}`)!;
        bestUp[arc] = Math.min(bestUp[arc], downTime[k] + upTime[i]);
        bestDown[arc] = Math.min(bestDown[arc], downTime[i] + upTime[k]);
      }
    }
  }
  return [...arcOf].flatMap(([name, i]) =>
    upTime[i] === bestUp[i] && downTime[i] === bestDown[i] ? [] : [`${name}: ${upTime[i]}, ${downTime[i]}`],
  );
}

/** Nodes 0, 1 and 2 in a row, the middle one the root; arcs there and back from 0 to 1, then from 1 to 2. */
const lineOfThree = {
  nArcs: 4,
  tail: Uint32Array.of(0, 1, 1, 2),
  head: Uint32Array.of(1, 0, 2, 1),
  hierarchy: buildHierarchy(
    { nNodes: 3, first: Uint32Array.of(0, 1, 3, 4), neighbour: Uint32Array.of(1, 0, 2, 1) },
    Uint32Array.of(0, 2, 1),
  ),
};

describe.each(KINDS)('labels built in %s (seeds 5000 to 5119)', (kind) => {
  it('are the times between every place and its ancestors, and give those between all nodes', () => {
    let reached = 0;
    let unreached = 0;
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const { nNodes } = graph;
      const { place, node, depth, parent, firstLabel } = graph.hierarchy;
      const space = spaceOf(graph);
      expect(createLabelBuilder(space, kind).build(graph.timeMs)).toBe(true);
      const all = allTimesMs(graph);
      const label = (timeMs: number): number => (timeMs === UNREACHED_MS ? LABEL_UNREACHED : timeMs);
      const faults: string[] = [];
      for (let p = 0; p < nNodes; p++) {
        for (let a = p, d = depth[p]; d >= 0; a = parent[a], d--) {
          const [v, u] = [node[p], node[a]];
          const found = [space.to[firstLabel[p] + d], space.from[firstLabel[p] + d]];
          const expected = [label(all[v * nNodes + u]), label(all[u * nNodes + v])];
          if (found.join() !== expected.join())
            faults.push(`${v}, ${u}: ${found.join()}, not ${expected.join()}`);
        }
        const fillers = [space.to, space.from].map((run) =>
          run.subarray(firstLabel[p] + depth[p] + 1, firstLabel[p + 1]),
        );
        if (fillers.some((run) => run.some((entry) => entry !== LABEL_UNREACHED)))
          faults.push(`fillers of ${p}`);
      }
      for (let from = 0; from < nNodes; from++) {
        if (space.nodeRecord[2 * from] !== place[from]) faults.push(`place of ${from}`);
        for (let to = 0; to < nNodes; to++) {
          const timeMs = all[from * nNodes + to];
          if (timeFromLabels(space, from, to) !== timeMs) faults.push(`from ${from} to ${to}`);
          if (timeMs === UNREACHED_MS) unreached++;
          else reached++;
        }
      }
      expect(faults, `seed ${seed}`).toEqual([]);
    }
    expect(Math.min(reached, unreached)).toBeGreaterThan(10_000);
  });

  it('come from completed arcs that no lower triangle improves, each as long as an arc or a triangle', () => {
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const space = spaceOf(graph);
      createLabelBuilder(space, kind).build(graph.timeMs);
      expect(triangleFaults(space), `seed ${seed}`).toEqual([]);
    }
  });

  it('customise a space without labels alike', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const [full, bare] = [spaceOf(graph), spaceOf(graph, false)];
      createLabelBuilder(full, kind).build(graph.timeMs);
      createLabelBuilder(bare, kind).build(graph.timeMs);
      expect(bare.to).toHaveLength(0);
      expect([bare.upTime, bare.downTime]).toEqual([full.upTime, full.downTime]);
    }
  });

  it('are refused from six days on, whatever two of them would add up to, and taken again when the way is short', () => {
    const days = (timeMs: number): boolean =>
      createLabelBuilder(spaceOf(lineOfThree), kind).build(Uint32Array.of(timeMs, 1000, 1000, 1000));
    expect(days(LABEL_TOO_LONG - 1)).toBe(true);
    expect(days(LABEL_TOO_LONG)).toBe(false);
    expect(days(LABEL_UNREACHED - 1)).toBe(false);
    expect(days(LABEL_UNREACHED)).toBe(true); // closed
    expect(days(UNREACHED_MS)).toBe(true);
    const builder = createLabelBuilder(spaceOf(lineOfThree), kind);
    expect(builder.build(Uint32Array.of(LABEL_TOO_LONG, LABEL_TOO_LONG, 1000, 1000))).toBe(false);
    expect(builder.update([0], [1000]).isExact).toBe(false);
    expect(builder.update([1], [1000]).isExact).toBe(true);
    expect(builder.update([2], [LABEL_TOO_LONG]).isExact).toBe(false);
    expect(builder.update([2], [UNREACHED_MS]).isExact).toBe(true);
  });
});

describe('the two kinds of kernels', () => {
  it('leave the same bytes in the whole space (seeds 5000 to 5119)', () => {
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const [wasm, typescript] = KINDS.map((kind) => {
        const space = spaceOf(graph);
        const builder = createLabelBuilder(space, kind);
        expect(builder.kind).toBe(kind);
        builder.build(graph.timeMs);
        return space;
      });
      expect(firstDifference(wasm, typescript), `seed ${seed}`).toBeNull();
    }
  });

  it('are told apart where one byte differs', () => {
    const graph = randomKernelGraph(5060, 40);
    const [a, b] = [spaceOf(graph), spaceOf(graph)];
    b.from[7] ^= 1;
    expect(firstDifference(a, b)).toEqual({ column: 'FROM', word: 7, a: a.from[7], b: b.from[7] });
  });
});
