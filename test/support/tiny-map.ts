/** Small maps as plain objects, and their four file formats. */
import { gzipSync } from 'node:zlib';
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
  zlibBlob,
} from './pbf-writer.ts';

export interface TinyMap {
  nodes: { id: number; lon: number; lat: number; tags?: Record<string, string> }[];
  ways: { id: number; refs: number[]; tags: Record<string, string> }[];
  relations: {
    id: number;
    tags: Record<string, string>;
    members: { type: 'node' | 'way' | 'relation'; ref: number; role: string }[];
  }[];
}

/**
 *     4
 *     |       way 10: 1-2-3 Main Street, 11: 2-4 one-way south, 12: 4-5 a footway, 20: a building
 *  1--2--3    relation 30: no left turn from 10 over 2 into 11; node 2 is a bollard, node 5 a stop sign
 *     |  :
 *     5··
 */
export const TOWN: TinyMap = {
  nodes: [
    { id: 1, lon: 122.84, lat: 45.62 },
    { id: 2, lon: 122.85, lat: 45.62, tags: { barrier: 'bollard' } },
    { id: 3, lon: 122.86, lat: 45.62 },
    { id: 4, lon: 122.85, lat: 45.63 },
    { id: 5, lon: 122.85, lat: 45.61, tags: { highway: 'stop', direction: 'forward' } },
    { id: 6, lon: -0.0000001, lat: 0 },
  ],
  ways: [
    { id: 20, refs: [4, 5, 3, 4], tags: { building: 'yes' } },
    { id: 10, refs: [1, 2, 3], tags: { highway: 'primary', name: '新华路 & <Main>', maxspeed: '30 mph' } },
    {
      id: 11,
      refs: [4, 2, 5],
      tags: { highway: 'residential', oneway: 'yes', surface: 'dirt', 'maxspeed:forward': '40' },
    },
    { id: 12, refs: [4, 5], tags: { highway: 'footway' } },
  ],
  relations: [
    {
      id: 30,
      tags: { type: 'restriction', restriction: 'no_left_turn', except: 'psv;emergency' },
      members: [
        { type: 'way', ref: 10, role: 'from' },
        { type: 'node', ref: 2, role: 'via' },
        { type: 'way', ref: 11, role: 'to' },
      ],
    },
    { id: 31, tags: { type: 'route' }, members: [{ type: 'relation', ref: 30, role: '' }] },
  ],
};

/** A map of ways with given tags, each a line of its own. */
export function mapOfWays(...tags: Record<string, string>[]): TinyMap {
  const nodes = tags.flatMap((_, i) => [
    { id: 2 * i + 1, lon: 122.8, lat: 45 + i / 1000 },
    { id: 2 * i + 2, lon: 122.9, lat: 45 + i / 1000 },
  ]);
  return {
    nodes,
    ways: tags.map((t, i) => ({ id: 100 + i, refs: [2 * i + 1, 2 * i + 2], tags: t })),
    relations: [],
  };
}

const e7 = (degrees: number): number => Math.round(degrees * 1e7);
const utf8 = new TextEncoder();

interface PbfOptions {
  dense?: boolean;
  zlib?: boolean;
  /** Header, nodes, ways and relations in a block each. */
  manyBlocks?: boolean;
}

