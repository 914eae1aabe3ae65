/**
 * The results folder of a run, replaced as a whole: all files are written into a fresh folder beside it, flushed, and
 * the two are swapped. `NAME` being the folder, three hidden names beside it are used while a run writes:
 *
 *   .NAME.patrol135-lock   keeps a second run out
 *   .NAME.patrol135-new    the files so far
 *   .NAME.patrol135-old    what was there, for the moment between the two renames of the swap
 *
 * None is left at the end. After a crash the next run (or `recoverFolder`) finds them and puts the old results back
 * where the swap was cut off.
 */
import { rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { RESULT_FILES } from '../results/results-folder.ts';
import { asFileError, type FileSystem, NODE_FILES, statOrNull, syncFolder } from './files.ts';
import { type FolderLock, takeLock } from './folder-lock.ts';

export interface OutputFolder {
  /** Absolute path, symbolic links followed. */
  readonly path: string;
  /** Replaces the folder's content by these files, at once. Releases the folder. */
  commit(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Gives the folder up; what was there stays. Harmless after `commit`. */
  release(): Promise<void>;
}

/** Names that file managers drop into a folder; they go with the old results. */
const LITTER = ['.DS_Store', 'Thumbs.db', 'desktop.ini'];

/**
 * Says early, before anything long is done, whether results may go to `out`: a folder that does not exist, is empty,
 * or holds results of ours and nothing else.
 * @throws InputError naming what stands in the way
 */
export async function checkOutputFolder(out: string, fs: FileSystem = NODE_FILES): Promise<void> {
  try {
    await findWhatStandsInTheWay(out, fs);
  } catch (error) {
    throw asFileError(out, 'written', error);
  }
}

async function findWhatStandsInTheWay(out: string, fs: FileSystem): Promise<void> {
  const path = await followLinks(resolve(out), fs);
  const here = await followLinks(process.cwd(), fs);
  if (`${here}/`.startsWith(`${path}/`)) {
    throw refused(out, 'is the current folder or one above it, which cannot be replaced as a whole');
  }
  const found = await statOrNull(path, fs);
  if (found === null) return;
  if (!found.isDirectory()) throw refused(out, 'is a file');
  const names = (await fs.readdir(path)).filter((name) => !LITTER.includes(name));
  if (names.length === 0) return;
  if (!names.includes(RESULT_FILES.manifest)) {
    throw refused(out, `holds files but no ${RESULT_FILES.manifest}, so it is not a results folder`);
  }
  const ours: readonly string[] = Object.values(RESULT_FILES);
  const foreign = names.filter((name) => !ours.includes(name)).sort();
  if (foreign.length > 0) {
    const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : '';
    throw refused(
      out,
      `holds more than results, which would be lost: ${foreign.slice(0, 3).join(', ')}${more}`,
    );
  }
}

/**
 * Takes the results folder for writing.
 * @throws InputError when it may not be replaced, cannot be written, or another run holds it
 */
export async function openOutputFolder(out: string, fs: FileSystem = NODE_FILES): Promise<OutputFolder> {
  await checkOutputFolder(out, fs);
  const path = await followLinks(resolve(out), fs).catch((error: unknown) => {
    throw asFileError(out, 'written', error);
  });
  const beside = namesBeside(path);
  let lock: FolderLock | undefined;
  const forget = () => rmSync(beside.fresh, { recursive: true, force: true });

  const release = async () => {
    if (lock === undefined) return;
    process.removeListener('exit', forget);
    await fs.rm(beside.fresh, { recursive: true, force: true }).catch(() => undefined);
    await lock.release().catch(() => undefined);
    lock = undefined;
  };
  const guarded = async (step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      await release();
      throw asFileError(out, 'written', error);
    }
  };

  await guarded(async () => {
    await fs.mkdir(dirname(path), { recursive: true });
    lock = await takeLock(beside.lock, out, fs);
    await tidyAfterCrash(path, fs);
    await checkOutputFolder(out, fs);
    process.on('exit', forget);
    await fs.mkdir(beside.fresh);
  });

  return {
    path,
    release,
    commit: async (files) => {
      await guarded(async () => {
        for (const [name, bytes] of files) await writeAndSync(join(beside.fresh, name), bytes, fs);
        await syncFolder(beside.fresh, fs);
        await swap(path, fs);
      });
      await release();
    },
  };
}

/**
 * Puts results back that a crash in the middle of a swap left under their hidden name. Returns whether it did so.
 * Does nothing while a run writes there.
 */
export async function recoverFolder(path: string, fs: FileSystem = NODE_FILES): Promise<boolean> {
  const target = resolve(path);
  const beside = namesBeside(target);
  if ((await statOrNull(target, fs)) !== null || (await statOrNull(beside.old, fs)) === null) return false;
  const lock = await takeLock(beside.lock, path, fs);
  try {
    await tidyAfterCrash(target, fs);
  } finally {
    await lock.release();
  }
  return true;
}

function namesBeside(path: string) {
  const name = join(dirname(path), `.${basename(path)}.patrol135`);
  return { lock: `${name}-lock`, fresh: `${name}-new`, old: `${name}-old` };
}

/** With the lock held, whatever stands under the hidden names was left by a process that is gone. */
async function tidyAfterCrash(path: string, fs: FileSystem): Promise<void> {
  const beside = namesBeside(path);
  if ((await statOrNull(beside.old, fs)) !== null) {
    const swapped = await statOrNull(join(path, RESULT_FILES.manifest), fs);
    if (swapped !== null) {
      await fs.rm(beside.old, { recursive: true, force: true });
    } else {
      if ((await statOrNull(path, fs)) !== null) await fs.rmdir(path);
      await fs.rename(beside.old, path);
    }
  }
  await fs.rm(beside.fresh, { recursive: true, force: true });
}

async function swap(path: string, fs: FileSystem): Promise<void> {
  const beside = namesBeside(path);
  const hadOld = (await statOrNull(path, fs)) !== null;
  if (hadOld) await fs.rename(path, beside.old);
  try {
    await fs.rename(beside.fresh, path);
  } catch (error) {
    if (hadOld) await fs.rename(beside.old, path);
    throw error;
  }
  await syncFolder(dirname(path), fs);
  if (hadOld) await fs.rm(beside.old, { recursive: true, force: true });
}

async function writeAndSync(path: string, bytes: Uint8Array, fs: FileSystem): Promise<void> {
  const file = await fs.open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function followLinks(path: string, fs: FileSystem): Promise<string> {
  return (await statOrNull(path, fs)) === null ? path : await fs.realpath(path);
}

function refused(out: string, why: string): InputError {
  return InputError.at('--out', '', `"${out}" ${why}; name another folder`);
}
