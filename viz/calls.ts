/**
 * The calls of a replication as they went: when each event of a call happened, who was sent, taken off and why, and
 * what state the call was in at any moment. Built row by row from the event log; times are ms from the scored start,
 * NaN for what did not happen.
 */
import { readDecision, type Decision, type Weighed } from './decision.ts';

/** One sending of a unit to a call; a unit that is sent twice has two. */
export interface CallDispatch {
  unit: string;
  dispatchedMs: number;
  /** Told of the call; NaN where telling takes no time. */
  alertedMs: number;
  enRouteMs: number;
  arrivedMs: number;
  /** Left the scene with somebody, for `destination`; there; began its report; was available again. */
  transportMs: number;
  destination: string;
  deliveredMs: number;
  reportMs: number;
  clearedMs: number;
  /** Taken off the call, and why. */
  recalledMs: number;
  recallReason: string;
  /** Why this unit: the reason, and the candidates with their drive times in seconds, best first. */
  reason: string;
  candidates: Weighed[];
}

/** A decision to leave the call waiting although somebody could go. */
export interface CallHold extends Decision {
  atMs: number;
}

type CallEnd = 'open' | 'cleared' | 'triaged' | 'lost';

/**
 * Handled at the desk; ready with no unit on it; with units on the way only; with a unit there; done; ended at the desk;
 * gone to another force.
 */
export const CALL_STATES = [
  'handling',
  'waiting',
  'assigned',
  'attended',
  'closed',
  'triaged',
  'lost',
] as const;
export type CallState = (typeof CALL_STATES)[number];

/**
 * Events of a call's time line, in order. Up to `arrived` they are of the unit that arrived first (before any has, the
 * first one sent); from `left` to `freed` of the first of the units present, as in kpis.json.
 */
const CALL_EVENTS = [
  'occurred',
  'received',
  'ready',
  'dispatched',
  'alerted',
  'enRoute',
  'arrived',
  'left',
  'delivered',
  'reportStarted',
  'freed',
] as const;
type CallEvent = (typeof CALL_EVENTS)[number];

/** Intervals between neighbours of CALL_EVENTS, by the names of kpis.json. */
const INTERVALS = [
  'detection',
  'callHandling',
  'queue',
  'dispatch',
  'turnout',
  'travel',
  'onScene',
  'transport',
  'handover',
  'report',
] as const;
/** `earlierUnits` is the part of the way from ready to dispatched in which units were on the call that did not come first. */
export type IntervalName = (typeof INTERVALS)[number] | 'earlierUnits';

export interface Calls {
  /** In order of their `occurred`. */
  nCalls: number;
  /** Number of each call in the log. */
  number: Int32Array;
  atMs: Record<CallEvent, Float64Array>;
  /** When the last of the units that the call needs had arrived. */
  staffedMs: Float64Array;
  /** When the call ended, however it did; and how. */
  closedMs: Float64Array;
  end: CallEnd[];
  /** Time since it was ready with no unit on it, up to the last time that one was sent. */
  waitedMs: Float64Array;
  /** When the first such time began that was longer than an instant. */
  firstWaitMs: Float64Array;
  unitsWanted: Int32Array;
  /** Position of the call that it is linked to or repeats, or -1. */
  parent: Int32Array;
  /** World place, metres. */
  x: Float64Array;
  y: Float64Array;
  /** Road segment, or ABSENT. */
  segment: Int32Array;
  priority: Int32Array;
  category: string[];
  zone: string[];
  zoneClass: string[];
  dispatches: CallDispatch[][];
  holds: CallHold[][];
  /** Why the call was lost; empty where it was not. */
  lostReason: string[];
  /** States of call c are firstState[c] up to firstState[c + 1], in order of time. */
  firstState: Int32Array;
  stateMs: Float64Array;
  /** Position in CALL_STATES. */
  state: Uint8Array;
  /** When calls of an end came to it, in order. */
  endedMs: Record<Exclude<CallEnd, 'open'>, Float64Array>;
}

