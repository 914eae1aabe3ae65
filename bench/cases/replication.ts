/** How long does one simulated day take? */
import { join } from 'node:path';
import { openAndReadScenario } from '../../engine/node/run-scenario.ts';
import { prepareRun } from '../../engine/pipeline.ts';
import { createReplicator } from '../../engine/replicate.ts';
import type { OtherCase } from '../road-case.ts';
import { ROOT } from '../graphs.ts';
import { quantile, timesOf } from '../measure.ts';
import { limitRow } from '../report.ts';

const RUNS = 20;

export const replication: OtherCase = {
  name: 'replication',
  about: 'one replication of a Gothenburg day',
  async run() {
    const prepared = await prepareRun(await openAndReadScenario(join(ROOT, 'scenarios/gothenburg')));
    const replicate = createReplicator(prepared.payload);
    let calls = 0;
    let events = 0;
    const samples = await timesOf('replication', RUNS, (run) => {
      const record = replicate(run + 1);
      calls += record.counts.occurred;
      events += record.log?.nEvents ?? 0;
    });
    return [
      limitRow(
        {
          case: 'replication',
          job: 'a Gothenburg day',
          inputs: `replications 1 to ${RUNS}; ${calls} calls, ${events} events in all`,
        },
        'one thread',
        { ms: quantile(samples, 0.5), minMs: quantile(samples, 0) },
        1000,
      ),
    ];
  },
};
