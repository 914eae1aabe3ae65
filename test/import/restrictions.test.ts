import { describe, expect, it } from 'vitest';
import { readMap } from '../support/read-map.ts';
import type { TinyMap } from '../support/tiny-map.ts';

/**
 *   1--A--2--B--3      ways A and B along, C across, D a footway from 2, E from 4 on
 *         |
 *         C
 *         |
 *         4--E--5
 */
const WAYS: Record<string, { id: number; refs: number[]; highway: string }> = {
  A: { id: 11, refs: [1, 2], highway: 'primary' },
  B: { id: 12, refs: [2, 3], highway: 'primary' },
  C: { id: 13, refs: [2, 4], highway: 'service' },
  D: { id: 14, refs: [2, 6], highway: 'footway' },
  E: { id: 15, refs: [4, 5], highway: 'service' },
};
const NODES: Record<string, number> = { '1': 1, '2': 2, '3': 3, '4': 4, '5': 5, '9': 9 };

type Members = { from?: string; via?: string; to?: string };

/** Members by letter (ways) and digit (nodes): `{from: 'A', via: '2', to: 'C'}`. */
function cross({ from = '', via = '', to = '' }: Members, tags: Record<string, string>): TinyMap {
  const members = Object.entries({ from, via, to }).flatMap(([role, names]) =>
    [...names].map((name) =>
      name in NODES
        ? { type: 'node' as const, ref: NODES[name], role }
        : { type: 'way' as const, ref: WAYS[name]?.id ?? 99, role },
    ),
  );
  const places = [
    [0, 0],
    [1, 0],
    [2, 0],
    [1, -1],
    [2, -1],
    [1, 1],
  ];
  return {
    nodes: places.map(([lon, lat], i) => ({ id: i + 1, lon, lat })),
    ways: Object.values(WAYS).map(({ id, refs, highway }) => ({ id, refs, tags: { highway } })),
    relations: [{ id: 1, tags: { type: 'restriction', ...tags }, members }],
  };
}

async function read(members: Members, tags: Record<string, string> = { restriction: 'no_left_turn' }) {
  const { restrictions, report, ways, nodes } = await readMap(cross(members, tags));
  const dropped = Object.entries(report.dropped).filter(([reason]) => /^(rest|rel)/.test(reason));
  return {
    restrictions: restrictions.map(({ kind, fromWay, viaNode, viaWays, toWay, condition }) => ({
      kind,
      path: [
        ways.osmId[fromWay],
        ...(viaNode === null ? viaWays.map((way) => ways.osmId[way]) : [`node ${nodes.osmId[viaNode]}`]),
        ways.osmId[toWay],
      ],
      condition,
    })),
    dropped: Object.fromEntries(dropped),
    split: report.repaired.restrictionsSplit ?? 0,
    counted: report.roads.restrictions,
  };
}

