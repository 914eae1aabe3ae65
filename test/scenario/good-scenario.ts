/** A scenario that uses every key once, held in memory; tests change one thing in it and look at what is said. */
import { z } from 'zod';
import { openScenarioFromBytes } from '../../engine/browser/scenario-files.ts';
import { InputError, type InputProblem } from '../../engine/errors.ts';
import { loadScenario } from '../../engine/scenario/resolve.ts';
import type { KnownNames, Scenario } from '../../engine/scenario/scenario.ts';
import { STANDARD_PRESETS } from '../../engine/scenario/standards.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';

export const KNOWN: KnownNames = {
  dispatch: {
    'closest-available': z.strictObject({}),
    'sector-first': z.strictObject({
      withinS: z.number().min(0).max(3600).default(120),
      order: z.array(z.string().regex(/^[a-z]+$/)).default([]),
    }),
  },
  moveUp: {
    'back-to-post': z.strictObject({}),
    table: z.strictObject({
      rows: z.array(z.strictObject({ free: z.int().min(1), posts: z.array(z.int().min(0)) })),
    }),
  },
  patrol: ['quota-tour', 'stay-at-post'],
  placement: ['mclp'],
  profiles: ['plain', 'patrol-car', 'patrol-pace'],
  roadClasses: ['primary', 'residential', 'steps'],
  surfaces: ['', 'asphalt', 'gravel'],
  controls: ['signals', 'stop'],
  exemptions: ['no-turn', 'hours'],
  standards: STANDARD_PRESETS,
};

export type Json = { [key: string]: JsonValue };

/** SHA-256 of the five bytes `roads`, computed with sha256sum. */
export const ROADS_SHA256 = '846bb37c041492f4748c75cf4f86033ea1f009e2c939c794be7d93c072391ce6';

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Files beside the scenario, by name. */
export const FILES: Readonly<Record<string, Uint8Array>> = {
  'package:geojson-path-finder/roads.json': text('roads'),
  'places.csv': text('id,lon,lat\n1,2.01,48.01\n2,2.02,48.02\n'),
  'calls.csv': text(
    'nr,when,x,y,what,onScene\n' +
      '1,2026-03-02T05:00,2.01,48.01,theft,300\n' +
      '2,2026-03-02T07:30+01:00,2.02,48.02,BRAWL: two men,\n' +
      '3,2026-03-02T08:00,2.03,48.03,FIGHT,60.5\n' +
      '4,2026-03-02T09:00,2.04,48.04,noise,\n' +
      '5,2026-03-03T06:30,2.05,48.05,theft,\n',
  ),
  'delays.csv': text('call,delay\n1,600\n2,1200\n'),
  'mine.json': text(
    JSON.stringify({
      id: 'mine',
      clauses: [
        { id: 'a', event: 'firstArrival', clockStart: 'occurred', thresholdS: 480, targetShare: 0.8 },
      ],
    }),
  ),
};

const SQUARE = [
  [2, 48],
  [2.1, 48],
  [2.1, 48.1],
  [2, 48.1],
  [2, 48],
];

