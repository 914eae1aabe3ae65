import { describe, expect, it } from 'vitest';
import { expectedCalls } from '../../engine/scenario/call-rates.ts';
import { parseRunStart } from '../../engine/scenario/calendar.ts';
import type { RunStart } from '../../engine/scenario/scenario.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import {
  changed,
  FILES,
  goodScenario,
  type Json,
  load,
  problemsOf,
  ROADS_SHA256,
  text,
} from './good-scenario.ts';

const HOUR = 3_600_000;
const everyDay = Array<boolean>(7).fill(true);

describe('a demand put in with its own key', () => {
  it('is told to be within another of that name', async () => {
    const scenario = goodScenario();
    expect(await problemsOf({ ...scenario, demand: { demand: scenario.demand! } })).toEqual([
      expect.objectContaining({
        place: '/demand/type',
        message: expect.stringContaining('"demand" stands within "demand": take one of them away') as string,
      }),
    ]);
  });
});

describe('a good scenario', () => {
  it('has its names looked up and its times in milliseconds', async () => {
    const scenario = await load(goodScenario());
    expect(scenario).toMatchObject({
      name: 'square town',
      fileName: 'scenario.json',
      roads: {
        file: { name: 'package:geojson-path-finder/roads.json', sha256: ROADS_SHA256 },
        format: 'geojson',
      },
      points: [
        {
          id: 'school',
          name: 'school',
          place: { lon: 2.05, lat: 48.05 },
          dwellMs: 600_000,
          longestGapMs: 7_200_000,
        },
        { id: 'station', name: 'Station', visitsPerShift: 1, dwellMs: 300_000, longestGapMs: null },
      ],
      lines: [{ id: 'high street', passesPerShift: 3, direction: 'both' }],
      shifts: [
        { id: 'day', startMs: 28_800_000, endMs: 72_000_000, days: everyDay },
        { id: 'night', startMs: 72_000_000, endMs: 115_200_000, days: everyDay },
        { id: 'market', days: [false, false, true, false, false, true, false] },
      ],
      skills: ['firearms', 'dogs'],
      destinations: [
        { id: 'cells', name: 'The cells', kind: 'custody', place: { lon: 2.07, lat: 48.07 } },
        { id: 'clinic', name: 'clinic', kind: 'hospital' },
      ],
      activities: [
        {
          id: 'traffic stop',
          name: 'Traffic stop',
          perUnitHour: 0.2,
          duration: { type: 'gamma', meanMs: 420_000, cv: 0.7 },
          interruptibleBy: 3,
          units: [0, 1, 2],
        },
      ],
      travel: { cv: 0.3 },
      positionsStaleMs: 30_000,
      queue: { type: 'finite', places: 40 },
      dispatch: { type: 'sector-first', params: { withinS: 90, order: ['near', 'far'] } },
      moveUp: { type: 'table', params: { rows: [{ free: 2, posts: [0, 1] }] } },
      delayLaws: {
        callHandling: { type: 'constant', meanMs: 45_000, cv: 0 },
        dispatch: { type: 'exponential', meanMs: 20_500, cv: 1 },
      },
      delays: {
        callHandlingMs: 45_000,
        turnoutAtPostMs: 60_000,
        turnoutOnPatrolMs: 10_500,
        accessMs: 15_000,
      },
      placement: { type: 'mclp', sites: 3, required: [0, { lon: 2.03, lat: 48.03 }], forbidden: [1] },
      run: {
        start: { hourOfWeek: 6, msIntoHour: 1_800_000, msIntoDay: 23_400_000 },
        durationMs: 86_400_000,
        warmUpMs: 7_200_000,
        replications: 1,
        steadyState: { batches: 12 },
        seed: 'seven',
      },
      warnings: [],
    });
    expect(scenario.zones[1]).toMatchObject({ id: 'market', name: 'market', class: 'key' });
    expect(scenario.zones[1].polygons).toHaveLength(1);
    expect(scenario.zones[0].polygons[0][0][2]).toEqual({ lon: 2.1, lat: 48.1 });
  });

  it('makes as many units as a count says, numbered from 1', async () => {
    const { units } = await load(goodScenario());
    const car = {
      post: 0,
      shifts: [0, 1],
      profile: 'quiet car',
      kind: 'van',
      skills: 0b11,
      answersFrom: 'post',
      sector: [0],
      breaks: [
        { shift: 1, afterMs: 14_400_000, durationMs: 1_800_000, interruptibleBy: 0 },
        { shift: null, afterMs: 7_200_000, durationMs: 600_000, interruptibleBy: 1 },
      ],
      // from the start at 06:30, in order of time
      outOfService: [
        { fromMs: 29.5 * HOUR, toMs: 30.5 * HOUR },
        { fromMs: 41.5 * HOUR, toMs: 78 * HOUR + 30_000 },
      ],
    };
    const plain = {
      kind: 'car',
      profile: 'patrol-car',
      skills: 0,
      answersFrom: 'anywhere',
      sector: [],
      breaks: [],
      outOfService: [],
    };
    expect(units).toEqual([
      { id: 'car-1', ...car },
      { id: 'car-2', ...car },
      { id: 'bike', post: null, shifts: [0, 2], ...plain },
      { id: 'patrol', post: 1, shifts: [0, 1], ...plain },
    ]);
  });

  it('has 168 rates and one share for each category in every source', async () => {
    const { sources, categories } = (await load(goodScenario())).demand;
    expect(sources.map(({ callsPerHour }) => callsPerHour.length)).toEqual([168, 168, 168]);
    expect(sources[0]).toMatchObject({ where: { type: 'zone', zone: 0 }, categoryShares: [3, 2, 0] });
    expect(sources[0].callsPerHour[167]).toBe(1.5);
    expect(sources[1].callsPerHour[24 * 6 + 23]).toBe(2.3); // Sunday 23:00 is hour 23 of the day
    expect(sources[2].callsPerHour[167]).toBe(1.67);
    expect(sources[2]).toMatchObject({
      where: {
        type: 'places',
        places: [
          { lon: 2.01, lat: 48.01 },
          { lon: 2.02, lat: 48.02 },
        ],
      },
      categoryShares: [3, 1, 0],
    });
    expect(categories.map(({ onScene }) => onScene)).toEqual([
      { type: 'lognormal', meanMs: 1_500_000, cv: 0.9, valuesMs: [] },
      { type: 'exponential', meanMs: 900_000, cv: 1, valuesMs: [] },
      { type: 'constant', meanMs: 240_000, cv: 0, valuesMs: [] },
    ]);
  });

  it('knows what calls of each category need', async () => {
    const { categories, surges, calls } = (await load(goodScenario())).demand;
    expect(categories).toMatchObject([
      {
        id: 'theft',
        skills: 0,
        units: 1,
        release: 'together',
        triageShare: 0.25,
        transport: null,
        report: { type: 'constant', meanMs: 300_000 },
        linked: { share: 0.5, category: 2, delay: { type: 'constant', meanMs: 60_000 } },
        repeat: null,
      },
      {
        id: 'fight',
        skills: 0b10,
        units: 2,
        release: 'each',
        triageShare: 0,
        transport: {
          share: 0.1,
          kind: 'custody',
          handover: { type: 'empirical', meanMs: 750_250, valuesMs: [600_500, 900_000] },
        },
        report: null,
        linked: null,
      },
      {
        id: 'noise',
        repeat: { share: 0.2, delay: { type: 'empirical', meanMs: 900_000, valuesMs: [600_000, 1_200_000] } },
      },
    ]);
    expect(surges).toEqual([
      { fromMs: 13.5 * HOUR, toMs: 16.5 * HOUR, factor: 2.5, categories: [1], zones: null },
      { fromMs: 17.5 * HOUR, toMs: 41.5 * HOUR, factor: 0.5, categories: null, zones: [0] },
      { fromMs: 113.5 * HOUR, toMs: 137.5 * HOUR, factor: 0.5, categories: null, zones: [0] },
    ]);
    expect(calls).toBeNull();
  });

  it('lists its standards: preset, file and in place', async () => {
    const { standards } = await load(goodScenario());
    expect(standards.map(({ id }) => id)).toEqual(['zone-1-3-5', 'mine', 'ours']);
  });

  it('lists every file it read once, with the hash and size on disk', async () => {
    const twice = goodScenario() as { demand: { sources: JsonValue[] } } & Json;
    twice.demand.sources.push(twice.demand.sources[2]);
    const { files } = await load(twice);
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['package:geojson-path-finder/roads.json', 5],
      ['delays.csv', FILES['delays.csv'].length],
      ['places.csv', FILES['places.csv'].length],
      ['mine.json', FILES['mine.json'].length],
    ]);
  });

  it('needs little more than roads, shifts, units, demand and a start', async () => {
    const { version, name, roads, shifts, posts } = goodScenario();
    const scenario = await load({
      version,
      name,
      roads,
      shifts,
      posts,
      units: [{ id: 'car', post: 'north', shifts: ['day', 'night'] }],
      demand: {
        type: 'poisson',
        categories: [{ id: 'any', priority: 1, share: 1, onSceneS: { type: 'exponential', mean: 900 } }],
        sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
      },
      run: { start: '2026-03-02T00:00' },
    });
    expect(scenario).toMatchObject({
      zones: [],
      standards: [{ id: 'zone-1-3-5' }],
      dispatch: { type: 'closest-available', params: {} },
      moveUp: { type: 'back-to-post', params: {} },
      skills: [],
      destinations: [],
      activities: [],
      travel: { cv: 0 },
      positionsStaleMs: 0,
      queue: { type: 'unlimited' },
      patrol: { type: 'quota-tour', profile: 'patrol-pace' },
      placement: null,
      snapLimitM: 200,
      delays: { callHandlingMs: 0, dispatchMs: 0 },
      run: { durationMs: 86_400_000, warmUpMs: 0, replications: 20, seed: 1, steadyState: null },
    });
  });
});

