/** How long does a newly imported city take to exact answers, from nothing and from the cache? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodeRoadGraph } from '../../engine/graph/graph-file.ts';
import { findOrders } from '../../engine/routing/hierarchies.ts';
import { encodeOrders } from '../../engine/routing/order-file.ts';
import type { BenchRoads, RoadCase } from '../road-case.ts';
import type { ColdMode, ColdRun } from '../cold-child.ts';
import { PORTO, reportOf } from '../graphs.ts';
import { AnswersDiffer, LEAST_ROUNDS, timingOf, type Timing } from '../measure.ts';
import { duration, limitRow, ratioRow, type Row } from '../report.ts';

const CHILD = resolve(import.meta.dirname, '../cold-child.ts');
const MOST_MB = 600;

interface ColdJob {
  name: string;
  mode: ColdMode;
  profile?: string;
}

const JOBS: readonly ColdJob[] = [
  { name: 'order', mode: 'order' },
  { name: 'all', mode: 'all' },
  { name: 'all with turns', mode: 'all', profile: 'patrol-car' },
  { name: 'load', mode: 'load' },
  { name: 'import', mode: 'import' },
];

export const cold: RoadCase = {
  name: 'cold',
  about: 'order, hierarchy and labels in a fresh process; from the cache',
  async run({ graph, name, title, limitMs }) {
    const folder = mkdtempSync(join(tmpdir(), 'patrol135-bench-'));
    try {
      const file = join(folder, 'roads.graph');
      writeFileSync(file, await encodeRoadGraph(graph, await reportOf(name)));
      writeFileSync(`${file}.order`, await encodeOrders(graph, findOrders(graph)));
      const runs = new Map<string, ColdRun[]>(JOBS.map((job) => [job.name, []]));
      // the tiled city has no file of its own to import
      const jobs = JOBS.filter(({ mode }) => mode !== 'import' || name === 'porto');
      for (let round = 0; round < LEAST_ROUNDS; round++) {
        for (const job of jobs) runs.get(job.name)!.push(fresh(job, job.mode === 'import' ? PORTO : file));
      }
      return rowsOf(runs, title, limitMs);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function fresh({ mode, profile }: ColdJob, file: string): ColdRun {
  const child = spawnSync(
    process.execPath,
    ['--import', 'tsx', CHILD, mode, file, ...(profile === undefined ? [] : [profile])],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as ColdRun;
}

function rowsOf(
  runs: ReadonlyMap<string, readonly ColdRun[]>,
  title: string,
  limitMs: BenchRoads['limitMs'],
): Row[] {
  for (const [name, of] of runs) {
    if (of.some(({ checksum }) => checksum !== of[0].checksum))
      throw new AnswersDiffer(`cold: two runs of ${name} differ`);
  }
  const timing = (name: string, step: string): Timing =>
    timingOf(
      `${step}, a fresh process`,
      1,
      runs.get(name)!.map(({ steps }) => steps[step]),
    );
  const memory = (name: string): number => Math.max(...runs.get(name)!.map(({ mostMb }) => mostMb));
  const whole = (name: string): string =>
    Object.entries(runs.get(name)![0].steps)
      .map(([step, ms]) => `${step} ${duration(ms)}`)
      .join(', ');
  const inputs = `${LEAST_ROUNDS} fresh processes each, in alternation (through tsx, loading of modules not counted); ${title}`;
  const order = timing('order', 'order');
  const all = timing('all', 'order, hierarchy and labels');
  const turns = timing('all with turns', 'order, hierarchy and labels');
  const imported = runs.get('import')!.length > 0 ? timing('import', 'import') : null;
  const about = (job: string, name: string): Pick<Row, 'case' | 'job' | 'inputs' | 'note'> => ({
    case: 'cold',
    job,
    inputs,
    note: `first process: ${whole(name)}; ${memory(name).toFixed(0)} MB at most`,
  });
  const most = Math.max(memory('all'), memory('all with turns'));
  const load = runs.get('load')!.map(({ steps }) => steps['graph file'] + steps['order file']);
  const loaded = timingOf('graph file and order file, a fresh process', 1, load);
  return [
    limitRow(about('order', 'order'), order.name, { ms: order.medianMs, minMs: order.minMs }, limitMs(1000)),
    limitRow(
      about('order, hierarchy and labels', 'all'),
      all.name,
      { ms: all.medianMs, minMs: all.minMs },
      limitMs(3000),
    ),
    limitRow(
      about('the same for patrol-car, turn rules obeyed', 'all with turns'),
      turns.name,
      { ms: turns.medianMs, minMs: turns.minMs },
      limitMs(3000),
    ),
    {
      case: 'cold',
      job: 'memory of the process, at most',
      subject: `${most.toFixed(0)} MB`,
      goal: limitMs(1) === null ? null : `under ${MOST_MB} MB`,
      met: limitMs(1) === null ? null : most < MOST_MB,
      inputs,
    },
    ...(imported === null
      ? []
      : [
          ratioRow(
            { case: 'cold', job: 'order, hierarchy and labels beside the import of the PBF', inputs },
            all,
            imported,
            null,
          ),
        ]),
    limitRow(
      about('load graph and order from the cache', 'load'),
      loaded.name,
      { ms: loaded.medianMs, minMs: loaded.minMs },
      limitMs(300),
    ),
  ];
}
