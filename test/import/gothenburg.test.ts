/** The network that every installation has: OpenStreetMap's roads of Gothenburg, in a package we depend on. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { readRoads } from '../../engine/import/import.ts';
import { isDrivableHighway, isOpenToPolice } from '../support/plain-osm.ts';

const path = createRequire(import.meta.url).resolve('geojson-path-finder/test/large-network.json');

it('reads all 20,227 ways of Gothenburg, and the same roads as a plain recount', async () => {
  const bytes = readFileSync(path);
  const { report, source, ways, nodes } = await readRoads(
    { name: 'gothenburg', bytes },
    { pedestrianStreets: false },
  );
  const { features } = JSON.parse(bytes.toString()) as {
    features: {
      id: string;
      properties: Record<string, string>;
      geometry: { type: string; coordinates: number[][] };
    }[];
  };
  expect(source).toEqual({
    name: 'gothenburg',
    format: 'geojson',
    attribution: '(c) OpenStreetMap contributors',
  });
  expect(report.read.ways).toBe(20_227);
  expect(report.roads.drivableWays).toBe(
    features.filter(({ properties }) => isDrivableHighway(properties)).length,
  );

  const kept = features.filter(
    ({ properties, geometry }) => geometry.type === 'LineString' && isOpenToPolice(properties),
  );
  expect(Array.from(ways.osmId)).toEqual(kept.map(({ id }) => Number(id.replace('way/', ''))));
  const places = new Set(kept.flatMap(({ geometry }) => geometry.coordinates.map(String)));
  expect(nodes.osmId.length).toBe(places.size);
  expect(new Set(Array.from(nodes.lonE7, (lonE7, n) => `${lonE7 / 1e7},${nodes.latE7[n] / 1e7}`))).toEqual(
    places,
  );
  expect(report.roads.nodePairs).toBe(
    kept.reduce((total, { geometry }) => total + geometry.coordinates.length - 1, 0),
  );
});
