/** A lock file that keeps two runs out of one results folder. It names its owner, so that one left by a crash is known. */
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { InputError } from '../errors.ts';
import { errorCode, type FileSystem, NODE_FILES } from './files.ts';

export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  pid: number;
  host: string;
}

/** Locks this process holds, to tell its own from one left by a dead process that had the same number. */
const held = new Set<string>();

/**
 * Takes the lock at `lockPath` for writing into `folder`.
 * @throws InputError when a living process holds it
 */
export async function takeLock(
  lockPath: string,
  folder: string,
  fs: FileSystem = NODE_FILES,
): Promise<FolderLock> {
  if (!(await tryCreate(lockPath, fs))) {
    await removeStale(lockPath, folder, fs);
    if (!(await tryCreate(lockPath, fs))) throw busy(folder, lockPath, await readOwner(lockPath, fs));
  }
  held.add(lockPath);
  const forget = () => rmSync(lockPath, { force: true });
  process.on('exit', forget);
  return {
    release: async () => {
      await fs.rm(lockPath, { force: true });
      held.delete(lockPath);
      process.removeListener('exit', forget);
    },
  };
}

async function tryCreate(lockPath: string, fs: FileSystem): Promise<boolean> {
  try {
    const file = await fs.open(lockPath, 'wx');
    try {
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner));
    } catch (error) {
      await fs.rm(lockPath, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a lock whose owner is gone. Two processes may find it at the same moment, and the slower must not remove
 * the lock that the faster has taken since: so they take turns, and look only when it is theirs. A lock without an
 * owner is one that is being written just now.
 */
async function removeStale(lockPath: string, folder: string, fs: FileSystem): Promise<void> {
  const turn = `${lockPath}-turn`;
  if (!(await tryCreate(turn, fs))) throw busy(folder, turn, await readOwner(turn, fs));
  try {
    const owner = await readOwner(lockPath, fs);
    if (owner === 'gone') return;
    if (owner === null || isAlive(owner, lockPath)) throw busy(folder, lockPath, owner);
    await fs.rm(lockPath, { force: true });
  } finally {
    await fs.rm(turn, { force: true });
  }
}

/** The owner, or null for a lock that does not name one (yet). */
async function readOwner(lockPath: string, fs: FileSystem): Promise<Owner | null | 'gone'> {
  try {
    const owner: unknown = JSON.parse(await fs.readFile(lockPath, 'utf8'));
    if (typeof owner !== 'object' || owner === null) return null;
    const { pid, host } = owner as Partial<Owner>;
    return Number.isInteger(pid) && typeof host === 'string' ? { pid: pid!, host } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (errorCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

/** Another machine's processes cannot be seen from here: its locks count as alive. */
function isAlive({ pid, host }: Owner, lockPath: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(lockPath);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function busy(folder: string, lockPath: string, owner: Owner | null | 'gone'): InputError {
  const who = owner === null || owner === 'gone' ? 'another run' : `process ${owner.pid} on ${owner.host}`;
  return InputError.at(
    '--out',
    '',
    `${who} is writing to "${folder}"; wait for it or name another folder (if nothing runs there, delete ${lockPath})`,
  );
}
