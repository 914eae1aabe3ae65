import { describe, expect, it } from 'vitest';
import { buildCity, NOWHERE } from '../../engine/city/build.ts';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { lengthOfIntervalsMm } from '../../engine/routing/interval-shape.ts';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import { NONE } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

/** [lon, lat] of a cell of the map. */
const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];
const CALL = { id: 'call', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 60 } };
const demand = (...sources: object[]) => ({ type: 'poisson', categories: [CALL], sources });
const places = (...cells: [number, number][]): string =>
  ['lon,lat', ...cells.map(([x, y]) => cell(x, y).join(','))].join('\n');

async function problemsOf(building: Promise<unknown>): Promise<InputProblem[]> {
  const error = await building.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return [...(error as InputError).problems];
}

const ROUND = `
A---B---C
|   |   |
D---E---F`;

describe('a scenario on its roads', () => {
  it('gives every post, point and unit its place on the nearest road, and how far it was moved', async () => {
    const { city, town } = await smallCity(ROUND, {
      units: [
        { id: 'u', at: 'D' },
        { id: 'v', at: 'C' },
      ],
      scenario: {
        mustReachPoints: [
          { id: 'on', lonLat: cell(2, 1), dwellS: 5.5 },
          { id: 'beside', lonLat: [cell(6, 1)[0], cell(6, 1)[1] + 0.0005] }, // 56 m north of B-C
        ],
      },
    });
    expect(city.posts.map(({ id, position }) => [id, position])).toEqual([
      ['post-D', expect.objectContaining(placeOf(city, town.node('D')))],
      ['post-C', expect.objectContaining(placeOf(city, town.node('C')))],
    ]);
    expect(city.units.map(({ id, post }) => [id, post])).toEqual([
      ['u', 0],
      ['v', 1],
    ]);
    expect(city.units.map(({ home }) => home)).toEqual(city.posts.map(({ position }) => position));
    expect(city.points.map(({ snapDistanceM }) => Math.round(snapDistanceM))).toEqual([0, 56]);
    expect(city.points[0].dwellMs).toBe(5500);
    expect(Math.round(city.points[1].position.offsetMm / 1000)).toBe(200); // half way from B to C
    expect(Math.round(city.report.farthestSnapM)).toBe(56);
    expect(city.report.warnings).toEqual([]);
  });

  it('belongs to the first zone of the list that holds it: roads, points and places of calls alike', async () => {
    const zones = [
      { id: 'west', class: 'core', polygon: [box(-1, 0, 5, 5)] },
      { id: 'east', class: 'key', polygon: [box(2, 0, 20, 20)] },
    ];
    const given: SmallScenario = {
      points: [
        { id: 'p', at: 'B' }, // column 4: in both
        { id: 'q', at: 'C' },
      ],
      files: { 'calls.csv': places([0, 1], [8, 3]) },
      scenario: {
        zones,
        demand: demand(
          { where: { type: 'zone', zone: 'east' }, callsPerHour: 1 },
          { where: { type: 'roads' }, callsPerHour: 1 },
          { where: { type: 'places', file: 'calls.csv' }, callsPerHour: 1 },
        ),
      },
    };
    const { city } = await smallCity(ROUND, given);
    // 2200 m of road: west of column 5 lie 2 x 500 m and the streets A-D and B-E
    const metres = city.zones.map(({ lengthMm }) => Math.round(lengthMm / 1000));
    expect(metres).toEqual([1400, 800]);
    expect(city.points.map(({ zone }) => zone)).toEqual([0, 1]);
    const [ofZone, ofRoads, ofPlaces] = city.sources;
    expect(ofZone.stretches).toEqual(city.zones[1].stretches);
    expect(new Set(ofZone.stretchZone)).toEqual(new Set([1]));
    expect(lengthOfIntervalsMm(ofRoads.stretches)).toBe(
      city.graph.segmentLengthMm.reduce((sum, mm) => sum + mm, 0),
    );
    expect(ofPlaces.placeZone).toEqual([0, 1]);
    for (const { stretches, cumulativeMm } of city.sources) {
      expect(cumulativeMm).toHaveLength(stretches.length + 1);
      expect(cumulativeMm[stretches.length]).toBe(lengthOfIntervalsMm(stretches));
    }

    const { city: other } = await smallCity(ROUND, {
      ...given,
      scenario: { ...given.scenario, zones: zones.toReversed() },
    });
    expect(other.zones.map(({ lengthMm }) => Math.round(lengthMm / 1000))).toEqual([1600, 600]);
    expect(other.points.map(({ zone }) => other.zones[zone].id)).toEqual(['east', 'east']);
  });

  it('leaves places of calls without a road out, and counts them by file', async () => {
    const { city } = await smallCity(ROUND, {
      files: { 'calls.csv': places([0, 1], [4, 20], [8, 3], [90, 90]) },
      scenario: { demand: demand({ where: { type: 'places', file: 'calls.csv' }, callsPerHour: 1 }) },
    });
    expect(city.sources[0].places).toHaveLength(2);
    expect(city.sources[0].placeZone).toEqual([NONE, NONE]);
    expect(city.report.placesOffRoad).toEqual({ 'calls.csv': 2 });
    expect(city.report.warnings).toEqual([
      expect.stringMatching(
        /^2 of 4 places of calls\.csv lie farther than 200 m from the roads .*; \/demand\/sources\/0 keeps its rate, so the 50\.0 % .* by number come from the other places$/,
      ),
    ]);
  });

  it('says what share of the calls places left out leave to the others, by their weights', async () => {
    const rows = places([0, 1], [4, 20], [8, 3], [90, 90]).trimEnd().split('\n');
    const weighted = rows.map((row, i) => `${row},${['weight', 1, 30, 7, 2][i]}`).join('\n');
    const { city } = await smallCity(ROUND, {
      files: { 'calls.csv': weighted },
      scenario: {
        demand: demand({
          where: { type: 'places', file: 'calls.csv', weightColumn: 'weight' },
          callsPerHour: 1,
        }),
      },
    });
    expect(city.report.warnings).toEqual([
      expect.stringContaining(
        'so the 80.0 % of its calls that they stand for by weight come from the other places',
      ),
    ]);
  });

  it('has the times of every profile in use, with and without siren, and of the patrol', async () => {
    const { city } = await smallCity(ROUND, {
      scenario: {
        units: [{ id: 'u', post: 'post-A', shifts: ['all'], profile: 'patrol-car' }],
        patrol: { type: 'quota-tour', profile: 'patrol-pace' },
      },
    });
    const calm = metricOf(city, 'patrol-car', { siren: false });
    const siren = metricOf(city, 'patrol-car', { siren: true });
    expect(calm.arcTimeMs[0]).toBeGreaterThan(siren.arcTimeMs[0]);
    expect(metricOf(city, 'patrol-pace', { siren: true })).toBe(
      metricOf(city, 'patrol-pace', { siren: false }),
    );
  });

  it('keeps a unit without a post nowhere until placement finds it a site', async () => {
    const { city } = await smallCity(ROUND, {
      scenario: {
        units: [{ id: 'u', shifts: ['all'], profile: 'plain' }],
        placement: { type: 'mclp' },
        patrol: { type: 'stay-at-post', profile: 'plain' },
      },
    });
    expect(city.units[0]).toMatchObject({ post: NONE, home: NOWHERE });
  });

  it('warns of a border that crosses itself and of a line that lies on no road', async () => {
    const [a, b, c, d] = [cell(0, 0), cell(9, 9), cell(9, 0), cell(0, 5)];
    const { city } = await smallCity(ROUND, {
      scenario: {
        zones: [{ id: 'bow', class: 'core', polygon: [[a, b, c, d, a]] }],
        mustPatrolLines: [{ id: 'off', coordinates: [cell(0, 30), cell(8, 30)] }],
      },
    });
    expect(city.report.warnings).toEqual([
      expect.stringMatching(/^the border of zone "bow" crosses itself/),
      expect.stringMatching(/^must-patrol line "off" is not matched: /),
    ]);
    expect(city.lines[0].along).toEqual([]);
  });
});

