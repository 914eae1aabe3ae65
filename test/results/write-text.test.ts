import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvParseRows } from 'd3-dsv';
import type { City } from '../../engine/city/city.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { cityGeoJson } from '../../engine/results/city-geojson.ts';
import { toJsonText } from '../../engine/results/json.ts';
import { buildManifest } from '../../engine/results/manifest.ts';
import { csvCell, INCIDENT_COLUMNS, incidentsCsv, toCsvText } from '../../engine/results/write-csv.ts';
import { sha256Hex } from '../../engine/hash.ts';
import { NONE } from '../../engine/units.ts';
import { FACTS, smallRecord, smallTown } from './small-run.ts';

describe('CSV cells', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["'=1", "''=1"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ['a=b', 'a=b'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['', ''],
    ['核心', '核心'],
    [-5, '-5'],
    [-0.25, '-0.25'],
    [1e21, '1e+21'],
    [null, ''],
  ])('%j is written as %j', (cell, text) => {
    expect(csvCell(cell)).toBe(text);
  });

  it('never hold NaN or infinity', () => {
    expect(() => csvCell(NaN)).toThrow(/cannot hold NaN/);
    expect(() => csvCell(Infinity)).toThrow(/cannot hold Infinity/);
  });

  it('come back as given when the guard is taken away, and never start a formula', () => {
    const text = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', 'a', '核'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        (rows) => {
          const back = csvParseRows(toCsvText(rows));
          expect(back.flat().every((cell) => !/^[=+\-@\t\r]/.test(cell))).toBe(true);
          expect(back.map((row) => row.map((cell) => cell.replace(/^'(?='*[=+\-@\t\r])/, '')))).toEqual(rows);
        },
      ),
      { seed: 135, numRuns: 2000 },
    );
  });
});

describe('incidents.csv', () => {
  it('has a row for each call, times in seconds, empty where the run ended first', async () => {
    const graph = await smallTown();
    const { log, calls } = smallRecord(1);
    const lines = incidentsCsv(FACTS, graph, [foldCalls(log, calls, FACTS.categories)]).split('\n');
    expect(lines[0]).toBe(INCIDENT_COLUMNS.join(','));
    expect(lines).toHaveLength(1 + 7 + 1);
    expect(lines[1]).toMatch(
      /^1,0,0,urgent,1,square,core,[\d.-]+,[\d.-]+,P1,-60,-60,-30,-30,0,30,90,90,60,30,cleared,1,1,0,30,0,0,30,60,0,0,0,,0$/,
    );
    expect(lines[4]).toMatch(
      /^1,3,1,ordinary,3,square,core,.*,P2,700,700,720,900,920,960,1560,260,60,40,cleared,1,1,0,960,180,0,20,600,0,0,0,,0$/,
    );
    expect(lines[7]).toMatch(
      /^1,6,1,urgent,1,,none,.*,P1,3500,3500,3520,3530,,,,,,,open,1,1,0,,10,,,,,,,,0$/,
    );
    expect(lines[8]).toBe('');
  });
});

describe('JSON files', () => {
  it('keep the order of keys, end in one LF, and refuse what JSON would lose', () => {
    expect(toJsonText({ b: 1, a: [0.1, null], c: undefined })).toBe(
      '{\n  "b": 1,\n  "a": [\n    0.1,\n    null\n  ]\n}\n',
    );
    expect(() => toJsonText({ a: { b: [1, NaN] } })).toThrow(/\/a\/b\/1 is NaN/);
    expect(() => toJsonText([undefined])).toThrow(/\/0 is a undefined/);
  });
});

