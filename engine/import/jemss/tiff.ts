/**
 * GeoTIFF grids as GDAL writes them by default: one band of numbers in strips, not packed, in WGS84 degrees. Everything
 * else (tiles, packing, several bands, rotated grids) is refused by name. TIFF 6.0 (Adobe, 1992) and GeoTIFF 1.1 (OGC 19-008).
 */
import { InputError } from '../../errors.ts';
import type { Grid } from './grid.ts';

const TAG = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  tileWidth: 322,
  sampleFormat: 339,
  pixelScale: 33550,
  tiePoint: 33922,
  transformation: 34264,
  geoKeys: 34735,
  noData: 42113,
} as const;

/** Bytes of a value by the type of its field: byte, ASCII, short, long, …, float, double. */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  6: 1,
  8: 2,
  9: 4,
  11: 4,
  12: 8,
};
const MOST_FIELDS = 1000;

/** @throws InputError naming the first thing that is damaged or not read */
export function readTiffGrid(file: string, bytes: Uint8Array, mostCells: number): Grid {
  const refuse = (message: string): InputError => InputError.at(file, '', message);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const fields = readFields(view, little, refuse);
  const one = (tag: number, otherwise?: number): number => {
    const value = fields.get(tag)?.[0] ?? otherwise;
    if (value === undefined) throw refuse(`has no TIFF field ${tag}, which a grid needs`);
    return value;
  };

  if (fields.has(TAG.tileWidth))
    throw refuse('is stored in tiles; only strips are read (gdal_translate -co TILED=NO)');
  if (one(TAG.compression, 1) !== 1) {
    throw refuse(
      `is packed (TIFF compression ${one(TAG.compression)}); only unpacked grids are read (gdal_translate -co COMPRESS=NONE)`,
    );
  }
  if (one(TAG.samplesPerPixel, 1) !== 1) throw refuse(`has ${one(TAG.samplesPerPixel)} bands; one is read`);
  if (fields.has(TAG.transformation))
    throw refuse('has a transformation of its own; only grids along longitude and latitude are read');
  const nX = one(TAG.width);
  const nY = one(TAG.height);
  if (!(nX >= 1 && nY >= 1 && nX * nY <= mostCells))
    throw refuse(`has ${nX} by ${nY} cells; at most ${mostCells} are read`);
  const [dx, dy] = fields.get(TAG.pixelScale) ?? [];
  const [tieColumn, tieRow, , tieX, tieY] = fields.get(TAG.tiePoint) ?? [];
  if (!(dx > 0 && dy > 0) || !Number.isFinite(tieX) || !Number.isFinite(tieY)) {
    throw refuse('does not say where on earth it lies (no GeoTIFF pixel scale and tie point)');
  }

  const read = sampleReader(one(TAG.sampleFormat, 1), one(TAG.bitsPerSample, 1), refuse);
  const noData = fields.get(TAG.noData);
  const empty = noData === undefined ? NaN : Number(String.fromCharCode(...noData).replace(/\0.*$/s, ''));
  const offsets = fields.get(TAG.stripOffsets) ?? [];
  const counts = fields.get(TAG.stripByteCounts) ?? [];
  const rowsPerStrip = Math.min(one(TAG.rowsPerStrip, nY), nY);
  if (offsets.length !== Math.ceil(nY / rowsPerStrip) || counts.length !== offsets.length) {
    throw refuse(`has ${offsets.length} strips of ${rowsPerStrip} rows for ${nY} rows`);
  }
  const weight = new Float64Array(nX * nY);
  for (let row = 0; row < nY; row++) {
    const strip = Math.floor(row / rowsPerStrip);
    const from = offsets[strip] + (row % rowsPerStrip) * nX * read.bytes;
    const end = from + nX * read.bytes;
    if (end > offsets[strip] + counts[strip] || end > bytes.length) {
      throw refuse(`is cut short: row ${row + 1} of ${nY} lies beyond its strip or the end of the file`);
    }
    // rows run from north to south in the file
    const first = (nY - 1 - row) * nX;
    for (let column = 0; column < nX; column++) {
      const value = read.at(view, from + column * read.bytes, little);
      weight[first + column] = value === empty ? 0 : value;
    }
  }
  // the tie point is the north-western corner of a cell, or its centre where the grid is one of points
  const inCell = rasterTypeOf(fields.get(TAG.geoKeys) ?? []) === PIXEL_IS_POINT ? 0.5 : 0;
  const west = tieX - (tieColumn + inCell) * dx;
  const north = tieY + (tieRow + inCell) * dy;
  return { nX, nY, x: west + dx / 2, y: north - (nY - 0.5) * dy, dx, dy, weight };
}

const RASTER_TYPE_KEY = 1025;
const PIXEL_IS_POINT = 2;

/** Value of GTRasterTypeGeoKey; keys come in fours: key, where, count, value. */
function rasterTypeOf(geoKeys: readonly number[]): number | undefined {
  for (let i = 4; i + 3 < geoKeys.length; i += 4) if (geoKeys[i] === RASTER_TYPE_KEY) return geoKeys[i + 3];
  return undefined;
}

/** The fields of the first image, as numbers. */
function readFields(
  view: DataView,
  little: boolean,
  refuse: (message: string) => InputError,
): Map<number, number[]> {
  const damaged = (): InputError => refuse('is cut short or damaged: its TIFF fields cannot be read');
  const size = view.byteLength;
  if (size < 8) throw damaged();
  const directory = view.getUint32(4, little);
  if (directory + 2 > size) throw damaged();
  const nFields = view.getUint16(directory, little);
  if (nFields > MOST_FIELDS || directory + 2 + 12 * nFields > size) throw damaged();
  const fields = new Map<number, number[]>();
  for (let i = 0; i < nFields; i++) {
    const at = directory + 2 + 12 * i;
    const type = view.getUint16(at + 2, little);
    const count = view.getUint32(at + 4, little);
    const bytes = TYPE_BYTES[type];
    if (bytes === undefined) continue;
    const from = bytes * count > 4 ? view.getUint32(at + 8, little) : at + 8;
    if (from + bytes * count > size) throw damaged();
    fields.set(
      view.getUint16(at, little),
      Array.from({ length: count }, (_, n) => fieldValue(view, type, from + n * bytes, little)),
    );
  }
  return fields;
}

function fieldValue(view: DataView, type: number, at: number, little: boolean): number {
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 4:
      return view.getUint32(at, little);
    case 6:
      return view.getInt8(at);
    case 8:
      return view.getInt16(at, little);
    case 9:
      return view.getInt32(at, little);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    default:
      return view.getUint8(at);
  }
}

interface SampleReader {
  bytes: number;
  at(view: DataView, at: number, little: boolean): number;
}

/** By SampleFormat (1 unsigned, 2 signed, 3 float) and bits. */
const SAMPLES: Readonly<Record<string, SampleReader['at']>> = {
  '1/8': (view, at) => view.getUint8(at),
  '1/16': (view, at, little) => view.getUint16(at, little),
  '1/32': (view, at, little) => view.getUint32(at, little),
  '2/16': (view, at, little) => view.getInt16(at, little),
  '2/32': (view, at, little) => view.getInt32(at, little),
  '3/32': (view, at, little) => view.getFloat32(at, little),
  '3/64': (view, at, little) => view.getFloat64(at, little),
};

function sampleReader(format: number, bits: number, refuse: (message: string) => InputError): SampleReader {
  const at = SAMPLES[`${format}/${bits}`];
  if (at === undefined) throw refuse(`has samples of format ${format} with ${bits} bits, which are not read`);
  return { bytes: bits / 8, at };
}
