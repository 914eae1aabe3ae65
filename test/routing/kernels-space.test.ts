import { resolve } from 'node:path';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLabelBuilder } from '../../engine/routing/kernels/label-builder.ts';
import {
  adoptLabelSpace,
  createLabelSpace,
  labelSpaceBytes,
  openLabelSpace,
  type LabelSpace,
} from '../../engine/routing/kernels/label-space.ts';
import * as slot from '../../engine/routing/kernels/slots.ts';
import { SOURCES_SHA256 } from '../../engine/routing/kernels/wasm-bytes.generated.ts';
import { inSharedMemory, isShared, isWasmMemory, postable } from '../../engine/shared-memory.ts';
import { firstDifference, randomKernelGraph, spaceOf } from '../support/kernel-graphs.ts';

const graph = randomKernelGraph(7000, 60);
const OPTIONS = { threads: 3, scratchBytes: 100, withLabels: true };

/** What another thread receives. */
function posted<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const received = (receiveMessageOnPort(port2) as { message: T }).message;
  port1.close();
  return received;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A space in memory that cannot be shared, as where a page is not isolated. */
function unsharedSpace(): LabelSpace {
  vi.stubGlobal('crossOriginIsolated', false);
  const space = spaceOf(graph);
  vi.unstubAllGlobals();
  return space;
}

describe('the label space', () => {
  it('lays its columns out one behind the other at multiples of 16 bytes, with scratch for each thread at the end', () => {
    const space = createLabelSpace(graph.hierarchy, graph, OPTIONS);
    if ('refused' in space) throw new Error(space.refused);
    const columns = Object.values(space).filter(
      (column: unknown): column is Int32Array => ArrayBuffer.isView(column) && column.byteLength > 0,
    );
    const ranges = [...columns, ...space.scratch]
      .filter((column) => column !== space.words)
      .map(({ byteOffset, byteLength }) => [byteOffset, byteOffset + byteLength])
      .sort(([a], [b]) => a - b);
    expect(ranges.length).toBeGreaterThan(30);
    let end = 0;
    for (const [from, to] of ranges) {
      expect(from % 16).toBe(0);
      expect(from).toBeGreaterThanOrEqual(end);
      expect(from - end).toBeLessThan(16);
      end = to;
    }
    expect(space.scratch.map(({ byteLength }) => byteLength)).toEqual([112, 112, 112]);
    expect(space.words.byteLength).toBe(labelSpaceBytes(graph.hierarchy, graph, OPTIONS));
    expect(space.downTime.byteOffset - space.upTime.byteOffset).toBe(4 * space.header[slot.UP_STRIDE]);
  });

  it('says how large labels would be that exceed what can be addressed, and takes the hierarchy alone', () => {
    const huge = { ...graph.hierarchy, nLabels: 2 ** 30 };
    expect(createLabelSpace(huge, graph, OPTIONS)).toEqual({
      refused: 'labels of 8.00 GB exceed the 4 GB they may take',
    });
    expect(createLabelSpace(huge, graph, { ...OPTIONS, withLabels: false })).toHaveProperty('upTime');
  });

  it('holds each arc of the network in a ring with those of the same two ends and direction', () => {
    const { arcSlot, nextArc, arcPlace } = spaceOf(graph);
    const { place } = graph.hierarchy;
    const ends = (arc: number): string => `${graph.tail[arc]} ${graph.head[arc]}`;
    for (let arc = 0; arc < graph.nArcs; arc++) {
      const isLoop = graph.tail[arc] === graph.head[arc];
      const ring = [arc];
      while (nextArc[ring.at(-1)!] !== arc) ring.push(nextArc[ring.at(-1)!]);
      const twins = Array.from({ length: graph.nArcs }, (_, i) => i).filter((i) => ends(i) === ends(arc));
      expect(ring.sort((a, b) => a - b)).toEqual(isLoop ? [arc] : twins);
      expect(arcSlot[arc] === -1).toBe(isLoop);
      expect(arcPlace[arc]).toBe(Math.max(place[graph.tail[arc]], place[graph.head[arc]]));
    }
  });

  it('refuses arcs that the hierarchy does not know, and blocks that are none, cut off or of another layout', () => {
    const { place, node, up, firstUp } = graph.hierarchy;
    const leaf = graph.nNodes - 1; // the last place has nobody below
    const above = up.subarray(firstUp[leaf], firstUp[leaf + 1]);
    const stranger = place.findIndex((p) => p !== leaf && !above.includes(p));
    const wrong = { nArcs: 1, tail: Uint32Array.of(node[leaf]), head: Uint32Array.of(stranger) };
    expect(() => createLabelSpace(graph.hierarchy, wrong, OPTIONS)).toThrow('no neighbours in the topology');
    expect(() => openLabelSpace(new ArrayBuffer(100))).toThrow('too short');
    expect(() => openLabelSpace(new ArrayBuffer(1000))).toThrow('no label space of this version');
    const bytes = spaceOf(graph).words.slice().buffer;
    expect(firstDifference(openLabelSpace(bytes), spaceOf(graph))).toBeNull();
    expect(() => openLabelSpace(bytes.slice(0, -16))).toThrow('cut off');
    new Uint32Array(bytes)[slot.MAGIC]++;
    expect(() => openLabelSpace(bytes)).toThrow('no label space of this version');
  });
});

