import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ROAD_IMPORTERS } from '../../engine/import/import.ts';
import { CONTROLS, type RoadExtract } from '../../engine/import/road-extract.ts';
import { problemsOf, readBytes } from '../support/read-map.ts';
import { TOWN, toGeoJson, toOverpass, toPbf, toXml, toXmlGz } from '../support/tiny-map.ts';

const NO_CONTROLS = Object.fromEntries(CONTROLS.map((control) => [control, 0]));

/** The town's roads as every OSM format must give them. */
const expected = {
  modes: ['car'],
  nodes: {
    // in order of first use by a kept way: 1 2 3 of way 10, then 4 5 of way 11
    lonE7: Int32Array.of(1228400000, 1228500000, 1228600000, 1228500000, 1228500000),
    latE7: Int32Array.of(456200000, 456200000, 456200000, 456300000, 456100000),
    osmId: Float64Array.of(1, 2, 3, 4, 5),
    controls: Uint8Array.of(0, 0, 0, 0, 2),
    controlDirection: Uint8Array.of(0, 0, 0, 0, 1),
  },
  ways: {
    osmId: Float64Array.of(10, 11),
    firstRef: Uint32Array.of(0, 3, 6),
    refs: Uint32Array.of(0, 1, 2, 3, 1, 4),
    roadClass: Uint8Array.of(4, 11),
    direction: Uint8Array.of(3, 1),
    forwardModes: Uint8Array.of(1, 1),
    backwardModes: Uint8Array.of(1, 0),
    maxSpeedForwardKph: Uint8Array.of(48, 40),
    maxSpeedBackwardKph: Uint8Array.of(48, 0),
    surface: Uint8Array.of(0, 9),
    name: Uint32Array.of(1, 0),
  },
  names: ['', '新华路 & <Main>'],
  restrictions: [
    {
      osmId: 30,
      kind: 'no_left_turn',
      fromWays: [0],
      viaNode: 1,
      viaWays: [],
      toWays: [1],
      isInferred: false,
      vehicle: '',
      except: ['psv', 'emergency'],
      condition: '',
      when: 'always',
    },
  ],
  report: {
    read: { nodes: 6, ways: 4, relations: 2 },
    roads: {
      highwayWays: 3,
      drivableWays: 2,
      keptWays: 2,
      roadNodes: 5,
      nodePairs: 4,
      onewayWays: 1,
      restrictions: 1,
    },
    modes: { car: 2 },
    controls: { ...NO_CONTROLS, stop: 1 },
    dropped: { relationsNotRestrictions: 1, waysNotForCars: 1, waysNotRoads: 1 },
    repaired: { barrierNodesNotObeyed: 1 },
  },
};

const withoutSource = (extract: RoadExtract): unknown => ({ ...extract, source: undefined });

describe('the same town in every OSM format', () => {
  it.each([
    ['PBF with dense nodes', toPbf(TOWN), 'osm-pbf'],
    ['PBF with single nodes', toPbf(TOWN, { dense: false }), 'osm-pbf'],
    ['PBF packed with zlib, in three blocks', toPbf(TOWN, { zlib: true, manyBlocks: true }), 'osm-pbf'],
    ['XML', toXml(TOWN), 'osm-xml'],
    ['XML in gzip', toXmlGz(TOWN), 'osm-xml'],
    [
      'XML in two gzip members',
      new Uint8Array(
        Buffer.concat([toXml(TOWN).subarray(0, 99), toXml(TOWN).subarray(99)].map((part) => gzipSync(part))),
      ),
      'osm-xml',
    ],
    ['Overpass JSON', toOverpass(TOWN), 'overpass-json'],
    ['Overpass JSON in gzip', new Uint8Array(gzipSync(toOverpass(TOWN))), 'overpass-json'],
  ])('%s gives the same extract', async (_, bytes, format) => {
    const extract = await readBytes(bytes);
    expect(withoutSource(extract)).toEqual(expected);
    expect(extract.source).toEqual({ name: 'roads', format, attribution: '(c) OpenStreetMap contributors' });
  });

  it('Overpass JSON with places in the ways differs only in the nodes it lists', async () => {
    const extract = await readBytes(toOverpass(TOWN, true));
    expect(withoutSource(extract)).toEqual({
      ...expected,
      report: { ...expected.report, read: { nodes: 2, ways: 4, relations: 2 } },
    });
  });

  it('GeoJSON has the same lines, without node ids, relations, barriers and signs', async () => {
    const extract = await readBytes(toGeoJson(TOWN));
    expect(withoutSource(extract)).toEqual({
      ...expected,
      nodes: {
        ...expected.nodes,
        osmId: new Float64Array(5),
        controls: new Uint8Array(5),
        controlDirection: new Uint8Array(5),
      },
      restrictions: [],
      report: {
        read: { nodes: 0, ways: 4, relations: 0 },
        roads: { ...expected.report.roads, restrictions: 0 },
        modes: { car: 2 },
        controls: NO_CONTROLS,
        dropped: { waysNotForCars: 1, waysNotRoads: 1 },
        repaired: {},
      },
    });
    expect(extract.source.attribution).toBe('(c) OpenStreetMap contributors');
  });

  it('comes out alike whatever order the objects stand in, as long as the ways keep theirs', async () => {
    const text = new TextDecoder().decode(toOverpass(TOWN));
    const file = JSON.parse(text) as { elements: { type: string }[] };
    const order = ['relation', 'way', 'node'];
    file.elements.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
    const extract = await readBytes(JSON.stringify(file));
    expect(withoutSource(extract)).toEqual(expected);
  });
});

