/**
 * Folds an event log into one record for each call: when each event of its time line happened, and who came. On the
 * way it checks the time line: no event before its cause, no event twice, and the clock never runs back.
 */
import type { CallTable } from '../demand/demand.ts';
import { EVENT_KINDS, type EventKind, type EventLog } from '../sim/event-log.ts';
import { CALL_ENDS, NOT_YET, type CallEnd } from '../sim/outcome.ts';
import { NONE, type Ms } from '../units.ts';
import { BrokenLogError, CALL_EVENTS, type CallEvent, type CallRecords } from './call-record.ts';
import { UnitTasks } from './unit-tasks.ts';

const END = Object.fromEntries(CALL_ENDS.map((end, ix) => [end, ix])) as Record<CallEnd, number>;

/**
 * One record for each call of a log. Cost O(rows).
 * @param calls       the table that the replication ran on; calls that never occurred in the log are left out
 * @param categories  what the table's category indices mean
 * @throws BrokenLogError where an event comes before its cause, comes twice, or is of a unit that was not sent
 */
export function foldCalls(
  log: EventLog,
  calls: CallTable,
  categories: readonly { units: number }[],
): CallRecords {
  let row = 0;
  const fail = (message: string): never => {
    throw new BrokenLogError(log.replication, row, message);
  };
  const size = calls.nCalls;
  const atMs = Object.fromEntries(
    CALL_EVENTS.map((event) => [event, new Float64Array(size).fill(NOT_YET)]),
  ) as CallRecords['atMs'];
  const { occurred, received, ready, dispatched, alerted, enRoute, arrived, staffed } = atMs;
  const { left, delivered, reportStarted, freed, cleared } = atMs;
  const end = new Uint8Array(size).fill(END.open);
  const unitOf = new Uint32Array(size).fill(NONE);
  const nSent = new Uint32Array(size);
  const nRecalled = new Uint32Array(size);
  const unitsWanted = Uint16Array.from(calls.category.subarray(0, size), (ix) => categories[ix].units);
  /** Units that have arrived and were not called away, and the most of them at any time. */
  const nCame = new Uint32Array(size);
  const mostCame = new Uint32Array(size);
  /** Units on the call that have not begun their report, those of them that are on the way, and those that are done. */
  const nOnIt = new Uint32Array(size);
  const nOnTheWay = new Uint32Array(size);
  const nDone = new Uint32Array(size);
  const waitedMs = new Float64Array(size);
  const waitedToDispatchMs = new Float64Array(size);
  const waitingSinceMs = new Float64Array(size).fill(NOT_YET);
  /** The first of the units present, from its arrival until it is called away. */
  const lead = new Uint32Array(size).fill(NONE);
  const laterCall: number[] = [];
  const laterAtMs: number[] = [];
  const tasks = new UnitTasks();
  let nCalls = 0;
  let endMs: Ms | null = null;
  let now: Ms = 0;

  /** Sets an event of the desk: after its cause, once, and before the end of the call. */
  const happens = (call: number, event: CallEvent, cause: CallEvent): void => {
    if (atMs[cause][call] === NOT_YET) fail(`call ${call}: ${event} before ${cause}`);
    if (atMs[event][call] !== NOT_YET) fail(`call ${call}: ${event} twice`);
    mustBeOpen(call, event);
    atMs[event][call] = now;
  };
  const mustBeOpen = (call: number, event: string): void => {
    if (end[call] !== END.open) fail(`call ${call}: ${event} after it was ${CALL_ENDS[end[call]]}`);
  };
  const endCall = (call: number, how: CallEnd): void => {
    if (end[call] === END[how]) fail(`call ${call}: ${how} twice`);
    mustBeOpen(call, how);
    if (received[call] === NOT_YET) fail(`call ${call}: ${how} before received`);
    // the last unit to leave does so in the same instant, after the call's own row
    const n = how === 'cleared' ? nOnTheWay[call] : nOnIt[call];
    if (n > 0) fail(`call ${call}: ${how} while ${n} units are on it`);
    end[call] = END[how];
  };
  /** The unit of the row, which must be on the call of the row. */
  const unitOnCall = (call: number, event: string): number => {
    const unit = log.unit[row];
    if (tasks.callOf(unit) !== call) fail(`call ${call}: ${event} by another unit than was sent`);
    return unit;
  };
  /** Moves a unit on in its task. */
  const unitStep = (call: number, event: Parameters<UnitTasks['step']>[1]): number => {
    const unit = unitOnCall(call, event);
    const missing = tasks.step(unit, event, now);
    if (missing !== null) fail(`call ${call}: ${event} before ${missing}`);
    return unit;
  };
  /** Whether what a unit of the call does counts for the call's own time line. */
  const isLead = (call: number, unit: number): boolean => {
    if (lead[call] === NONE) lead[call] = unit;
    return lead[call] === unit && freed[call] === NOT_YET;
  };
  /** Whether the time line up to the arrival is this unit's: none has arrived, and it was sent first. */
  const isFirstSent = (call: number, unit: number): boolean =>
    arrived[call] === NOT_YET && unitOf[call] === unit && dispatched[call] === tasks.dispatchedMs(unit);
  const leaves = (call: number): void => {
    nOnIt[call]--;
    nDone[call]++;
  };
  const clearUnit = (call: number): void => {
    const task = tasks.taskOf(log.unit[row]);
    const unit = unitStep(call, 'cleared');
    if (task !== 'reportStarted') leaves(call);
    if (isLead(call, unit)) {
      if (left[call] === NOT_YET) left[call] = now;
      if (delivered[call] === NOT_YET) delivered[call] = left[call];
      if (reportStarted[call] === NOT_YET) reportStarted[call] = now;
      freed[call] = now;
    }
  };

  const handlers: Partial<Record<EventKind, (call: number) => void>> = {
    callOccurred(call) {
      if (call !== nCalls) fail(`call ${call} occurs where call ${nCalls} was next`);
      if (call >= size) fail(`call ${call} is not among the ${size} calls`);
      if (now !== calls.occurredMs[call]) fail(`call ${call} should occur at ${calls.occurredMs[call]} ms`);
      occurred[call] = now;
      nCalls++;
    },
    callReceived: (call) => happens(call, 'received', 'occurred'),
    callReady(call) {
      happens(call, 'ready', 'received');
      waitingSinceMs[call] = now;
    },
    callHeld: (call) => mustBeOpen(call, 'held'),
    callTriaged: (call) => endCall(call, 'triaged'),
    callLost: (call) => endCall(call, 'lost'),
    unitDispatched(call) {
      const unit = log.unit[row];
      if (ready[call] === NOT_YET) fail(`call ${call}: dispatched before ready`);
      if (unit === NONE) fail(`call ${call} is dispatched without a unit`);
      mustBeOpen(call, 'dispatched');
      if (tasks.callOf(unit) !== NONE)
        fail(`call ${call}: unit ${unit} is sent while it is on call ${tasks.callOf(unit)}`);
      tasks.begin(unit, call, now);
      nSent[call]++;
      nOnTheWay[call]++;
      if (waitingSinceMs[call] !== NOT_YET) waitedMs[call] += now - waitingSinceMs[call];
      waitingSinceMs[call] = NOT_YET;
      // a unit is on the call from here to the arrival of this one, so no wait comes between
      if (arrived[call] === NOT_YET) waitedToDispatchMs[call] = waitedMs[call];
      if (nOnIt[call]++ > 0 || arrived[call] !== NOT_YET) return;
      unitOf[call] = unit;
      dispatched[call] = now;
      alerted[call] = NOT_YET;
      enRoute[call] = NOT_YET;
    },
    unitAlerted(call) {
      const unit = unitStep(call, 'alerted');
      if (isFirstSent(call, unit)) alerted[call] = now;
    },
    unitEnRoute(call) {
      const unit = unitStep(call, 'enRoute');
      if (!isFirstSent(call, unit)) return;
      alerted[call] = tasks.alertedMs(unit);
      enRoute[call] = now;
    },
    unitArrived(call) {
      const unit = unitStep(call, 'arrived');
      nOnTheWay[call]--;
      if (arrived[call] === NOT_YET) {
        unitOf[call] = unit;
        dispatched[call] = tasks.dispatchedMs(unit);
        alerted[call] = tasks.alertedMs(unit);
        enRoute[call] = tasks.enRouteMs(unit);
        arrived[call] = now;
      }
      if (lead[call] === NONE) lead[call] = unit;
      if (++nCame[call] <= mostCame[call]) return;
      mostCame[call] = nCame[call];
      if (nCame[call] > 1) {
        laterCall.push(call);
        laterAtMs.push(now);
      }
      if (nCame[call] === unitsWanted[call]) staffed[call] = now;
    },
    unitRecalled(call) {
      const unit = unitOnCall(call, 'recalled');
      const task = tasks.taskOf(unit);
      if (task !== 'dispatched' && task !== 'alerted' && task !== 'enRoute' && task !== 'arrived')
        fail(`call ${call}: recalled after ${task}`);
      nOnIt[call]--;
      if (task === 'arrived') nCame[call]--;
      else nOnTheWay[call]--;
      nRecalled[call]++;
      tasks.end(unit);
      if (lead[call] === unit) lead[call] = nCame[call] > 0 ? tasks.firstPresent(call) : NONE;
      if (nOnIt[call] === 0 && nDone[call] === 0) waitingSinceMs[call] = now;
    },
    transportStarted(call) {
      const unit = unitStep(call, 'transportStarted');
      nOnTheWay[call]++;
      if (isLead(call, unit)) left[call] = now;
    },
    transportArrived(call) {
      const unit = unitStep(call, 'transportArrived');
      nOnTheWay[call]--;
      if (isLead(call, unit)) delivered[call] = now;
    },
    reportStarted(call) {
      const unit = unitStep(call, 'reportStarted');
      leaves(call);
      if (!isLead(call, unit)) return;
      if (left[call] === NOT_YET) left[call] = now;
      if (delivered[call] === NOT_YET) delivered[call] = left[call];
      reportStarted[call] = now;
    },
    unitCleared: clearUnit,
    callCleared(call) {
      if (arrived[call] === NOT_YET) fail(`call ${call}: cleared before arrived`);
      endCall(call, 'cleared');
      cleared[call] = now;
    },
  };
  const handlerOf = EVENT_KINDS.map((kind) => handlers[kind]);
  const endKind = EVENT_KINDS.indexOf('runEnded');
  const occurredKind = EVENT_KINDS.indexOf('callOccurred');

  for (; row < log.nEvents; row++) {
    now = log.timeMs[row];
    const kind = log.kind[row];
    if (endMs !== null) fail('comes after the end of the run');
    if (!Number.isInteger(now)) fail(`time ${now} is no whole millisecond`);
    if (row > 0 && now < log.timeMs[row - 1])
      fail(`the clock runs back from ${log.timeMs[row - 1]} to ${now} ms`);
    if (!(kind < EVENT_KINDS.length)) fail(`kind ${kind} is unknown`);
    if (kind === endKind) endMs = now;
    const handle = handlerOf[kind];
    if (handle === undefined) continue;
    const call = log.call[row];
    if (kind !== occurredKind && !(call < nCalls))
      fail(`${EVENT_KINDS[kind]} of call ${call}, which has not occurred`);
    handle(call);
  }
  if (endMs === null) return fail('the run has no end');

  const { laterStart, laterMs } = byCall(nCalls, laterCall, laterAtMs);
  const times = CALL_EVENTS.map((event) => [event, atMs[event].slice(0, nCalls)]);
  return {
    replication: log.replication,
    nCalls,
    endMs,
    atMs: Object.fromEntries(times) as CallRecords['atMs'],
    laterStart,
    laterMs,
    end: end.slice(0, nCalls),
    unit: unitOf.slice(0, nCalls),
    waitedMs: waitedMs.slice(0, nCalls),
    waitedToDispatchMs: waitedToDispatchMs.slice(0, nCalls),
    nSent: nSent.slice(0, nCalls),
    nRecalled: nRecalled.slice(0, nCalls),
    unitsWanted: unitsWanted.slice(0, nCalls),
    category: calls.category.slice(0, nCalls),
    zone: calls.zone.slice(0, nCalls),
    segment: calls.segment.slice(0, nCalls),
    offsetMm: calls.offsetMm.slice(0, nCalls),
    onSceneMs: calls.onSceneMs.slice(0, nCalls),
    parent: calls.parent.slice(0, nCalls),
  };
}

/** Groups times in order of time by call, each group in order of time. Cost O(calls + times). */
function byCall(
  nCalls: number,
  call: readonly number[],
  atMs: readonly number[],
): Pick<CallRecords, 'laterStart' | 'laterMs'> {
  const laterStart = new Uint32Array(nCalls + 1);
  for (const c of call) laterStart[c + 1]++;
  for (let c = 0; c < nCalls; c++) laterStart[c + 1] += laterStart[c];
  const next = laterStart.slice(0, nCalls);
  const laterMs = new Float64Array(atMs.length);
  call.forEach((c, i) => (laterMs[next[c]++] = atMs[i]));
  return { laterStart, laterMs };
}
