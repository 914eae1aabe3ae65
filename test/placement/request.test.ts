import { describe, expect, it } from 'vitest';
import { NOWHERE } from '../../engine/city/build.ts';
import type { City } from '../../engine/city/city.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { InputError } from '../../engine/errors.ts';
import { buildPlacementProblem } from '../../engine/placement/place.ts';
import { demandAtoms, driveBudgetMs, placementQuestion } from '../../engine/placement/request.ts';
import { standAt } from '../../engine/placement/stand-at.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { NONE } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

const STREET = 'A---B---C---D---E';
const cell = (x: number, y: number): [number, number] => box(x, y, x, y)[0];
const post = (mark: string, x: number) => ({ id: mark, lonLat: cell(x, 0) });
const unit = (id: string, at?: string, shifts = ['all']) => ({
  id,
  shifts,
  profile: 'plain',
  ...(at === undefined ? {} : { post: at }),
});
const CALL = { id: 'call', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 60 } };

/** Posts at A, C and E; units and the request as given; candidates are posts only unless it says otherwise. */
const street = (
  units: object[],
  placement: object = {},
  scenario: Record<string, unknown> = {},
  files: SmallScenario['files'] = {},
) =>
  smallCity(STREET, {
    files,
    scenario: {
      posts: [post('west', 0), post('mid', 8), post('east', 16)],
      units,
      placement: { type: 'mclp', candidates: { nodes: false }, ...placement },
      patrol: { type: 'stay-at-post', profile: 'plain' },
      ...scenario,
    },
  });

async function asked(...given: Parameters<typeof street>) {
  const { city, town } = await street(...given);
  const question = placementQuestion(city, city.scenario.placement!);
  const named = (list: readonly number[]): string[] => list.map((c) => question.candidates[c].name);
  return { city, town, question, named };
}