describe('a name that refers to nothing', () => {
  it.each<[string, JsonValue, string]>([
    ['/units/0/post', 'nort', '"nort" is not a post (did you mean "north"?); allowed: north, south'],
    [
      '/units/0/shifts/1',
      'nigth',
      '"nigth" is not a shift (did you mean "night"?); allowed: day, night, market',
    ],
    ['/units/1/profile', 'patrol-cat', '"patrol-cat" is not a speed profile (did you mean "patrol-car"?)'],
    ['/demand/sources/0/where/zone', 'center', '"center" is not a zone (did you mean "centre"?)'],
    ['/demand/sources/0/categoryShares/fihgt', 1, '"fihgt" is not a category (did you mean "fight"?)'],
    ['/dispatch/type', 'closest-availble', 'is not allowed (did you mean "closest-available"?); allowed: '],
    ['/moveUp/type', 'back-to-pots', 'is not allowed (did you mean "back-to-post"?); allowed: '],
    [
      '/dispatch/type',
      '../../policy.js',
      '"../../policy.js" is not allowed; allowed: "closest-available" or "sector-first"',
    ],
    ['/patrol/type', 'https://example.org/p.js', 'is not a patrol policy'],
    ['/patrol/profile', 'plane', 'is not a speed profile (did you mean "plain"?)'],
    ['/placement/type', 'mlcp', 'is not a placement model (did you mean "mclp"?)'],
    ['/placement/required/0', 'nroth', 'is not a post (did you mean "north"?)'],
    ['/standards/0', 'zone-1-3-6', 'is not a preset (did you mean "zone-1-3-5"?)'],
    ['/standards/0', 'constructor', '"constructor" is not a preset'],
  ])('%s: %j', async (path, value, message) => {
    expect(await problemsOf(changed(path, value))).toEqual([
      { file: 'scenario.json', place: path, message: expect.stringContaining(message) as string },
    ]);
  });
});

