/** Files of stopped runs: opening them, and checking that what they hold may go on. */
import { demandOf } from '../demand/calls.ts';
import { InputError, type InputProblem } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { PreparedRun } from '../pipeline.ts';
import type { RunPayload } from '../replicate.ts';
import { runFacts } from '../results/run-facts.ts';
import {
  checkSavedRunOf,
  decodeSavedRun,
  type SavedRun,
  type SavedRunOf,
} from '../results/saved-run-file.ts';
import { savedTallyFault } from '../results/saved-tally.ts';
import { savedReplicationFault } from '../sim/check-saved.ts';
import { fromSavedText } from '../sim/saved-text.ts';
import { readInputFile } from './files.ts';
import type { RunOptions } from './run-scenario.ts';

/** A saved run and the name of its file. */
interface OpenedSavedRun extends SavedRun {
  fileName: string;
}

/** @throws InputError where the file is cut, altered or of another version */
export async function openSavedRun(path: string): Promise<OpenedSavedRun> {
  return { ...(await decodeSavedRun(await readInputFile(path, LIMITS.fileBytes), path)), fileName: path };
}

/**
 * What a run that goes on takes from the file; what else is asked must be the same.
 * @throws InputError where another number of replications, seed or log is asked
 */
export function optionsOfSaved<Options extends Pick<RunOptions, 'replications' | 'seed' | 'log'>>(
  { of, states, fileName }: OpenedSavedRun,
  options: Options,
): Options {
  const { replications = states.length, seed = of.seed } = options;
  const problems: InputProblem[] = [];
  const differs = (file: string, message: string) => problems.push({ file, place: '', message });
  if (replications !== states.length)
    differs('--replications', `${replications} is asked, but ${fileName} holds ${states.length}`);
  if (seed !== of.seed)
    differs('--seed', `${JSON.stringify(seed)} is asked, but ${fileName} has ${JSON.stringify(of.seed)}`);
  if (options.log === false && of.log)
    differs('--no-log', `is asked, but the replications in ${fileName} keep a log`);
  if (problems.length > 0) throw new InputError(problems);
  return { ...options, replications, seed, log: of.log };
}

/**
 * The payload to go on with: everything that was saved fits what is about to run, and is sound.
 * @throws InputError naming what is another, or the first replication whose state no run can be in
 */
export function resumedPayload(saved: OpenedSavedRun, prepared: PreparedRun): RunPayload {
  const { of, states, fileName } = saved;
  const { city, plan, payload } = prepared;
  const { stoppedAtMs } = of;
  checkSavedRunOf(of, madeFrom(prepared, of), fileName);
  const demand = demandOf(city);
  const facts = runFacts(city);
  states.forEach((bytes, ix) => {
    const replication = ix + 1;
    const refuse = (fault: string) => {
      throw InputError.at(fileName, `replication ${replication}`, fault);
    };
    let stopped: { state?: unknown; tally?: unknown };
    try {
      stopped = fromSavedText(new TextDecoder().decode(bytes)) ?? {};
    } catch {
      return refuse('is no JSON');
    }
    const { state, tally } = stopped;
    const calls = demand(replication);
    const fault =
      savedReplicationFault(state, { city, plan, replication, log: of.log, stoppedAtMs, calls }) ??
      (of.log ? null : savedTallyFault(tally, facts));
    if (fault !== null) refuse(fault);
  });
  return { ...payload, log: of.log, resumed: states };
}

/** What a run is made from, as its file tells it. */
export function madeFrom(
  { city: { scenario, graph } }: PreparedRun,
  { log, stoppedAtMs }: Pick<SavedRunOf, 'log' | 'stoppedAtMs'>,
): SavedRunOf {
  const { name, fileName, sha256, files, run } = scenario;
  return {
    scenario: { name, file: fileName, sha256 },
    inputs: files.map((file) => ({ name: file.name, sha256: file.sha256, bytes: file.bytes })),
    graphHash: graph.contentHash,
    seed: run.seed,
    log,
    stoppedAtMs,
  };
}
