/**
 * The whole story of one incident: what it is, how it came out, where the minutes went, what happened when, and every
 * decision about it (who was sent, held back, taken off) with its reason and candidates.
 */
import { ganttLines, ganttOf } from './call-gantt.ts';
import {
  callStateAt,
  intervalsOf,
  responseS,
  unitsSentBy,
  type CallDispatch,
  type CallHold,
  type Calls,
} from './calls.ts';
import type { Weighed } from './decision.ts';
import { nameOf } from './doing.ts';
import { el, visible, word } from './dom.ts';
import { clockText, durationText, type Wording } from './i18n.ts';
import type { IncidentEvents } from './incidents.ts';
import { VIEWER_LIMITS } from './limits.ts';
import { tierOf } from './palette.ts';
import { ABSENT } from './parquet-table.ts';
import type { Places } from './places.ts';
import { reasonText } from './reasons.ts';
import type { Replay } from './replay.ts';

/** Characters shown of a reason, which may name several places. */
const LONG_REASON = 300;

/** What the story is told from. */
interface StoryContext {
  replay: Replay;
  places: Places;
  start: string | null;
  clockStart: string;
  wording: Wording;
  events: IncidentEvents;
}

interface Step {
  text: string;
  ms: number;
}

/** Everything that happened to a call, in order of time. */
export function stepsOf(calls: Calls, call: number, places: Places, wording: Wording): Step[] {
  const { occurred, received, ready } = calls.atMs;
  const say = wording.text.bind(wording);
  const end = calls.end[call];
  const steps: Step[] = [
    { text: say('incidents.occurred'), ms: occurred[call] },
    { text: say('incidents.received'), ms: received[call] },
    { text: say('incidents.ready'), ms: ready[call] },
    ...calls.holds[call].map(({ atMs }) => ({ text: say('incidents.held'), ms: atMs })),
    ...calls.dispatches[call].flatMap((dispatch): Step[] => {
      const unit = visible(dispatch.unit);
      const destination = visible(nameOf(places.destinations, dispatch.destination));
      return [
        { text: say('incidents.dispatched', { unit }), ms: dispatch.dispatchedMs },
        { text: say('incidents.alerted', { unit }), ms: dispatch.alertedMs },
        { text: say('incidents.enRoute', { unit }), ms: dispatch.enRouteMs },
        { text: say('incidents.arrived', { unit }), ms: dispatch.arrivedMs },
        { text: say('incidents.transport', { unit, destination }), ms: dispatch.transportMs },
        { text: say('incidents.delivered', { unit, destination }), ms: dispatch.deliveredMs },
        { text: say('incidents.reporting', { unit }), ms: dispatch.reportMs },
        { text: say('incidents.unitCleared', { unit }), ms: dispatch.clearedMs },
        { text: say('incidents.recalled', { unit }), ms: dispatch.recalledMs },
      ];
    }),
    ...(calls.unitsWanted[call] > 1
      ? [
          {
            text: say('incidents.staffed', { wanted: calls.unitsWanted[call] }),
            ms: calls.staffedMs[call],
          },
        ]
      : []),
    ...(end === 'open' ? [] : [{ text: say(`ended.${end}`), ms: calls.closedMs[call] }]),
  ];
  return steps.filter(({ ms }) => !Number.isNaN(ms)).sort((a, b) => a.ms - b.ms);
}

/** The story as of `atMs`: what is still to come is shown as such. */
export function storyOf(context: StoryContext, call: number, atMs: number): HTMLElement[] {
  const { replay, places, start, clockStart, wording, events } = context;
  const { calls, endMs } = replay;
  const state = calls.atMs.occurred[call] <= atMs ? callStateAt(calls, call, atMs) : 'closed';
  const seconds = responseS(calls, call, clockStart);
  const tier = tierOf(seconds);
  const number = String(calls.number[call]);
  const clock = wording.word('clock', clockStart);
  return [
    el('button', {
      class: 'back-link',
      text: `← ${wording.text('incidents.back')}`,
      attributes: { type: 'button' },
      onClick: () => events.onSelect(-1),
    }),
    el('header', { class: 'incident-head' }, [
      el('h2', { text: wording.text('incidents.title', { number }) }),
      el('span', {
        class: 'priority',
        text: wording.text('incidents.priority', { priority: String(calls.priority[call]) }),
      }),
      el('span', { class: `state callState-${state}`, text: wording.text(`callState.${state}`) }),
      el('span', {
        class: `response tier-${tier}`,
        text: Number.isNaN(seconds)
          ? wording.text(calls.end[call] === 'triaged' ? 'tier.notNeeded' : 'tier.none')
          : `${wording.text('incidents.response', { time: durationText(seconds) })} · ${wording.text(`tier.${tier}`)}`,
      }),
    ]),
    el('p', { class: 'about', text: wording.text('incidents.clock', { clock }) }),
    factsOf(context, call, atMs),
    el('div', { class: 'row-tools' }, [
      el('button', {
        text: wording.text('incidents.goTo'),
        attributes: { type: 'button' },
        onClick: () => events.onGoTo(call),
      }),
      el('button', {
        text: wording.text('incidents.showOnMap'),
        attributes: { type: 'button' },
        onClick: () => events.onShow(call),
      }),
    ]),
    el('h3', { text: wording.text('incidents.minutes') }),
    ganttOf(ganttLines(calls, call, endMs), start, wording),
    ...waterfallOf(calls, call, wording),
    el('h3', { text: wording.text('incidents.timeline') }),
    timeLineOf(stepsOf(calls, call, places, wording), start, atMs),
    ...(calls.end[call] === 'open'
      ? [el('p', { class: 'about', text: wording.text('incidents.openAtEnd') })]
      : []),
    el('h3', { text: wording.text('incidents.why') }),
    ...decisionsOf(context, call),
  ];
}