describe('values that do not fit together', () => {
  it.each<[string, string, JsonValue, string, string]>([
    [
      'two posts of one id',
      '/posts/1/id',
      'north',
      '/posts/1/id',
      '"north" is used twice; first at /posts/0/id',
    ],
    ['two zones of one id', '/zones/1/id', 'centre', '/zones/1/id', 'first at /zones/0/id'],
    ['two shifts of one id', '/shifts/1/id', 'day', '/shifts/1/id', 'first at /shifts/0/id'],
    [
      'two units of one id',
      '/units/1/id',
      'car-2',
      '/units/1/id',
      '"car-2" is used twice; first at /units/0/id',
    ],
    [
      'a shift that ends before it starts',
      '/shifts/1/endS',
      28_800,
      '/shifts/1/endS',
      'a shift that ends next day ends at 115200',
    ],
    ['a shift longer than a day', '/shifts/0/endS', 115_201, '/shifts/0/endS', 'at most 86400'],
    [
      'two standards of one id',
      '/standards/2/id',
      'mine',
      '/standards/2',
      '"mine" is used twice; first at /standards/1',
    ],
    [
      'a date that does not exist',
      '/run/start',
      '2026-02-30T00:00',
      '/run/start',
      'has day 30; allowed: 1 to 28',
    ],
    ['an open ring', '/zones/0/polygon/0/4', [2, 48.01], '/zones/0/polygon/0', 'it must end where it starts'],
    [
      'a ring without area',
      '/zones/0/polygon/0',
      [
        [2, 48],
        [2.1, 48],
        [2.2, 48],
        [2, 48],
      ],
      '/zones/0/polygon/0',
      'encloses no area',
    ],
    [
      'latitude first, seen by its range',
      '/posts/0/lonLat',
      [48.09, 102.05],
      '/posts/0/lonLat/1',
      'are longitude and latitude swapped?',
    ],
    [
      'latitude first, seen by the other places',
      '/posts/0/lonLat',
      [48.09, 2.05],
      '/posts/0/lonLat',
      'longitude and latitude are swapped',
    ],
    [
      'a zone written latitude first',
      '/zones/1/polygon/0',
      [
        [48, 2],
        [48.1, 2],
        [48.1, 2.1],
        [48, 2],
      ],
      '/zones/1/polygon/0/0',
      'longitude and latitude are swapped',
    ],
    [
      'shares that add up to nothing',
      '/demand/sources/0/categoryShares',
      { theft: 0, fight: 0, noise: 0 },
      '/demand/sources/0/categoryShares',
      'add up to 0',
    ],
    [
      'a k-th arrival without k',
      '/standards/2/clauses/0/event',
      'kthArrival',
      '/standards/2/clauses/0/unitsRequired',
      'is missing',
    ],
    [
      'too many units',
      '/units/0/count',
      30_000,
      '/units',
      '30002 units, counts included; allowed: at most 30000',
    ],
  ])('%s', async (_, path, value, place, message) => {
    expect(await problemsOf(changed(path, value))).toEqual([
      { file: 'scenario.json', place, message: expect.stringContaining(message) as string },
    ]);
  });

  it('a unit on two shifts that overlap, also over midnight', async () => {
    const overlapping = changed('/shifts/1/endS', 118_800); // ends at 09:00, the day shift starts at 08:00
    expect(await problemsOf(overlapping)).toEqual([
      {
        file: 'scenario.json',
        place: '/units/0/shifts/1',
        message: '"night" overlaps the shift "day" of the same unit',
      },
      expect.objectContaining({ place: '/units/2/shifts/1' }),
    ]);
  });

  it('a unit without a post where nothing gives it a site', async () => {
    expect(await problemsOf(changed('/placement', undefined))).toEqual([
      expect.objectContaining({
        place: '/units/1/post',
        message: expect.stringContaining('needs a "placement"') as string,
      }),
    ]);
  });
});