/** What a callOccurred row says of its call. */
interface NewCall {
  number: number;
  occurredMs: number;
  unitsWanted: number;
  parent: number;
  x: number;
  y: number;
  segment: number;
  priority: number;
  category: string;
  zone: string;
  zoneClass: string;
}

interface OpenCall extends NewCall {
  atMs: Record<CallEvent, number>;
  staffedMs: number;
  closedMs: number;
  end: CallEnd;
  waitedMs: number;
  firstWaitMs: number;
  waitingSinceMs: number;
  dispatches: CallDispatch[];
  holds: CallHold[];
  lostReason: string;
  states: { atMs: number; state: CallState }[];
  /** Sending that the time line up to the arrival is of; and the unit that what follows is of. */
  main: CallDispatch | null;
  lead: CallDispatch | null;
  nOnTheWay: number;
  nPresent: number;
  nDone: number;
  /** Units that have come and were not called away, and the most of them so far. */
  nCame: number;
  mostCame: number;
}

/** Steps of a unit for its call, by the kind of the log's row. */
export type UnitStep =
  | 'unitAlerted'
  | 'unitEnRoute'
  | 'unitArrived'
  | 'transportStarted'
  | 'transportArrived'
  | 'reportStarted'
  | 'unitCleared'
  | 'unitRecalled';

export class CallBuilder {
  readonly #calls: OpenCall[] = [];
  readonly #position = new Map<number, number>();

  /** Position of a call, or -1 for one that has not occurred. */
  positionOf(number: number): number {
    return this.#position.get(number) ?? -1;
  }

