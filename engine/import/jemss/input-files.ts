/** The files that a configuration names, opened; those that JEMSS's generator would have put there are made. */
import { InputError } from '../../errors.ts';
import type { Problems } from '../../scenario/problems.ts';
import { type ConfigElement, readConfig } from './config-xml.ts';
import { folderOf, type JemssFile, type JemssFolder, joined } from './folder.ts';
import { GENERATED_FILES, generateFiles } from './generate.ts';
import type { JemssCallGen } from './inputs.ts';
import { readCallGen } from './read-calls.ts';
import { JemssTables } from './tables.ts';

/** What the gen_config.xml of a city can stand in for, besides the files it makes. */
interface GenConfig {
  callGen?: JemssCallGen;
}

export class InputFiles {
  /** Files that were read, as people find them. */
  readonly read: string[] = [];
  /** Files that were made. */
  readonly generated: string[] = [];
  private readonly folder: JemssFolder;
  private readonly inputDir: string;
  private readonly problems: Problems;
  private readonly genConfigs = new Map<string, Promise<GenConfig | null>>();

  /** @param inputDir  folder that names of files are relative to */
  constructor(folder: JemssFolder, inputDir: string, problems: Problems) {
    this.folder = folder;
    this.inputDir = inputDir;
    this.problems = problems;
  }

  /** What `make` makes of the file that an element names; undefined, and a problem, where it is missing or wrong. */
  async open<T>(element: ConfigElement, make: (file: JemssFile) => T | Promise<T>): Promise<T | undefined> {
    return this.problems.gather(async () => {
      const path = await this.pathOf(element);
      const file = (await this.folder.find(path)) ?? (await this.generate(path));
      if (file === null) {
        throw InputError.at(element.file, element.place, `${path} is not there, nor in an archive beside it`);
      }
      if (!this.read.includes(file.name) && !this.generated.includes(file.name)) this.read.push(file.name);
      return make(file);
    });
  }

  /** As `open`, of a file of tables. */
  tables<T>(element: ConfigElement, make: (tables: JemssTables) => T): Promise<T | undefined> {
    return this.open(element, ({ name, bytes }) => make(new JemssTables(name, bytes, this.problems)));
  }

  /** The laws of random calls in a <genConfig>. */
  async callGen(element: ConfigElement): Promise<JemssCallGen | undefined> {
    const callGen = await this.open(element, ({ name, path, bytes }) =>
      readCallGen(readConfig(name, bytes, 'genConfig'), this.folder, folderOf(path), this.problems),
    );
    if (callGen?.raster) this.read.push(callGen.raster.name);
    return callGen;
  }

  /** The laws that the generator would draw a missing file of calls from; undefined where it is there or unknown. */
  async callGenInsteadOf(element: ConfigElement): Promise<JemssCallGen | undefined> {
    const path = await this.pathOf(element);
    if ((await this.folder.find(path)) !== null) return undefined;
    const callGen = (await this.genConfigOf(folderOf(path)))?.callGen;
    if (callGen !== undefined) this.generated.push(path);
    return callGen;
  }

  private pathOf({ text, file, place }: ConfigElement): Promise<string> {
    return this.folder.resolve(text, this.inputDir, file, place);
  }

  /** Makes a file of a generated city: where the folder above holds a gen_config.xml for it. */
  private async generate(path: string): Promise<JemssFile | null> {
    if ((await this.genConfigOf(folderOf(path))) === null) return null;
    return this.folder.find(path);
  }

  private genConfigOf(folder: string): Promise<GenConfig | null> {
    let config = this.genConfigs.get(folder);
    if (config === undefined) this.genConfigs.set(folder, (config = this.openGenConfig(folder)));
    return config;
  }

  private async openGenConfig(target: string): Promise<GenConfig | null> {
    const { folder, problems } = this;
    const configDir = folderOf(target);
    const file = await folder.find(`${configDir}/gen_config.xml`);
    if (file === null) return null;
    const root = readConfig(file.name, file.bytes, 'genConfig');
    const output = await folder.resolve(root.textOf('outputPath'), configDir, root.file, root.place);
    if (output !== target || root.textOf('mode') !== 'all') return null;
    this.read.push(file.name);
    const made = generateFiles(root, problems);
    const callGen = await readCallGen(root, folder, configDir, problems);
    for (const name of made === undefined ? [] : GENERATED_FILES) {
      const path = joined(target, root.child('simFiles')?.textOf(name) || `${name}.csv`);
      folder.make(path, new TextEncoder().encode(made![name]));
      this.generated.push(path);
    }
    return callGen === undefined ? {} : { callGen };
  }
}
