/**
 * `npm run bench:guard`: has answering become slower? Small jobs and a fixed reference kernel take turns in one process;
 * the ratio of the fastest rounds and the counters of work are held against a baseline (guard-verdict.ts).
 *
 *   --update             writes the baseline instead
 *   --baseline <file>    another baseline than bench/baseline.json
 *   --scenario <folder>  on the roads and calls of a scenario instead of a made-up city
 *   --self-test          every kernel does its work twice; exit 0 only if the guard finds each of them out
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import { InputError } from '../engine/errors.ts';
import type { RoadGraph } from '../engine/graph/road-graph.ts';
import type { Metric } from '../engine/routing/metric.ts';
import { buildMetric, findProfile } from '../engine/routing/profiles.ts';
import { BENCH_PROFILE } from './road-case.ts';
import { ROOT } from './graphs.ts';
import { guardJobs, type GuardJob } from './guard-jobs.ts';
import { createReference } from './guard-reference.ts';
import { scenarioJobs } from './guard-scenario.ts';
import {
  baselineOf,
  describeFinding,
  judge,
  ratioOf,
  TOLERANCE,
  type Baseline,
  type Finding,
  type JobRun,
  type Verdict,
} from './guard-verdict.ts';
import { madeUpCity } from './made-up-city.ts';
import { duration } from './report.ts';
import { machine } from './table.ts';

/** 142 x 142 junctions, some 20,000. */
const SIDE = 142;
/** 1,600 junctions, for the job that reads all of a network. */
const DISTRICT_SIDE = 40;
const CITY_SEED = 1;
/** Calls before anything is timed, so that the compiler is done. */
const WARM_UP_ROUNDS = 40;
const ROUNDS = 100;
/** A run that fails on ratios alone is given more rounds: noise goes away, a slower program does not. */
const ATTEMPTS = 3;
/** A job that takes long, such as a replication of a large city, gets fewer rounds: no more than fit this time. */
const JOB_BUDGET_MS = 4_000;
const LEAST_SAMPLES = 6;

interface Options {
  update?: true;
  selfTest?: true;
  baseline: string;
  scenario?: string;
}

interface Watched {
  network: string;
  jobs: GuardJob[];
}

async function watched(scenario: string | undefined): Promise<Watched> {
  if (scenario !== undefined) return scenarioJobs(scenario);
  const [graph, district] = await Promise.all([
    madeUpCity(SIDE, CITY_SEED),
    madeUpCity(DISTRICT_SIDE, CITY_SEED),
  ]);
  const metricOf = (roads: RoadGraph): Metric =>
    buildMetric(roads, findProfile(BENCH_PROFILE), { siren: false });
  return {
    network: `${graph.source.name} ${graph.contentHash.slice(0, 16)}`,
    jobs: guardJobs(graph, metricOf(graph), metricOf(district)),
  };
}

/** The same job with all its work done twice. */
const twice = (job: GuardJob): GuardJob => ({
  ...job,
  work() {
    job.work();
    return job.work();
  },
});

/** Counters of one call, and its answers; the same for every call, or the program does not repeat itself. */
function countersOf({ name, work, counters }: GuardJob): Record<string, number> {
  const once = (): Record<string, number> => {
    const before = counters();
    const answers = work();
    const after = counters();
    return {
      ...Object.fromEntries(Object.entries(after).map(([key, value]) => [key, value - before[key]])),
      answers,
    };
  };
  const first = once();
  const second = once();
  if (JSON.stringify(first) !== JSON.stringify(second))
    throw new Error(`${name} does other work the second time: ${JSON.stringify([first, second])}`);
  return first;
}

interface Timings {
  /** By job. */
  jobMs: number[][];
  referenceMs: number[];
}

/** Adds rounds of all jobs in turn, each behind the reference kernel. */
async function time(jobs: readonly GuardJob[], timings: Timings, rounds: number): Promise<void> {
  const reference = createReference();
  /** Twice, because the first time may find the caches full of what other processes left there. */
  const clock = (work: () => number, into: number[] | null): void => {
    for (let again = 0; again < 2; again++) {
      const from = performance.now();
      work();
      const ms = performance.now() - from;
      into?.push(ms);
    }
  };
  const spentMs = jobs.map(() => 0);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    if (round === 0) spentMs.fill(0);
    for (const [i, { work }] of jobs.entries()) {
      const from = performance.now();
      if (spentMs[i] > JOB_BUDGET_MS && (round < 0 || timings.jobMs[i].length >= LEAST_SAMPLES)) continue;
      // whoever has slept gets a whole time slice from the system, even beside busy processes
      if (round >= 0) await pause(1);
      clock(reference, round < 0 ? null : timings.referenceMs);
      if (round >= 0) await pause(1);
      clock(work, round < 0 ? null : timings.jobMs[i]);
      spentMs[i] += performance.now() - from;
    }
  }
}

