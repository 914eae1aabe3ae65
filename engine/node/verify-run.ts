/** A finished run simulated again from its log: files checked first, then the scenario, then every event. */
import { InputError } from '../errors.ts';
import { prepareRun } from '../pipeline.ts';
import { buildManifest, type ManifestJson } from '../results/manifest.ts';
import { checkManifest } from '../results/read-manifest.ts';
import { replayLog, type ReplayOutcome } from '../results/replay.ts';
import { openRecordedLog } from '../results/replay-log.ts';
import { runFacts } from '../results/run-facts.ts';
import { runMetadata } from '../results/run-metadata.ts';
import { ENGINE_VERSION } from '../version.ts';
import { statOrNull } from './files.ts';
import {
  openRecordedRun,
  openRecordedScenario,
  rememberedSource,
  type ScenarioSource,
} from './recorded-run.ts';

export interface VerifyOptions {
  /** Where the scenario is, and folders for `{"data": NAME, …}`; by default what timing.json of the run remembers. */
  scenario?: string;
  data?: Readonly<Record<string, string>>;
  /** Take events and drives as they are, so that a log edited on purpose can be looked at. Default: false. */
  ignoreHash?: boolean;
  /** Told once the files are found to be those of the run. */
  onSource?: (source: ScenarioSource, manifest: ManifestJson) => void;
  /** Told before each step that can take long. */
  onStep?: (step: string) => void;
  /** Told before each replication and at the end. */
  onReplication?: (done: number, total: number) => void;
}

/**
 * @param path  a results folder, or the file of events in one
 * @throws InputError where files, scenario or engine are not those of the run
 */
export async function verifyRun(path: string, options: VerifyOptions = {}): Promise<ReplayOutcome> {
  const { ignoreHash = false, onSource, onStep, onReplication } = options;
  const recorded = await openRecordedRun(path, ignoreHash);
  const { folder, manifest, manifestName, events, routes } = recorded;
  const source = await sourceOf(folder, options);
  onSource?.(source, manifest);
  const scenario = await openRecordedScenario(source, recorded);
  const log = await openRecordedLog(events, routes, !ignoreHash);
  const prepared = await prepareRun(scenario, onStep);

  const { city } = prepared;
  const { replications, complete, seed = manifest.seed } = log.run;
  const expected = await buildManifest({
    engineVersion: ENGINE_VERSION,
    scenario,
    graphHash: city.graph.contentHash,
    seed,
    replications: {
      done: replications.length,
      asked: complete ? replications.length : manifest.replications.asked,
    },
    withoutLabels: city.report.withoutLabels,
    files: new Map(),
  });
  checkManifest(manifest, expected, manifestName);
  if (JSON.stringify(runMetadata(runFacts(city), replications, complete)) !== JSON.stringify(log.run)) {
    throw InputError.at(events.name, '', 'says of its run what the scenario does not say');
  }
  return replayLog(prepared, log, async (done, total) => {
    onReplication?.(done, total);
    await new Promise((resume) => setImmediate(resume)); // a signal may come in between
  });
}

async function sourceOf(folder: string, { scenario, data }: VerifyOptions): Promise<ScenarioSource> {
  const remembered = await rememberedSource(folder);
  const path = scenario ?? remembered?.path;
  if (path === undefined) {
    const message = 'is needed: timing.json of this run does not tell where its scenario is';
    throw InputError.at('--scenario', '', message);
  }
  if (scenario === undefined && (await statOrNull(path)) === null) {
    const message = `is needed: "${path}", where timing.json of this run says that its scenario was, is not there`;
    throw InputError.at('--scenario', '', message);
  }
  return { path, data: data ?? remembered?.data ?? {}, set: remembered?.set };
}
