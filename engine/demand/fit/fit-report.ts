/** A fit in sentences and short tables, for people. */
import { weekTime } from '../../scenario/calendar.ts';
import { callReportLines } from '../../scenario/call-faults.ts';
import { MS_PER_HOUR } from '../../units.ts';
import type { FittedFigure } from './by-week.ts';
import { clusteringRemark } from './dispersion.ts';
import type { DemandFit, HourRate } from './fit.ts';
import { demandFitJson, type DemandFitJson } from './fit-json.ts';
import { smoothingWords } from './rate-words.ts';

export interface ReportTable {
  head: string[];
  rows: string[][];
}

/** What was read, left out and assumed. */
export function readingLines(fit: DemandFit): string[] {
  const { file, outsideTime, outsideArea, priorityFilledIn, heldOut } = fit;
  const { fitted, area } = demandFitJson(fit, '', '');
  const lines = callReportLines(file.fileName, file.report);
  const zone = file.zone.release === null ? '' : ` (IANA ${file.zone.release})`;
  lines.push(
    `${file.report.kept} calls read; ${outsideTime} outside the time asked for; local time of ${file.zone.name}${zone}`,
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

export function categoryTable({ kinds }: DemandFit): ReportTable {
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
    rows: kinds.map(({ id, priority, share, onScene }) => {
      const law = onScene?.fit.laws.find(({ type }) => type === onScene.fit.chosen);
      return [
        id,
        priority === null ? '-' : String(priority),
        String(share.n),
        share.value.toFixed(4),
        `${share.ci95[0].toFixed(4)} to ${share.ci95[1].toFixed(4)}`,
        onScene === null
          ? '-'
          : `${onScene.fit.meanS.toFixed(0)} (${[-1.96, 1.96].map((z) => (onScene.fit.meanS + z * onScene.fit.meanSe).toFixed(0)).join(' to ')}, ${onScene.fit.n} calls)`,
        onScene === null
          ? '-'
          : `${onScene.fit.chosen}${law !== undefined && law.cv > 0 && law.type !== 'exponential' ? ` cv ${law.cv.toFixed(2)}` : ''}${onScene.of === 'all' ? ' (of all calls)' : ''}`,
        law === undefined ? '-' : law.ksDistance.toFixed(3),
      ];
    }),
  };
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
