/** What the guard watches for a user: the same jobs on the roads of a scenario, and a whole replication of it. */
import { metricOf } from '../engine/city/metrics.ts';
import { openAndReadScenario } from '../engine/node/run-scenario.ts';
import { prepareRun } from '../engine/pipeline.ts';
import { createReplicator } from '../engine/replicate.ts';
import { guardJobs, type GuardJob } from './guard-jobs.ts';

/** @throws InputError where the scenario cannot be read */
export async function scenarioJobs(path: string): Promise<{ network: string; jobs: GuardJob[] }> {
  const { city, payload } = await prepareRun(await openAndReadScenario(path));
  const { graph, scenario, units } = city;
  const metric = metricOf(city, units[0].profile, { siren: true });
  const replicate = createReplicator(payload);
  let calls = 0;
  let events = 0;
  const replication: GuardJob = {
    name: 'a replication: every call dispatched',
    work() {
      const { counts, log } = replicate(1);
      const nEvents = log?.nEvents ?? 0;
      calls += counts.occurred;
      events += nEvents;
      return nEvents;
    },
    counters: () => ({ calls, events }),
  };
  return {
    network: `${scenario.name} ${graph.contentHash.slice(0, 16)} ${metric.name}`,
    jobs: [...guardJobs(graph, metric, metric), replication],
  };
}
