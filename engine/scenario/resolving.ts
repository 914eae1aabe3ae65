/** What the steps of resolving a scenario share: the sections that are sound, the problems so far, the files read. */
import { nearestName } from '../errors.ts';
import { isObject } from './feature-ids.ts';
import { ShapeChecker } from './parse.ts';
import { jsonPath, Problems } from './problems.ts';
import type { KnownNames, ScenarioFiles, SourceFile } from './scenario.ts';
import { type FileRef, type ScenarioJson, type scenarioSchema, scenarioSchemaWith } from './schema.ts';
import type { JsonValue } from './strict-json.ts';

type Schema = typeof scenarioSchema;

export class Resolving {
  readonly fileName: string;
  readonly known: KnownNames;
  readonly problems = new Problems();
  readonly checker = new ShapeChecker(this.problems);
  readonly warnings: string[] = [];
  /** Sections that have the right shape, with defaults; one that is at fault is absent, and its problem noted. */
  readonly json: Partial<ScenarioJson>;
  /** Sections that stand in the file, sound, at fault or misspelt. */
  readonly given: ReadonlySet<string>;
  /** Files read so far by name, in order of first use. */
  readonly sources = new Map<string, SourceFile>();
  readonly #files: ScenarioFiles;
  readonly #byRef = new Map<string, SourceFile | undefined>();

  constructor(fileName: string, document: JsonValue, files: ScenarioFiles, known: KnownNames) {
    this.fileName = fileName;
    this.known = known;
    this.#files = files;
    const schema = scenarioSchemaWith(known);
    this.given = givenSections(document, schema);
    this.json = this.checker.check(schema, document, fileName) ?? soundSections(document, schema, this.given);
  }

  /** Notes a problem at a place of the scenario file. */
  refuse(path: readonly PropertyKey[], message: string): void {
    this.problems.add(this.fileName, jsonPath(path), message);
  }

  /** A file, read once however often it is named; undefined when it cannot be had, with the problem noted. */
  async read(ref: FileRef, path: readonly PropertyKey[]): Promise<SourceFile | undefined> {
    const key = JSON.stringify(ref);
    if (!this.#byRef.has(key)) {
      const source = await this.problems.gather(() => this.#files.read(ref, jsonPath(path)));
      this.#byRef.set(key, source);
      if (source !== undefined && !this.sources.has(source.name)) this.sources.set(source.name, source);
    }
    return this.#byRef.get(key);
  }
}

/** Sections of the file by their right names: one that is misspelt counts as given, so that it gets no default. */
function givenSections(document: JsonValue, schema: Schema): Set<string> {
  const keys = isObject(document) ? Object.keys(document) : [];
  const known = Object.keys(schema.shape);
  const absent = known.filter((key) => !keys.includes(key));
  return new Set(keys.map((key) => (known.includes(key) ? key : (nearestName(key, absent) ?? key))));
}

/** Sections that stand on their own feet, so that their names and files are checked even beside a broken one. */
function soundSections(
  document: JsonValue,
  { shape }: Schema,
  given: ReadonlySet<string>,
): Partial<ScenarioJson> {
  const sound: Record<string, unknown> = {};
  if (!isObject(document)) return sound;
  for (const [key, schema] of Object.entries(shape)) {
    const value = Object.hasOwn(document, key) ? document[key] : undefined;
    if (value === undefined && given.has(key)) continue;
    const result = schema.safeParse(value);
    if (result.success && result.data !== undefined) sound[key] = result.data;
  }
  return sound;
}