describe('turn restrictions', () => {
  it('hold a way, a node or ways to pass, and a way', async () => {
    const overNode = await read({ from: 'A', via: '2', to: 'C' });
    expect(overNode).toEqual({
      restrictions: [{ kind: 'no_left_turn', path: [11, 'node 2', 13], condition: '' }],
      dropped: {},
      split: 0,
      counted: 1,
    });
    const overWay = await read({ from: 'A', via: 'C', to: 'E' }, { restriction: 'only_straight_on' });
    expect(overWay.restrictions).toEqual([{ kind: 'only_straight_on', path: [11, 13, 15], condition: '' }]);
  });

  it.each([
    ['no_left_turn'],
    ['no_right_turn'],
    ['no_straight_on'],
    ['no_u_turn'],
    ['only_left_turn'],
    ['only_right_turn'],
    ['only_straight_on'],
  ])('may be %s', async (kind) => {
    const { restrictions } = await read({ from: 'A', via: '2', to: 'B' }, { restriction: kind });
    expect(restrictions.map((r) => r.kind)).toEqual([kind]);
  });

  it('keep their condition', async () => {
    const members = { from: 'A', via: '2', to: 'C' };
    const conditional = await read(members, {
      'restriction:conditional': 'no_left_turn @ (Mo-Fr 07:00-09:00; PH off)',
    });
    expect(conditional.restrictions).toEqual([
      { kind: 'no_left_turn', path: [11, 'node 2', 13], condition: 'Mo-Fr 07:00-09:00; PH off' },
    ]);
    const two = await read(members, {
      'restriction:conditional': 'no_left_turn @ (Mo-Fr); no_u_turn @ (Sa,Su)',
    });
    expect(two.restrictions.map(({ kind, condition }) => [kind, condition])).toEqual([
      ['no_left_turn', 'Mo-Fr'],
      ['no_u_turn', 'Sa,Su'],
    ]);
    expect(two.split).toBe(1);
    const hours = await read(members, { restriction: 'no_left_turn', hour_on: '07:00', hour_off: '09:00' });
    expect(hours.restrictions[0].condition).toBe('hour_on=07:00; hour_off=09:00');
  });

  it('of no_entry may start on several ways, of no_exit end on several', async () => {
    const entry = await read({ from: 'AB', via: '2', to: 'C' }, { restriction: 'no_entry' });
    expect(entry.restrictions.map(({ path }) => path[0])).toEqual([11, 12]);
    expect([entry.split, entry.counted]).toEqual([1, 2]);
    const exit = await read({ from: 'A', via: '2', to: 'BC' }, { restriction: 'no_exit' });
    expect(exit.restrictions.map(({ path }) => path[2])).toEqual([12, 13]);
    const other = await read({ from: 'AB', via: '2', to: 'C' });
    expect(other.dropped).toEqual({ restrictionsIncomplete: 1 });
  });

  it.each([
    ['names an absent way', { from: 'X', via: '2', to: 'C' }, {}, 'restrictionsOnWaysNotKept'],
    ['names a footway', { from: 'A', via: '2', to: 'D' }, {}, 'restrictionsOnWaysNotKept'],
    ['passes an absent way', { from: 'A', via: 'X', to: 'C' }, {}, 'restrictionsOnWaysNotKept'],
    ['names an absent node', { from: 'A', via: '9', to: 'C' }, {}, 'restrictionsNotConnected'],
    ['turns where the ways do not meet', { from: 'A', via: '4', to: 'C' }, {}, 'restrictionsNotConnected'],
    ['passes ways that do not meet', { from: 'A', via: 'E', to: 'B' }, {}, 'restrictionsNotConnected'],
    ['has no from', { via: '2', to: 'C' }, {}, 'restrictionsIncomplete'],
    ['has no via', { from: 'A', to: 'C' }, {}, 'restrictionsIncomplete'],
    ['has no to', { from: 'A', via: '2' }, {}, 'restrictionsIncomplete'],
    ['has two via nodes', { from: 'A', via: '24', to: 'C' }, {}, 'restrictionsIncomplete'],
    ['mixes via nodes and ways', { from: 'A', via: '2C', to: 'E' }, {}, 'restrictionsIncomplete'],
    [
      'is of an unknown kind',
      { from: 'A', via: '2', to: 'C' },
      { restriction: 'no_turn_on_red' },
      'restrictionsNotUnderstood',
    ],
    ['is of no kind', { from: 'A', via: '2', to: 'C' }, { note: 'x' }, 'restrictionsNotUnderstood'],
    [
      'is for lorries',
      { from: 'A', via: '2', to: 'C' },
      { 'restriction:hgv': 'no_left_turn' },
      'restrictionsForOtherVehicles',
    ],
  ])('that %s is dropped and counted', async (_, members, tags, reason) => {
    const { restrictions, dropped } = await read(
      members,
      Object.keys(tags).length > 0 ? tags : { restriction: 'no_left_turn' },
    );
    expect([restrictions, dropped]).toEqual([[], { [reason]: 1 }]);
  });

  it('name the piece of a cut way that meets the node', async () => {
    const map = cross({ from: 'A', via: '2', to: 'C' }, { restriction: 'no_left_turn' });
    map.nodes.push({ id: 7, lon: -1, lat: 0 }, { id: 8, lon: -2, lat: 0 });
    map.ways[0].refs = [8, 7, 404, 1, 2]; // cut in two at the missing node
    const { restrictions, ways } = await readMap(map);
    expect([...ways.osmId].slice(0, 3)).toEqual([11, 11, 12]);
    expect([restrictions[0].fromWay, restrictions[0].toWay]).toEqual([1, 3]);
  });
});
