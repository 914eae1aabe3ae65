/** A comparison in words that a planner understands, in English and Chinese. */
import type { BestPlanJson } from './best-plan.ts';
import type { ComparedFigure, ComparisonJson, DifferenceJson } from './comparison.ts';
import type { FigureKey } from './figures.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Words {
  /** Name of a figure in a table. */
  figure: Readonly<Record<FigureKey, string>>;
  /** What a plan does more (1) or less (-1) of; `by` is the difference with its unit. */
  does: (figure: FigureKey, plan: string, sign: number, by: string) => string;
  /** Of whom, where not of all calls. */
  group: (group: string) => string;
  by: (amount: string, unit: ComparedFigure['unit']) => string;
  /** Between the ends of an interval. */
  to: string;
  /** What an interval rests on. */
  basis: (facts: {
    interval: string;
    comparisons: number;
    replications: number;
    paired: boolean;
    clockStart: string | null;
  }) => string;
  different: (does: string, basis: string, against: string) => string;
  notApart: (does: string, basis: string, against: string, needed: string) => string;
  needed: (replications: number, by: string) => string;
  neededUnknown: (seen: string, replications: number) => string;
  same: (plan: string, against: string, figure: string, replications: number) => string;
  unknown: (plan: string, figure: string) => string;
}

const EN: Words = {
  figure: {
    within1min: 'reached within 1 min',
    within3min: 'reached within 3 min',
    within5min: 'reached within 5 min',
    meanS: 'mean response',
    p50S: 'median response',
    p90S: '90 % reached within',
    p95S: '95 % reached within',
    late: 'late by the standard',
    lost: 'lost to another force',
    waited: 'had to wait for a unit',
    meanWaitS: 'mean wait for a unit',
    busyShare: 'time on duty spent on calls',
    overtimeHours: 'overtime in a replication',
  },
  does: (figure, plan, sign, by) => {
    const more = sign > 0 ? 'more' : sign < 0 ? 'fewer' : 'more or fewer';
    const longer = sign > 0 ? 'longer' : sign < 0 ? 'shorter' : 'longer or shorter';
    switch (figure) {
      case 'within1min':
      case 'within3min':
      case 'within5min': {
        const minutes = figure.slice(6, 7);
        return `Plan ${plan} reaches ${by} ${more} calls within ${minutes} ${minutes === '1' ? 'minute' : 'minutes'}`;
      }
      case 'meanS':
        return `On average plan ${plan} takes ${by} ${longer} to reach a call`;
      case 'p50S':
      case 'p90S':
      case 'p95S':
        return `Plan ${plan} takes ${by} ${longer} to have ${figure.slice(1, 3)} % of calls reached`;
      case 'late':
        return `Plan ${plan} has ${by} ${more} late calls`;
      case 'lost':
        return `Plan ${plan} loses ${by} ${more} calls to another force`;
      case 'waited':
        return `Plan ${plan} makes ${by} ${more} calls wait for a unit`;
      case 'meanWaitS':
        return `On average plan ${plan} makes calls wait for a unit ${by} ${longer}`;
      case 'busyShare':
        return `Plan ${plan} keeps units on calls for ${by} ${sign < 0 ? 'less' : 'more'} of their time on duty`;
      case 'overtimeHours':
        return `Plan ${plan} costs ${by} ${sign < 0 ? 'less' : 'more'} overtime in a replication`;
    }
  },
  group: (group) => ` (${group})`,
  to: ' to ',
  by: (amount, unit) => `${amount} ${unit === 'share' ? 'percentage points' : unit === 's' ? 's' : 'hours'}`,
  basis: ({ interval, comparisons, replications, paired, clockStart }) =>
    [
      `95 % interval ${interval}${comparisons > 1 ? `, all ${comparisons} comparisons together` : ''}`,
      paired
        ? `${replications} paired replications`
        : `${replications} replications of each plan, not paired`,
      ...(clockStart === null ? [] : [`clock from ${clockStart}`]),
    ].join('; '),
  different: (does, basis, against) =>
    `${does} than plan ${against} (${basis}): the difference is beyond chance.`,
  notApart: (does, basis, against, needed) =>
    `${does} than plan ${against} (${basis}): the two cannot be told apart; ${needed}.`,
  needed: (replications, by) =>
    `about ${replications} replications would be needed to see a difference of ${by} in four of five such studies`,
  neededUnknown: (seen, replications) =>
    `${replications} replications see a difference of ${seen} or more in four of five such studies`,
  same: (plan, against, figure, replications) =>
    `Plan ${plan} and plan ${against} have the same "${figure}" in each of ${replications} replications.`,
  unknown: (plan, figure) =>
    `"${figure}" of plan ${plan} has no interval: replications say too little of it.`,
};

