/**
 * Replications in Web Workers, on the `workerpool` package. A page that is cross-origin isolated (served with
 * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`) shares one copy of the
 * road graph with all workers; elsewhere each worker gets a copy. The results are the same.
 */
import workerpool from 'workerpool';
import type { RunPayload } from '../replicate.ts';
import { inSharedMemory, postable } from '../shared-memory.ts';
import type { ReplicationRecord } from '../sim/event-log.ts';

interface WorkerPool {
  /** Runs one replication. @throws Error naming the replication and the worker's script, which may be what is missing */
  run(replication: number): Promise<ReplicationRecord>;
  /** Ends the workers, running ones too. */
  close(): Promise<void>;
}

/**
 * @param workers    number of Web Workers, at least 1; each starts with its first task
 * @param workerUrl  address of the worker's script, for bundlers that do not find it by themselves
 */
export function createWorkerPool(
  payload: RunPayload,
  { workers, workerUrl = bundledWorkerUrl() }: { workers: number; workerUrl?: string | undefined },
): WorkerPool {
  const init = globalThis.crossOriginIsolated ? inSharedMemory(payload) : postable(payload);
  const pool = workerpool.pool(workerUrl, {
    workerType: 'web',
    maxWorkers: workers,
    workerOpts: { type: 'module' },
  });
  const exec = async (...task: [number] | [number, RunPayload]) =>
    (await pool.exec('run', task)) as ReplicationRecord | null;
  return {
    run: async (replication) => {
      try {
        // a task goes to any free worker; one that has not seen the payload says so, and whichever is free then gets it
        return (await exec(replication)) ?? (await exec(replication, init))!;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`replication ${replication} failed in worker ${workerUrl}: ${why}`, { cause: error });
      }
    },
    close: async () => {
      await pool.terminate(true);
    },
  };
}

/**
 * Bundlers know a worker by the expression `new Worker(new URL(…, import.meta.url))` and put the address of their
 * output in its place. `workerpool` starts workers itself and wants that address: this Worker only tells it.
 */
function bundledWorkerUrl(): string {
  let address = '';
  class Worker {
    constructor(...[url]: [URL, { type: 'module' }]) {
      address = url.href;
    }
  }
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return address;
}