function factsOf(
  { replay, places, clockStart, wording, events }: StoryContext,
  call: number,
  atMs: number,
): HTMLElement {
  const { calls, roads } = replay;
  const segment = calls.segment[call];
  const street = segment === ABSENT ? '' : (roads.streetNames[roads.streetName[segment]] ?? '');
  const wanted = calls.unitsWanted[call];
  const staffedS = responseS(calls, call, clockStart, 'all');
  const facts: [string, Node[]][] = [
    [wording.text('incidents.category'), [word(calls.category[call])]],
    [wording.text('incidents.zone'), [zoneName(calls, places, call, wording)]],
  ];
  if (street) facts.push([wording.text('incidents.street'), [word(street)]]);
  facts.push([
    wording.text('incidents.units'),
    [
      el('span', {
        text: wording.text('incidents.unitsSent', { wanted, sent: unitsSentBy(calls, call, atMs) }),
      }),
    ],
  ]);
  if (wanted > 1 && !Number.isNaN(staffedS)) {
    facts.push([wording.text('incidents.allThere'), [el('span', { text: durationText(staffedS) })]]);
  }
  if (calls.waitedMs[call] > 0) {
    facts.push([
      wording.text('incidents.waitedFor'),
      [el('span', { text: durationText(calls.waitedMs[call] / 1000) })],
    ]);
  }
  if (calls.end[call] === 'lost') {
    facts.push([
      wording.text('incidents.lostWhy'),
      [el('span', { text: visible(reasonText(calls.lostReason[call], wording)) })],
    ]);
  }
  const linkTo = (other: number): HTMLElement =>
    el('button', {
      class: 'unit-link',
      text: wording.text('incidents.title', { number: String(calls.number[other]) }),
      attributes: { type: 'button' },
      onClick: () => events.onSelect(other),
    });
  if (calls.parent[call] >= 0) {
    facts.push([wording.text('incidents.parent'), [linkTo(calls.parent[call])]]);
  }
  const children = followersOf(calls, call);
  if (children.length > 0) facts.push([wording.text('incidents.children'), children.map(linkTo)]);
  return el(
    'dl',
    { class: 'facts' },
    facts.flatMap(([term, values]) => [el('dt', { text: term }), el('dd', {}, values)]),
  );
}

/** Calls that are linked to a call or repeat it, as many as are listed. */
function followersOf({ parent, nCalls }: Calls, call: number): number[] {
  const followers: number[] = [];
  for (let each = 0; each < nCalls && followers.length < VIEWER_LIMITS.listedCandidates; each++) {
    if (parent[each] === call) followers.push(each);
  }
  return followers;
}

export function zoneName({ zone }: Calls, places: Places, call: number, wording: Wording): HTMLElement {
  return zone[call] === ''
    ? el('span', { text: wording.text('incidents.outside') })
    : word(nameOf(places.zones, zone[call]));
}

/** The intervals of the unit that came first, each where it lies in the whole; nothing where nobody has come. */
function waterfallOf(calls: Calls, call: number, wording: Wording): HTMLElement[] {
  const intervals = intervalsOf(calls, call).filter(({ startMs, endMs }) => endMs > startMs);
  if (intervals.length === 0 || Number.isNaN(calls.atMs.arrived[call])) return [];
  const fromMs = intervals[0].startMs;
  const wholeMs = intervals[intervals.length - 1].endMs - fromMs;
  const rows = intervals.map(({ interval, startMs, endMs }) => {
    const bar = el('i', { class: `span interval-${interval}`, attributes: { 'aria-hidden': 'true' } });
    bar.style.left = `${(100 * (startMs - fromMs)) / wholeMs}%`;
    bar.style.width = `${(100 * (endMs - startMs)) / wholeMs}%`;
    return el('tr', {}, [
      el('th', { text: wording.text(`interval.${interval}`), attributes: { scope: 'row' } }),
      el('td', { class: 'figure', text: durationText((endMs - startMs) / 1000) }),
      el('td', { class: 'bar-cell' }, [el('span', { class: 'lane' }, [bar])]),
    ]);
  });
  return [
    el('table', { class: 'waterfall of-call' }, [
      el('caption', { text: wording.text('incidents.firstUnit') }),
      el('tbody', {}, rows),
    ]),
  ];
}

