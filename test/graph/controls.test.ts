/** Signals, signs and crossings on arcs: which driver meets what, and how often it counts. */
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import { CONTROL_COLUMNS } from '../../engine/graph/controls.ts';
import { checkRoadGraph, type RoadGraph } from '../../engine/graph/road-graph.ts';
import { CONTROLS, TRAVEL_MODES, type TravelMode } from '../../engine/import/road-extract.ts';
import { M_PER_LAT_E7 } from '../../engine/geo.ts';
import { readMap } from '../support/read-map.ts';
import { randomGraph } from '../support/random-city.ts';

type Tags = Record<string, string>;
interface Street {
  /** Node numbers in order; where they lie is in `places`. */
  refs: number[];
  tags?: Tags;
}

const SIGNALS: Tags = { highway: 'traffic_signals' };
const STOP: Tags = { highway: 'stop' };
const CROSSING: Tags = { highway: 'crossing', crossing: 'traffic_signals' };
const TRACKS: Tags = { railway: 'level_crossing' };

/**
 * Streets between places in metres, with tags of some nodes.
 * @returns the controls on each arc that has any, as `from>to: signals 1, stop 1`, by OSM node
 */
async function controlsOf(
  places: Record<number, [number, number]>,
  streets: Street[],
  nodeTags: Record<number, Tags>,
  modes: readonly TravelMode[] = ['car'],
): Promise<string[]> {
  const degrees = (metres: number): number => (metres / M_PER_LAT_E7) * 1e-7;
  const extract = await readMap(
    {
      nodes: Object.entries(places).map(([id, [x, y]]) => ({
        id: Number(id),
        lon: degrees(x),
        lat: degrees(y),
        ...(nodeTags[Number(id)] ? { tags: nodeTags[Number(id)] } : {}),
      })),
      ways: streets.map(({ refs, tags = { highway: 'primary' } }, i) => ({ id: i + 1, refs, tags })),
      relations: [],
    },
    false,
    modes,
  );
  const graph = await buildRoadGraph(extract);
  return listControls(graph);
}

function listControls(graph: RoadGraph): string[] {
  const lines: string[] = [];
  for (let arc = 0; arc < graph.nArcs; arc++) {
    const met = CONTROLS.flatMap((control) => {
      const count = graph[CONTROL_COLUMNS[control]][arc];
      return count > 0 ? [`${control} ${count}`] : [];
    });
    const [from, to] = [graph.tail[arc], graph.head[arc]].map((node) => graph.nodeOsmId[node]);
    if (met.length > 0) lines.push(`${from}>${to}: ${met.join(', ')}`);
  }
  return lines.sort();
}

/**
 *            5
 *            |          one cell is 100 m; nodes 6 to 9 lie within streets
 *   1---6----2----7--3
 *            |
 *            4
 */
const CROSS: Record<number, [number, number]> = {
  1: [0, 0],
  2: [200, 0],
  3: [400, 0],
  4: [200, -200],
  5: [200, 200],
  6: [80, 0],
  7: [330, 0],
};
const CROSS_STREETS: Street[] = [{ refs: [1, 6, 2, 7, 3] }, { refs: [4, 2, 5] }];

describe('a sign or signals at a junction', () => {
  it('face every arc that enters it, and none that leaves', async () => {
    expect(await controlsOf(CROSS, CROSS_STREETS, { 2: SIGNALS })).toEqual([
      '1>2: signals 1',
      '3>2: signals 1',
      '4>2: signals 1',
      '5>2: signals 1',
    ]);
    expect(await controlsOf(CROSS, CROSS_STREETS, { 2: STOP })).toHaveLength(4);
  });

  it('face one direction of the ways there where that is tagged', async () => {
    const stop = { ...STOP, direction: 'forward' };
    expect(await controlsOf(CROSS, CROSS_STREETS, { 2: stop })).toEqual(['1>2: stop 1', '4>2: stop 1']);
  });

  it('may be a mini-roundabout, a level crossing or several things', async () => {
    const tags = { highway: 'mini_roundabout', railway: 'level_crossing' };
    expect((await controlsOf(CROSS, CROSS_STREETS, { 2: tags }))[0]).toBe(
      '1>2: miniRoundabout 1, levelCrossing 1',
    );
  });
});

