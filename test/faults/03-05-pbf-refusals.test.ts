/** Rows 3 and 5: each refusal of the PBF format, one field wrong at a time; rows 4: what unpacks to too much. */
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../engine/import/byte-source.ts';
import { LIMITS } from '../../engine/limits.ts';
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
  signed,
  stringTable,
  varint,
  zigzag,
  zlibBlob,
} from '../support/pbf-writer.ts';
import { problemsOf, readBytes } from '../support/read-map.ts';
import { TOWN, toXml } from '../support/tiny-map.ts';

const STRINGS = stringTable([
  '',
  'highway',
  'primary',
  'barrier',
  'gate',
  'type',
  'restriction',
  'no_u_turn',
  'from',
]);
const NODES = bytes(
  2,
  deltas(1, [1, 2]),
  deltas(8, [450000000, 450010000]),
  deltas(9, [1228000000, 1228010000]),
);
const WAY = bytes(3, number(1, 10), packed(2, [1]), packed(3, [2]), deltas(8, [1, 2]));

const data = (...parts: Uint8Array[]): Uint8Array => frame('OSMData', rawBlob(concat(...parts)));
const file = (...parts: Uint8Array[]): Uint8Array => concat(headerFrame(), ...parts);
/** A file with one road, and with something more in its block. */
const withGroup = (...objects: Uint8Array[]): Uint8Array =>
  file(data(STRINGS, group(NODES), group(WAY), group(...objects)));
const withNodes = (nodes: Uint8Array, ...fields: Uint8Array[]): Uint8Array =>
  file(data(STRINGS, group(nodes), group(WAY), ...fields));

const ROAD = concat(STRINGS, group(NODES), group(WAY));
/** Fills the rest of a block with a field nobody knows, up to a size. */
const padded = (size: number): Uint8Array => {
  const rest = size - ROAD.length - 1;
  const payload = rest - varint(rest - 4).length;
  return concat(ROAD, bytes(15, new Uint8Array(payload)));
};

it('the file that the cases below change is read', async () => {
  expect(await readBroken(file(data(ROAD)), 'plain')).toBe('read');
  expect(await readBroken(file(frame('OSMData', zlibBlob(ROAD))), 'zlib')).toBe('read');
  expect(
    await readBroken(withGroup(bytes(1, signed(1, 9), signed(8, 0), signed(9, 0))), 'one more node'),
  ).toBe('read');
});

