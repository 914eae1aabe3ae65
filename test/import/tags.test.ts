/** Tag rules as tables: what a way's tags mean for a police car. */
import { describe, expect, it } from 'vitest';
import { maxSpeedKph } from '../../engine/import/osm/maxspeed.ts';
import { ROAD_CLASSES } from '../../engine/import/road-extract.ts';
import { readMap } from '../support/read-map.ts';
import { mapOfWays } from '../support/tiny-map.ts';

/** `highway=primary oneway=-1` as tags. */
const parse = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((tag) => tag.split('=') as [string, string]),
  );

/** Reads one way beside a plain road, so that there is always something to import. */
async function readWay(tags: string, pedestrianStreets = false) {
  const extract = await readMap(mapOfWays(parse(tags), { highway: 'service' }), pedestrianStreets);
  const { ways, report } = extract;
  const way = ways.osmId.indexOf(100);
  return {
    kept: way >= 0,
    roadClass: ROAD_CLASSES[ways.roadClass[way]],
    direction: way < 0 ? 'closed' : ['', 'forward', 'backward', 'both'][ways.direction[way]],
    kph: [ways.maxSpeedForwardKph[way], ways.maxSpeedBackwardKph[way]],
    dropped: report.dropped,
    repaired: report.repaired,
  };
}

describe('access', () => {
  it.each([
    // tags | open to police
    ['highway=residential', true],
    ['highway=residential access=private', true],
    ['highway=residential access=destination', true],
    ['highway=residential access=delivery', true],
    ['highway=residential access=permit', true],
    ['highway=residential access=no', false],
    ['highway=residential vehicle=no', false],
    ['highway=residential motor_vehicle=no', false],
    // the most specific key present decides
    ['highway=residential access=no motor_vehicle=yes', true],
    ['highway=residential access=yes motor_vehicle=no', false],
    ['highway=residential access=no vehicle=private', true],
    ['highway=residential motor_vehicle=private vehicle=no', true],
    // lists open where any value does
    ['highway=residential motor_vehicle=agricultural;forestry', true],
    ['highway=residential motor_vehicle=no;delivery', true],
    ['highway=residential motor_vehicle=no;no', false],
    // emergency opens what a car fits
    ['highway=residential access=no emergency=yes', true],
    ['highway=service motor_vehicle=no emergency=designated', true],
    ['highway=service motor_vehicle=no emergency=no', false],
    ['highway=footway emergency=yes', true],
    ['highway=cycleway emergency=yes', true],
    ['highway=path emergency=official', true],
    ['highway=bridleway emergency=yes', true],
    ['highway=track emergency=yes', true],
    ['highway=pedestrian emergency=yes', true],
    ['highway=busway emergency=yes', true],
    ['highway=footway emergency=fire_hydrant', false],
    ['highway=footway emergency=yes width=2', true],
    ['highway=footway emergency=yes width=1.9', false],
    ['highway=footway emergency=yes width=1,9', false],
    ['highway=footway emergency=yes width=0', false],
    ['highway=residential emergency=yes width=1.5', true],
    ['highway=residential emergency=yes width=1.5 access=no', false],
    ['highway=steps emergency=yes', false],
    ['highway=corridor emergency=yes', false],
    ['highway=platform emergency=yes', false],
    ['highway=elevator emergency=yes', false],
    ['highway=construction emergency=yes', false],
    ['highway=proposed emergency=yes', false],
    // no roads for cars, whatever access says
    ['highway=track', false],
    ['highway=track motor_vehicle=yes', false],
    ['highway=footway access=yes', false],
    ['highway=pedestrian', false],
    ['highway=busway', false],
    ['highway=construction', false],
    ['highway=__proto__', false],
    ['highway=constructor', false],
    ['building=yes', false],
  ])('%s: open to police is %s', async (tags, open) => {
    expect((await readWay(tags)).kept).toBe(open);
  });

  it.each([
    ['highway=pedestrian', true],
    ['highway=pedestrian motor_vehicle=no', true],
    ['highway=pedestrian access=private', true],
    ['highway=pedestrian access=no', false],
    ['highway=pedestrian area=yes', false],
    ['highway=footway', false],
  ])('with pedestrian streets opened, %s: open to police is %s', async (tags, open) => {
    expect((await readWay(tags, true)).kept).toBe(open);
  });

  it('counts each way under the reason it was left out for', async () => {
    expect((await readWay('highway=service access=no')).dropped).toEqual({ waysClosedToCars: 1 });
    expect((await readWay('highway=steps')).dropped).toEqual({ waysNotForCars: 1 });
    expect((await readWay('highway=service area=yes')).dropped).toEqual({ areas: 1 });
    expect((await readWay('waterway=river')).dropped).toEqual({ waysNotRoads: 1 });
  });

  it('opens a road whose access value is not understood, and counts it', async () => {
    const way = await readWay('highway=service access=unbekannt');
    expect([way.kept, way.repaired]).toEqual([true, { accessNotUnderstood: 1 }]);
  });

  it('lets a width that is not understood pass, and counts it', async () => {
    const way = await readWay('highway=footway emergency=yes width=narrow');
    expect([way.kept, way.repaired]).toEqual([true, { widthNotUnderstood: 1 }]);
  });

  it('keeps the class of every drivable road', async () => {
    for (const roadClass of ROAD_CLASSES.slice(0, ROAD_CLASSES.indexOf('track'))) {
      expect((await readWay(`highway=${roadClass}`)).roadClass).toBe(roadClass);
    }
  });
});

