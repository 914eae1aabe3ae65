/** Rows 6, 8 and 10: places, tags and turn restrictions that well-formed files may hold. Row 7 is in test/import/repairs.test.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoadExtract } from '../../engine/import/road-extract.ts';
import { readBroken, withinMemory } from '../support/faults.ts';
import {
  bytes,
  concat,
  deltas,
  frame,
  group,
  headerFrame,
  number,
  packed,
  rawBlob,
  stringTable,
} from '../support/pbf-writer.ts';
import { problemsOf, readBytes } from '../support/read-map.ts';
import { mapOfWays, type TinyMap, TOWN, toGeoJson, toOverpass, toPbf, toXml } from '../support/tiny-map.ts';

/** Files of one road whose first node is at a place written in this way; null where a format cannot write it. */
const FORMATS: Record<string, (lon: string, lat: string) => string | Uint8Array | null> = {
  XML: (lon, lat) =>
    `<osm><node id="1" lon="${lon}" lat="${lat}"/><node id="2" lon="1" lat="1"/>` +
    '<way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>',
  'Overpass JSON': (lon, lat) =>
    `{"elements": [{"type": "node", "id": 1, "lon": ${lon}, "lat": ${lat}}, {"type": "node", "id": 2, "lon": 1, "lat": 1},` +
    '{"type": "way", "id": 5, "nodes": [1, 2], "tags": {"highway": "primary"}}]}',
  'places in Overpass ways': (lon, lat) =>
    `{"elements": [{"type": "way", "id": 5, "geometry": [{"lon": ${lon}, "lat": ${lat}}, {"lon": 1, "lat": 1}],` +
    '"tags": {"highway": "primary"}}]}',
  GeoJSON: (lon, lat) =>
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"highway": "primary"},' +
    `"geometry": {"type": "LineString", "coordinates": [[${lon}, ${lat}], [1, 1]]}}]}`,
  PBF: (lon, lat) => {
    if (![lon, lat].every((text) => /^-?\d+(\.\d+)?(e\d+)?$/.test(text))) return null;
    const e7 = (text: string): number => Math.round(Number(text) * 1e7);
    if (!Number.isSafeInteger(e7(lon) * 2) || !Number.isSafeInteger(e7(lat) * 2)) return null;
    const nodes = bytes(2, deltas(1, [1, 2]), deltas(8, [e7(lat), 1e7]), deltas(9, [e7(lon), 1e7]));
    const way = bytes(3, number(1, 5), packed(2, [1]), packed(3, [2]), deltas(8, [1, 2]));
    const block = concat(stringTable(['', 'highway', 'primary']), group(nodes), group(way));
    return concat(headerFrame(), frame('OSMData', rawBlob(block)));
  },
};

describe.each(Object.entries(FORMATS))('row 6: a place in %s', (_, write) => {
  it.each([
    ['NaN', '1'],
    ['1', 'nan'],
    ['1e999', '1'],
    ['1', '-1e999'],
    ['Infinity', '1'],
    ['null', '1'],
    ['"1"', '1'],
    ['0x10', '1'],
    ['181', '0'],
    ['-181', '0'],
    ['0', '91'],
    ['0', '-91'],
    ['180.0000001', '0'],
    ['0', '-90.0000001'],
    ['45.6', '122.8'],
    ['1e15', '1'],
  ])('lon %s, lat %s is refused', async (lon, lat) => {
    const file = write(lon, lat);
    if (file === null) return;
    expect(await readBroken(file, `${lon} ${lat}`)).not.toBe('read');
  });

  it.each([
    ['0', '0'],
    ['-0', '-0'],
    ['180', '90'],
    ['-180', '-90'],
    ['122.8234567', '45.6'],
  ])('lon %s, lat %s is a place on earth', async (lon, lat) => {
    const { nodes } = await readBytes(write(lon, lat)!);
    expect([nodes.lonE7[0], nodes.latE7[0]]).toEqual([
      Math.round(Number(lon) * 1e7) + 0,
      Math.round(Number(lat) * 1e7) + 0,
    ]);
  });

  it('that looks swapped is called so, with the object and where it is', async () => {
    const [problem] = await problemsOf(readBytes(write('45.6', '122.8')!));
    expect(problem.message).toContain('look swapped');
    expect(problem.message).toContain('±90');
    expect(problem.place).not.toBe('');
  });

  it('any number: refused, or where it says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double(),
        fc.oneof(fc.double(), fc.double({ min: -95, max: 95 })),
        async (lon, lat) => {
          const file = write(String(lon), String(lat));
          if (file === null) return;
          const onEarth = Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
          expect((await readBroken(file, `${lon} ${lat}`)) === 'read').toBe(onEarth);
        },
      ),
      { seed: 135, numRuns: 200 },
    );
  });
});

