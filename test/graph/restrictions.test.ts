import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildRoadGraph } from '../../engine/graph/build.ts';
import type { RoadGraph } from '../../engine/graph/road-graph.ts';
import { turnFits } from '../../engine/graph/turn.ts';
import { TRAVEL_MODES, type TravelMode } from '../../engine/import/road-extract.ts';
import { readBytes, readMap } from '../support/read-map.ts';
import { describeWithData } from '../support/shared-data.ts';
import type { TinyMap } from '../support/tiny-map.ts';

/**
 *          5
 *          |
 *   1--2---3---4        ways are drawn between these nodes by each test
 *      |   |
 *      7---6---8
 */
const PLACES: [number, number, number][] = [
  [1, 0, 0],
  [2, 1, 0],
  [3, 2, 0],
  [4, 3, 0],
  [5, 2, 1],
  [6, 2, -1],
  [7, 1, -1],
  [8, 3, -1],
];

interface Turn {
  /** One way or several. */
  from: number | number[];
  via: { node: number } | { ways: number[] } | 'none';
  to: number | number[];
  kind?: string;
  /** `motorcycle` for `restriction:motorcycle`. */
  vehicle?: string;
}

/** @param ways  by id: their nodes in order; those in `oneways` are open along them only */
async function roads(
  ways: Record<string, number[]>,
  turns: Turn[],
  oneways: number[] = [],
  modes: readonly TravelMode[] = ['car'],
): Promise<RoadGraph> {
  const way = (id: number, role: string) => ({ type: 'way' as const, ref: id, role });
  const map: TinyMap = {
    nodes: PLACES.map(([id, x, y]) => ({ id, lon: x / 1000, lat: y / 1000 })),
    ways: Object.entries(ways).map(([id, refs]) => ({
      id: Number(id),
      refs,
      tags: { highway: 'primary', ...(oneways.includes(Number(id)) ? { oneway: 'yes' } : {}) },
    })),
    relations: turns.map(({ from, via, to, kind = 'no_left_turn', vehicle }, i) => ({
      id: i + 1,
      tags: { type: 'restriction', [vehicle === undefined ? 'restriction' : `restriction:${vehicle}`]: kind },
      members: [
        ...[from].flat().map((id) => way(id, 'from')),
        ...(via === 'none'
          ? []
          : 'node' in via
            ? [{ type: 'node' as const, ref: via.node, role: 'via' }]
            : via.ways.map((id) => way(id, 'via'))),
        ...[to].flat().map((id) => way(id, 'to')),
      ],
    })),
  };
  const extract = await readMap(map, false, modes);
  expect(extract.restrictions).toHaveLength(turns.length); // none was lost before the graph
  return buildRoadGraph(extract);
}

/** Restrictions as the nodes they pass: `1>2>3`. */
function paths(graph: RoadGraph): string[] {
  return graph.restrictions.map(({ arcs }) => {
    const osm = (node: number): number => graph.nodeOsmId[node];
    return [osm(graph.tail[arcs[0]]), ...arcs.map((arc) => osm(graph.head[arc]))].join('>');
  });
}

const CROSS = { 10: [2, 3], 11: [3, 4], 12: [3, 5], 13: [3, 6], 14: [1, 2], 15: [2, 7], 16: [7, 6, 8] };

