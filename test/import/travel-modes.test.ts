/** Tag rules as tables: who may pass a way, by mode of travel and direction. */
import { describe, expect, it } from 'vitest';
import {
  modeBit,
  modeBits,
  modesOf,
  ROAD_CLASSES,
  TRAVEL_MODES,
  type TravelMode,
} from '../../engine/import/road-extract.ts';
import { problemsOf, readBytes, readMap } from '../support/read-map.ts';
import { mapOfWays, TOWN, toPbf } from '../support/tiny-map.ts';

const parse = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(' ').map((tag) => tag.split(/=(.*)/).slice(0, 2) as [string, string]));

/** `car both, foot forward`: what is open on a way, read for all modes beside a plain road. */
async function readWay(tags: string, modes: readonly TravelMode[] = TRAVEL_MODES, pedestrianStreets = false) {
  const map = mapOfWays(parse(tags), { highway: 'service' });
  const { ways, report } = await readMap(map, pedestrianStreets, modes);
  const way = ways.osmId.indexOf(100);
  const side = (mode: TravelMode): string => {
    const bits = [ways.forwardModes!, ways.backwardModes!].map((column) => column[way] & modeBit(mode));
    if (bits[0] !== 0) return bits[1] === 0 ? ` ${mode}>` : ` ${mode}`;
    return bits[1] === 0 ? '' : ` ${mode}<`;
  };
  const open = way < 0 ? '' : TRAVEL_MODES.map(side).join('').trim();
  return { open, kept: way >= 0, direction: ways.direction[way], ...report };
}

const ALL = 'car motorcycle bicycle foot';

describe('the class of a way opens it to', () => {
  it.each([
    ['motorway', 'car> motorcycle>'],
    ['motorway_link', 'car> motorcycle>'],
    ['trunk', ALL],
    ['primary', ALL],
    ['unclassified', ALL],
    ['residential', ALL],
    ['living_street', ALL],
    ['service', ALL],
    ['road', ALL],
    ['track', 'bicycle foot'],
    ['pedestrian', 'foot'],
    ['footway', 'foot'],
    ['cycleway', 'bicycle foot'],
    ['path', 'bicycle foot'],
    ['steps', 'foot'],
    ['bridleway', ''],
    ['busway', ''],
    ['corridor', ''],
    ['platform', ''],
    ['elevator', ''],
    ['construction', ''],
    ['proposed', ''],
    ['raceway', ''],
    ['__proto__', ''],
  ])('%s: %s', async (highway, open) => {
    expect((await readWay(`highway=${highway}`)).open).toBe(open);
  });
});