describe('what a placement request asks', () => {
  it('offers every post once, then road nodes that are no post', async () => {
    const posts = await asked([unit('u')]);
    expect(posts.question.candidates.map(({ name }) => name)).toEqual(['west', 'mid', 'east']);
    const both = await asked([unit('u')], { candidates: {} });
    // five junctions, of which A, C and E are posts already
    expect(both.question.candidates.map(({ name }) => name)).toEqual([
      'west',
      'mid',
      'east',
      `OSM node ${'B'.charCodeAt(0)}`,
      `OSM node ${'D'.charCodeAt(0)}`,
    ]);
    const nodes = await asked([unit('u')], { candidates: { posts: false } });
    expect(nodes.question.candidates).toHaveLength(5);
    const few = await asked([unit('u')], { candidates: { posts: false, maxNodes: 2 } });
    expect(few.question.candidates.length).toBeLessThanOrEqual(2);
  });

  it('requires every post that units have, once for each post, even where posts are no candidates', async () => {
    const units = [unit('a', 'east'), unit('b', 'east'), unit('c', 'west'), unit('free')];
    const { question, named } = await asked(units);
    expect(named(question.required)).toEqual(['west', 'east']);
    expect(question.sites).toBe(3);
    const nodes = await asked(units, { candidates: { posts: false, nodes: true } });
    expect(nodes.named(nodes.question.required).sort()).toEqual(['east', 'west']);
  });

  it('takes required and forbidden posts and places; a place is put on its road', async () => {
    const { city, question, named, town } = await asked([unit('u'), unit('v')], {
      required: ['mid', cell(4, 0)],
      forbidden: ['west', cell(12, 0.5)], // beside D
      sites: 2,
    });
    expect(named(question.required)).toEqual(['mid', `[${cell(4, 0).join(', ')}]`]);
    expect(named(question.forbidden)).toEqual(['west', `[${cell(12, 0.5).join(', ')}]`]);
    const [, required] = question.required.map((c) => question.candidates[c].position);
    const router = createRouter(metricOf(city, 'plain', { siren: false }));
    expect(router.timeMs(required, town.at('B'))).toBe(0);
    expect(question.sites).toBe(2);
  });

  it('takes a place that lies on a post for that post', async () => {
    const { question, named } = await asked([unit('u')], { required: [cell(8, 0)] });
    expect(question.candidates).toHaveLength(3);
    expect(named(question.required)).toEqual(['mid']);
  });

  it('refuses a required place without a road, with its path', async () => {
    await expect(asked([unit('u')], { required: ['mid', cell(8, 30)] })).rejects.toThrow(InputError);
    await expect(asked([unit('u')], { required: ['mid', cell(8, 30)] })).rejects.toThrow(
      /scenario\.json \/placement\/required\/1: \[.*\] lies farther than 200 m/,
    );
  });

  const SHIFTS = [
    { id: 'day', startS: 0, endS: 43_200 },
    { id: 'night', startS: 43_200, endS: 86_400 },
    { id: 'late', startS: 79_200, endS: 86_400 + 7200 }, // over midnight, into the day shift
  ];

  const callsPerHour = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 4 : 0)); // when the day shift is there
  const demand = {
    type: 'poisson',
    categories: [CALL],
    sources: [{ where: { type: 'roads' }, callsPerHour }],
  };

  it('opens, unless told, the posts that have units and one site for each free unit of the fullest hour', async () => {
    const sites = async (units: object[], placement: object = {}): Promise<number> =>
      (await asked(units, placement, { shifts: SHIFTS, demand })).question.sites;
    expect(await sites([unit('a', 'west', ['day'])])).toBe(1);
    expect(await sites([unit('a', 'west', ['day']), unit('f', undefined, ['day'])])).toBe(2);
    expect(await sites([unit('f', undefined, ['day']), unit('g', undefined, ['night'])])).toBe(1);
    expect(
      await sites([
        unit('a', 'west', ['day']),
        unit('f', undefined, ['day']),
        unit('g', undefined, ['night']),
        unit('h', undefined, ['night', 'day']),
      ]),
    ).toBe(3);
    const late = unit('l', undefined, ['late']);
    expect(await sites([late, unit('f', undefined, ['day'])])).toBe(2);
    expect(await sites([late, unit('f', undefined, ['day']), unit('g', undefined, ['night'])])).toBe(2);
    // who is there on other days needs no site of its own
    const weekend = { days: ['sat', 'sun'] };
    const workdays = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] };
    const week = [
      { ...SHIFTS[0], ...workdays },
      { ...SHIFTS[0], id: 'weekend', ...weekend },
      { ...SHIFTS[2], ...weekend }, // the one of Sunday ends on Monday
    ];
    const ofWeek = async (units: object[]): Promise<number> =>
      (await asked(units, {}, { shifts: week, demand })).question.sites;
    const [f, g, h] = ['day', 'weekend', 'late'].map((shift, ix) => unit(`${ix}`, undefined, [shift]));
    expect(await ofWeek([f, g])).toBe(1);
    expect(await ofWeek([f, h])).toBe(2);
    expect(await ofWeek([f, g, h])).toBe(2);
    // a required site takes a free unit: it is one of the sites, not one more
    expect(
      await sites([unit('a', 'west', ['day']), unit('f', undefined, ['day'])], { required: ['mid'] }),
    ).toBe(2);
  });
});

describe('where the units stand', () => {
  const homes = (city: City, question: Awaited<ReturnType<typeof asked>>['question']): string[] =>
    city.units.map(({ id, home }) => {
      const site = question.candidates.find(
        ({ position }) => position.segment === home.segment && position.offsetMm === home.offsetMm,
      );
      return `${id}@${site?.name ?? '?'}`;
    });

  it('each free unit takes, of the sites nobody holds, the one with the least company on duty', async () => {
    const shifts = [
      { id: 'day', startS: 0, endS: 43_200 },
      { id: 'night', startS: 43_200, endS: 86_400 },
    ];
    const units = [
      unit('posted', 'west', ['day']),
      unit('d1', undefined, ['day']),
      unit('n1', undefined, ['night']),
      unit('d2', undefined, ['day']),
      unit('d3', undefined, ['day']),
      unit('n2', undefined, ['night']),
      unit('x', undefined, ['day', 'night']),
    ];
    const { city, question } = await asked(units, {}, { shifts });
    const placed = standAt(city, question, [0, 1, 2]);
    expect(homes(placed, question)).toEqual([
      'posted@west',
      'd1@mid',
      'n1@mid', // d1 has gone home by then
      'd2@east',
      'd3@mid', // a tie: the first again
      'n2@east',
      'x@east', // at mid d1, d3 and n1, here d2 and n2
    ]);
    expect(placed.report.warnings).toEqual(city.report.warnings);
    expect(city.units[1].home).toBe(NOWHERE); // the given city is as it was
    expect(placed.units[0]).toBe(city.units[0]);
  });

  it('a required site that nobody holds gets a unit like any other', async () => {
    const { city, question } = await asked([unit('posted', 'west'), unit('f')], { required: ['east'] });
    expect(question.sites).toBe(2);
    const placed = standAt(city, question, question.required);
    expect(homes(placed, question)).toEqual(['posted@west', 'f@east']);
  });

  it('names the open sites that are left to nobody', async () => {
    const { city, question } = await asked([unit('posted', 'west'), unit('f')], { sites: 3 });
    const placed = standAt(city, question, [0, 1, 2]);
    expect(homes(placed, question)).toEqual(['posted@west', 'f@mid']);
    expect(placed.report.warnings.slice(city.report.warnings.length)).toEqual([
      expect.stringMatching(/^1 of 3 open sites are held by no unit, .*: east$/),
    ]);
  });

  it('all of them are shared where every open site is held already', async () => {
    const { city, question } = await asked([unit('posted', 'west'), unit('f')], { sites: 1 });
    expect(homes(standAt(city, question, [0]), question)).toEqual(['posted@west', 'f@west']);
  });
});

