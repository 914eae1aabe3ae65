/** Profiles: times computed by hand, access, delays, and which turn restrictions bind whom. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { type GraphRestriction, type RoadGraph, startOfArcMm } from '../../engine/graph/road-graph.ts';
import {
  CONTROLS,
  modeBits,
  ROAD_CLASSES,
  SURFACES,
  type TravelMode,
} from '../../engine/import/road-extract.ts';
import { buildMetric, obeysOf } from '../../engine/routing/build-metric.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { EXEMPTIONS, type Profile } from '../../engine/routing/profile.ts';
import { findProfile, PROFILES, profilesFor } from '../../engine/routing/profiles.ts';
import { UNREACHED_MS } from '../../engine/units.ts';
import { map, type Town } from '../support/ascii-map.ts';

const calm = { siren: false };
const siren = { siren: true };

/** The arc from one letter to another. */
function arcOf(town: Town, from: string, to: string): number {
  const { graph } = town;
  const tail = town.node(from);
  for (let arc = graph.firstOut[tail]; arc < graph.firstOut[tail + 1]; arc++) {
    if (graph.head[arc] === town.node(to)) return arc;
  }
  throw new Error(`no street from ${from} to ${to}`);
}

const timeOf = (town: Town, graph: RoadGraph, profile: string, conditions = calm, pair = 'AB'): number =>
  buildMetric(graph, findProfile(profile), conditions).arcTimeMs[arcOf(town, pair[0], pair[1])];

const withModes = (graph: RoadGraph, modes: TravelMode[]): RoadGraph => ({
  ...graph,
  modes: modeBits(modes),
  arcAccess: graph.arcAccess.map(() => modeBits(modes)),
});

/** 400 m at a posted 36 km/h. */
const street = () => map('A---B');
const rule = (arcs: number[], more: Partial<GraphRestriction> = {}): GraphRestriction => ({
  osmId: 7,
  kind: 'no_left_turn',
  arcs,
  vehicle: '',
  except: [],
  condition: '',
  when: 'always',
  ...more,
});

describe('the list of profiles', () => {
  it('holds complete tables with speeds and factors above zero', () => {
    expect(PROFILES.map(({ type }) => type)).toEqual([
      'plain',
      'patrol-car',
      'patrol-pace',
      'car',
      'motorcycle',
      'bicycle',
      'foot',
    ]);
    for (const { type, classKph, surfaceFactor, junctionDelayS, turnRules } of PROFILES) {
      expect(Object.keys(classKph).sort(), type).toEqual([...ROAD_CLASSES].sort());
      expect(Object.keys(surfaceFactor).sort(), type).toEqual([...SURFACES].sort());
      expect(Object.keys(junctionDelayS).sort(), type).toEqual([...CONTROLS].sort());
      expect(Math.min(...Object.values(classKph), ...Object.values(surfaceFactor)), type).toBeGreaterThan(0);
      expect(turnRules?.exempt ?? [], `${type} without siren`).toEqual([]);
    }
  });

  it('suggests the nearest name', () => {
    expect(() => findProfile('patrolcar')).toThrow(
      /"patrolcar" is not a profile \(did you mean "patrol-car"\?\)/,
    );
  });
});

