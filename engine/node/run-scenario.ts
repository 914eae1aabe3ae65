/** Runs a scenario from disk into a results folder: files, threads and clocks around the engine's pipeline. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { checkReplications, type PreparedRun, prepareRun, readScenario } from '../pipeline.ts';
import type { RunPayload } from '../replicate.ts';
import { resultFiles, type FinishedReplication } from '../results/result-files.ts';
import { type KpisJson, RESULT_FILES } from '../results/results-folder.ts';
import { runFacts } from '../results/run-facts.ts';
import { editScenario, namingEdits, type ScenarioEdit } from '../scenario/edits.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createUntil, type UntilRule } from '../study/until.ts';
import { checkOutputFolder, openOutputFolder } from './output-folder.ts';
import { createPool, defaultWorkers, runReplications } from './pool.ts';
import { openSavedRun, optionsOfSaved, resumedPayload } from './saved-run-file.ts';
import { openScenario } from './scenario-files.ts';

export interface RunOptions {
  /** Results folder. Default: `results/` and the scenario's name. */
  out?: string;
  /** Edits of the scenario file before it is read; results keep the edited file. */
  edits?: readonly ScenarioEdit[];
  /** These replace what the scenario says. */
  replications?: number;
  seed?: number | string;
  /** Goes on until a figure is known well enough, instead of `replications`. */
  until?: UntilRule;
  /** Whether to keep the event log. Without it memory does not grow with the number of calls. Default: true. */
  log?: boolean;
  /** A file that `stopRun` saved: goes on from there, with its seed, replications and log. */
  resume?: string;
  /** Default: one for each core, at most one for each replication. No effect on results. */
  workers?: number;
  /** Folders for `{"data": NAME, …}` files, by name. */
  data?: Readonly<Record<string, string>>;
  /** Stops the run: what is done within two seconds is kept and marked as not complete. */
  interrupted?: AbortSignal;
  /** Told once the scenario is known, before long work. */
  onScenario?: (scenario: Scenario) => void;
  /** Told when units are placed and patrols planned. */
  onPrepared?: (prepared: PreparedRun) => void;
  /** Told before each step that can take long. */
  onStep?: (step: string) => void;
  /** Told when replications start and after each; with `until`, how many they will be is a guess that gets better. */
  onReplication?: (done: number, asked: number) => void;
}

export interface RunOutcome {
  scenario: Scenario;
  prepared: PreparedRun;
  /** Where the results are. */
  out: string;
  replications: { done: number; asked: number };
  /** False when the run was interrupted; nothing is written when no replication was done. */
  complete: boolean;
  kpis: KpisJson | null;
  /** Calls lost because more of them waited than the engine holds (LIMITS.waitingCalls). */
  beyondLimit: number;
}

/** Opens a scenario folder or JSON file and applies what the caller replaces. @throws InputError */
export async function openAndReadScenario(
  path: string,
  {
    data = {},
    edits = [],
    replications,
    seed,
  }: Pick<RunOptions, 'data' | 'edits' | 'replications' | 'seed'> = {},
): Promise<Scenario> {
  const { fileName, bytes, files } = await openScenario(path, data);
  const edited = editScenario(bytes, fileName, edits);
  const scenario = await withEdits({ fileName, bytes: edited }, edits, () =>
    readScenario(fileName, edited, files),
  );
  if (replications !== undefined) checkReplications(scenario, replications, '--replications');
  return {
    ...scenario,
    run: {
      ...scenario.run,
      replications: replications ?? scenario.run.replications,
      seed: seed ?? scenario.run.seed,
    },
  };
}

/** Does a step with an edited scenario; what is wrong names the edits. @throws InputError as the step does */
export async function withEdits<T>(
  { fileName, bytes }: Pick<Scenario, 'fileName' | 'bytes'>,
  edits: readonly ScenarioEdit[],
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(namingEdits(error.problems, edits, bytes, fileName));
  }
}

/**
 * The whole way from a scenario on disk to its results folder.
 * @throws InputError (scenario, files, folder), InfeasibleError (placement), ReplicationError (a bug in the engine)
 */
export async function runScenario(path: string, options: RunOptions = {}): Promise<RunOutcome> {
  const clock = stopwatch();
  const saved = options.resume === undefined ? null : await openSavedRun(options.resume);
  const read = saved === null ? options : optionsOfSaved(saved, options);
  const scenario = await openAndReadScenario(path, read);
  options.onScenario?.(scenario);
  const out = options.out ?? `results/${folderName(scenario.name)}`;
  await checkOutputFolder(out);

  const prepared = await withEdits(scenario, read.edits ?? [], () => prepareRun(scenario, options.onStep));
  clock.lap('prepare');
  options.onPrepared?.(prepared);
  const payload =
    saved === null ? { ...prepared.payload, log: read.log ?? true } : resumedPayload(saved, prepared);

  const until = options.until && createUntil(runFacts(prepared.city), options.until);
  const most = options.until?.most ?? scenario.run.replications;
  const workers = options.workers ?? defaultWorkers(most);
  const folder = await openOutputFolder(out);
  try {
    options.onReplication?.(0, most);
    const { interrupted, onReplication } = options;
    const pool = createPool<RunPayload, FinishedReplication>({ workers, init: payload });
    const { records, complete } = await runReplications(pool, most, {
      ...(interrupted === undefined ? {} : { interrupted }),
      ...(until === undefined ? {} : { isLast: (record) => until.add(record) }),
      onDone: (done) => onReplication?.(done, Math.max(done, until?.expected() ?? most)),
    });
    clock.lap('simulate');
    // a figure that is known well enough asks for as many as there are
    const asked = complete ? records.length : most;
    const replications = { done: records.length, asked };
    if (records.length === 0)
      return { scenario, prepared, out, replications, complete, kpis: null, beyondLimit: 0 };

    options.onStep?.('computing figures');
    const files = await resultFiles(prepared, records, { asked, until: until?.outcome() });
    clock.lap('results');
    const timing = {
      scenario: { path, data: options.data ?? {}, set: (options.edits ?? []).map(({ text }) => text) },
      wallMs: clock.laps,
      workers,
      ...machine(),
      finished: new Date().toISOString(),
    };
    files.set(RESULT_FILES.timing, new TextEncoder().encode(`${JSON.stringify(timing, null, 2)}\n`));
    await folder.commit(files);
    const kpis = JSON.parse(new TextDecoder().decode(files.get(RESULT_FILES.kpis))) as KpisJson;
    const beyondLimit = records.reduce((sum, { counts }) => sum + counts.beyondLimit, 0);
    return { scenario, prepared, out, replications, complete, kpis, beyondLimit };
  } finally {
    await folder.release();
  }
}

/** A scenario's name as the name of a folder: what a path could be read from becomes a dash. */
function folderName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._ -]/gu, '-').replace(/^\.+/, '');
  return plain.slice(0, LIMITS.nameLength).trim() || 'run';
}

function stopwatch() {
  const laps: Record<string, number> = {};
  let last = performance.now();
  const lap = (name: string) => {
    const now = performance.now();
    laps[name] = Math.round(now - last);
    last = now;
  };
  return { laps, lap };
}

function machine() {
  return {
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryMB: Math.round(totalmem() / 1e6),
      platform: `${process.platform} ${process.arch}`,
      node: process.version,
    },
  };
}