describe('how many calls are to be expected', () => {
  const start = (written: string): RunStart => parseRunStart(written) as RunStart;
  const nights = Array.from({ length: 168 }, (_, hour) => (hour % 24 < 6 ? 10 : 0));
  const source = { where: { type: 'roads' } as const, callsPerHour: nights, categoryShares: [1] };
  const expected = (nSources: number, from: string, durationMs: number, warmUpMs: number): number =>
    expectedCalls(
      { categories: [], sources: Array.from({ length: nSources }, () => source), surges: [] },
      start(from),
      durationMs,
      warmUpMs,
    );

  it('adds the rates of the hours of the run, broken hours by their part', () => {
    expect(expected(1, '2026-03-02T00:00', 86_400_000, 0)).toBe(60);
    expect(expected(1, '2026-03-02T05:30', 3_600_000, 0)).toBe(5);
    expect(expected(1, '2026-03-02T06:00', 3_600_000, 3_600_000)).toBe(10);
    // the warm-up of a Monday run reaches back into Sunday night of the same week table
    expect(expected(2, '2026-03-02T00:00', 3_600_000, 86_400_000)).toBe(140);
  });

  it('refuses a run in which nobody can call', async () => {
    const silent = Array.from({ length: 24 }, () => 0);
    const quiet = [{ where: { type: 'roads' }, callsPerHour: silent }];
    for (const sources of [quiet, []]) {
      expect(await problemsOf(changed('/demand/sources', sources))).toEqual([
        expect.objectContaining({
          place: '/demand/sources',
          message: expect.stringContaining('no call') as string,
        }),
      ]);
    }
  });

  it('refuses 10 million calls and more before drawing one', async () => {
    // fights alone, which bring no others about
    const categoryShares = { theft: 0, fight: 1 };
    const many = (rate: number) => [{ where: { type: 'roads' }, callsPerHour: rate, categoryShares }];
    const day = { start: '2026-03-02T00:00', durationS: 36_000 };
    expect(await problemsOf({ ...changed('/demand/sources', many(1_000_000)), run: day })).toEqual([]);
    expect(
      await problemsOf({
        ...changed('/demand/sources', many(1_000_000)),
        run: { ...day, durationS: 36_001 },
      }),
    ).toEqual([
      expect.objectContaining({
        place: '/demand/sources',
        message: '10000278 calls are to be expected in each replication; allowed: at most 10000000',
      }),
    ]);
  });
});

