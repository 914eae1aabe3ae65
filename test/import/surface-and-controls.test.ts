/** Tag rules as tables: what a road is made of, and what its nodes hold for a driver. */
import { describe, expect, it } from 'vitest';
import { readNodeTags } from '../../engine/import/osm/node-tags.ts';
import { readSurface } from '../../engine/import/osm/surface.ts';
import { CONTROLS, SURFACES } from '../../engine/import/road-extract.ts';
import { readMap } from '../support/read-map.ts';
import { mapOfWays } from '../support/tiny-map.ts';

describe('the surface of a road', () => {
  it.each([
    ['asphalt', 'asphalt'],
    ['paved', 'asphalt'],
    ['concrete:plates', 'concrete'],
    ['paving_stones', 'paving_stones'],
    ['sett', 'cobblestone'],
    ['cobblestone', 'cobblestone'],
    ['unhewn_cobblestone', 'cobblestone'],
    ['wood', 'wood'],
    ['metal', 'metal'],
    ['compacted', 'compacted'],
    ['fine_gravel', 'compacted'],
    ['gravel', 'gravel'],
    ['pebblestone', 'gravel'],
    ['unpaved', 'unpaved'],
    ['dirt', 'unpaved'],
    ['ground', 'unpaved'],
    ['earth', 'unpaved'],
    ['grass', 'grass'],
    ['sand', 'sand'],
    ['mud', 'mud'],
    // of several the poorest
    ['paved;cobblestone', 'cobblestone'],
    ['gravel; asphalt', 'gravel'],
    ['asphalt;lava', 'asphalt'],
  ])('%s is %s', (value, surface) => {
    expect(SURFACES[readSurface(value)!]).toBe(surface);
  });

  it.each(['', 'lava', 'Dirt', 'yes', '__proto__', ';'])('"%s" is not understood', (value) => {
    expect(readSurface(value)).toBeNull();
  });

  it('is kept for each way, unknown where nothing is said, and counted where it is not understood', async () => {
    const { ways, report } = await readMap(
      mapOfWays(
        { highway: 'service', surface: 'sett' },
        { highway: 'service' },
        { highway: 'service', surface: 'lava' },
        { highway: 'steps', surface: 'lava' },
      ),
    );
    expect([...ways.surface!].map((surface) => SURFACES[surface])).toEqual(['cobblestone', '', '']);
    expect(report.repaired).toEqual({ surfaceNotUnderstood: 1 });
  });
});

describe('a node on a road', () => {
  /** The tags as `key=value` text. */
  const read = (text: string) =>
    readNodeTags(new Map(text.split(' ').map((tag) => tag.split('=') as [string, string])));
  const names = (bits: number): string => CONTROLS.filter((_, i) => ((bits >> i) & 1) === 1).join(' ');

  it.each([
    // tags | controls | direction
    ['highway=traffic_signals', 'signals', 0],
    ['highway=traffic_signals traffic_signals=signal', 'signals', 0],
    ['highway=traffic_signals traffic_signals:direction=forward', 'signals', 1],
    ['highway=traffic_signals traffic_signals:direction=backward', 'signals', 2],
    ['highway=traffic_signals direction=backward', 'signals', 2],
    ['highway=traffic_signals traffic_signals:direction=both direction=forward', 'signals', 3],
    ['highway=traffic_signals traffic_signals=blink_mode', '', 0],
    ['highway=traffic_signals traffic_signals=emergency', '', 0],
    ['highway=stop', 'stop', 0],
    ['highway=stop direction=forward', 'stop', 1],
    ['highway=stop traffic_signals:direction=forward', 'stop', 0],
    ['highway=give_way direction=both', 'giveWay', 3],
    ['highway=mini_roundabout direction=clockwise', 'miniRoundabout', 0],
    ['highway=crossing', '', 0],
    ['highway=crossing crossing=zebra', '', 0],
    ['highway=crossing crossing=traffic_signals', 'signalCrossing', 0],
    ['highway=crossing crossing:signals=yes', 'signalCrossing', 0],
    ['highway=traffic_signals crossing=traffic_signals', 'signals', 0],
    ['highway=crossing;traffic_signals crossing=traffic_signals', 'signals', 0],
    ['crossing=traffic_signals', '', 0],
    ['railway=level_crossing', 'levelCrossing', 0],
    ['railway=level_crossing highway=stop direction=forward', 'stop levelCrossing', 1],
    ['railway=crossing', '', 0],
    ['highway=bus_stop direction=90', '', 0],
    ['highway=__proto__', '', 0],
  ])('%s: %s', (tags, controls, direction) => {
    const node = read(tags);
    expect([names(node.controls), node.direction, node.directionNotUnderstood]).toEqual([
      controls,
      direction,
      false,
    ]);
  });

  it.each(['highway=stop direction=90', 'highway=traffic_signals traffic_signals:direction=NW'])(
    '%s faces a direction that is not of the way',
    (tags) => {
      expect(read(tags)).toMatchObject({ direction: 0, directionNotUnderstood: true });
    },
  );

  it.each([
    ['barrier=bollard', true],
    ['barrier=gate', true],
    ['barrier=toll_booth', false],
    ['barrier=no', false],
    ['highway=stop', false],
  ])('%s is a barrier: %s', (tags, isBarrier) => {
    expect(read(tags).isBarrier).toBe(isBarrier);
  });

  it('is counted by what it holds, once, and only on roads that are kept', async () => {
    const map = mapOfWays({ highway: 'service' }, { highway: 'footway' });
    const tags = [
      { highway: 'traffic_signals', direction: '90' },
      { highway: 'stop' },
      { highway: 'stop', direction: '90' },
      { railway: 'level_crossing' },
    ];
    map.nodes.forEach((node, i) => (node.tags = tags[i] as Record<string, string>));
    map.ways.push({ id: 200, refs: [1, 2], tags: { highway: 'service' } });
    const { report, nodes } = await readMap(map);
    expect(report.controls).toEqual({
      signals: 1,
      stop: 1,
      giveWay: 0,
      signalCrossing: 0,
      miniRoundabout: 0,
      levelCrossing: 0,
    });
    expect(report.repaired).toEqual({ controlDirectionsNotUnderstood: 1 });
    expect([...nodes.controls!]).toEqual([1, 2]);
  });
});
