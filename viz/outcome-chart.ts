/** What became of the incidents of the replication on the map, by the hour (or another round time) they occurred in. */
import { axisBottom, axisLeft, curveStepAfter, line, scaleLinear, scaleUtc, select } from 'd3';
import { el } from './dom.ts';
import { clockText, durationText, localEpochMs, type Wording } from './i18n.ts';
import { OUTCOMES, outcomesOverTime, waitingCalls, type Outcome, type Steps } from './over-time.ts';
import type { Replay } from './replay.ts';

const WIDTH = 420;
const HEIGHT = 190;
const MARGIN = { top: 10, right: 12, bottom: 26, left: 40 };
const MOST_BINS = 48;

/** Draws the chart into `host`, replacing what is there. */
export function drawOutcomeChart(
  host: HTMLElement,
  { calls, endMs }: Replay,
  start: string | null,
  wording: Wording,
): void {
  host.replaceChildren();
  const { binMs, counts, totals } = outcomesOverTime(calls, endMs, MOST_BINS);
  const waiting = waitingCalls(calls);
  const shown = OUTCOMES.filter((outcome) => totals[outcome] > 0);
  if (shown.length === 0) {
    host.append(el('p', { class: 'about', text: wording.text('chart.noCalls') }));
    return;
  }
  const most = Math.max(
    waiting.most,
    ...counts.map((bin) => shown.reduce((sum, outcome) => sum + bin[outcome], 0)),
  );
  const x = scaleLinear([0, counts.length * binMs], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([0, Math.max(1, most)], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice();
  const svg = select(host)
    .append('svg')
    .attr('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
    .attr('role', 'img')
    .attr('aria-label', wording.text('outcomes.label'))
    .attr('class', 'chart outcomes');
  svg
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0,${HEIGHT - MARGIN.bottom})`)
    .call(
      axisBottom(x)
        .tickValues(roundTimes(start, counts.length * binMs))
        .tickFormat((ms) =>
          start !== null && endMs > 2 * MS_PER_DAY
            ? wording.day(start, Number(ms))
            : clockText(start, Number(ms)).slice(0, 5),
        )
        .tickSizeOuter(0),
    );
  svg
    .append('g')
    .attr('class', 'axis grid')
    .attr('transform', `translate(${MARGIN.left},0)`)
    .call(
      axisLeft(y)
        .tickValues(y.ticks(4).filter(Number.isInteger))
        .tickFormat((n) => wording.whole(Number(n)))
        .tickSizeInner(-(WIDTH - MARGIN.left - MARGIN.right))
        .tickSizeOuter(0),
    );
  const gap = Math.min(2, (x(binMs) - x(0)) / 5);
  counts.forEach((bin, ix) => {
    let below = 0;
    for (const outcome of shown) {
      if (bin[outcome] === 0) continue;
      svg
        .append('rect')
        .attr('class', `outcome-${outcome}`)
        .attr('x', x(ix * binMs) + gap / 2)
        .attr('width', x(binMs) - x(0) - gap)
        .attr('y', y(below + bin[outcome]))
        .attr('height', y(below) - y(below + bin[outcome]));
      below += bin[outcome];
    }
  });
  if (waiting.most > 0) {
    svg
      .append('path')
      .attr('class', 'waiting-line')
      .attr(
        'd',
        line<[number, number]>()
          .defined(([, n]) => !Number.isNaN(n))
          .x(([ms]) => x(ms))
          .y(([, n]) => y(n))
          .curve(curveStepAfter)(waitingPoints(waiting, endMs)),
      );
  }
  const key = (outcome: Outcome): HTMLElement =>
    el('li', {}, [
      el('i', { class: `swatch tall outcome-${outcome}`, attributes: { 'aria-hidden': 'true' } }),
      el('span', { text: wording.text(`outcomes.${outcome}`) }),
      el('span', { class: 'n', text: wording.whole(totals[outcome]) }),
    ]);
  host.append(
    el('ul', { class: 'chart-key' }, [
      ...shown.map(key),
      ...(waiting.most > 0
        ? [
            el('li', {}, [
              el('i', { class: 'swatch waiting-line', attributes: { 'aria-hidden': 'true' } }),
              el('span', { text: wording.text('outcomes.waitingLine', { most: waiting.most }) }),
            ]),
          ]
        : []),
    ]),
    el('p', { class: 'about', text: wording.text('outcomes.about', { time: durationText(binMs / 1000) }) }),
  );
}

const MS_PER_DAY = 86_400_000;

/** Round times of the local clock within a stretch from the scored start, ms from it. */
function roundTimes(start: string | null, endMs: number): number[] {
  const origin = start === null ? 0 : localEpochMs(start);
  return scaleUtc([origin, origin + endMs], [0, 1])
    .ticks(5)
    .map((time) => time.getTime() - origin)
    .filter((ms) => ms <= 0.97 * endMs); // a text at the very end would be cut off
}

/** Corners of the line of waiting calls from the scored start on, with NaN between its parts: nobody waits there. */
function waitingPoints({ atMs, n }: Steps, endMs: number): [number, number][] {
  const points: [number, number][] = [];
  let before = 0;
  atMs.forEach((ms, ix) => {
    if (ms > 0) {
      if (points.length === 0 && before > 0) points.push([0, before]);
      if (before === 0) points.push([ms, NaN], [ms, 0]);
      points.push([ms, n[ix]]);
    }
    before = n[ix];
  });
  if (before > 0) points.push([endMs, before]);
  return points;
}