describe('what the later stages cannot tell apart or number is refused', () => {
  it('a zone of class "none", which is what lies outside every zone', async () => {
    await expect(load(changed('/zones/1/class', 'none'))).rejects.toThrow(
      /\/zones\/1\/class.*outside every zone/s,
    );
  });

  it('a warm-up of more than a year, whose hours no draw could number', async () => {
    await expect(load(changed('/run/warmUpS', 366 * 86_400 + 1))).rejects.toThrow(/\/run\/warmUpS/);
    expect((await load(changed('/run/warmUpS', 366 * 86_400))).run.warmUpMs).toBe(366 * 86_400_000);
  });
});

describe('warnings', () => {
  it.each<[string, JsonValue, string]>([
    [
      '/delays/callHandlingS',
      45_000,
      '/delays/callHandlingS is 45000 s (12.5 hours); usual is at most 1 hours',
    ],
    ['/delays/turnoutAtPostS', 60_000, '/delays/turnoutAtPostS is 60000 s'],
    ['/mustReachPoints/0/dwellS', 600_000, 'dwellS of must-reach point "school" is 600000 s'],
    ['/mustReachPoints/0/longestGapS', 7_200_000, 'longestGapS of must-reach point "school"'],
    [
      '/demand/categories/0/onSceneS/mean',
      1_500_000,
      '/demand/categories/0/onSceneS/mean is 1500000 s (17.4 days)',
    ],
    ['/standards/2/clauses/0/thresholdS', 300_000, 'thresholdS of clause "urgent" of standard "ours"'],
    ['/run/warmUpS', 7_200_000, '/run/warmUpS is 7200000 s'],
  ])('milliseconds where seconds are meant: %s = %j', async (path, value, warning) => {
    const { warnings } = await load(changed(path, value));
    // a thousand times the time on scene is more than the units can give, too
    const slips = warnings.filter((each) => !each.includes('many calls find no room'));
    expect(slips).toEqual([expect.stringContaining(warning)]);
    expect(slips[0]).toContain('Are these milliseconds?');
  });

  it('a zone class that no clause of a standard selects', async () => {
    const { warnings } = await load(changed('/zones/1/class', 'kye'));
    expect(warnings).toEqual([
      'no clause of the standard "zone-1-3-5" speaks of zones of class kye; their calls are not in it',
    ]);
  });

  it("a category or priority in a standard of one's own that no call has", async () => {
    const { warnings } = await load(
      changed('/standards/2/clauses/0/selector', { category: ['no-such'], priority: [9] }),
    );
    expect(warnings).toEqual([
      'clause "urgent" of the standard "ours" selects category "no-such", which no call has',
      'clause "urgent" of the standard "ours" selects priority 9, which no call has',
    ]);
  });
});

describe('several mistakes', () => {
  it('are told together: shape, names, files and their content', async () => {
    const scenario = changed('/units/0/post', 'nort');
    scenario.snapLimitM = -1;
    scenario.dispatch = { type: 'nearest' };
    (scenario.standards as JsonValue[])[1] = { file: 'absent.json' };
    const problems = await problemsOf(scenario, { 'places.csv': text('lon,lat\n200,48\n') });
    expect(problems.map(({ file, place }) => [file, place])).toEqual([
      ['scenario.json', '/dispatch/type'],
      ['scenario.json', '/snapLimitM'],
      ['scenario.json', '/units/0/post'],
      ['places.csv', 'row 2, column lon'],
      ['scenario.json', '/standards/1/file'],
    ]);
  });

  it('of one kind in thousands of rows are counted, not printed', async () => {
    const rows = 'lon,lat\n' + '999,48\n'.repeat(5000);
    const problems = await problemsOf(goodScenario(), { 'places.csv': text(rows) });
    expect(problems).toHaveLength(51);
    expect(problems[50]).toEqual({ file: 'places.csv', place: '', message: 'and 4950 more problems' });
  });
});