const ZH: Words = {
  figure: {
    within1min: '1 分钟内到达',
    within3min: '3 分钟内到达',
    within5min: '5 分钟内到达',
    meanS: '平均响应时间',
    p50S: '响应时间中位数',
    p90S: '90 % 到达用时',
    p95S: '95 % 到达用时',
    late: '按标准超时',
    lost: '转交其他力量',
    waited: '需等待派警',
    meanWaitS: '平均等待派警时间',
    busyShare: '执勤时间中处警占比',
    overtimeHours: '每次仿真的超时执勤',
  },
  does: (figure, plan, sign, by) => {
    const more = sign > 0 ? '多' : sign < 0 ? '少' : '相差 ';
    const longer = sign > 0 ? '长' : sign < 0 ? '短' : '相差 ';
    switch (figure) {
      case 'within1min':
      case 'within3min':
      case 'within5min':
        return `方案 ${plan} 在 ${figure.slice(6, 7)} 分钟内到达的警情${more} ${by}`;
      case 'meanS':
        return `方案 ${plan} 的平均响应时间${longer} ${by}`;
      case 'p50S':
      case 'p90S':
      case 'p95S':
        return `方案 ${plan} 到达 ${figure.slice(1, 3)} % 警情所用时间${longer} ${by}`;
      case 'late':
        return `方案 ${plan} 按标准超时的警情${more} ${by}`;
      case 'lost':
        return `方案 ${plan} 转交其他力量的警情${more} ${by}`;
      case 'waited':
        return `方案 ${plan} 需等待派警的警情${more} ${by}`;
      case 'meanWaitS':
        return `方案 ${plan} 的平均等待派警时间${longer} ${by}`;
      case 'busyShare':
        return `方案 ${plan} 的处警时间占比${sign > 0 ? '高' : sign < 0 ? '低' : '相差 '} ${by}`;
      case 'overtimeHours':
        return `方案 ${plan} 每次仿真的超时执勤${more} ${by}`;
    }
  },
  group: (group) => `（${group}）`,
  to: ' 至 ',
  by: (amount, unit) => `${amount} ${unit === 'share' ? '个百分点' : unit === 's' ? '秒' : '小时'}`,
  basis: ({ interval, comparisons, replications, paired, clockStart }) =>
    [
      `95 % 区间 ${interval}${comparisons > 1 ? `，${comparisons} 项比较同时成立` : ''}`,
      paired ? `${replications} 次配对仿真` : `每个方案 ${replications} 次仿真，未配对`,
      ...(clockStart === null ? [] : [`计时起点 ${clockStart}`]),
    ].join('；'),
  different: (does, basis, against) => `与方案 ${against} 相比，${does}（${basis}）：差异超出偶然。`,
  notApart: (does, basis, against, needed) =>
    `与方案 ${against} 相比，${does}（${basis}）：两者无法区分；${needed}。`,
  needed: (replications, by) => `要在五次此类研究中有四次看出 ${by}的差异，约需 ${replications} 次仿真`,
  neededUnknown: (seen, replications) =>
    `${replications} 次仿真在五次此类研究中有四次能看出 ${seen}及以上的差异`,
  same: (plan, against, figure, replications) =>
    `方案 ${plan} 与方案 ${against} 的“${figure}”在 ${replications} 次仿真中每次都相同。`,
  unknown: (plan, figure) => `方案 ${plan} 的“${figure}”没有区间：仿真次数太少。`,
};

const WORDS: Readonly<Record<Language, Words>> = { en: EN, 'zh-CN': ZH };

/** Name of a figure in a table, with its group. */
export function figureWords(
  { figure, group }: Pick<ComparedFigure, 'figure' | 'group'>,
  language: Language,
): string {
  const words = WORDS[language];
  return words.figure[figure] + (group === 'all' ? '' : words.group(group));
}

/** One sentence for each difference of a figure. */
export function differenceSentences(
  { replications, paired, comparisons }: Pick<ComparisonJson, 'replications' | 'paired' | 'comparisons'>,
  figure: ComparedFigure,
  language: Language = 'en',
): string[] {
  const words = WORDS[language];
  return figure.differences.map((difference) => {
    const { plan, against, value, interval, verdict } = difference;
    const name = figureWords(figure, language);
    if (verdict === 'same') return words.same(plan, against, name, replications);
    if (value === null || interval === null) return words.unknown(plan, name);
    const sign = Math.sign(value);
    const { group, unit, clockStart } = figure;
    const by = words.by(amount(Math.abs(value), unit), unit);
    const ofGroup = group === 'all' ? '' : words.group(group);
    const does = words.does(figure.figure, plan, sign, by) + ofGroup;
    const facts = {
      interval: intervalText(difference, unit, words.to),
      comparisons,
      replications,
      paired,
      clockStart,
    };
    const basis = words.basis(facts);
    if (verdict === 'different') return words.different(does, basis, against);
    const { replicationsToSee, smallestSeen } = difference;
    const needed =
      replicationsToSee !== null
        ? words.needed(replicationsToSee, by)
        : words.neededUnknown(words.by(amount(smallestSeen ?? 0, unit), unit), replications);
    return words.notApart(does, basis, against, needed);
  });
}

/** The interval with the sign that the sentence has: "0.3 fewer (0.1 to 0.5)". */
function intervalText({ value, interval }: DifferenceJson, unit: ComparedFigure['unit'], to: string): string {
  const [low, high] = interval!;
  const ends = value! < 0 ? [-high, -low] : [low, high];
  return ends.map((end) => amount(end, unit)).join(to);
}