describe('turn restrictions on arcs', () => {
  it('over a node are the arc that enters it and the arc that leaves it', async () => {
    const graph = await roads(CROSS, [
      { from: 10, via: { node: 3 }, to: 12 },
      { from: 11, via: { node: 3 }, to: 10, kind: 'only_straight_on' },
    ]);
    expect(paths(graph)).toEqual(['2>3>5', '4>3>2']);
    expect(graph.restrictions.map(({ kind, osmId }) => [osmId, kind])).toEqual([
      [1, 'no_left_turn'],
      [2, 'only_straight_on'],
    ]);
    expect(graph.restrictionsNotPlaced).toBe(0);
  });

  it('forbid turning round as the arc and its reverse', async () => {
    const graph = await roads(CROSS, [{ from: 10, via: { node: 3 }, to: 10, kind: 'no_u_turn' }]);
    expect(paths(graph)).toEqual(['2>3>2']);
  });

  it('over ways pass all their arcs in one direction, also where other ways cut them', async () => {
    // the via way 16 runs 7-6-8 and is cut at 6 by way 13
    const graph = await roads({ ...CROSS, 17: [8, 4] }, [
      { from: 15, via: { ways: [16] }, to: 17 },
      { from: 12, via: { ways: [13, 16] }, to: 15 },
    ]);
    expect(paths(graph)).toEqual(['2>7>6>8>4', '5>3>6>7>2']);
    expect(graph.restrictionsNotPlaced).toBe(0);
  });

  const THROUGH = { ...CROSS, 10: [2, 3, 4], 11: [4, 8] };

  it.each<[string, Turn, string]>([
    ['left from the west', { from: 10, via: { node: 3 }, to: 12, kind: 'no_left_turn' }, '2>3>5'],
    ['right from the east', { from: 10, via: { node: 3 }, to: 12, kind: 'only_right_turn' }, '4>3>5'],
    ['left to the east', { from: 12, via: { node: 3 }, to: 10, kind: 'no_left_turn' }, '5>3>4'],
    ['right to the west', { from: 12, via: { node: 3 }, to: 10, kind: 'no_right_turn' }, '5>3>2'],
  ])('are told by their kind where a way runs through the via: %s', async (_, turn, path) => {
    const graph = await roads(THROUGH, [turn]);
    expect([paths(graph), graph.restrictionsNotPlaced]).toEqual([[path], 0]);
  });

  it('are told by their kind where several ways are named', async () => {
    const graph = await roads(CROSS, [
      { from: [10, 11], via: { node: 3 }, to: 12 },
      { from: 10, via: { node: 3 }, to: [11, 12, 13], kind: 'only_straight_on' },
      { from: [10, 14], via: { node: 3 }, to: 12 }, // 14 does not touch the via
    ]);
    expect(paths(graph)).toEqual(['2>3>5', '2>3>4', '2>3>5']);
  });

  it('are counted and left out where their kind does not tell which arcs are meant', async () => {
    const graph = await roads(THROUGH, [
      { from: 10, via: { node: 3 }, to: 12, kind: 'no_entry' },
      { from: 10, via: { node: 3 }, to: 12, kind: 'no_straight_on' }, // neither goes straight on
      { from: 10, via: { node: 3 }, to: 10, kind: 'no_u_turn' }, // from the west or from the east?
      { from: 12, via: { node: 3 }, to: 13, kind: 'no_left_turn' }, // one arc each: believed, though it goes straight on
    ]);
    expect(paths(graph)).toEqual(['5>3>6']);
    expect(graph.restrictionsNotPlaced).toBe(3);
  });

  it('are counted and left out where a way is drawn to pass the via thousands of times', async () => {
    const spokes = Array.from({ length: 20_000 }, (_, i) => i + 10);
    const star: TinyMap = {
      nodes: [3, ...spokes].map((id) => ({ id, lon: id / 1e6, lat: (id % 7) / 1e6 })),
      ways: [{ id: 1, refs: [3, ...spokes.flatMap((id) => [id, 3])], tags: { highway: 'service' } }],
      relations: [
        {
          id: 1,
          tags: { type: 'restriction', restriction: 'no_left_turn' },
          members: [
            { type: 'way', ref: 1, role: 'from' },
            { type: 'node', ref: 3, role: 'via' },
            { type: 'way', ref: 1, role: 'to' },
          ],
        },
      ],
    };
    const graph = await buildRoadGraph(await readMap(star));
    expect([graph.restrictions.length, graph.restrictionsNotPlaced]).toEqual([0, 1]);
  });

  it('with an inferred via must go the way their kind says', async () => {
    const graph = await roads(CROSS, [
      { from: 10, via: 'none', to: 12, kind: 'no_left_turn' },
      { from: 10, via: 'none', to: 12, kind: 'no_right_turn' },
    ]);
    expect([paths(graph), graph.restrictionsNotPlaced]).toEqual([['2>3>5'], 1]);
  });

  it('are counted and left out where ways to pass allow two walks', async () => {
    // from 10 over the loop 20 to 12: either way round
    const graph = await roads({ 10: [2, 3], 20: [3, 4, 8, 6, 3], 12: [3, 5] }, [
      { from: 10, via: { ways: [20] }, to: 12 },
    ]);
    expect(paths(graph)).toEqual([]);
    expect(graph.restrictionsNotPlaced).toBe(1);
  });

  it('are counted and left out where a one-way street rules the turn out already', async () => {
    const turns = [
      { from: 10, via: { node: 3 }, to: 12 }, // 10 leads away from 3
      { from: 12, via: { node: 3 }, to: 10 },
      { from: 14, via: { ways: [10] }, to: 12 }, // 10 against its direction
      { from: 12, via: { ways: [10] }, to: 14 },
    ];
    const graph = await roads({ ...CROSS, 10: [3, 2] }, turns, [10]);
    expect(paths(graph)).toEqual(['5>3>2', '5>3>2>1']);
    expect(graph.restrictionsNotPlaced).toBe(2);
  });

  it('tell a way through the via by its one open direction', async () => {
    // way 10 runs through 3, but one-way: one arc enters, one leaves
    const turns = [
      { from: 10, via: { node: 3 }, to: 12 },
      { from: 12, via: { node: 3 }, to: 10 },
    ];
    const graph = await roads({ ...CROSS, 10: [2, 3, 4], 11: [4, 8] }, turns, [10]);
    expect(paths(graph)).toEqual(['2>3>5', '5>3>4']);
  });

  it('are sought on the arcs of those they bind, where people walk against a one-way street', async () => {
    // open along it only to vehicles; on foot both ways, so that two arcs enter and leave the via
    const turns: Turn[] = [
      { from: 10, via: { node: 3 }, to: 12, kind: 'no_entry' },
      { from: 12, via: { node: 3 }, to: 10, kind: 'no_exit', vehicle: 'bicycle' },
      { from: 12, via: { node: 3 }, to: 10, kind: 'no_exit', vehicle: 'hgv' },
      { from: 10, via: { node: 3 }, to: 12, kind: 'no_left_turn', vehicle: 'foot' },
    ];
    const graph = await roads(THROUGH, turns, [10], TRAVEL_MODES);
    expect(paths(graph)).toEqual(['2>3>5', '5>3>4', '5>3>4', '2>3>5']);
    expect(graph.restrictions.map(({ vehicle, when }) => [vehicle, when])).toEqual([
      ['', 'always'],
      ['bicycle', 'always'],
      ['hgv', 'heavy'],
      ['foot', 'always'],
    ]);
  });

  it('for others than those the roads were read for stay, for the graph to tell', async () => {
    const graph = await roads(CROSS, [{ from: 10, via: { node: 3 }, to: 12, vehicle: 'bicycle' }]);
    expect(graph.restrictions).toMatchObject([{ vehicle: 'bicycle', when: 'always' }]);
  });
});

