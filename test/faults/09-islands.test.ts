/**
 * Row 9: parts of the network that are not connected. Whatever stands on an island is moved onto the main part where
 * that lies within reach, or refused, or left out and counted; no response ever takes for ever in a mean.
 */
import { describe, expect, it } from 'vitest';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import { metricOf } from '../../engine/city/metrics.ts';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import { prepareRun, readScenario, type PreparedRun } from '../../engine/pipeline.ts';
import { resultFiles } from '../../engine/results/result-files.ts';
import { createReplicator } from '../../engine/replicate.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { createSegmentIndex } from '../../engine/spatial/segment-index.ts';
import { isMainSegment } from '../../engine/spatial/snap.ts';
import { EVENT_KINDS } from '../../engine/sim/event-log.ts';
import { NONE, toE7, UNREACHED_MS } from '../../engine/units.ts';

/** Hundreds of metres east and south of the north-west corner of the main part. */
const at = (east: number, south: number): [number, number] => [
  Math.round((12 + east * 0.0014) * 1e7) / 1e7,
  Math.round((50 - south * 0.0009) * 1e7) / 1e7,
];

/**
 * The main part, a block of four streets; a street 150 m east of it that nothing joins; a block 5 km south with fewer
 * streets; and a one-way street that leads out of the main part and never back.
 */
const STREETS: { line: [number, number][]; oneway?: boolean }[] = [
  { line: [at(0, 0), at(4, 0), at(8, 0)] },
  { line: [at(0, 4), at(4, 4), at(8, 4)] },
  { line: [at(0, 0), at(0, 4)] },
  { line: [at(4, 0), at(4, 4)] },
  { line: [at(8, 0), at(8, 4)] },
  { line: [at(9.5, 0), at(9.5, 4)] },
  { line: [at(0, 50), at(4, 50)] },
  { line: [at(0, 50), at(2, 54), at(4, 50)] },
  { line: [at(8, 4), at(8, 12)], oneway: true },
];
const roads = {
  type: 'FeatureCollection',
  features: STREETS.map(({ line, oneway }, i) => ({
    type: 'Feature',
    properties: { highway: 'residential', name: `street ${i}`, ...(oneway ? { oneway: 'yes' } : {}) },
    geometry: { type: 'LineString', coordinates: line },
  })),
};

const area = (west: number, north: number, east: number, south: number): [number, number][] => [
  at(west, north),
  at(east, north),
  at(east, south),
  at(west, south),
  at(west, north),
];

/** Everything in reach of the main part, unless a test says otherwise. */
const good = {
  version: 1,
  name: 'islands',
  roads: { file: 'roads.geojson' },
  zones: [
    { id: 'centre', class: 'core', polygon: [area(-1, -1, 5, 5)] },
    { id: 'everything', class: 'general', polygon: [area(-10, -10, 90, 90)] },
  ],
  mustReachPoints: [{ id: 'near', lonLat: at(9.5, 2), dwellS: 60 }],
  posts: [
    { id: 'main', lonLat: at(0, 0) },
    { id: 'beside', lonLat: at(9.5, 1) },
  ],
  shifts: [{ id: 'all', startS: 0, endS: 86_400 }],
  units: [
    { id: 'a', post: 'main', shifts: ['all'] },
    { id: 'b', post: 'beside', shifts: ['all'] },
  ],
  demand: {
    type: 'poisson',
    categories: [{ id: 'call', priority: 1, share: 1, onSceneS: { type: 'exponential', mean: 600 } }],
    sources: [
      { where: { type: 'roads' }, callsPerHour: 2 },
      { where: { type: 'zone', zone: 'everything' }, callsPerHour: 1 },
      { where: { type: 'places', file: 'calls.csv' }, callsPerHour: 3 },
    ],
  },
  run: { start: '2026-03-02T00:00', durationS: 86_400, replications: 2, seed: 9 },
};
/** On the main part, beside it on the island, far out on the other one, and at the end of the one-way street. */
const CALLS = [at(2, 0), at(9.5, 3), at(2, 50), at(3, 50), at(8, 11)];

async function prepare(changes: Record<string, unknown> = {}): Promise<PreparedRun> {
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(String(value));
  const opened = openScenarioFromBytes(
    new Map([
      ['scenario.json', text(JSON.stringify({ ...good, ...changes }))],
      ['roads.geojson', text(JSON.stringify(roads))],
      ['calls.csv', text(`lon,lat\n${CALLS.join('\n')}\n`)],
    ]),
  );
  return prepareRun(await readScenario(opened.fileName, opened.bytes, opened.files));
}

