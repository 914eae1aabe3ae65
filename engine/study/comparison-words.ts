/** A comparison in words that a planner understands, in English and Chinese. */
import { LIMITS } from '../limits.ts';
import type { ComparedFigure, ComparisonJson, DifferenceJson } from './comparison.ts';
import { isMoreBetter, type FigureKey } from './figures.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

interface Words {
  /** Name of a figure in a table. */
  figure: Readonly<Record<FigureKey, string>>;
  /** What a plan does; `how` is how much more or less of it than the other one. */
  does: (figure: FigureKey, plan: string, how: string) => string;
  /** An amount with the direction of its sign, as the table has it: more where it is above 0. */
  how: (figure: FigureKey, by: string, sign: number) => string;
  between: (low: string, high: string) => string;
  none: string;
  /** Of whom, where not of all calls. */
  group: (group: string) => string;
  /** From which event response times are counted. */
  clock: (clockStart: string) => string;
  by: (amount: string, unit: ComparedFigure['unit']) => string;
  /** The interval of a difference beyond chance, nearer end first. */
  interval: (near: string, far: string, direction: string) => string;
  direction: (figure: FigureKey, sign: number) => string;
  /** The interval of one that is not is what the sentence says; its middle is told beside it. */
  estimate: (how: string) => string;
  /** What an interval rests on. */
  basis: (facts: {
    interval: string;
    comparisons: number;
    replications: number;
    paired: boolean;
    clockStart: string | null;
  }) => string;
  /** @param better  the plan that the figure speaks for; null where neither more nor less is better */
  different: (does: string, basis: string, against: string, better: string | null) => string;
  notApart: (does: string, basis: string, against: string, needed: string) => string;
  needed: (replications: number, by: string) => string;
  neededUnknown: (seen: string, replications: number) => string;
  same: (plan: string, against: string, figure: string, replications: number) => string;
  /** @param does  null where a plan has no value */
  unknown: (plan: string, against: string, figure: string, does: string | null) => string;
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
  does: (figure, plan, how) => {
    switch (figure) {
      case 'within1min':
      case 'within3min':
      case 'within5min': {
        const minutes = figure.slice(6, 7);
        return `Plan ${plan} reaches ${how} calls within ${minutes} ${minutes === '1' ? 'minute' : 'minutes'}`;
      }
      case 'meanS':
        return `On average plan ${plan} takes ${how} to reach a call`;
      case 'p50S':
      case 'p90S':
      case 'p95S':
        return `Plan ${plan} takes ${how} to have ${figure.slice(1, 3)} % of calls reached`;
      case 'late':
        return `Plan ${plan} has ${how} late calls`;
      case 'lost':
        return `Plan ${plan} loses ${how} calls to another force`;
      case 'waited':
        return `Plan ${plan} makes ${how} calls wait for a unit`;
      case 'meanWaitS':
        return `On average plan ${plan} makes calls wait ${how} for a unit`;
      case 'busyShare':
        return `Plan ${plan} keeps units on calls for ${how} of their time on duty`;
      case 'overtimeHours':
        return `Plan ${plan} costs ${how} overtime in a replication`;
    }
  },
  how: (figure, by, sign) => `${by} ${EN.direction(figure, sign)}`,
  direction: (figure, sign) => {
    if (figure.endsWith('S')) return sign > 0 ? 'longer' : 'less';
    if (isOfTime(figure)) return sign > 0 ? 'more' : 'less';
    return sign > 0 ? 'more' : 'fewer';
  },
  between: (low, high) => `between ${low} and ${high}`,
  none: 'no difference',
  group: (group) => ` (${group})`,
  clock: (clockStart) => clockStart,
  by: (amount, unit) => `${amount} ${unit === 'share' ? 'percentage points' : unit === 's' ? 's' : 'hours'}`,
  interval: (near, far, direction) => `95 % interval ${near} to ${far} ${direction}`,
  estimate: (how) => `95 % interval; estimate ${how}`,
  basis: ({ interval, comparisons, replications, paired, clockStart }) =>
    [
      `${interval}${comparisons > 1 ? `, all ${comparisons} comparisons together` : ''}`,
      paired
        ? `${replications} paired replications`
        : `${replications} replications of each plan, not paired`,
      ...(clockStart === null ? [] : [`clock from ${clockStart}`]),
    ].join('; '),
  different: (does, basis, against, better) =>
    `${does} than plan ${against} (${basis}): the difference is beyond chance${better === null ? '' : `, in favour of plan ${better}`}.`,
  notApart: (does, basis, against, needed) =>
    `${does} than plan ${against} (${basis}): the two cannot be told apart; ${needed}.`,
  needed: (replications, by) =>
    `about ${replications} replications would be needed to see a difference of ${by} in four of five such studies`,
  neededUnknown: (seen, replications) =>
    `${replications} replications see a difference of ${seen} or more in four of five such studies`,
  same: (plan, against, figure, replications) =>
    `Plan ${plan} and plan ${against} have the same "${figure}" in each of ${replications} replications.`,
  unknown: (plan, against, figure, does) =>
    does === null
      ? `"${figure}" of plan ${plan} cannot be compared with plan ${against}: one of them has no value.`
      : `${does} than plan ${against}, but this difference has no interval: replications say too little of its spread.`,
};

