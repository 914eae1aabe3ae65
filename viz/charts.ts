/**
 * The response-time curve: for each moment, the share of incidents reached by then, in the replication on the map;
 * and at 1, 3 and 5 minutes the figures of all replications with their intervals.
 */
import { area, axisBottom, axisLeft, bisectRight, curveStepAfter, line, scaleLinear, select } from 'd3';
import type { KpisJson } from '../engine/results/results-folder.ts';

import { el, word } from './dom.ts';
import type { Wording } from './i18n.ts';
import { groupLabel, sampleText } from './tables.ts';
import { clockStartMs, responseS, type Arrival, type Calls } from './calls.ts';
import type { Replay } from './replay.ts';

export const CHART_GROUPINGS = ['all', 'zoneClass', 'priority'] as const;

export type ChartGrouping = (typeof CHART_GROUPINGS)[number];

interface ResponseCurve {
  group: string;
  /** Calls of the group, reached or not. */
  n: number;
  nReached: number;
  /** Response times of the reached ones, seconds, in order. */
  timesS: number[];
  /**
   * How long the clock of the others had run when the replication ended, seconds, in order; Infinity for lost ones. Those
   * whose clock had not started are in `n` alone.
   */
  openS: number[];
}

/**
 * One curve for each group of scored calls (those that occurred in the scored time), largest first. Calls that ended at
 * the desk wanted nobody and are left out.
 * @param runEndMs  end of the replication
 */
export function responseCurves(
  calls: Calls,
  runEndMs: number,
  clockStart: string,
  grouping: ChartGrouping,
  arrival: Arrival = 'first',
): ResponseCurve[] {
  const curves = new Map<string, ResponseCurve>();
  for (let call = 0; call < calls.nCalls; call++) {
    if (calls.atMs.occurred[call] < 0 || calls.end[call] === 'triaged') continue;
    const group =
      grouping === 'all'
        ? 'all'
        : grouping === 'zoneClass'
          ? `zoneClass:${calls.zoneClass[call]}`
          : `priority:${calls.priority[call]}`;
    const curve = curves.get(group) ?? { group, n: 0, nReached: 0, timesS: [], openS: [] };
    curves.set(group, curve);
    curve.n++;
    const seconds = responseS(calls, call, clockStart, arrival);
    if (!Number.isNaN(seconds)) {
      curve.nReached++;
      curve.timesS.push(seconds);
    } else if (calls.end[call] === 'lost') {
      curve.openS.push(Infinity);
    } else {
      const startMs = clockStartMs(calls, call, clockStart);
      if (!Number.isNaN(startMs)) curve.openS.push((runEndMs - startMs) / 1000);
    }
  }
  for (const { timesS, openS } of curves.values()) {
    timesS.sort((a, b) => a - b);
    openS.sort((a, b) => a - b);
  }
  return [...curves.values()].sort((a, b) =>
    grouping === 'priority' ? a.group.localeCompare(b.group) : b.n - a.n,
  );
}

/**
 * Calls reached within `seconds`, and calls of which it is known whether they were: one that nobody had reached at the end
 * is missed where its clock had run longer, otherwise undecided. The rule of kpis.json, so that the curve and the
 * figures of all replications are shares of the same calls.
 */
export function countWithin(
  { timesS, openS }: ResponseCurve,
  seconds: number,
): { hits: number; decided: number } {
  return {
    hits: nAtMost(timesS, seconds),
    decided: timesS.length + openS.length - nAtMost(openS, seconds),
  };
}

/** Number of entries of an ascending list that are at most `value`. */
const nAtMost = (ascending: readonly number[], value: number): number => bisectRight(ascending, value);

/** Points at which the share changes up to `endS`, seconds and share; none where nothing is decided. Never falls. */
export function curvePoints(curve: ResponseCurve, endS: number): [seconds: number, share: number][] {
  const changes = [0, ...curve.timesS, ...curve.openS, endS].filter((seconds) => seconds <= endS);
  return [...new Set(changes)]
    .sort((a, b) => a - b)
    .flatMap((seconds): [number, number][] => {
      const { hits, decided } = countWithin(curve, seconds);
      return decided > 0 ? [[seconds, hits / decided]] : [];
    });
}

const MARKS_MIN = [1, 3, 5] as const;
const WIDTH = 420;
const HEIGHT = 250;
const MARGIN = { top: 10, right: 12, bottom: 32, left: 40 };
const MOST_CURVES = 5;

/** What the shares at 1, 3 and 5 minutes rest on at least, as in the table. */
const leastDecided = (curve: ResponseCurve): number =>
  Math.min(...MARKS_MIN.map((minute) => countWithin(curve, minute * 60).decided));

/** Minutes on the axis: 97 % of the slowest group, at least past the 5-minute mark. */
function minutesShown(curves: readonly ResponseCurve[]): number {
  let slowest = 0;
  for (const { timesS } of curves) {
    if (timesS.length > 0) slowest = Math.max(slowest, timesS[Math.floor((timesS.length - 1) * 0.97)]);
  }
  return Math.min(30, Math.max(6, Math.ceil(slowest / 60)));
}

