import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InputProblem } from '../../engine/errors.ts';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import { changed, goodScenario, type Json, load, problemsOf, text } from './good-scenario.ts';

const square = (lon: number, lat: number): number[][] => [
  [lon, lat],
  [lon + 0.1, lat],
  [lon + 0.1, lat + 0.1],
  [lon, lat],
];
const feature = (properties: Json | null, type: string, coordinates: JsonValue, more: Json = {}): Json => ({
  type: 'Feature',
  ...more,
  properties,
  geometry: { type, coordinates },
});
const collection = (...features: JsonValue[]): Json => ({ type: 'FeatureCollection', features });
const file = (content: JsonValue): Uint8Array => text(JSON.stringify(content));

/** The good scenario with zones (centre among them) from a file. */
const zonesFrom = (content: JsonValue, list: Json = {}): [Json, Record<string, Uint8Array>] => [
  changed('/zones', { file: 'zones.geojson', ...list }),
  { 'zones.geojson': file(content) },
];
const centre = feature({ id: 'centre', class: 'core' }, 'Polygon', [square(2, 48)]);

const zones = async (content: JsonValue, list?: Json): Promise<Scenario['zones']> =>
  (await load(...zonesFrom(content, list))).zones;
const zoneProblems = async (content: JsonValue, list?: Json): Promise<readonly InputProblem[]> =>
  problemsOf(...zonesFrom(content, list));