describe('row 3: frames and blobs', () => {
  const blobOf = (blob: Uint8Array): Uint8Array => file(frame('OSMData', blob));
  const lengthOf = (length: number): Uint8Array => {
    const start = new Uint8Array(4);
    new DataView(start.buffer).setUint32(0, length);
    return start;
  };
  const headerOf = (...fields: Uint8Array[]): Uint8Array =>
    file(frame('OSMData', rawBlob(ROAD), concat(...fields)));
  const start = `byte ${headerFrame().length}`;

  it.each<[string, Uint8Array, string]>([
    ['a blob header of no length', file(lengthOf(0)), 'header of 0 bytes'],
    ['a blob header above 64 kB', file(lengthOf(64 * 1024 + 1)), '1 to 65536'],
    ['a blob header of 4 GB', file(lengthOf(0xffffffff)), '1 to 65536'],
    ['a blob above 32 MB', headerOf(bytes(1, 'OSMData'), number(3, 32 * 2 ** 20 + 1)), 'at most 33554432'],
    ['a blob of negative size', headerOf(bytes(1, 'OSMData'), number(3, -1)), 'at most 33554432'],
    ['a blob header without type', headerOf(number(3, 10)), 'without type'],
    ['a blob header without size', headerOf(bytes(1, 'OSMData')), 'without type or size'],
    ['a blob longer than the file', headerOf(bytes(1, 'OSMData'), number(3, 1000)), 'ends here'],
    ['a blob of an unknown type', file(frame('OSMIndex', rawBlob(ROAD))), '"OSMIndex"'],
    ['a second header', file(headerFrame(), data(ROAD)), '"OSMHeader"'],
    ['data before the header', concat(data(ROAD), headerFrame()), '"OSMHeader" is expected'],
    ['neither raw nor zlib', blobOf(number(2, 10)), 'without content'],
    ['both raw and zlib', blobOf(concat(rawBlob(ROAD), zlibBlob(ROAD))), 'two contents'],
    ['raw twice', blobOf(concat(rawBlob(ROAD), rawBlob(ROAD))), 'two contents'],
    ['raw of another size than claimed', blobOf(concat(number(2, 5), rawBlob(ROAD))), 'claims 5'],
    ['zlib that does not say its size', blobOf(bytes(3, deflateSync(ROAD))), 'does not say its size'],
    ['zlib that claims nothing', blobOf(zlibBlob(ROAD, 0)), 'does not say its size'],
    ['zlib that claims too much', blobOf(zlibBlob(ROAD, ROAD.length + 1)), `unpacks to ${ROAD.length} bytes`],
    ['zlib that claims too little', blobOf(zlibBlob(ROAD, ROAD.length - 1)), 'unpack to more than'],
    ['zlib that claims more than 32 MB', blobOf(zlibBlob(ROAD, 32 * 2 ** 20 + 1)), 'at most 33554432'],
    ['zlib that is none', blobOf(concat(number(2, 9), bytes(3, 'not zlib'))), 'cut off or damaged'],
    ['lzma', blobOf(concat(number(2, 9), bytes(4, 'x'))), 'lzma'],
    ['bzip2', blobOf(concat(number(2, 9), bytes(5, 'x'))), 'bzip2'],
    ['lz4', blobOf(concat(number(2, 9), bytes(6, 'x'))), 'lz4'],
    ['zstd', blobOf(concat(number(2, 9), bytes(7, 'x'))), 'zstd'],
  ])('%s', async (_, broken, message) => {
    const problems = await problemsOf(readBytes(broken, { format: 'osm-pbf' }));
    expect(problems[0].message).toMatch(new RegExp(message));
    expect(problems[0].place).toMatch(/^byte \d+$/);
    expect(Number(problems[0].place.slice(5))).toBeLessThanOrEqual(broken.length);
  });

  it('says the byte where the blob begins that is at fault', async () => {
    const [problem] = await problemsOf(readBytes(file(lengthOf(0))));
    expect(problem.place).toBe(start);
  });

  it.each([['HistoricalInformation'], ['Has_Metadata'], ['']])(
    'a header that requires the feature "%s"',
    async (feature) => {
      const broken = concat(headerFrame('OsmSchema-V0.6', feature), data(ROAD));
      const [problem] = await problemsOf(readBytes(broken));
      expect(problem.message).toContain(`"${feature}"`);
      expect(problem.message).toContain('DenseNodes');
    },
  );

  it('what is optional or unknown in a header is passed over', async () => {
    const content = concat(
      bytes(4, 'OsmSchema-V0.6'),
      bytes(5, 'Sort.Type_then_ID'),
      bytes(99, 'x'),
      number(32, 5),
    );
    const read = await readBytes(concat(frame('OSMHeader', rawBlob(content)), data(ROAD)));
    expect(read.ways.osmId.length).toBe(1);
  });
});

