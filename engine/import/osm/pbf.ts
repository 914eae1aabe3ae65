/** Roads from OSM PBF. Two passes: ways and relations, then the nodes that roads use. */
import { InputError } from '../../errors.ts';
import type { ByteSource } from '../byte-source.ts';
import { Column } from '../column.ts';
import { quote } from '../plain-text.ts';
import { RoadExtractBuilder } from '../road-extract-builder.ts';
import type { RoadExtract } from '../road-extract.ts';
import { headText, type RoadImporter, type RoadReadOptions } from '../road-importer.ts';
import { OSM_ATTRIBUTION } from './attribution.ts';
import { BlockReader } from './pbf-block.ts';
import { type Frame, readFrames, unpackBlob } from './pbf-frames.ts';
import { WireReader } from './pbf-wire.ts';

export const osmPbf: RoadImporter = {
  type: 'osm-pbf',
  about: 'OpenStreetMap PBF (.osm.pbf)',
  endings: ['.pbf'],
  sniff: (head) => headText(head.subarray(4, 15)) === '\n\tOSMHeader',
  read,
};

/** What a file may ask of its reader. Histories (several versions of one object) are not among it. */
const KNOWN_FEATURES: ReadonlySet<string> = new Set(['OsmSchema-V0.6', 'DenseNodes']);

async function read({ name, bytes, packed }: ByteSource, options: RoadReadOptions): Promise<RoadExtract> {
  if (packed)
    throw InputError.at(name, 'byte 0', 'a PBF file inside gzip (it is packed by itself); unpack it first');
  const source = { name, format: 'osm-pbf', attribution: OSM_ATTRIBUTION };
  const builder = new RoadExtractBuilder(source, options);
  const blocks = new BlockReader(builder);
  const hasNodes = new Column(Uint8Array);
  for (const frame of readFrames(name, bytes)) {
    const wire = await openBlob(name, bytes, frame);
    if (frame.type === 'OSMHeader') checkHeader(wire);
    else hasNodes.push(blocks.read(wire, `byte ${frame.start}`, 'ways') ? 1 : 0);
  }
  let block = 0;
  for (const frame of readFrames(name, bytes)) {
    if (frame.type === 'OSMHeader' || hasNodes.values[block++] === 0) continue;
    blocks.read(await openBlob(name, bytes, frame), `byte ${frame.start}`, 'nodes');
  }
  return builder.finish();
}

async function openBlob(name: string, bytes: Uint8Array, frame: Frame): Promise<WireReader> {
  const content = await unpackBlob(name, bytes, frame);
  return new WireReader(content, (byte, message) => {
    throw InputError.at(name, `byte ${frame.start}, unpacked byte ${byte}`, message);
  });
}

function checkHeader(wire: WireReader): void {
  const utf8 = new TextDecoder();
  for (let field = wire.field(wire.length); field !== 0; field = wire.field(wire.length)) {
    if (field !== 4) {
      wire.skip(wire.length);
      continue;
    }
    const end = wire.valueEnd(wire.length);
    const feature = utf8.decode(wire.bytes(wire.pos, end));
    if (!KNOWN_FEATURES.has(feature)) {
      wire.fail(`the file needs the feature ${quote(feature)}; known are ${[...KNOWN_FEATURES].join(', ')}`);
    }
    wire.pos = end;
  }
}