it('row 6: all wrong places are named at once, up to twenty', async () => {
  const map: TinyMap = mapOfWays({ highway: 'primary' }, { highway: 'primary' });
  map.nodes.forEach((node, i) => (node.lat = 91 + i));
  expect((await problemsOf(readBytes(toXml(map)))).length).toBe(4);
  expect((await problemsOf(readBytes(toPbf(map)))).map(({ place }) => place.split(' (')[0])).toEqual([
    'node 1',
    'node 2',
    'node 3',
    'node 4',
  ]);
  const many = mapOfWays(...Array.from({ length: 30 }, () => ({ highway: 'primary' })));
  for (const node of many.nodes) node.lon = 200;
  for (const write of [toXml, toPbf, toOverpass, toGeoJson]) {
    expect((await problemsOf(readBytes(write(many)))).length).toBe(20);
  }
});

describe('row 8: tags that are an attack', () => {
  /** A road whose tags are hostile; built as a text because a literal cannot hold such keys. */
  const hostile = JSON.parse(
    JSON.stringify({
      highway: 'primary',
      maxspeed: '-5',
      'maxspeed:forward': '1e9',
      'maxspeed:backward': 'walk',
      oneway: '__proto__',
      access: 'constructor',
      constructor: 'x',
      hasOwnProperty: 'y',
      toString: 'z',
      name: '\u202egnol\u0000 <img src=x onerror=alert(1)>',
      'k\u202e\u0000': 'v',
      note: 'n'.repeat(1_000_000),
      ['l'.repeat(1_000_000)]: 'v',
    }).replace('"note"', '"__proto__": "polluted", "note"'),
  ) as Record<string, string>;
  const map = (tags: Record<string, string>): TinyMap => ({
    ...mapOfWays({ highway: 'service' }, tags),
    relations: [{ id: 1, tags: { ...hostile, type: 'restriction' }, members: [] }],
  });
  const clean = (extract: RoadExtract): unknown => [
    extract.ways.direction[1],
    extract.ways.maxSpeedForwardKph[1],
    extract.ways.maxSpeedBackwardKph[1],
    extract.names[extract.ways.name[1]],
    extract.report.repaired,
  ];
  const expected = (tagsTooLong: number): unknown => [
    3,
    0,
    7,
    'gnol  <img src=x onerror=alert(1)>',
    {
      accessNotUnderstood: 1,
      maxspeedNotUnderstood: 2,
      namesCleaned: 1,
      onewayNotUnderstood: 1,
      tagsTooLong,
    },
  ];

  it('are defaulted and counted, the same in every format', async () => {
    await withinMemory(async () => {
      expect(clean(await readBytes(toPbf(map(hostile))))).toEqual(expected(4));
      expect(clean(await readBytes(toOverpass(map(hostile))))).toEqual(expected(4));
      expect(clean(await readBytes(toGeoJson(map(hostile))))).toEqual(expected(2));
    });
    // XML cannot hold NUL: the file is refused, and read without it
    expect(await readBroken(toXml(map(hostile)), 'NUL in XML')).not.toBe('read');
    const printable = Object.fromEntries(
      Object.entries(hostile).map(([key, value]) => [
        key.replace('\u0000', ''),
        value.replace('\u0000', ' '),
      ]),
    );
    expect(clean(await readBytes(toXml({ ...map(printable), relations: [] })))).toEqual(expected(2));
  });

  it('leave Object.prototype as it was', () => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    ['a document type', '<!DOCTYPE osm SYSTEM "file:///etc/passwd"><osm/>'],
    ['entities', '<!DOCTYPE osm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><osm note="&b;"/>'],
    ['an undefined entity', '<osm note="&b;"/>'],
    ['another encoding', '<?xml version="1.0" encoding="GB18030"?><osm/>'],
    ['another root', '<?xml version="1.0"?><osmChange/>'],
    ['text that is not UTF-8', concat('<osm note="', [0xff, 0xfe], '"/>')],
    ['elements nested without end', `<osm>${'<way id="1">'.repeat(50)}`],
    ['a file that never closes', '<osm><way id="1"><nd ref="1"/>'],
    ['a tag without value', '<osm><way id="1"><tag k="highway"/></way></osm>'],
    ['an id that is none', '<osm><way id="1e3"/></osm>'],
    ['an id above 2^53', '<osm><way id="9007199254740992"/></osm>'],
    ['a reference that is none', '<osm><way id="1"><nd/></way></osm>'],
    ['a member without type', '<osm><relation id="1"><member ref="1"/></relation></osm>'],
  ])('row 8, XML: %s is refused with its line or byte', async (_, text) => {
    const [problem] = await problemsOf(readBytes(text, { format: 'osm-xml' }));
    expect(problem.place).toMatch(/^(line|byte) \d+/);
  });

  it.each([
    ['an element that is no object', '{"elements": [7]}'],
    [
      'an id that is none',
      '{"elements": [{"type": "way", "id": "5", "nodes": []}, {"type": "way", "id": 1.5}]}',
    ],
    ['a node id that is none', '{"elements": [{"type": "node", "id": {}, "lat": 1, "lon": 1}]}'],
    [
      'nodes that are no list',
      '{"elements": [{"type": "way", "id": 5, "nodes": {}, "tags": {"highway": "road"}}]}',
    ],
    [
      'a reference that is none',
      '{"elements": [{"type": "way", "id": 5, "nodes": [[]], "tags": {"highway": "road"}}]}',
    ],
    ['more nodes than places', '{"elements": [{"type": "way", "id": 5, "nodes": [1], "geometry": []}]}'],
    ['a member that is none', '{"elements": [{"type": "relation", "id": 5, "members": [{"type": "area"}]}]}'],
    ['a feature that is none', '{"type": "FeatureCollection", "features": [{"type": "Road"}]}'],
    ['a collection of another type', '{"type": "Topology", "features": []}'],
  ])('row 8, JSON: %s is refused with its path', async (_, text) => {
    const problems = await problemsOf(readBytes(text));
    for (const { place } of problems) expect(place).toMatch(/^\/\w+/);
  });
});

