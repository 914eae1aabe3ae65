/** manifest.json: what was run and on what, with a hash of every input and of every other file of the folder. */
import { sha256Hex } from '../hash.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { msToSeconds } from '../units.ts';
import { RESULT_FILES, type UntilJson } from './results-folder.ts';

export interface ManifestJson {
  version: 1;
  engineVersion: string;
  scenario: { name: string; file: string; sha256: string };
  /** Files that the scenario read. */
  inputs: { name: string; sha256: string; bytes: number }[];
  /** Hash of the road graph that was driven on. */
  graphHash: string;
  seed: number | string;
  start: string;
  durationS: number;
  warmUpS: number;
  replications: { done: number; asked: number };
  /** false when the run was interrupted. */
  complete: boolean;
  /** Why so many replications; only of a run with `--until`. */
  until?: UntilJson;
  /** `false` where the run was told to keep no event log: no events.parquet, routes.parquet and incidents.csv. */
  log?: false;
  /** Metrics of the run whose labels did not fit the memory; left out where all did. Results do not depend on it. */
  withoutLabels?: readonly string[];
  /** Every other file of the folder but timing.json, in order of name. */
  files: { name: string; sha256: string; bytes: number }[];
}

interface ManifestInput {
  engineVersion: string;
  scenario: Pick<Scenario, 'name' | 'fileName' | 'sha256' | 'files' | 'run'>;
  graphHash: string;
  /** What was asked on the command line stands above the scenario. */
  seed: number | string;
  replications: { done: number; asked: number };
  until?: UntilJson | undefined;
  withoutLabels: readonly string[];
  /** Whether the event log was kept. Default: true. */
  log?: boolean;
  /** Contents by file name. */
  files: ReadonlyMap<string, Uint8Array>;
}

/** Runtime, wall times and workers are not told here but in timing.json: these bytes are the same everywhere. */
export async function buildManifest(input: ManifestInput): Promise<ManifestJson> {
  const { engineVersion, scenario, graphHash, seed, replications, until, withoutLabels, log = true } = input;
  const outside: readonly string[] = [RESULT_FILES.manifest, RESULT_FILES.timing];
  const names = [...input.files.keys()].filter((name) => !outside.includes(name)).sort();
  const files: ManifestJson['files'] = [];
  for (const name of names) {
    const bytes = input.files.get(name)!;
    files.push({ name, sha256: await sha256Hex(bytes), bytes: bytes.length });
  }
  return {
    version: 1,
    engineVersion,
    scenario: { name: scenario.name, file: scenario.fileName, sha256: scenario.sha256 },
    inputs: scenario.files.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    graphHash,
    seed,
    start: scenario.run.start.text,
    durationS: msToSeconds(scenario.run.durationMs),
    warmUpS: msToSeconds(scenario.run.warmUpMs),
    replications,
    complete: replications.done === replications.asked,
    ...(until === undefined ? {} : { until }),
    ...(log ? {} : { log }),
    ...(withoutLabels.length === 0 ? {} : { withoutLabels }),
    files,
  };
}
