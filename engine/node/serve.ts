/** The worker's half of the pool: prepares once, then answers one task after the other. */
import { workerData } from 'node:worker_threads';
import workerpool from 'workerpool';

/** What the pool hands to a new worker. */
export interface WorkerStart<In> {
  /** Module that calls `serve`; only read when running from TypeScript source. */
  module: string;
  payload: In;
}

/**
 * Answers the pool's tasks with `prepare(payload)`, which is called once, before the first task. An error ends the
 * worker: the task is tried again on another, so that nothing of a broken state is used on.
 */
export function serve<In, Out>(prepare: (payload: In) => (task: number) => Out): void {
  const { payload } = workerData as WorkerStart<In>;
  let answer: ((task: number) => Out) | undefined;
  workerpool.worker({
    run: (task: number) => {
      try {
        answer ??= prepare(payload);
        return answer(task);
      } catch (error) {
        setImmediate(() => {
          throw error;
        });
        return new Promise<never>(() => undefined); // the error above answers
      }
    },
  });
}