describe('zones from GeoJSON', () => {
  it('are polygons, or several polygons that make one zone', async () => {
    const both = await zones(
      collection(
        centre,
        feature({ id: 'islands', name: 'Islands', class: 'key' }, 'MultiPolygon', [
          [square(3, 48)],
          [square(4, 48)],
        ]),
      ),
    );
    expect(both.map(({ id, name, polygons }) => [id, name, polygons.length])).toEqual([
      ['centre', 'centre', 1],
      ['islands', 'Islands', 2],
    ]);
    expect(both[1].polygons[1][0][0]).toEqual({ lon: 4, lat: 48 });
    expect(both[1].origin).toEqual({ file: 'zones.geojson', place: '/features/1' });
  });

  it('take ids from a property of any name, a number too, or from the feature', async () => {
    const named = collection(feature({ NR: 7, id: 'x', class: 'core' }, 'Polygon', [square(2, 48)]), centre);
    expect(await zoneProblems(named, { idProperty: 'NR' })).toEqual([
      expect.objectContaining({
        place: '/features/1/properties/NR',
        message: expect.stringContaining('is missing') as string,
      }),
    ]);
    const scenario = { ...goodScenario(), zones: { file: 'z', idProperty: 'NR' } } as Json;
    (scenario.demand as { sources: { where: Json }[] }).sources[0].where.zone = '7';
    (scenario.demand as Json).surges = [];
    (scenario.units as Json[])[0].sector = ['7'];
    const loaded = await load(scenario, { z: file(collection(named.features![0 as never])) });
    expect(loaded.zones.map(({ id }) => id)).toEqual(['7']);
    const own = feature({ class: 'core' }, 'Polygon', [square(2, 48)], { id: 'centre' });
    expect((await zones(collection(own)))[0].id).toBe('centre');
  });

  it('take what they lack from the defaults, which null counts as', async () => {
    const bare = collection(feature({ id: 'centre', class: null }, 'Polygon', [square(2, 48)]));
    expect((await zones(bare, { defaults: { class: 'general' } }))[0].class).toBe('general');
    const own = collection(centre);
    expect((await zones(own, { defaults: { class: 'general' } }))[0].class).toBe('core');
  });

  it('may carry heights, and properties of other tools, which are named in a warning', async () => {
    const ring = square(2, 48).map((place) => [...place, 120]);
    const [scenario, files] = zonesFrom(
      collection(feature({ id: 'centre', class: 'core', OBJECTID: 5, clas: 'x' }, 'Polygon', [ring])),
    );
    const loaded = await load(scenario, files);
    expect(loaded.zones[0].polygons[0][0][0]).toEqual({ lon: 2, lat: 48 });
    expect(loaded.warnings).toEqual([
      'zones.geojson: properties without a meaning here are not used: OBJECTID, clas (did you mean class?)',
    ]);
  });

  it('are only those that the scenario names, in the order of the file; the others are counted, not judged', async () => {
    const content = collection(
      feature({ id: 'harbour', class: 3 }, 'Point', [0, 0]),
      feature({ id: 7, class: 'key' }, 'Polygon', [square(3, 48)]),
      feature({ class: 'core' }, 'Polygon', [square(4, 48)]),
      5,
      centre,
    );
    const loaded = await load(...zonesFrom(content, { only: ['centre', '7'] }));
    expect(loaded.zones.map(({ id }) => id)).toEqual(['7', 'centre']);
    expect(loaded.warnings).toEqual([
      'zones.geojson: 3 of 5 features are left out because "only" does not name them: harbour, and 2 without an id',
    ]);
    const all = await load(...zonesFrom(collection(centre), { only: ['centre'] }));
    expect(all.warnings).toEqual([]);
  });

  it('are refused when the scenario takes one by a name that none has, or twice; each at its place', async () => {
    const two = collection(centre, feature({ id: 'harbour', class: 'key' }, 'Polygon', [square(3, 48)]));
    expect(await zoneProblems(two, { only: ['center', 'centre', 'centre', 'constructor'] })).toEqual([
      {
        file: 'scenario.json',
        place: '/zones/only/0',
        message: '"center" is not an id in zones.geojson (did you mean "centre"?); allowed: centre, harbour',
      },
      { file: 'scenario.json', place: '/zones/only/2', message: '"centre" is named twice' },
      {
        file: 'scenario.json',
        place: '/zones/only/3',
        message: '"constructor" is not an id in zones.geojson; allowed: centre, harbour',
      },
    ]);
    expect((await zoneProblems(two, { only: [] })).map(({ place }) => place)).toEqual(['/zones/only']);
    expect((await zoneProblems(two, { only: [1] })).map(({ place }) => place)).toEqual(['/zones/only/0']);
    // a name that stands twice among the features is no name
    expect(await zoneProblems(collection(centre, centre), { only: ['centre'] })).toEqual([
      expect.objectContaining({ file: 'zones.geojson', place: '/features/1/properties/id' }),
    ]);
  });

  it('may be gzip, whatever the name says; the manifest keeps the size on disk', async () => {
    const packed = gzipSync(file(collection(centre)));
    const [scenario] = zonesFrom(collection());
    const loaded = await load(scenario, { 'zones.geojson': packed });
    expect(loaded.zones).toHaveLength(1);
    expect(loaded.files.find(({ name }) => name === 'zones.geojson')?.bytes).toBe(packed.length);
  });

  it.each<[string, JsonValue, string, string]>([
    ['no collection', centre, '', 'is not a GeoJSON FeatureCollection'],
    ['something that is no feature', collection(centre, 5), '/features/1', '5 is not a GeoJSON Feature'],
    [
      'no geometry',
      collection({ ...centre, geometry: null }),
      '/features/0/geometry/type',
      'allowed: MultiPolygon, Polygon',
    ],
    [
      'another geometry',
      collection(feature({ id: 'centre', class: 'core' }, 'Point', [2, 48])),
      '/features/0/geometry/type',
      '"Point" is not allowed',
    ],
    [
      'a missing class',
      collection(feature({ id: 'centre' }, 'Polygon', [square(2, 48)])),
      '/features/0/properties/class',
      'is missing',
    ],
    [
      'a class that is a number',
      collection(feature({ id: 'centre', class: 3 }, 'Polygon', [square(2, 48)])),
      '/features/0/properties/class',
      '3 is not allowed',
    ],
    [
      'a missing id',
      collection(feature({ class: 'core' }, 'Polygon', [square(2, 48)])),
      '/features/0/properties/id',
      'is missing',
    ],
    [
      'two features of one id',
      collection(centre, centre),
      '/features/1/properties/id',
      'first at /features/0/properties/id',
    ],
    [
      'an open ring',
      collection(
        feature({ id: 'centre', class: 'core' }, 'Polygon', [
          [
            [2, 48],
            [3, 48],
            [3, 49],
            [2, 49],
          ],
        ]),
      ),
      '/features/0/geometry/coordinates/0',
      'must end where it starts',
    ],
    [
      'an open ring of a second polygon',
      collection(
        feature({ id: 'centre', class: 'core' }, 'MultiPolygon', [
          [square(2, 48)],
          [
            [
              [2, 48],
              [3, 48],
              [3, 49],
              [2, 49],
            ],
          ],
        ]),
      ),
      '/features/0/geometry/coordinates/1/0',
      'must end where it starts',
    ],
    [
      'a coordinate that is text',
      collection(
        feature({ id: 'centre', class: 'core' }, 'Polygon', [
          [
            [2, 48],
            [3, '48'],
            [3, 49],
            [2, 48],
          ],
        ]),
      ),
      '/features/0/geometry/coordinates/0/1/1',
      '"48" is not allowed',
    ],
    [
      'another coordinate system',
      { ...collection(centre), crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } } },
      '/crs',
      'allowed: WGS84',
    ],
  ])('are refused for %s', async (_, content, place, message) => {
    expect(await zoneProblems(content)).toEqual([
      { file: 'zones.geojson', place, message: expect.stringContaining(message) as string },
    ]);
  });

  it.each<[string, Json, string, string]>([
    ['an unknown key among the defaults', { clas: 'core' }, '/zones/defaults/clas', 'did you mean "class"?'],
    ['a default of the wrong kind', { class: 3 }, '/zones/defaults/class', '3 is not allowed'],
    ['an id for all', { id: 'x' }, '/zones/defaults/id', 'allowed: name, class'],
  ])('are refused for %s', async (_, defaults, place, message) => {
    expect(await zoneProblems(collection(centre), { defaults })).toEqual([
      { file: 'scenario.json', place, message: expect.stringContaining(message) as string },
    ]);
  });
});

