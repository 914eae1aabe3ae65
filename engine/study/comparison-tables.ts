/** Words of the tables of a comparison, and of the best of many plans, in English and Chinese. */
import type { BestPlanJson } from './best-plan.ts';
import type { DifferenceJson } from './comparison.ts';
import { byText, clockWords, figureWords, type Language } from './comparison-words.ts';

interface TableWords {
  figure: string;
  n: string;
  difference: string;
  interval: string;
  correlation: string;
  gain: string;
  plan: string;
  replications: string;
  droppedOut: string;
  /** What figures of time rest on instead of calls. */
  nReplications: (n: number) => string;
  verdict: Readonly<Record<DifferenceJson['verdict'], string>>;
  basis: (facts: {
    replications: number;
    paired: boolean;
    sameCalls: boolean;
    n: number;
    hash: string;
    replayed: boolean;
  }) => string;
  late: (standard: string, clauses: readonly string[]) => string;
  intervals: (comparisons: number, figures: number) => string;
  /** Why the race tells means without intervals. */
  raceMeans: string;
  eliminated: (by: string, behind: string, after: number) => string;
  selected: (best: BestPlanJson, figure: string) => string;
  undecided: (best: BestPlanJson, figure: string) => string;
}

const TABLES: Readonly<Record<Language, TableWords>> = {
  en: {
    figure: 'figure (clock from)',
    n: 'calls',
    difference: 'difference (percentage points, s or h)',
    interval: '95 % interval',
    correlation: 'correlation',
    gain: 'gain',
    plan: 'plan',
    replications: 'replications',
    droppedOut: 'dropped out',
    nReplications: (n) => `${n} replications`,
    verdict: { different: 'beyond chance', notApart: 'not apart', same: 'the same', unknown: 'unknown' },
    basis: ({ replications, paired, sameCalls, n, hash, replayed }) =>
      (paired
        ? `${replications} replications of each plan, all with the same ${n} calls, warm-up included (hash ${hash}): differences are taken within each replication. In brackets: 95 % intervals of each plan alone, which say less than the differences.`
        : `${replications} replications of each plan, taken as independent samples (--unpaired)${sameCalls ? ', although all have the same calls: without --unpaired intervals would be shorter' : ', since their calls differ'}. In brackets: 95 % intervals of each plan alone.`) +
      (replayed
        ? ' Every replication answers these calls of a file anew: each call counts once in the sample sizes, and intervals tell what drawn times do to these calls, not what other calls would.'
        : ''),
    late: (standard, clauses) =>
      `Late: share of the calls of clauses ${clauses.join(', ')} of standard ${standard} that miss the threshold of their clause, by the clause's own clock.`,
    intervals: (comparisons, figures) =>
      `${comparisons > 1 ? `Intervals of the ${comparisons} comparisons of a figure hold together with 95 % (Bonferroni)` : 'Each interval holds with 95 %'}${figures > 1 ? `; ${figures} figures are looked at, and of twenty such figures one is beyond chance by chance` : ''}. Gain: how many times as many replications plans with calls of their own would need.`,
    raceMeans:
      'Values are means over the replications of a plan, without intervals: replications end when a plan drops out, so intervals of them would not hold. compare without --best gives them.',
    eliminated: (by, behind, after) => `after ${after}, ${behind} behind ${by}`,
    selected: ({ selected, confidence, indifference, unit, simulations, first, skipped }, figure) =>
      `Plan ${selected} is selected as the best by "${figure}" after ${simulations} simulations. If one plan is better than every other by ${byText(indifference, unit)} or more, this procedure selects it with a probability of at least ${percent(confidence)} (KN, Kim and Nelson 2001; ${first} replications in the first stage; figures of replications taken as normal). Plans nearer to the best than that are as good by what was asked, and which of them is selected is not promised.${skipped > 0 ? ` ${skipped} replications without a call that tells were left out.` : ''}`,
    undecided: ({ allowed, plans }, figure) =>
      `NOT DECIDED by "${figure}": after ${allowed} replications ${plans
        .filter(({ eliminated }) => eliminated === null)
        .map(({ plan }) => plan)
        .join(
          ', ',
        )} are still in the race, and nothing is promised of them. Allow more (--replications), or ask for less (--indifference).`,
  },
  'zh-CN': {
    figure: '指标（计时起点）',
    n: '警情',
    difference: '差异（百分点、秒或小时）',
    interval: '95 % 区间',
    correlation: '相关系数',
    gain: '增益',
    plan: '方案',
    replications: '仿真次数',
    droppedOut: '淘汰',
    nReplications: (n) => `${n} 次仿真`,
    verdict: { different: '超出偶然', notApart: '无法区分', same: '相同', unknown: '未知' },
    basis: ({ replications, paired, sameCalls, n, hash, replayed }) =>
      (paired
        ? `每个方案 ${replications} 次仿真，全部方案面对相同的 ${n} 起警情（含预热期，校验 ${hash}）：差异在每次仿真内计算。括号内为各方案自身的 95 % 区间，其信息少于差异。`
        : `每个方案 ${replications} 次仿真，按独立样本处理（--unpaired）${sameCalls ? '，尽管警情相同：不用 --unpaired 区间会更短' : '，因为警情不同'}。括号内为各方案自身的 95 % 区间。`) +
      (replayed
        ? '每次仿真重放文件中的同一批警情：样本量中每起警情只计一次，区间只反映随机时间对这批警情的影响，不反映换一批警情的影响。'
        : ''),
    late: (standard, clauses) =>
      `超时：标准 ${standard} 的条款 ${clauses.join('、')} 所涉警情中超过本条款时限的比例，按条款自身的计时起点。`,
    intervals: (comparisons, figures) =>
      `${comparisons > 1 ? `每项指标的 ${comparisons} 项比较的区间以 95 % 同时成立（Bonferroni）` : '每个区间以 95 % 成立'}${figures > 1 ? `；共看 ${figures} 项指标，每二十项中约有一项会偶然超出` : ''}。增益：若各方案警情各自独立，所需仿真次数的倍数。`,
    raceMeans:
      '数值为各方案各次仿真的平均，不附区间：方案淘汰即停止仿真，此时区间不成立。不用 --best 的比较给出区间。',
    eliminated: (by, behind, after) => `${after} 次后，落后 ${by} ${behind}`,
    selected: ({ selected, confidence, indifference, unit, simulations, first, skipped }, figure) =>
      `按“${figure}”选出方案 ${selected}，共 ${simulations} 次仿真。若某方案优于其他所有方案至少 ${byText(indifference, unit, 'zh-CN')}，本方法以不低于 ${percent(confidence)} 的概率选中它（KN，Kim 与 Nelson 2001；首阶段 ${first} 次仿真；假定各次仿真的指标服从正态分布）。与最优相差更小的方案视为同样好，不保证选中其中哪一个。${skipped > 0 ? `另有 ${skipped} 次仿真无相关警情，未计入。` : ''}`,
    undecided: ({ allowed, plans }, figure) =>
      `按“${figure}”未能决出：${allowed} 次仿真后 ${plans
        .filter(({ eliminated }) => eliminated === null)
        .map(({ plan }) => plan)
        .join(
          '、',
        )} 仍在比较中，不作任何保证。请增加仿真次数（--replications）或放宽要求（--indifference）。`,
  },
};

export const tableWords = (language: Language): TableWords => TABLES[language];

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

/** What the race says, and what it promises. */
export function bestPlanSentence(best: BestPlanJson, language: Language = 'en'): string {
  const words = TABLES[language];
  const figure = figureWords(best, language) + clockWords(best.clockStart, language);
  return best.selected === null ? words.undecided(best, figure) : words.selected(best, figure);
}
