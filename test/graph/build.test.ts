import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { largestStrongPart, strongParts } from '../../engine/graph/components.ts';
import { checkRoadGraph, pointOfPosition } from '../../engine/graph/road-graph.ts';
import { inSharedMemory } from '../../engine/shared-memory.ts';
import { map } from '../support/ascii-map.ts';
import { randomExtract, randomGraph } from '../support/random-city.ts';

describe('building the road graph', () => {
  it('splits ways at junctions and keeps what lies between as shape', async () => {
    const extract = randomExtract(7, 4);
    extract.nodes.lonE7 = Int32Array.from([0, 1000, 2000, 1000]);
    extract.nodes.latE7 = Int32Array.from([0, 0, 0, 1000]);
    extract.nodes.osmId = Float64Array.from([1, 2, 3, 4]);
    Object.assign(extract.ways, {
      osmId: Float64Array.from([10, 11]),
      firstRef: Uint32Array.from([0, 3, 5]),
      refs: Uint32Array.from([0, 1, 2, 2, 3]),
      roadClass: Uint8Array.from([11, 11]),
      direction: Uint8Array.from([3, 1]),
      maxSpeedForwardKph: new Uint8Array(2),
      maxSpeedBackwardKph: new Uint8Array(2),
      name: new Uint32Array(2),
    });
    const graph = await buildRoadGraph(extract);
    expect([...graph.nodeOsmId]).toEqual([1, 3, 4]); // node 2 is shape
    expect(graph.nSegments).toBe(2);
    expect(graph.nArcs).toBe(3);
    expect([...graph.shapeLonE7.subarray(graph.firstShape[0], graph.firstShape[1])]).toEqual([0, 1000, 2000]);
    expect(
      pointOfPosition(graph, { segment: 0, offsetMm: Math.round(graph.segmentLengthMm[0] / 4) }),
    ).toEqual({
      lonE7: 500,
      latE7: 0,
    });
  });

  it('measures lengths on the sphere: 0.01 degrees of a meridian are 1111.95 m', async () => {
    const extract = randomExtract(7, 2);
    extract.nodes.lonE7 = Int32Array.from([0, 0]);
    extract.nodes.latE7 = Int32Array.from([500_000_000, 500_100_000]);
    Object.assign(extract.ways, {
      osmId: Float64Array.from([1]),
      firstRef: Uint32Array.from([0, 2]),
      refs: Uint32Array.from([0, 1]),
      roadClass: new Uint8Array(1),
      direction: Uint8Array.from([3]),
      maxSpeedForwardKph: new Uint8Array(1),
      maxSpeedBackwardKph: new Uint8Array(1),
      name: new Uint32Array(1),
    });
    const graph = await buildRoadGraph(extract);
    expect(graph.segmentLengthMm[0]).toBe(Math.round((6_371_008_800 * Math.PI * 0.01) / 180));
  });

  it('gives the same bytes for the same extract, and another hash when one street differs', async () => {
    const drawing = 'A---B---C';
    const one = await map(drawing);
    expect((await map(drawing)).graph.contentHash).toBe(one.graph.contentHash);
    expect((await map(drawing, { AB: { oneway: true } })).graph.contentHash).not.toBe(one.graph.contentHash);
  });

  it('keeps its invariants on random networks, also in shared memory (seeds 1 to 80)', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      const graph = await randomGraph(seed);
      checkRoadGraph(graph);
      const shared = inSharedMemory(graph);
      checkRoadGraph(shared);
      expect(shared.head.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect([...shared.head]).toEqual([...graph.head]);
    }
  });
});

describe('the strongly connected parts', () => {
  it('are those of mutual reachability by brute force (seeds 1 to 60)', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const graph = await randomGraph(seed, 18);
      const reach = Array.from({ length: graph.nNodes }, (_, start) => {
        const seen = new Set([start]);
        for (const node of seen) {
          for (let arc = graph.firstOut[node]; arc < graph.firstOut[node + 1]; arc++)
            seen.add(graph.head[arc]);
        }
        return seen;
      });
      const part = strongParts(graph);
      const main = largestStrongPart(graph);
      const sizes = reach.map((seen, a) => [...seen].filter((b) => reach[b].has(a)).length);
      for (let a = 0; a < graph.nNodes; a++) {
        for (let b = 0; b < graph.nNodes; b++) {
          expect(part[a] === part[b], `seed ${seed}`).toBe(reach[a].has(b) && reach[b].has(a));
        }
        if (main[a] === 1) expect(sizes[a]).toBe(Math.max(...sizes));
      }
    }
  });

  it('of some of the arcs are those of a network without the others (seeds 1 to 40)', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const graph = await randomGraph(seed, 18);
      const isOpen = (arc: number): boolean => (arc * 7 + seed) % 3 !== 0;
      const firstOut = new Uint32Array(graph.nNodes + 1);
      const head: number[] = [];
      for (let node = 0; node < graph.nNodes; node++) {
        for (let arc = graph.firstOut[node]; arc < graph.firstOut[node + 1]; arc++) {
          if (isOpen(arc)) head.push(graph.head[arc]);
        }
        firstOut[node + 1] = head.length;
      }
      const without = { nNodes: graph.nNodes, firstOut, head: Uint32Array.from(head) };
      expect(largestStrongPart(graph, isOpen), `seed ${seed}`).toEqual(largestStrongPart(without));
    }
  });

  it('leave an island and a one-way trap out of the main part', async () => {
    const town = await map(
      `
A---B---C   F---G
|   |
D---E       `,
      { BC: { oneway: true } },
    );
    const main = (letter: string): number => town.graph.nodeMain[town.node(letter)];
    expect(['A', 'B', 'D', 'E'].map(main)).toEqual([1, 1, 1, 1]);
    expect(['C', 'F', 'G'].map(main)).toEqual([0, 0, 0]);
  });
});