describe('points, lines and posts from GeoJSON', () => {
  it('take their numbers from the properties', async () => {
    const loaded = await load(
      {
        ...goodScenario(),
        mustReachPoints: { file: 'points.geojson', defaults: { dwellS: 120 } },
        mustPatrolLines: { file: 'lines.geojson', defaults: { direction: 'both' } },
        posts: { file: 'posts.geojson', idProperty: 'name' },
      },
      {
        'points.geojson': file(
          collection(
            feature({ id: 'a', visitsPerShift: 3 }, 'Point', [2.01, 48.01]),
            feature({ id: 'b', dwellS: 60 }, 'MultiPoint', [[2.02, 48.02]]),
          ),
        ),
        'lines.geojson': file(
          collection(
            feature({ id: 1 }, 'LineString', [
              [2.01, 48.01, 5],
              [2.02, 48.01, 5],
            ]),
            feature({ id: 2, direction: 'along' }, 'MultiLineString', [
              [
                [2.01, 48.01],
                [2.02, 48.01],
              ],
            ]),
          ),
        ),
        'posts.geojson': file(
          collection(
            feature({ name: 'north' }, 'Point', [2.05, 48.09]),
            feature({ name: 'south' }, 'Point', [2.05, 48.01]),
          ),
        ),
      },
    );
    expect(loaded.points).toMatchObject([
      { id: 'a', visitsPerShift: 3, dwellMs: 120_000 },
      { id: 'b', visitsPerShift: 1, dwellMs: 60_000, place: { lon: 2.02, lat: 48.02 } },
    ]);
    expect(loaded.lines).toMatchObject([
      {
        id: '1',
        direction: 'both',
        coordinates: [
          { lon: 2.01, lat: 48.01 },
          { lon: 2.02, lat: 48.01 },
        ],
      },
      { id: '2', direction: 'along' },
    ]);
    expect(loaded.posts.map(({ id, name }) => [id, name])).toEqual([
      ['north', 'north'],
      ['south', 'south'],
    ]);
  });

  it('are refused when a multi-geometry has several parts', async () => {
    const line = feature({ id: 1 }, 'MultiLineString', [
      [
        [2, 48],
        [2, 49],
      ],
      [
        [3, 48],
        [3, 49],
      ],
    ]);
    expect(
      await problemsOf(changed('/mustPatrolLines', { file: 'l' }), { l: file(collection(line)) }),
    ).toEqual([
      {
        file: 'l',
        place: '/features/0/geometry',
        message: 'MultiLineString of several parts; make a feature of each part',
      },
    ]);
  });

  it('name the place in the file when a part of one part is wrong', async () => {
    const line = feature({ id: 1 }, 'MultiLineString', [
      [
        [2, 48],
        [2, 95],
      ],
    ]);
    const problems = await problemsOf(changed('/mustPatrolLines', { file: 'l' }), {
      l: file(collection(line)),
    });
    expect(problems).toEqual([
      expect.objectContaining({ file: 'l', place: '/features/0/geometry/coordinates/0/1/1' }),
    ]);
  });
});

