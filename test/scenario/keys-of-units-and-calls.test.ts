/** Each key of rosters, needs, laws, queues and policies: what it takes, and what it refuses at exactly one place. */
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import { changed, load, problemsOf, text } from './good-scenario.ts';

/** Values that are good at a path of the good scenario. */
const GOOD: [string, JsonValue | undefined][] = [
  ['/shifts/0/days', ['mon']],
  ['/shifts/0/days', undefined],
  ['/units/0/kind', 'horse'],
  ['/units/0/kind', undefined],
  ['/units/2/skills', ['dogs']],
  ['/units/0/answersFrom', 'anywhere'],
  ['/units/0/sector', []],
  ['/units/0/sector', ['market', 'centre']],
  ['/units/0/breaks', []],
  ['/units/0/breaks/0/shift', undefined],
  ['/units/0/breaks/0/afterS', 43_199],
  ['/units/0/breaks/0/interruptibleBy', 9],
  ['/units/0/outOfService/0/from', '2026-03-03T13:00:00'],
  ['/units/0/outOfService', []],
  ['/activities', undefined],
  ['/activities/0/units', undefined],
  ['/activities/0/units', ['car-2', 'patrol']],
  ['/activities/0/perUnitHour', 0],
  ['/activities/0/interruptibleBy', 0],
  ['/activities/0/durationS', 60],
  ['/travel', {}],
  ['/travel/cv', 0],
  ['/positions/staleS', 0],
  ['/queue', { type: 'none' }],
  ['/queue', { type: 'unlimited' }],
  ['/queue', undefined],
  ['/dispatch', { type: 'sector-first' }],
  ['/dispatch', undefined],
  ['/moveUp', undefined],
  ['/demand/categories/0/triageShare', 1],
  ['/demand/categories/1/units', 2],
  ['/demand/categories/1/skills', ['dogs', 'firearms']],
  ['/demand/categories/1/transport', undefined],
  ['/demand/categories/1/transport/handoverS', undefined],
  ['/demand/categories/1/transport/kind', 'hospital'],
  ['/demand/categories/2/repeat/share', 0.999],
  ['/demand/categories/0/linked/delayS', undefined],
  ['/demand/surges', []],
  ['/demand/surges/0/factor', 0],
  ['/demand/surges/0/zones', ['market']],
  ['/delays', { dispatchS: 5 }],
  ['/run/steadyState', {}],
  ['/run/replications', undefined],
];

