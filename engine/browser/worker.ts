/**
 * A Web Worker that simulates replications. The page sends what a run depends on with one task; later tasks of the
 * same run do without, so that a road graph is not copied for every replication.
 */
import workerpool from 'workerpool';
import { createReplicator, type RunPayload } from '../replicate.ts';
import type { ReplicationRecord } from '../sim/event-log.ts';

let replicate: ((replication: number) => ReplicationRecord) | undefined;

workerpool.worker({
  /** Answers with the record, or with null when this worker has not been given a payload yet. */
  run: (replication: number, payload?: RunPayload): ReplicationRecord | null => {
    if (payload !== undefined) replicate = createReplicator(payload);
    return replicate?.(replication) ?? null;
  },
});
