/** Files of roads in, a `RoadExtract` out: the list of formats, and how a file finds its own. */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { SourceFile } from '../scenario/scenario.ts';
import { isGzip } from '../scenario/source-file.ts';
import { type ByteSource, byteSource } from './byte-source.ts';
import { geojsonRoads } from './geojson-roads.ts';
import { overpassJson } from './osm/overpass-json.ts';
import { osmXml } from './osm/xml.ts';
import { osmPbf } from './osm/pbf.ts';
import { plainText, quote } from './plain-text.ts';
import { checkRoadExtract, type RoadExtract } from './road-extract.ts';
import { headText, type RoadFormat, type RoadImporter } from './road-importer.ts';

/** Every format of roads. To add one: write its importer, add it here. */
export const ROAD_IMPORTERS: readonly RoadImporter[] = [osmPbf, osmXml, overpassJson, geojsonRoads];

/** Enough to tell the formats apart. */
const HEAD_BYTES = 4096;

/**
 * Reads roads in any format of the list, plain or gzip.
 * @param options.format  by default the first bytes decide, then the ending of the name
 * @param options.pedestrianStreets  opens pedestrian streets to police cars
 * @throws InputError naming file, place and what is allowed; also when the file holds no road for a car
 */
export async function readRoads(
  source: Pick<SourceFile, 'name' | 'bytes'>,
  options: { format?: RoadFormat | undefined; pedestrianStreets: boolean },
): Promise<RoadExtract> {
  const { bytes } = source;
  const name = plainText(source.name);
  if (bytes.length === 0) throw InputError.at(name, 'byte 0', 'the file is empty');
  if (bytes.length > LIMITS.fileBytes) {
    throw InputError.at(name, '', `${bytes.length} bytes; at most ${LIMITS.fileBytes} are allowed`);
  }
  const file = byteSource(name, bytes);
  const extract = await (await chooseImporter(file, options.format)).read(file, options);
  if (extract.report.roads.keptWays === 0) {
    const { read, roads, dropped } = extract.report;
    const why = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
    throw InputError.at(
      name,
      '',
      `no road a police car may use: of ${read.ways} ways ${roads.highwayWays} have a highway tag` +
        (why.length > 0 ? ` (left out: ${why.join(', ')})` : ''),
    );
  }
  checkRoadExtract(extract);
  return extract;
}

async function chooseImporter(file: ByteSource, format: RoadFormat | undefined): Promise<RoadImporter> {
  const asked = ROAD_IMPORTERS.find(({ type }) => type === format);
  if (asked !== undefined) return asked;
  const formats = ROAD_IMPORTERS.map(({ type }) => type).join(', ');
  if (format !== undefined) {
    throw InputError.at(file.name, '', `${quote(format)} is not a format of roads; allowed: ${formats}`);
  }
  const head = await readHead(file);
  const ending = file.name.toLowerCase().replace(/\.gz$/, '');
  const importer =
    ROAD_IMPORTERS.find(({ sniff }) => sniff(head)) ??
    ROAD_IMPORTERS.find(({ endings }) => endings.some((end) => ending.endsWith(end)));
  if (importer !== undefined) return importer;
  const found = isGzip(head) ? 'is packed twice' : `begins with ${quote(headText(head.subarray(0, 40)))}`;
  throw InputError.at(file.name, 'byte 0', `${found}, which is no format of roads; allowed: ${formats}`);
}

async function readHead(file: ByteSource): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  let length = 0;
  for await (const chunk of file.chunks()) {
    const part = chunk.subarray(0, HEAD_BYTES - length);
    head.set(part, length);
    length += part.length;
    if (length === HEAD_BYTES) break;
  }
  return head.subarray(0, length);
}
