/**
 * Replications in worker threads, on the `workerpool` package. All workers read one payload, whose columns live in
 * shared memory. A worker that dies or throws costs one more attempt of its replication on another worker; a second
 * failure stops the run, so that no mean is ever taken over fewer replications than it says.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import type { WorkerStart } from './serve.ts';
import { inSharedMemory } from '../shared-memory.ts';

export interface PoolOptions<In> {
  /** Number of worker threads, at least 1. */
  workers: number;
  /** Plain data that every worker prepares from; typed arrays in it are put into shared memory. */
  init: In;
  /** Module that calls `serve`, as its compiled name (`.js`). Default: the simulation's. */
  module?: URL;
  /** What a task is called in errors. Default: `replication N`. */
  nameOf?: (task: number) => string;
}

export interface Pool<Out> {
  readonly workers: number;
  /** Runs one replication. @throws ReplicationError after the second failure */
  run(replication: number): Promise<Out>;
  /** Ends the workers, running ones too; their replications are rejected. */
  close(): Promise<void>;
}

/** A replication failed on two workers. */
export class ReplicationError extends Error {
  override readonly name = 'ReplicationError';
  readonly replication: number;

  constructor(replication: number, cause: unknown, name = `replication ${replication}`) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${name} failed twice: ${why}`, { cause });
    this.replication = replication;
  }
}

/** Number of workers for so many replications when nobody says: one for each core, never more than there is work. */
export function defaultWorkers(replications: number): number {
  return Math.max(1, Math.min(availableParallelism(), replications));
}

export function createPool<In, Out>({ workers, init, module, nameOf }: PoolOptions<In>): Pool<Out> {
  const entry = module ?? new URL('./worker.js', import.meta.url);
  const fromSource = import.meta.url.endsWith('.ts');
  const script = fromSource ? new URL('./source-worker.js', import.meta.url) : entry;
  const start: WorkerStart<In> = {
    module: fromSource ? entry.href.replace(/\.js$/, '.ts') : entry.href,
    payload: inSharedMemory(init),
  };
  const pool = workerpool.pool(fileURLToPath(script), {
    workerType: 'thread',
    maxWorkers: workers,
    workerTerminateTimeout: 200,
    workerThreadOpts: { workerData: start },
  });

  let closed = false;
  const attempt = async (replication: number) => (await pool.exec('run', [replication])) as Out;
  return {
    workers,
    run: async (replication) => {
      try {
        return await attempt(replication);
      } catch (error) {
        if (closed) throw error;
      }
      try {
        return await attempt(replication);
      } catch (error) {
        throw closed ? error : new ReplicationError(replication, originOf(error), nameOf?.(replication));
      }
    },
    close: async () => {
      closed = true;
      await pool.terminate(true);
    },
  };
}

/** The error that ended the worker, where workerpool wrapped it. */
function originOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

export interface Replications<Out> {
  /** What is done, in order of replication; all of them unless interrupted. */
  records: Out[];
  asked: number;
  complete: boolean;
}

/** How long running replications may go on after an interruption. */
const GRACE_MS = 2000;

interface ReplicationsOptions<Out> {
  interrupted?: AbortSignal;
  onDone?: (done: number) => void;
  /**
   * Told each record in order of number, as soon as all before it are there; true ends the run with that one. Workers
   * may be ahead: what they have done beyond it is dropped.
   */
  isLast?: (record: Out) => boolean;
}

/**
 * Runs replications 1 .. asked, at most one for each worker at a time. When `interrupted` fires, no more are
 * started and those that run get two seconds. Closes the pool.
 */
export async function runReplications<Out>(
  pool: Pool<Out>,
  asked: number,
  { interrupted, onDone, isLast = () => false }: ReplicationsOptions<Out> = {},
): Promise<Replications<Out>> {
  const done = new Map<number, Out>();
  let next = 1;
  let stopped = false;
  let judged = 0;
  /** Number of the record that ends the run. */
  let last = asked;
  let foundLast: () => void = () => undefined;
  const lastIsFound = new Promise<void>((found) => (foundLast = found));
  const judge = () => {
    for (let record = done.get(judged + 1); record !== undefined; record = done.get(judged + 1)) {
      judged++;
      if (!isLast(record)) continue;
      last = judged;
      stopped = true;
      foundLast();
      return;
    }
  };
  const lane = async () => {
    while (next <= asked && !stopped && interrupted?.aborted !== true) {
      const replication = next++;
      const record = await pool.run(replication);
      if (stopped) return;
      done.set(replication, record);
      onDone?.(done.size);
      judge();
    }
  };
  const lanes = Promise.all(Array.from({ length: pool.workers }, lane));
  let timer: NodeJS.Timeout | undefined;
  const graceOver = new Promise<void>((finish) => {
    const startGrace = () => (timer = setTimeout(finish, GRACE_MS));
    if (interrupted?.aborted === true) startGrace();
    else interrupted?.addEventListener('abort', startGrace, { once: true });
  });
  try {
    await Promise.race([lanes, lastIsFound, graceOver]);
  } finally {
    stopped = true;
    clearTimeout(timer);
    lanes.catch(() => undefined); // after a stop, replications that were cut off are no news
    await pool.close();
  }
  const records = [...done]
    .filter(([replication]) => replication <= last)
    .sort(([a], [b]) => a - b)
    .map(([, record]) => record);
  return { records, asked, complete: records.length === last };
}
