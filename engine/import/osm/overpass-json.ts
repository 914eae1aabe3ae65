/**
 * Roads from the JSON of the Overpass API: `elements` with nodes of their own (`out; >; out skel;`) or with the
 * geometry in the ways (`out geom;`), with or without node ids. Ways and relations in a first pass, nodes in a second.
 */
import { InputError } from '../../errors.ts';
import { toE7 } from '../../units.ts';
import type { ByteSource } from '../byte-source.ts';
import { placeProblem } from '../coordinates.ts';
import { type ElementPlace, isObject, type JsonObject, readJsonList } from '../json-list.ts';
import { quote } from '../plain-text.ts';
import { RoadExtractBuilder } from '../road-extract-builder.ts';
import type { RoadExtract } from '../road-extract.ts';
import { headText, type RoadImporter, type RoadReadOptions } from '../road-importer.ts';
import { OSM_ATTRIBUTION } from './attribution.ts';
import { osmId } from './osm-values.ts';
import type { RelationMember } from './restrictions.ts';

export const overpassJson: RoadImporter = {
  type: 'overpass-json',
  about: 'JSON of the Overpass API ([out:json]), plain or gzip',
  endings: ['.json'],
  sniff: (head) => /^\s*\{[^]*("osm3s"|"elements"\s*:\s*\[)/.test(headText(head)),
  read,
};

async function read(source: ByteSource, options: RoadReadOptions): Promise<RoadExtract> {
  const attribution = OSM_ATTRIBUTION;
  const builder = new RoadExtractBuilder(
    { name: source.name, format: 'overpass-json', attribution },
    options,
  );
  for (const readElement of [readWayOrRelation, readNode]) {
    await readJsonList(source.name, source.chunks(), 'elements', {
      element(value, place) {
        if (isObject(value)) readElement(value, place, builder);
        else builder.problem(place(), 'is not an object');
      },
      member(key, value) {
        // Overpass sends what it has when it runs out of time or memory, and says so here.
        if (key === 'remark' && typeof value === 'string' && /error/i.test(value)) {
          throw InputError.at(source.name, '/remark', `the answer is not complete: ${quote(value)}`);
        }
      },
    });
  }
  return builder.finish();
}

function readWayOrRelation(element: JsonObject, place: ElementPlace, builder: RoadExtractBuilder): void {
  if (element.type !== 'way' && element.type !== 'relation') return;
  const id = osmId(element.id);
  if (id === null) return builder.problem(place('/id'), 'must be an integer within ±2^53');
  if (element.type === 'relation') {
    builder.read.relations++;
    builder.relation(id, readTags(element, builder), readMembers(element, place, builder));
    return;
  }
  builder.read.ways++;
  const { nodes, geometry } = element;
  if (nodes === undefined && geometry === undefined) {
    builder.drop('waysWithoutNodes'); // `out tags` and `out ids` give none
    return;
  }
  if (!builder.beginWay(id, readTags(element, builder), false, true)) return;
  if (Array.isArray(nodes)) {
    for (const node of nodes) {
      const ref = osmId(node);
      if (ref === null)
        return builder.problem(place('/nodes'), `${quote(JSON.stringify(node))} is not a node id`);
      builder.addNode(ref);
    }
  } else if (Array.isArray(geometry)) {
    // a vertex outside the box of the query is null: the way goes on behind it
    for (const vertex of geometry) {
      if (isObject(vertex)) {
        const at = readPlace(vertex, place('/geometry'), builder);
        if (at !== null) builder.addPlace(at.lonE7, at.latE7);
      } else if (vertex === null) {
        builder.addMissing();
      } else builder.problem(place('/geometry'), 'holds something that is not a place');
    }
  } else {
    builder.problem(place(), 'is a way whose nodes or geometry are not a list');
  }
}

/** Places nodes: those of the file, and those whose place a way carries in its geometry. */
function readNode(element: JsonObject, place: ElementPlace, builder: RoadExtractBuilder): void {
  const { type, nodes, geometry } = element;
  if (type === 'way' && Array.isArray(nodes) && Array.isArray(geometry)) {
    if (nodes.length !== geometry.length) {
      return builder.problem(place(), `has ${nodes.length} nodes and ${geometry.length} places`);
    }
    nodes.forEach((node: unknown, i) => {
      const vertex: unknown = geometry[i];
      const id = osmId(node);
      if (id === null || !isObject(vertex)) return; // ids were checked in the first pass; null is outside the box
      const at = readPlace(vertex, place(`/geometry/${i}`), builder);
      if (at !== null) builder.placeNode(id, at.lonE7, at.latE7);
    });
    return;
  }
  if (type === 'way' || type === 'relation') return;
  if (type !== 'node') {
    builder.drop('elementsNotOsm'); // count, area, timeline
    return;
  }
  builder.read.nodes++;
  const id = osmId(element.id);
  if (id === null) return builder.problem(place('/id'), 'must be an integer within ±2^53');
  if (element.lon === undefined && element.lat === undefined) {
    builder.drop('nodesWithoutCoordinates');
    return;
  }
  const at = readPlace(element, place(), builder);
  if (at !== null && builder.placeNode(id, at.lonE7, at.latE7)) {
    const tags = readTags(element, builder);
    if (tags.size > 0) builder.nodeTags(id, tags);
  }
}

function readPlace(
  { lon, lat }: JsonObject,
  place: string,
  builder: RoadExtractBuilder,
): { lonE7: number; latE7: number } | null {
  const [x, y] = [typeof lon === 'number' ? lon : NaN, typeof lat === 'number' ? lat : NaN];
  const problem = placeProblem(x, y);
  if (problem === null) return { lonE7: toE7(x), latE7: toE7(y) };
  builder.problem(place, problem);
  return null;
}

function readTags(element: JsonObject, builder: RoadExtractBuilder): Map<string, string> {
  const tags = new Map<string, string>();
  if (!isObject(element.tags)) return tags;
  for (const [key, value] of Object.entries(element.tags)) {
    if (typeof value === 'string') tags.set(key, value);
    else builder.repair('tagsNotText');
  }
  return tags;
}

function readMembers(
  element: JsonObject,
  place: ElementPlace,
  builder: RoadExtractBuilder,
): RelationMember[] {
  const members: RelationMember[] = [];
  if (!Array.isArray(element.members)) return members;
  (element.members as unknown[]).forEach((member, i) => {
    const { type, ref, role } = isObject(member) ? member : {};
    const id = osmId(ref);
    if (id === null || (type !== 'node' && type !== 'way' && type !== 'relation')) {
      builder.problem(place(`/members/${i}`), 'needs a type (node, way, relation) and an integer ref');
    } else {
      members.push({ type, id, role: typeof role === 'string' ? role : '' });
    }
  });
  return members;
}