  /** @returns false when a call of this number has occurred before */
  occur(call: NewCall): boolean {
    if (this.#position.has(call.number)) return false;
    this.#position.set(call.number, this.#calls.length);
    const atMs = Object.fromEntries(CALL_EVENTS.map((event) => [event, NaN])) as OpenCall['atMs'];
    atMs.occurred = call.occurredMs;
    this.#calls.push({
      ...call,
      atMs,
      staffedMs: NaN,
      closedMs: NaN,
      end: 'open',
      waitedMs: 0,
      firstWaitMs: NaN,
      waitingSinceMs: NaN,
      dispatches: [],
      holds: [],
      lostReason: '',
      states: [{ atMs: call.occurredMs, state: 'handling' }],
      main: null,
      lead: null,
      nOnTheWay: 0,
      nPresent: 0,
      nDone: 0,
      nCame: 0,
      mostCame: 0,
    });
    return true;
  }

  receive(position: number, nowMs: number): void {
    this.#calls[position].atMs.received = nowMs;
  }

  becomeReady(position: number, nowMs: number): void {
    const call = this.#calls[position];
    call.atMs.ready = nowMs;
    call.waitingSinceMs = nowMs;
    mark(call, nowMs);
  }

  hold(position: number, nowMs: number, detail: string): void {
    this.#calls[position].holds.push({ atMs: nowMs, ...readDecision(detail) });
  }

  /** The call ends without a unit, or its last unit has left. */
  end(position: number, nowMs: number, end: Exclude<CallEnd, 'open'>, reason = ''): void {
    const call = this.#calls[position];
    call.closedMs = nowMs;
    call.end = end;
    call.lostReason = reason;
    call.waitingSinceMs = NaN;
    mark(call, nowMs);
  }

  dispatch(position: number, nowMs: number, unit: string, detail: string): void {
    const call = this.#calls[position];
    const dispatch: CallDispatch = {
      unit,
      dispatchedMs: nowMs,
      alertedMs: NaN,
      enRouteMs: NaN,
      arrivedMs: NaN,
      transportMs: NaN,
      destination: '',
      deliveredMs: NaN,
      reportMs: NaN,
      clearedMs: NaN,
      recalledMs: NaN,
      recallReason: '',
      ...readDecision(detail),
    };
    call.dispatches.push(dispatch);
    if (call.waitingSinceMs < nowMs) {
      call.waitedMs += nowMs - call.waitingSinceMs;
      if (Number.isNaN(call.firstWaitMs)) call.firstWaitMs = call.waitingSinceMs;
    }
    call.waitingSinceMs = NaN;
    if (call.nOnTheWay + call.nPresent === 0 && Number.isNaN(call.atMs.arrived)) call.main = dispatch;
    call.nOnTheWay++;
    mark(call, nowMs);
  }

  /** @returns false when the unit is not on the call */
  step(position: number, nowMs: number, unit: string, step: UnitStep, detail: string): boolean {
    const call = this.#calls[position];
    const dispatch = call.dispatches.findLast((each) => each.unit === unit);
    if (!dispatch || !Number.isNaN(dispatch.clearedMs) || !Number.isNaN(dispatch.recalledMs)) return false;
    const { atMs } = call;
    const isPresent = !Number.isNaN(dispatch.arrivedMs);
    const hasLeft = !Number.isNaN(dispatch.reportMs);
    if (step !== 'unitArrived' && isPresent) call.lead ??= dispatch;
    const isLead = call.lead === dispatch;
    switch (step) {
      case 'unitAlerted':
        dispatch.alertedMs = nowMs;
        break;
      case 'unitEnRoute':
        dispatch.enRouteMs = nowMs;
        break;
      case 'unitArrived':
        dispatch.arrivedMs = nowMs;
        call.nOnTheWay--;
        call.nPresent++;
        call.lead ??= dispatch;
        if (Number.isNaN(atMs.arrived)) {
          call.main = dispatch;
          atMs.arrived = nowMs;
        }
        if (++call.nCame > call.mostCame) {
          call.mostCame = call.nCame;
          if (call.nCame === call.unitsWanted) call.staffedMs = nowMs;
        }
        break;
      case 'transportStarted':
        dispatch.transportMs = nowMs;
        dispatch.destination = detail;
        if (isLead) atMs.left = nowMs;
        break;
      case 'transportArrived':
        dispatch.deliveredMs = nowMs;
        if (isLead) atMs.delivered = nowMs;
        break;
      case 'reportStarted':
        dispatch.reportMs = nowMs;
        if (isLead) {
          leave(call, nowMs);
          atMs.reportStarted = nowMs;
        }
        leaves(call);
        break;
      case 'unitCleared':
        dispatch.clearedMs = nowMs;
        if (isLead && Number.isNaN(atMs.freed)) {
          leave(call, nowMs);
          if (Number.isNaN(atMs.reportStarted)) atMs.reportStarted = nowMs;
          atMs.freed = nowMs;
        }
        if (!hasLeft) leaves(call);
        break;
      case 'unitRecalled':
        dispatch.recalledMs = nowMs;
        dispatch.recallReason = detail;
        if (isPresent) {
          call.nPresent--;
          call.nCame--;
        } else {
          call.nOnTheWay--;
        }
        if (isLead) call.lead = call.dispatches.find(isOnScene) ?? null;
        if (call.nOnTheWay + call.nPresent + call.nDone === 0) call.waitingSinceMs = nowMs;
        break;
    }
    mark(call, nowMs);
    return true;
  }

  finish(): Calls {
    const calls = this.#calls;
    const n = calls.length;
    for (const call of calls) {
      const { atMs, main } = call;
      if (Number.isNaN(call.firstWaitMs)) call.firstWaitMs = call.waitingSinceMs; // it waits still
      if (main === null) continue;
      atMs.dispatched = main.dispatchedMs;
      atMs.enRoute = main.enRouteMs;
      atMs.alerted = alertedMsOf(main);
    }
    const firstState = new Int32Array(n + 1);
    calls.forEach(({ states }, ix) => (firstState[ix + 1] = firstState[ix] + states.length));
    const states = calls.flatMap((call) => call.states);
    const endedMs = (end: CallEnd): Float64Array =>
      Float64Array.from(
        calls.filter((call) => call.end === end),
        (call) => call.closedMs,
      ).sort();
    return {
      nCalls: n,
      number: Int32Array.from(calls, (call) => call.number),
      atMs: Object.fromEntries(
        CALL_EVENTS.map((event) => [event, Float64Array.from(calls, (call) => call.atMs[event])]),
      ) as Calls['atMs'],
      staffedMs: Float64Array.from(calls, (call) => call.staffedMs),
      closedMs: Float64Array.from(calls, (call) => call.closedMs),
      end: calls.map((call) => call.end),
      waitedMs: Float64Array.from(calls, (call) => call.waitedMs),
      firstWaitMs: Float64Array.from(calls, (call) => call.firstWaitMs),
      unitsWanted: Int32Array.from(calls, (call) => call.unitsWanted),
      parent: Int32Array.from(calls, (call) => this.positionOf(call.parent)),
      x: Float64Array.from(calls, (call) => call.x),
      y: Float64Array.from(calls, (call) => call.y),
      segment: Int32Array.from(calls, (call) => call.segment),
      priority: Int32Array.from(calls, (call) => call.priority),
      category: calls.map((call) => call.category),
      zone: calls.map((call) => call.zone),
      zoneClass: calls.map((call) => call.zoneClass),
      dispatches: calls.map((call) => call.dispatches),
      holds: calls.map((call) => call.holds),
      lostReason: calls.map((call) => call.lostReason),
      firstState,
      stateMs: Float64Array.from(states, ({ atMs }) => atMs),
      state: Uint8Array.from(states, ({ state }) => CALL_STATES.indexOf(state)),
      endedMs: { cleared: endedMs('cleared'), triaged: endedMs('triaged'), lost: endedMs('lost') },
    };
  }
}