/** The position at a node, as any of its segments tells it. */
function placeOf({ graph }: City, node: number): { segment: number; offsetMm: number } {
  const segment = [...graph.segmentFrom].findIndex((from, s) => from === node || graph.segmentTo[s] === node);
  return { segment, offsetMm: graph.segmentFrom[segment] === node ? 0 : graph.segmentLengthMm[segment] };
}

/** The same roads elsewhere on the earth. */
function moved(graph: RoadGraph, lon: number, lat: number): RoadGraph {
  const shift = (column: Int32Array, degrees: number): Int32Array => column.map((e7) => e7 + degrees * 1e7);
  return {
    ...graph,
    nodeLonE7: shift(graph.nodeLonE7, lon),
    nodeLatE7: shift(graph.nodeLatE7, lat),
    shapeLonE7: shift(graph.shapeLonE7, lon),
    shapeLatE7: shift(graph.shapeLatE7, lat),
  };
}

describe('what does not fit the roads is refused, all in one go', () => {
  const at = (lon: number, lat: number) => ({ lon, lat });

  it('names every place that is too far, how far it is, what is allowed, and [lat, lon] for [lon, lat]', async () => {
    const { city } = await smallCity(ROUND);
    const graph = moved(city.graph, 40, 30);
    const [lon, lat] = cell(4, 1);
    const origin = (where: string) => ({ file: 'places.geojson', place: where });
    const post = (id: string, place: { lon: number; lat: number }) => ({
      id,
      name: id,
      place,
      origin: origin(`post ${id}`),
    });
    const scenario: Scenario = {
      ...city.scenario,
      posts: [
        post('right', at(40 + lon, 30 + lat)),
        post('far', at(40 + lon, 30 + lat + 0.01)), // 1112 m
        post('swapped', at(30 + lat, 40 + lon)),
        post('elsewhere', at(0, 0)),
      ],
      points: [
        {
          id: 'p',
          name: 'p',
          place: at(40 + lon, 30 + lat + 0.02),
          origin: origin('point p'),
          visitsPerShift: 1,
          dwellMs: 0,
          longestGapMs: null,
        },
      ],
    };
    const problems = await problemsOf(buildCity(scenario, graph));
    expect(problems.map(({ place }) => place)).toEqual([
      'point p',
      'post far',
      'post swapped',
      'post elsewhere',
    ]);
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(['places.geojson']));
    const messages = problems.map(({ message }) => message);
    expect(messages[0]).toMatch(/^must-reach point "p" at \[40\.\d+, 30\.\d+\] is 2224 m from/);
    expect(messages[1]).toMatch(/^post "far" at .* is 1112 m from .*; snapLimitM allows 200$/);
    expect(messages[2]).toMatch(/more than 50 km .*\(swapped\? \[longitude, latitude\] is the order\)$/);
    expect(messages[3]).toMatch(/more than 50 km .*snapLimitM allows 200$/);
  });

  it('names places, zones and sources together', async () => {
    const problems = await problemsOf(
      smallCity(ROUND, {
        files: { 'calls.csv': places([70, 70]) },
        scenario: {
          zones: [
            { id: 'whole', class: 'key', polygon: [box(-1, -1, 20, 20)] },
            { id: 'covered', class: 'core', polygon: [box(0, 0, 3, 3)] },
            { id: 'away', class: 'core', polygon: [box(50, 50, 60, 60)] },
          ],
          mustReachPoints: [{ id: 'p', lonLat: cell(4, 40) }],
          demand: demand(
            { where: { type: 'roads' }, callsPerHour: 1 },
            { where: { type: 'places', file: 'calls.csv' }, callsPerHour: 1 },
          ),
        },
      }),
    );
    expect(problems.map(({ place }) => place).sort()).toEqual([
      '/demand/sources/1/where',
      '/mustReachPoints/0/lonLat',
      '/zones/1',
      '/zones/2',
    ]);
    const of = (place: string): string => problems.find((p) => p.place === place)!.message;
    expect(of('/zones/1')).toMatch(/zone "covered" holds no drivable road/);
    expect(of('/demand/sources/1/where')).toMatch(/no place of calls\.csv lies within 200 m/);
  });

  it('and roads that lead nowhere and back: no call can be put on them', async () => {
    const problems = await problemsOf(
      smallCity('A---B', {
        ways: { AB: { oneway: true } },
        scenario: {
          units: [{ id: 'u', shifts: ['all'], profile: 'plain' }],
          posts: [],
          placement: { type: 'mclp' },
        },
      }),
    );
    expect(problems.map(({ place }) => place)).toEqual(['/demand/sources/0/where']);
    expect(problems[0].message).toMatch(/no road can be driven there and back/);
  });
});
