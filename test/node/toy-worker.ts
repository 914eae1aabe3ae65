/** A worker for the pool tests: every kind of replication that can go right or wrong. */
import { threadId } from 'node:worker_threads';
import { serve } from '../../engine/node/serve.ts';

export interface ToyPayload {
  /** Shared by all workers; entry r counts the starts of replication r. */
  starts: Int32Array;
  /** What happens on the n-th start of a replication, such as `{"3": ["throw", "ok"]}`; `ok` when not named. */
  plan: Record<string, ToyFate[]>;
}
export type ToyFate = 'ok' | 'throw' | 'exit' | 'hang' | 'slow';

export interface ToyRecord {
  replication: number;
  thread: number;
  /** How often the replication had been started before, on whichever worker. */
  attempt: number;
}

serve((payload: ToyPayload) => (replication: number): ToyRecord => {
  const attempt = Atomics.add(payload.starts, replication, 1);
  switch (payload.plan[replication]?.[attempt] ?? 'ok') {
    case 'throw':
      throw new RangeError(`unit 7 has left the road in replication ${replication}`);
    case 'exit':
      process.exit(1);
      break;
    case 'hang':
      for (;;) Atomics.load(payload.starts, 0);
    case 'slow':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      break;
    case 'ok':
      break;
  }
  return { replication, thread: threadId, attempt };
});
