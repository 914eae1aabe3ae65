/**
 * Opens a scenario and its files from disk. Nothing is opened but regular files inside the scenario folder, inside a
 * package of a fixed list, or inside a folder granted with `--data NAME=DIR`; links are followed to their end first
 * and judged there.
 */
import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { InputError, nearestName } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { ScenarioFiles, SourceFile } from '../scenario/scenario.ts';
import type { FileRef } from '../scenario/schema.ts';
import { type FileRequest, fileRequest, namedBy, toSourceFile } from '../scenario/source-file.ts';

/** A scenario as opened: what `loadScenario` takes. */
export interface OpenedScenario {
  /** Without its folder. */
  fileName: string;
  bytes: Uint8Array;
  files: ScenarioFiles;
}

/**
 * @param path    a scenario folder (holding scenario.json) or a JSON file
 * @param grants  folders for `{"data": NAME, …}` by name
 * @throws InputError when the scenario or a granted folder is not there, or not what it should be
 */
export async function openScenario(
  path: string,
  grants: Readonly<Record<string, string>>,
): Promise<OpenedScenario> {
  const isFolder = (await kindOf(path)) === 'folder';
  const scenarioPath = isFolder ? join(path, 'scenario.json') : path;
  const bytes = await readRegularFile(scenarioPath, scenarioPath, LIMITS.scenarioBytes);
  const fileName = basename(scenarioPath);
  const folder = await realpath(dirname(resolve(scenarioPath)));

  const granted = new Map<string, string>();
  for (const [name, directory] of Object.entries(grants)) {
    if ((await kindOf(directory)) !== 'folder') {
      throw InputError.at(`--data ${name}=${directory}`, '', 'is not a folder');
    }
    granted.set(name, await realpath(directory));
  }

  const rootOf = ({ from }: FileRequest, place: string): string | Promise<string> => {
    switch (from.kind) {
      case 'folder':
        return folder;
      case 'package':
        return packageFolder(from.name, fileName, place);
      case 'data': {
        const root = granted.get(from.name);
        if (root !== undefined) return root;
        const near = nearestName(from.name, [...granted.keys()]);
        const hint = near === undefined ? '' : ` (granted is ${JSON.stringify(near)})`;
        throw InputError.at(
          fileName,
          place,
          `the data folder ${JSON.stringify(from.name)} is not granted${hint}; run with --data ${from.name}=DIR`,
        );
      }
    }
  };

  const read = async (ref: FileRef, place: string): Promise<SourceFile> => {
    const request = fileRequest(ref, fileName, place);
    const root = await rootOf(request, place);
    const found = await realpath(join(root, request.path)).catch((error: unknown) => {
      throw InputError.at(fileName, place, `${request.name} cannot be opened: ${reason(error)}`);
    });
    if (!found.startsWith(root.endsWith(sep) ? root : root + sep)) {
      throw InputError.at(fileName, place, `${request.name} is a link that leads out of its folder`);
    }
    const stored = await namedBy(fileName, place, () => readRegularFile(found, request.name));
    return toSourceFile(request, stored, fileName, place);
  };
  return { fileName, bytes, files: { read } };
}

/**
 * Reads a whole file of known name, if it is a regular file of bounded size. Never waits on a pipe or a device.
 * @param path      where it is; a link at its end is followed
 * @param name      what to call it in errors
 * @param maxBytes  size above which nothing is read
 * @throws InputError
 */
export async function readRegularFile(
  path: string,
  name: string,
  maxBytes: number = LIMITS.fileBytes,
): Promise<Uint8Array> {
  // asked before opening: opening some devices has effects; and non-blocking, in case it becomes a pipe meanwhile
  const kind = await kindOf(path);
  if (kind !== 'file') throw InputError.at(name, '', `is not a regular file but ${kind}`);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
    (error: unknown) => {
      throw InputError.at(name, '', `cannot be opened: ${reason(error)}`);
    },
  );
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw InputError.at(name, '', 'is not a regular file');
    if (info.size > maxBytes) {
      throw InputError.at(name, '', `holds ${info.size} bytes; allowed are at most ${maxBytes}`);
    }
    const bytes = new Uint8Array(info.size);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), at);
      if (bytesRead === 0) throw InputError.at(name, '', 'became shorter while it was read');
      at += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** What a path leads to, in words. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'a pipe' | 'a device' | 'a socket'> {
  const info = await stat(path).catch((error: unknown) => {
    throw InputError.at(path, '', `cannot be opened: ${reason(error)}`);
  });
  if (info.isFile()) return 'file';
  if (info.isDirectory()) return 'folder';
  if (info.isFIFO()) return 'a pipe';
  return info.isSocket() ? 'a socket' : 'a device';
}

/** The folder of a package that we depend on, wherever it was installed. */
async function packageFolder(name: string, fileName: string, place: string): Promise<string> {
  try {
    return await realpath(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)));
  } catch {
    throw InputError.at(fileName, place, `the package ${name} is not installed; run npm install`);
  }
}

/** Why the system refused, without the path it names. */
function reason(error: unknown): string {
  const code = (error as { code?: string }).code ?? '';
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EACCES: 'no permission',
    ELOOP: 'its links lead in a circle',
    ENAMETOOLONG: 'its name is too long',
  };
  return known[code] ?? (code === '' ? String(error) : code);
}
