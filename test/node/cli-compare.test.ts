import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BestPlanJson } from '../../engine/study/best-plan.ts';
import type { ComparisonJson } from '../../engine/study/comparison.ts';
import { runCli } from '../support/cli.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patrol135-compare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

describe('patrol135 compare', () => {
  it('prints the difference of two Gothenburg plans with its interval; the same seeds give both the same calls', async () => {
    const { code, stdout, stderr } = await runCli([
      ...['compare', 'scenarios/gothenburg', '--set', 'B:dispatch.type=maximal-coverage'],
      ...['--replications', '4', '--workers', '2', '--out', at('gothenburg')],
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('simulations: 8 to do')]);
    expect(stdout).toMatch(
      /^A {2}gothenburg \(scenario\.json\)\nB {2}gothenburg \(scenario\.json\) {2}dispatch\.type=maximal-coverage\n/,
    );
    expect(stdout).toMatch(/reached within 3 min: B − A +−\d+\.\d +−\d+\.\d … −\d+\.\d +/);
    expect(stdout).toMatch(
      /Plan B reaches \d+\.\d percentage points fewer calls within 3 minutes than plan A \(95 % interval \d+\.\d to \d+\.\d fewer; 4 paired replications; clock from dispatched\): the difference is beyond chance, in favour of plan A\./,
    );
    const comparison = await read<ComparisonJson>(at('gothenburg/compare.json'));
    const [a, b] = comparison.calls;
    expect([a.n, a.hash]).toEqual([b.n, b.hash]);
    expect(a.n).toBeGreaterThan(600);
    expect(comparison).toMatchObject({ paired: true, replications: 4, seed: 135 });
    expect(await readdir(at('gothenburg'))).toEqual(['compare.json']);
  });

  it('puts another policy with its defaults in the place of one with keys of its own, whatever the order of its keys', async () => {
    const plans: unknown[] = [];
    const edits = ['dispatch.type=pre-emption', 'dispatch.urgentPriority=2'];
    for (const order of [edits, edits.toReversed()]) {
      const { code, stdout } = await runCli([
        ...['compare', 'scenarios/toy-night', '--replications', '2', '--workers', '1', '--json', '--quiet'],
        ...order.flatMap((edit) => ['--set', `B:${edit}`]),
      ]);
      expect(code).toBe(0);
      const { plans: compared, figures } = JSON.parse(stdout) as ComparisonJson;
      plans.push({ sha256: compared[1].sha256, figures });
    }
    expect(plans[1]).toEqual(plans[0]);
  });

  it('gives the same bytes for any number of workers, as a document too', async () => {
    const args = [
      'compare',
      'scenarios/toy',
      '--set',
      'B:units.0.post=post',
      '--set',
      'C:delays.turnoutAtPostS=60',
    ];
    const texts: string[] = [];
    for (const workers of ['1', '3']) {
      const result = await runCli([
        ...[...args, '--metric', 'within3min', '--metric', 'p90S', '--replications', '6'],
        ...['--all-pairs', '--workers', workers, '--out', at(workers), '--json', '--quiet'],
      ]);
      expect([result.code, result.stderr]).toEqual([0, '']);
      const text = await readFile(at(`${workers}/compare.json`), 'utf8');
      expect(JSON.parse(result.stdout)).toEqual(JSON.parse(text));
      texts.push(text);
    }
    expect(texts[0]).toBe(texts[1]);
    const { figures, comparisons } = JSON.parse(texts[0]) as ComparisonJson;
    expect(comparisons).toBe(3);
    expect(figures.map(({ name, differences }) => [name, differences.length])).toEqual([
      ['within3min', 3],
      ['p90S', 3],
    ]);
  });

  it('refuses plans with other calls and names the first one, unless they are to be taken as independent', async () => {
    const args = [
      'compare',
      'scenarios/toy',
      '--set',
      'B:demand.sources.0.callsPerHour=9',
      '--replications',
      '5',
    ];
    const refused = await runCli(args);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(
        /plan B \(toy\) \/demand: does not have the calls of plan A: in replication 1, call \d+ is there: at/,
      ),
    ]);
    const unpaired = await runCli([...args, '--unpaired', '--metric', 'meanS']);
    expect(unpaired.code).toBe(0);
    expect(unpaired.stdout).toContain('5 replications of each plan, not paired');
    expect(unpaired.stdout).toContain('as independent samples (--unpaired), since their calls differ.');
  });

  it('finds the best of several plans, whatever the workers, in Chinese too', async () => {
    const args = [
      ...['compare', 'scenarios/toy', '--set', 'B:delays.turnoutAtPostS=120', '--set', 'C:delays.accessS=90'],
      ...['--best', '--metric', 'meanS', '--indifference', '20', '--first', '5'],
    ];
    const documents: BestPlanJson[] = [];
    for (const workers of ['1', '3']) {
      const { code, stdout, stderr } = await runCli([...args, '--workers', workers, '--json']);
      expect(code).toBe(0);
      expect(stderr).toMatch(/after the first stage: \d+ replications of a plan at most/);
      expect(stderr).toMatch(/after \d+ replications plan [BC] drops out, \d+\.\d s behind [AC]/);
      documents.push(JSON.parse(stdout) as BestPlanJson);
    }
    expect(documents[0]).toEqual(documents[1]);
    expect(documents[0]).toMatchObject({
      selected: 'A',
      procedure: 'KN',
      confidence: 0.95,
      indifference: 20,
      paired: true,
    });
    const chinese = await runCli([...args, '--lang', 'zh-CN', '--quiet']);
    expect(chinese.stdout).toContain('选出方案 A');
  });

  it.each([
    [['scenarios/toy'], 'compare: needs two plans at least'],
    [['scenarios/toy', '--set', 'C:run.seed=1'], '"B:": plan B is left out: no scenario and no edit makes it'],
    [['scenarios/toy', 'scenarios/toy', '--metric', 'within4min'], 'did you mean "within1min"?'],
    [['scenarios/toy', 'scenarios/toy', '--best'], '--indifference: is missing: a share above 0 such as 0.01'],
    [['scenarios/toy', 'scenarios/toy', '--best', '--indifference', '1', '--confidence', '0.4'], '--confidence: 0.4 is not between 1/2'],
    [['scenarios/toy-night', '--set', 'B:dispatch.type=closest'], 'plan B: scenario.json /dispatch/type: "closest" is not allowed (did you mean "closest-available"?)'],
    [['scenarios/toy', '--set', 'B:dispatch.type=nearest'], '(edited by --set dispatch.type=nearest)'],
    [['scenarios/toy-night', '--set', 'B:dispatch.type=closest-available', '--set', 'B:dispatch.minSavingS=9'], 'plan B: scenario.json /dispatch/minSavingS: is not a key here with type "closest-available"; allowed: type (edited by --set dispatch.type=closest-available, --set dispatch.minSavingS=9)'],
    [['scenarios/toy', '--set', 'B:units.ghost.post=post'], 'plan B: --set "units.ghost.post=post": scenario.json /units has no entry "ghost"'],
    [['scenarios/toy', '--set', 'B:dispatch'], 'plan B: --set: "dispatch" is not PATH=VALUE'],
    [['scenarios/toy', '--set', 'B:run.durationS=3600'], "its scored time is 3600 s after a warm-up of 0 s, that of plan A 7200 s after a warm-up of 0 s: they must be as long (edited by --set run.durationS=3600)"],
    [['scenarios/toy', 'scenarios/none'], 'plan B: scenarios/none'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(['compare', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  }); // prettier-ignore
});

describe('patrol135 run --set', () => {
  it('runs the edited scenario and keeps it, so that it can be run again', async () => {
    const { code } = await runCli([
      ...['run', 'scenarios/toy', '--out', at('edited'), '--replications', '1'],
      ...['--set', 'name=other toy', '--set', 'delays.accessS=77'],
    ]);
    expect(code).toBe(0);
    expect(await read(at('edited/scenario.json'))).toMatchObject({
      name: 'other toy',
      delays: { accessS: 77 },
    });
    expect(await read(at('edited/manifest.json'))).toMatchObject({ scenario: { name: 'other toy' } });
  });
});