describe('a stop sign within a way', () => {
  it('faces the nearer junction', async () => {
    // 6 lies 80 m from the end at 1, which is no junction, and 120 m from the one at 2
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: STOP })).toEqual(['1>2: stop 1']);
    const withWest = [...CROSS_STREETS, { refs: [8, 1, 9] }];
    const places = { ...CROSS, 8: [0, 200] as [number, number], 9: [0, -200] as [number, number] };
    expect(await controlsOf(places, withWest, { 6: STOP })).toEqual(['2>1: stop 1']);
    expect(await controlsOf(places, withWest, { 7: { highway: 'give_way' } })).toEqual(['3>2: giveWay 1']);
  });

  it('looks for the junction through ends of ways', async () => {
    // the street from 1 to 2 is two ways that join at 6; the sign is at 30 m from 6 towards 1, whose way goes on
    const places = { ...CROSS, 8: [110, 0] as [number, number], 1: [-300, 0] as [number, number] };
    const streets = [{ refs: [1, 6] }, { refs: [6, 8, 2, 7, 3] }, CROSS_STREETS[1]];
    const junctionAtWest = [...streets, { refs: [9, 1, 10] }];
    const far = { ...places, 9: [-300, 200] as [number, number], 10: [-300, -200] as [number, number] };
    // 8 is 30 m from 6, a mere joint, and 90 m from the junction 2; 410 m from the junction 1
    expect(await controlsOf(far, junctionAtWest, { 8: STOP })).toEqual(['6>2: stop 1']);
    // at the joint itself
    expect(await controlsOf(far, junctionAtWest, { 6: STOP })).toEqual(['1>6: stop 1']);
  });

  it('faces both ways where no junction is near', async () => {
    const places: Record<number, [number, number]> = { 1: [0, 0], 2: [100, 0], 3: [200, 0] };
    expect(await controlsOf(places, [{ refs: [1, 2, 3] }], { 2: STOP })).toEqual([
      '1>3: stop 1',
      '3>1: stop 1',
    ]);
  });

  it('faces the only direction of a one-way street, near or far', async () => {
    const oneway = { refs: [1, 6, 2, 7, 3], tags: { highway: 'primary', oneway: 'yes' } };
    expect(await controlsOf(CROSS, [oneway, CROSS_STREETS[1]], { 7: STOP })).toEqual(['2>3: stop 1']);
    // and drivers alone, where people may walk against it
    expect(await controlsOf(CROSS, [oneway, CROSS_STREETS[1]], { 7: STOP }, TRAVEL_MODES)).toEqual([
      '2>3: stop 1',
    ]);
  });

  it('faces the direction that is tagged, whatever is near', async () => {
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: { ...STOP, direction: 'backward' } })).toEqual([
      '2>1: stop 1',
    ]);
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: { ...STOP, direction: 'both' } })).toHaveLength(2);
  });

  it('does not mind paths that join the road', async () => {
    // a footway meets the road at the sign, at 6 and at 7: no junction for cars
    const path = { refs: [6, 7], tags: { highway: 'footway' } };
    const both = await controlsOf(CROSS, [...CROSS_STREETS, path], { 6: STOP }, ['car', 'foot']);
    expect(both).toContain('1>6: stop 1');
    expect(both.filter((line) => /^2>6/.test(line))).toEqual([]);
  });
});