/** Draws the curves into `host`, replacing what is there. */
export function drawResponseChart(
  host: HTMLElement,
  { calls, endMs }: Replay,
  kpis: KpisJson,
  { grouping, arrival }: { grouping: ChartGrouping; arrival: Arrival },
  wording: Wording,
): void {
  host.replaceChildren();
  const clock = wording.word('clock', kpis.clockStart);
  const curves = responseCurves(calls, endMs, kpis.clockStart, grouping, arrival).slice(0, MOST_CURVES);
  const n = curves.reduce((sum, curve) => sum + curve.n, 0);
  const nReached = curves.reduce((sum, curve) => sum + curve.nReached, 0);
  if (n === 0) {
    host.append(el('p', { class: 'about', text: wording.text('chart.noCalls') }));
    return;
  }
  if (nReached === 0 && kpis.clockStart === 'callAnswered') {
    host.append(el('p', { class: 'about', text: wording.text('chart.noClock', { clock }) }));
    return;
  }
  const endMin = minutesShown(curves);
  const x = scaleLinear([0, endMin], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const svg = select(host)
    .append('svg')
    .attr('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
    .attr('role', 'img')
    .attr('aria-label', wording.text('chart.label'))
    .attr('class', 'chart');

  svg
    .append('g')
    .attr('class', 'marks')
    .selectAll('line')
    .data(MARKS_MIN)
    .join('line')
    .attr('x1', (minute) => x(minute))
    .attr('x2', (minute) => x(minute))
    .attr('y1', MARGIN.top)
    .attr('y2', HEIGHT - MARGIN.bottom);
  svg
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0,${HEIGHT - MARGIN.bottom})`)
    .call(
      axisBottom(x)
        .tickValues([...new Set([0, ...MARKS_MIN, ...x.ticks(6).filter((tick) => tick > 5)])])
        .tickFormat((minute) => wording.whole(Number(minute)))
        .tickSizeOuter(0),
    );
  svg
    .append('g')
    .attr('class', 'axis grid')
    .attr('transform', `translate(${MARGIN.left},0)`)
    .call(
      axisLeft(y)
        .ticks(5)
        .tickFormat((share) => `${Math.round(100 * Number(share))} %`)
        .tickSizeInner(-(WIDTH - MARGIN.left - MARGIN.right))
        .tickSizeOuter(0),
    );
  svg
    .append('text')
    .attr('class', 'axis-title')
    .attr('x', WIDTH - MARGIN.right)
    .attr('y', HEIGHT - 4)
    .attr('text-anchor', 'end')
    .text(wording.text('chart.minutes'));

  curves.forEach((curve, ix) => {
    const points = curvePoints(curve, endMin * 60).map(([seconds, share]): [number, number] => [
      seconds / 60,
      share,
    ]);
    if (curves.length === 1) {
      svg
        .append('path')
        .attr('class', 'curve-area')
        .attr(
          'd',
          area<[number, number]>()
            .x(([minute]) => x(minute))
            .y0(y(0))
            .y1(([, share]) => y(share))
            .curve(curveStepAfter)(points),
        );
    }
    svg
      .append('path')
      .attr('class', `curve series-${ix}`)
      .attr(
        'd',
        line<[number, number]>()
          .x(([minute]) => x(minute))
          .y(([, share]) => y(share))
          .curve(curveStepAfter)(points),
      );
    // the table of all replications is of the first arrival
    const row = arrival === 'first' ? kpis.achieved.find((each) => each.group === curve.group) : undefined;
    if (!row) return;
    for (const [minute, estimate] of [
      [1, row.within1min],
      [3, row.within3min],
      [5, row.within5min],
    ] as const) {
      if (estimate.value === null) continue;
      // groups stand a little apart, so that their bars do not hide each other
      const at = x(minute) + (ix - (curves.length - 1) / 2) * 6;
      if (estimate.ci95) {
        svg
          .append('line')
          .attr('class', `interval series-${ix}`)
          .attr('x1', at)
          .attr('x2', at)
          .attr('y1', y(estimate.ci95[0]))
          .attr('y2', y(estimate.ci95[1]));
      }
      svg
        .append('circle')
        .attr('class', `dot series-${ix}`)
        .attr('cx', at)
        .attr('cy', y(estimate.value))
        .attr('r', 3.2);
    }
  });

  host.append(
    el(
      'ul',
      { class: 'chart-key' },
      curves.map((curve, ix) =>
        el('li', {}, [
          el('i', { class: `swatch series-${ix}`, attributes: { 'aria-hidden': 'true' } }),
          word(groupLabel(curve.group, '', wording)),
          el('span', { class: 'n', text: sampleText(leastDecided(curve), curve.n, wording) }),
        ]),
      ),
    ),
    el('p', {
      class: 'about',
      text: wording.text(arrival === 'first' ? 'chart.about' : 'chart.aboutAll', { n, clock }),
    }),
    el('p', { class: 'about', text: wording.text('chart.denominator') }),
    el('p', {
      class: 'about',
      text: [
        ...(arrival === 'first'
          ? [
              kpis.steadyState
                ? wording.text('chart.dotsBatches', { n: kpis.steadyState.batches })
                : wording.text('chart.dots', { n: kpis.replications }),
            ]
          : []),
        ...(n > nReached ? [wording.text('chart.notReached', { n: n - nReached })] : []),
      ].join(wording.language === 'en' ? ' ' : ''),
    }),
  );
}
