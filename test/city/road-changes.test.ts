/** Closed roads, slow zones, modes and turn rules in a city: times by hand, and nothing cut off in silence. */
import { describe, expect, it } from 'vitest';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { InputError } from '../../engine/errors.ts';
import type { GraphRestriction, RoadGraph } from '../../engine/graph/road-graph.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { NONE } from '../../engine/units.ts';
import { box, map, type Town } from '../support/ascii-map.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];

/** OSM way of a street of a drawing. */
async function wayOf(drawing: string, street: string): Promise<number> {
  const { graph } = await map(drawing);
  const segment = [...graph.segmentName].findIndex((name) => graph.names[name] === street);
  return graph.segmentOsmWayId[segment];
}

const changes = (list: object[], more: object = {}): Record<string, unknown> => ({
  roads: { file: 'roads.geojson', changes: list },
  ...more,
});

async function problemsOf(building: Promise<unknown>): Promise<string[]> {
  const error: unknown = await building.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems.map(({ file, place, message }) => `${file} ${place}: ${message}`);
}

const timeMs = ({ city, town }: { city: City; town: Town }, from: string, to: string): number =>
  createRouter(metricOf(city, 'plain', { siren: false })).timeMs(town.at(from), town.at(to));

describe('a closed way', () => {
  const RING = `
A---B---C
|       |
D---E---F`;

  it('is driven round, by patrols and to calls alike', async () => {
    const closed = changes([{ ways: [await wayOf(RING, 'BC')], closed: true }]);
    const points = [{ id: 'p', at: 'C', dwellS: 0 }];
    const small = await smallCity(RING, { units: [{ id: 'u', at: 'B' }], points, scenario: closed });
    // 400 m open; closed B-A-D-E-F-C: 400 + 200 + 400 + 400 + 200 m
    expect(timeMs(await smallCity(RING), 'B', 'C')).toBe(40_000);
    expect(timeMs(small, 'B', 'C')).toBe(160_000);
    expect(small.plan.duties[0].rounds[0].legs[0].approach.travelTimeMs).toBe(160_000);
    const record = small.run([{ atS: 40_000, place: 'C', onSceneS: 10 }]);
    expect(small.rows(record, 'unitEnRoute', 'unitArrived')).toEqual([
      '40000 unitEnRoute call 0 u',
      '40160 unitArrived call 0 u',
    ]);
    expect(small.city.report.warnings).toEqual([
      '/roads/changes close 0.400 km of road and cut off 0.000 km more; nothing is placed there and no call comes from there',
    ]);
  });

  const TAIL = `
A---B---C---D---E
|   |
F---G`;

  it('refuses a place that stands behind it, naming the road that is lost', async () => {
    const given = async (snapLimitM: number): Promise<SmallScenario> => ({
      points: [{ id: 'p', at: 'D' }],
      scenario: changes([{ ways: [await wayOf(TAIL, 'BC')], closed: true }], { snapLimitM }),
    });
    expect(await problemsOf(smallCity(TAIL, await given(200)))).toEqual([
      expect.stringMatching(
        /^scenario.json \/mustReachPoints\/0\/lonLat: must-reach point "p" at .* is 800 m from the nearest drivable road of the connected network; snapLimitM allows 200; CD is closed or cut off by \/roads\/changes$/,
      ),
    ]);
    const { city } = await smallCity(TAIL, await given(1000));
    expect(city.report.warnings).toEqual([
      '/roads/changes close 0.400 km of road and cut off 0.800 km more; nothing is placed there and no call comes from there',
      'must-reach point "p" stands on another road, 800 m away: CD is closed or cut off by /roads/changes',
    ]);
  });

  it('gives no calls, nor does what it cuts off; places of calls that move are counted', async () => {
    const calls = [
      [2, 0],
      [12, 0],
      [1, 2],
    ].map(([x, y]) => cell(x, y).join(','));
    const CALL = { id: 'call', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 60 } };
    const sources = [
      { where: { type: 'roads' }, callsPerHour: 20 },
      { where: { type: 'places', file: 'calls.csv' }, callsPerHour: 1 },
    ];
    const small = await smallCity(TAIL, {
      files: { 'calls.csv': `lon,lat\n${calls.join('\n')}\n` },
      scenario: changes([{ ways: [await wayOf(TAIL, 'BC')], closed: true }], {
        snapLimitM: 1000,
        demand: { type: 'poisson', categories: [CALL], sources },
      }),
    });
    expect(small.city.report.warnings).toContain(
      '1 of 3 places of calls.csv stand on another road: theirs is closed or cut off by /roads/changes',
    );
    const { graph } = small.town;
    const table = drawCalls(small.city, 1);
    const streets = new Set([...table.segment].map((segment) => graph.names[graph.segmentName[segment]]));
    expect([...streets].sort()).toEqual(['AB', 'AF', 'BG', 'FG']);
    expect(table.nCalls).toBeGreaterThan(100);
  });

  it('stops a must-patrol line, which says so', async () => {
    const line = { id: 'l', coordinates: [cell(1, 0), cell(7, 0)] };
    const { city } = await smallCity(RING, {
      units: [{ id: 'u', at: 'A' }],
      scenario: changes([{ ways: [await wayOf(RING, 'BC')], closed: true }], { mustPatrolLines: [line] }),
    });
    expect(city.lines[0].along).toEqual([]);
    expect(city.report.warnings[1]).toBe(
      'must-patrol line "l" is not matched: between vertices 0 and 1 no street follows the line',
    );
  });
});