describe('places from CSV', () => {
  const from = (csv: string): [Json, Record<string, Uint8Array>] => [
    goodScenario(),
    { 'places.csv': text(csv) },
  ];

  it('are read with quotes, CRLF, a byte order mark and blank lines', async () => {
    const csv = '\ufeffname,"lat",lon\r\n"Main St, 5\nnorth",48.5,2.5\r\n\r\nx, +48.25 ,2e0\r\n';
    const where = (await load(...from(csv))).demand.sources[2].where;
    expect(where).toMatchObject({
      places: [
        { lon: 2.5, lat: 48.5 },
        { lon: 2, lat: 48.25 },
      ],
    });
  });

  it('leave out rows without a place, and say how many', async () => {
    const loaded = await load(...from('lon,lat\n2,48\n,\n2,48\n"",""\n'));
    expect(loaded.warnings).toEqual([
      'places.csv: 2 of 4 rows have no longitude and latitude and are left out',
    ]);
    expect(loaded.demand.sources[2].where).toMatchObject({ places: [{}, {}] });
  });

  it('have weights where a column is named: as they are when whole, in parts of 2^50 otherwise, none when all are equal', async () => {
    const weighted = async (csv: string) => {
      const scenario = goodScenario() as { demand: { sources: { where: object }[] } };
      scenario.demand.sources[2].where = { type: 'places', file: 'places.csv', weightColumn: 'n' };
      const { where } = (await load(scenario as Json, { 'places.csv': text(csv) })).demand.sources[2];
      return (where as { weights: number[] | null }).weights;
    };
    expect(await weighted('lon,lat,n\n2,48,3\n,,\n2,48,1\n2,48,2\n')).toEqual([3, 1, 2]);
    expect(await weighted('lon,lat,n\n2,48,0.75\n2,48,0.25\n')).toEqual([0.75 * 2 ** 50, 0.25 * 2 ** 50]);
    expect(await weighted('lon,lat,n\n2,48,0.5\n2,48,0.5\n')).toBeNull();
    expect((await load(...from('lon,lat,n\n2,48,3\n'))).demand.sources[2].where).toMatchObject({
      weights: null,
    });
    for (const bad of ['0', '-1', '', 'much', '1e13', 'Infinity']) {
      await expect(weighted(`lon,lat,n\n2,48,1\n2,48,${bad}\n`)).rejects.toThrow(
        `places.csv row 3, column n: "${bad}" is not allowed; allowed: a number above 0, at most 1000000000000`,
      );
    }
    await expect(weighted('lon,lat,m\n2,48,1\n')).rejects.toThrow(
      'name the right one in scenario.json /demand/sources/2/where/weightColumn',
    );
  });

  it.each([
    [
      'a missing column',
      'Lon,lat\n2,48\n',
      'row 1',
      'has no column "lon" (did you mean "Lon"?); found: Lon, lat; name the right one in scenario.json /demand/sources/2/where/lonColumn',
    ],
    ['semicolons', 'lon;lat\n2;48\n', 'row 1', 'this file seems to use ";"'],
    ['a column that stands twice', 'lon,lat,lon\n2,48,2\n', 'row 1', 'has the column "lon" twice'],
    [
      'half a place',
      'lon,lat\n2,48\n2,\n',
      'row 3, column lat',
      '"" is not allowed; allowed: degrees from -90 to 90',
    ],
    ['a decimal comma', 'lon,lat\n"2,5",48\n', 'row 2, column lon', '"2,5" is not allowed'],
    ['text', 'lon,lat\n2,north\n', 'row 2, column lat', '"north" is not allowed'],
    ['NaN', 'lon,lat\nNaN,48\n', 'row 2, column lon', '"NaN" is not allowed'],
    ['a hexadecimal number', 'lon,lat\n0x2,48\n', 'row 2, column lon', '"0x2" is not allowed'],
    ['latitude first', 'lon,lat\n48,102\n', 'row 2, column lat', 'are longitude and latitude swapped?'],
    ['too few cells', 'id,lon,lat\n1,2\n', 'row 2', 'has 2 cells, the header has 3'],
    ['a quote that never closes', 'id,lon,lat\n"1,2,48\n2,2,48\n', 'row 2', 'is a quote missing?'],
    ['no row', 'lon,lat\n', '', 'holds no place: 0 rows below the header'],
    ['only empty rows', 'lon,lat\n,\n', '', 'holds no place: 1 rows below the header, 1 of them empty'],
  ])('are refused for %s', async (_, csv, place, message) => {
    expect(await problemsOf(...from(csv))).toEqual([
      { file: 'places.csv', place, message: expect.stringContaining(message) as string },
    ]);
  });
});
