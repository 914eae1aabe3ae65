/**
 * A scenario and its files where there is no disk: dropped by a person or fetched. Files are held by the names that
 * SourceFile uses: `zones.geojson` beside the scenario, `package:NAME/path` and `data:NAME/path` for the rest.
 */
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { didYouMean } from '../scenario/problems.ts';
import type { ScenarioFiles } from '../scenario/scenario.ts';
import { fileRequest, readStream, toSourceFile } from '../scenario/source-file.ts';

/**
 * @param files     bytes by name; only these can be read
 * @param fileName  name of the scenario among them
 * @throws InputError when the scenario is not among them
 */
export function openScenarioFromBytes(
  files: ReadonlyMap<string, Uint8Array>,
  fileName = 'scenario.json',
): { fileName: string; bytes: Uint8Array; files: ScenarioFiles } {
  const take = (name: string, file: string, place: string): Uint8Array => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    const hint = didYouMean(name, [...files.keys()]);
    throw InputError.at(file, place, `${name} is not among the ${files.size} files given${hint}`);
  };
  return {
    fileName,
    bytes: take(fileName, fileName, ''),
    files: {
      async read(ref, place) {
        const request = fileRequest(ref, fileName, place);
        return toSourceFile(request, take(request.name, fileName, place), fileName, place);
      },
    },
  };
}

/**
 * Fetches files, one after the other, each into memory.
 * @param urls      address of each file by name
 * @param maxBytes  size at which a download is broken off
 * @throws InputError when one cannot be fetched or is too large
 */
export async function fetchFiles(
  urls: ReadonlyMap<string, string>,
  maxBytes: number = LIMITS.fileBytes,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const [name, url] of urls) {
    const response = await fetch(url).catch(() => {
      throw InputError.at(name, '', 'cannot be fetched: no answer');
    });
    if (!response.ok)
      throw InputError.at(name, '', `cannot be fetched: the server answers ${response.status}`);
    // counted while it arrives: a server need not say its size, or say it truly
    const bytes = response.body === null ? new Uint8Array(0) : await readStream(response.body, maxBytes);
    if (bytes === null)
      throw InputError.at(name, '', `holds more than ${maxBytes} bytes, the most that is allowed`);
    files.set(name, bytes);
  }
  return files;
}