describe('access', () => {
  it.each([
    // the most specific key present decides for each mode
    ['highway=service access=no', ''],
    ['highway=service access=private', ALL],
    ['highway=service access=no foot=yes', 'foot'],
    ['highway=service access=no bicycle=designated', 'bicycle'],
    ['highway=service access=no motorcycle=yes', 'motorcycle'],
    ['highway=service vehicle=no', 'foot'],
    ['highway=service vehicle=no bicycle=yes', 'bicycle foot'],
    ['highway=service motor_vehicle=no', 'bicycle foot'],
    ['highway=service motor_vehicle=no motorcycle=destination', 'motorcycle bicycle foot'],
    ['highway=service motorcycle=no', 'car bicycle foot'],
    ['highway=service bicycle=no', 'car motorcycle foot'],
    ['highway=service foot=no', 'car motorcycle bicycle'],
    ['highway=service foot=no;permissive', ALL],
    // a motorroad is as a motorway
    ['highway=trunk motorroad=yes', 'car motorcycle'],
    ['highway=trunk motorroad=yes bicycle=yes', 'car motorcycle bicycle'],
    ['highway=trunk motorroad=no', ALL],
    ['highway=motorway oneway=no bicycle=yes', 'car motorcycle bicycle'],
    // a mode's own key opens what its class closes; the general keys do not
    ['highway=footway bicycle=yes', 'bicycle foot'],
    ['highway=footway bicycle=official', 'bicycle foot'],
    ['highway=footway access=yes vehicle=yes', 'foot'],
    ['highway=pedestrian bicycle=yes', 'bicycle foot'],
    ['highway=bridleway foot=yes', 'foot'],
    ['highway=bridleway bicycle=permissive foot=no', 'bicycle'],
    ['highway=busway bicycle=yes', 'bicycle'],
    ['highway=steps bicycle=yes', 'foot'],
    ['highway=steps foot=no', ''],
    ['highway=cycleway foot=no', 'bicycle'],
    ['highway=path foot=designated bicycle=no', 'foot'],
    ['highway=track motor_vehicle=yes motorcycle=yes', 'bicycle foot'],
    // words of their own
    ['highway=primary bicycle=use_sidepath foot=use_sidepath', ALL],
    ['highway=primary bicycle=dismount', 'car motorcycle foot'],
    ['highway=footway bicycle=dismount', 'foot'],
    // emergency opens what a motor vehicle fits
    ['highway=footway emergency=yes', 'car motorcycle foot'],
    ['highway=footway emergency=yes width=1.5', 'motorcycle foot'],
    ['highway=footway emergency=yes width=0.8', 'foot'],
    ['highway=steps emergency=yes', 'foot'],
    ['highway=service access=no emergency=yes', 'car motorcycle'],
  ])('%s: %s', async (tags, open) => {
    expect((await readWay(tags)).open).toBe(open);
  });

  it('with pedestrian streets opened lets motor vehicles in, unless they are closed to everybody', async () => {
    expect((await readWay('highway=pedestrian', TRAVEL_MODES, true)).open).toBe('car motorcycle foot');
    expect((await readWay('highway=pedestrian access=no', TRAVEL_MODES, true)).open).toBe('');
  });

  it('lets people walk round squares drawn as areas, and nobody drive', async () => {
    expect((await readWay('highway=pedestrian area=yes')).open).toBe('foot');
    expect((await readWay('highway=service area=yes')).dropped).toEqual({ areas: 1 });
    expect((await readWay('highway=pedestrian area=yes', ['car', 'bicycle'])).dropped).toEqual({ areas: 1 });
    expect((await readWay('highway=pedestrian area=yes foot=no')).dropped).toEqual({ areas: 1 });
  });

  it('counts each way under the reason it was left out for', async () => {
    expect((await readWay('highway=corridor')).dropped).toEqual({ waysNotForModes: 1 });
    expect((await readWay('highway=service access=no')).dropped).toEqual({ waysClosedToModes: 1 });
    expect((await readWay('highway=footway', ['car', 'motorcycle'])).dropped).toEqual({ waysNotForModes: 1 });
    expect((await readWay('highway=footway', ['car'])).dropped).toEqual({ waysNotForCars: 1 });
    expect((await readWay('highway=service oneway=reversible', ['car', 'bicycle'])).dropped).toEqual({
      waysReversible: 1,
    });
  });

  it('counts a value that nobody understands once, however many modes read it', async () => {
    const way = await readWay('highway=service vehicle=unbekannt oneway=perhaps');
    expect([way.open, way.repaired]).toEqual([ALL, { accessNotUnderstood: 1, onewayNotUnderstood: 1 }]);
    const closed = await readWay('highway=footway bicycle=shared');
    expect([closed.open, closed.repaired]).toEqual(['foot', { accessNotUnderstood: 1 }]);
  });
});