const clause = (thresholdS: number, more: object = {}) => ({
  id: `c${thresholdS}-${Object.values(more).join('')}`,
  selector: {},
  event: 'firstArrival',
  clockStart: 'dispatched',
  thresholdS,
  targetShare: 0.9,
  ...more,
});
const standard = (...clauses: object[]) => ({ id: 's', clauses });

describe('the time a standard leaves for driving', () => {
  const delays = { callHandlingS: 20, turnoutAtPostS: 45, turnoutOnPatrolS: 5, accessS: 10 };
  const budget = async (
    clauses: object[],
    given: Record<string, unknown> = { delays },
  ): Promise<number | null> => {
    const { city } = await street([unit('u')], {}, { standards: [standard(...clauses)], ...given });
    return driveBudgetMs(city, NONE, 0);
  };

  it('is the threshold less what comes between the clock start and wheels turning, and the way to the door', async () => {
    expect(await budget([clause(300, { clockStart: 'occurred' })])).toBe((300 - 20 - 45 - 10) * 1000);
    expect(await budget([clause(300, { clockStart: 'callReceived' })])).toBe(225_000);
    expect(await budget([clause(300, { clockStart: 'callAnswered' })])).toBe(225_000);
    expect(await budget([clause(300, { clockStart: 'dispatched' })])).toBe((300 - 45 - 10) * 1000);
    expect(await budget([clause(300, { clockStart: 'enRoute' })])).toBe((300 - 10) * 1000);
    expect(await budget([clause(300)], {})).toBe(300_000);
  });

  it('is the shortest that any clause leaves, by what is left, not by its threshold', async () => {
    expect(await budget([clause(300), clause(180)])).toBe((180 - 55) * 1000);
    // 200 - 75 = 125 s is less than 160 - 10 = 150 s
    expect(
      await budget([clause(160, { clockStart: 'enRoute' }), clause(200, { clockStart: 'occurred' })]),
    ).toBe(125_000);
  });

  it('is nothing where the delays take it all, and unknown where no clause speaks of an arrival', async () => {
    expect(await budget([clause(50)])).toBe(0);
    expect(await budget([clause(300, { event: 'kthArrival', unitsRequired: 2 })])).toBeNull();
    expect(await budget([clause(300, { event: 'kthArrival', unitsRequired: 2 }), clause(400)])).toBe(345_000);
  });

  it("is that of the call's own category and priority: a clause for others does not shorten it", async () => {
    const others = { priority: [9], zoneClass: ['none'] };
    expect(await budget([clause(60, { selector: others }), clause(300)])).toBe((300 - 55) * 1000);
    expect(await budget([clause(60, { selector: { category: ['no such'] } })])).toBeNull();
  });

  it("is that of the zone's class under the first standard", async () => {
    const zones = [
      { id: 'c', class: 'core', polygon: [box(-1, -1, 4, 1)] },
      { id: 'k', class: 'key', polygon: [box(4, -1, 8, 1)] },
    ];
    const standards = [
      standard(
        clause(60, { selector: { zoneClass: ['core'] } }),
        clause(180, { selector: { zoneClass: ['core', 'none'] } }),
      ),
      { ...standard(clause(30)), id: 'second' },
    ];
    const { city } = await asked([unit('u')], {}, { zones, standards });
    expect([0, 1, NONE].map((zone) => driveBudgetMs(city, zone, 0))).toEqual([60_000, null, 180_000]);
  });
});