describe('times of an arc', () => {
  it('are the posted limit for plain, its share for cars, a quarter more with siren, the top speed at most', async () => {
    const town = await street();
    expect(timeOf(town, town.graph, 'plain')).toBe(40_000);
    expect(timeOf(town, town.graph, 'plain', siren)).toBe(40_000);
    expect(timeOf(town, town.graph, 'car')).toBe(50_000); // 28.8 km/h
    expect(timeOf(town, town.graph, 'patrol-car')).toBe(47_059); // 30.6 km/h
    expect(timeOf(town, town.graph, 'patrol-car', siren)).toBe(37_647); // 38.25 km/h
    expect(timeOf(town, town.graph, 'patrol-pace')).toBe(48_000); // 30 km/h
    const fast = await map('A---B', { AB: { maxKph: 120 } });
    expect(timeOf(fast, fast.graph, 'patrol-car', siren)).toBe(11_294); // 102 km/h, with siren 127.5
    const motorway = await map('A---B', { AB: { maxKph: 130 } });
    expect(timeOf(motorway, motorway.graph, 'patrol-car', siren)).toBe(11_077); // 130, not 138.125
  });

  it('go by class where no limit is posted', async () => {
    const town = await map('A---B', { AB: { maxKph: 0, roadClass: 'secondary' } });
    expect(timeOf(town, town.graph, 'plain')).toBe(28_800); // 50 km/h
    expect(timeOf(town, town.graph, 'patrol-car')).toBe(33_882); // 42.5 km/h
  });

  it('are longer on a worse surface, for those who mind it', async () => {
    const town = await street();
    const paved = (name: (typeof SURFACES)[number]): RoadGraph => ({
      ...town.graph,
      segmentSurface: Uint8Array.of(SURFACES.indexOf(name)),
    });
    expect(timeOf(town, paved('cobblestone'), 'car')).toBe(71_429); // 28.8 x 0.7 = 20.16 km/h
    expect(timeOf(town, paved('asphalt'), 'car')).toBe(50_000);
    for (const surface of SURFACES) expect(timeOf(town, paved(surface), 'plain')).toBe(40_000);
  });

  it('of people and bicycles go by their own speed, and keep a limit that is lower', async () => {
    const town = await map('A---B\n|\nC', { AC: { maxKph: 10, lengthMm: 400_000 } });
    const graph = withModes(town.graph, ['car', 'bicycle', 'foot']);
    expect(timeOf(town, graph, 'bicycle')).toBe(90_000); // 16 km/h
    expect(timeOf(town, graph, 'bicycle', calm, 'AC')).toBe(144_000); // 10 km/h
    expect(timeOf(town, graph, 'foot')).toBe(288_000); // 5 km/h
    expect(timeOf(town, graph, 'foot', calm, 'AC')).toBe(288_000);
  });

  it('add the delays of what is met, halved by the siren, none for plain', async () => {
    const town = await street();
    const there = arcOf(town, 'A', 'B');
    const back = arcOf(town, 'B', 'A');
    const column = (arc: number, count: number): Uint8Array => {
      const counts = new Uint8Array(town.graph.nArcs);
      counts[arc] = count;
      return counts;
    };
    const graph: RoadGraph = {
      ...town.graph,
      arcSignals: column(there, 2),
      arcStops: column(back, 1),
      arcGiveWays: column(there, 1),
      arcLevelCrossings: column(back, 1),
    };
    expect(timeOf(town, graph, 'plain')).toBe(40_000);
    expect(timeOf(town, graph, 'car')).toBe(50_000 + 2 * 10_000 + 3_000);
    expect(timeOf(town, graph, 'car', calm, 'BA')).toBe(50_000 + 6_000 + 6_000);
    expect(timeOf(town, graph, 'patrol-car', siren)).toBe(37_647 + 10_000 + 1_500);
    // spread over the arc, so that partial times add up
    const router = createRouter(buildMetric(graph, findProfile('car'), calm));
    const middle = { segment: 0, offsetMm: 200_000 };
    expect(router.timeMs(town.at('A'), middle)).toBe(36_500);
    expect(router.timeMs(middle, town.at('B'))).toBe(36_500);
    expect(router.timeMs(town.at('A'), town.at('B'))).toBe(73_000);
  });

  it('do not exist where the road is not open to the mode', async () => {
    const town = await map('A---B---C');
    const graph = withModes(town.graph, ['car', 'foot']);
    const alley = arcOf(town, 'B', 'C');
    graph.arcAccess[alley] = modeBits(['foot']);
    expect(timeOf(town, graph, 'plain', calm, 'BC')).toBe(UNREACHED_MS);
    expect(timeOf(town, graph, 'plain', calm, 'CB')).toBe(40_000);
    expect(timeOf(town, graph, 'foot', calm, 'BC')).toBe(288_000);
  });

  it('are refused where the roads were not read for the mode, with the way to read them', async () => {
    const { graph } = await street();
    expect(profilesFor(graph).map(({ type }) => type)).toEqual(['plain', 'patrol-car', 'patrol-pace', 'car']);
    const walk = () => buildMetric(graph, findProfile('foot'), calm);
    expect(walk).toThrow(InputError);
    expect(walk).toThrow(/"foot" goes by foot, but the roads were read for car; .*--modes car,foot/);
  });
});

describe('traffic', () => {
  const rush = { name: 'rush', speedFactor: 0.8 };

  it('slows all roads or classes of them, on top of everything, but not people and bicycles', async () => {
    const town = await map('A---B\n|\nC', { AC: { maxKph: 36, roadClass: 'primary', lengthMm: 400_000 } });
    const graph = withModes(town.graph, ['car', 'bicycle', 'foot']);
    const main = { name: 'main roads', speedFactor: { primary: 0.5 } };
    const time = (profile: string, traffic: typeof rush | typeof main, pair: string): number =>
      buildMetric(graph, findProfile(profile), { siren: false, traffic }).arcTimeMs[
        arcOf(town, pair[0], pair[1])
      ];
    expect(time('plain', rush, 'AB')).toBe(50_000);
    expect(time('patrol-pace', rush, 'AB')).toBe(60_000); // 30 km/h x 0.8
    expect(time('plain', main, 'AB')).toBe(40_000);
    expect(time('plain', main, 'AC')).toBe(80_000);
    expect(time('foot', rush, 'AB')).toBe(288_000);
    expect(time('bicycle', main, 'AC')).toBe(90_000);
    expect(buildMetric(graph, findProfile('patrol-car'), { siren: true, traffic: rush }).name).toBe(
      'patrol-car+siren in rush',
    );
  });
});

