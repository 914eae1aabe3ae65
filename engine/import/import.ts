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
import { checkRoadExtract, type RoadExtract, TRAVEL_MODES, type TravelMode } from './road-extract.ts';
import { headText, type RoadFormat, type RoadImporter } from './road-importer.ts';

/** Every format of roads. To add one: write its importer, add it here. */
export const ROAD_IMPORTERS: readonly RoadImporter[] = [osmPbf, osmXml, overpassJson, geojsonRoads];

/** Enough to tell the formats apart. */
const HEAD_BYTES = 4096;

/**
 * Reads roads in any format of the list, plain or gzip.
 * @param options.format  by default the first bytes decide, then the ending of the name
 * @param options.modes  whom to read roads for, cars alone by default: ways open to any of them are kept
 * @param options.pedestrianStreets  opens pedestrian streets to police cars and motorcycles
 * @throws InputError naming file, place and what is allowed; also when the file holds no road for the modes
 */
export async function readRoads(
  source: Pick<SourceFile, 'name' | 'bytes'>,
  options: {
    format?: RoadFormat | undefined;
    modes?: readonly TravelMode[] | undefined;
    pedestrianStreets: boolean;
  },
): Promise<RoadExtract> {
  const { bytes } = source;
  const name = plainText(source.name);
  if (bytes.length === 0) throw InputError.at(name, 'byte 0', 'the file is empty');
  if (bytes.length > LIMITS.fileBytes) {
    throw InputError.at(name, '', `${bytes.length} bytes; at most ${LIMITS.fileBytes} are allowed`);
  }
  const modes = checkModes(name, options.modes ?? ['car']);
  const file = byteSource(name, bytes);
  const importer = await chooseImporter(file, options.format);
  const extract = await importer.read(file, { modes, pedestrianStreets: options.pedestrianStreets });
  if (extract.report.roads.keptWays === 0) {
    const { read, roads, dropped } = extract.report;
    const why = Object.entries(dropped).map(([reason, count]) => `${reason} ${count}`);
    throw InputError.at(
      name,
      '',
      `no road ${modes.length === 1 && modes[0] === 'car' ? 'a police car may use' : `open to ${modes.join(', ')}`}: of ${read.ways} ways ${roads.highwayWays} have a highway tag` +
        (why.length > 0 ? ` (left out: ${why.join(', ')})` : ''),
    );
  }
  checkRoadExtract(extract);
  return extract;
}

/** The modes in the order of TRAVEL_MODES, each once. */
function checkModes(name: string, modes: readonly string[]): TravelMode[] {
  const unknown = modes.filter((mode) => !(TRAVEL_MODES as readonly string[]).includes(mode));
  if (unknown.length > 0 || modes.length === 0) {
    const given = unknown.length > 0 ? `${quote(unknown[0])} is not a mode of travel` : 'no mode of travel';
    throw InputError.at(name, 'modes', `${given}; allowed: ${TRAVEL_MODES.join(', ')}`);
  }
  return TRAVEL_MODES.filter((mode) => modes.includes(mode));
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