/** Values that are refused: where the value stands, where the problem is told, and what it says. */
const BAD: [string, JsonValue | undefined, string, string][] = [
  ['/shifts/0/days', [], '/shifts/0/days', 'a list of 1 to 7 items'],
  ['/shifts/0/days', ['mon', 'mon'], '/shifts/0/days/1', '"mon" is named twice'],
  ['/shifts/0/days', ['monday'], '/shifts/0/days/0', '"monday" is not allowed; allowed: "mon", "tue"'],
  ['/units/0/skills', ['dogs', 'dogs'], '/units/0/skills/1', '"dogs" is named twice'],
  [
    '/units/0/skills',
    ['dog'],
    '/demand/categories/1/skills/0',
    '"dogs" is not a skill that any unit has (did you mean "dog"?)',
  ],
  ['/units/0/answersFrom', 'home', '/units/0/answersFrom', '"anywhere", "post"'],
  ['/units/0/sector', ['center'], '/units/0/sector/0', '"center" is not a zone (did you mean "centre"?)'],
  ['/units/0/sector', ['centre', 'centre'], '/units/0/sector/1', 'is named twice'],
  ['/units/0/breaks/0/shift', 'market', '/units/0/breaks/0/shift', '"market" is not a shift of this unit'],
  [
    '/units/0/breaks/0/afterS',
    43_200,
    '/units/0/breaks/0/afterS',
    '43200 is not before the end of the shift',
  ],
  ['/units/0/breaks/0/durationS', 0, '/units/0/breaks/0/durationS', 'a number from 1 to 86400'],
  [
    '/units/0/breaks/0/interruptibleBy',
    10,
    '/units/0/breaks/0/interruptibleBy',
    'a whole number from 0 to 9',
  ],
  [
    '/units/0/outOfService/1/to',
    '2026-03-03T12:00',
    '/units/0/outOfService/1/to',
    'is not after "2026-03-03T12:00"',
  ],
  [
    '/units/0/outOfService/1/to',
    '2026-02-29T12:00',
    '/units/0/outOfService/1/to',
    'has day 29; allowed: 1 to 28',
  ],
  [
    '/units/0/outOfService/1/to',
    '2026-03-04T00:01',
    '/units/0/outOfService/1',
    'overlaps /units/0/outOfService/0',
  ],
  [
    '/units/0/outOfService/1/to',
    'tomorrow',
    '/units/0/outOfService/1/to',
    'text (Local date and time such as 2026-03-02T14:00',
  ],
  [
    '/activities/0/units',
    ['cart'],
    '/activities/0/units/0',
    '"cart" is not a unit (did you mean "car"?); allowed: car, car-1, car-2, bike, patrol',
  ],
  ['/activities/0/units', [], '/activities/0/units', 'a list'],
  ['/activities/0/perUnitHour', 61, '/activities/0/perUnitHour', 'a number from 0 to 60'],
  ['/activities/0/interruptibleBy', 0.5, '/activities/0/interruptibleBy', 'a whole number from 0 to 9'],
  ['/travel/cv', 3.1, '/travel/cv', 'a number from 0 to 3'],
  ['/positions/staleS', -1, '/positions/staleS', 'a number from 0'],
  ['/queue', { type: 'finite' }, '/queue/places', 'is missing; allowed: a whole number from 1 to 1000000'],
  [
    '/queue',
    { type: 'none', places: 3 },
    '/queue/places',
    'is not a key here with type "none"; allowed: type',
  ],
  ['/queue', { type: 'infinite' }, '/queue/type', '"infinite" is not allowed (did you mean "finite"?)'],
  ['/destinations/1/id', 'cells', '/destinations/1/id', '"cells" is used twice'],
  ['/destinations/0/kind', undefined, '/destinations/0/kind', 'is missing'],
  [
    '/dispatch',
    { type: 'closest-available', withinS: 3 },
    '/dispatch/withinS',
    'is not a key here with type "closest-available"; allowed: type',
  ],
  [
    '/dispatch',
    { type: 'sector-first', withins: 3 },
    '/dispatch/withins',
    '(did you mean "withinS"?); allowed: type, withinS, order',
  ],
  [
    '/dispatch',
    { type: 'sector-first', withinS: 3601 },
    '/dispatch/withinS',
    '3601 is not allowed; allowed: a number from 0 to 3600',
  ],
  [
    '/dispatch',
    'closest-available',
    '/dispatch',
    '"closest-available" is not allowed (did you mean {"type":"closest-available"}?); allowed: an object such as {"type":"closest-available"}, whose type is one of closest-available, sector-first (with withinS, order)',
  ],
  ['/dispatch', 'sector', '/dispatch', '"sector" is not allowed (did you mean {"type":"sector-first"}?)'],
  [
    '/dispatch',
    { type: 'closest' },
    '/dispatch/type',
    '"closest" is not allowed (did you mean "closest-available"?); allowed: "closest-available" or "sector-first"',
  ],
  [
    '/dispatch',
    { withinS: 3 },
    '/dispatch/type',
    'is missing; allowed: "closest-available" or "sector-first"',
  ],
  ['/moveUp', { type: 'table' }, '/moveUp/rows', 'is missing'],
  ['/moveUp/rows/0/free', 0, '/moveUp/rows/0/free', 'a whole number at least 1'],
  ['/moveUp/rows/0/post', [1], '/moveUp/rows/0/post', 'is not a key here'],
  [
    '/demand/type',
    'poison',
    '/demand/type',
    '"poison" is not allowed (did you mean "poisson"?); allowed: "poisson" or "calls"',
  ],
  ['/demand/categories/0/units', 0, '/demand/categories/0/units', 'a whole number from 1 to 20'],
  ['/demand/categories/0/units', 5, '/demand/categories/0/units', '5 units are asked for; there are 4'],
  [
    '/demand/categories/1/units',
    3,
    '/demand/categories/1/units',
    '3 units are asked for; there are 2 with dogs',
  ],
  [
    '/demand/categories/1/skills',
    ['boats'],
    '/demand/categories/1/skills/0',
    '"boats" is not a skill that any unit has; allowed: firearms, dogs',
  ],
  ['/demand/categories/0/release', 'all', '/demand/categories/0/release', '"together", "each"'],
  ['/demand/categories/0/triageShare', 1.01, '/demand/categories/0/triageShare', 'a number from 0 to 1'],
  [
    '/demand/categories/1/transport/kind',
    'hopsital',
    '/demand/categories/1/transport/kind',
    '"hopsital" is not a kind that any destination has (did you mean "hospital"?); allowed: custody, hospital',
  ],
  ['/demand/categories/1/transport/share', undefined, '/demand/categories/1/transport/share', 'is missing'],
  [
    '/demand/categories/0/linked/category',
    'theft',
    '/demand/categories/0/linked/category',
    'a call that comes again is a "repeat"',
  ],
  [
    '/demand/categories/0/linked/category',
    'nois',
    '/demand/categories/0/linked/category',
    '"nois" is not a category (did you mean "noise"?)',
  ],
  [
    '/demand/categories/2/linked',
    { share: 1, category: 'theft' },
    '/demand/categories/2/linked/category',
    'leads back to where it starts: theft → noise → theft',
  ],
  [
    '/demand/categories/2/repeat/share',
    1,
    '/demand/categories/2/repeat/share',
    '1 is not allowed; allowed: a number at least 0 and below 1',
  ],
  ['/demand/categories/2/repeat/delayS', undefined, '/demand/categories/2/repeat/delayS', 'is missing'],
  ['/demand/surges/0/to', undefined, '/demand/surges/0/to', 'is missing; a surge has both "from" and "to"'],
  ['/demand/surges/0/to', '2026-03-02T20:00', '/demand/surges/0/to', 'is not after'],
  ['/demand/surges/0/dates', ['2026-03-02'], '/demand/surges/0', 'has its times twice'],
  ['/demand/surges/1/dates', undefined, '/demand/surges/1', 'has no times'],
  ['/demand/surges/1/dates/1', '2026-02-30', '/demand/surges/1/dates/1', 'has day 30; allowed: 1 to 28'],
  [
    '/demand/surges/0/categories',
    ['fights'],
    '/demand/surges/0/categories/0',
    '"fights" is not a category (did you mean "fight"?)',
  ],
  ['/demand/surges/1/zones', ['centre', 'centre'], '/demand/surges/1/zones/1', 'is named twice'],
  ['/demand/surges/0/factor', -1, '/demand/surges/0/factor', 'a number from 0 to 1000'],
  [
    '/run/replications',
    2,
    '/run/replications',
    '2 is not allowed beside "steadyState", which is one long replication; allowed: 1',
  ],
  ['/run/steadyState/batches', 9, '/run/steadyState/batches', 'a whole number from 10 to 1000'],
];

