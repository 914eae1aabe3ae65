/** The sentence of a comparison against the numbers of its table, in whatever figure and with whatever signs. */
import { describe, expect, it } from 'vitest';
import { comparisonReport } from '../../engine/node/compare-report.ts';
import type { ComparedFigure, ComparisonJson, DifferenceJson } from '../../engine/study/comparison.ts';
import { amount, differenceSentences, clockWords, figureWords } from '../../engine/study/comparison-words.ts';
import { differenceOf, POWER, ratioColumn, replicationsToSee } from '../../engine/study/difference.ts';
import { FIGURES, isMoreBetter, unitOf, type FigureKey } from '../../engine/study/figures.ts';
import { testStream } from '../support/random-city.ts';

const SEED = 20_260_304;

/** A figure of two plans whose difference has a spread around a mean that may be above, below or near 0. */
function randomFigure(figure: FigureKey, random: ReturnType<typeof testStream>): ComparedFigure {
  const n = 2 + random.below(12);
  const unit = unitOf(figure);
  const size = unit === 'share' ? 1000 : 50_000;
  const under = Array.from({ length: n }, () => 1000);
  const over = under.map(() => 400 + random.below(200));
  // of a third of the figures little more than rounding is left
  const scale = [1, 0.02, 0.0004][random.below(3)];
  const shift = (random.below(401) - 200) * scale;
  const other = over.map((each) => each + shift + (random.below(201) - 100) * scale);
  const [a, b] = [over, other].map((column) =>
    ratioColumn(
      column.map((each) => each * (size / 1000)),
      under,
    ),
  );
  const found = differenceOf(a, b, { confidence: 0.95, paired: true });
  const { same, interval, value } = found;
  const holdsZero = interval !== null && interval[0] <= 0 && interval[1] >= 0;
  return {
    figure,
    group: 'all',
    name: figure,
    unit,
    clockStart: null,
    plans: [],
    differences: [
      {
        ...found,
        plan: 'B',
        against: 'A',
        confidence: 0.95,
        verdict: interval === null ? (same ? 'same' : 'unknown') : holdsZero ? 'notApart' : 'different',
        smallestSeen: 0.1,
        replicationsToSee:
          value === null || interval === null
            ? null
            : replicationsToSee(Math.abs(value), interval[1] - interval[0], POWER),
      },
    ],
  };
}

/** Figures and signs of a sentence: amounts that a direction follows, above 0 where it is "more" or "longer". */
const signedAmounts = (sentence: string): number[] =>
  [...sentence.matchAll(/(\d+\.\d+)(?: percentage points| s| hours)? (more|longer|fewer|less)\b/g)].map(
    ([, digits, direction]) => (direction === 'more' || direction === 'longer' ? 1 : -1) * Number(digits),
  );

const comparison = { replications: 7, paired: true, comparisons: 1 };
const read = (text: string): number => Number(text.replace('−', '-'));

