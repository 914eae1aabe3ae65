/**
 * The outer layer of an OSM PBF file (OpenStreetMap wiki, PBF Format): headers and blobs, each checked against the
 * format's limits before memory is taken for it.
 */
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { inflate } from '../byte-source.ts';
import { quote } from '../plain-text.ts';
import { BYTES, VARINT, WireReader } from './pbf-wire.ts';

/** A blob in the file: the bytes [start, end). */
export interface Frame {
  type: 'OSMHeader' | 'OSMData';
  start: number;
  end: number;
}

/** How the packings of later versions of the format are called; zlib is the one that files use. */
const OTHER_PACKINGS: ReadonlyMap<number, string> = new Map([
  [4, 'lzma'],
  [5, 'bzip2'],
  [6, 'lz4'],
  [7, 'zstd'],
]);

/** The frames in order; the first is the header. @throws InputError at the byte that breaks the format */
export function* readFrames(name: string, bytes: Uint8Array): Generator<Frame, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (byte: number, message: string): never => {
    throw InputError.at(name, `byte ${byte}`, message);
  };
  const mustHold = (at: number, length: number, what: string): void => {
    const left = bytes.length - at;
    if (length > left)
      fail(bytes.length, `the file ends here, ${length - left} bytes before the end of ${what}`);
  };
  let expected: Frame['type'] = 'OSMHeader';
  for (let at = 0; at < bytes.length;) {
    mustHold(at, 4, 'the length of a blob header');
    const headerBytes = view.getUint32(at);
    if (headerBytes === 0 || headerBytes > LIMITS.pbfBlobHeaderBytes) {
      fail(at, `a blob header of ${headerBytes} bytes; 1 to ${LIMITS.pbfBlobHeaderBytes} are allowed`);
    }
    const headerAt = at + 4;
    mustHold(headerAt, headerBytes, 'a blob header');
    const { type, dataBytes } = readBlobHeader(
      bytes.subarray(headerAt, headerAt + headerBytes),
      (byte, message) => fail(headerAt + byte, message),
    );
    if (type !== expected) fail(headerAt, `a blob of type ${quote(type)} where "${expected}" is expected`);
    if (dataBytes > LIMITS.pbfBlobBytes) {
      fail(headerAt, `a blob of ${dataBytes} bytes; at most ${LIMITS.pbfBlobBytes} are allowed`);
    }
    const start = headerAt + headerBytes;
    mustHold(start, dataBytes, 'a blob');
    at = start + dataBytes;
    yield { type: expected, start, end: at };
    expected = 'OSMData';
  }
}

function readBlobHeader(
  bytes: Uint8Array,
  report: (byte: number, message: string) => never,
): { type: string; dataBytes: number } {
  const wire = new WireReader(bytes, report);
  let type: string | undefined;
  let dataBytes: number | undefined;
  for (let field = wire.field(wire.length); field !== 0; field = wire.field(wire.length)) {
    if (field === 1) {
      const end = wire.valueEnd(wire.length);
      type = new TextDecoder().decode(wire.bytes(wire.pos, end));
      wire.pos = end;
    } else if (field === 3) {
      wire.expect(VARINT);
      dataBytes = wire.unsigned(wire.length);
    } else wire.skip(wire.length);
  }
  if (type === undefined || dataBytes === undefined) return wire.fail('a blob header without type or size');
  return { type, dataBytes };
}

/** The content of a blob, unpacked into exactly the size it claims. @throws InputError where the two differ */
export async function unpackBlob(name: string, file: Uint8Array, { start, end }: Frame): Promise<Uint8Array> {
  const fail = (byte: number, message: string): never => {
    throw InputError.at(name, `byte ${start + byte}`, message);
  };
  const wire = new WireReader(file.subarray(start, end), fail);
  let raw: Uint8Array | undefined;
  let zlib: Uint8Array | undefined;
  let claimedBytes: number | undefined;
  for (let field = wire.field(wire.length); field !== 0; field = wire.field(wire.length)) {
    const packing = OTHER_PACKINGS.get(field);
    if (packing !== undefined)
      wire.fail(`a blob packed with ${packing}; only zlib and unpacked blobs can be read`);
    if (field === 2) {
      wire.expect(VARINT);
      claimedBytes = wire.unsigned(wire.length);
    } else if (field === 1 || field === 3) {
      wire.expect(BYTES);
      if (raw !== undefined || zlib !== undefined) wire.fail('a blob with two contents');
      const valueEnd = wire.valueEnd(wire.length);
      const content = wire.bytes(wire.pos, valueEnd);
      if (field === 1) raw = content;
      else zlib = content;
      wire.pos = valueEnd;
    } else wire.skip(wire.length);
  }
  if (claimedBytes !== undefined && claimedBytes > LIMITS.pbfBlobBytes) {
    fail(0, `a blob that unpacks to ${claimedBytes} bytes; at most ${LIMITS.pbfBlobBytes} are allowed`);
  }
  if (raw !== undefined) {
    if (claimedBytes !== undefined && claimedBytes !== raw.length) {
      fail(0, `a blob of ${raw.length} bytes that claims ${claimedBytes}`);
    }
    return raw;
  }
  if (zlib === undefined) return fail(0, 'a blob without content');
  if (claimedBytes === undefined || claimedBytes === 0)
    return fail(0, 'a packed blob that does not say its size');
  const content = new Uint8Array(claimedBytes);
  let filled = 0;
  for await (const piece of inflate({ name, place: `byte ${start}` }, zlib, 'deflate', claimedBytes)) {
    content.set(piece, filled);
    filled += piece.length;
  }
  if (filled !== claimedBytes) fail(0, `a blob that unpacks to ${filled} bytes and claims ${claimedBytes}`);
  return content;
}
