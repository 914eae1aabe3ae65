/**
 * Files written so that a reader, a crash or a full disk leaves the old content or the new, never half of either:
 * a temporary file beside the target, flushed to the disk, then renamed over it.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';

/** What this house asks of a file system; tests pass one that fails at a chosen step. */
export type FileSystem = Pick<
  typeof nodeFiles,
  'mkdir' | 'open' | 'readdir' | 'readFile' | 'realpath' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'unlink'
>;

export const NODE_FILES: FileSystem = nodeFiles;

/** Reads a file or answers for what cannot be read; files over `limitBytes` are refused before memory is taken. */
export async function readInputFile(
  path: string,
  limitBytes: number,
  fs: FileSystem = NODE_FILES,
): Promise<Uint8Array> {
  try {
    const found = await fs.stat(path);
    if (!found.isFile()) throw InputError.at(path, '', 'is not a regular file');
    if (found.size > limitBytes) {
      throw InputError.at(path, '', `is ${found.size} bytes long; at most ${limitBytes} are read`);
    }
    const { buffer, byteOffset, byteLength } = await fs.readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength); // no Buffer: its slice() is a view, not a copy
  } catch (error) {
    throw asFileError(path, 'read', error);
  }
}

/** A file being written. Nothing is seen under its own name before `commit`. */
interface PendingFile {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Flushes to the disk and puts the file in place of what was there. */
  commit(): Promise<void>;
  /** Throws the new content away; what was there stays. Harmless after `commit`. */
  discard(): Promise<void>;
}

/**
 * Opens a file for writing beside `path`, to be renamed over it. A symbolic link is followed; a pipe or device
 * (`/dev/stdout`) is written to directly, as there is nothing to replace.
 * @throws InputError when the path cannot be written
 */
export async function openPendingFile(path: string, fs: FileSystem = NODE_FILES): Promise<PendingFile> {
  const state: { handle: nodeFiles.FileHandle | undefined } = { handle: undefined };
  let temporary: string | undefined;
  const forget = () => temporary !== undefined && rmSync(temporary, { force: true });
  const discard = async () => {
    const { handle } = state;
    state.handle = undefined;
    await handle?.close().catch(() => undefined);
    if (temporary !== undefined) await fs.rm(temporary, { force: true }).catch(() => undefined);
    temporary = undefined;
    process.removeListener('exit', forget);
  };
  const guarded = async (step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      await discard();
      throw asFileError(path, 'written', error);
    }
  };

  let target = resolve(path);
  await guarded(async () => {
    const existing = await statOrNull(target, fs);
    if (existing?.isDirectory()) throw InputError.at(path, '', 'is a folder; a file name is needed');
    if (existing !== null && !existing.isFile()) {
      state.handle = await fs.open(target, 'w');
      return;
    }
    if (existing !== null) target = await fs.realpath(target);
    await fs.mkdir(dirname(target), { recursive: true });
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    process.on('exit', forget);
    state.handle = await fs.open(temporary, 'wx');
  });

  return {
    write: (chunk) => guarded(async () => void (await state.handle!.writeFile(chunk))),
    commit: () =>
      guarded(async () => {
        const handle = state.handle!;
        if (temporary !== undefined) await handle.sync();
        state.handle = undefined;
        await handle.close();
        if (temporary !== undefined) {
          await fs.rename(temporary, target);
          temporary = undefined;
          process.removeListener('exit', forget);
          await syncFolder(dirname(target), fs);
        }
      }),
    discard,
  };
}

/** Writes a whole file at once: the old content or the new, never half. Missing folders on the way are made. */
export async function writeFileWhole(
  path: string,
  content: string | Uint8Array,
  fs: FileSystem = NODE_FILES,
): Promise<void> {
  const file = await openPendingFile(path, fs);
  await file.write(content);
  await file.commit();
}

/** Refuses to write a result over the file that it is made from. */
export async function refuseSameFile(input: string, output: string): Promise<void> {
  const [from, to] = await Promise.all([statOrNull(input), statOrNull(output)]);
  if (from !== null && to !== null && from.dev === to.dev && from.ino === to.ino) {
    throw InputError.at('--out', '', `"${output}" is the input file; name another file`);
  }
}

/** Flushes a folder's list of names, so that a rename outlives a power cut. Not every system can; those are left. */
export async function syncFolder(path: string, fs: FileSystem = NODE_FILES): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await fs.open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(errorCode(error))) throw error;
  } finally {
    await folder.close();
  }
}

/** Status of what a path leads to, or null where there is nothing. */
export async function statOrNull(path: string, fs: FileSystem = NODE_FILES) {
  try {
    return await fs.stat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Code of a system error such as `ENOENT`, or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use, or a place where a disk is mounted',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something of that name exists already',
  EIO: 'the disk reports an error',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or folder',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
  EXDEV: 'it lies on another disk than its parent folder',
};

/** Turns an error of the file system into one that a person can act on; other errors pass through. */
export function asFileError(path: string, action: string, error: unknown): unknown {
  const code = errorCode(error);
  const isSystemError = /^E[A-Z0-9]+$/.test(code) && error instanceof Error && 'syscall' in error;
  if (error instanceof InputError || !isSystemError) return error;
  return InputError.at(path, '', `cannot be ${action}: ${REASONS[code] ?? 'the system refuses'} (${code})`);
}
