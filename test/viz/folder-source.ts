/** A results folder on disk as the viewer's loader sees one, counting the bytes it asks for. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_FILES } from '../../engine/results/results-folder.ts';
import type { ResultFileName, ResultsSource } from '../../viz/source.ts';

interface CountedSource extends ResultsSource {
  bytesRead: Map<ResultFileName, number>;
}

export function folderSource(folder: string): CountedSource {
  const sizes = new Map<ResultFileName, number>();
  for (const name of Object.values(RESULT_FILES)) {
    const file = join(folder, name);
    if (existsSync(file)) sizes.set(name, statSync(file).size);
  }
  const bytesRead = new Map<ResultFileName, number>();
  return {
    sizes,
    bytesRead,
    open: (name) => {
      const byteLength = sizes.get(name);
      if (byteLength === undefined) throw new Error(`${name} is not in ${folder}`);
      return {
        byteLength,
        slice: (start, end = byteLength) => {
          bytesRead.set(name, (bytesRead.get(name) ?? 0) + end - start);
          const bytes = new Uint8Array(Math.max(0, end - start));
          const file = openSync(join(folder, name), 'r');
          readSync(file, bytes, 0, bytes.length, start);
          closeSync(file);
          return Promise.resolve(bytes.buffer);
        },
      };
    },
  };
}