describe('a key of units, calls, queues and policies', () => {
  it.each(GOOD)('%s may be %j', async (path, value) => {
    expect(await problemsOf(changed(path, value))).toEqual([]);
  });

  it.each(BAD)('%s may not be %j', async (path, value, place, message) => {
    expect(await problemsOf(changed(path, value))).toEqual([
      { file: 'scenario.json', place, message: expect.stringContaining(message) as string },
    ]);
  });

  it('is about at most 30 skills', async () => {
    const skills = Array.from({ length: 28 }, (_, n) => `skill ${n}`);
    expect(await problemsOf(changed('/units/2/skills', skills))).toEqual([]);
    const scenario = changed('/units/2/skills', [...skills, 'one more']);
    expect(await problemsOf(scenario)).toEqual([
      expect.objectContaining({
        place: '/units/2/skills/28',
        message: expect.stringContaining('is the 31st skill; allowed: at most 30') as string,
      }),
    ]);
  });

  it('asks for skills that one unit has together', async () => {
    const scenario = changed('/units/0/skills', ['dogs']);
    const units = scenario.units as unknown as { skills?: string[] }[];
    units[2].skills = ['firearms'];
    const categories = (scenario.demand as { categories: JsonValue[] }).categories as { skills?: string[] }[];
    categories[1].skills = ['dogs', 'firearms'];
    expect(await problemsOf(scenario)).toEqual([
      {
        file: 'scenario.json',
        place: '/demand/categories/1/skills',
        message: 'no unit has all of dogs, firearms',
      },
    ]);
  });
});