describe('city.geojson', () => {
  it('draws zones as given, and points, lines, posts and destinations on their roads', async () => {
    const graph = await smallTown();
    const length = graph.segmentLengthMm[0];
    const ring = [
      { lon: 0, lat: 0 },
      { lon: 1, lat: 0 },
      { lon: 1, lat: 1 },
      { lon: 0, lat: 0 },
    ];
    const place = { position: { segment: 0, offsetMm: length }, snapDistanceM: 1.5 };
    const line = { id: 'lane', name: 'Lane', passesPerShift: 1, against: [] };
    const match = { givenM: 1, matchedM: 1, farthestM: 0, problem: '', problemAgainst: '' };
    const city = {
      graph,
      scenario: {
        zones: [
          { id: 'one', name: 'One', class: 'core', polygons: [[ring]] },
          { id: 'two', name: 'Two', class: 'key', polygons: [[ring], [ring]] },
        ],
        lines: [
          { direction: 'along', coordinates: [] },
          {
            direction: 'both',
            coordinates: [
              { lon: 5, lat: 6 },
              { lon: 7, lat: 8 },
            ],
          },
        ],
      },
      zones: [{ lengthMm: 1000 }, { lengthMm: 0 }],
      points: [
        {
          ...place,
          id: 'gate',
          name: 'Gate',
          zone: 0,
          visitsPerShift: 2,
          dwellMs: 300_000,
          longestGapMs: null,
        },
      ],
      lines: [
        { ...line, match, along: [{ segment: 0, fromMm: length, toMm: 0 }] },
        { ...line, id: 'lost', match: { ...match, problem: 'far from any road' }, along: [] },
      ],
      posts: [{ ...place, id: 'north', name: 'North' }],
      destinations: [{ ...place, id: 'cells', name: 'Cells', kind: 'custody' }],
      units: [
        { id: 'P1', post: 0, home: place.position },
        { id: 'P2', post: NONE, home: { segment: 0, offsetMm: 0 } },
      ],
    } as unknown as City;
    (city.zones[0] as { id: string }).id = 'one';
    const text = cityGeoJson(city);
    const { features } = JSON.parse(text) as {
      features: {
        properties: Record<string, unknown>;
        geometry: { type: string; coordinates: number[][] };
      }[];
    };
    const [west, east] = [
      graph.shapeLonE7[graph.firstShape[0]] / 1e7,
      graph.shapeLonE7[graph.firstShape[1] - 1] / 1e7,
    ];
    expect(
      features.map(({ properties, geometry }) => [properties.kind, properties.id, geometry.type]),
    ).toEqual([
      ['zone', 'one', 'Polygon'],
      ['zone', 'two', 'MultiPolygon'],
      ['point', 'gate', 'Point'],
      ['line', 'lane', 'LineString'],
      ['line', 'lost', 'LineString'],
      ['post', 'north', 'Point'],
      ['post', 'P2', 'Point'],
      ['destination', 'cells', 'Point'],
    ]);
    expect(features[2].properties).toMatchObject({
      zone: 'one',
      visitsPerShift: 2,
      dwellS: 300,
      longestGapS: null,
    });
    expect(features[2].geometry.coordinates).toEqual([east, features[2].geometry.coordinates[1]]);
    // driven backward: from the end of the segment to its start
    const drive = features[3].geometry.coordinates;
    expect([drive[0][0], drive[drive.length - 1][0]]).toEqual([east, west]);
    expect(features[4]).toMatchObject({
      properties: { matched: false, problem: 'far from any road' },
      geometry: {
        coordinates: [
          [5, 6],
          [7, 8],
        ],
      },
    });
    expect(features[6].properties).toMatchObject({ placed: true });
    expect(features[7].properties).toMatchObject({ destinationKind: 'custody', snapDistanceM: 1.5 });
    expect(text.split('\n')).toHaveLength(features.length + 3);
  });
});

describe('manifest.json', () => {
  const run = { start: { text: '2026-03-02T18:00' }, durationMs: 3_600_000, warmUpMs: 60_000 };
  const scenario = {
    ...{ name: 'small', fileName: 'small/scenario.json', sha256: 'a'.repeat(64) },
    files: [{ name: 'roads.pbf', sha256: 'b'.repeat(64), bytes: 12 }],
    run,
  } as unknown as Parameters<typeof buildManifest>[0]['scenario'];
  const files = new Map([
    ['timing.json', new TextEncoder().encode('{"wallMs": 1}')],
    ['kpis.json', new TextEncoder().encode('{}\n')],
    ['events.parquet', Uint8Array.of(1, 2, 3)],
  ]);

  it('hashes every file but the timing, in order of name', async () => {
    const base = { engineVersion: '9.9.9', scenario, graphHash: 'c', seed: 7, withoutLabels: [], files };
    const manifest = await buildManifest({ ...base, replications: { done: 2, asked: 3 } });
    expect(manifest).toEqual({
      version: 1,
      engineVersion: '9.9.9',
      scenario: { name: 'small', file: 'small/scenario.json', sha256: 'a'.repeat(64) },
      inputs: scenario.files,
      graphHash: 'c',
      seed: 7,
      start: '2026-03-02T18:00',
      durationS: 3600,
      warmUpS: 60,
      replications: { done: 2, asked: 3 },
      complete: false,
      files: [
        { name: 'events.parquet', sha256: await sha256Hex(Uint8Array.of(1, 2, 3)), bytes: 3 },
        { name: 'kpis.json', sha256: await sha256Hex(new TextEncoder().encode('{}\n')), bytes: 3 },
      ],
    });
    const done = { ...base, replications: { done: 3, asked: 3 }, withoutLabels: ['patrol-car in rush'] };
    expect(await buildManifest(done)).toMatchObject({
      complete: true,
      withoutLabels: ['patrol-car in rush'],
    });
  });
});
