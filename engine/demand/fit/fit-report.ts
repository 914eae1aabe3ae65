/** A fit in sentences and short tables, for people. */
import { weekTime } from '../../scenario/calendar.ts';
import { callReportLines } from '../../scenario/call-faults.ts';
import { MS_PER_HOUR } from '../../units.ts';
import type { TimeLawJson } from '../../scenario/schema.ts';
import type { FittedFigure } from './by-week.ts';
import { type StatedNeeds, statedFor } from './demand-block.ts';
import { clusteringRemark } from './dispersion.ts';
import type { DemandFit, HourRate } from './fit.ts';
import { demandFitJson, type DemandFitJson } from './fit-json.ts';
import type { CallKind } from './kinds.ts';
import { smoothingWords } from './rate-words.ts';

export interface ReportTable {
  head: string[];
  rows: string[][];
}

/** Calls that are not fitted for their time, by the number of ends that were asked for. */
const OUTSIDE = [
  'in the first and last hour, which the file does not cover whole, left out',
  'outside the time asked for, or in the hour at its other end that the file does not cover whole',
  'outside the time asked for',
] as const;

/** What was read, left out and assumed. */
export function readingLines(fit: DemandFit): string[] {
  const { file, outsideTime, endsAsked, outsideArea, priorityFilledIn, heldOut } = fit;
  const { fitted, area } = demandFitJson(fit, '', '');
  const lines = callReportLines(file.fileName, file.report);
  const zone = file.zone.release === null ? '' : ` (IANA ${file.zone.release})`;
  lines.push(
    `${file.report.kept} calls read; ${outsideTime} ${OUTSIDE[endsAsked]}; local time of ${file.zone.name}${zone}`,
  );
  lines.push(
    `Fitted: ${fitted.calls} calls from ${fitted.from} to ${fitted.to}, ${fitted.hours} hours in ${fitted.weeks} weeks`,
  );
  const where =
    area.type === 'grid'
      ? `${area.cells} cells of ${area.cellM} m, those within 2 km of a call in the box ${area.box.map((degrees) => degrees.toFixed(4)).join(', ')}`
      : `${area.zones} zones`;
  lines.push(`Area: ${area.km2.toFixed(0)} km2, ${where}`);
  const outside = (what: string, { calls, lines: named }: DemandFit['outsideArea']): void => {
    if (calls === 0) return;
    const more = calls > 5 ? '…' : '';
    lines.push(
      `${calls} ${what} lie outside the area and are left out (line ${named.slice(0, 5).join(', ')}${more})`,
    );
  };
  outside('calls', outsideArea);
  if (heldOut !== null) outside('of the calls held out', heldOut.outsideArea);
  if (priorityFilledIn > 0) {
    lines.push(`${priorityFilledIn} calls without a priority count as the most frequent of their category`);
  }
  return lines;
}

/** What was found. */
export function findingLines({ callsPerHour, rates, dispersion, judged, model }: DemandFit): string[] {
  const values = rates.map(({ value }) => value);
  const busiest = values.indexOf(Math.max(...values));
  const quietest = values.indexOf(Math.min(...values));
  const simplest = judged[0].type;
  const remark = clusteringRemark(dispersion);
  return [
    `Calls an hour: ${withInterval(callsPerHour)}`,
    `Most at ${hourName(busiest)}: ${ofHour(rates[busiest])}; fewest at ${hourName(quietest)}: ${ofHour(rates[quietest])}`,
    `(${smoothingWords(rates)})`,
    ...judged
      .filter(({ type }) => type !== simplest)
      .map(
        ({ type, gain, gainSe }) =>
          `Model "${type}": log-likelihood of weeks left out ${gain >= 0 ? '+' : ''}${gain.toFixed(0)} (standard error ${gainSe.toFixed(0)}) against "${simplest}"`,
      ),
    `Model chosen: ${model.type}`,
    `Variance over mean of hourly counts: ${withInterval(dispersion.hourly)}; after the weekly profile ${withInterval(dispersion.hourlyAfterProfile)}, of whole days ${withInterval(dispersion.dailyAfterProfile)} (1 for a Poisson process)`,
    ...(remark === null ? [] : [remark]),
  ];
}

