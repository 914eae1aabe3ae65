/** The roads that benches run on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tiled } from '../../bench/graphs.ts';
import { QUESTION, randomPositions, walks } from '../../bench/inputs.ts';
import { madeUpCity } from '../../bench/made-up-city.ts';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { readRoads } from '../../engine/import/import.ts';
import { describeWithData } from '../support/shared-data.ts';

const mainNodes = ({ nodeMain }: { nodeMain: Uint8Array }): number =>
  nodeMain.reduce((sum, is) => sum + is, 0);

describeWithData('a tiled city', (data) => {
  it('is nine times the city in one piece', async () => {
    const bytes = readFileSync(join(data, 'osm/bangor-maine.osm.pbf'));
    const extract = await readRoads({ name: 'bangor', bytes }, { pedestrianStreets: false });
    const one = await buildRoadGraph(extract);
    const nine = await buildRoadGraph(tiled(extract));
    expect(nine.nNodes).toBeGreaterThanOrEqual(9 * one.nNodes);
    expect(mainNodes(nine)).toBeGreaterThanOrEqual(9 * mainNodes(one));
    expect(nine.restrictions).toHaveLength(9 * one.restrictions.length);
    expect(new Set(nine.nodeOsmId).size).toBe(
      new Set(one.nodeOsmId).size * 9 + (nine.nNodes - 9 * one.nNodes),
    );
  });
});

describe('the made-up city of the guard', () => {
  it('is the same on every machine, and nearly all of it in one piece', async () => {
    const city = await madeUpCity(30, 1);
    expect(city.contentHash).toBe((await madeUpCity(30, 1)).contentHash);
    expect(city.contentHash).not.toBe((await madeUpCity(30, 2)).contentHash);
    expect(mainNodes(city)).toBeGreaterThan(0.95 * city.nNodes);
  });

  it('lets units walk from street to street', async () => {
    const city = await madeUpCity(12, 1);
    const [start] = [randomPositions(city, 1, QUESTION.units)];
    const ends = ({ segment }: { segment: number }) => [city.segmentFrom[segment], city.segmentTo[segment]];
    let last = start[0];
    for (const place of walks(city, start, new Array<number>(50).fill(0), QUESTION.units)) {
      expect(ends(place).some((node) => ends(last).includes(node))).toBe(true);
      expect(place.offsetMm).toBeLessThanOrEqual(city.segmentLengthMm[place.segment]);
      last = place;
    }
  });
});