export const goodScenario = (): Json =>
  structuredClone({
    $schema: '../scenario.schema.json',
    version: 1,
    name: 'square town',
    about: 'A town for tests.',
    roads: {
      file: { package: 'geojson-path-finder', file: 'roads.json', sha256: ROADS_SHA256 },
      format: 'geojson',
      pedestrianStreets: true,
      modes: ['car', 'foot'],
      changes: [
        { ways: [123, 4_000_000_001], closed: true },
        { zone: { polygon: [SQUARE.map(([lon, lat]) => [lon, lat + 0.1])] }, closed: true },
      ],
    },
    zones: [
      { id: 'centre', name: 'The centre', class: 'core', polygon: [SQUARE] },
      { id: 'market', class: 'key', polygon: [SQUARE.map(([lon, lat]) => [lon + 0.1, lat])] },
    ],
    mustReachPoints: [
      { id: 'school', lonLat: [2.05, 48.05], visitsPerShift: 2, dwellS: 600, longestGapS: 7200 },
      { id: 'station', name: 'Station', lonLat: [2.06, 48.06] },
    ],
    mustPatrolLines: [
      {
        id: 'high street',
        coordinates: [
          [2.01, 48.01],
          [2.05, 48.01],
        ],
        passesPerShift: 3,
        direction: 'both',
      },
    ],
    posts: [
      { id: 'north', name: 'North post', lonLat: [2.05, 48.09] },
      { id: 'south', lonLat: [2.05, 48.01] },
    ],
    profiles: [
      {
        id: 'night car',
        base: 'patrol-car',
        about: 'Drives with care.',
        mode: 'car',
        classKph: { residential: 25, primary: 40 },
        surfaceFactor: { gravel: 0.5 },
        postedShare: 0.8,
        topKph: 100,
        slowedByTraffic: true,
        vehicle: ['motorcar', 'motor_vehicle'],
        exempt: ['hours'],
        junctionDelayS: { signals: 12.5 },
        siren: { linkFactor: 1.2, junctionFactor: 0.4, exempt: ['no-turn'] },
      },
      { id: 'quiet car', base: 'night car', siren: false },
    ],
    traffic: {
      periods: [
        { id: 'rush', days: ['mon', 'fri'], from: '07:00', to: '09:30:30', speedFactor: 0.7 },
        { id: 'night', from: '22:00', to: '05:00', speedFactor: { primary: 1.2, residential: 1.1 } },
      ],
    },
    travel: { cv: 0.3 },
    destinations: [
      { id: 'cells', name: 'The cells', kind: 'custody', lonLat: [2.07, 48.07] },
      { id: 'clinic', kind: 'hospital', lonLat: [2.08, 48.08] },
    ],
    shifts: [
      { id: 'day', startS: 28_800, endS: 72_000 },
      { id: 'night', startS: 72_000, endS: 115_200, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      { id: 'market', startS: 21_600, endS: 28_800, days: ['sat', 'wed'] },
    ],
    units: [
      {
        id: 'car',
        post: 'north',
        shifts: ['day', 'night'],
        profile: 'quiet car',
        kind: 'van',
        skills: ['firearms', 'dogs'],
        answersFrom: 'post',
        sector: ['centre'],
        breaks: [
          { shift: 'night', afterS: 14_400, durationS: 1800, interruptibleBy: 0 },
          { afterS: 7200, durationS: 600 },
        ],
        outOfService: [
          { from: '2026-03-04T00:00', to: '2026-03-05T12:30:30' },
          { from: '2026-03-03T12:00', to: '2026-03-03T13:00' },
        ],
        count: 2,
      },
      { id: 'bike', shifts: ['day', 'market'] },
      { id: 'patrol', post: 'south', shifts: ['day', 'night'] },
    ],
    activities: [
      {
        id: 'traffic stop',
        name: 'Traffic stop',
        perUnitHour: 0.2,
        durationS: { type: 'gamma', mean: 420, cv: 0.7 },
        interruptibleBy: 3,
        units: ['car', 'bike'],
      },
    ],
    demand: {
      type: 'poisson',
      categories: [
        {
          id: 'theft',
          name: 'Theft',
          priority: 2,
          share: 3,
          onSceneS: { type: 'lognormal', mean: 1500, cv: 0.9 },
          triageShare: 0.25,
          reportS: { type: 'constant', mean: 300 },
          linked: { share: 0.5, category: 'noise', delayS: 60 },
        },
        {
          id: 'fight',
          priority: 1,
          share: 1,
          siren: true,
          onSceneS: { type: 'exponential', mean: 900 },
          skills: ['dogs'],
          units: 2,
          release: 'each',
          transport: { share: 0.1, kind: 'custody', handoverS: { type: 'empirical', valuesS: [900, 600.5] } },
        },
        {
          id: 'noise',
          priority: 3,
          share: 0,
          onSceneS: 240,
          repeat: {
            share: 0.2,
            delayS: { type: 'empirical', file: 'delays.csv', column: 'delay' },
          },
        },
      ],
      sources: [
        { where: { type: 'zone', zone: 'centre' }, callsPerHour: 1.5, categoryShares: { fight: 2 } },
        { where: { type: 'roads' }, callsPerHour: Array.from({ length: 24 }, (_, hour) => hour / 10) },
        {
          where: { type: 'places', file: 'places.csv', lonColumn: 'lon', latColumn: 'lat' },
          callsPerHour: Array.from({ length: 168 }, (_, hour) => hour / 100),
        },
      ],
      surges: [
        { from: '2026-03-02T20:00', to: '2026-03-02T23:00', factor: 2.5, categories: ['fight'] },
        { dates: ['2026-03-03', '2026-03-07'], factor: 0.5, zones: ['centre'] },
      ],
    },
    delays: {
      callHandlingS: 45,
      dispatchS: { type: 'exponential', mean: 20.5 },
      turnoutAtPostS: 60,
      turnoutOnPatrolS: 10.5,
      accessS: 15,
    },
    positions: { staleS: 30 },
    queue: { type: 'finite', places: 40 },
    standards: [
      'zone-1-3-5',
      { file: 'mine.json' },
      {
        id: 'ours',
        title: 'Ours',
        source: 'The town council.',
        clauses: [
          {
            id: 'urgent',
            selector: { zoneClass: ['core', 'none'], category: ['fight'], priority: [1], hourOfDay: [22, 6] },
            event: 'firstArrival',
            clockStart: 'callReceived',
            thresholdS: 300,
            targetShare: 0.9,
            statistic: 'p90',
          },
          {
            id: 'second unit',
            event: 'kthArrival',
            unitsRequired: 2,
            clockStart: 'dispatched',
            thresholdS: 600,
            targetShare: 0.8,
          },
        ],
      },
    ],
    dispatch: { type: 'sector-first', withinS: 90, order: ['near', 'far'] },
    moveUp: { type: 'table', rows: [{ free: 2, posts: [0, 1] }] },
    patrol: { type: 'quota-tour', profile: 'patrol-pace' },
    placement: {
      type: 'mclp',
      sites: 3,
      candidates: { posts: true, nodes: true, maxNodes: 100 },
      required: ['north', [2.03, 48.03]],
      forbidden: ['south'],
    },
    snapLimitM: 150,
    run: {
      start: '2026-03-02T06:30',
      durationS: 86_400,
      warmUpS: 7_200,
      replications: 1,
      steadyState: { batches: 12 },
      seed: 'seven',
    },
  } as unknown as Json);

/** The good scenario with the calls of a file in place of random ones. */
export const replayScenario = (): Json => ({
  ...goodScenario(),
  demand: structuredClone({
    type: 'calls',
    file: 'calls.csv',
    columns: { time: 'when', lon: 'x', lat: 'y', category: 'what', onSceneS: 'onScene', id: 'nr' },
    timeZone: 'Europe/Paris',
    categoryUntil: ':',
    categories: [
      { id: 'theft', name: 'Theft', priority: 2, onSceneS: { type: 'lognormal', mean: 1500, cv: 0.9 } },
      {
        id: 'fight',
        inFile: ['FIGHT', 'BRAWL'],
        priority: 1,
        siren: true,
        onSceneS: 900,
        skills: ['dogs'],
        units: 2,
        release: 'each',
        triageShare: 0.5,
        transport: { share: 0.1, kind: 'custody', handoverS: 600 },
        reportS: { type: 'exponential', mean: 300 },
      },
    ],
    otherCategory: 'theft',
    strict: true,
  }),
});

/** Loads a scenario from memory; `more` adds to the files or replaces them. */
export async function load(
  scenario: JsonValue | Uint8Array,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<Scenario> {
  const bytes = scenario instanceof Uint8Array ? scenario : text(JSON.stringify(scenario));
  const opened = openScenarioFromBytes(
    new Map(Object.entries({ ...FILES, ...more, 'scenario.json': bytes })),
  );
  return loadScenario(opened.fileName, opened.bytes, opened.files, KNOWN);
}

/** What is said about a scenario; an empty list when nothing is wrong with it. Any other error is thrown on. */
export async function problemsOf(
  scenario: JsonValue | Uint8Array,
  more: Readonly<Record<string, Uint8Array>> = {},
): Promise<readonly InputProblem[]> {
  try {
    await load(scenario, more);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

type Path = readonly (string | number)[];

/** `/units/3/post` to its parts. */
const parts = (path: string): (string | number)[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

/** A scenario with one change: the value at `path` becomes `value`, or goes away when it is undefined. */
export function changed(
  path: string | Path,
  value: JsonValue | undefined,
  scenario: Json = goodScenario(),
): Json {
  const steps = typeof path === 'string' ? parts(path) : path;
  let parent = scenario as unknown as Record<string | number, JsonValue>;
  for (const step of steps.slice(0, -1))
    parent = parent[step] as unknown as Record<string | number, JsonValue>;
  const last = steps[steps.length - 1];
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return scenario;
}

/** All places of a value, parents before children. */
export function placesOf(value: JsonValue, path: Path = []): { path: Path; value: JsonValue }[] {
  const children =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? value.flatMap((child, ix) => placesOf(child, [...path, ix]))
        : Object.entries(value).flatMap(([key, child]) => placesOf(child, [...path, key]));
  return [{ path, value }, ...children];
}