describe('the format of a file', () => {
  it('is found by the first bytes, even under another name', async () => {
    expect((await readBytes(toXml(TOWN), { name: 'town.geojson' })).source.format).toBe('osm-xml');
    expect((await readBytes(toPbf(TOWN), { name: 'town.osm' })).source.format).toBe('osm-pbf');
    const pretty = JSON.stringify(JSON.parse(new TextDecoder().decode(toGeoJson(TOWN))), null, 4);
    expect((await readBytes(`\ufeff${pretty}\n`)).source.format).toBe('geojson');
  });

  it('is found by the name where the bytes say nothing', async () => {
    const [problem] = await problemsOf(readBytes('\n\n', { name: 'town.osm' }));
    expect(problem.message).toContain('</osm>');
  });

  it('may be given, and is then held to', async () => {
    const [problem] = await problemsOf(readBytes(toXml(TOWN), { format: 'osm-pbf' }));
    expect(problem.place).toBe('byte 0');
  });

  it('is refused with the list of formats when it is none of them', async () => {
    const [problem] = await problemsOf(readBytes('id,lon,lat\n1,2,3\n', { name: 'calls.csv' }));
    expect(problem).toMatchObject({ file: 'calls.csv', place: 'byte 0' });
    for (const { type } of ROAD_IMPORTERS) expect(problem.message).toContain(type);
  });

  it('is refused when it is packed twice, or PBF inside gzip', async () => {
    const twice = new Uint8Array(gzipSync(toXmlGz(TOWN)));
    expect((await problemsOf(readBytes(twice)))[0].message).toContain('packed twice');
    const packedPbf = new Uint8Array(gzipSync(toPbf(TOWN)));
    expect((await problemsOf(readBytes(packedPbf)))[0].message).toContain('unpack it first');
  });

  it('a file without a road for a car is refused, and says what was left out', async () => {
    const footpaths = { ...TOWN, ways: TOWN.ways.filter(({ id }) => id === 12) };
    const [problem] = await problemsOf(readBytes(toPbf(footpaths)));
    expect(problem.message).toContain('waysNotForCars 1');
  });
});