/** An amount with its unit: `2.1 percentage points`, `12.3 s`. */
export const byText = (value: number, unit: ComparedFigure['unit'], language: Language = 'en'): string =>
  WORDS[language].by(amount(value, unit), unit);

/** A number as the unit is read: percentage points, seconds, hours; a digit more where it would be 0. */
export function amount(value: number, unit: ComparedFigure['unit']): string {
  const shown = unit === 'share' ? 100 * value : value;
  return roundedText(shown, Math.abs(shown) < 0.095 ? 2 : 1);
}

/** With a minus sign, which 0 has none of. */
export function roundedText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

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
    verdict: { different: 'beyond chance', notApart: 'not apart', same: 'the same', unknown: 'unknown' },
    basis: ({ replications, paired, sameCalls, n, hash, replayed }) =>
      (paired
        ? `${replications} replications of each plan, all with the same ${n} calls (hash ${hash}): differences are taken within each replication. In brackets: 95 % intervals of each plan alone, which say less than the differences.`
        : `${replications} replications of each plan, taken as independent samples (--unpaired)${sameCalls ? ', although all have the same calls: without --unpaired intervals would be shorter' : ', since their calls differ'}. In brackets: 95 % intervals of each plan alone.`) +
      (replayed
        ? ' Every replication answers these calls of a file anew: each call counts once in the sample sizes, and intervals tell what drawn times do to these calls, not what other calls would.'
        : ''),
    late: (standard, clauses) =>
      `Late: share of the calls of clauses ${clauses.join(', ')} of standard ${standard} that miss the threshold of their clause, by the clause's own clock.`,
    intervals: (comparisons, figures) =>
      `${comparisons > 1 ? `Intervals of the ${comparisons} comparisons of a figure hold together with 95 % (Bonferroni)` : 'Each interval holds with 95 %'}${figures > 1 ? `; ${figures} figures are looked at, and of twenty such figures one is beyond chance by chance` : ''}. Gain: how many times as many replications plans with calls of their own would need.`,
    eliminated: (by, behind, after) => `after ${after}, ${behind} behind ${by}`,
    selected: ({ selected, confidence, indifference, unit, simulations, first, skipped }, figure) =>
      `Plan ${selected} is selected as the best by "${figure}" after ${simulations} simulations. If one plan is better than every other by ${EN.by(amount(indifference, unit), unit)} or more, this procedure selects it with a probability of at least ${percent(confidence)} (KN, Kim and Nelson 2001; ${first} replications in the first stage; figures of replications taken as normal). Plans nearer to the best than that are as good by what was asked, and which of them is selected is not promised.${skipped > 0 ? ` ${skipped} replications without a call that tells were left out.` : ''}`,
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
    verdict: { different: '超出偶然', notApart: '无法区分', same: '相同', unknown: '未知' },
    basis: ({ replications, paired, sameCalls, n, hash, replayed }) =>
      (paired
        ? `每个方案 ${replications} 次仿真，全部方案面对相同的 ${n} 起警情（校验 ${hash}）：差异在每次仿真内计算。括号内为各方案自身的 95 % 区间，其信息少于差异。`
        : `每个方案 ${replications} 次仿真，按独立样本处理（--unpaired）${sameCalls ? '，尽管警情相同：不用 --unpaired 区间会更短' : '，因为警情不同'}。括号内为各方案自身的 95 % 区间。`) +
      (replayed
        ? '每次仿真重放文件中的同一批警情：样本量中每起警情只计一次，区间只反映随机时间对这批警情的影响，不反映换一批警情的影响。'
        : ''),
    late: (standard, clauses) =>
      `超时：标准 ${standard} 的条款 ${clauses.join('、')} 所涉警情中超过本条款时限的比例，按条款自身的计时起点。`,
    intervals: (comparisons, figures) =>
      `${comparisons > 1 ? `每项指标的 ${comparisons} 项比较的区间以 95 % 同时成立（Bonferroni）` : '每个区间以 95 % 成立'}${figures > 1 ? `；共看 ${figures} 项指标，每二十项中约有一项会偶然超出` : ''}。增益：若各方案警情各自独立，所需仿真次数的倍数。`,
    eliminated: (by, behind, after) => `${after} 次后，落后 ${by} ${behind}`,
    selected: ({ selected, confidence, indifference, unit, simulations, first, skipped }, figure) =>
      `按“${figure}”选出方案 ${selected}，共 ${simulations} 次仿真。若某方案优于其他所有方案至少 ${ZH.by(amount(indifference, unit), unit)}，本方法以不低于 ${percent(confidence)} 的概率选中它（KN，Kim 与 Nelson 2001；首阶段 ${first} 次仿真；假定各次仿真的指标服从正态分布）。与最优相差更小的方案视为同样好，不保证选中其中哪一个。${skipped > 0 ? `另有 ${skipped} 次仿真无相关警情，未计入。` : ''}`,
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
  const figure = figureWords(best, language) + (best.clockStart === null ? '' : ` (${best.clockStart})`);
  return best.selected === null ? words.undecided(best, figure) : words.selected(best, figure);
}