describe('one-way streets', () => {
  it.each([
    // people on foot walk both ways
    ['highway=primary oneway=yes', 'car> motorcycle> bicycle> foot'],
    ['highway=primary oneway=-1', 'car< motorcycle< bicycle< foot'],
    ['highway=primary oneway=reversible', 'foot'],
    ['highway=primary junction=roundabout', 'car> motorcycle> bicycle> foot'],
    ['highway=path oneway=yes', 'bicycle> foot'],
    ['highway=footway oneway=yes bicycle=yes', 'bicycle> foot'],
    ['highway=footway oneway:foot=yes', 'foot>'],
    ['highway=footway oneway:foot=-1', 'foot<'],
    ['highway=footway foot:backward=no', 'foot>'],
    ['highway=steps conveying=forward', 'foot>'],
    ['highway=steps conveying=backward', 'foot<'],
    ['highway=steps conveying=yes', 'foot'],
    // bicycles against the traffic
    ['highway=primary oneway=yes oneway:bicycle=no', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway:bicycle=yes', 'car motorcycle bicycle> foot'],
    ['highway=primary oneway=yes oneway:bicycle=-1', 'car> motorcycle> bicycle< foot'],
    ['highway=primary oneway=yes cycleway=opposite', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway=yes cycleway=opposite_lane', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway=yes cycleway:left=opposite_track', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway=yes cycleway:left:oneway=-1', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway=yes cycleway:right:oneway=yes', 'car> motorcycle> bicycle> foot'],
    ['highway=primary oneway=yes cycleway=lane', 'car> motorcycle> bicycle> foot'],
    ['highway=primary oneway=yes bicycle:backward=yes', 'car> motorcycle> bicycle foot'],
    ['highway=primary oneway=yes oneway:motorcycle=no', 'car> motorcycle bicycle> foot'],
  ])('%s: %s', async (tags, open) => {
    expect((await readWay(tags)).open).toBe(open);
  });

  it('are counted where they are one-way for somebody, and open where they are for anybody', async () => {
    const way = await readWay('highway=primary oneway=yes');
    expect([way.direction, way.roads.onewayWays]).toEqual([3, 1]);
    expect((await readWay('highway=footway')).roads.onewayWays).toBe(0);
  });
});

describe('the modes that roads are read for', () => {
  it('decide which ways are kept, and are counted', async () => {
    const map = mapOfWays(
      { highway: 'motorway' },
      { highway: 'service' },
      { highway: 'cycleway' },
      { highway: 'steps' },
    );
    const kept = async (modes: readonly TravelMode[]): Promise<unknown> => {
      const { ways, report } = await readMap(map, false, modes);
      return [[...ways.osmId], report.modes];
    };
    expect(await kept(['car'])).toEqual([[100, 101], { car: 2 }]);
    expect(await kept(['bicycle'])).toEqual([[101, 102], { bicycle: 2 }]);
    expect(await kept(['foot', 'car'])).toEqual([[100, 101, 102, 103], { car: 2, foot: 3 }]);
    expect((await readBytes(toPbf(map))).modes).toEqual(['car']);
  });

  it('keep the class of steps', async () => {
    const { ways } = await readMap(mapOfWays({ highway: 'steps' }), false, ['foot']);
    expect(ROAD_CLASSES[ways.roadClass[0]]).toBe('steps');
  });

  it('leave roads for cars as they are without them', async () => {
    const roads = async (modes: readonly TravelMode[]): Promise<unknown> => {
      const { ways } = await readMap(TOWN, false, modes);
      return [...ways.osmId].flatMap((osmId, way) => {
        const open = [ways.forwardModes![way] & 1, ways.backwardModes![way] & 1];
        return open.some(Boolean) ? [[osmId, ...open, ways.maxSpeedForwardKph[way], ways.surface![way]]] : [];
      });
    };
    expect(await roads(TRAVEL_MODES)).toEqual(await roads(['car']));
  });

  it('count only barriers on roads for motor vehicles', async () => {
    const gates = mapOfWays({ highway: 'footway' }, { highway: 'service' });
    for (const node of gates.nodes) node.tags = { barrier: 'bollard' };
    expect((await readMap(gates, false, TRAVEL_MODES)).report.repaired).toEqual({ barrierNodesNotObeyed: 2 });
    expect((await readMap(gates, false, ['foot'])).report.repaired).toEqual({});
  });

  it('are refused where one is unknown or none is given, and named where no road is open to them', async () => {
    const bytes = toPbf(TOWN);
    const [unknown] = await problemsOf(readBytes(bytes, { modes: ['car', 'horse' as TravelMode] }));
    expect(unknown.message).toMatch(
      /"horse" is not a mode of travel; allowed: car, motorcycle, bicycle, foot/,
    );
    expect((await problemsOf(readBytes(bytes, { modes: [] })))[0].message).toMatch(/no mode of travel/);
    const steps = toPbf(mapOfWays({ highway: 'steps' }));
    const [none] = await problemsOf(readBytes(steps, { modes: ['bicycle', 'car'] }));
    expect(none.message).toMatch(/no road open to car, bicycle: .*waysNotForModes 1/);
  });

  it('are bits in the order of their list', () => {
    expect(TRAVEL_MODES.map(modeBit)).toEqual([1, 2, 4, 8]);
    for (let bits = 0; bits < 16; bits++) expect(modeBits(modesOf(bits))).toBe(bits);
  });
});
