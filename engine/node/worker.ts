/** A worker thread that simulates replications, to the end or up to a time. */
import { createReplicator, createStopper, type RunPayload } from '../replicate.ts';
import type { Ms } from '../units.ts';
import { serve } from './serve.ts';

serve((payload: RunPayload & { stopAtMs?: Ms }): ((replication: number) => object) => {
  const { stopAtMs } = payload;
  return stopAtMs === undefined ? createReplicator(payload) : createStopper({ ...payload, stopAtMs });
});
