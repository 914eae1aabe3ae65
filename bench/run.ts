/**
 * `npm run bench`: each question of this stage with its answer on this machine. Ratios compare contenders of the same
 * run, with their answers compared; absolute times are information about this machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Table from 'cli-table3';
import { Bench } from 'tinybench';
import { createReplicator } from '../engine/replicate.ts';
import { prepareRun, readRoadGraph } from '../engine/pipeline.ts';
import { UNREACHED_MS } from '../engine/units.ts';
import { openAndReadScenario } from '../engine/node/run-scenario.ts';
import { pointToPoint } from './cases/point-to-point.ts';
import { oneToAll } from './cases/shortest-paths.ts';
import { viewerFrames } from './cases/viewer.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DATA = resolve(process.env.PATROL135_DATA ?? join(ROOT, '../shared/data'));
const only = process.argv.slice(2);
const table = new Table({ head: ['question', 'runs', 'min', 'median', 'max', 'goal', 'answer'] });

const wants = (name: string): boolean => only.length === 0 || only.includes(name);
const ms = (value: number): string =>
  value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(1)} ms`;

/** Sum of the reached times, so that a fast wrong answer shows. */
const checksum = (times: Uint32Array): string =>
  `sum ${times.reduce((sum, time) => sum + (time < UNREACHED_MS ? time : 0), 0)}`;

/** Times `work` with tinybench and adds a row; `answer` is shown so that a fast wrong answer is seen. */
async function measure(
  question: string,
  goal: string,
  runs: number,
  work: () => Promise<string> | string,
): Promise<number> {
  let answer = '';
  const bench = new Bench({ iterations: runs, time: 0, warmup: false });
  bench.add(question, async () => {
    answer = await work();
  });
  await bench.run();
  const { result } = bench.tasks[0];
  if (!('latency' in result)) throw new Error(`${question} did not run`, { cause: result });
  const { min, p50, max } = result.latency;
  table.push([question, String(runs), ms(min), ms(p50), ms(max), goal, answer]);
  return min;
}

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);

const porto = join(DATA, 'osm/porto.osm.pbf');
if (wants('import')) {
  if (existsSync(porto)) {
    const out = join(mkdtempSync(join(tmpdir(), 'patrol135-bench-')), 'porto.graph');
    await measure('patrol135 import porto.osm.pbf (a process)', 'under 10 s, 1 GB', 3, () => {
      const script = `
        process.argv = [process.argv[0], 'patrol135', 'import', ${JSON.stringify(porto)}, '--out', ${JSON.stringify(out)}, '--quiet'];
        process.on('exit', () => console.error('RSS ' + process.resourceUsage().maxRSS));
        await import(${JSON.stringify(join(ROOT, 'dist/engine/node/cli.js'))});`;
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error(child.stderr);
      return `${Math.round(Number(/RSS (\d+)/.exec(child.stderr)?.[1]) / 1024)} MB at most`;
    });
    rmSync(join(out, '..'), { recursive: true });
  } else {
    console.log(`import: skipped, no ${porto}`);
  }
}

if (wants('start')) {
  await measure('npm start (Gothenburg, 20 replications)', 'under 60 s', 3, () => {
    const child = spawnSync('npm', ['start'], { cwd: ROOT, encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return `exit ${child.status}`;
  });
}

if (wants('replication')) {
  const scenario = await openAndReadScenario(join(ROOT, 'scenarios/gothenburg'));
  const prepared = await prepareRun(scenario);
  const replicate = createReplicator(prepared.payload);
  let replication = 0;
  await measure('one replication of a Gothenburg day', 'under 1 s', 20, () => {
    const { log, calls } = replicate((replication++ % 20) + 1);
    return `${calls.nCalls} calls, ${log.nEvents} events`;
  });
}

if (wants('paths') && existsSync(porto)) {
  const bytes = readFileSync(porto);
  const { graph } = await readRoadGraph({ name: 'porto', sha256: '', bytes }, { pedestrianStreets: false });
  const { own, graphology, timesOf, sources } = oneToAll(graph);
  for (const source of sources) {
    const [a, b] = [own(source), timesOf(graphology(source))];
    for (let node = 0; node < a.length; node++)
      if (a[node] !== b[node]) throw new Error(`node ${node} differs`);
  }
  let i = 0;
  const size = `Porto, ${graph.nNodes} nodes`;
  const ours = await measure(`one to all, own Dijkstra (${size})`, '', 10, () =>
    checksum(own(sources[i++ % sources.length])),
  );
  const theirs = await measure(
    `one to all, graphology with paths (${size})`,
    '',
    3,
    () => `${Object.keys(graphology(sources[0])).length} paths`,
  );
  table.push([
    'graphology / own, min to min',
    '',
    '',
    `${(theirs / ours).toFixed(0)} x`,
    '',
    '',
    `times of ${sources.length} sources equal`,
  ]);
}

if (wants('labels') && existsSync(porto)) {
  const bytes = readFileSync(porto);
  const { graph } = await readRoadGraph({ name: 'porto', sha256: '', bytes }, { pedestrianStreets: false });
  const { labels, dijkstra, graphology, build } = pointToPoint(graph, 1_000_000);
  for (const [name, contender, count] of [
    ['dijkstra', dijkstra, 1000],
    ['graphology', graphology, 5],
  ] as const) {
    if (contender(count) !== labels(count)) throw new Error(`${name} and labels differ`);
  }
  const perPair = { labels: 1_000_000, dijkstra: 100, graphology: 2 };
  const ours = await measure(
    '1,000,000 times between junctions of Porto, labels',
    '',
    5,
    () => `sum ${labels(perPair.labels)}`,
  );
  const plain = await measure('100 of them, own Dijkstra', '', 5, () => `sum ${dijkstra(perPair.dijkstra)}`);
  const theirs = await measure(
    '2 of them, graphology bidirectional',
    '',
    3,
    () => `sum ${graphology(perPair.graphology)}`,
  );
  const labelMs = ours / perPair.labels;
  table.push([
    'a time between two junctions, labels',
    '',
    '',
    `${(labelMs * 1000).toFixed(2)} us`,
    '',
    '',
    `own Dijkstra ${Math.round(plain / perPair.dijkstra / labelMs)} x, graphology ${Math.round(theirs / perPair.graphology / labelMs)} x; times of 1000 and 5 pairs equal`,
  ]);
  await measure('order, hierarchy and labels of Porto from nothing', '', 3, () => {
    build();
    return `${graph.nNodes} nodes`;
  });
}

if (wants('viewer')) {
  const frames = await viewerFrames();
  table.push([
    `viewer: ${frames.segments} segments, ${frames.units} units, playing`,
    String(frames.frames),
    ms(frames.minMs),
    ms(frames.medianMs),
    ms(frames.maxMs),
    'reported',
    `p95 ${ms(frames.p95Ms)} between frames; ${ms(frames.drawMedianMs)} of drawing`,
  ]);
}

console.log(table.toString());