const timeLineOf = (steps: readonly Step[], start: string | null, atMs: number): HTMLElement =>
  el(
    'ol',
    { class: 'time-line' },
    steps.map(({ text, ms }, ix) =>
      el('li', { class: ms <= atMs ? 'past' : 'future' }, [
        el('time', { text: clockText(start, ms) }),
        el('span', { text }),
        el('small', { text: ix === 0 ? '' : `+${durationText((ms - steps[0].ms) / 1000)}` }),
      ]),
    ),
  );

type CallDecision =
  | { kind: 'sent'; atMs: number; dispatch: CallDispatch }
  | { kind: 'held'; atMs: number; hold: CallHold }
  | { kind: 'recalled'; atMs: number; dispatch: CallDispatch };

function decisionsOf(context: StoryContext, call: number): HTMLElement[] {
  const { calls } = context.replay;
  const decisions: CallDecision[] = [
    ...calls.holds[call].map((hold): CallDecision => ({ kind: 'held', atMs: hold.atMs, hold })),
    ...calls.dispatches[call].flatMap((dispatch): CallDecision[] => [
      { kind: 'sent', atMs: dispatch.dispatchedMs, dispatch },
      ...(Number.isNaN(dispatch.recalledMs)
        ? []
        : [{ kind: 'recalled' as const, atMs: dispatch.recalledMs, dispatch }]),
    ]),
  ].sort((a, b) => a.atMs - b.atMs);
  if (decisions.length === 0) {
    const { wording } = context;
    const end = calls.end[call];
    const key = end === 'triaged' || end === 'lost' ? `incidents.why.${end}` : 'incidents.notSentYet';
    return [el('p', { class: 'about', text: wording.text(key as 'incidents.notSentYet') })];
  }
  return decisions.map((decision) => decisionOf(context, decision));
}

function decisionOf(context: StoryContext, decision: CallDecision): HTMLElement {
  const { start, wording } = context;
  const reason =
    decision.kind === 'held'
      ? decision.hold.reason
      : decision.kind === 'sent'
        ? decision.dispatch.reason
        : decision.dispatch.recallReason;
  const candidates =
    decision.kind === 'held'
      ? decision.hold.candidates
      : decision.kind === 'sent'
        ? decision.dispatch.candidates
        : [];
  const sent = decision.kind === 'sent' ? decision.dispatch.unit : '';
  return el('section', { class: `decision-block decision-${decision.kind}` }, [
    el('p', { class: 'decision' }, [
      el('time', { text: clockText(start, decision.atMs) }),
      ...(decision.kind === 'held' ? [] : [unitLink(context, decision.dispatch.unit)]),
      el('b', { text: wording.text(`decision.${decision.kind}`) }),
    ]),
    ...(reason
      ? [
          el('p', {
            class: 'reason',
            text: visible(reasonText(reason, wording), LONG_REASON),
          }),
        ]
      : []),
    ...candidatesOf(context, candidates, sent),
  ]);
}

const unitLink = ({ wording, events }: StoryContext, id: string): HTMLElement =>
  el('button', {
    class: 'unit-link',
    text: visible(id),
    attributes: { type: 'button', 'aria-label': wording.text('units.follow', { unit: visible(id) }) },
    onClick: () => events.onUnit(id),
  });

function candidatesOf(context: StoryContext, candidates: readonly Weighed[], sent: string): HTMLElement[] {
  const { wording } = context;
  if (candidates.length === 0) return [];
  const listed = candidates.slice(0, VIEWER_LIMITS.listedCandidates);
  const longest = Math.max(1, ...listed.map(({ value }) => value));
  const rows = listed.map(({ id, value }) => {
    const bar = el('i', { class: 'bar', attributes: { 'aria-hidden': 'true' } });
    bar.style.width = `${(100 * value) / longest}%`;
    const isSent = id === sent;
    return el('tr', { class: isSent ? 'sent' : '' }, [
      el('th', { attributes: { scope: 'row' } }, [unitLink(context, id)]),
      el('td', { class: 'figure', text: durationText(value) }),
      el('td', { class: 'bar-cell' }, [bar]),
      el('td', { class: 'mark-sent', text: isSent ? wording.text('incidents.sent') : '' }),
    ]);
  });
  const nMore = candidates.length - listed.length;
  return [
    el('table', { class: 'candidates' }, [
      el('caption', { text: wording.text('incidents.candidates') }),
      el('tbody', {}, rows),
    ]),
    ...(nMore > 0
      ? [el('p', { class: 'about', text: wording.text('incidents.moreCandidates', { n: nMore }) })]
      : []),
  ];
}
