/**
 * Roads from OSM XML, plain or gzip, as a stream: ways and relations in a first pass, the nodes of roads in a second.
 * A document type or entities are refused; so is a file that never closes what it opened.
 */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { toE7 } from '../../units.ts';
import type { ByteSource } from '../byte-source.ts';
import { placeProblem } from '../coordinates.ts';
import { plainText, quote } from '../plain-text.ts';
import { RoadExtractBuilder } from '../road-extract-builder.ts';
import type { RoadExtract } from '../road-extract.ts';
import { headText, type RoadImporter, type RoadReadOptions } from '../road-importer.ts';
import { OSM_ATTRIBUTION } from './attribution.ts';
import { degrees, osmId } from './osm-values.ts';
import type { RelationMember } from './restrictions.ts';

export const osmXml: RoadImporter = {
  type: 'osm-xml',
  about: 'OpenStreetMap XML (.osm), plain or gzip',
  endings: ['.osm', '.xml'],
  sniff: (head) => /^\s*<(\?xml|osm[\s>/]|!)/.test(headText(head)),
  read,
};

type Pass = 'ways' | 'nodes';

async function read(source: ByteSource, options: RoadReadOptions): Promise<RoadExtract> {
  const attribution = OSM_ATTRIBUTION;
  const builder = new RoadExtractBuilder({ name: source.name, format: 'osm-xml', attribution }, options);
  for (const pass of ['ways', 'nodes'] as const) await new XmlPass(source, builder, pass).run();
  return builder.finish();
}

/** One reading of the file. */
class XmlPass {
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly source: ByteSource;
  private readonly builder: RoadExtractBuilder;
  private readonly pass: Pass;
  private depth = 0;
  private bytesRead = 0;
  private lastTagByte = 0;
  // The object being read.
  private object: { type: 'node' | 'way' | 'relation'; id: number } | null = null;
  private tags = new Map<string, string>();
  private refs: number[] = [];
  private members: RelationMember[] = [];

  constructor(source: ByteSource, builder: RoadExtractBuilder, pass: Pass) {
    this.source = source;
    this.builder = builder;
    this.pass = pass;
    this.parser.on('opentag', (tag) => this.open(tag));
    this.parser.on('closetag', (tag) => this.close(tag.name));
    this.parser.on('doctype', () => this.fail('a document type; OSM files have none'));
    this.parser.on('error', (error) => this.fail(`not XML here: ${plainText(error.message)}`));
    this.parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
        this.fail(`encoding ${quote(encoding)}; only UTF-8 is allowed`);
      }
    });
  }

  async run(): Promise<void> {
    const { parser, source } = this;
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    const decode = (chunk: Uint8Array): string => {
      try {
        return utf8.decode(chunk, { stream: true });
      } catch {
        throw InputError.at(source.name, `byte ${this.bytesRead} and after`, 'text that is not UTF-8');
      }
    };
    for await (const chunk of source.chunks()) {
      parser.write(decode(chunk));
      this.bytesRead += chunk.length;
      if (this.bytesRead - this.lastTagByte > LIMITS.xmlStretchBytes) {
        this.fail(`more than ${LIMITS.xmlStretchBytes} bytes without a tag`);
      }
    }
    const ended = (): never => {
      throw InputError.at(
        source.name,
        `byte ${this.bytesRead}`,
        'the file ends here, before </osm>; copy or download it again',
      );
    };
    parser.on('error', ended);
    try {
      utf8.decode();
    } catch {
      ended(); // in the middle of a character
    }
    parser.close();
  }

  private fail(message: string): never {
    throw InputError.at(this.source.name, `line ${this.parser.line}`, message);
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    this.lastTagByte = this.bytesRead;
    this.depth++;
    if (this.depth > LIMITS.xmlDepth) this.fail(`elements nested deeper than ${LIMITS.xmlDepth}`);
    if (this.depth === 1) {
      if (name !== 'osm') this.fail(`the file is <${plainText(name)}>, not <osm>`);
    } else if (this.depth === 2) {
      if (name === 'node' || name === 'way' || name === 'relation') this.openObject(name, attributes);
    } else if (this.depth === 3 && this.object !== null) {
      this.openPart(this.object.type, name, attributes);
    }
  }

  private openObject(type: 'node' | 'way' | 'relation', attributes: Record<string, string>): void {
    const wanted = this.pass === 'nodes' ? type === 'node' : type !== 'node';
    if (!wanted) return;
    const id = osmId(attributes.id);
    if (id === null)
      this.fail(`${type} with id ${quote(attributes.id ?? '')}; it must be an integer within ±2^53`);
    if (type === 'node') this.builder.read.nodes++;
    else if (type === 'way') this.builder.read.ways++;
    else this.builder.read.relations++;
    if (attributes.visible === 'false' || attributes.action === 'delete') {
      this.builder.drop(`${type}sDeleted`);
      return;
    }
    if (type === 'node' && !this.placeNode(id, attributes)) return;
    this.object = { type, id };
  }

  /** True when the node is of a road, so that its tags are wanted. */
  private placeNode(id: number, { lon, lat }: Record<string, string>): boolean {
    if (lon === undefined || lat === undefined) {
      this.builder.drop('nodesWithoutCoordinates');
      return false;
    }
    const [x, y] = [degrees(lon), degrees(lat)];
    const problem = placeProblem(x, y);
    if (problem !== null) {
      this.builder.problem(`line ${this.parser.line}`, `node ${id}: ${problem}`);
      return false;
    }
    return this.builder.placeNode(id, toE7(x), toE7(y));
  }

  private openPart(
    type: 'node' | 'way' | 'relation',
    name: string,
    attributes: Record<string, string>,
  ): void {
    if (name === 'tag') {
      const { k, v } = attributes;
      if (k === undefined || v === undefined) this.fail('a tag without k or v');
      this.tags.set(k, v);
    } else if (type === 'way' && name === 'nd') {
      const ref = osmId(attributes.ref);
      if (ref === null)
        this.fail(`nd with ref ${quote(attributes.ref ?? '')}; it must be an integer within ±2^53`);
      this.refs.push(ref);
    } else if (type === 'relation' && name === 'member') {
      const ref = osmId(attributes.ref);
      const member = attributes.type;
      if (ref === null || (member !== 'node' && member !== 'way' && member !== 'relation')) {
        this.fail('a member needs a type (node, way, relation) and an integer ref');
      }
      this.members.push({ type: member, id: ref, role: attributes.role ?? '' });
    }
  }

  private close(name: string): void {
    this.lastTagByte = this.bytesRead;
    const { object } = this;
    if (this.depth-- !== 2 || object === null || object.type !== name) return;
    const { builder, tags, refs, members } = this;
    if (object.type === 'node') {
      if (tags.size > 0) builder.nodeTags(object.id, tags);
    } else if (object.type === 'way') {
      if (builder.beginWay(object.id, tags, false, true)) for (const ref of refs) builder.addNode(ref);
    } else {
      builder.relation(object.id, tags, members);
    }
    this.object = null;
    if (tags.size > 0) this.tags = new Map();
    refs.length = 0;
    if (members.length > 0) this.members = [];
  }
}