const CLOCKS_IN_CHINESE: Readonly<Record<string, string>> = {
  occurred: '案发',
  callReceived: '接到报警',
  callAnswered: '接听报警',
  dispatched: '派警',
  enRoute: '车辆出发',
};

const ZONE_CLASSES_IN_CHINESE: Readonly<Record<string, string>> = {
  core: '核心区域',
  key: '重点区域',
  general: '一般区域',
  urban: '城区',
  suburb: '城郊',
  rural: '农村',
  none: '各区域之外',
};

/** `zoneClass:core` is 核心区域; classes and zones of a scenario's own keep their names. */
function groupInChinese(group: string): string {
  const colon = group.indexOf(':');
  const name = group.slice(colon + 1);
  switch (group.slice(0, Math.max(0, colon))) {
    case 'zoneClass':
      return ZONE_CLASSES_IN_CHINESE[name] ?? `区域类别 ${name}`;
    case 'priority':
      return `优先级 ${name}`;
    case 'zone':
      return `区域 ${name}`;
    default:
      return group;
  }
}

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
  does: (figure, plan, how) => {
    switch (figure) {
      case 'within1min':
      case 'within3min':
      case 'within5min':
        return `方案 ${plan} 在 ${figure.slice(6, 7)} 分钟内到达的警情${how}`;
      case 'meanS':
        return `方案 ${plan} 的平均响应时间${how}`;
      case 'p50S':
      case 'p90S':
      case 'p95S':
        return `方案 ${plan} 到达 ${figure.slice(1, 3)} % 警情所用时间${how}`;
      case 'late':
        return `方案 ${plan} 按标准超时的警情${how}`;
      case 'lost':
        return `方案 ${plan} 转交其他力量的警情${how}`;
      case 'waited':
        return `方案 ${plan} 需等待派警的警情${how}`;
      case 'meanWaitS':
        return `方案 ${plan} 的平均等待派警时间${how}`;
      case 'busyShare':
        return `方案 ${plan} 的处警时间占比${how}`;
      case 'overtimeHours':
        return `方案 ${plan} 每次仿真的超时执勤${how}`;
    }
  },
  how: (figure, by, sign) => `${ZH.direction(figure, sign)} ${by}`,
  direction: (figure, sign) => {
    if (figure.endsWith('S')) return sign > 0 ? '长' : '短';
    if (figure === 'busyShare') return sign > 0 ? '高' : '低';
    return sign > 0 ? '多' : '少';
  },
  between: (low, high) => `介于${low}与${high}之间`,
  none: '无差异',
  group: (group) => `（${groupInChinese(group)}）`,
  clock: (clockStart) => CLOCKS_IN_CHINESE[clockStart] ?? clockStart,
  by: (amount, unit) => `${amount} ${unit === 'share' ? '个百分点' : unit === 's' ? '秒' : '小时'}`,
  interval: (near, far, direction) => `95 % 区间为${direction} ${near} 至 ${far}`,
  estimate: (how) => `95 % 区间；估计值：${how}`,
  basis: ({ interval, comparisons, replications, paired, clockStart }) =>
    [
      `${interval}${comparisons > 1 ? `，${comparisons} 项比较同时成立` : ''}`,
      paired ? `${replications} 次配对仿真` : `每个方案 ${replications} 次仿真，未配对`,
      ...(clockStart === null ? [] : [`计时起点 ${ZH.clock(clockStart)}`]),
    ].join('；'),
  different: (does, basis, against, better) =>
    `与方案 ${against} 相比，${does}（${basis}）：差异超出偶然${better === null ? '' : `，方案 ${better} 较优`}。`,
  notApart: (does, basis, against, needed) =>
    `与方案 ${against} 相比，${does}（${basis}）：两者无法区分；${needed}。`,
  needed: (replications, by) => `要在五次此类研究中有四次看出 ${by}的差异，约需 ${replications} 次仿真`,
  neededUnknown: (seen, replications) =>
    `${replications} 次仿真在五次此类研究中有四次能看出 ${seen}及以上的差异`,
  same: (plan, against, figure, replications) =>
    `方案 ${plan} 与方案 ${against} 的“${figure}”在 ${replications} 次仿真中每次都相同。`,
  unknown: (plan, against, figure, does) =>
    does === null
      ? `方案 ${plan} 与方案 ${against} 的“${figure}”无法比较：其中一方没有数值。`
      : `与方案 ${against} 相比，${does}，但此差异没有区间：仿真次数太少，看不出波动。`,
};