describe('a turn', () => {
  /** Fits of left, right, straight, round for a turn at 2, from the west into a street at an angle (left above 0). */
  async function fits(angle: number): Promise<string> {
    const radians = (angle * Math.PI) / 180;
    const graph = await buildRoadGraph(
      await readMap({
        nodes: [
          { id: 1, lon: -0.001, lat: 0 },
          { id: 2, lon: 0, lat: 0 },
          // 2 m from the junction the street is drawn as if it went straight on
          { id: 3, lon: 0.00002, lat: 0 },
          { id: 4, lon: 0.001 * Math.cos(radians), lat: 0.001 * Math.sin(radians) },
        ],
        ways: [
          { id: 1, refs: [1, 2], tags: { highway: 'primary' } },
          { id: 2, refs: [2, 3, 4], tags: { highway: 'primary' } },
        ],
        relations: [],
      }),
    );
    const node = (id: number): number => graph.nodeOsmId.indexOf(id);
    const arc = (from: number, to: number): number =>
      graph.head.findIndex((head, a) => head === node(to) && graph.tail[a] === node(from));
    return ['left_turn', 'right_turn', 'straight_on', 'u_turn']
      .filter((kind) => turnFits(graph, arc(1, 2), arc(2, 4), `no_${kind}`))
      .join(' ');
  }

  it.each([
    [0, 'straight_on'],
    [15, 'straight_on'],
    [30, 'left_turn straight_on'],
    [90, 'left_turn'],
    [-90, 'right_turn'],
    [-45, 'right_turn straight_on'],
    [120, 'left_turn'],
    [150, 'left_turn u_turn'],
    [-170, 'right_turn u_turn'],
  ])('of %i degrees is %s', async (angle, kinds) => {
    expect(await fits(angle)).toBe(kinds);
  });

  it('back along the same street is a turn round and nothing else', async () => {
    const graph = await roads({ 10: [2, 3] }, []);
    const [there, back] = [0, 1];
    expect(turnFits(graph, there, back, 'no_u_turn')).toBe(true);
    expect(
      ['no_left_turn', 'no_right_turn', 'only_straight_on', 'no_entry'].map((k) =>
        turnFits(graph, there, back, k),
      ),
    ).toEqual([false, false, false, false]);
  });
});