async function guard({ update, selfTest, baseline: file, scenario }: Options): Promise<number> {
  const here = machine();
  console.error(`${here.cpu}, ${here.cores} cores, Node ${here.node}, ${here.date}, load ${here.load}`);
  const { network, jobs: honest } = await watched(scenario);
  const jobs = selfTest === true ? honest.map(twice) : honest;
  const counters = jobs.map(countersOf);
  const timings: Timings = { jobMs: jobs.map(() => []), referenceMs: [] };
  const runs = (): Record<string, JobRun> =>
    Object.fromEntries(
      jobs.map(({ name }, i) => [
        name,
        { jobMs: timings.jobMs[i], referenceMs: timings.referenceMs, counters: counters[i] },
      ]),
    );

  if (update === true) {
    await time(jobs, timings, 2 * ROUNDS);
    writeFileSync(file, `${JSON.stringify(baselineOf(network, runs()), null, 2)}\n`);
    console.log(tableOf(runs(), null));
    console.log(`Baseline written to ${file}`);
    return 0;
  }
  if (!existsSync(file)) {
    console.error(`No baseline at ${file}; write one with --update`);
    return 1;
  }
  const baseline = JSON.parse(readFileSync(file, 'utf8')) as Baseline;
  let verdict: Verdict;
  for (let attempt = 1; ; attempt++) {
    await time(jobs, timings, ROUNDS);
    verdict = judge(network, runs(), baseline);
    const byNoise = verdict.findings.length > 0 && verdict.findings.every(({ kind }) => kind === 'slower');
    if (!byNoise || selfTest === true || attempt === ATTEMPTS) break;
    console.error(`attempt ${attempt}: slower; more rounds, to tell noise from change`);
  }
  console.log(tableOf(runs(), baseline));
  for (const finding of verdict.findings) console.log(describeFinding(finding));
  if (selfTest === true) return selfTested(jobs, verdict.findings);
  console.log(
    verdict.pass
      ? `The guard passes: no job is more than ${TOLERANCE * 100} % slower, no counter changed.`
      : `The guard fails: ${verdict.findings.length} findings.`,
  );
  return verdict.pass ? 0 : 1;
}

/** Whether the guard has found out every job that did its work twice, by its ratio and by its counters. */
function selfTested(jobs: readonly GuardJob[], findings: readonly Finding[]): number {
  const found = (name: string, kind: Finding['kind']): boolean =>
    findings.some((finding) => finding.job === name && finding.kind === kind);
  let missed = 0;
  for (const { name } of jobs) {
    const ways = (['slower', 'counter'] as const).filter((kind) => found(name, kind));
    if (ways.length < 2) missed++;
    const by = ways.map((kind) => (kind === 'slower' ? 'its ratio' : 'its counters'));
    console.log(`self-test: ${name} did its work twice; found by ${by.join(' and ') || 'NOTHING'}`);
  }
  console.log(
    missed === 0
      ? `self-test passed: the guard fails, and finds all ${jobs.length} jobs by ratio and by counters`
      : `self-test FAILED: ${missed} of ${jobs.length} jobs were not found by both`,
  );
  return missed === 0 ? 0 : 1;
}

function tableOf(runs: Readonly<Record<string, JobRun>>, baseline: Baseline | null): string {
  const table = new Table({
    head: ['job', 'fastest', 'reference', 'ratio', 'baseline', 'change', 'counters'],
    style: { head: [], border: [] },
  });
  for (const [name, run] of Object.entries(runs)) {
    const ratio = ratioOf(run);
    const known = baseline?.jobs[name]?.ratio;
    table.push([
      name,
      duration(Math.min(...run.jobMs)),
      duration(Math.min(...run.referenceMs)),
      ratio.toPrecision(4),
      known === undefined ? '' : String(known),
      known === undefined ? '' : `${((ratio / known - 1) * 100).toFixed(1)} %`,
      Object.entries(run.counters)
        .map(([counter, value]) => `${counter} ${value}`)
        .join('\n'),
    ]);
  }
  return table.toString();
}

const command = new Command('bench:guard')
  .description('fails when answering has become slower, or does other work than before')
  .option('--update', 'write the baseline instead of comparing with it')
  .option('--baseline <file>', 'the baseline', join(ROOT, 'bench/baseline.json'))
  .option('--scenario <folder>', 'measure on the roads and calls of this scenario')
  .option('--self-test', 'every kernel does its work twice: exit 0 only if the guard finds each of them out')
  .action(async (options: Options) => {
    try {
      process.exitCode = await guard(options);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      console.error(error.message);
      process.exitCode = 2;
    }
  });
await command.parseAsync();