describe('a time', () => {
  const LAWS: [JsonValue, object][] = [
    [12.3456, { type: 'constant', meanMs: 12_346, cv: 0 }],
    [
      { type: 'constant', mean: 0 },
      { type: 'constant', meanMs: 0, cv: 0 },
    ],
    [
      { type: 'exponential', mean: 1.5 },
      { type: 'exponential', meanMs: 1500, cv: 1 },
    ],
    [
      { type: 'gamma', mean: 2, cv: 0.5 },
      { type: 'gamma', meanMs: 2000, cv: 0.5 },
    ],
    [
      { type: 'lognormal', mean: 2, cv: 0 },
      { type: 'lognormal', meanMs: 2000, cv: 0 },
    ],
    [
      { type: 'empirical', valuesS: [3] },
      { type: 'empirical', meanMs: 3000, cv: 0, valuesMs: [3000] },
    ],
    [
      { type: 'empirical', valuesS: [3, 1] },
      { type: 'empirical', meanMs: 2000, cv: 0.5, valuesMs: [1000, 3000] },
    ],
    [
      { type: 'empirical', file: 'delays.csv', column: 'delay' },
      { type: 'empirical', meanMs: 900_000, cv: 1 / 3, valuesMs: [600_000, 1_200_000] },
    ],
  ];
  /** Places of the good scenario that take a law, and where the law is afterwards. */
  const PLACES: [string, (scenario: Awaited<ReturnType<typeof load>>) => unknown][] = [
    ['/demand/categories/0/onSceneS', ({ demand }) => demand.categories[0].onScene],
    ['/demand/categories/0/reportS', ({ demand }) => demand.categories[0].report],
    ['/demand/categories/0/linked/delayS', ({ demand }) => demand.categories[0].linked?.delay],
    ['/demand/categories/1/transport/handoverS', ({ demand }) => demand.categories[1].transport?.handover],
    ['/demand/categories/2/repeat/delayS', ({ demand }) => demand.categories[2].repeat?.delay],
    ['/activities/0/durationS', ({ activities }) => activities[0].duration],
    ['/delays/callHandlingS', ({ delayLaws }) => delayLaws.callHandling],
    ['/delays/dispatchS', ({ delayLaws }) => delayLaws.dispatch],
    ['/delays/turnoutAtPostS', ({ delayLaws }) => delayLaws.turnoutAtPost],
    ['/delays/turnoutOnPatrolS', ({ delayLaws }) => delayLaws.turnoutOnPatrol],
    ['/delays/accessS', ({ delayLaws }) => delayLaws.access],
  ];

  it.each(PLACES)('of %s is a number of seconds or any law', async (path, lawOf) => {
    for (const [law, resolved] of LAWS) {
      expect(lawOf(await load(changed(path, law)))).toMatchObject(resolved);
    }
  });

  it('that a delay may take counts with its mean, to the millisecond, for stages that plan', async () => {
    const { delays } = await load(changed('/delays/accessS', { type: 'gamma', mean: 10.0006, cv: 1 }));
    expect(delays).toEqual({
      callHandlingMs: 45_000,
      dispatchMs: 20_500,
      turnoutAtPostMs: 60_000,
      turnoutOnPatrolMs: 10_500,
      accessMs: 10_001,
    });
  });

  it.each<[JsonValue, string, string]>([
    [-1, '', 'a number from 0 to 1000000000'],
    ['60', '', 'a number from 0'],
    [{ type: 'normal', mean: 3, cv: 1 }, '/type', '"normal" is not allowed'],
    [{ type: 'gamma', mean: 3 }, '/cv', 'is missing; allowed: a number from 0 to 100'],
    [
      { type: 'exponential', mean: 3, cv: 1 },
      '/cv',
      'is not a key here with type "exponential"; allowed: type, mean',
    ],
    [{ mean: 3 }, '/type', 'is missing'],
    [{ type: 'empirical' }, '', 'has no durations; give either "valuesS" or "file" and "column"'],
    [{ type: 'empirical', valuesS: [1], file: 'delays.csv', column: 'delay' }, '', 'has durations twice'],
    [{ type: 'empirical', valuesS: [] }, '/valuesS', 'a list'],
    [{ type: 'empirical', valuesS: [1, -1] }, '/valuesS/1', 'a number from 0'],
    [{ type: 'empirical', file: 'delays.csv' }, '/column', 'is missing'],
    [{ type: 'empirical', valuesS: [1], column: 'delay' }, '/column', 'there is no file'],
    [{ type: 'empirical', file: 'absent.csv', column: 'delay' }, '/file', 'absent.csv'],
  ])('may not be %j', async (law, place, message) => {
    expect(await problemsOf(changed('/delays/accessS', law))).toEqual([
      {
        file: 'scenario.json',
        place: `/delays/accessS${place}`,
        message: expect.stringContaining(message) as string,
      },
    ]);
  });

  it.each<[string, string, string, string]>([
    ['another column', 'call,dealy\n1,60\n', 'row 1', 'has no column "delay" (did you mean "dealy"?)'],
    ['text', 'call,delay\n1,60\n2,soon\n', 'row 3, column delay', '"soon" is not allowed; allowed: seconds'],
    ['a negative time', 'call,delay\n1,-60\n', 'row 2, column delay', '"-60" is not allowed'],
    ['a decimal comma', 'call,delay\n1,"60,5"\n', 'row 2, column delay', '"60,5" is not allowed'],
    ['too few cells', 'call,delay\n1\n', 'row 2', 'has 1 cells, the header has 2'],
    ['no row', 'call,delay\n', '', 'holds no duration'],
  ])('may not come from a file with %s', async (_, csv, place, message) => {
    expect(await problemsOf(changed('/name', 'x'), { 'delays.csv': text(csv) })).toEqual([
      { file: 'delays.csv', place, message: expect.stringContaining(message) as string },
    ]);
  });

  it('comes from a file with quotes, CRLF, empty cells, which are counted, and blank lines', async () => {
    const csv = 'call,delay\r\n1,"60"\r\n2,\r\n\r\n3, 30.5 \r\n';
    const { demand, warnings } = await load(changed('/name', 'x'), { 'delays.csv': text(csv) });
    expect(demand.categories[2].repeat?.delay.valuesMs).toEqual([30_500, 60_000]);
    expect(warnings).toEqual(['delays.csv: 1 of 3 rows have no delay and are left out']);
  });

  it.each<[string, JsonValue, string]>([
    ['/delays/dispatchS', 20_500, '/delays/dispatchS is 20500 s'],
    ['/positions/staleS', 30_000, '/positions/staleS is 30000 s'],
    ['/activities/0/durationS', 420_000, 'durationS of activity "traffic stop" is 420000 s'],
    ['/demand/categories/0/reportS', 300_000, '/demand/categories/0/reportS is 300000 s'],
    ['/demand/categories/0/linked/delayS', 6e6, '/demand/categories/0/linked/delayS is 6000000 s'],
    ['/demand/categories/1/transport/handoverS', 600_000, '/demand/categories/1/transport/handoverS is'],
    ['/demand/categories/2/repeat/delayS', 9e6, '/demand/categories/2/repeat/delayS is 9000000 s'],
    ['/units/0/breaks/1/durationS', 60_000, 'durationS of a break of unit "car-1" is 60000 s'],
  ])('in milliseconds is worth a warning: %s = %j', async (path, value, warning) => {
    const { warnings } = await load(changed(path, value));
    const slips = warnings.filter((each) => !each.includes('many calls find no room'));
    expect(slips).toEqual([expect.stringContaining(warning)]);
  });
});

describe('a destination', () => {
  it('may come from a GeoJSON file, with its kind from the properties or the defaults', async () => {
    const feature = (id: string, properties: object) => ({
      type: 'Feature',
      id,
      properties,
      geometry: { type: 'Point', coordinates: [2.05, 48.05] },
    });
    const file = {
      type: 'FeatureCollection',
      features: [feature('a', { kind: 'hospital', name: 'General' }), feature('b', {})],
    };
    const list = { file: 'places.geojson', defaults: { kind: 'custody' } };
    const { destinations } = await load(changed('/destinations', list), {
      'places.geojson': text(JSON.stringify(file)),
    });
    expect(destinations).toMatchObject([
      { id: 'a', name: 'General', kind: 'hospital', place: { lon: 2.05, lat: 48.05 } },
      { id: 'b', name: 'b', kind: 'custody', origin: { file: 'places.geojson' } },
    ]);
  });
});
