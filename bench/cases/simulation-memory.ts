/** How much memory does a replication of ten million calls take, and does it grow with their number? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { graphOf, reportOf } from '../graphs.ts';
import { SEED } from '../inputs.ts';
import { count } from '../measure.ts';
import type { OtherCase } from '../road-case.ts';
import type { LongRun } from '../simulation-child.ts';

const CHILD = resolve(import.meta.dirname, '../simulation-child.ts');
const DAYS = 366;
const MOST_MB = 1024;
/** Share of the memory of a tenth of the calls that the others may add. */
const FLAT = 0.1;

export const simulationMemory: OtherCase = {
  name: 'simulation-memory',
  about: 'memory of ten million calls in one replication, log off',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'patrol135-bench-'));
    try {
      const file = join(folder, 'roads.graph');
      writeFileSync(file, await encodeRoadGraph(await graphOf('porto'), await reportOf('porto')));
      const child = spawnSync(process.execPath, ['--import', 'tsx', CHILD, file, String(DAYS)], {
        encoding: 'utf8',
      });
      if (child.status !== 0) throw new Error(child.stderr);
      const { calls, units, busyShare, checksum, seconds, readyMb, tenthMb, mostMb } = JSON.parse(
        child.stdout,
      ) as LongRun;
      const mb = (value: number): string => `${value.toFixed(0)} MB`;
      const inputs = `${count(calls)} calls in ${DAYS} days, ${units} units at 200 posts, busy ${(100 * busyShare).toFixed(0)} %, roads from a graph file, a process of its own; seed ${SEED}`;
      const note = `${seconds.toFixed(0)} s, ${count(Math.round(calls / seconds))} calls/s; checksum ${checksum}`;
      return [
        {
          case: 'simulation-memory',
          job: 'memory of the process, at most',
          subject: mb(mostMb),
          goal: `under ${MOST_MB} MB`,
          met: mostMb < MOST_MB,
          inputs,
          note: `${mb(readyMb)} before the first call; ${note}`,
        },
        {
          case: 'simulation-memory',
          job: 'what nine tenths of the calls add to it',
          subject: mb(mostMb - tenthMb),
          goal: `under a tenth of ${mb(tenthMb)}`,
          met: mostMb - tenthMb < FLAT * tenthMb,
          inputs,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