/** Figures of which there is more or less, not more or fewer. */
const isOfTime = (figure: FigureKey): boolean => figure === 'busyShare' || figure === 'overtimeHours';

const WORDS: Readonly<Record<Language, Words>> = { en: EN, 'zh-CN': ZH };

/** Name of a figure in a table, with its group. */
export function figureWords(
  { figure, group }: Pick<ComparedFigure, 'figure' | 'group'>,
  language: Language,
): string {
  const words = WORDS[language];
  return words.figure[figure] + (group === 'all' ? '' : words.group(group));
}

/** The clock of a figure behind its name, ` (dispatched)`; nothing where it has none. */
export const clockWords = (clockStart: string | null, language: Language): string =>
  clockStart === null
    ? ''
    : language === 'en'
      ? ` (${WORDS[language].clock(clockStart)})`
      : `（${WORDS[language].clock(clockStart)}起计）`;

/**
 * One sentence for each difference of a figure. "More" and "longer" stand where the table has a plus sign, "fewer" and
 * "less" where it has a minus. A difference whose interval holds 0 is told by its two ends, not by its middle.
 */
export function differenceSentences(
  { replications, paired, comparisons }: Pick<ComparisonJson, 'replications' | 'paired' | 'comparisons'>,
  figure: ComparedFigure,
  language: Language = 'en',
): string[] {
  const words = WORDS[language];
  const { figure: key, group, unit, clockStart } = figure;
  const by = (value: number): string => words.by(amount(Math.abs(value), unit), unit);
  const how = (value: number): string =>
    value === 0 ? words.none : words.how(key, by(value), Math.sign(value));
  const name = figureWords(figure, language);
  return figure.differences.map((difference) => {
    const { plan, against, value, interval, verdict } = difference;
    const does = (howMuch: string): string =>
      words.does(key, plan, howMuch) + (group === 'all' ? '' : words.group(group));
    const basis = (of: string): string =>
      words.basis({ interval: of, comparisons, replications, paired, clockStart });
    if (verdict === 'same') return words.same(plan, against, name, replications);
    if (value === null) return words.unknown(plan, against, name, null);
    if (interval === null) return words.unknown(plan, against, name, does(how(value)));
    if (verdict === 'different') {
      const [near, far] = value < 0 ? [-interval[1], -interval[0]] : interval;
      const ends = words.interval(
        amount(near, unit),
        amount(far, unit),
        words.direction(key, Math.sign(value)),
      );
      return words.different(does(how(value)), basis(ends), against, favoured(figure, difference));
    }
    const { replicationsToSee, smallestSeen } = difference;
    const needed =
      replicationsToSee !== null && replicationsToSee <= LIMITS.replications
        ? words.needed(replicationsToSee, by(value))
        : words.neededUnknown(by(smallestSeen ?? 0), replications);
    const range = words.between(how(interval[0]), how(interval[1]));
    return words.notApart(does(range), basis(words.estimate(how(value))), against, needed);
  });
}

/** The plan that a difference speaks for; null where neither more nor less of the figure is better. */
function favoured({ figure }: ComparedFigure, { plan, against, value }: DifferenceJson): string | null {
  if (figure === 'busyShare') return null;
  return value! > 0 === isMoreBetter(figure) ? plan : against;
}

/** An amount with its unit: `2.1 percentage points`, `12.3 s`. */
export const byText = (value: number, unit: ComparedFigure['unit'], language: Language = 'en'): string =>
  WORDS[language].by(amount(value, unit), unit);

/**
 * A number as the unit is read: percentage points, seconds, hours; with as many digits more as it takes not to read 0
 * where it is not.
 */
export function amount(value: number, unit: ComparedFigure['unit']): string {
  const shown = unit === 'share' ? 100 * value : value;
  let digits = Math.abs(shown) < 0.095 ? 2 : 1;
  while (digits < MOST_DIGITS && shown !== 0 && Number(shown.toFixed(digits)) === 0) digits++;
  return roundedText(shown, digits);
}

const MOST_DIGITS = 12;

/** With a minus sign, which 0 has none of. */
export function roundedText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
