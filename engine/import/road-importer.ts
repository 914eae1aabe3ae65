/** The contract of a road importer: one file format in, a `RoadExtract` out. The list of them is in import.ts. */
import type { ByteSource } from './byte-source.ts';
import type { RoadExtract, TravelMode } from './road-extract.ts';

export type RoadFormat = 'osm-pbf' | 'osm-xml' | 'overpass-json' | 'geojson';

export interface RoadReadOptions {
  /** Whom roads are read for: ways open to any of them are kept. In the order of TRAVEL_MODES, none twice. */
  modes: readonly TravelMode[];
  /** Opens streets tagged `highway=pedestrian` to police cars, unless `access=no` closes them. */
  pedestrianStreets: boolean;
}

export interface RoadImporter {
  type: RoadFormat;
  /** One sentence for people who choose a format. */
  about: string;
  /** Endings of file names that suggest this format, in lower case and without `.gz`. */
  endings: readonly string[];
  /** Whether the first bytes (of the unpacked file) are those of this format. */
  sniff: (head: Uint8Array) => boolean;
  /**
   * Reads the whole file. Nodes come in the order in which kept ways first use them, ways in the order of the file.
   * @throws InputError naming file, place and what is allowed
   */
  read: (source: ByteSource, options: RoadReadOptions) => Promise<RoadExtract>;
}

/** The first bytes as text, each byte a character; for sniffing only. */
export function headText(head: Uint8Array): string {
  let text = '';
  for (let i = head[0] === 0xef ? 3 : 0; i < head.length; i++) text += String.fromCharCode(head[i]);
  return text;
}
