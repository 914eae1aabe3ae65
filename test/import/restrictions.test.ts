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
    restrictions: restrictions.map(({ kind, fromWays, viaNode, viaWays, toWays, condition }) => ({
      kind,
      path: [
        ...fromWays.map((way) => ways.osmId[way]),
        ...(viaNode === null ? viaWays.map((way) => ways.osmId[way]) : [`node ${nodes.osmId[viaNode]}`]),
        ...toWays.map((way) => ways.osmId[way]),
      ],
      condition,
    })),
    rules: restrictions.map(({ kind, vehicle, except, condition, when }) => ({
      kind,
      vehicle,
      except,
      condition,
      when,
    })),
    isInferred: restrictions.map((r) => r.isInferred),
    repaired: Object.fromEntries(
      Object.entries(report.repaired).filter(([reason]) => /^restriction/.test(reason)),
    ),
    dropped: Object.fromEntries(dropped),
    split: report.repaired.restrictionsSplit ?? 0,
    counted: report.roads.restrictions,
  };
}

describe('turn restrictions', () => {
  it('hold a way, a node or ways to pass, and a way', async () => {
    const overNode = await read({ from: 'A', via: '2', to: 'C' });
    expect(overNode).toMatchObject({
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
  });

  it('of other kinds keep all ways that touch the via, for the map to say which is meant', async () => {
    const two = await read({ from: 'AB', via: '2', to: 'C' });
    expect(two.restrictions[0].path).toEqual([11, 12, 'node 2', 13]);
    const one = await read({ from: 'AE', via: '2', to: 'C' });
    expect([one.restrictions[0].path, one.dropped]).toEqual([[11, 'node 2', 13], {}]);
  });

  it('without a via are taken at the only node that both ways share', async () => {
    const inferred = await read({ from: 'A', to: 'C' });
    expect(inferred.restrictions[0].path).toEqual([11, 'node 2', 13]);
    expect([inferred.isInferred, inferred.repaired]).toEqual([[true], { restrictionViasInferred: 1 }]);
    expect((await read({ from: 'A', to: 'E' })).dropped).toEqual({ restrictionsIncomplete: 1 });
    expect((await read({ from: 'A', to: 'A' })).dropped).toEqual({ restrictionsIncomplete: 1 });
  });

  it('take the only way without a role for the one that is missing', async () => {
    const map = cross({ from: 'A', via: '2' }, { restriction: 'no_left_turn' });
    map.relations[0].members.push({ type: 'way', ref: 13, role: '' });
    const { restrictions, report } = await readMap(map);
    expect(restrictions).toMatchObject([{ fromWays: [0], toWays: [2], isInferred: true }]);
    expect(report.repaired).toMatchObject({ restrictionRolesInferred: 1 });
    map.relations[0].members.push({ type: 'way', ref: 12, role: '' });
    expect((await readMap(map)).report.dropped).toMatchObject({ restrictionsIncomplete: 1 });
  });

  it.each<[Record<string, string>, object[], object]>([
    // tags | rules: kind, vehicle, except, when | counted
    [{ 'restriction:hgv': 'no_left_turn' }, [{ kind: 'no_left_turn', vehicle: 'hgv', when: 'heavy' }], {}],
    [
      { 'restriction:motorcycle': 'no_left_turn' },
      [{ kind: 'no_left_turn', vehicle: 'motorcycle', when: 'always' }],
      {},
    ],
    [
      { restriction: 'only_straight_on', 'restriction:bicycle': 'no_left_turn' },
      [
        { kind: 'only_straight_on', vehicle: '', when: 'always' },
        { kind: 'no_left_turn', vehicle: 'bicycle', when: 'always' },
      ],
      { restrictionsSplit: 1 },
    ],
    [
      { 'restriction:motorcar:conditional': 'no_left_turn @ (Mo-Fr 07:00-09:00)' },
      [{ vehicle: 'motorcar', condition: 'Mo-Fr 07:00-09:00', when: 'hours' }],
      { restrictionHoursNotObeyed: 1 },
    ],
    [
      { 'restriction:conditional': 'no_left_turn @ hgv' },
      [{ vehicle: 'hgv', condition: 'hgv', when: 'heavy' }],
      {},
    ],
    [
      { 'restriction:conditional': 'no_left_turn @ (weight>3.5)' },
      [{ vehicle: '', condition: 'weight>3.5', when: 'heavy' }],
      {},
    ],
    [
      { restriction: 'no_left_turn', hour_on: '07:00', hour_off: '09:00' },
      [{ vehicle: '', condition: 'hour_on=07:00; hour_off=09:00', when: 'hours' }],
      { restrictionHoursNotObeyed: 1 },
    ],
    // what lets some pass
    [
      { restriction: 'no_left_turn', except: 'psv; taxi', 'restriction:conditional': 'none @ (bicycle)' },
      [{ except: ['psv', 'taxi', 'bicycle'], when: 'always', condition: 'none @ (bicycle)' }],
      {},
    ],
    [
      { restriction: 'no_left_turn', 'restriction:conditional': 'none @ (Su)' },
      [{ except: [], when: 'hours', condition: 'none @ (Su)' }],
      { restrictionHoursNotObeyed: 1 },
    ],
    // what nobody understands binds always
    [
      { 'restriction:conditional': 'no_left_turn @ (wet)' },
      [{ condition: 'wet', when: 'always' }],
      { restrictionConditionsNotUnderstood: 1 },
    ],
    [
      { restriction: 'no_left_turn', 'restriction:bicycle': 'give_way' },
      [{ vehicle: '', when: 'always' }],
      { restrictionClausesNotUnderstood: 1 },
    ],
  ])('read %o', async (tags, rules, counted) => {
    const { rules: found, repaired } = await read({ from: 'A', via: '2', to: 'C' }, tags);
    expect(found).toMatchObject(rules);
    expect([found.length, repaired]).toEqual([rules.length, counted]);
  });

  it.each([
    ['names an absent way', { from: 'X', via: '2', to: 'C' }, {}, 'restrictionsOnWaysNotKept'],
    ['names a footway', { from: 'A', via: '2', to: 'D' }, {}, 'restrictionsOnWaysNotKept'],
    ['passes an absent way', { from: 'A', via: 'X', to: 'C' }, {}, 'restrictionsOnWaysNotKept'],
    ['names an absent node', { from: 'A', via: '9', to: 'C' }, {}, 'restrictionsNotConnected'],
    ['turns where the ways do not meet', { from: 'A', via: '4', to: 'C' }, {}, 'restrictionsNotConnected'],
    ['passes ways that do not meet', { from: 'A', via: 'E', to: 'B' }, {}, 'restrictionsNotConnected'],
    ['has no from', { via: '2', to: 'C' }, {}, 'restrictionsIncomplete'],
    ['has no via, and ways that share none', { from: 'A', to: 'E' }, {}, 'restrictionsIncomplete'],
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
      'is of an unknown kind under a condition',
      { from: 'A', via: '2', to: 'C' },
      { 'restriction:conditional': 'no_parking @ (Mo-Fr)' },
      'restrictionsNotUnderstood',
    ],
    [
      'is of an unknown kind for some vehicle',
      { from: 'A', via: '2', to: 'C' },
      { 'restriction:hgv': 'no_overtaking' },
      'restrictionsNotUnderstood',
    ],
    [
      'has several ways and one is not kept',
      { from: 'AD', via: '2', to: 'C' },
      {},
      'restrictionsOnWaysNotKept',
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
    expect([restrictions[0].fromWays, restrictions[0].toWays]).toEqual([[1], [3]]);
  });
});