/** What the first of the units present did not do takes no time. */
function leave({ atMs }: OpenCall, nowMs: number): void {
  if (Number.isNaN(atMs.left)) atMs.left = nowMs;
  if (Number.isNaN(atMs.delivered)) atMs.delivered = atMs.left;
}

function leaves(call: OpenCall): void {
  call.nPresent--;
  call.nDone++;
}

const isOnScene = ({ arrivedMs, recalledMs, transportMs, reportMs, clearedMs }: CallDispatch): boolean =>
  !Number.isNaN(arrivedMs) && [recalledMs, transportMs, reportMs, clearedMs].every((ms) => Number.isNaN(ms));

/** Notes the state of the call where it has changed; of several changes in an instant the last one stands. */
function mark(call: OpenCall, nowMs: number): void {
  const state = stateOf(call);
  const { states } = call;
  if (states[states.length - 1].state === state) return;
  if (states[states.length - 1].atMs === nowMs) states.pop();
  if (states.at(-1)?.state !== state) states.push({ atMs: nowMs, state });
}

function stateOf({ end, atMs, nOnTheWay, nPresent }: OpenCall): CallState {
  if (end !== 'open') return end === 'cleared' ? 'closed' : end;
  if (nPresent > 0) return 'attended';
  if (nOnTheWay > 0) return 'assigned';
  return Number.isNaN(atMs.ready) ? 'handling' : 'waiting';
}

/** When a unit was told of its call: when it was sent where telling takes no time. */
export const alertedMsOf = ({ alertedMs, dispatchedMs, enRouteMs }: CallDispatch): number =>
  Number.isNaN(alertedMs) && !Number.isNaN(enRouteMs) ? dispatchedMs : alertedMs;

/** The state of a call that has occurred by `atMs`. Cost O(log states). */
export function callStateAt({ firstState, stateMs, state }: Calls, call: number, atMs: number): CallState {
  let low = firstState[call];
  let high = firstState[call + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stateMs[middle] <= atMs) low = middle + 1;
    else high = middle;
  }
  return CALL_STATES[state[Math.max(firstState[call], low - 1)]];
}

