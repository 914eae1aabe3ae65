import { describe, expect, it } from 'vitest';
import { bestPlan, type BestPlanJson } from '../../engine/study/best-plan.ts';
import { bestPlanSentence } from '../../engine/study/comparison-tables.ts';
import { parseFigure } from '../../engine/study/figures.ts';
import { ofStudyTask, studyTask, type PlanReplication } from '../../engine/study/plan-replication.ts';
import { createTaskQueue } from '../../engine/study/task-queue.ts';
import { shuffledPool } from './fake-pool.ts';
import { townPlans, type TownPlan } from './plans.ts';

const FIGURE = parseFigure('within3min');

async function raceOf(
  plans: readonly TownPlan[],
  workers: number,
  seed: number,
  more: Partial<Parameters<typeof bestPlan>[0]> = {},
): Promise<{ best: BestPlanJson; dropped: string[]; started: number }> {
  const pool = shuffledPool(workers, seed, (task): PlanReplication => {
    const { plan, replication } = ofStudyTask(plans.length, task);
    return plans[plan].replicate(replication);
  });
  const queue = createTaskQueue((task) => pool.run(task), workers);
  const dropped: string[] = [];
  const best = await bestPlan({
    engineVersion: 'test',
    seed: 11,
    plans,
    figure: FIGURE,
    confidence: 0.95,
    indifference: 0.05,
    first: 10,
    allowed: 400,
    paired: true,
    want: (plan, replication) => queue.want(studyTask(plans.length, plan, replication)),
    forget: (plan, replication) => queue.forget(studyTask(plans.length, plan, replication)),
    ahead: (nInRace) => Math.ceil((2 * workers) / nInRace),
    onEliminated: ({ plan, eliminated }) =>
      dropped.push(`${plan} after ${eliminated!.after} by ${eliminated!.by}`),
    ...more,
  });
  return { best, dropped, started: pool.started.length };
}

describe('the best of many plans of a town', () => {
  it('is the one whose cars stand best, the same for 1, 2 and 3 workers whoever is done first', async () => {
    const plans = await townPlans([['A'], ['D'], ['A', 'D'], ['B', 'C'], ['E', 'F']], [FIGURE]);
    const answers: string[] = [];
    for (const [workers, seed] of [[1, 1], [2, 2], [3, 3], [3, 4]] as const) {
      const { best, dropped, started } = await raceOf(plans, workers, seed);
      answers.push(JSON.stringify([best, dropped]));
      // what was run ahead and not used is little: two rounds of the workers at most
      expect(started - best.simulations).toBeLessThanOrEqual(3 * workers + plans.length);
    } // prettier-ignore
    expect(new Set(answers).size).toBe(1);
    const { best, dropped } = await raceOf(plans, 2, 5);
    expect(best.selected).toBe('D');
    expect(dropped).toHaveLength(4);
    expect(dropped[0]).toMatch(/after 10 by/);
    const selected = best.plans.find(({ plan }) => plan === 'D')!;
    expect(selected.eliminated).toBeNull();
    for (const { mean, eliminated, replications } of best.plans.filter(({ plan }) => plan !== 'D')) {
      expect(mean).toBeLessThan(selected.mean!);
      expect(replications).toBe(eliminated!.after);
    }
    expect(best.simulations).toBe(best.plans.reduce((sum, { replications }) => sum + replications, 0));
    expect(bestPlanSentence(best)).toMatch(
      /^Plan D is selected as the best by "reached within 3 min \(dispatched\)" after \d+ simulations\. If one plan is better than every other by 5\.0 percentage points or more, this procedure selects it with a probability of at least 95 %/,
    );
    expect(bestPlanSentence(best, 'zh-CN')).toContain('选出方案 D');
  });

  it('goes by less where less is better', async () => {
    const figure = parseFigure('meanS');
    const plans = await townPlans([['A'], ['B'], ['D']], [figure]);
    const { best } = await raceOf(plans, 2, 1, { figure, indifference: 10 });
    expect(best).toMatchObject({ selected: 'B', moreIsBetter: false, unit: 's' });
    expect(best.plans[0].mean).toBeGreaterThan(best.plans[1].mean!);
  });

  it('says that it is not decided where the replications allowed are too few', async () => {
    const plans = await townPlans([['B'], ['C']], [FIGURE]);
    const { best } = await raceOf(plans, 2, 1, { indifference: 0.001, allowed: 12 });
    expect(best).toMatchObject({ selected: null, allowed: 12, simulations: 24 });
    expect(best.neededAtMost).toBeGreaterThan(12);
    expect(bestPlanSentence(best)).toContain('NOT DECIDED');
    expect(bestPlanSentence(best)).toContain('after 12 replications A, B are still in the race');
  });

  it('leaves out replications without a call that tells', async () => {
    const quiet = {
      scenario: {
        demand: {
          type: 'poisson',
          categories: [{ id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } }],
          sources: [{ where: { type: 'roads' }, callsPerHour: 0.3 }],
        },
      },
    };
    const plans = await townPlans([['A'], ['B']], [FIGURE], quiet);
    const { best } = await raceOf(plans, 2, 1, { allowed: 30, indifference: 0.01 });
    expect(best.skipped).toBeGreaterThan(0);
    expect(best.plans[0].replications).toBe(30);
  });

  it('hears of a simulation that fails', async () => {
    const plans = await townPlans([['A'], ['B']], [FIGURE]);
    const broken = plans.map((plan) => ({
      ...plan,
      replicate: (r: number) => {
        if (r === 4) throw new Error('unit 7 has left the road');
        return plan.replicate(r);
      },
    }));
    const want = (plan: number, replication: number) =>
      Promise.resolve().then(() => broken[plan].replicate(replication));
    await expect(raceOf(broken, 1, 1, { want })).rejects.toThrow('unit 7 has left the road');
  });
});
