import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { haversineM } from '../../engine/geo.ts';
import { positionOfNode } from '../../engine/graph/road-graph.ts';
import { readRoadGraph } from '../../engine/graph/read-road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { fromE7 } from '../../engine/units.ts';
import { describeWithData } from '../support/shared-data.ts';
import { compareReplay, readMontgomery, sideOf, type Study } from './compare-replay.ts';
import { straightRoads } from './straight-roads.ts';

describe('roads as the crow flies', () => {
  it('are at most 2.75 % longer than the straight line between any two of their nodes, and never shorter', async () => {
    const roads = straightRoads({ west: -75.4, south: 40.1, east: -75.3, north: 40.17 }, 500);
    const bytes = new TextEncoder().encode(roads.geojson());
    const { graph } = await readRoadGraph(
      { name: 'roads.geojson', sha256: '', bytes },
      { pedestrianStreets: false },
    );
    expect(graph.nNodes).toBe(roads.columns * roads.rows);
    const profile = {
      ...findProfile('plain'),
      classKph: { ...findProfile('plain').classKph, residential: 36 },
    };
    const router = createRouter(buildMetric(graph, profile, { siren: false }));
    const nodes = Array.from({ length: graph.nNodes }, (_, node) => node);
    const from = nodes.filter((node) => node % 23 === 0);
    const times = router.matrix(
      from.map((node) => positionOfNode(graph, node)),
      nodes.map((node) => positionOfNode(graph, node)),
    );
    let sum = 0;
    let pairs = 0;
    from.forEach((a, row) =>
      nodes.forEach((b, column) => {
        if (a === b) return;
        const [lonA, latA, lonB, latB] = [a, b].flatMap((node) => [
          fromE7(graph.nodeLonE7[node]),
          fromE7(graph.nodeLatE7[node]),
        ]);
        // 36 km/h are 100 ms a metre
        const ratio = times[row * nodes.length + column] / 100 / haversineM(lonA, latA, lonB, latB);
        // longitudes shrink by 0.05 % from the middle of the box to its north
        expect(ratio).toBeGreaterThan(0.999);
        expect(ratio).toBeLessThan(1.029);
        sum += ratio;
        pairs++;
      }),
    );
    expect(sum / pairs).toBeLessThan(1.016);
  });
});

describeWithData('a fortnight of Montgomery, as it was and as it is fitted', (data) => {
  let folder: string;
  let study: Study;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patrol135 montgomery '));
    const bytes = gunzipSync(readFileSync(`${data}/incidents/montgomery-pa-911.csv.gz`));
    study = await compareReplay(await readMontgomery(new Uint8Array(bytes)), {
      from: '2016-02-01T00:00',
      split: '2016-04-18T00:00',
      to: '2016-05-02T00:00',
      stepM: 1000,
      stations: 30,
      kph: 45,
      onSceneS: { type: 'lognormal', mean: 1800, cv: 0.9 },
      replications: 3,
      folder,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('replays every call of the area, at its time, in every replication', () => {
    expect(study.calls).toBeGreaterThan(4500);
    expect(study.outsideArea).toBeLessThan(10);
    for (const { figures } of [...study.replayed, ...study.shuffled]) expect(figures.calls).toBe(study.calls);
    const [first, second] = study.replayed.map(({ calls }) =>
      calls.map(({ occurredMs }) => occurredMs).sort((a, b) => a - b),
    );
    expect(first).toEqual(second);
    // times on scene are drawn, so the answers differ
    expect(study.replayed[0].figures.meanResponseS).not.toBe(study.replayed[1].figures.meanResponseS);
  });

  it('draws about as many calls as there were in the weeks before', () => {
    const { mean } = sideOf(study.fitted, 'calls');
    expect(mean).toBeGreaterThan(0.9 * study.calls);
    expect(mean).toBeLessThan(1.1 * study.calls);
  });

  it('has calls that belong together in the file alone, which cost time that no fit to single calls foretells', () => {
    const [replayed, shuffled, fitted] = [study.replayed, study.shuffled, study.fitted].map(
      (streams) => sideOf(streams, 'companionShare').mean,
    );
    expect(replayed).toBeGreaterThan(0.08);
    expect(shuffled).toBeLessThan(0.06);
    expect(fitted).toBeLessThan(0.06);
    expect(sideOf(study.replayed, 'p50S').mean).toBeGreaterThan(sideOf(study.shuffled, 'p50S').mean);
  });
});
