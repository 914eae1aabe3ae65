import { readFile } from 'node:fs/promises';
import { length, lineString } from '@turf/turf';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { RoadGraph, RoadPosition } from '../../engine/graph/road-graph.ts';
import { readRoads } from '../../engine/import/import.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { reachFeature, reachFeatures, routeFeature, streetSteps } from '../../engine/routing/geojson.ts';
import { lengthOfIntervalsMm } from '../../engine/routing/interval-shape.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';
import { EMPTY_ROUTE } from '../../engine/routing/route.ts';
import { describeWithData } from '../support/shared-data.ts';
import { randomPositions } from '../support/random-city.ts';
import { readMap } from '../support/read-map.ts';
import type { TinyMap } from '../support/tiny-map.ts';

/**
 *     3---4---5        way 10: 1-2-3-4 High Street, bent at 2 and 3
 *    /    |   |        way 11: 5-4 High Street, way 12: 5-6 without a name, way 13: 6-7 without one
 *   2     8   6        way 14: 4-8 Low Lane
 *   |         |
 *   1         7
 */
const BENDS: TinyMap = {
  nodes: [
    { id: 1, lon: 10, lat: 50 },
    { id: 2, lon: 10, lat: 50.001 },
    { id: 3, lon: 10.001, lat: 50.002 },
    { id: 4, lon: 10.002, lat: 50.002 },
    { id: 5, lon: 10.003, lat: 50.002 },
    { id: 6, lon: 10.003, lat: 50.001 },
    { id: 7, lon: 10.003, lat: 50 },
    { id: 8, lon: 10.002, lat: 50.001 },
  ],
  ways: [
    { id: 10, refs: [1, 2, 3, 4], tags: { highway: 'residential', name: 'High Street' } },
    { id: 11, refs: [5, 4], tags: { highway: 'residential', name: 'High Street' } },
    { id: 12, refs: [5, 6], tags: { highway: 'residential' } },
    { id: 13, refs: [6, 7], tags: { highway: 'service' } },
    { id: 14, refs: [4, 8], tags: { highway: 'residential', name: 'Low Lane' } },
  ],
  relations: [],
};

const routerOf = (graph: RoadGraph) =>
  createRouter(buildMetric(graph, findProfile('plain'), { siren: false }));
const bends = async () => {
  const graph = await buildRoadGraph(await readMap(BENDS));
  const at = (way: number, offsetMm: number): RoadPosition => ({
    segment: graph.segmentOsmWayId.indexOf(way),
    offsetMm,
  });
  return { graph, at, router: routerOf(graph) };
};

describe('a drive as GeoJSON', () => {
  it('passes every shape point once, in the order of driving', async () => {
    const { graph, at, router } = await bends();
    const whole = graph.segmentLengthMm[at(13, 0).segment];
    const there = router.route(at(10, 0), at(13, whole))!;
    const points = [1, 2, 3, 4, 5, 6, 7].map((id) => BENDS.nodes[id - 1]);
    const expected = points.map(({ lon, lat }) => [lon, lat]);
    expect(routeFeature(graph, there).geometry).toEqual({ type: 'LineString', coordinates: expected });
    const back = router.route(at(13, whole), at(10, 0))!;
    expect(routeFeature(graph, back).geometry!.coordinates).toEqual(expected.toReversed());
  });

  it('begins and ends in mid-street where the drive does', async () => {
    const { graph, at, router } = await bends();
    // 111.195 m are 0.001 degrees of latitude: a quarter of the way up to node 2, then half the way from 5 down to 6
    const route = router.route(at(10, 27_799), at(12, 55_597))!;
    const { coordinates } = routeFeature(graph, route).geometry!;
    expect(coordinates).toHaveLength(6);
    expect(coordinates[0]).toEqual([10, 50.00025]);
    expect(coordinates[5]).toEqual([10.003, 50.0015]);
  });

  it('names the streets, one step while the name stays the same', async () => {
    const { graph, at, router } = await bends();
    const route = router.route(at(10, 0), at(13, 1000))!;
    const feature = routeFeature(graph, route, { unit: 'P1', lengthM: 'replaced' });
    const [high, unnamed] = feature.properties.steps;
    expect(feature.properties.steps).toHaveLength(2);
    expect(high).toMatchObject({ name: 'High Street', osmWayIds: [10, 11] });
    expect(unnamed).toMatchObject({ name: '', osmWayIds: [12, 13] });
    expect(feature.properties).toMatchObject({
      unit: 'P1',
      travelTimeS: route.travelTimeMs / 1000,
      lengthM: route.lengthMm / 1000,
    });
    expect(Object.keys(feature)).toEqual(['type', 'properties', 'geometry']);
    // 30 km/h on High Street, and the last metre of a service road at 20
    expect(high.timeS).toBeCloseTo((high.lengthM / 30) * 3.6, 2);
    expect(unnamed.timeS).toBeCloseTo(((unnamed.lengthM - 1) / 30) * 3.6 + 0.18, 2);
  });

  it('starts a new step where another name lies between two parts of a street', async () => {
    const { graph, at, router } = await bends();
    const detour = [
      ...router.route(at(10, 0), at(14, 0))!.steps,
      ...router.route(at(14, 0), at(14, 9000))!.steps,
      ...router.route(at(14, 9000), at(11, 0))!.steps,
    ];
    const names = streetSteps(graph, { steps: detour, travelTimeMs: 0, lengthMm: 0 }).map(({ name }) => name);
    expect(names).toEqual(['High Street', 'Low Lane', 'High Street']);
  });

  it('has no geometry and no streets without steps, and a line of two equal points below a place', async () => {
    const { graph, at } = await bends();
    expect(routeFeature(graph, EMPTY_ROUTE)).toEqual({
      type: 'Feature',
      properties: { travelTimeS: 0, lengthM: 0, steps: [] },
      geometry: null,
    });
    const { segment } = at(10, 0);
    const route = {
      steps: [{ segment, fromMm: 5000, toMm: 5001, endMs: 0 }],
      travelTimeMs: 0,
      lengthMm: 1,
    };
    const { coordinates } = routeFeature(graph, route).geometry!;
    expect(coordinates).toHaveLength(2);
    expect(coordinates[0]).toEqual(coordinates[1]);
  });
});

