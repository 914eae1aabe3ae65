/** What two runs are compared by: the hash of every file of a results folder. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_FILES } from '../../engine/results/results-folder.ts';

/** SHA-256 of every file by name, without timing.json. Whatever else lies in the folder is in, too. */
export function hashesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder)
    .filter((name) => name !== RESULT_FILES.timing)
    .sort();
  const sha256 = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, sha256(name)]));
}
