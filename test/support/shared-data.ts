/**
 * The shared data folder (real roads, incidents, benchmark sets). It is not part of the repository: tests that need
 * it skip with a clear line where it is absent, and PATROL135_REQUIRE_DATA=1 makes its absence a failure.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'vitest';

const folder = resolve(process.env.PATROL135_DATA ?? `${import.meta.dirname}/../../../shared/data`);

/** Absolute path of the data folder, or null. */
export const sharedData: string | null = existsSync(`${folder}/CATALOGUE.md`) ? folder : null;

/** `describe` for tests that read shared data; `body` gets the folder. */
export function describeWithData(name: string, body: (data: string) => void): void {
  if (sharedData !== null) {
    const data = sharedData;
    describe(name, () => body(data));
  } else if (process.env.PATROL135_REQUIRE_DATA === '1') {
    it(name, () => {
      throw new Error(`no shared data at ${folder}, and PATROL135_REQUIRE_DATA=1 asks for it`);
    });
  } else {
    describe.skip(`${name} (skipped: no shared data folder; set PATROL135_DATA)`, () =>
      it('needs data', () => {}));
  }
}
