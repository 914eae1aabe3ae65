/** A run that stops at a simulated time, saved to go on later. */
import { InputError } from '../errors.ts';
import { prepareRun } from '../pipeline.ts';
import type { RunPayload } from '../replicate.ts';
import { encodeSavedRun } from '../results/saved-run-file.ts';
import { localTimeText, parseWrittenTime } from '../scenario/local-time.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { msToSeconds, secondsToMs, type Ms } from '../units.ts';
import { openPendingFile } from './files.ts';
import { createPool, defaultWorkers, runReplications } from './pool.ts';
import { openAndReadScenario, type RunOptions } from './run-scenario.ts';
import { madeFrom, openSavedRun, optionsOfSaved, resumedPayload } from './saved-run-file.ts';

export interface StopOptions extends Omit<RunOptions, 'out' | 'until'> {
  /** Seconds from the scored start, or a local time such as `2026-03-02T06:00`. */
  stopAt: string;
  /** File that gets the state. */
  save: string;
}

export interface StopOutcome {
  scenario: Scenario;
  replications: number;
  stoppedAtMs: Ms;
  /** False when it was interrupted: then nothing is written. */
  complete: boolean;
}

/**
 * Runs every replication up to a time and saves it, from the start or from where another file left it.
 * @throws as `runScenario`; InputError where the time is not within the run, or not after that of the file
 */
export async function stopRun(path: string, options: StopOptions): Promise<StopOutcome> {
  const saved = options.resume === undefined ? null : await openSavedRun(options.resume);
  const asked = saved === null ? options : optionsOfSaved(saved, options);
  const scenario = await openAndReadScenario(path, asked);
  options.onScenario?.(scenario);
  const stoppedAtMs = parseStopAt(options.stopAt, scenario);
  if (saved !== null && stoppedAtMs <= saved.of.stoppedAtMs) {
    const message = `${options.stopAt} is not after ${msToSeconds(saved.of.stoppedAtMs)} s, where ${saved.fileName} was stopped`;
    throw InputError.at('--stop-at', '', message);
  }
  const prepared = await prepareRun(scenario, options.onStep);
  options.onPrepared?.(prepared);
  const { log = true } = asked;
  const payload = saved === null ? { ...prepared.payload, log } : resumedPayload(saved, prepared);

  const { replications } = scenario.run;
  const { interrupted, onReplication, workers = defaultWorkers(replications) } = options;
  const file = await openPendingFile(options.save);
  try {
    onReplication?.(0, replications);
    const pool = createPool<RunPayload & { stopAtMs: Ms }, Uint8Array>({
      workers,
      init: { ...payload, stopAtMs: stoppedAtMs },
    });
    const { records, complete } = await runReplications(pool, replications, {
      ...(interrupted === undefined ? {} : { interrupted }),
      onDone: (done) => onReplication?.(done, replications),
    });
    if (complete) {
      const of = madeFrom(prepared, { log, stoppedAtMs });
      for (const piece of await encodeSavedRun({ of, states: records })) await file.write(piece);
      await file.commit();
    }
    return { scenario, replications, stoppedAtMs, complete };
  } finally {
    await file.discard();
  }
}

/** @throws InputError where the text is no time, or none within the run */
export function parseStopAt(text: string, { run }: Pick<Scenario, 'run'>): Ms {
  const refuse = (message: string): never => {
    throw InputError.at('--stop-at', '', message);
  };
  const { start, durationMs, warmUpMs } = run;
  let timeMs: Ms;
  if (/^[+-]?\d+(\.\d{1,3})?$/.test(text)) {
    timeMs = secondsToMs(Number(text));
  } else {
    const [written, from] = [parseWrittenTime(text), parseWrittenTime(start.text)];
    if (typeof from === 'string') throw new Error(`Broken invariant: the start of the run ${from}`);
    if (typeof written === 'string')
      return refuse(`"${text}" is neither seconds from the scored start, nor a local time: it ${written}`);
    if (written.offsetMs !== null)
      return refuse(`"${text}" has an offset from UTC; give the local time of the scenario, without one`);
    timeMs = written.localMs - from.localMs;
  }
  if (timeMs < -warmUpMs || timeMs >= durationMs) {
    const [first, last] = [-warmUpMs, durationMs].map((ms) => msToSeconds(ms));
    return refuse(`"${text}" is not within the run, which goes from ${first} s to ${last} s`);
  }
  return timeMs;
}

/** A time of a run as people read it: `21600 s, 2026-03-02T06:00:00`. */
export function timeInRunText(timeMs: Ms, { run: { start } }: Pick<Scenario, 'run'>): string {
  const from = parseWrittenTime(start.text);
  const local = typeof from === 'string' ? '' : `, ${localTimeText(from.localMs + timeMs)}`;
  return `${msToSeconds(timeMs)} s${local}`;
}