describe('reach as GeoJSON', () => {
  it('gives the stretches as many lines of one feature, or one by one with their roads', async () => {
    const { graph, at, router } = await bends();
    const intervals = router.reachFrom(at(14, 50_000), 15_000);
    const whole = reachFeature(graph, intervals, { withinS: 15 });
    const each = reachFeatures(graph, intervals);
    expect(each.length).toBeGreaterThan(3);
    expect(whole.properties).toEqual({ withinS: 15 });
    expect(whole.geometry.coordinates).toEqual(each.map(({ geometry }) => geometry.coordinates));
    const lengthM = each.reduce((sum, { properties }) => sum + properties.lengthM, 0);
    expect(lengthM).toBeCloseTo(lengthOfIntervalsMm(intervals) / 1000, 6);
    const lane = each.find(({ properties }) => properties.osmWayId === 14)!;
    expect(lane.properties).toMatchObject({ name: 'Low Lane', roadClass: 'residential' });
    for (const { geometry, properties } of each) {
      expect(length(lineString(geometry.coordinates), { units: 'meters' })).toBeCloseTo(
        properties.lengthM,
        1,
      );
    }
  });
});

describeWithData('drives in Monaco (seed 135301)', (data) => {
  it('are as long on the map as they say, and their streets add up to the whole', async () => {
    const bytes = await readFile(`${data}/osm/monaco.osm.pbf`);
    const graph = await buildRoadGraph(
      await readRoads({ name: 'monaco', bytes }, { pedestrianStreets: false }),
    );
    const router = routerOf(graph);
    const positions = randomPositions(graph, 135_301, 60);
    let nDrives = 0;
    for (let i = 0; i + 1 < positions.length; i++) {
      const route = router.route(positions[i], positions[i + 1]);
      if (route === null || route.steps.length < 5) continue;
      nDrives++;
      const { geometry, properties } = routeFeature(graph, route);
      const { coordinates } = geometry!;
      const nSame = coordinates.filter(
        ([lon, lat], p) => p > 0 && lon === coordinates[p - 1][0] && lat === coordinates[p - 1][1],
      );
      expect(nSame).toEqual([]);
      // coordinates are rounded to a centimetre, each step's length to a millimetre
      const onMapM = length(lineString(coordinates), { units: 'meters' });
      expect(Math.abs(onMapM - properties.lengthM)).toBeLessThan(0.01 * coordinates.length);
      const add = (key: 'lengthM' | 'timeS') =>
        Math.round(properties.steps.reduce((sum, step) => sum + step[key], 0) * 1000);
      expect(add('lengthM')).toBe(route.lengthMm);
      expect(add('timeS')).toBe(route.travelTimeMs);
      properties.steps.forEach(
        (step, s) => s > 0 && expect(step.name).not.toBe(properties.steps[s - 1].name),
      );
    }
    expect(nDrives).toBeGreaterThan(20);
  });
});