/**
 * Units of a call at a time: on it (sent, neither available again nor taken off), on its scene, and all that have come so
 * far, those included that are done.
 */
export function unitsOfCall(
  { dispatches }: Calls,
  call: number,
  atMs: number,
): { onIt: number; there: number; came: number } {
  const count = { onIt: 0, there: 0, came: 0 };
  for (const { dispatchedMs, arrivedMs, transportMs, reportMs, clearedMs, recalledMs } of dispatches[call]) {
    if (!(dispatchedMs <= atMs) || recalledMs <= atMs) continue;
    const hasCome = arrivedMs <= atMs;
    if (hasCome) count.came++;
    if (clearedMs <= atMs) continue;
    count.onIt++;
    if (hasCome && !(transportMs <= atMs || reportMs <= atMs)) count.there++;
  }
  return count;
}

/** Sendings that held by `atMs`: not taken off again. */
export const unitsSentBy = ({ dispatches }: Calls, call: number, atMs: number): number =>
  dispatches[call].filter(({ dispatchedMs, recalledMs }) => dispatchedMs <= atMs && !(recalledMs <= atMs))
    .length;

/** Whether the call had begun to wait for a unit before `atMs`. */
export const hasWaited = ({ firstWaitMs }: Calls, call: number, atMs: number): boolean =>
  firstWaitMs[call] < atMs;

/** The clocks that a response time can start from, as far as this log holds them. */
export function clockStartMs({ atMs }: Calls, call: number, clockStart: string): number {
  switch (clockStart) {
    case 'occurred':
    case 'dispatched':
    case 'enRoute':
      return atMs[clockStart][call];
    case 'callReceived':
      return atMs.received[call];
    default:
      return NaN;
  }
}

/** Which arrival a response time runs to: that of the first unit, or of the last of those that the call needs. */
export const ARRIVALS = ['first', 'all'] as const;
export type Arrival = (typeof ARRIVALS)[number];

/** Seconds from the clock start to the arrival; NaN while nobody has arrived. */
export const responseS = (
  calls: Calls,
  call: number,
  clockStart: string,
  arrival: Arrival = 'first',
): number =>
  ((arrival === 'first' ? calls.atMs.arrived[call] : calls.staffedMs[call]) -
    clockStartMs(calls, call, clockStart)) /
  1000;

interface IntervalOfCall {
  interval: IntervalName;
  startMs: number;
  endMs: number;
}

/**
 * Where the minutes of a call went: its intervals that have come to an end, in order. Before the unit that came first was
 * sent the call waited (`queue`), or had units that did not come first (`earlierUnits`): the one is drawn before the
 * other, although they may have taken turns.
 */
export function intervalsOf(calls: Calls, call: number): IntervalOfCall[] {
  const { atMs } = calls;
  return INTERVALS.flatMap((interval, ix): IntervalOfCall[] => {
    const [startMs, endMs] = [atMs[CALL_EVENTS[ix]][call], atMs[CALL_EVENTS[ix + 1]][call]];
    if (Number.isNaN(startMs) || Number.isNaN(endMs)) return [];
    if (interval !== 'queue') return [{ interval, startMs, endMs }];
    const sentMs = startMs + waitedUntil(calls, call, endMs);
    return [
      { interval, startMs, endMs: sentMs },
      { interval: 'earlierUnits', startMs: sentMs, endMs },
    ];
  });
}

/** Time before `untilMs` during which the call was ready and no unit was on it. */
function waitedUntil({ firstState, stateMs, state }: Calls, call: number, untilMs: number): number {
  let waitedMs = 0;
  for (let ix = firstState[call]; ix + 1 < firstState[call + 1] && stateMs[ix] < untilMs; ix++) {
    if (CALL_STATES[state[ix]] === 'waiting') waitedMs += stateMs[ix + 1] - stateMs[ix];
  }
  return waitedMs;
}