describe('a label space on its way to other threads', () => {
  it('is one shared memory: passed through as it is, and changed for all', () => {
    const space = spaceOf(graph);
    createLabelBuilder(space).build(graph.timeMs);
    expect(isWasmMemory(space.block) && isShared(space.block.buffer)).toBe(true);
    const payload = inSharedMemory({ labels: space, same: space, column: new Uint8Array(3) });
    expect(payload.labels.block).toBe(space.block);
    expect(payload.labels.to).toBe(space.to);
    expect(payload.same).toBe(payload.labels);
    const there = adoptLabelSpace(posted(payload).labels);
    const times = graph.timeMs.map((timeMs) => timeMs + 1);
    createLabelBuilder(there, 'wasm').build(times);
    expect(space.arcTime[1]).toBe(Math.min(times[1], slot.LABEL_UNREACHED));
    createLabelBuilder(space, 'typescript').build(graph.timeMs);
    expect(firstDifference(there, space)).toBeNull();
  });

  it('is copied where memory cannot be shared, into a memory that WebAssembly works on', () => {
    const space = unsharedSpace();
    createLabelBuilder(space, 'wasm').build(graph.timeMs);
    expect(isShared(space.words.buffer)).toBe(false);
    expect(() => posted({ labels: space })).toThrow();
    const received = posted(postable({ labels: space, name: 'x' })).labels;
    expect(isWasmMemory(received.block)).toBe(false);
    expect(received.to.buffer).toBe(received.block);
    const there = adoptLabelSpace(received);
    expect(isWasmMemory(there.block)).toBe(true);
    expect(adoptLabelSpace(there)).toBe(there);
    expect(firstDifference(there, space)).toBeNull();
    const times = graph.timeMs.map((timeMs) => timeMs + 1);
    createLabelBuilder(there, 'wasm').build(times);
    expect(firstDifference(there, space)?.column).toBe('ARC_TIME');
    createLabelBuilder(space, 'typescript').build(times);
    expect(firstDifference(there, space)).toBeNull();
  });

  it('is a plain buffer where there is no WebAssembly', () => {
    const plain = openLabelSpace(spaceOf(graph).words.slice().buffer);
    const there = posted(inSharedMemory({ labels: plain })).labels;
    expect(isShared(there.block as ArrayBufferLike)).toBe(true);
    expect(there.from.buffer).toBe(there.block);
    expect(postable(plain).block).toBe(plain.block);
  });
});

describe('the choice of kernels', () => {
  /** The engine in a runtime where WebAssembly is as given. */
  async function inRuntime(wasm: unknown): Promise<{ kind: string; space: LabelSpace }> {
    vi.resetModules();
    const { createLabelSpace } = await import('../../engine/routing/kernels/label-space.ts');
    const { createLabelBuilder } = await import('../../engine/routing/kernels/label-builder.ts');
    vi.stubGlobal('WebAssembly', wasm);
    const space = createLabelSpace(graph.hierarchy, graph, { ...OPTIONS, threads: 1, scratchBytes: 0 });
    if ('refused' in space) throw new Error(space.refused);
    const builder = createLabelBuilder(space);
    builder.build(graph.timeMs);
    expect(() => createLabelBuilder(space, 'wasm')).toThrow('no WebAssembly with SIMD');
    vi.unstubAllGlobals();
    return { kind: builder.kind, space };
  }
  const real = (globalThis as unknown as { WebAssembly: object }).WebAssembly;
  const withPrototype = (changes: object): object => Object.assign(Object.create(real), changes) as object;

  it.each([
    ['there is none', undefined],
    ['it has no SIMD', withPrototype({ validate: () => false })],
    [
      'a policy forbids to compile it',
      withPrototype({
        Module: class {
          constructor() {
            throw new Error('refused by Content-Security-Policy');
          }
        },
      }),
    ],
  ])('falls back to TypeScript on a plain buffer where %s, with the same bytes', async (_, wasm) => {
    const { kind, space } = await inRuntime(wasm);
    expect(kind).toBe('typescript');
    expect(space.block).toBeInstanceOf(ArrayBuffer);
    const expected = spaceOf(graph);
    const builder = createLabelBuilder(expected);
    expect(builder.kind).toBe('wasm');
    builder.build(graph.timeMs);
    expect(firstDifference(space, expected)).toBeNull();
  });

  it('runs what was compiled from the sources that are here', async () => {
    const script = resolve(import.meta.dirname, '../../engine/routing/kernels/build-kernels.js');
    const { hashOfSources } = (await import(script)) as { hashOfSources: () => string };
    expect(SOURCES_SHA256, 'run `npm run build:kernels`').toBe(hashOfSources());
  });
});
