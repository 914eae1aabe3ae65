/** Travel times that a network comes with: kept by the graph file, covered by its hash, taken by profiles that ask. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { decodeRoadGraph, encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { fromGraphology } from '../../engine/graph/from-graphology.ts';
import { toGraphology } from '../../engine/graph/graphology.ts';
import { checkRoadGraph, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { DIRECTION, type RoadExtract } from '../../engine/import/road-extract.ts';
import { buildMetric } from '../../engine/routing/build-metric.ts';
import type { Profile } from '../../engine/routing/profile.ts';
import { findProfile } from '../../engine/routing/profiles.ts';

/** A one-way street 0 > 1, a two-way street 1 - 2 and one 2 > 0, with odd times of two kinds. */
function extractWithTimes(): RoadExtract {
  const u8 = (value: number) => new Uint8Array(3).fill(value);
  return {
    source: { name: 'three streets', format: 'test', attribution: '' },
    nodes: {
      lonE7: Int32Array.from([0, 10_000, 20_000]),
      latE7: Int32Array.from([0, 10_000, 0]),
      osmId: new Float64Array(3),
    },
    ways: {
      osmId: Float64Array.from([1, 2, 3]),
      firstRef: Uint32Array.from([0, 2, 4, 6]),
      refs: Uint32Array.from([0, 1, 1, 2, 2, 0]),
      roadClass: u8(4),
      direction: Uint8Array.from([DIRECTION.forward, DIRECTION.both, DIRECTION.forward]),
      maxSpeedForwardKph: u8(0),
      maxSpeedBackwardKph: u8(0),
      name: new Uint32Array(3),
      times: [
        {
          name: 'slow',
          forwardMs: Uint32Array.from([1001, 2003, 3007]),
          backwardMs: Uint32Array.from([0, 4001, 0]),
        },
        {
          name: 'fast',
          forwardMs: Uint32Array.from([501, 1999, 0]),
          backwardMs: Uint32Array.from([0, 5003, 0]),
        },
      ],
    },
    names: [''],
    restrictions: [],
    report: {
      read: { nodes: 3, ways: 3, relations: 0 },
      roads: {
        highwayWays: 3,
        drivableWays: 3,
        keptWays: 3,
        roadNodes: 3,
        nodePairs: 3,
        onewayWays: 2,
        restrictions: 0,
      },
      modes: {},
      controls: {},
      dropped: {},
      repaired: {},
    },
  };
}

const taking = (calm: string, siren: string): Profile => ({
  ...findProfile('plain'),
  type: 'given',
  siren: { linkFactor: 3, junctionFactor: 1, exempt: [] },
  arcTimes: { calm, siren },
});

/** Times by the ends of their arcs. */
function timesByEnds(graph: RoadGraph, profile: Profile, siren: boolean): Record<string, number> {
  const { arcTimeMs } = buildMetric(graph, profile, { siren });
  return Object.fromEntries(
    Array.from(arcTimeMs, (ms, arc) => [`${graph.tail[arc]}>${graph.head[arc]}`, ms]),
  );
}

describe('a network that comes with travel times', () => {
  it('gives them to a profile that asks, with and without siren, to the millisecond', async () => {
    const graph = await buildRoadGraph(extractWithTimes());
    expect(timesByEnds(graph, taking('slow', 'fast'), false)).toEqual({
      '0>1': 1001,
      '1>2': 2003,
      '2>1': 4001,
      '2>0': 3007,
    });
    expect(timesByEnds(graph, taking('slow', 'fast'), true)).toEqual({
      '0>1': 501,
      '1>2': 1999,
      '2>1': 5003,
      '2>0': 0,
    });
  });

  it('comes back from its file with them', async () => {
    const extract = extractWithTimes();
    const graph = await buildRoadGraph(extract);
    const { graph: again } = await decodeRoadGraph(await encodeRoadGraph(graph, extract.report), 'x.graph');
    expect(again).toEqual(graph);
  });

  it('goes to graphology and back with them', async () => {
    const graph = await buildRoadGraph(extractWithTimes());
    const there = await toGraphology(graph);
    expect(there.getAttribute('givenTimes')).toEqual(['slow', 'fast']);
    const back = await fromGraphology(there);
    expect(back.arcTimes).toEqual(graph.arcTimes);
    expect(back.contentHash).toBe(graph.contentHash);
  });

  it('is refused from graphology when an edge lacks one of them, or has half a millisecond', async () => {
    const there = await toGraphology(await buildRoadGraph(extractWithTimes()));
    const [first, second] = there.edges();
    there.setEdgeAttribute(first, 'givenTimesMs', { slow: 1001 });
    there.setEdgeAttribute(second, 'givenTimesMs', { slow: 0.5, fast: 1 });
    const refused = fromGraphology(there);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/givenTimesMs\.fast is missing/);
    await expect(refused).rejects.toThrow(/givenTimesMs\.slow is 0\.5; whole ms/);
  });

  it('is another network when one of them, or a name, is another', async () => {
    const hashes = await Promise.all(
      [
        (extract: RoadExtract) => extract,
        (extract: RoadExtract) => {
          extract.ways.times![1].backwardMs[1]++;
          return extract;
        },
        (extract: RoadExtract) => {
          extract.ways.times![0].name = 'slower';
          return extract;
        },
        (extract: RoadExtract) => {
          delete extract.ways.times;
          return extract;
        },
      ].map(async (change) => (await buildRoadGraph(change(extractWithTimes()))).contentHash),
    );
    expect(new Set(hashes).size).toBe(4);
  });

  it('has traffic and slow stretches multiply them', async () => {
    const graph = await buildRoadGraph(extractWithTimes());
    const slowness = Float64Array.from(graph.segmentOsmWayId, (id) => (id === 1 ? 1.5 : 1));
    const closed = Uint8Array.from(graph.segmentOsmWayId, (id) => (id === 3 ? 1 : 0));
    const metric = buildMetric(graph, taking('slow', 'fast'), {
      siren: false,
      traffic: { name: 'rush', speedFactor: { primary: 0.5 } },
      changes: { closed, slowness },
    });
    const open = Array.from(metric.arcTimeMs).filter((_, arc) => closed[graph.arcSegment[arc]] === 0);
    expect(open).toEqual([Math.round((1001 * 1.5) / 0.5), 2003 * 2, 4001 * 2]);
  });

  it('refuses a profile that asks for others, naming those it has', async () => {
    const graph = await buildRoadGraph(extractWithTimes());
    const ask = () => buildMetric(graph, taking('measured', 'fast'), { siren: false });
    expect(ask).toThrow(InputError);
    expect(ask).toThrow('the network came with "slow", "fast"');
  });

  it('refuses times that are missing for an arc', async () => {
    const graph = await buildRoadGraph(extractWithTimes());
    const short = { ...graph, arcTimes: [{ name: 'slow', ms: graph.arcTimes![0].ms.subarray(1) }] };
    expect(() => checkRoadGraph(short)).toThrow('times slow have 3 entries, not 4');
  });

  it('refuses ways that a junction splits', async () => {
    const extract = extractWithTimes();
    extract.ways.refs = Uint32Array.from([0, 1, 2, 2, 1, 2, 0]);
    extract.ways.firstRef = Uint32Array.from([0, 3, 5, 7]);
    await expect(buildRoadGraph(extract)).rejects.toThrow('a way with given times is split');
  });
});