async function problemsOf(changes: Record<string, unknown>): Promise<readonly InputProblem[]> {
  const error = await prepare(changes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).problems;
}

/** Every number in a JSON value, with its path. */
function numbers(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => numbers(item, `${path}/${key}`));
}

function expectFinite(kpis: unknown): void {
  const figures = numbers(kpis);
  expect(figures.length).toBeGreaterThan(50);
  for (const [path, value] of figures) {
    expect(Number.isFinite(value), path).toBe(true);
    expect(Math.abs(value), path).toBeLessThan(1_000_000); // UNREACHED_MS in seconds is 2,147,483
  }
}

async function kpisOf(prepared: PreparedRun) {
  const replicate = createReplicator(prepared.payload);
  const records = [1, 2].map(replicate);
  const files = await resultFiles(prepared, records, { asked: 2 });
  const json = (name: string): Record<string, unknown> =>
    JSON.parse(new TextDecoder().decode(files.get(name))) as Record<string, unknown>;
  const incidents = new TextDecoder().decode(files.get('incidents.csv'));
  return { records, kpis: json('kpis.json'), incidents };
}

describe('row 9: what stands on an island within reach of the main part', () => {
  it('is put onto the main part: posts, points, units and calls; every pair of them has a way', async () => {
    const { city } = await prepare();
    const { graph } = city;
    const islands = [...graph.nodeMain].filter((main) => main === 0).length;
    expect(islands).toBe(2 + 2 + 1); // the island beside, the one far out, the end of the one-way street

    const places = [
      ...city.posts.map(({ position }) => position),
      ...city.points.map(({ position }) => position),
      ...city.sources[2].places,
    ];
    expect(places.every(({ segment }) => isMainSegment(graph, segment))).toBe(true);
    const times = createRouter(metricOf(city, 'patrol-car', { siren: false })).matrix(places, places);
    expect(Math.max(...times)).toBeLessThan(UNREACHED_MS);

    expect(Math.round(city.posts[1].snapDistanceM / 10)).toBe(15); // 150 m
    expect(city.report.farthestSnapM).toBeGreaterThan(149);
    // the nearest road of all would have been that of the island
    const nearest = createSegmentIndex(graph).nearest(toE7(at(9.5, 1)[0]), toE7(at(9.5, 1)[1]), 200)!;
    expect(nearest.distanceM).toBeLessThan(1);
    expect(isMainSegment(graph, nearest.position.segment)).toBe(false);
  });

  it('draws no call anywhere else, whatever the source', async () => {
    const { city, payload } = await prepare();
    const { calls } = createReplicator(payload)(1);
    expect(calls!.nCalls).toBeGreaterThan(80);
    for (const segment of calls!.segment) expect(isMainSegment(city.graph, segment)).toBe(true);
  });
});