describe('the demand that sites should reach', () => {
  const sum = (atoms: { weight: number }[]): number => atoms.reduce((total, { weight }) => total + weight, 0);
  const zones = [
    { id: 'c', class: 'core', polygon: [box(-1, -1, 2, 1)] },
    { id: 'k', class: 'key', polygon: [box(2, -1, 8, 1)] },
  ];
  const sources = [
    { where: { type: 'roads' }, callsPerHour: 6 },
    {
      where: { type: 'zone', zone: 'k' },
      callsPerHour: Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 4 : 0)), // 2 on average
    },
    { where: { type: 'places', file: 'calls.csv' }, callsPerHour: 3 },
  ];
  const given = { zones, demand: { type: 'poisson', categories: [CALL], sources } };
  const files = { 'calls.csv': `lon,lat\n${[cell(1, 0), cell(1, 0), cell(9, 0)].join('\n')}\n` };

  it('weighs what the sources expect in an hour, averaged over the week: 6 + 2 + 3', async () => {
    const { city } = await asked([unit('u')], {}, given, files);
    const atoms = demandAtoms(city);
    expect(sum(atoms)).toBeCloseTo(11, 9);
    expect(atoms.every(({ weight }) => weight > 0)).toBe(true);
    // 16 cells of road: 2 in core, 6 in key, 8 in none; two of three places lie in core, one in none
    const weightAt = (thresholdMs: number): number => sum(atoms.filter((a) => a.thresholdMs === thresholdMs));
    expect(weightAt(60_000)).toBeCloseTo((6 * 2) / 16 + 2, 4);
    expect(weightAt(180_000)).toBeCloseTo((6 * 6) / 16 + 2, 4);
    expect(weightAt(300_000)).toBeCloseTo((6 * 8) / 16 + 1, 4);
    // both places at the same spot are one atom
    expect(new Set(atoms.map(({ position }) => `${position.segment} ${position.offsetMm}`)).size).toBe(
      atoms.length,
    );
  });

  it('is told apart by siren, by the shares of the categories of each source', async () => {
    const categories = [
      { ...CALL, id: 'urgent', siren: true, share: 1 },
      { ...CALL, id: 'ordinary', share: 3 },
    ];
    const [roads, key, calls] = sources;
    const weighed = [roads, { ...key, categoryShares: { ordinary: 0 } }, calls];
    const given = { zones, demand: { type: 'poisson', categories, sources: weighed } };
    const atoms = demandAtoms((await street([unit('u')], {}, given, files)).city);
    const weightOf = (siren: boolean): number => sum(atoms.filter((atom) => atom.siren === siren));
    expect(weightOf(true)).toBeCloseTo(6 / 4 + 2 + 3 / 4, 9);
    expect(weightOf(false)).toBeCloseTo((6 * 3) / 4 + (3 * 3) / 4, 9);
  });

  it('is refused as a question when no clause asks for an arrival where calls are expected', async () => {
    const standards = [standard(clause(300, { event: 'kthArrival', unitsRequired: 2 }))];
    await expect(asked([unit('u')], {}, { standards })).rejects.toThrow(/\/standards\/0: no clause of "s"/);
  });

  it('leaves out what no clause speaks of', async () => {
    const standards = [standard(clause(60, { selector: { zoneClass: ['core'] } }))];
    const { city } = await asked([unit('u')], {}, { ...given, standards }, files);
    expect(sum(demandAtoms(city))).toBeCloseTo((6 * 2) / 16 + 2, 4);
  });

  it("is covered by a candidate whose drive fits the atom's own threshold, to the millisecond", async () => {
    const { city, question } = await asked([unit('u')], {}, given, files);
    const router = createRouter(metricOf(city, 'plain', { siren: true }));
    const { covers } = buildPlacementProblem({ router, ...question });
    let covered = 0;
    question.candidates.forEach(({ position }, c) => {
      const own = [...covers.atom.subarray(covers.first[c], covers.first[c + 1])];
      const expected = question.atoms.flatMap((atom, a) =>
        router.timeMs(position, atom.position) <= atom.thresholdMs ? [a] : [],
      );
      expect(own).toEqual(expected);
      covered += own.length;
    });
    expect(covered).toBeGreaterThan(0);
    expect(covered).toBeLessThan(question.candidates.length * question.atoms.length);
  });
});
