import { describe, expect, it } from 'vitest';
import { tallyKpis } from '../../engine/results/kpi.ts';
import { recordedUnitTimes } from '../../engine/results/run-facts.ts';
import { createTally } from '../../engine/results/tally.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { compare, planLetter } from '../../engine/study/comparison.ts';
import { differenceSentences } from '../../engine/study/comparison-words.ts';
import { figureReader, MAIN_FIGURES, parseFigure, type FigureOf } from '../../engine/study/figures.ts';
import { checkSameTimes, checkSameYardstick, refuseOtherCalls } from '../../engine/study/same-calls.ts';
import { townPlans, type TownPlan } from './plans.ts';

const comparisonOf = (plans: readonly TownPlan[], n: number, figures: readonly FigureOf[], more = {}) =>
  compare({
    engineVersion: 'test',
    seed: 11,
    plans,
    figures,
    replications: plans.map(({ replicate }) => Array.from({ length: n }, (_, r) => replicate(r + 1))),
    paired: true,
    allPairs: false,
    ...more,
  });

describe('plans over the same replications', () => {
  it('have figures that are those of their runs', async () => {
    const figures = [...MAIN_FIGURES, parseFigure('meanS@priority:1'), parseFigure('meanWaitS')];
    const [plan, other] = await townPlans([['B'], ['D']], figures);
    const comparison = comparisonOf([plan, other], 6, figures);
    const setup = prepareSimulation(plan.city, plan.plan);
    const replications = [1, 2, 3, 4, 5, 6].map((r) => {
      const tally = createTally(plan.facts);
      const record = simulate(setup, r, { log: false, observer: tally });
      return { tally: tally.data(), units: recordedUnitTimes(record) };
    });
    const kpis = tallyKpis({ facts: plan.facts, replications, complete: true, potential: [], unplanned: [] });
    const [all] = kpis.achieved;
    const urgent = kpis.achieved.find(({ group }) => group === 'priority:1')!;
    const of = (name: string) => comparison.figures.find((figure) => figure.name === name)!.plans[0];
    for (const name of ['within1min', 'within3min', 'within5min', 'meanS'] as const) {
      const { value, ci95, n } = of(name);
      expect([name, n]).toEqual([name, all[name].n]);
      expect(value).toBeCloseTo(all[name].value!, 10);
      expect(ci95![0]).toBeCloseTo(all[name].ci95![0], 10);
      expect(ci95![1]).toBeCloseTo(all[name].ci95![1], 10);
    }
    expect(of('p90S').value).toBe(all.p90S.value);
    expect(of('meanS@priority:1').value).toBeCloseTo(urgent.meanS.value!, 10);
    const { lost, waited, meanWaitS } = kpis.losses![0];
    expect([of('lost').value, of('waited').value]).toEqual([lost.value, waited.value]);
    expect(of('meanWaitS').value).toBeCloseTo(meanWaitS.value!, 10);
    expect(of('busyShare')).toMatchObject({
      value: kpis.fleet!.busyShare.value,
      ci95: kpis.fleet!.busyShare.ci95,
    });
    expect(of('overtimeHours').value).toBeCloseTo(kpis.fleet!.overtimeHours.value!, 12);
    // late: the clauses of the first standard, all their calls together
    const clauses = kpis.standards[0].clauses;
    const hits = clauses.reduce((sum, { estimate }) => sum + (estimate.value ?? 0) * estimate.n, 0);
    const n = clauses.reduce((sum, { estimate }) => sum + estimate.n, 0);
    expect(of('late').value).toBeCloseTo(1 - hits / n, 12);
    expect(comparison.late).toEqual({ standard: 'zone-1-3-5', clauses: clauses.map(({ clause }) => clause) });
  });

  it('answer the same calls, and a car in the middle reaches more of them than one at the end', async () => {
    const figures = [parseFigure('within3min'), parseFigure('within1min')];
    const plans = await townPlans([['D'], ['B']], figures);
    const comparison = comparisonOf(plans, 20, figures);
    expect(comparison.calls[0].hash).toBe(comparison.calls[1].hash);
    expect(comparison.calls[0].n).toBeGreaterThan(100);
    const [within3min] = comparison.figures;
    const [difference] = within3min.differences;
    expect(difference).toMatchObject({ plan: 'B', against: 'A', confidence: 0.95, verdict: 'different' });
    expect(difference.value).toBe(within3min.plans[1].value! - within3min.plans[0].value!);
    expect(difference.interval![0]).toBeGreaterThan(0);
    expect(differenceSentences(comparison, within3min)[0]).toMatch(
      /^Plan B reaches \d+\.\d percentage points more calls within 3 minutes than plan A \(95 % interval \d+\.\d to \d+\.\d more; 20 paired replications; clock from dispatched\): the difference is beyond chance, in favour of plan B\.$/,
    );
    expect(differenceSentences(comparison, within3min, 'zh-CN')[0]).toMatch(
      /^与方案 A 相比，方案 B 在 3 分钟内到达的警情多 \d+\.\d 个百分点（95 % 区间为多 .*；20 次配对仿真；计时起点 派警）：差异超出偶然，方案 B 较优。$/,
    );
  });

  it('are the same as themselves, and not told apart where little differs', async () => {
    const figures = [parseFigure('within3min')];
    const [a, b, c] = await townPlans([['B'], ['B'], ['C']], figures);
    const same = comparisonOf([a, b], 6, figures);
    expect(same.figures[0].differences[0]).toMatchObject({ value: 0, verdict: 'same', interval: null });
    expect(differenceSentences(same, same.figures[0])).toEqual([
      'Plan B and plan A have the same "reached within 3 min" in each of 6 replications.',
    ]);
    const near = comparisonOf([a, { ...c, letter: 'B' }], 6, figures);
    const [difference] = near.figures[0].differences;
    expect(difference.verdict).toBe('notApart');
    expect(difference.replicationsToSee).toBeGreaterThan(6);
    expect(differenceSentences(near, near.figures[0])[0]).toMatch(
      /^Plan B reaches between \d+\.\d percentage points fewer and \d+\.\d percentage points more calls within 3 minutes than plan A \(95 % interval; estimate \d+\.\d percentage points (more|fewer); 6 paired replications; clock from dispatched\): the two cannot be told apart; about \d+ replications would be needed to see a difference of \d+\.\d percentage points in four of five such studies\.$/,
    );
  });

  it('share 95 % over all comparisons of a figure where they are more than two', async () => {
    const figures = [parseFigure('within3min')];
    const plans = await townPlans([['A'], ['B'], ['C'], ['D']], figures);
    const against = comparisonOf(plans, 5, figures);
    expect(against.figures[0].differences.map(({ plan, against: a }) => plan + a)).toEqual([
      'BA',
      'CA',
      'DA',
    ]);
    expect(against.figures[0].differences[0].confidence).toBeCloseTo(1 - 0.05 / 3, 12);
    const all = comparisonOf(plans, 5, figures, { allPairs: true });
    expect(all.figures[0].differences).toHaveLength(6);
    expect(all.figures[0].differences[0].confidence).toBeCloseTo(1 - 0.05 / 6, 12);
    expect(differenceSentences(all, all.figures[0])[0]).toContain('all 6 comparisons together');
  });

  it('are refused with the first call that differs where their demand does', async () => {
    const figures = [parseFigure('within3min')];
    const busier = {
      type: 'poisson',
      categories: [{ id: 'urgent', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } }],
      sources: [{ where: { type: 'roads' }, callsPerHour: 6 }],
    };
    const [a, b] = await townPlans([['A'], ['B']], figures, (plan) =>
      plan === 0 ? {} : { scenario: { demand: busier } },
    );
    expect(a.replicate(1).callsHash).not.toBe(b.replicate(1).callsHash);
    expect(() => refuseOtherCalls(a, b, 1)).toThrow(
      /plan B \(small\) \/demand: does not have the calls of plan A: in replication 1, call \d+ is there: at .* s, at .*, category .*; here: at .* on scene. Plans are .*--unpaired/,
    );
    const welch = comparisonOf([a, b], 5, figures, { paired: false });
    expect(welch.figures[0].differences[0]).toMatchObject({ method: 'Welch', correlation: null });
  });

  it('are refused where their figures have no common yardstick', async () => {
    const plans = await townPlans([['A'], ['B'], ['C']], [], (plan) => ({
      scenario:
        plan === 1
          ? { standards: ['urban5-suburb10'] }
          : plan === 2
            ? { run: { start: '2026-03-02T00:00', durationS: 3600, seed: 1 } }
            : {},
    }));
    expect(() => checkSameYardstick(plans)).toThrow('its first standard is not that of plan A');
    expect(() => checkSameTimes(plans)).toThrow(
      /^plan C \(small\) \/run: its scored time is 3600 s after a warm-up of \d+ s, that of plan A \d+ s after a warm-up of \d+ s: they must be as long$/,
    );
    expect(() => checkSameTimes(plans.slice(0, 2))).not.toThrow();
    expect(() => checkSameYardstick([plans[0], plans[0]])).not.toThrow();
  });

  it('know their figures and groups by name', async () => {
    const [{ facts }] = await townPlans([['A']], []);
    expect(() => parseFigure('within3mins')).toThrow('did you mean "within3min"?');
    expect(() => figureReader(facts, parseFigure('meanS@priority:3'))).toThrow('did you mean "priority:1"?');
    expect(() => figureReader(facts, parseFigure('busyShare@priority:1'))).toThrow(
      'no such group for this figure',
    );
    expect([0, 25, 26, 27, 52].map(planLetter)).toEqual(['A', 'Z', 'AA', 'AB', 'BA']);
  });
});
