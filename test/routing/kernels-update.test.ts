import { expect, describe, it } from 'vitest';
import { typescriptBuildKernels, type BuildKernels } from '../../engine/routing/kernels/build-typescript.ts';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import type { LabelSpace } from '../../engine/routing/kernels/label-space.ts';
import { loadKernels, type KernelKind } from '../../engine/routing/kernels/load.ts';
import { LABEL_UNREACHED, N_TOO_LONG } from '../../engine/routing/kernels/slots.ts';
import type { RandomStream } from '../../engine/rng.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { firstDifference, randomKernelGraph, randomTimeMs, spaceOf } from '../support/kernel-graphs.ts';
import { kernelRoads } from '../support/kernel-roads.ts';
import { testStream } from '../support/random-city.ts';
import { describeWithData } from '../support/shared-data.ts';

const KINDS: readonly KernelKind[] = ['wasm', 'typescript'];
const SEEDS = Array.from({ length: 40 }, (_, i) => 6000 + i);
const sizeOf = (seed: number): number => 2 + ((seed * 17) % 59);

const kernelsOf = (space: LabelSpace, kind: KernelKind): BuildKernels =>
  loadKernels(space, kind) ?? typescriptBuildKernels(space);

/** Whether nothing is left over for the next update. */
const isAtRest = ({ queued, changed }: LabelSpace): boolean =>
  queued.every((bits) => bits === 0) && changed.every((bits) => bits === 0);

/** A closure, a reopening, another time, or a way of more than six days. */
function changedTimeMs(random: RandomStream, nowMs: number): number {
  const kind = random.below(20);
  if (kind === 0) return 0x2000_0000 + random.below(0x2000_0000);
  if (kind < 8) return nowMs < LABEL_UNREACHED ? UNREACHED_MS : 1000 + random.below(3000);
  return randomTimeMs(random);
}

describe.each(KINDS)('updates in %s (seeds 6000 to 6039)', (kind) => {
  it('leave what a build from nothing gives, after each of 100 closures, reopenings and new times in a row', () => {
    const work = { nCustomised: 0, nLabelled: 0, places: 0 };
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const random = testStream(seed);
      const timeMs = graph.timeMs.slice();
      const [space, fresh] = [spaceOf(graph), spaceOf(graph)];
      createLabelBuilder(space, kind).build(timeMs);
      const kernels = kernelsOf(space, kind);
      const builder = createLabelBuilder(fresh, kind);
      for (let change = 0; change < 100; change++) {
        for (let n = 1 + random.below(3); n > 0; n--) {
          const arc = random.below(graph.nArcs);
          timeMs[arc] = changedTimeMs(random, timeMs[arc]);
          kernels.setArcTime(arc, Math.min(timeMs[arc], LABEL_UNREACHED));
        }
        work.nCustomised += kernels.customiseQueued(graph.nNodes);
        work.nLabelled += kernels.labelChanged();
        work.places += graph.nNodes;
        builder.build(timeMs);
        expect(
          firstDifference(space, fresh, { butScratch: true }),
          `seed ${seed}, change ${change}`,
        ).toBeNull();
        expect(space.header[N_TOO_LONG]).toBe(fresh.header[N_TOO_LONG]);
        expect(isAtRest(space)).toBe(true);
      }
    }
    // parts of the work, not all of it
    expect(work.nCustomised).toBeGreaterThan(0.02 * work.places);
    expect(work.nCustomised).toBeLessThan(0.5 * work.places);
    expect(work.nLabelled).toBeGreaterThan(0.02 * work.places);
    expect(work.nLabelled).toBeLessThan(0.7 * work.places);
  });

  it('do nothing where nothing that counts changes, and stop customising when told', () => {
    let stopped = 0;
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const space = spaceOf(graph);
      const builder = createLabelBuilder(space, kind);
      builder.build(graph.timeMs);
      const arcs = Array.from({ length: graph.nArcs }, (_, arc) => arc).slice(0, 60);
      const same = builder.update(
        arcs,
        arcs.map((arc) => graph.timeMs[arc]),
      );
      expect(same).toEqual({ nCustomised: 0, nLabelled: 0, isExact: true });
      const kernels = kernelsOf(space, kind);
      arcs.forEach((arc) => kernels.setArcTime(arc, 17));
      stopped += kernels.customiseQueued(1);
      kernels.clearQueue();
      expect(kernels.customiseQueued(graph.nNodes) + kernels.labelChanged()).toBe(0);
    }
    expect(stopped).toBeGreaterThan(0.9 * SEEDS.length);
    expect(stopped).toBeLessThanOrEqual(SEEDS.length);
  });

  it('build everything where much changes, with the same result, and count the work of it', () => {
    const graph = randomKernelGraph(6100, 400);
    const [space, fresh] = [spaceOf(graph), spaceOf(graph)];
    const builder = createLabelBuilder(space, kind);
    const timeMs = graph.timeMs.slice();
    builder.build(timeMs);
    const all = Array.from({ length: graph.nArcs }, (_, arc) => arc);
    const all400 = { nCustomised: graph.nNodes, nLabelled: graph.nNodes, isExact: true };
    // every arc; and arcs enough to customise many places, in a space with and one without labels
    for (const arcs of [all, all.slice(0, 70)]) {
      for (const arc of arcs) timeMs[arc] = 20 + ((arc * arcs.length) % 11) * 50;
      const times = arcs.map((arc) => timeMs[arc]);
      expect(builder.update(arcs, times)).toEqual(all400);
      createLabelBuilder(fresh, kind).build(timeMs);
      expect(firstDifference(space, fresh, { butScratch: true })).toBeNull();
      expect(isAtRest(space)).toBe(true);
    }
    const bare = spaceOf(graph, false);
    const bareBuilder = createLabelBuilder(bare, kind);
    bareBuilder.build(timeMs);
    expect(bareBuilder.update(all, timeMs)).toEqual({ ...all400, nLabelled: 0 });
    const few = all.slice(0, 5);
    for (const arc of few) timeMs[arc] = 1;
    const { nCustomised, nLabelled } = bareBuilder.update(few, [1, 1, 1, 1, 1]);
    expect([nCustomised > 0, nLabelled, isAtRest(bare)]).toEqual([true, 0, true]);
    createLabelBuilder(fresh, kind).build(timeMs);
    expect([bare.upTime, bare.downTime]).toEqual([fresh.upTime, fresh.downTime]);
    // of an arc given twice the last time counts
    builder.update([...few, ...few], [9, 0, 9, 0, 9, 1, 1, 1, 1, 1]);
    expect(firstDifference(space, fresh, { butScratch: true })).toBeNull();
  });
});