describe('a slow zone', () => {
  it('slows what lies inside, by its share of a street; zones that meet multiply', async () => {
    const inside = { zone: { polygon: [box(2, -1, 5, 1)] }, speedFactor: 0.5 };
    const small = await smallCity('A---B---C', { scenario: changes([inside]) });
    // A-B: 200 m outside at 10 m/s, 200 m inside at 5 m/s; B-C: 100 m inside
    expect(timeMs(small, 'A', 'B')).toBe(60_000);
    expect(timeMs(small, 'B', 'C')).toBe(50_000);
    expect(timeMs(small, 'C', 'A')).toBe(110_000);
    const twice = await smallCity('A---B---C', { scenario: changes([inside, inside]) });
    expect(timeMs(twice, 'A', 'B')).toBe(90_000);
    const ways = [await wayOf('A---B---C', 'BC')];
    const both = await smallCity('A---B---C', { scenario: changes([inside, { ways, speedFactor: 2 }]) });
    expect(timeMs(both, 'B', 'C')).toBe(25_000);
    expect(both.city.report.warnings).toEqual([]);
  });

  it('may be a zone of the scenario, and closed: then every street that it touches is', async () => {
    const drawing = `
A---B---C
|   |   |
D---E---F`;
    const zones = [{ id: 'works', class: 'core', polygon: [box(3, 1, 5, 3)] }]; // E and some metres of its streets
    const { city, town } = await smallCity(drawing, {
      scenario: changes([{ zone: 'works', speedFactor: 0.5 }], { zones }),
    });
    expect(timeMs({ city, town }, 'D', 'E')).toBe(50_000);
    const closed = { zones: [], ...changes([{ zone: { polygon: [box(3, 1, 5, 3)] }, closed: true }]) };
    const small = await smallCity(drawing, { scenario: closed });
    expect(timeMs(small, 'D', 'F')).toBe(20_000 + 80_000 + 20_000);
    expect(small.city.report.warnings[0]).toContain('close 1.000 km of road and cut off 0.000 km more');
  });
});

