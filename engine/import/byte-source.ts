/**
 * A file's bytes as a stream of pieces that can be read again from the start, unpacked on the way where they are
 * gzip. A packed file is never unpacked as a whole, so a small file that unpacks to gigabytes costs no memory.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { isGzip } from '../scenario/source-file.ts';

export interface ByteSource {
  /** The file as the user named it. */
  name: string;
  /** The bytes as they are in the file: packed, where `packed` says so. */
  bytes: Uint8Array;
  packed: boolean;
  /** Unpacked pieces in order; every call starts from the beginning. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

const FORMAT_NAMES = { gzip: 'gzip', deflate: 'zlib', 'deflate-raw': 'deflate' } as const;

const CHUNK_BYTES = 256 * 1024;

/** A source over the bytes of a file; gzip is recognised by its first bytes, not by the file's name. */
export function byteSource(name: string, bytes: Uint8Array): ByteSource {
  const packed = isGzip(bytes);
  return {
    name,
    bytes,
    packed,
    chunks: packed
      ? () => inflate({ name, place: '' }, bytes, 'gzip', LIMITS.fileBytes)
      : () => slices(bytes),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- same shape as inflate()
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/**
 * Unpacks gzip, zlib (`deflate`) or bare deflate data piece by piece. Counts what comes out and stops at the limit, whatever the
 * data claims; stopping early (`break`) releases the stream.
 * @param where  file and place, for errors
 * @throws InputError when the data is cut off, damaged, or unpacks to more than `limitBytes`
 */
export async function* inflate(
  where: { name: string; place: string },
  packed: Uint8Array,
  format: 'gzip' | 'deflate' | 'deflate-raw',
  limitBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  // Damage shows up in reader.read() below; here it would be an unhandled rejection of the same error.
  const ignore = (): void => {};
  writer.write(packed as Uint8Array<ArrayBuffer>).catch(ignore);
  writer.close().catch(ignore);
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let unpackedBytes = 0;
  try {
    for (;;) {
      let piece: Awaited<ReturnType<typeof reader.read>>;
      try {
        piece = await reader.read();
      } catch {
        const place = where.place || `byte ${packed.length}`;
        throw InputError.at(
          where.name,
          place,
          `packed data (${FORMAT_NAMES[format]}) is cut off or damaged after ${unpackedBytes} unpacked bytes; ` +
            'copy or download the file again',
        );
      }
      if (piece.done) return;
      unpackedBytes += piece.value.length;
      if (unpackedBytes > limitBytes) {
        throw InputError.at(
          where.name,
          where.place,
          `${packed.length} packed bytes unpack to more than the ${limitBytes} bytes allowed`,
        );
      }
      yield piece.value;
    }
  } finally {
    await reader.cancel().catch(ignore);
  }
}
