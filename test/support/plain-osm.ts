/**
 * An independent reading of OSM files, to compare importers with: another decoder for PBF, regular expressions for
 * XML, plain objects, and the rules for police cars written once more in the shortest way.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createOSMStream } from 'osm-pbf-parser-node';

export interface PlainWay {
  id: number;
  refs: number[];
  tags: Record<string, string>;
}

export interface PlainOsm {
  /** lon, lat in degrees, by id. */
  nodes: Map<number, [number, number]>;
  nNodes: number;
  ways: PlainWay[];
  relations: { id: number; tags: Record<string, string> }[];
}

type Item = {
  type?: string;
  id: number;
  lon: number;
  lat: number;
  refs: number[];
  tags?: Record<string, string>;
};

export async function readPlainPbf(path: string): Promise<PlainOsm> {
  const osm: PlainOsm = { nodes: new Map(), nNodes: 0, ways: [], relations: [] };
  for await (const item of createOSMStream(path) as AsyncIterable<Item>) {
    const tags = item.tags ?? {};
    if (item.type === 'node') {
      osm.nodes.set(item.id, [item.lon, item.lat]);
      osm.nNodes++;
    } else if (item.type === 'way') osm.ways.push({ id: item.id, refs: item.refs, tags });
    else if (item.type === 'relation') osm.relations.push({ id: item.id, tags });
  }
  return osm;
}

export function readPlainXmlGz(path: string): PlainOsm {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const osm: PlainOsm = { nodes: new Map(), nNodes: 0, ways: [], relations: [] };
  const attribute = (element: string, name: string): string =>
    decodeEntities(
      new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(element)?.slice(1).find(Boolean) ?? '',
    );
  for (const [object, type, head] of text.matchAll(
    /<(node|way|relation)((?:\s[\w:]+=(?:"[^"]*"|'[^']*'))*)\s*(?:\/>|>[^]*?<\/\1>)/g,
  )) {
    const body = object.slice(head.length);
    const tags = Object.fromEntries(
      [...body.matchAll(/<tag\s[^>]*>/g)].map(([tag]) => [attribute(tag, 'k'), attribute(tag, 'v')]),
    );
    const id = Number(attribute(head, 'id'));
    if (type === 'node') {
      osm.nodes.set(id, [Number(attribute(head, 'lon')), Number(attribute(head, 'lat'))]);
      osm.nNodes++;
    } else if (type === 'way') {
      const refs = [...body.matchAll(/<nd\s[^>]*>/g)].map(([nd]) => Number(attribute(nd, 'ref')));
      osm.ways.push({ id, refs, tags });
    } else osm.relations.push({ id, tags });
  }
  return osm;
}

const decodeEntities = (text: string): string =>
  text
    .replace(
      /&(lt|gt|quot|apos);/g,
      (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '',
    )
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&amp;/g, '&');

const DRIVABLE =
  /^((motorway|trunk|primary|secondary|tertiary)(_link)?|unclassified|residential|living_street|service|road)$/;

export const isDrivableHighway = (tags: Record<string, string>): boolean => DRIVABLE.test(tags.highway ?? '');

/** Whether a police car may use a way, pedestrian streets shut. */
export function isOpenToPolice(tags: Record<string, string>): boolean {
  if (tags.area === 'yes' || tags.oneway === 'reversible') return false;
  const byEmergency =
    /^(yes|designated|official)$/.test(tags.emergency ?? '') && !(parseFloat(tags.width) < 2);
  if (byEmergency && /^(track|pedestrian|busway|footway|cycleway|path|bridleway)$/.test(tags.highway))
    return true;
  if (!isDrivableHighway(tags)) return false;
  return byEmergency || (tags.motor_vehicle ?? tags.vehicle ?? tags.access) !== 'no';
}

/** Distinct nodes and neighbouring pairs of ways, cut where the file lacks a node. */
export function countRoads(
  osm: PlainOsm,
  ways: readonly PlainWay[],
): { ways: number; nodes: number; pairs: number } {
  const nodes = new Set<number>();
  let pairs = 0;
  let nWays = 0;
  for (const { refs } of ways) {
    let inWay = 0;
    for (let i = 1; i < refs.length; i++) {
      const [a, b] = [refs[i - 1], refs[i]];
      if (a === b || !osm.nodes.has(a) || !osm.nodes.has(b)) continue;
      nodes.add(a).add(b);
      inWay++;
    }
    pairs += inWay;
    if (inWay > 0) nWays++;
  }
  return { ways: nWays, nodes: nodes.size, pairs };
}