/** @param stated  laws of the time on scene that stand in place of what the calls tell */
export function categoryTable({ kinds }: DemandFit, stated: StatedNeeds['onSceneS']): ReportTable {
  return {
    head: [
      'category',
      'priority',
      'calls',
      'share',
      '95 % interval',
      'mean on scene in s (95 % interval, n)',
      'law',
      'KS',
    ],
    rows: kinds.map(({ id, category, priority, share, onScene }) => {
      const said = statedFor(stated, category);
      const law = onScene?.fit.laws.find(({ type }) => type === onScene.fit.chosen);
      return [
        id,
        priority === null ? '-' : String(priority),
        String(share.n),
        share.value.toFixed(4),
        `${share.ci95[0].toFixed(4)} to ${share.ci95[1].toFixed(4)}`,
        ...(said === undefined ? fittedTime(onScene) : statedTime(said)),
        law === undefined || said !== undefined ? '-' : law.ksDistance.toFixed(3),
      ];
    }),
  };
}

/** Mean and law of a time on scene that was fitted. */
function fittedTime(onScene: CallKind['onScene']): [string, string] {
  if (onScene === null) return ['-', '-'];
  const { meanS, meanSe, n, chosen, laws } = onScene.fit;
  const law = laws.find(({ type }) => type === chosen);
  const cv = law !== undefined && law.cv > 0 && law.type !== 'exponential' ? ` cv ${law.cv.toFixed(2)}` : '';
  return [
    `${meanS.toFixed(0)} (${[-1.96, 1.96].map((z) => (meanS + z * meanSe).toFixed(0)).join(' to ')}, ${n} calls)`,
    `${chosen}${cv}${onScene.of === 'all' ? ' (of all calls)' : ''}`,
  ];
}

/** The same of one that the user states: it rests on no call. */
function statedTime(law: TimeLawJson): [string, string] {
  if (typeof law === 'number') return [`${law} (stated)`, 'constant (stated)'];
  if (law.type === 'empirical') return ['-', 'empirical (stated)'];
  return [`${law.mean} (stated)`, `${law.type}${'cv' in law ? ` cv ${law.cv}` : ''} (stated)`];
}

export function heldOutTable(heldOut: NonNullable<DemandFitJson['heldOut']>): ReportTable {
  const { logLikelihoodPerCall: score, gainOver } = heldOut;
  const row = (name: string, figure: FittedFigure, gain: FittedFigure | null): string[] => [
    name,
    figure.value.toFixed(4),
    `${figure.ci95[0].toFixed(4)} to ${figure.ci95[1].toFixed(4)}`,
    gain === null ? '' : gain.value.toFixed(4),
    gain === null ? '' : `${gain.ci95[0].toFixed(4)} to ${gain.ci95[1].toFixed(4)}`,
  ];
  return {
    head: ['model', 'log-likelihood a call', '95 % interval', 'fit is above by', '95 % interval'],
    rows: [
      row('fit', score.fit, null),
      row('(a) one rate, same places', score.constantRate, gainOver.constantRate),
      row('(b) hours of week, no places', score.hoursWithoutPlaces, gainOver.hoursWithoutPlaces),
    ],
  };
}

const withInterval = ({ value, ci95, n }: FittedFigure): string =>
  `${value.toFixed(2)} (${ci95[0].toFixed(2)} to ${ci95[1].toFixed(2)}, ${n} calls)`;

const ofHour = ({ value, ci95, n, pooledHours, ownCalls, ownHours }: HourRate): string =>
  `${value.toFixed(2)} (${ci95[0].toFixed(2)} to ${ci95[1].toFixed(2)}; pools the weight of ${n.toFixed(0)} calls in ${pooledHours.toFixed(0)} hours, ${ownCalls} in ${ownHours} of that very hour)`;

const hourName = (hourOfWeek: number): string => weekTime(hourOfWeek * MS_PER_HOUR);