describe('what is not there', () => {
  it('is told at its place: ways, and areas without a road', async () => {
    const list = [
      { ways: [1, 77], closed: true },
      { zone: { polygon: [box(50, 50, 60, 60)] }, speedFactor: 0.5 },
      { ways: [88], speedFactor: 0.5 },
    ];
    expect(await problemsOf(smallCity('A---B---C', { scenario: changes(list) }))).toEqual([
      'scenario.json /roads/changes/0/ways/1: way 77 is not among the roads of map',
      'scenario.json /roads/changes/1/zone: the area holds no road of map',
      'scenario.json /roads/changes/2/ways/0: way 88 is not among the roads of map',
    ]);
  });

  it('such as roads for a profile that goes on foot', async () => {
    const patrol = { type: 'quota-tour', profile: 'foot' };
    expect(await problemsOf(smallCity('A---B', { scenario: { patrol } }))).toEqual([
      'scenario.json /roads/modes: the profile "foot" goes by foot, but the roads were read for car; read them with "modes": ["car","foot"] under "roads" of the scenario, or import them with --modes car,foot',
    ]);
  });

  it('such as turn rules to be exempt from', async () => {
    const profiles = [{ id: 'mine', base: 'plain', exempt: ['no-turn'] }];
    expect(await problemsOf(smallCity('A---B', { scenario: { profiles } }))).toEqual([
      'scenario.json /profiles/0: no turn restriction binds the profile "plain"; name the "vehicle" that this one is, or leave out "exempt"',
    ]);
  });
});

describe('people on foot beside cars', () => {
  it('have places only where both get to', async () => {
    // C-D is an alley for people on foot
    const roads = ({ graph }: Town): RoadGraph => {
      const arcAccess = new Uint8Array(graph.nArcs).fill(1 | 8);
      for (let arc = 0; arc < graph.nArcs; arc++) {
        if (graph.names[graph.segmentName[graph.arcSegment[arc]]] === 'CD') arcAccess[arc] = 8;
      }
      return { ...graph, arcAccess, modes: 1 | 8, nodeMain: Uint8Array.of(1, 1, 1, 0) };
    };
    const beat = { type: 'quota-tour', profile: 'foot' };
    const { city } = await smallCity('A---B---C---D', {
      roads,
      points: [{ id: 'p', at: 'D' }],
      scenario: { patrol: beat, snapLimitM: 1000 },
    });
    expect(Math.round(city.points[0].snapDistanceM)).toBe(400);
    const onFoot = metricOf(city, 'foot', { siren: false });
    expect(onFoot.arcTimeMs[0]).toBe(288_000);
  });
});

describe("a profile of the scenario's own", () => {
  it('is like its base but for what it says', async () => {
    const profiles = [
      { id: 'slow', base: 'patrol-car', postedShare: 0.5, classKph: { residential: 18 }, topKph: 60 },
      { id: 'slow with siren', base: 'slow', siren: { linkFactor: 2 } },
      { id: 'no siren', base: 'slow', siren: false },
    ];
    const { city } = await smallCity('A---B\n|\nC', {
      ways: { AC: { maxKph: 0, lengthMm: 400_000 } },
      scenario: {
        profiles,
        units: [{ id: 'u', post: 'post-A', shifts: ['all'], profile: 'slow with siren' }],
      },
    });
    const times = (profile: string, siren: boolean): number[] => [
      ...new Set(metricOf(city, profile, { siren }).arcTimeMs),
    ];
    expect(times('slow', false)).toEqual([80_000]); // 18 km/h both: half of 36, and the class
    expect(times('slow', true)).toEqual([64_000]); // the siren of a patrol car: a quarter faster
    expect(times('slow with siren', true)).toEqual([40_000]);
    expect(metricOf(city, 'no siren', { siren: true })).toBe(metricOf(city, 'no siren', { siren: false }));
    expect(city.profiles.get('slow with siren')!.siren).toEqual({
      linkFactor: 2,
      junctionFactor: 0.5,
      exempt: ['no-turn', 'no-u-turn', 'only-turn', 'hours'],
    });
    expect(city.profiles.get('slow')!.turnRules).toEqual({
      vehicle: ['motorcar', 'motor_vehicle', 'vehicle'],
      exempt: [],
    });
  });
});

