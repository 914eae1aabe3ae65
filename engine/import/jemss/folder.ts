/**
 * Where JEMSS looks for files: paths with `$jemssDir` and `$configFileDir` in them, absolute or relative to a folder, and,
 * for what its set-up script would have unpacked, inside a zip archive beside the missing file.
 */
import { InputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { looksLikeZip, readZipEntry, zipEntries } from './zip.ts';

/** The disk, or whatever stands for it; paths have forward slashes. */
export interface JemssDisk {
  /** Null where there is no such file. @throws InputError where it cannot be read */
  read(path: string): Promise<Uint8Array | null>;
  /** Names of the files and folders in a folder, in any order; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
}

/** A file with the name by which people find it. */
export interface JemssFile {
  name: string;
  /** Path that stands for it, whether packed or not. */
  path: string;
  bytes: Uint8Array;
}

export class JemssFolder {
  /** Folder of the configuration, without a slash at its end. */
  readonly configDir: string;
  private readonly disk: JemssDisk;
  private readonly jemssDir: string | undefined;
  private readonly made = new Map<string, Uint8Array>();

  /** @param jemssDir  what `$jemssDir` stands for; by default the nearest folder above the configuration that fits */
  constructor(disk: JemssDisk, configFile: string, jemssDir: string | undefined) {
    this.disk = disk;
    this.configDir = folderOf(configFile);
    this.jemssDir = jemssDir?.replace(/(.)\/+$/, '$1');
  }

  /** Puts a file where none is: what JEMSS's generator would have written. */
  make(path: string, bytes: Uint8Array): void {
    this.made.set(path, bytes);
  }

  /** The file at a path, packed or not, or null. @throws InputError when an archive beside it is damaged */
  async find(path: string): Promise<JemssFile | null> {
    const made = this.made.get(path);
    if (made !== undefined) return { name: path, path, bytes: made };
    const bytes = await this.disk.read(path);
    if (bytes !== null) return { name: path, path, bytes };
    const folder = folderOf(path);
    const base = path.slice(folder.length + 1);
    const archives = (await this.disk.list(folder)).filter((name) => /\.zip$/i.test(name)).sort(byCode);
    for (const archive of archives) {
      const packed = await this.disk.read(`${folder}/${archive}`);
      if (packed === null || !looksLikeZip(packed)) continue;
      const file = `${folder}/${archive}`;
      const entry = zipEntries(file, packed).find(({ name }) => name.split('/').at(-1) === base);
      if (entry === undefined) continue;
      return {
        name: `${file}/${base}`,
        path,
        bytes: await readZipEntry(file, packed, entry, LIMITS.textBytes),
      };
    }
    return null;
  }

  /**
   * A path as JEMSS writes it, in full.
   * @param from  folder that it is relative to
   * @throws InputError where `$jemssDir` cannot be found
   */
  async resolve(written: string, from: string, file: string, place: string): Promise<string> {
    const path = written
      .trim()
      .replaceAll('\\', '/')
      .replace(/^\$configFileDir(?=\/|$)/, this.configDir);
    const rest = /^\$jemssDir(?:\/(.*))?$/s.exec(path)?.[1];
    if (rest !== undefined) return joined(await this.jemssFolder(rest, file, place), rest);
    const unknown = /\$\(?\w*\)?/.exec(path)?.[0];
    if (unknown !== undefined) {
      throw InputError.at(
        file,
        place,
        `"${written}" holds ${unknown}; $jemssDir and $configFileDir are known`,
      );
    }
    return isAbsolute(path) ? joined('', path) : joined(from, path);
  }

  /** What `$jemssDir` stands for in `$jemssDir/rest`: the folder given, or the nearest above the configuration that has it. */
  private async jemssFolder(rest: string, file: string, place: string): Promise<string> {
    if (this.jemssDir !== undefined) return this.jemssDir;
    const above: string[] = [];
    for (let folder = this.configDir; above.at(-1) !== folder; folder = folderOf(folder)) above.push(folder);
    // as much of the path as is there: what is generated or packed need not be
    for (let steps = rest.split('/'); steps.length > 0; steps = steps.slice(0, -1)) {
      for (const folder of above) {
        if ((await this.disk.list(joined(folder, steps.join('/')))).length > 0) return folder;
      }
    }
    throw InputError.at(
      file,
      place,
      `no folder above ${this.configDir} holds ${rest}; say where $jemssDir is with --jemss-dir`,
    );
  }
}

const isAbsolute = (path: string): boolean => /^(\/|[A-Za-z]:\/)/.test(path);

/** Folder of a path; '.' for a bare name. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : '.';
}

/** Two paths as one, `.` and `..` worked out. */
export function joined(folder: string, path: string): string {
  const whole = path === '' ? folder : folder === '' ? path : `${folder}/${path}`;
  const steps: string[] = [];
  for (const step of whole.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '..' || !isAbsolute(whole)) steps.push(step);
  }
  const path2 = steps.join('/');
  return whole.startsWith('/') ? `/${path2}` : path2 === '' ? '.' : path2;
}

const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
