/** What `patrol135 compare` prints: plans, values, differences, and sentences for planners. */
import type { BestPlanJson } from '../study/best-plan.ts';
import type { ComparedFigure, ComparisonJson, PlanJson } from '../study/comparison.ts';
import { bestPlanSentence, tableWords } from '../study/comparison-tables.ts';
import {
  amount,
  byText,
  differenceSentences,
  clockWords,
  figureWords,
  type Language,
  roundedText,
} from '../study/comparison-words.ts';
import { textTable } from './text-table.ts';

/** `A gothenburg (scenario.json)`, with its edits. */
export const planLine = ({ plan, scenario, file, edits }: PlanJson): string =>
  `${plan}  ${scenario} (${file})${edits.map((edit) => `  ${edit}`).join('')}`;

/** @param spoken  figures that get a sentence */
export function comparisonReport(
  comparison: ComparisonJson,
  spoken: (figure: ComparedFigure) => boolean,
  language: Language,
): string {
  const words = tableWords(language);
  const { figures, plans, comparisons, replications, calls, paired, late } = comparison;
  const values = textTable(
    [words.figure, ...plans.map(({ plan }) => plan), words.n],
    figures.map((figure) => [
      nameOf(figure, language),
      ...figure.plans.map(({ value, ci95 }) => valueText(value, ci95, figure.unit)),
      nText(figure, words.nReplications),
    ]),
  );
  const differences = textTable(
    [words.difference, '', words.interval, words.correlation, words.gain, ''],
    figures.flatMap((figure) =>
      figure.differences.map(({ plan, against, value, interval, correlation, gain, verdict }) => [
        `${figureWords(figure, language)}: ${plan} − ${against}`,
        value === null ? '-' : signed(value, figure.unit),
        interval === null ? '-' : interval.map((end) => signed(end, figure.unit)).join(' … '),
        correlation === null ? '-' : roundedText(correlation, 2),
        gain === null ? '-' : `${gain.toFixed(1)}x`,
        words.verdict[verdict],
      ]),
    ),
  );
  const sentences = figures
    .filter(spoken)
    .flatMap((figure) => differenceSentences(comparison, figure, language));
  return [
    plans.map(planLine).join('\n'),
    words.basis({
      replications,
      paired,
      sameCalls: calls.every(({ hash }) => hash === calls[0].hash),
      n: calls[0].n,
      hash: calls[0].hash,
      replayed: comparison.sameCalls,
    }),
    values,
    differences,
    ...(late === null ? [] : [words.late(late.standard, late.clauses)]),
    words.intervals(comparisons, figures.length),
    sentences.join('\n'),
  ].join('\n\n');
}

/** The race: every plan with its mean, when it dropped out, and what is promised. */
export function bestPlanReport(best: BestPlanJson, language: Language): string {
  const words = tableWords(language);
  const { plans, unit, moreIsBetter } = best;
  const ranked = [...plans].sort((a, b) =>
    a.mean === null || b.mean === null || a.replications !== b.replications
      ? b.replications - a.replications
      : moreIsBetter
        ? b.mean - a.mean
        : a.mean - b.mean,
  );
  const table = textTable(
    [words.plan, nameOf(best, language), words.replications, words.droppedOut],
    ranked.map(({ plan, scenario, edits, replications, mean, eliminated }) => [
      [plan, scenario, ...edits].join('  '),
      mean === null ? '-' : valueText(mean, null, unit),
      String(replications),
      eliminated === null
        ? ''
        : words.eliminated(eliminated.by, byText(eliminated.behind, unit, language), eliminated.after),
    ]),
  );
  return [table, words.raceMeans, bestPlanSentence(best, language)].join('\n\n');
}

const nameOf = (
  figure: Pick<ComparedFigure, 'figure' | 'group' | 'clockStart'>,
  language: Language,
): string => figureWords(figure, language) + clockWords(figure.clockStart, language);

function valueText(
  value: number | null,
  ci95: [number, number] | null,
  unit: ComparedFigure['unit'],
): string {
  if (value === null) return '-';
  const suffix = unit === 'share' ? ' %' : ` ${unit}`;
  const ends = ci95 === null ? '' : ` (${amount(ci95[0], unit)}-${amount(ci95[1], unit)})`;
  return amount(value, unit) + suffix + ends;
}

/** Calls behind the figure; a range where plans differ in how many were decided. Shares of time rest on replications. */
function nText({ plans, unit, figure }: ComparedFigure, nReplications: (n: number) => string): string {
  const ns = plans.map(({ n }) => n);
  const [least, most] = [Math.min(...ns), Math.max(...ns)];
  if (unit === 'h' || figure === 'busyShare') return nReplications(most);
  return least === most ? String(most) : `${least}-${most}`;
}

const signed = (value: number, unit: ComparedFigure['unit']): string =>
  (value > 0 ? '+' : '') + amount(value, unit);
