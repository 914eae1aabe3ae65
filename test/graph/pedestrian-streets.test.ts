import { expect, it } from 'vitest';
import { encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { map } from '../support/ascii-map.ts';

it('a graph file refuses to open pedestrian streets, which its import has left in or out', async () => {
  const { graph, extract } = await map('A---B');
  const source = { name: 'town.graph', sha256: '', bytes: await encodeRoadGraph(graph, extract.report) };
  await expect(readRoadGraph(source, { pedestrianStreets: true })).rejects.toThrow(
    /town\.graph.*pedestrianStreets was decided/s,
  );
  expect((await readRoadGraph(source, { pedestrianStreets: false })).graph.nSegments).toBe(1);
});
