/** What is a second thread worth to a simulation of many replications? */
import { createPool, type Pool } from '../../engine/node/pool.ts';
import { runPayload } from '../../engine/replicate.ts';
import { SEED } from '../inputs.ts';
import { count, measure } from '../measure.ts';
import { ratioRow } from '../report.ts';
import type { OtherCase } from '../road-case.ts';
import { simulateRun, simulationCity, UNITS, type RunWay } from '../simulation-city.ts';

const DAYS = 20;
const REPLICATIONS = 8;

export const simulationWorkers: OtherCase = {
  name: 'simulation-workers',
  about: `${REPLICATIONS} replications by one worker thread and by two`,
  async run() {
    const ready = await simulationCity({ answering: 'posts', days: DAYS });
    const way: RunWay = { log: 'off' };
    const init = { ...runPayload(ready.city, ready.plan), way };
    const module = new URL('../simulation-worker.js', import.meta.url);
    const pools = [1, 2].map((workers) => createPool<typeof init, number>({ workers, init, module }));
    try {
      const here = Array.from({ length: REPLICATIONS }, (_, i) =>
        simulateRun(ready, { replication: i + 1, log: 'off' }),
      );
      const total = here.reduce((sum, { checksum }) => sum + checksum, 0);
      // workers prepare themselves at their first replications
      for (const pool of pools) await sumOf(pool);
      const [one, two] = await measure(
        'simulation-workers',
        pools.map((pool) => ({
          name: pool.workers === 1 ? 'one worker' : 'two workers',
          jobs: 1,
          work: () => sumOf(pool),
          checksum: (sum: number) => sum,
          expected: () => total,
        })),
      );
      const calls = here.reduce((sum, run) => sum + run.calls, 0);
      const inputs = `${REPLICATIONS} replications of ${DAYS} days, ${count(calls)} calls in all, ${UNITS} units that answer from posts, log off, city in shared memory, workers warm; seed ${SEED}`;
      return [
        ratioRow(
          {
            case: 'simulation-workers',
            job: 'all replications',
            inputs,
            note: `equal outcomes: this thread, one worker, two workers; checksum ${total}`,
          },
          two,
          one,
          1.6,
        ),
      ];
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  },
};

/** Runs all replications, one after the other on each worker. */
async function sumOf(pool: Pool<number>): Promise<number> {
  let next = 1;
  let sum = 0;
  const lane = async (): Promise<void> => {
    while (next <= REPLICATIONS) {
      const checksum = await pool.run(next++);
      sum += checksum;
    }
  };
  await Promise.all(Array.from({ length: pool.workers }, lane));
  return sum;
}