describe('directions', () => {
  it.each([
    ['highway=primary', 'both'],
    ['highway=primary oneway=yes', 'forward'],
    ['highway=primary oneway=true', 'forward'],
    ['highway=primary oneway=1', 'forward'],
    ['highway=primary oneway=-1', 'backward'],
    ['highway=primary oneway=reverse', 'backward'],
    ['highway=primary oneway=no', 'both'],
    ['highway=primary oneway=alternating', 'both'],
    ['highway=primary oneway=reversible', 'closed'],
    ['highway=primary oneway=perhaps', 'both'],
    ['highway=motorway', 'forward'],
    ['highway=motorway_link', 'forward'],
    ['highway=motorway oneway=no', 'both'],
    ['highway=motorway oneway=-1', 'backward'],
    ['highway=motorway_link oneway=perhaps', 'forward'],
    ['highway=trunk', 'both'],
    ['highway=tertiary junction=roundabout', 'forward'],
    ['highway=tertiary junction=circular', 'forward'],
    ['highway=tertiary junction=roundabout oneway=no', 'both'],
    ['highway=tertiary junction=jughandle', 'both'],
    ['highway=service access=no emergency=yes oneway=-1', 'backward'],
  ])('%s: %s', async (tags, direction) => {
    expect((await readWay(tags)).direction).toBe(direction);
  });

  it('counts what it did not understand, closed or let pass', async () => {
    expect((await readWay('highway=primary oneway=perhaps')).repaired).toEqual({ onewayNotUnderstood: 1 });
    expect((await readWay('highway=primary oneway=alternating')).repaired).toEqual({ onewayAlternating: 1 });
    expect((await readWay('highway=primary oneway=reversible')).dropped).toEqual({ waysReversible: 1 });
  });
});

describe('speed limits', () => {
  it.each([
    ['50', 50],
    ['50 km/h', 50],
    ['50km/h', 50],
    ['50 kmh', 50],
    ['50 kph', 50],
    ['30 mph', 48],
    ['30mph', 48],
    ['10 knots', 19],
    ['7.5', 8],
    ['none', 0],
    ['walk', 7],
    ['signals', 0],
    ['variable', 0],
    ['DE:urban', 50],
    ['DE:rural', 100],
    ['DE:motorway', 0],
    ['RU:urban', 60],
    ['GB:nsl_single', 97],
    ['DE:zone:30', 30],
    ['DE:zone30', 30],
    ['FR:20', 20],
    ['0', null],
    ['-5', null],
    ['1e9', null],
    ['NaN', null],
    ['Infinity', null],
    ['', null],
    ['50;30', null],
    ['fast', null],
    ['５０', null],
    ['50\u0000', null],
    ['\u202e05', null],
    ['__proto__', null],
    ['constructor', null],
    ['toString', null],
    ['9'.repeat(1_000_000), null],
  ])('%s is %s km/h', (value, kph) => {
    expect(maxSpeedKph(value)).toBe(kph);
  });

  it('differ by direction where the tags do', async () => {
    expect((await readWay('highway=primary maxspeed=50')).kph).toEqual([50, 50]);
    expect((await readWay('highway=primary maxspeed=50 maxspeed:forward=80')).kph).toEqual([80, 50]);
    expect((await readWay('highway=primary maxspeed=50 maxspeed:backward=none')).kph).toEqual([50, 0]);
  });

  it('are 0 and counted where they are not understood, and capped where they do not fit', async () => {
    const abused = await readWay('highway=primary maxspeed=-5 maxspeed:forward=1e9');
    expect([abused.kph, abused.repaired]).toEqual([[0, 0], { maxspeedNotUnderstood: 2 }]);
    const huge = await readWay('highway=primary maxspeed=999999999');
    expect([huge.kph, huge.repaired]).toEqual([[255, 255], { maxspeedCapped: 1 }]);
    const fine = await readWay('highway=primary maxspeed=255');
    expect([fine.kph, fine.repaired]).toEqual([[255, 255], {}]);
  });
});

describe('names', () => {
  it('are the street name, or its number, once for all ways that share it', async () => {
    const extract = await readMap(
      mapOfWays(
        { highway: 'trunk', ref: 'G12', name: '珲乌高速' },
        { highway: 'trunk', ref: 'G12' },
        { highway: 'trunk', ref: 'G12' },
        { highway: 'trunk' },
      ),
    );
    expect([...extract.ways.name].map((name) => extract.names[name])).toEqual(['珲乌高速', 'G12', 'G12', '']);
    expect(extract.names).toEqual(['', '珲乌高速', 'G12']);
  });

  it('lose control and reordering characters and everything past 200, and are counted', async () => {
    const extract = await readMap(
      mapOfWays(
        { highway: 'road', name: 'a\u0000b\u202ec\u2066' },
        { highway: 'road', name: '😀'.repeat(150) },
        { highway: 'road', name: 'plain' },
      ),
    );
    expect(extract.names[1]).toBe('a b c');
    expect(extract.names[2]).toBe(`${'😀'.repeat(99)}…`);
    expect(extract.report.repaired).toEqual({ namesCleaned: 2 });
  });
});
