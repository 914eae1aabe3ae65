/** Runs a scenario in a browser, from files in memory to the files of a results folder: the bytes that Node writes. */
import { assert, InputError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { checkReplications, prepareRun, readScenario } from '../pipeline.ts';
import { resultFiles } from '../results/result-files.ts';
import type { PlacementTools } from '../placement/placement.ts';
import { createReplicator, type RunPayload } from '../replicate.ts';
import type { ReplicationRecord } from '../sim/event-log.ts';
import { createWorkerPool } from './pool.ts';
import { openScenarioFromBytes } from './scenario-files.ts';

export interface BrowserRunOptions {
  /** Name of the scenario among the files. Default: `scenario.json`. */
  fileName?: string;
  /** These replace what the scenario says. */
  replications?: number;
  seed?: number | string;
  /**
   * How placement gets its solver. Default: HiGHS looks for `highs.wasm` where the bundler put it (Vite does so by
   * itself). To serve it from a place of your own, locate it:
   *
   *     import wasmUrl from 'highs/runtime?url';
   *     tools: { loadHighs: () => loadHighs(() => wasmUrl) }
   */
  tools?: PlacementTools;
  /**
   * Number of Web Workers that run replications. Default: one for each core, at most one for each replication. With 0
   * they run in this thread, which is given free between two. No effect on results.
   */
  workers?: number;
  /** Address of the workers' script, for bundlers that do not find `new Worker(new URL(…))` by themselves. */
  workerUrl?: string;
  /** Told before each step that can take long. */
  onStep?: (step: string) => void;
  /** Told when replications start and after each. */
  onReplication?: (done: number, asked: number) => void;
  /** Stops the run, which then throws the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The whole way from a scenario to its results. All but the replications (import, placement, patrol plans, figures)
 * runs in the calling thread: call it in a worker of your own where a page must stay smooth.
 *
 * Vite builds it as it is. Its dev server has to be told of two packages that only the workers import:
 * `optimizeDeps: {include: ['patrol135 > workerpool', 'patrol135 > seedrandom']}`.
 *
 * @param files  bytes by name: the scenario, `zones.geojson` and what else lies beside it, and what it takes from
 *               elsewhere as `package:NAME/path` and `data:NAME/path`; `fetchFiles` fetches them
 * @returns every file of the results folder by name, except timing.json
 * @throws InputError (scenario, files, options), InfeasibleError (placement), Error when a worker cannot be started
 */
export async function runInBrowser(
  files: ReadonlyMap<string, Uint8Array>,
  options: BrowserRunOptions = {},
): Promise<Map<string, Uint8Array>> {
  const { fileName = 'scenario.json', tools, onStep, signal } = options;
  const opened = openScenarioFromBytes(files, fileName);
  const read = await readScenario(opened.fileName, opened.bytes, opened.files);
  const asked = wholeNumber('replications', options.replications ?? read.run.replications, {
    min: 1,
    max: LIMITS.replications,
  });
  checkReplications(read, asked, 'options', '/replications');
  const workers = wholeNumber('workers', options.workers ?? Math.min(navigator.hardwareConcurrency, asked), {
    min: 0,
    max: 256,
  });
  const seed = checkedSeed(options.seed ?? read.run.seed);
  const scenario = { ...read, run: { ...read.run, replications: asked, seed } };
  signal?.throwIfAborted();
  const prepared = await prepareRun(scenario, onStep, tools);
  signal?.throwIfAborted();
  const run = { asked, signal, onReplication: options.onReplication ?? (() => {}) };
  run.onReplication(0, asked);
  const records =
    workers === 0
      ? await inThisThread(prepared.payload, run)
      : await inWorkers(prepared.payload, { ...run, workers, workerUrl: options.workerUrl });
  onStep?.('computing figures');
  return resultFiles(prepared, records, { asked });
}

interface Run {
  asked: number;
  signal: AbortSignal | undefined;
  onReplication: (done: number, asked: number) => void;
}

async function inThisThread(
  payload: RunPayload,
  { asked, signal, onReplication }: Run,
): Promise<ReplicationRecord[]> {
  const replicate = createReplicator(payload);
  const records: ReplicationRecord[] = [];
  while (records.length < asked) {
    await new Promise((resume) => setTimeout(resume)); // input and drawing come in between
    signal?.throwIfAborted();
    records.push(replicate(records.length + 1));
    onReplication(records.length, asked);
  }
  return records;
}

async function inWorkers(
  payload: RunPayload,
  {
    asked,
    signal,
    onReplication,
    workers,
    workerUrl,
  }: Run & { workers: number; workerUrl: string | undefined },
): Promise<ReplicationRecord[]> {
  const pool = createWorkerPool(payload, { workers, workerUrl });
  const records: ReplicationRecord[] = new Array<ReplicationRecord>(asked);
  let next = 1;
  let done = 0;
  let stop: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  const abort = () => stop(signal!.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const lane = async () => {
    while (next <= asked) {
      signal?.throwIfAborted();
      const replication = next++;
      records[replication - 1] = await pool.run(replication);
      onReplication(++done, asked);
    }
  };
  try {
    await Promise.race([Promise.all(Array.from({ length: workers }, lane)), stopped]);
  } finally {
    next = asked + 1;
    signal?.removeEventListener('abort', abort);
    await pool.close();
  }
  assert(done === asked, () => `${done} of ${asked} replications came back`);
  return records;
}

function wholeNumber(name: string, value: number, { min, max }: { min: number; max: number }): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw InputError.at('options', `/${name}`, `${value} is not a whole number from ${min} to ${max}`);
}

function checkedSeed(seed: number | string): number | string {
  if (
    typeof seed === 'string'
      ? seed.length > 0 && seed.length <= LIMITS.nameLength
      : Number.isSafeInteger(seed)
  ) {
    return seed;
  }
  const allowed = `a whole number or a text of 1 to ${LIMITS.nameLength} characters`;
  throw InputError.at('options', '/seed', `${JSON.stringify(seed)} is not ${allowed}`);
}