it('row 10: turn restrictions that name what is not there are counted and change nothing else', async () => {
  const plain = await readBytes(toPbf({ ...TOWN, relations: [] }));
  const members = (...refs: ['node' | 'way' | 'relation', number, string][]) =>
    refs.map(([type, ref, role]) => ({ type, ref, role }));
  const tags = { type: 'restriction', restriction: 'no_left_turn' };
  const relations = [
    { id: 1, tags, members: members(['way', 404, 'from'], ['node', 2, 'via'], ['way', 10, 'to']) },
    { id: 2, tags, members: members(['way', 10, 'from'], ['node', 2, 'via'], ['way', 12, 'to']) },
    { id: 3, tags, members: members(['way', 10, 'from'], ['node', 404, 'via'], ['way', 11, 'to']) },
    { id: 4, tags, members: members(['way', 10, 'from'], ['way', 20, 'via'], ['way', 11, 'to']) },
    { id: 5, tags, members: members(['relation', 10, 'from'], ['node', 2, 'via'], ['way', 11, 'to']) },
    { id: 6, tags, members: [] },
  ];
  const read = await readBytes(toPbf({ ...TOWN, relations }));
  expect(read.restrictions).toEqual([]);
  expect(read.report.dropped).toEqual({
    ...plain.report.dropped,
    restrictionsIncomplete: 2,
    restrictionsNotConnected: 1,
    restrictionsOnWaysNotKept: 3,
  });
  expect([read.nodes, read.ways]).toEqual([plain.nodes, plain.ways]);
});

it('row 10: turn restrictions made to keep the reader busy are refused', async () => {
  const refs = Array.from({ length: 20_000 }, (_, i) => i + 1);
  const members = [
    { type: 'way' as const, ref: 1, role: 'from' },
    { type: 'node' as const, ref: 20_000, role: 'via' },
    { type: 'way' as const, ref: 1, role: 'to' },
  ];
  const busy: TinyMap = {
    nodes: refs.map((id) => ({ id, lon: id / 1000, lat: 0 })),
    ways: [{ id: 1, refs, tags: { highway: 'road' } }],
    relations: refs.map((id) => ({ id, tags: { type: 'restriction', restriction: 'no_u_turn' }, members })),
  };
  expect((await problemsOf(readBytes(toOverpass(busy))))[0].message).toContain('turn restrictions');
  expect(await readBroken(toOverpass({ ...busy, relations: busy.relations.slice(0, 100) }), 'fewer')).toBe(
    'read',
  );
});

it('row 8: a head of comments without end does not keep the format finder busy', async () => {
  expect(await readBroken('<!---->'.repeat(600), 'comments')).not.toBe('read');
  expect(await readBroken(`${'<!---->'.repeat(600)}<osm><way id="1"/></osm>`, 'comments')).not.toBe('read');
});
