/**
 * The minutes of one call as bars over a common time: its own line (handled, waiting for a unit) and one line for each
 * sending of a unit. A bar that the run's end cuts off ends there.
 */
import { alertedMsOf, CALL_STATES, type CallDispatch, type Calls, type IntervalName } from './calls.ts';
import { el, visible } from './dom.ts';
import { clockText, durationText, type Wording } from './i18n.ts';

interface Span {
  interval: IntervalName;
  startMs: number;
  endMs: number;
}

interface GanttLine {
  /** Empty for the call's own line. */
  unit: string;
  spans: Span[];
}

/** The lines of a call; spans of no length are left out. */
export function ganttLines(calls: Calls, call: number, runEndMs: number): GanttLine[] {
  return [
    { unit: '', spans: ownSpans(calls, call, runEndMs) },
    ...calls.dispatches[call].map((dispatch) => ({
      unit: dispatch.unit,
      spans: unitSpans(dispatch, runEndMs),
    })),
  ];
}

function ownSpans(calls: Calls, call: number, runEndMs: number): Span[] {
  const { firstState, stateMs, state, atMs } = calls;
  const spans: Span[] = [
    { interval: 'detection', startMs: atMs.occurred[call], endMs: atMs.received[call] },
    { interval: 'callHandling', startMs: atMs.received[call], endMs: upTo(atMs.ready[call], runEndMs) },
  ];
  for (let ix = firstState[call]; ix < firstState[call + 1]; ix++) {
    if (CALL_STATES[state[ix]] !== 'waiting') continue;
    const endMs = ix + 1 < firstState[call + 1] ? stateMs[ix + 1] : runEndMs;
    spans.push({ interval: 'queue', startMs: stateMs[ix], endMs });
  }
  return spans.filter(({ startMs, endMs }) => endMs > startMs);
}

function unitSpans(dispatch: CallDispatch, runEndMs: number): Span[] {
  const { dispatchedMs, enRouteMs, arrivedMs, transportMs, deliveredMs, reportMs, clearedMs, recalledMs } =
    dispatch;
  const steps: [IntervalName, number][] = [
    ['dispatch', dispatchedMs],
    ['turnout', alertedMsOf(dispatch)],
    ['travel', enRouteMs],
    ['onScene', arrivedMs],
    ['transport', transportMs],
    ['handover', deliveredMs],
    ['report', reportMs],
  ];
  const happened = steps.filter(([, ms]) => !Number.isNaN(ms));
  const endMs = [clearedMs, recalledMs].find((ms) => !Number.isNaN(ms)) ?? runEndMs;
  return happened
    .map(([interval, startMs], ix) => ({ interval, startMs, endMs: happened[ix + 1]?.[1] ?? endMs }))
    .filter((span) => span.endMs > span.startMs);
}

const upTo = (ms: number, otherwise: number): number => (Number.isNaN(ms) ? otherwise : ms);

/** The bars, with the time at both ends and a key of the intervals that occur. */
export function ganttOf(lines: readonly GanttLine[], start: string | null, wording: Wording): HTMLElement {
  const all = lines.flatMap(({ spans }) => spans);
  const fromMs = Math.min(...all.map(({ startMs }) => startMs));
  const toMs = Math.max(...all.map(({ endMs }) => endMs));
  const percent = (ms: number): string => `${(100 * ms) / Math.max(1, toMs - fromMs)}%`;
  const bar = ({ interval, startMs, endMs }: Span): HTMLElement => {
    const text = `${wording.text(`interval.${interval}`)} ${durationText((endMs - startMs) / 1000)}`;
    const element = el('i', {
      class: `span interval-${interval}`,
      attributes: { title: text, role: 'img', 'aria-label': text },
    });
    element.style.left = percent(startMs - fromMs);
    element.style.width = percent(endMs - startMs);
    return element;
  };
  const rows = lines
    .filter(({ spans }) => spans.length > 0)
    .map(({ unit, spans }) =>
      el('li', {}, [
        el('bdi', { text: unit === '' ? wording.text('gantt.call') : visible(unit) }),
        el('span', { class: 'lane' }, spans.map(bar)),
      ]),
    );
  const shown = [...new Set(all.map(({ interval }) => interval))];
  return el('figure', { class: 'gantt' }, [
    el('ul', { class: 'gantt-lines', attributes: { 'aria-label': wording.text('gantt.label') } }, rows),
    el('p', { class: 'gantt-ends' }, [
      el('time', { text: clockText(start, fromMs) }),
      el('time', { text: clockText(start, toMs) }),
    ]),
    el(
      'ul',
      { class: 'chart-key' },
      shown.map((interval) =>
        el('li', {}, [
          el('i', { class: `swatch tall interval-${interval}`, attributes: { 'aria-hidden': 'true' } }),
          el('span', { text: wording.text(`interval.${interval}`) }),
        ]),
      ),
    ),
  ]);
}
