/** The latency guard stays whole: its baseline knows every job, and workflows run commands that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guardJobs } from '../../bench/guard-jobs.ts';
import type { Baseline } from '../../bench/guard-verdict.ts';
import { madeUpCity } from '../../bench/made-up-city.ts';
import { buildMetric, findProfile } from '../../engine/routing/profiles.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the latency guard', () => {
  const baseline = JSON.parse(text('bench/baseline.json')) as Baseline;

  it('has every job in its baseline, each with a counter of work beside the sum of its answers', async () => {
    const city = await madeUpCity(20, 1);
    const metric = buildMetric(city, findProfile('plain'), { siren: false });
    const jobs = guardJobs(city, metric, metric);
    expect(Object.keys(baseline.jobs)).toEqual(jobs.map(({ name }) => name));
    for (const { name, counters } of jobs) {
      const known = Object.keys(baseline.jobs[name].counters);
      expect(known).toEqual([...Object.keys(counters()), 'answers']);
      expect(known.length).toBeGreaterThan(1);
      expect(baseline.jobs[name].ratio).toBeGreaterThan(0);
    }
  });

  it('counts all work of a job that is done twice', async () => {
    const city = await madeUpCity(20, 1);
    const metric = buildMetric(city, findProfile('plain'), { siren: false });
    for (const { name, work, counters } of guardJobs(city, metric, metric)) {
      const states = [counters()];
      const answers = [0, 1, 2].map(() => {
        const sum = work();
        states.push(counters());
        return sum;
      });
      expect(new Set(answers).size, name).toBe(1);
      const more = (i: number): number[] =>
        Object.keys(states[0]).map((key) => states[i][key] - states[i - 1][key]);
      expect(more(2), name).toEqual(more(3));
      expect(Math.max(...more(3)), name).toBeGreaterThan(0);
    }
  });
});

describe('the workflows', () => {
  it('run scripts of the package and files that exist', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const commands = readdirSync(join(ROOT, '.github/workflows')).flatMap((file) =>
      Array.from(text(`.github/workflows/${file}`).matchAll(/run: (.*)/g), ([, command]) => command),
    );
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) {
      const script = /^npm run (\S+)/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      else expect(command).toMatch(/^(npm ci|bash \.ci\/run|node dist\/engine\/node\/cli\.js run )/);
    }
  });
});
