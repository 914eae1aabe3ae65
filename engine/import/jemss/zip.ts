/**
 * Zip archives as peers pack their data: stored or deflated entries, each with its length and CRC-32 checked. Unpacking
 * is the platform's own (DecompressionStream); what is written here is the directory, which a package would bring along
 * with a second copy of deflate. Refused: encryption, archives in parts, Zip64, other methods.
 */
import { InputError } from '../../errors.ts';
import { inflate } from '../byte-source.ts';
import { quote } from '../plain-text.ts';

interface ZipEntry {
  /** As the archive has it, with forward slashes. */
  name: string;
  packedBytes: number;
  unpackedBytes: number;
  crc: number;
  method: number;
  /** Of its local header. */
  offset: number;
}

const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
const LOCAL_MARK = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const MOST_ENTRIES = 10_000;

/** True when the bytes start like a zip archive that holds something. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === LOCAL_MARK;

/**
 * The files of an archive, folders left out, in the order of its directory.
 * @throws InputError naming the file when it is no archive, is cut short, or has an entry that is refused
 */
export function zipEntries(file: string, bytes: Uint8Array): ZipEntry[] {
  const refuse = (message: string): InputError => InputError.at(file, '', message);
  const view = viewOf(bytes);
  const end = endOfDirectory(view);
  if (end < 0) throw refuse('is not a zip archive, or is cut short: its directory is missing');
  const nEntries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (view.getUint16(end + 4, true) !== 0 || nEntries === 0xffff || at === 0xffff_ffff) {
    throw refuse('is an archive in parts or in Zip64, which is not read');
  }
  if (nEntries > MOST_ENTRIES) throw refuse(`has ${nEntries} entries; at most ${MOST_ENTRIES} are read`);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < nEntries; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY_MARK) {
      throw refuse(`entry ${i + 1} of its directory is damaged`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw refuse(`entry ${i + 1} of its directory is damaged`);
    const name = new TextDecoder()
      .decode(bytes.subarray(at + 46, at + 46 + nameLength))
      .replaceAll('\\', '/');
    const method = view.getUint16(at + 10, true);
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw refuse(`the entry ${quote(name)} is encrypted`);
    if (method !== STORED && method !== DEFLATED) {
      throw refuse(
        `the entry ${quote(name)} is packed by method ${method}; 0 (stored) and 8 (deflate) are read`,
      );
    }
    if (!name.endsWith('/')) {
      entries.push({
        name,
        method,
        crc: view.getUint32(at + 16, true),
        packedBytes: view.getUint32(at + 20, true),
        unpackedBytes: view.getUint32(at + 24, true),
        offset: view.getUint32(at + 42, true),
      });
    }
    at = next;
  }
  return entries;
}

/**
 * Unpacks one entry.
 * @param mostBytes  an entry that claims more is refused before it is unpacked
 * @throws InputError naming archive and entry when it is damaged or too large
 */
export async function readZipEntry(
  file: string,
  bytes: Uint8Array,
  entry: ZipEntry,
  mostBytes: number,
): Promise<Uint8Array> {
  const place = `entry ${entry.name}`;
  const refuse = (message: string): InputError => InputError.at(file, place, message);
  if (entry.unpackedBytes > mostBytes) {
    throw refuse(`is ${entry.unpackedBytes} bytes long unpacked; at most ${mostBytes} are read`);
  }
  const view = viewOf(bytes);
  const { offset } = entry;
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL_MARK) {
    throw refuse('does not begin where the directory says');
  }
  const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (from + entry.packedBytes > bytes.length) throw refuse('runs past the end of the archive');
  const packed = bytes.subarray(from, from + entry.packedBytes);
  const unpacked = entry.method === STORED ? packed : await unpack(file, place, packed, entry.unpackedBytes);
  if (unpacked.length !== entry.unpackedBytes) {
    throw refuse(`unpacks to ${unpacked.length} bytes, not ${entry.unpackedBytes}`);
  }
  if (crc32(unpacked) !== entry.crc) throw refuse('is damaged: its CRC-32 does not match');
  return unpacked;
}

async function unpack(file: string, place: string, packed: Uint8Array, length: number): Promise<Uint8Array> {
  const unpacked = new Uint8Array(length);
  let at = 0;
  for await (const piece of inflate({ name: file, place }, packed, 'deflate-raw', length)) {
    unpacked.set(piece, at);
    at += piece.length;
  }
  return unpacked.subarray(0, at);
}

/** Where the end record of the directory begins: the last place that has its mark and a comment that fits; -1 without. */
function endOfDirectory(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    const fits = at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength;
    if (fits && view.getUint32(at, true) === END_MARK) return at;
  }
  return -1;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** CRC-32 of IEEE 802.3, as zip uses it. Cost O(bytes). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffff_ffff) >>> 0;
}

const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});