describeWithData('the 357 turn restrictions of Porto', (data) => {
  it('are placed on arcs: 339; 1 is not, and 17 are counted at import (incomplete 11, unconnected 1, on ways not kept 5)', async () => {
    const extract = await readBytes(new Uint8Array(readFileSync(`${data}/osm/porto.osm.pbf`)));
    const graph = await buildRoadGraph(extract);
    const { restrictionsIncomplete, restrictionsNotConnected, restrictionsOnWaysNotKept } =
      extract.report.dropped;
    expect([restrictionsIncomplete, restrictionsNotConnected, restrictionsOnWaysNotKept]).toEqual([11, 1, 5]);
    const { restrictionRolesInferred, restrictionViasInferred } = extract.report.repaired;
    expect([restrictionRolesInferred, restrictionViasInferred]).toEqual([2, 1]);
    expect(extract.report.read.relations).toBe(357);
    expect(graph.restrictions).toHaveLength(339);
    expect(graph.restrictionsNotPlaced).toBe(1); // its via is inferred, and it turns right where it says left
    // one after the other: each leads on from where the last one ends
    for (const { arcs } of graph.restrictions) {
      arcs.slice(1).forEach((arc, i) => expect(graph.tail[arc]).toBe(graph.head[arcs[i]]));
    }
    const kinds = new Map<string, number>();
    for (const { kind, arcs } of graph.restrictions) {
      const place = `${kind} over a ${arcs.length > 2 ? 'way' : 'node'}`;
      kinds.set(place, (kinds.get(place) ?? 0) + 1);
    }
    expect(Object.fromEntries([...kinds].sort())).toEqual({
      'no_left_turn over a node': 202,
      'no_right_turn over a node': 37,
      'no_straight_on over a node': 4,
      'no_u_turn over a node': 26,
      'no_u_turn over a way': 1,
      'only_left_turn over a node': 9,
      'only_right_turn over a node': 16,
      'only_straight_on over a node': 44,
    });
    expect(new Set(graph.restrictions.map(({ vehicle, when }) => `${vehicle} ${when}`))).toEqual(
      new Set([' always']),
    );
    // where mappers name a direction, nearly all of the turns on the map go that way
    const fitting = graph.restrictions.filter(
      ({ arcs, kind }) => arcs.length === 2 && turnFits(graph, arcs[0], arcs[1], kind),
    );
    expect(fitting.length).toBe(332);
  });
});
