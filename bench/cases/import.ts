/** How long does the import of a city take, and how much memory? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OtherCase } from '../road-case.ts';
import { hasPorto, PORTO, ROOT } from '../graphs.ts';
import { quantile, timesOf } from '../measure.ts';
import { limitRow, skippedRow } from '../report.ts';

const RUNS = 3;

export const importPorto: OtherCase = {
  name: 'import',
  about: 'the import command on Porto, a process of its own (after npm run build)',
  async run() {
    const job = 'patrol135 import porto.osm.pbf';
    if (!hasPorto()) return [skippedRow('import', job, `no ${PORTO}`)];
    const folder = mkdtempSync(join(tmpdir(), 'patrol135-bench-'));
    let mostMb = 0;
    const samples = await timesOf(job, RUNS, (run) => {
      const out = join(folder, `porto-${run}.graph`);
      const script = `
        process.argv = [process.argv[0], 'patrol135', 'import', ${JSON.stringify(PORTO)}, '--out', ${JSON.stringify(out)}, '--quiet'];
        process.on('exit', () => console.error('RSS ' + process.resourceUsage().maxRSS));
        await import(${JSON.stringify(join(ROOT, 'dist/engine/node/cli.js'))});`;
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error(child.stderr);
      mostMb = Math.max(mostMb, Number(/RSS (\d+)/.exec(child.stderr)?.[1]) / 1024);
    });
    rmSync(folder, { recursive: true });
    return [
      limitRow(
        {
          case: 'import',
          job,
          inputs: `${RUNS} processes, graph file and cache written`,
          note: `${Math.round(mostMb)} MB at most (goal 1 GB)`,
        },
        'a process',
        { ms: quantile(samples, 0.5), minMs: quantile(samples, 0) },
        10_000,
      ),
    ];
  },
};
