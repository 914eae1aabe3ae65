/** A file system whose n-th step fails, for tests that ask what is left behind. */
import type { FileHandle } from 'node:fs/promises';
import { type FileSystem, NODE_FILES } from '../../engine/node/files.ts';

interface FailingFiles {
  fs: FileSystem;
  /** Steps taken so far. */
  steps(): number;
}

/** Counts every call on the file system and on its open files; step `failAt` (from 1) fails with `code`. */
export function failingFiles(failAt: number, code: string): FailingFiles {
  let taken = 0;
  const step = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    taken++;
    if (taken === failAt) {
      throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name, errno: -1 });
    }
    return await call();
  };
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_, key) => {
        const member = (target as Record<string | symbol, unknown>)[key];
        if (typeof member !== 'function') return member;
        const call = member as (...given: unknown[]) => unknown;
        if (key === 'close') {
          // A close that reports an error has closed the file all the same.
          return async (...given: unknown[]) => {
            await call.apply(target, given);
            await step('close', () => Promise.resolve());
          };
        }
        return (...given: unknown[]) =>
          step(String(key), async () => {
            const result: unknown = await call.apply(target, given);
            return key === 'open' ? wrap(result as FileHandle) : result;
          });
      },
    });
  return { fs: wrap(NODE_FILES), steps: () => taken };
}
