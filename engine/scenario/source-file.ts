/**
 * What every way of opening a scenario's files shares: which file names may be asked for at all, what a file is
 * called in messages and manifests, and the checks on its bytes. Opening itself is done by node/ and browser/.
 */
import { InputError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { LIMITS } from '../limits.ts';
import type { SourceFile } from './scenario.ts';
import type { FileRef } from './schema.ts';

/** A file reference taken apart: where to look, what to look for, and what it must hold. */
export interface FileRequest {
  from: { kind: 'folder' } | { kind: 'package'; name: string } | { kind: 'data'; name: string };
  /** Path inside that place, with forward slashes. */
  path: string;
  /** The same on every machine; see SourceFile.name. */
  name: string;
  sha256: string | undefined;
}

/**
 * @param file   scenario file, for the error
 * @param place  JSON path of the reference, for the error
 * @throws InputError when the path could lead out of the folder it is for, on any system
 */
export function fileRequest(ref: FileRef, file: string, place: string): FileRequest {
  const { path, sha256, from } = parts(ref);
  const fault = pathFault(path);
  if (fault !== undefined) {
    throw InputError.at(
      file,
      place,
      `${JSON.stringify(path)} ${fault}; allowed: a path inside the folder, such as "data/zones.geojson"`,
    );
  }
  return { from, path, sha256, name: from.kind === 'folder' ? path : `${from.kind}:${from.name}/${path}` };
}

function parts(ref: FileRef): { path: string; sha256: string | undefined; from: FileRequest['from'] } {
  if (typeof ref === 'string') return { path: ref, sha256: undefined, from: { kind: 'folder' } };
  const { file: path, sha256 } = ref;
  if ('package' in ref) return { path, sha256, from: { kind: 'package', name: ref.package } };
  if ('data' in ref) return { path, sha256, from: { kind: 'data', name: ref.data } };
  return { path, sha256, from: { kind: 'folder' } };
}

/** Why a path is refused whatever the system: it is judged as Windows, macOS and Linux would read it. */
function pathFault(path: string): string | undefined {
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(path)) return 'holds a control character';
  if (path.includes('\\')) return 'holds a backslash';
  // a colon starts a URL, a Windows drive or an alternate data stream
  if (path.includes(':')) return 'holds a colon (no URL, no drive)';
  if (path.startsWith('/')) return 'is absolute';
  const steps = path.split('/');
  if (steps.includes('..')) return 'leads out of the folder with ".."';
  if (steps.includes('') || steps.includes('.')) return 'has an empty step or a "."';
  return undefined;
}

/**
 * Checks the hash a scenario asks for, and unpacks gzip (known by its first bytes, not by its name).
 * @param stored  the file as stored
 * @throws InputError when the hash differs or the gzip is broken or unpacks to too much
 */
export async function toSourceFile(
  { name, sha256: expected }: FileRequest,
  stored: Uint8Array,
  file: string,
  place: string,
): Promise<SourceFile> {
  const sha256 = await sha256Hex(stored);
  if (expected !== undefined && sha256 !== expected) {
    throw InputError.at(file, place, `${name} has sha256 ${sha256}, but the scenario asks for ${expected}`);
  }
  if (!isGzip(stored)) return { name, sha256, bytes: stored };
  const bytes = await namedBy(file, place, () => unpackGzip(stored, name));
  return { name, sha256, bytes, packedBytes: stored.length };
}

/** Runs `work` on a file; what is wrong with the file is told at the place of the scenario that names it. */
export async function namedBy<T>(file: string, place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      error.problems.map((problem) => ({
        file,
        place,
        message: [problem.file, problem.place, problem.message].filter(Boolean).join(' '),
      })),
    );
  }
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Unpacks gzip, counting while it goes, so that a small file cannot fill the memory.
 * @param maxBytes  most it may unpack to
 * @throws InputError when broken, cut short or beyond maxBytes
 */
export async function unpackGzip(
  packed: Uint8Array,
  fileName: string,
  maxBytes: number = LIMITS.textBytes,
): Promise<Uint8Array> {
  const unpacked = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  const bytes = await readStream(unpacked, maxBytes).catch(() => {
    throw InputError.at(fileName, '', 'is broken gzip, or cut short');
  });
  if (bytes !== null) return bytes;
  throw InputError.at(fileName, '', `unpacks to more than ${maxBytes} bytes, the most that is allowed`);
}

/** All bytes of a stream, counted while they come; null where there are more than `maxBytes`, of which no more is read. */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    length += step.value.length;
    if (length > maxBytes) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(step.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
