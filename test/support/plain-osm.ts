/**
 * An independent reading of OSM files, to compare importers with: another decoder for PBF, regular expressions for
 * XML, plain objects, and the rules for police cars written once more in the shortest way.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createOSMStream } from 'osm-pbf-parser-node';

interface PlainWay {
  id: number;
  refs: number[];
  tags: Record<string, string>;
}

interface PlainOsm {
  /** lon, lat in degrees, by id. */
  nodes: Map<number, [number, number]>;
  nNodes: number;
  /** Tags of the nodes that have any, by id. */
  nodeTags: Map<number, Record<string, string>>;
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
  const osm: PlainOsm = { nodes: new Map(), nNodes: 0, nodeTags: new Map(), ways: [], relations: [] };
  for await (const item of createOSMStream(path) as AsyncIterable<Item>) {
    const tags = item.tags ?? {};
    if (item.type === 'node') {
      osm.nodes.set(item.id, [item.lon, item.lat]);
      if (item.tags !== undefined) osm.nodeTags.set(item.id, tags);
      osm.nNodes++;
    } else if (item.type === 'way') osm.ways.push({ id: item.id, refs: item.refs, tags });
    else if (item.type === 'relation') osm.relations.push({ id: item.id, tags });
  }
  return osm;
}

export function readPlainXmlGz(path: string): PlainOsm {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const osm: PlainOsm = { nodes: new Map(), nNodes: 0, nodeTags: new Map(), ways: [], relations: [] };
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
      if (Object.keys(tags).length > 0) osm.nodeTags.set(id, tags);
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

/** Whether a way is open to a police motorcycle: as to a car, but by its own key, and down to a width of 1 m. */
export function isOpenToMotorcycle({ motorcycle, ...tags }: Record<string, string>): boolean {
  const narrow = parseFloat(tags.width) >= 1 ? { ...tags, width: '2' } : tags;
  return isOpenToPolice(motorcycle === undefined ? narrow : { ...narrow, motor_vehicle: motorcycle });
}

/** Whether one may walk along a way. */
export function isOpenOnFoot({
  highway = '',
  foot,
  access,
  area,
  motorroad,
}: Record<string, string>): boolean {
  if (area === 'yes' && !/^(pedestrian|footway)$/.test(highway)) return false;
  if (/^(motorway(_link)?|bridleway|busway)$/.test(highway) || (walkable(highway) && motorroad === 'yes'))
    return foot !== undefined && YES.test(foot);
  return walkable(highway) && (foot ?? access) !== 'no';
}

/** Whether one may ride a bicycle along a way. */
export function isOpenToBicycles(tags: Record<string, string>): boolean {
  const { highway = '', bicycle, vehicle, access, area, motorroad } = tags;
  if (area === 'yes' || tags.oneway === 'reversible') return false;
  const rideable = walkable(highway) && !/^(pedestrian|footway|steps)$/.test(highway);
  if (
    /^(motorway(_link)?|pedestrian|footway|bridleway|busway)$/.test(highway) ||
    (rideable && motorroad === 'yes')
  )
    return bicycle !== undefined && YES.test(bicycle);
  return rideable && !/^(no|dismount)$/.test(bicycle ?? vehicle ?? access ?? '');
}

const YES =
  /(^|;) *(yes|permissive|designated|official|private|destination|customers|delivery|use_sidepath)(;|$)/;
const walkable = (highway: string): boolean =>
  (DRIVABLE.test(highway) && !/^motorway/.test(highway)) ||
  /^(track|pedestrian|footway|cycleway|path|steps)$/.test(highway);

/** What a driver meets at a node: some of the engine's CONTROLS. */
function controlsAt({ highway = '', crossing, railway, ...tags }: Record<string, string>): string[] {
  const found: string[] = [];
  const has = (value: string): boolean => highway.split(';').includes(value);
  if (has('traffic_signals') && !/^(blink_mode|emergency)$/.test(tags.traffic_signals ?? ''))
    found.push('signals');
  else if (has('crossing') && (crossing === 'traffic_signals' || tags['crossing:signals'] === 'yes'))
    found.push('signalCrossing');
  if (has('stop')) found.push('stop');
  if (has('give_way')) found.push('giveWay');
  if (has('mini_roundabout')) found.push('miniRoundabout');
  if (railway === 'level_crossing') found.push('levelCrossing');
  return found;
}

/** Distinct nodes (and what stands there) and neighbouring pairs of ways, cut where the file lacks a node. */
export function countRoads(
  osm: PlainOsm,
  ways: readonly PlainWay[],
): { ways: number; nodes: number; pairs: number; controls: Record<string, number> } {
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
  const controls: Record<string, number> = {};
  for (const node of nodes) {
    for (const control of controlsAt(osm.nodeTags.get(node) ?? {})) {
      controls[control] = (controls[control] ?? 0) + 1;
    }
  }
  return { ways: nWays, nodes: nodes.size, pairs, controls };
}