export function toPbf(
  map: TinyMap,
  { dense = true, zlib = false, manyBlocks = false }: PbfOptions = {},
): Uint8Array {
  const strings = [''];
  const ix = (text: string): number => {
    if (!strings.includes(text)) strings.push(text);
    return strings.indexOf(text);
  };
  const tagLists = (tags: Record<string, string> = {}): Uint8Array =>
    concat(packed(2, Object.keys(tags).map(ix)), packed(3, Object.values(tags).map(ix)));
  const { nodes, ways, relations } = map;
  const denseNodes = bytes(
    2,
    deltas(
      1,
      nodes.map(({ id }) => id),
    ),
    deltas(
      8,
      nodes.map(({ lat }) => e7(lat)),
    ),
    deltas(
      9,
      nodes.map(({ lon }) => e7(lon)),
    ),
    packed(
      10,
      nodes.flatMap(({ tags }) => [
        ...Object.entries(tags ?? {})
          .flat()
          .map(ix),
        0,
      ]),
    ),
  );
  const plainNodes = nodes.map(({ id, lon, lat, tags }) =>
    bytes(1, signed(1, id), tagLists(tags), signed(8, e7(lat)), signed(9, e7(lon))),
  );
  const groups = [
    group(...(dense ? [denseNodes] : plainNodes)),
    group(...ways.map(({ id, refs, tags }) => bytes(3, number(1, id), tagLists(tags), deltas(8, refs)))),
    group(
      ...relations.map(({ id, tags, members }) =>
        bytes(
          4,
          number(1, id),
          tagLists(tags),
          packed(
            8,
            members.map(({ role }) => ix(role)),
          ),
          deltas(
            9,
            members.map(({ ref }) => ref),
          ),
          packed(
            10,
            members.map(({ type }) => ['node', 'way', 'relation'].indexOf(type)),
          ),
        ),
      ),
    ),
  ];
  const blob = zlib ? zlibBlob : rawBlob;
  const blocks = manyBlocks ? groups.map((g) => [g]) : [groups];
  return concat(
    headerFrame(),
    ...blocks.map((parts) => frame('OSMData', blob(concat(stringTable(strings), ...parts)))),
  );
}

const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);

export function toXmlText({ nodes, ways, relations }: TinyMap): string {
  const tagLines = (tags: Record<string, string> = {}): string =>
    Object.entries(tags)
      .map(([k, v]) => `<tag k="${escapeXml(k)}" v="${escapeXml(v)}"/>`)
      .join('');
  return [
    `<?xml version='1.0' encoding='UTF-8'?>`,
    `<osm version="0.6"><bounds minlat="45" minlon="122" maxlat="46" maxlon="123"/>`,
    ...nodes.map(
      ({ id, lon, lat, tags }) => `<node id="${id}" lat="${lat}" lon="${lon}">${tagLines(tags)}</node>`,
    ),
    ...ways.map(
      ({ id, refs, tags }) =>
        `<way id="${id}">${refs.map((ref) => `<nd ref="${ref}"/>`).join('')}${tagLines(tags)}</way>`,
    ),
    ...relations.map(
      ({ id, tags, members }) =>
        `<relation id="${id}">${members
          .map(({ type, ref, role }) => `<member type="${type}" ref="${ref}" role="${role}"/>`)
          .join('')}${tagLines(tags)}</relation>`,
    ),
    '</osm>',
  ].join('\n');
}

export const toXml = (map: TinyMap): Uint8Array => utf8.encode(toXmlText(map));
export const toXmlGz = (map: TinyMap): Uint8Array => new Uint8Array(gzipSync(toXml(map)));

/** Overpass JSON; `geom` as `out geom;` gives it, with places in the ways and no nodes of their own. */
export function toOverpass({ nodes, ways, relations }: TinyMap, geom = false): Uint8Array {
  const place = new Map(nodes.map(({ id, lon, lat }) => [id, { lat, lon }]));
  const elements = [
    ...(geom ? nodes.filter(({ tags }) => tags) : nodes).map((node) => ({ type: 'node', ...node })),
    ...ways.map(({ id, refs, tags }) => ({
      type: 'way',
      id,
      nodes: refs,
      tags,
      ...(geom ? { geometry: refs.map((ref) => place.get(ref) ?? null) } : {}),
    })),
    ...relations.map((relation) => ({ type: 'relation', ...relation })),
  ];
  return utf8.encode(
    JSON.stringify({ version: 0.6, generator: 'Overpass API', osm3s: { copyright: '' }, elements }),
  );
}

/** GeoJSON as overpass-turbo exports it. */
export function toGeoJson({ nodes, ways }: TinyMap): Uint8Array {
  const place = new Map(nodes.map(({ id, lon, lat }) => [id, [lon, lat]]));
  const features = ways.map(({ id, refs, tags }) => ({
    type: 'Feature',
    id: `way/${id}`,
    properties: { '@id': `way/${id}`, ...tags },
    geometry: { type: 'LineString', coordinates: refs.map((ref) => place.get(ref)).filter(Boolean) },
  }));
  return utf8.encode(JSON.stringify({ type: 'FeatureCollection', features }));
}
