import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { decodeRoadGraph, encodeRoadGraph, looksLikeGraphFile } from '../../engine/graph/graph-file.ts';
import { TRAVEL_MODES } from '../../engine/import/road-extract.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, profilesFor } from '../../engine/routing/profiles.ts';
import { headText } from '../support/graph-bytes.ts';
import { randomPositions } from '../support/random-city.ts';
import { readMap } from '../support/read-map.ts';
import { TOWN } from '../support/tiny-map.ts';

/** The town for everybody: with a footway, a stop sign, a dirt road and a turn restriction. */
async function town() {
  const extract = await readMap(TOWN, false, TRAVEL_MODES);
  return { graph: await buildRoadGraph(extract), report: extract.report };
}

describe('the graph file', () => {
  it('gives the graph and its report back: every column, name, restriction and count', async () => {
    const { graph, report } = await town();
    expect(graph.restrictions.length + graph.restrictionsNotPlaced).toBeGreaterThan(0);
    expect(graph.names).toContain('新华路 & <Main>');
    for (const column of [graph.arcAccess, graph.arcStops, graph.segmentSurface]) {
      expect(new Set(column).size).toBeGreaterThan(1);
    }
    const read = await decodeRoadGraph(await encodeRoadGraph(graph, report), 'town.graph');
    expect(read.graph).toEqual(graph);
    expect(read.report).toEqual(report);
  });

  it('is the same bytes each time, and of what it gave back', async () => {
    const { graph, report } = await town();
    const bytes = await encodeRoadGraph(graph, report);
    expect(await encodeRoadGraph((await town()).graph, report)).toEqual(bytes);
    const read = await decodeRoadGraph(bytes, 'town.graph');
    expect(await encodeRoadGraph(read.graph, read.report)).toEqual(bytes);
  });

  it('answers as the graph it was made of', async () => {
    const { graph, report } = await town();
    const read = await decodeRoadGraph(await encodeRoadGraph(graph, report), 'town.graph');
    const positions = randomPositions(graph, 21, 30);
    for (const profile of profilesFor(graph)) {
      const [before, after] = [graph, read.graph].map((g) =>
        createRouter(buildMetric(g, profile, { siren: true })).matrix(positions, positions),
      );
      expect(after).toEqual(before);
      expect(new Set(before).size).toBeGreaterThan(20);
    }
  });

  it('is laid out as written down: magic, version, zero, SHA-256 of the rest, head, columns, little-endian', async () => {
    const { graph, report } = await town();
    const bytes = await encodeRoadGraph(graph, report);
    const buffer = Buffer.from(bytes);
    expect(buffer.toString('latin1', 0, 8)).toBe('P135ROAD');
    expect([buffer.readUInt32LE(8), buffer.readUInt32LE(12)]).toEqual([2, 0]);
    expect(buffer.toString('hex', 16, 48)).toBe(
      createHash('sha256').update(buffer.subarray(48)).digest('hex'),
    );
    const head = JSON.parse(headText(bytes)) as { counts: { nNodes: number; nSegments: number } };
    expect(head.counts.nNodes).toBe(graph.nNodes);
    // the first column holds the OSM ids of the nodes, the second those of the ways
    const columnsAt = Math.ceil((52 + Buffer.byteLength(headText(bytes))) / 8) * 8;
    const ids = graph.nodeOsmId.map((_, n) => buffer.readDoubleLE(columnsAt + 8 * n));
    expect([...ids].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(buffer.readDoubleLE(columnsAt + 8 * graph.nNodes)).toBe(graph.segmentOsmWayId[0]);
  });

  it('may lie anywhere in memory, and the graph does not change with it', async () => {
    const { graph, report } = await town();
    const bytes = await encodeRoadGraph(graph, report);
    const room = new Uint8Array(bytes.length + 11);
    room.set(bytes, 3);
    const view = room.subarray(3, 3 + bytes.length);
    expect(looksLikeGraphFile(view)).toBe(true);
    const read = await decodeRoadGraph(view, 'town.graph');
    room.fill(0xff);
    expect(read.graph).toEqual(graph);
  });

  it('keeps names that try to be something else', async () => {
    const { graph, report } = await town();
    const names = graph.names.map((name, i) => `${name}\u2028"\\${i}\u0000</script>\u{1f600}`);
    const read = await decodeRoadGraph(await encodeRoadGraph(await named(graph, names), report), 'x');
    expect(read.graph.names).toEqual(names);
  });

  it('knows its own first bytes only', () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    expect(['P135ROAD', 'P135ROADS'].map((v) => looksLikeGraphFile(text(v)))).toEqual([true, true]);
    for (const other of ['', 'P135ROA', 'p135road', '{"type":', '<?xml ve'])
      expect(looksLikeGraphFile(text(other))).toBe(false);
  });
});

async function named(graph: Awaited<ReturnType<typeof town>>['graph'], names: string[]) {
  const { graphContentHash } = await import('../../engine/graph/build.ts');
  const copy = { ...graph, names };
  return { ...copy, contentHash: await graphContentHash(copy) };
}