describe('row 4: what unpacks to more than is allowed', () => {
  it.each([-1, 0])('a blob of the largest size and %i bytes is read, packed or not', async (more) => {
    const content = padded(LIMITS.pbfBlobBytes + more);
    expect(content.length).toBe(LIMITS.pbfBlobBytes + more);
    expect(await readBroken(file(frame('OSMData', zlibBlob(content))), 'packed')).toBe('read');
    // unpacked, the few bytes around the content count too
    const raw = padded(LIMITS.pbfBlobBytes + more - 5);
    expect(await readBroken(file(frame('OSMData', rawBlob(raw))), 'raw')).toBe('read');
  });

  it('a blob of one byte more is refused', async () => {
    const content = padded(LIMITS.pbfBlobBytes + 1);
    expect(await readBroken(file(frame('OSMData', zlibBlob(content))), 'packed')).not.toBe('read');
    expect(await readBroken(file(frame('OSMData', rawBlob(content))), 'raw')).not.toBe('read');
  });

  it('gzip stops at its limit, to the byte', async () => {
    const unpack = async (size: number, limit: number): Promise<number> => {
      let total = 0;
      const packed = gzipSync(new Uint8Array(size));
      for await (const piece of inflate({ name: 'f', place: '' }, packed, 'gzip', limit))
        total += piece.length;
      return total;
    };
    expect(await unpack(999_999, 1_000_000)).toBe(999_999);
    expect(await unpack(1_000_000, 1_000_000)).toBe(1_000_000);
    expect((await problemsOf(unpack(1_000_001, 1_000_000)))[0].message).toContain('1000000 bytes allowed');
  });

  it('64 MB of zeros, in a blob or in gzip, are refused within memory', async () => {
    const zeros = new Uint8Array(64 * 2 ** 20);
    const gz = new Uint8Array(gzipSync(zeros));
    const blob = concat(number(2, 1000), bytes(3, deflateSync(zeros)));
    await withinMemory(async () => {
      expect(await readBroken(gz, 'gzip of zeros')).not.toBe('read');
      for (const format of ['osm-pbf', 'osm-xml', 'overpass-json', 'geojson'] as const) {
        expect(await readBroken(gz, `gzip of zeros as ${format}`, format)).not.toBe('read');
      }
      expect(await readBroken(file(frame('OSMData', blob)), 'blob of zeros')).not.toBe('read');
    });
  });

  it('gzip of a good beginning and 64 MB of nothing is refused within memory', async () => {
    const spaces = Buffer.alloc(64 * 2 ** 20, ' ');
    const bomb = (...parts: (string | Uint8Array)[]): Uint8Array =>
      new Uint8Array(gzipSync(Buffer.concat(parts.map((part) => Buffer.from(part)))));
    const files = {
      comment: bomb('<osm><!--', spaces, '--></osm>'),
      text: bomb('<osm>', spaces, '</osm>'),
      attribute: bomb('<osm><node id="', spaces, '"/></osm>'),
      depth: bomb('<osm>', '<a>'.repeat(10_000_000), '</osm>'),
      element: bomb('{"elements": [{"type": "', spaces, '"}]}'),
      lists: bomb('{"features": [[', '[],'.repeat(20_000_000), '[]]]}'),
      nesting: bomb('{"features": [', '['.repeat(50_000_000), ']}'),
    };
    await withinMemory(async () => {
      for (const [name, bytes] of Object.entries(files))
        expect(await readBroken(bytes, name)).not.toBe('read');
    });
  });

  it('gzip inside gzip is refused', async () => {
    const nested = new Uint8Array(gzipSync(gzipSync(toXml(TOWN))));
    for (const format of [undefined, 'osm-xml', 'geojson'] as const) {
      expect(await readBroken(nested, 'nested', format)).not.toBe('read');
    }
  });
});

