/**
 * The guard's judgement: timings and counters of this run against the baseline. A job is slower when the ratio of the
 * fastest rounds, its own and the reference kernel's, is more than a quarter above the baseline's; that ratio stays
 * within a few per cent on a busy machine, where medians double. Counters of work are the same on every machine, so any
 * change of one is a change of the program.
 */

/** Slower than this share of the baseline fails. */
export const TOLERANCE = 0.25;

/** What a run found out about one job. */
export interface JobRun {
  /** Milliseconds of each round of the job, and of the reference kernel beside it. */
  jobMs: readonly number[];
  referenceMs: readonly number[];
  counters: Readonly<Record<string, number>>;
}

export interface Baseline {
  /** Which network was measured; figures of another one say nothing. */
  network: string;
  jobs: Readonly<Record<string, { ratio: number; counters: Readonly<Record<string, number>> }>>;
}

type FindingKind = 'slower' | 'counter' | 'missing' | 'new' | 'other network';

/** One reason to fail. */
export interface Finding {
  job: string;
  kind: FindingKind;
  /** `ratio`, the name of a counter, or '' where the whole job is meant. */
  what: string;
  baseline: number | null;
  measured: number | null;
}

export interface Verdict {
  pass: boolean;
  findings: Finding[];
}

/** Fastest round of a job in fastest rounds of the reference kernel. */
export const ratioOf = ({ jobMs, referenceMs }: JobRun): number => least(jobMs) / least(referenceMs);

const least = (samples: readonly number[]): number => {
  if (samples.length === 0) throw new Error('a job without a single round');
  return samples.reduce((a, b) => Math.min(a, b));
};

/** Findings by job, in the order of the run, then those the run lacks. */
export function judge(network: string, runs: Readonly<Record<string, JobRun>>, baseline: Baseline): Verdict {
  const findings: Finding[] = [];
  if (network !== baseline.network) {
    findings.push({ job: '', kind: 'other network', what: network, baseline: null, measured: null });
  }
  for (const [job, run] of Object.entries(runs)) {
    const known = Object.hasOwn(baseline.jobs, job) ? baseline.jobs[job] : null;
    if (known === null) {
      findings.push({ job, kind: 'new', what: '', baseline: null, measured: ratioOf(run) });
      continue;
    }
    const ratio = ratioOf(run);
    // written so that a ratio that is no number fails
    if (!(ratio <= known.ratio * (1 + TOLERANCE))) {
      findings.push({ job, kind: 'slower', what: 'ratio', baseline: known.ratio, measured: ratio });
    }
    const names = new Set([...Object.keys(known.counters), ...Object.keys(run.counters)]);
    for (const what of names) {
      const before = known.counters[what] ?? null;
      const now = run.counters[what] ?? null;
      if (before !== now) findings.push({ job, kind: 'counter', what, baseline: before, measured: now });
    }
  }
  for (const [job, { ratio }] of Object.entries(baseline.jobs)) {
    if (!Object.hasOwn(runs, job)) {
      findings.push({ job, kind: 'missing', what: '', baseline: ratio, measured: null });
    }
  }
  return { pass: findings.length === 0, findings };
}

/** Ratios are kept to four digits: more would change with every run. */
export function baselineOf(network: string, runs: Readonly<Record<string, JobRun>>): Baseline {
  return {
    network,
    jobs: Object.fromEntries(
      Object.entries(runs).map(([job, run]) => [
        job,
        { ratio: Number(ratioOf(run).toPrecision(4)), counters: { ...run.counters } },
      ]),
    ),
  };
}

/** A finding in words. */
export function describeFinding({ job, kind, what, baseline, measured }: Finding): string {
  switch (kind) {
    case 'slower': {
      const percent = ((measured! / baseline! - 1) * 100).toFixed(0);
      return `${job}: ${percent} % slower (ratio ${baseline!} to ${measured!.toPrecision(4)}; ${TOLERANCE * 100} % allowed)`;
    }
    case 'counter':
      return `${job}: ${what} ${baseline ?? 'not counted'} to ${measured ?? 'not counted'}${percentOf(baseline, measured)}; no change is allowed`;
    case 'missing':
      return `${job}: in the baseline, but not measured`;
    case 'new':
      return `${job}: measured, but not in the baseline; write it with --update`;
    case 'other network':
      return `the network is ${what}, not the baseline's; write a baseline for it with --update`;
  }
}

const percentOf = (baseline: number | null, measured: number | null): string =>
  baseline === null || measured === null || baseline === 0
    ? ''
    : ` (${measured > baseline ? '+' : ''}${((measured / baseline - 1) * 100).toFixed(2)} %)`;