describe('the sentence of a comparison', () => {
  const random = testStream(SEED);
  const cases = Array.from({ length: 1500 }, (_, i) => randomFigure(FIGURES[i % FIGURES.length], random));
  const seen = new Set<string>();

  it.each(FIGURES)(
    `has the signs, the interval and the verdict of the numbers: %s (seed ${SEED})`,
    (figure) => {
      for (const each of cases.filter((one) => one.figure === figure)) {
        const [sentence] = differenceSentences(comparison, each);
        const [{ value, interval, verdict }] = each.differences;
        if (verdict === 'same' || verdict === 'unknown') continue;
        seen.add(`${verdict} ${Math.sign(value!)}`);
        const shown = (x: number): number => read(amount(x, each.unit));
        if (verdict === 'different') {
          // value, then the far end, which the direction stands behind
          const far = value! > 0 ? interval![1] : interval![0];
          expect([sentence, ...signedAmounts(sentence)]).toEqual([sentence, shown(value!), shown(far)]);
          const near = amount(Math.min(...interval!.map((end) => Math.abs(end))), each.unit);
          expect(sentence).toContain(`95 % interval ${near} to `);
          expect(sentence).toContain('beyond chance');
          const isBetter = isMoreBetter(figure) ? value! > 0 : value! < 0;
          if (figure === 'busyShare') expect(sentence).not.toContain('favour');
          else expect(sentence).toContain(`in favour of plan ${isBetter ? 'B' : 'A'}.`);
        } else {
          const told = [interval![0], interval![1], value!].filter((x) => x !== 0).map(shown);
          expect([sentence, ...signedAmounts(sentence).slice(0, told.length)]).toEqual([sentence, ...told]);
          expect(sentence).toMatch(/ between .* and .*cannot be told apart/);
          expect(sentence).not.toMatch(/beyond chance|favour/);
        }
        // no amount reads 0 where it is not
        expect(told(sentence).every((digits) => Number(digits) !== 0)).toBe(true);
      }
    },
  );
  const told = (sentence: string): string[] =>
    [...sentence.matchAll(/(\d+\.\d+) ?(?:percentage|s\b|hours|to|more|fewer|less|longer)/g)].map(
      ([, d]) => d,
    );

  it('was tried on differences beyond chance and not, either way', () => {
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['different -1', 'different 1', 'notApart -1', 'notApart 1']),
    );
  });

  it('says in Chinese what it says in English', () => {
    for (const each of cases) {
      const [{ value, interval, verdict, plan, against }] = each.differences;
      if (verdict !== 'different') continue;
      const [sentence] = differenceSentences(comparison, each, 'zh-CN');
      const direction = value! > 0 ? '[多长高]' : '[少短低]';
      const ends = interval!.map((end) => amount(Math.abs(end), each.unit));
      if (value! < 0) ends.reverse();
      expect(sentence).toMatch(new RegExp(`${direction} ${amount(Math.abs(value!), each.unit)} `));
      expect(sentence).toMatch(new RegExp(`95 % 区间为${direction} ${ends[0]} 至 ${ends[1]}；`));
      if (each.figure !== 'busyShare')
        expect(sentence).toContain(`方案 ${value! > 0 === isMoreBetter(each.figure) ? plan : against} 较优`);
    }
  });

  it('stands beside a table with the same signs', () => {
    for (const each of cases.slice(0, 60)) {
      const [{ value, interval, verdict }] = each.differences;
      if (interval === null) continue;
      const report = comparisonReport(
        {
          ...comparison,
          figures: [each],
          plans: [],
          calls: [{ plan: 'A', n: 1, hash: '0' }],
          late: null,
          sameCalls: false,
        } as unknown as ComparisonJson,
        () => true,
        'en',
      );
      const row = report.split('\n').find((line) => line.includes(': B − A'))!;
      const sign = value! > 0 ? '+' : value! < 0 ? '−' : '';
      expect(row).toContain(`${sign}${amount(Math.abs(value!), each.unit)}`);
      expect(row).toContain(verdict === 'different' ? 'beyond chance' : 'not apart');
    }
  });

  it('tells a difference without an interval, and one without a value', () => {
    const [each] = cases.filter(({ figure }) => figure === 'meanS');
    const bare = (change: Partial<DifferenceJson>): string =>
      differenceSentences(comparison, {
        ...each,
        differences: [{ ...each.differences[0], interval: null, verdict: 'unknown', ...change }],
      })[0];
    expect(bare({ value: -12.34 })).toBe(
      'On average plan B takes 12.3 s less to reach a call than plan A, but this difference has no interval: replications say too little of its spread.',
    );
    expect(bare({ value: null })).toBe(
      '"mean response" of plan B cannot be compared with plan A: one of them has no value.',
    );
  });

  it('asks for no absurd number of replications where the estimate is next to nothing', () => {
    const [each] = cases.filter(({ figure }) => figure === 'within3min');
    const difference: DifferenceJson = {
      ...each.differences[0],
      value: 1e-6,
      interval: [-0.01, 0.010_002],
      verdict: 'notApart',
      replicationsToSee: 400_000_000,
      smallestSeen: 0.015,
    };
    expect(differenceSentences(comparison, { ...each, differences: [difference] })[0]).toBe(
      'Plan B reaches between 1.0 percentage points fewer and 1.0 percentage points more calls within 3 minutes than plan A (95 % interval; estimate 0.0001 percentage points more; 7 paired replications): the two cannot be told apart; 7 replications see a difference of 1.5 percentage points or more in four of five such studies.',
    );
  });
});

describe('a figure in Chinese', () => {
  it('has Chinese words for its group and its clock, and leaves names of a scenario as they are', () => {
    const named = (group: string): string =>
      figureWords({ figure: 'within3min', group }, 'zh-CN') + clockWords('dispatched', 'zh-CN');
    expect(named('all')).toMatch(/（派警起计）$/);
    expect(named('zoneClass:core')).toMatch(/（核心区域）（派警起计）$/);
    expect(named('zoneClass:harbour')).toContain('（区域类别 harbour）');
    expect(named('priority:1')).toContain('（优先级 1）');
    expect(clockWords('dispatched', 'en')).toBe(' (dispatched)');
    expect(clockWords(null, 'zh-CN')).toBe('');
  });
});