describe('turn restrictions', () => {
  const CROSS = `
A---B---C
|   |   |
D---E---F`;
  const forbid =
    (kind: string, from: string, to: string) =>
    ({ graph, node }: Pick<Town, 'graph' | 'node'>): RoadGraph => {
      const arc = (pair: string): number => {
        for (let a = 0; a < graph.nArcs; a++) {
          if (graph.tail[a] === node(pair[0]) && graph.head[a] === node(pair[1])) return a;
        }
        return NONE;
      };
      const restriction: GraphRestriction = {
        osmId: 42,
        kind,
        arcs: [arc(from), arc(to)],
        vehicle: '',
        except: [],
        condition: '',
        when: 'always',
      };
      return { ...graph, restrictions: [restriction] };
    };
  const patrol = { type: 'quota-tour', profile: 'patrol-pace' };
  const line = (direction: string) => ({
    id: 'l',
    coordinates: [cell(1, 0), cell(4, 0), cell(4, 2)],
    direction,
  });

  it('of the patrol forbid a line, or its way back, with the restriction that does', async () => {
    const build = (kind: string, from: string, to: string, direction: string, profile = 'patrol-pace') =>
      smallCity(CROSS, {
        roads: forbid(kind, from, to),
        scenario: { patrol: { ...patrol, profile }, mustPatrolLines: [line(direction)] },
      });
    const along = await build('no_right_turn', 'AB', 'BE', 'along');
    expect(along.city.lines[0].match.problem).toBe('the turn from AB into BE is forbidden (restriction 42)');
    expect(along.plan.unplanned).toEqual([
      { shift: 0, task: { kind: 'pass', line: 0, against: false }, count: 1, cause: 'notMatched' },
    ]);
    const back = await build('no_left_turn', 'EB', 'BA', 'both');
    expect(back.city.lines[0].match).toMatchObject({
      problem: '',
      problemAgainst:
        'on the way back the turn from BE into AB is forbidden (restriction 42), and no carriageway within 40 m leads back',
    });
    const free = await build('no_right_turn', 'AB', 'BE', 'along', 'plain');
    expect(free.city.lines[0].match.problem).toBe('');
  });

  it('are kept by the plan and by every drive of a run', async () => {
    const small = await smallCity(CROSS, {
      roads: forbid('no_right_turn', 'AB', 'BE'),
      points: [{ id: 'p', at: 'E', dwellS: 0 }],
      units: [{ id: 'u', at: 'A' }],
      ways: { AD: { lengthMm: 5_000_000 }, BC: { lengthMm: 600_000 } },
      scenario: {
        patrol,
        units: [{ id: 'u', post: 'post-A', shifts: ['all'], profile: 'patrol-car' }],
        demand: {
          type: 'poisson',
          categories: [
            { id: 'calm', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 60 } },
            { id: 'siren', priority: 1, share: 1, siren: true, onSceneS: { type: 'constant', mean: 60 } },
          ],
          sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
        },
      },
    });
    const metres = (drive: { lengthMm: number }): number => drive.lengthMm / 1000;
    // over C and F, because turning round in C is no shorter
    expect(metres(small.plan.duties[0].rounds[0].legs[0].approach)).toBe(400 + 600 + 200 + 400);
    const record = small.run([
      { atS: 40_000, place: 'E', onSceneS: 0 },
      { atS: 50_000, place: 'E', onSceneS: 0, category: 1 },
    ]);
    const arrived = small.rows(record, 'unitArrived').map((row) => Number(row.split(' ')[0]));
    expect(arrived[0] - 40_000).toBeCloseTo(1600 / 8.5, 2); // 36 km/h x 0.85 = 8.5 m/s
    expect(arrived[1] - 50_000).toBeCloseTo(600 / 10.625, 2); // with siren straight into B-E
  });
});