describe('signals within a way', () => {
  it('face both directions, or the one that is tagged', async () => {
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: SIGNALS })).toEqual([
      '1>2: signals 1',
      '2>1: signals 1',
    ]);
    const forward = { ...SIGNALS, 'traffic_signals:direction': 'forward' };
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: forward })).toEqual(['1>2: signals 1']);
  });

  it('are one with those of the junction up to 50 m behind them', async () => {
    const near = (x: number): Record<number, [number, number]> => ({ ...CROSS, 6: [x, 0] });
    const forward = { ...SIGNALS, 'traffic_signals:direction': 'forward' };
    const at = async (x: number): Promise<string> =>
      (await controlsOf(near(x), CROSS_STREETS, { 6: forward, 2: SIGNALS }))[0];
    expect(await at(151)).toBe('1>2: signals 1');
    expect(await at(149)).toBe('1>2: signals 2');
  });

  it('are one over the short arc between two carriageways', async () => {
    //   1>---2--3--->4 straight over two carriageways 20 m apart, all four junctions with signals
    const places: Record<number, [number, number]> = { 1: [0, 0], 2: [200, 0], 3: [220, 0], 4: [400, 0] };
    const streets = [{ refs: [1, 2, 3, 4] }, { refs: [5, 2, 6] }, { refs: [7, 3, 8] }];
    const corners: Record<number, [number, number]> = {
      5: [200, 100],
      6: [200, -100],
      7: [220, 100],
      8: [220, -100],
    };
    const found = await controlsOf({ ...places, ...corners }, streets, { 2: SIGNALS, 3: SIGNALS });
    expect(found).toEqual([
      '1>2: signals 1',
      '4>3: signals 1',
      '5>2: signals 1',
      '6>2: signals 1',
      '7>3: signals 1',
      '8>3: signals 1',
    ]);
  });
});

describe('crossings with signals', () => {
  it('count where they stand alone', async () => {
    expect(await controlsOf(CROSS, CROSS_STREETS, { 6: CROSSING })).toEqual([
      '1>2: signalCrossing 1',
      '2>1: signalCrossing 1',
    ]);
  });

  it('are part of the signals beside them, before or behind', async () => {
    const places: Record<number, [number, number]> = { ...CROSS, 6: [190, 0], 7: [210, 0] };
    expect(await controlsOf(places, CROSS_STREETS, { 2: SIGNALS, 6: CROSSING, 7: CROSSING })).toEqual([
      '1>2: signals 1',
      '3>2: signals 1',
      '4>2: signals 1',
      '5>2: signals 1',
    ]);
  });

  it('are one where several stand in a row', async () => {
    const places: Record<number, [number, number]> = { 1: [0, 0], 2: [100, 0], 3: [110, 0], 4: [300, 0] };
    const row = await controlsOf(places, [{ refs: [1, 2, 3, 4] }], { 2: CROSSING, 3: CROSSING });
    expect(row).toEqual(['1>4: signalCrossing 1', '4>1: signalCrossing 1']);
  });
});

describe('level crossings', () => {
  it('of several tracks are one, farther apart they are two', async () => {
    const rails = async (x: number): Promise<string[]> =>
      controlsOf({ 1: [0, 0], 2: [100, 0], 3: [x, 0], 4: [400, 0] }, [{ refs: [1, 2, 3, 4] }], {
        2: TRACKS,
        3: TRACKS,
      });
    expect((await rails(105))[0]).toBe('1>4: levelCrossing 1');
    expect((await rails(200))[0]).toBe('1>4: levelCrossing 2');
  });
});

describe('the controls of arcs', () => {
  it('are capped at 255', async () => {
    const places: Record<number, [number, number]> = {};
    const tags: Record<number, Tags> = {};
    for (let node = 1; node <= 302; node++) {
      places[node] = [node * 60, 0];
      if (node > 1 && node < 302) tags[node] = { ...STOP, direction: 'forward' };
    }
    const refs = Object.keys(places).map(Number);
    expect(await controlsOf(places, [{ refs }], tags)).toEqual(['1>302: stop 255']);
  });

  it('are none where the network knows of none', async () => {
    const graph = await randomGraph(3);
    checkRoadGraph(graph);
    expect(listControls(graph)).toEqual([]);
  });
});
