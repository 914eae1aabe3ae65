/**
 * A finished run on disk, opened to be run again: its results folder with every hash checked, and the scenario that it
 * was made from. Nothing of a file is used before its hash is the recorded one.
 */
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { InputError, type InputProblem } from '../errors.ts';
import { sha256Hex } from '../hash.ts';
import { LIMITS } from '../limits.ts';
import { readScenario } from '../pipeline.ts';
import type { ManifestJson } from '../results/manifest.ts';
import { parseManifest } from '../results/read-manifest.ts';
import type { NamedBytes } from '../results/replay-log.ts';
import { RESULT_FILES } from '../results/results-folder.ts';
import type { Scenario, ScenarioFiles } from '../scenario/scenario.ts';
import { ENGINE_VERSION } from '../version.ts';
import { readInputFile, statOrNull } from './files.ts';
import { recoverFolder } from './output-folder.ts';
import { openScenario } from './scenario-files.ts';

interface RecordedRun {
  folder: string;
  manifest: ManifestJson;
  manifestName: string;
  events: NamedBytes;
  routes: NamedBytes;
  /** The scenario as it was run. */
  scenario: NamedBytes;
}

/**
 * @param path  a results folder, or the file of events in one (under any name)
 * @param ignoreHash  take events and drives as they are, so that a log edited on purpose can be looked at
 * @throws InputError naming every file that differs from what was written
 */
export async function openRecordedRun(path: string, ignoreHash: boolean): Promise<RecordedRun> {
  await recoverFolder(path);
  const found = await statOrNull(path);
  if (found === null) {
    throw InputError.at(path, '', 'there is no such results folder or event log');
  }
  const isFolder = found.isDirectory();
  const folder = isFolder ? path : dirname(path);
  const manifestName = join(folder, RESULT_FILES.manifest);
  if ((await statOrNull(manifestName)) === null) {
    throw InputError.at(path, '', `has no ${RESULT_FILES.manifest} beside it: it is of no results folder`);
  }
  const manifest = parseManifest(await readInputFile(manifestName, LIMITS.scenarioBytes), manifestName);
  if (manifest.engineVersion !== ENGINE_VERSION) {
    const message = `was written by version ${manifest.engineVersion}; this is ${ENGINE_VERSION}, whose bytes may differ`;
    throw InputError.at(manifestName, '/engineVersion', message);
  }
  if (manifest.log === false) {
    throw InputError.at(manifestName, '/log', 'this run kept no event log: there is nothing to replay');
  }

  const problems: InputProblem[] = [];
  const taken = new Map<string, NamedBytes>();
  const logFiles: readonly string[] = [RESULT_FILES.events, RESULT_FILES.routes];
  const needed: readonly string[] = [...logFiles, RESULT_FILES.scenario];
  for (const missing of needed.filter((name) => manifest.files.every((file) => file.name !== name))) {
    problems.push({ file: manifestName, place: '/files', message: `does not list ${missing}` });
  }
  for (const { name, sha256, bytes: size } of manifest.files) {
    const file = name === RESULT_FILES.events && !isFolder ? path : join(folder, name);
    try {
      const bytes = await readInputFile(file, LIMITS.fileBytes);
      if (needed.includes(name)) taken.set(name, { name: file, bytes });
      if (ignoreHash && logFiles.includes(name)) continue;
      if (bytes.length !== size || (await sha256Hex(bytes)) !== sha256) {
        const hint = logFiles.includes(name) ? '; --ignore-hash compares it all the same' : '';
        const message = `differs from the file that the run wrote (its sha256 is not that of ${RESULT_FILES.manifest})${hint}`;
        problems.push({ file, place: '', message });
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return {
    folder,
    manifest,
    manifestName,
    events: taken.get(RESULT_FILES.events)!,
    routes: taken.get(RESULT_FILES.routes)!,
    scenario: taken.get(RESULT_FILES.scenario)!,
  };
}

/** Where a scenario is: what `run` was given. */
export interface ScenarioSource {
  path: string;
  data: Readonly<Record<string, string>>;
  /** Edits that it was given; the results hold it as edited. */
  set?: readonly string[] | undefined;
}

const timingSchema = z.looseObject({
  scenario: z.looseObject({
    path: z.string().min(1),
    data: z.record(z.string(), z.string()),
    set: z.array(z.string()).optional(),
  }),
});

/** What timing.json remembers of where the scenario was, or null. It has no hash: see `openRecordedScenario`. */
export async function rememberedSource(folder: string): Promise<ScenarioSource | null> {
  const path = join(folder, RESULT_FILES.timing);
  if ((await statOrNull(path)) === null) return null;
  try {
    const text = new TextDecoder().decode(await readInputFile(path, LIMITS.scenarioBytes));
    const parsed = timingSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.scenario : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Reads the scenario of a recorded run: its text from the results, its files from where the scenario is. Each file is
 * hashed before anything else is done with it: where the place was told by a results folder from elsewhere, no file but
 * those of that run is looked into.
 * @throws InputError naming every file that is not the recorded one
 */
export async function openRecordedScenario(
  { path, data, set = [] }: ScenarioSource,
  { manifest, manifestName, scenario: asRun }: Pick<RecordedRun, 'manifest' | 'manifestName' | 'scenario'>,
): Promise<Scenario> {
  const { fileName, bytes, files } = await openScenario(path, data);
  if ((await sha256Hex(asRun.bytes)) !== manifest.scenario.sha256) {
    throw InputError.at(manifestName, '/scenario/sha256', `is not that of ${asRun.name}`);
  }
  if (set.length === 0 && (await sha256Hex(bytes)) !== manifest.scenario.sha256) {
    const shown = basename(path) === fileName ? path : join(path, fileName);
    throw InputError.at(shown, '', 'is not the scenario of this run: its sha256 is not the recorded one');
  }
  const recorded = new Map(manifest.inputs.map(({ name, sha256 }) => [name, sha256]));
  const checked: ScenarioFiles = {
    async read(ref, place) {
      const file = await files.read(ref, place);
      if (recorded.get(file.name) === file.sha256) return file;
      const message = `${file.name} is not the file that this run read: its sha256 is not the recorded one`;
      throw InputError.at(fileName, place, message);
    },
  };
  const scenario = await readScenario(fileName, asRun.bytes, checked);
  const { seed, replications } = manifest;
  return { ...scenario, run: { ...scenario.run, seed, replications: replications.asked } };
}
