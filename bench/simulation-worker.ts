/** A thread that runs replications of a city that all threads share, all in one way: what it compiles is for that way alone. */
import { serve } from '../engine/node/serve.ts';
import type { RunPayload } from '../engine/replicate.ts';
import { prepareSimulation } from '../engine/sim/simulate.ts';
import { simulateRun, type RunWay } from './simulation-city.ts';

serve(({ city, plan, way }: RunPayload & { way: RunWay }) => {
  const ready = { city, plan, setup: prepareSimulation(city, plan) };
  return (replication) => simulateRun(ready, { ...way, replication }).checksum;
});
