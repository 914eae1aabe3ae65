/** How long does a newcomer wait for the first results? */
import { spawnSync } from 'node:child_process';
import type { OtherCase } from '../road-case.ts';
import { ROOT } from '../graphs.ts';
import { quantile, timesOf } from '../measure.ts';
import { limitRow } from '../report.ts';

const RUNS = 3;

export const start: OtherCase = {
  name: 'start',
  about: 'npm start: Gothenburg, 20 replications (after npm run build)',
  async run() {
    const samples = await timesOf('npm start', RUNS, () => {
      const child = spawnSync('npm', ['start'], { cwd: ROOT, encoding: 'utf8' });
      if (child.status !== 0) throw new Error(child.stderr);
    });
    return [
      limitRow(
        { case: 'start', job: 'npm start', inputs: `Gothenburg, 20 replications; ${RUNS} runs` },
        'a process',
        { ms: quantile(samples, 0.5), minMs: quantile(samples, 0) },
        60_000,
      ),
    ];
  },
};
