/** A thread of the `simulation-workers` case: replications of a city that all threads share, log off. */
import { serve } from '../engine/node/serve.ts';
import type { RunPayload } from '../engine/replicate.ts';
import { prepareSimulation } from '../engine/sim/simulate.ts';
import { simulateRun } from './simulation-city.ts';

serve(({ city, plan }: RunPayload) => {
  const ready = { city, plan, setup: prepareSimulation(city, plan) };
  return (replication) => simulateRun(ready, { replication, log: 'off' }).checksum;
});