describe('row 9: what stands on an island out of reach', () => {
  it('is refused, posts and points in one go, with its distance from the connected network', async () => {
    const problems = await problemsOf({
      posts: [...good.posts, { id: 'far', lonLat: at(2, 50) }, { id: 'trap', lonLat: at(8, 12) }],
      mustReachPoints: [...good.mustReachPoints, { id: 'farther', lonLat: at(4, 50) }],
    });
    expect(problems.map(({ file, place }) => `${file} ${place}`)).toEqual([
      'scenario.json /mustReachPoints/1/lonLat',
      'scenario.json /posts/2/lonLat',
      'scenario.json /posts/3/lonLat',
    ]);
    for (const { message } of problems) {
      expect(message).toMatch(
        /is \d+ m from the nearest drivable road of the connected network; snapLimitM allows 200/,
      );
    }
  });

  it('is refused as a zone, and as a source of calls of which none is in reach', async () => {
    const zones = [...good.zones].reverse();
    zones.unshift({ id: 'island', class: 'key', polygon: [area(-1, 49, 5, 60)] });
    const [, roadsSource, callsSource] = good.demand.sources;
    const demand = { ...good.demand, sources: [roadsSource, callsSource] };
    const problems = await problemsOf({ zones: zones.slice(0, 2), demand });
    expect(problems.map(({ place }) => place)).toEqual(['/zones/0']);
    expect(problems[0].message).toMatch(/zone "island" holds no drivable road/);
  });

  it('is left out of the calls and counted, by file and in a warning', async () => {
    const { city } = await prepare();
    expect(city.sources[2].places).toHaveLength(2);
    expect(city.report.placesOffRoad).toEqual({ 'calls.csv': 3 });
    expect(city.report.warnings).toEqual([
      expect.stringMatching(
        /^3 of 5 places of calls\.csv lie farther than 200 m from the roads of the connected/,
      ),
    ]);
  });

  it('is listed as a line that is not matched, and as passes that are not planned', async () => {
    const { city, plan } = await prepare({
      mustPatrolLines: [
        { id: 'on island', coordinates: [at(0, 50), at(4, 50)], passesPerShift: 3 },
        { id: 'to island', coordinates: [at(4, 0), at(8, 0), at(9.5, 1), at(9.5, 4)], passesPerShift: 1 },
        { id: 'on main', coordinates: [at(0, 0), at(8, 0)], passesPerShift: 2 },
      ],
    });
    expect(city.lines[0].along).toEqual([]);
    expect(city.lines[2].along.length).toBeGreaterThan(0);
    expect(city.report.warnings).toContainEqual(
      expect.stringMatching(/^must-patrol line "on island" is not matched: /),
    );
    for (const { along } of city.lines)
      for (const { segment } of along) expect(isMainSegment(city.graph, segment)).toBe(true);
    const unplanned = plan.unplanned.map((task) => JSON.stringify(task)).join('\n');
    expect(
      plan.unplanned.some(({ count }) => count === 3),
      unplanned,
    ).toBe(true);
  });

  it('is refused as a required site of a placement', async () => {
    const problems = await problemsOf({
      units: [...good.units, { id: 'c', shifts: ['all'] }],
      placement: { type: 'mclp', required: [at(2, 50)] },
    });
    expect(problems).toEqual([expect.objectContaining({ place: '/placement/required/0' })]);
  });

  it('is never a site of a placement', async () => {
    const { city, placement } = await prepare({
      units: [...good.units, { id: 'c', shifts: ['all'] }],
      placement: { type: 'mclp' },
    });
    expect(placement!.question.candidates.length).toBeGreaterThan(5);
    for (const { position } of placement!.question.candidates)
      expect(isMainSegment(city.graph, position.segment)).toBe(true);
  });
});

describe('row 9: the figures of a city with islands', () => {
  it('are finite: every call is answered, none takes for ever', async () => {
    const { records, kpis, incidents } = await kpisOf(await prepare());
    expectFinite(kpis);
    const arrived = records.map(
      ({ log }) => log!.kind.filter((kind) => EVENT_KINDS[kind] === 'unitArrived').length,
    );
    const occurred = records.map(({ calls }) => calls!.nCalls);
    arrived.forEach((n, r) => expect(n).toBeGreaterThan(occurred[r] - 5)); // the last may still be under way
    expect(incidents).not.toMatch(/NaN|Infinity|2147483/);
  });

  it.each([
    ['dispatched', null],
    ['callReceived', 0],
  ])('no mean holds a call that no unit has a way to (clock from %s)', async (clockStart, share) => {
    // no scenario can put a unit on an island; should one ever stand there, figures must stay honest
    const clause = { id: 'c', event: 'firstArrival', clockStart, thresholdS: 180, targetShare: 0.9 };
    const prepared = await prepare({ mustReachPoints: [], standards: [{ id: 's', clauses: [clause] }] });
    const { graph, units, ...rest } = prepared.city;
    const island = createSegmentIndex(graph, (s) => !isMainSegment(graph, s)).nearest(
      toE7(at(2, 50)[0]),
      toE7(at(2, 50)[1]),
      50,
    );
    const city = {
      ...rest,
      graph,
      units: units.map((unit) => ({ ...unit, post: NONE, home: island!.position })),
    };
    const payload = { ...prepared.payload, city };
    const { records, kpis, incidents } = await kpisOf({ ...prepared, city, payload });
    for (const { log } of records)
      expect(log!.kind.some((kind) => EVENT_KINDS[kind] === 'unitDispatched')).toBe(false);
    const calls = records.reduce((sum, record) => sum + record.calls!.nCalls, 0);

    expectFinite(kpis);
    expect(incidents).not.toMatch(/NaN|Infinity|2147483/);
    expect(kpis).toMatchObject({ calls: { openAtEnd: { value: calls / 2, n: calls } } });
    // from the call on, it is known to be late; from a dispatch that never came nothing is known, and nothing said
    const [all] = kpis.achieved as Record<string, { value: number | null; n: number }>[];
    expect(all).toMatchObject({ n: calls, within3min: { value: share }, meanS: { value: null, n: 0 } });
    expect(all.within3min.n > 0.9 * calls).toBe(share === 0);
  });
});
