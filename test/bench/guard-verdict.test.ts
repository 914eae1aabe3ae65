/** The guard's judgement on recorded timings and counters: nothing here is timed. */
import { describe, expect, it } from 'vitest';
import {
  baselineOf,
  describeFinding,
  judge,
  ratioOf,
  TOLERANCE,
  type Baseline,
  type JobRun,
} from '../../bench/guard-verdict.ts';

const NETWORK = 'made-up city 1';

/** Rounds of one run: the machine was busy in most of them, so medians are far from minima. */
const RECORDED: Record<string, JobRun> = {
  'point-to-point': {
    jobMs: [0.412, 0.4, 0.83, 1.9, 0.405],
    referenceMs: [0.82, 1.7, 0.8, 0.801, 2.2],
    counters: { labelEntriesRead: 183_204, answers: 99_120_331 },
  },
  reach: {
    jobMs: [1.21, 1.2, 2.5],
    referenceMs: [0.8, 0.9, 0.81],
    counters: { statesSettled: 20_511 },
  },
};
const BASELINE: Baseline = {
  network: NETWORK,
  jobs: {
    'point-to-point': { ratio: 0.5, counters: { labelEntriesRead: 183_204, answers: 99_120_331 } },
    reach: { ratio: 1.5, counters: { statesSettled: 20_511 } },
  },
};

/** The recorded run with one job's rounds stretched. */
const slowed = (job: string, factor: number): Record<string, JobRun> => ({
  ...RECORDED,
  [job]: { ...RECORDED[job], jobMs: RECORDED[job].jobMs.map((ms) => ms * factor) },
});

describe('the ratio of a job', () => {
  it('is that of the fastest rounds, wherever they stand', () => {
    expect(ratioOf(RECORDED['point-to-point'])).toBe(0.5);
    expect(ratioOf(RECORDED.reach)).toBeCloseTo(1.5, 12);
  });

  it('is not moved by rounds that the machine was busy in', () => {
    const busy = RECORDED.reach.jobMs.flatMap((ms) => [ms, 4 * ms, 9 * ms]);
    expect(ratioOf({ ...RECORDED.reach, jobMs: busy })).toBe(ratioOf(RECORDED.reach));
  });

  it('is refused without a round', () => {
    expect(() => ratioOf({ jobMs: [], referenceMs: [1], counters: {} })).toThrow(/without a single round/);
  });
});

describe('the guard', () => {
  it('passes the run that the baseline was written from', () => {
    expect(judge(NETWORK, RECORDED, BASELINE)).toEqual({ pass: true, findings: [] });
    expect(judge(NETWORK, RECORDED, baselineOf(NETWORK, RECORDED)).pass).toBe(true);
  });

  it('fails a job that is 26 % slower, and names it', () => {
    const { pass, findings } = judge(NETWORK, slowed('reach', 1.26), BASELINE);
    expect(pass).toBe(false);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ job: 'reach', kind: 'slower', what: 'ratio', baseline: 1.5 });
    expect(describeFinding(findings[0])).toBe('reach: 26 % slower (ratio 1.5 to 1.890; 25 % allowed)');
  });

  it('passes a job that is 24 % slower', () => {
    expect(judge(NETWORK, slowed('reach', 1.24), BASELINE).pass).toBe(true);
  });

  it('has its limit at a quarter', () => {
    expect(TOLERANCE).toBe(0.25);
    expect(judge(NETWORK, slowed('point-to-point', 1.25), BASELINE).pass).toBe(true);
    expect(judge(NETWORK, slowed('point-to-point', 1.2501), BASELINE).pass).toBe(false);
  });

  it('passes a job that became faster', () => {
    expect(judge(NETWORK, slowed('point-to-point', 0.3), BASELINE).pass).toBe(true);
  });

  it('passes when the whole machine is slower, job and reference alike', () => {
    const slow = Object.fromEntries(
      Object.entries(RECORDED).map(([job, run]) => [
        job,
        { ...run, jobMs: run.jobMs.map((ms) => 3 * ms), referenceMs: run.referenceMs.map((ms) => 3 * ms) },
      ]),
    );
    expect(judge(NETWORK, slow, BASELINE).pass).toBe(true);
  });

  it.each([
    ['one more', 20_512],
    ['one less', 20_510],
    ['twice the work', 41_022],
  ])('fails a counter that changed: %s', (_, statesSettled) => {
    const { pass, findings } = judge(
      NETWORK,
      { ...RECORDED, reach: { ...RECORDED.reach, counters: { statesSettled } } },
      BASELINE,
    );
    expect(pass).toBe(false);
    expect(findings).toEqual([
      { job: 'reach', kind: 'counter', what: 'statesSettled', baseline: 20_511, measured: statesSettled },
    ]);
    expect(describeFinding(findings[0])).toContain(`statesSettled 20511 to ${statesSettled}`);
  });

  it('fails a counter that came or went', () => {
    const renamed = { ...RECORDED, reach: { ...RECORDED.reach, counters: { settled: 20_511 } } };
    expect(judge(NETWORK, renamed, BASELINE).findings.map(({ kind, what }) => [kind, what])).toEqual([
      ['counter', 'statesSettled'],
      ['counter', 'settled'],
    ]);
  });

  it('fails a job of the baseline that was not measured', () => {
    const { reach } = RECORDED;
    const { pass, findings } = judge(NETWORK, { reach }, BASELINE);
    expect(pass).toBe(false);
    expect(findings).toEqual([
      { job: 'point-to-point', kind: 'missing', what: '', baseline: 0.5, measured: null },
    ]);
  });

  it('fails a job that the baseline does not know, so that none goes unguarded', () => {
    const { pass, findings } = judge(NETWORK, { ...RECORDED, matrix: RECORDED.reach }, BASELINE);
    expect(pass).toBe(false);
    expect(findings.map(({ job, kind }) => [job, kind])).toEqual([['matrix', 'new']]);
    expect(describeFinding(findings[0])).toContain('--update');
  });

  it('fails on another network, whatever its figures', () => {
    const { pass, findings } = judge('made-up city 2', RECORDED, BASELINE);
    expect(pass).toBe(false);
    expect(findings.map(({ kind }) => kind)).toEqual(['other network']);
  });

  it('fails a ratio that is no number', () => {
    const broken = { ...RECORDED, reach: { ...RECORDED.reach, jobMs: [NaN] } };
    expect(judge(NETWORK, broken, BASELINE).pass).toBe(false);
  });

  it('finds a kernel that does its work twice by its ratio and by its counters', () => {
    const twice: JobRun = {
      jobMs: RECORDED.reach.jobMs.map((ms) => 2 * ms),
      referenceMs: RECORDED.reach.referenceMs,
      counters: { statesSettled: 41_022 },
    };
    const { findings } = judge(NETWORK, { ...RECORDED, reach: twice }, BASELINE);
    expect(findings.map(({ job, kind }) => `${job} ${kind}`)).toEqual(['reach slower', 'reach counter']);
  });
});