describe('changes of roads', () => {
  it('close a street for everybody or make it slower', async () => {
    const town = await map('A---B---C');
    const segment = town.graph.arcSegment[arcOf(town, 'B', 'C')];
    const other = town.graph.arcSegment[arcOf(town, 'A', 'B')];
    const changes = {
      closed: new Uint8Array(town.graph.nSegments),
      slowness: new Float64Array(town.graph.nSegments).fill(1),
    };
    changes.closed[segment] = 1;
    changes.slowness[other] = 2.5;
    const metric = buildMetric(town.graph, findProfile('plain'), { siren: false, changes });
    expect(metric.arcTimeMs[arcOf(town, 'A', 'B')]).toBe(100_000);
    expect(metric.arcTimeMs[arcOf(town, 'C', 'B')]).toBe(UNREACHED_MS);
    expect(createRouter(metric).route(town.at('A'), town.at('C'))).toBeNull();
  });
});

describe('turn restrictions', () => {
  const obeys = (profile: Profile, given: Partial<GraphRestriction>, withSiren = false): boolean =>
    obeysOf({ restrictions: [rule([0, 1], given)] }, profile, withSiren)!(0);
  const car = findProfile('car');
  const patrolCar = findProfile('patrol-car');
  const bicycle = findProfile('bicycle');

  it('bind by vehicle, exception and weight', () => {
    expect(obeys(car, {})).toBe(true);
    expect(obeys(car, { vehicle: 'motorcar' })).toBe(true);
    expect(obeys(car, { vehicle: 'motor_vehicle' })).toBe(true);
    expect(obeys(car, { vehicle: 'hgv' })).toBe(false);
    expect(obeys(car, { vehicle: 'bicycle' })).toBe(false);
    expect(obeys(bicycle, { vehicle: 'bicycle' })).toBe(true);
    expect(obeys(bicycle, { vehicle: 'motor_vehicle' })).toBe(false);
    expect(obeys(bicycle, { except: ['psv', 'bicycle'] })).toBe(false);
    expect(obeys(car, { except: ['psv', 'bicycle'] })).toBe(true);
    expect(obeys(car, { when: 'heavy' })).toBe(false);
    expect(obeys(car, { when: 'hours' })).toBe(true);
    expect(obeys(patrolCar, { except: ['emergency'] })).toBe(true);
    expect(obeys(patrolCar, { except: ['emergency'], kind: 'no_entry' }, true)).toBe(false);
    expect(obeysOf({ restrictions: [] }, findProfile('plain'), false)).toBeNull();
    expect(obeysOf({ restrictions: [] }, findProfile('foot'), false)).toBeNull();
  });

  it('exempt by the named options, each its own kinds', () => {
    const kinds = [...Object.values(EXEMPTIONS).flat()];
    expect(kinds).toHaveLength(10);
    for (const [name, exempted] of Object.entries(EXEMPTIONS)) {
      const profile: Profile = { ...car, turnRules: { vehicle: ['motorcar'], exempt: [name as never] } };
      for (const kind of kinds) {
        expect(obeys(profile, { kind }), `${name} ${kind}`).toBe(
          !(exempted as readonly string[]).includes(kind),
        );
      }
      expect(obeys(profile, { kind: 'no_left_turn', when: 'hours' }), name).toBe(
        name !== 'no-turn' && name !== 'hours',
      );
    }
    // the siren of a patrol car: everything but no_entry and no_exit
    for (const kind of kinds) expect(obeys(patrolCar, { kind }), kind).toBe(true);
    const left = kinds.filter((kind) => obeys(patrolCar, { kind }, true));
    expect(left.sort()).toEqual(['no_entry', 'no_exit']);
  });

  it('send a patrol car round the block, and let it turn with siren', async () => {
    // from A over B to D, no left turn at B: on to C, round by E
    const town = await map(
      `
A---B---C
    |   |
    D---E`,
      { BC: { lengthMm: 500_000 } }, // longer than turning round in C pays
    );
    const turn = [arcOf(town, 'A', 'B'), arcOf(town, 'B', 'D')];
    const graph: RoadGraph = { ...town.graph, restrictions: [rule(turn)] };
    const drive = (profile: string, conditions: { siren: boolean }): string => {
      const route = createRouter(buildMetric(graph, findProfile(profile), conditions)).route(
        town.at('A'),
        town.at('D'),
      )!;
      const nodes = route.steps.map(({ segment, toMm }) =>
        toMm === startOfArcMm(graph, graph.segmentForwardArc[segment])
          ? graph.segmentFrom[segment]
          : graph.segmentTo[segment],
      );
      return `A${nodes.map((node) => String.fromCharCode(graph.nodeOsmId[node])).join('')}`;
    };
    expect(drive('plain', calm)).toBe('ABD');
    expect(drive('patrol-car', calm)).toBe('ABCED');
    expect(drive('patrol-car', siren)).toBe('ABD');
    expect(drive('patrol-pace', siren)).toBe('ABCED');
  });
});