describe('GeoJSON', () => {
  const road = (geometry: unknown, properties: unknown = { highway: 'service' }): unknown => ({
    type: 'Feature',
    properties,
    geometry,
  });
  const collection = (features: unknown[], more = {}): string =>
    JSON.stringify({ type: 'FeatureCollection', ...more, features });

  it('reads each line of a MultiLineString as a way, counts areas and points', async () => {
    const lines = [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [2, 2],
        [3, 3, 40],
      ],
    ];
    const { nodes, report } = await readBytes(
      collection([
        road({ type: 'MultiLineString', coordinates: lines }),
        road({ type: 'Polygon', coordinates: [] }),
        road({ type: 'Point', coordinates: [1, 1] }),
        road(null),
      ]),
    );
    expect([...nodes.lonE7]).toEqual([1e7, 2e7, 3e7]);
    expect(report.read.ways).toBe(2);
    expect(report.roads).toMatchObject({ keptWays: 2, nodePairs: 2, highwayWays: 2 });
    expect(report.dropped).toEqual({ areas: 1, featuresNotLines: 2 });
    expect(report.repaired).toEqual({ extraPieces: 1 });
  });

  it('joins lines at positions equal to 1e-7 degrees', async () => {
    const line = (coordinates: number[][]): unknown => road({ type: 'LineString', coordinates });
    const { ways } = await readBytes(
      collection([
        line([
          [1, 1],
          [2.00000001, 2],
        ]),
        line([
          [2, 1.99999999],
          [3, 3],
        ]),
      ]),
    );
    expect([...ways.refs]).toEqual([0, 1, 1, 2]);
  });

  it('takes numbers, booleans and null as GIS programs write them', async () => {
    const properties = { highway: 'primary', maxspeed: 50, oneway: true, access: null, '@relations': [] };
    const coordinates = [
      [1, 1],
      [2, 2],
    ];
    const { ways, report } = await readBytes(
      collection([road({ type: 'LineString', coordinates }, properties)]),
    );
    expect([ways.maxSpeedForwardKph[0], ways.direction[0]]).toEqual([50, 1]);
    expect(report.repaired).toEqual({ tagsNotText: 1 });
  });

  it('carries the attribution of a file that is not from OpenStreetMap, as plain text', async () => {
    const coordinates = [
      [1, 1],
      [2, 2],
    ];
    const file = collection([road({ type: 'LineString', coordinates })], {
      generator: 'some program',
      attribution: `<b>City\u202e of\u0000 ${'x'.repeat(300)}`,
    });
    const { attribution } = (await readBytes(file)).source;
    expect(attribution).toMatch(/^<b>City {2}of {2}x+…$/);
    expect(attribution.length).toBe(200);
  });

  it('names the feature and the byte of a wrong position, all of them at once', async () => {
    const text = collection([
      road({ type: 'LineString', coordinates: [[45.6, 122.8], [1, 'a'], 'b'] }),
      road({ type: 'LineString', coordinates: 7 }),
    ]);
    const byte = text.indexOf('{"type":"Feature"');
    const problems = await problemsOf(readBytes(text));
    expect(problems.map(({ place }) => place.replace(/ \(.*/, ''))).toEqual([
      '/features/0/geometry/coordinates/0',
      '/features/0/geometry/coordinates/1',
      '/features/0/geometry/coordinates/2',
      '/features/1/geometry/coordinates',
    ]);
    expect(problems[0].place).toContain(`(byte ${byte})`);
    expect(problems[0].message).toContain('look swapped');
  });
});

describe('Overpass JSON', () => {
  const file = (elements: unknown[], more = {}): string => JSON.stringify({ elements, ...more });
  const place = { lat: 1, lon: 1 };

  it('without node ids joins ways at equal places, and cuts them where the box of the query did', async () => {
    const { ways, report } = await readBytes(
      file([
        {
          type: 'way',
          id: 1,
          tags: { highway: 'service' },
          geometry: [place, { lat: 2, lon: 2 }, null, { lat: 3, lon: 3 }, { lat: 4, lon: 4 }],
        },
        { type: 'way', id: 2, tags: { highway: 'service' }, geometry: [{ lat: 4, lon: 4 }, place] },
        { type: 'way', id: 3, tags: { highway: 'service' } },
        { type: 'count', id: 0 },
      ]),
    );
    expect([...ways.osmId]).toEqual([1, 1, 2]);
    expect([...ways.refs]).toEqual([0, 1, 2, 3, 3, 0]);
    expect(report.repaired).toEqual({ extraPieces: 1, nodesMissing: 1, waysCutAtMissingNodes: 1 });
    expect(report.dropped).toEqual({ elementsNotOsm: 1, waysWithoutNodes: 1 });
  });

  it('refuses an answer that the server broke off', async () => {
    const remark = 'runtime error: Query timed out in "query" at line 3 after 26 seconds.';
    const [problem] = await problemsOf(readBytes(file([], { remark })));
    expect(problem).toMatchObject({ place: '/remark' });
  });
});