describe('updates by the two kinds of kernels', () => {
  it('do the same work and leave the same bytes in the whole space (seeds 6000 to 6039)', () => {
    for (const seed of SEEDS) {
      const graph = randomKernelGraph(seed, sizeOf(seed));
      const random = testStream(seed);
      const spaces = KINDS.map(() => spaceOf(graph));
      const builders = spaces.map((space, i) => createLabelBuilder(space, KINDS[i]));
      builders.forEach((builder) => builder.build(graph.timeMs));
      for (let change = 0; change < 30; change++) {
        const arcs = Array.from({ length: 1 + random.below(3) }, () => random.below(graph.nArcs));
        const times = arcs.map((arc) => changedTimeMs(random, graph.timeMs[arc]));
        const [a, b] = builders.map((builder) => builder.update(arcs, times));
        expect(a, `seed ${seed}`).toEqual(b);
        expect(firstDifference(spaces[0], spaces[1]), `seed ${seed}, change ${change}`).toBeNull();
      }
    }
  });
});

describeWithData('the kernels on the roads of Porto', (data) => {
  it('leave the same bytes in both kinds, after a build and after updates, and those of a build from nothing', async () => {
    const graph = await kernelRoads(data, 'porto.osm.pbf');
    const random = testStream(6200);
    const spaces = KINDS.map(() => spaceOf(graph));
    const builders = spaces.map((space, i) => createLabelBuilder(space, KINDS[i]));
    for (const builder of builders) expect(builder.build(graph.timeMs)).toBe(true);
    expect(firstDifference(spaces[0], spaces[1])).toBeNull();
    const timeMs = graph.timeMs.slice();
    let most = 0;
    for (let change = 0; change < 24; change++) {
      const arc = random.below(graph.nArcs);
      timeMs[arc] = change % 3 === 2 ? random.below(60_000) : UNREACHED_MS;
      const [a, b] = builders.map((builder) => builder.update([arc], [timeMs[arc]]));
      expect(a).toEqual(b);
      most = Math.max(most, a.nLabelled);
    }
    expect(firstDifference(spaces[0], spaces[1])).toBeNull();
    expect(most).toBeGreaterThan(1000);
    const fresh = spaceOf(graph);
    createLabelBuilder(fresh).build(timeMs);
    expect(firstDifference(spaces[0], fresh, { butScratch: true })).toBeNull();
  });
});