describe('row 5: fields of a block', () => {
  const node = (...fields: Uint8Array[]): Uint8Array => withGroup(bytes(1, ...fields));
  const way = (...fields: Uint8Array[]): Uint8Array => withGroup(bytes(3, ...fields));
  const relation = (...fields: Uint8Array[]): Uint8Array => withGroup(bytes(4, ...fields));
  const dense = (...fields: Uint8Array[]): Uint8Array => withNodes(bytes(2, ...fields));
  const ids = deltas(1, [1, 2]);
  const lats = deltas(8, [0, 0]);
  const lons = deltas(9, [0, 0]);
  const tooLong = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

  it.each<[string, Uint8Array, string]>([
    ['a varint above 64 bits', way(concat([8], tooLong)), 'more than 64 bits'],
    ['a varint that does not end', way(Uint8Array.of(8, 0x80)), 'more than 64 bits|past the end'],
    ['a field number of 0', way(Uint8Array.of(0x02, 0x00)), 'field number 0'],
    ['a group, as of old', way(number(1, 5), Uint8Array.of(0x7b)), 'wire type 3'],
    ['wire type 7', way(number(1, 5), Uint8Array.of(0x7f)), 'wire type 7'],
    ['an id of another wire type', way(bytes(1, 'x')), 'wire type 2 where 0'],
    ['a list of another wire type', way(number(1, 5), number(8, 1)), 'wire type 0 where 2'],
    ['a group of another wire type', file(data(STRINGS, number(2, 1))), 'wire type 0 where 2'],
    ['a length beyond its message', way(number(1, 5), Uint8Array.of(0x42, 0x7f, 0x02)), 'are left'],
    ['a fixed field beyond its message', way(number(1, 5), Uint8Array.of(0x79, 1, 2)), 'past the end'],
    ['a way without id', way(deltas(8, [1, 2])), 'without an id'],
    ['a way id above 2^53', way(number(1, 2 ** 53)), 'beyond ±2\\^53'],
    ['a way id of 2^63', way(number(1, 2n ** 63n)), 'beyond ±2\\^53'],
    ['a node reference above 2^53', way(number(1, 5), bytes(8, zigzag(2 ** 53))), 'beyond'],
    [
      'node references that add up beyond 2^53',
      way(number(1, 5), bytes(8, zigzag(2 ** 51), zigzag(2 ** 51), zigzag(2 ** 51), zigzag(2 ** 51))),
      'beyond ±2\\^53',
    ],
    ['the largest zigzag number', way(number(1, 5), bytes(8, varint(2n ** 64n - 1n))), 'beyond'],
    ['the smallest zigzag number', node(signed(1, -(2n ** 63n)), signed(8, 0), signed(9, 0)), 'beyond'],
    ['a node without place', node(signed(1, 5), signed(8, 0)), 'without id or place'],
    ['a node id above 2^53', node(signed(1, 2 ** 53), signed(8, 0), signed(9, 0)), 'beyond'],
    [
      'a key that is no string',
      way(number(1, 5), packed(2, [99]), packed(3, [1])),
      'string 99 of a table of 9',
    ],
    [
      'a value that is no string',
      way(number(1, 5), packed(2, [1]), packed(3, [2 ** 32])),
      'string 4294967296',
    ],
    ['a negative key', way(number(1, 5), packed(2, [-1]), packed(3, [1])), 'of a table of 9'],
    ['keys without values', way(number(1, 5), packed(2, [1, 1]), packed(3, [2])), '2 keys for 1 values'],
    ['the same list twice', way(number(1, 5), deltas(8, [1, 2]), deltas(8, [1, 2])), 'twice'],
    ['dense nodes without latitudes', dense(ids, lons), '2 nodes with 0 latitudes'],
    ['dense nodes with a longitude too many', dense(ids, lats, deltas(9, [0, 0, 0])), '3 longitudes'],
    ['dense tags that do not end', dense(ids, lats, lons, packed(10, [3, 4, 0, 3])), 'do not end'],
    ['dense tags with a key alone', dense(ids, lats, lons, packed(10, [3, 0, 0])), 'do not end|more tags'],
    ['dense tags of too many nodes', dense(ids, lats, lons, packed(10, [0, 0, 0])), 'more tags than nodes'],
    ['dense tags that are no strings', dense(ids, lats, lons, packed(10, [3, 77, 0, 0])), 'string 77'],
    ['a relation without id', relation(packed(2, [5]), packed(3, [6])), 'without an id'],
    [
      'a relation with fewer roles than members',
      relation(number(1, 5), deltas(9, [1]), packed(10, [1])),
      '1 members, 0 roles',
    ],
    [
      'a member of an unknown type',
      relation(number(1, 5), packed(8, [0]), deltas(9, [1]), packed(10, [3])),
      'of type 3',
    ],
    [
      'a role that is no string',
      relation(number(1, 5), packed(8, [99]), deltas(9, [1]), packed(10, [1])),
      'string 99',
    ],
    ['a granularity of zero', withNodes(NODES, number(17, 0)), 'granularity of 0'],
    ['a negative granularity', withNodes(NODES, number(17, -100)), 'granularity of -100'],
    ['an offset above 2^53', withNodes(NODES, number(19, 2n ** 62n)), 'beyond'],
    ['a block without strings', file(data(group(NODES))), 'without a string table'],
    ['a block with two string tables', file(data(STRINGS, STRINGS, group(NODES))), 'two string tables'],
  ])('%s', async (_, broken, message) => {
    const problems = await problemsOf(readBytes(broken, { format: 'osm-pbf' }));
    expect(problems[0].message).toMatch(new RegExp(message));
    expect(problems[0].place).toMatch(/^byte \d+, unpacked byte \d+$/);
  });

  it('granularity and offsets are obeyed, also where they stand behind the nodes', async () => {
    const coarse = bytes(2, deltas(1, [1, 2]), deltas(8, [45, 46]), deltas(9, [-5, 0]));
    const read = await readBytes(
      withNodes(coarse, number(17, 1_000_000_000), number(20, 500), number(19, -500)),
    );
    expect([...read.nodes.lonE7]).toEqual([-49_999_995, 5]);
    expect([...read.nodes.latE7]).toEqual([449_999_995, 459_999_995]);
  });

  it('strings of another encoding are read with marks in place of what they are not', async () => {
    const strings = bytes(
      1,
      ...['', 'highway', 'primary', 'name'].map((s) => bytes(1, s)),
      bytes(1, [0xd0, 0xc2]),
    );
    const named = bytes(3, number(1, 10), packed(2, [1, 3]), packed(3, [2, 4]), deltas(8, [1, 2]));
    const read = await readBytes(file(data(strings, group(NODES), group(named))));
    expect(read.names).toEqual(['', '��']);
  });
});
