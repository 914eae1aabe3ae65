/** What must hold of every broken file: one clear refusal or a sound extract, within bounds, and nothing touched. */
import { expect } from 'vitest';
import { InputError } from '../../engine/errors.ts';
import { checkRoadExtract } from '../../engine/import/road-extract.ts';
import type { RoadFormat } from '../../engine/import/road-importer.ts';
import { readBytes } from './read-map.ts';

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).sort().join();
const MOST_MEMORY_BYTES = 256 * 1024 * 1024;

/** Counts of a series, for a guard against tests that see only one outcome. */
export interface Outcomes {
  read: number;
  refused: number;
}

/** Reads a broken file; 'read' or the InputError. Any other error, or an unsound extract, fails the test. */
export async function readBroken(
  bytes: Uint8Array | string,
  what: string,
  format?: RoadFormat,
): Promise<InputError | 'read'> {
  try {
    const extract = await readBytes(bytes, { ...(format === undefined ? {} : { format }) });
    checkRoadExtract(extract);
    return 'read';
  } catch (error) {
    if (!(error instanceof InputError)) throw new Error(`${what}: not an InputError`, { cause: error });
    if (error.problems.length === 0 || error.message.length > 10_000)
      throw new Error(`${what}: no clear message`);
    return error;
  } finally {
    if (Object.getOwnPropertyNames(Object.prototype).sort().join() !== prototypeBefore) {
      throw new Error(`${what}: Object.prototype was changed`);
    }
  }
}

/** Runs `body` and states that this process has not grown by more than the allowed memory while it did. */
export async function withinMemory(body: () => Promise<void>): Promise<void> {
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
  try {
    await body();
  } finally {
    clearInterval(watch);
  }
  expect(Math.max(most, process.memoryUsage().rss) - before).toBeLessThan(MOST_MEMORY_BYTES);
}
