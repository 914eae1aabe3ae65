/**
 * Checks the state of a replication that was read from a file, before anything goes on from it: everything is there and
 * in its range (saved-schema.ts), calls are those that the demand of the run brings, and counts add up. A state that
 * passes is one that a run may be in; whether it is the one that this run was in, only its hash tells.
 */
import type { City } from '../city/city.ts';
import type { CallStream, CallTable } from '../demand/demand.ts';
import type { PatrolPlan } from '../patrol/patrol.ts';
import { NONE, type Ms } from '../units.ts';
import { EVENT_KINDS, ROW } from './event-log.ts';
import { SIM, SIM_EVENTS } from './event-queue.ts';
import { plannedRoutes } from './recorder.ts';
import type { SavedReplication } from './saved-run.ts';
import { ACTIVITIES, savedSchema } from './saved-schema.ts';

/** What is wrong with a state, the first thing found; null where nothing is. Cost O(size of the state + calls until then) */
export function savedReplicationFault(
  saved: unknown,
  run: {
    city: City;
    plan: PatrolPlan;
    /** Which replication it should be, and whether it should have a log. */
    replication: number;
    log: boolean;
    /** No event later than this has happened. */
    stoppedAtMs: Ms;
    /** The calls of the replication from its start. */
    calls: CallStream;
  },
): string | null {
  const parsed = savedSchema(run.city, run.plan).safeParse(saved);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return `/${path.join('/')}: ${message}`;
  }
  const state: SavedReplication = parsed.data;
  if (state.replication !== run.replication) return `is of replication ${state.replication}`;
  if ((state.log !== null) !== run.log) return run.log ? 'has no log' : 'has a log';
  if (state.nowMs > run.stoppedAtMs) return `is at ${state.nowMs} ms, later than it was stopped`;
  return (
    callsFault(state, run.calls) ??
    countsFault(state) ??
    unitsFault(state, run.plan) ??
    eventsFault(state, run.city) ??
    logFault(state, run.city, plannedRoutes(run.plan).length)
  );
}

/** Those that have occurred are those of the demand up to now; open ones have its place and needs. */
function callsFault(state: SavedReplication, calls: CallStream): string | null {
  const { nOccurred, nowMs } = state;
  const open = [...state.open].sort((a, b) => a.call - b.call);
  let next = 0;
  let first = 0;
  let block: CallTable | null = calls.next();
  for (; block !== null; first += block.nCalls, block = calls.next()) {
    for (; next < open.length && open[next].call < first + block.nCalls; next++) {
      const [call, row] = [open[next], open[next].call - first];
      if (row < 0 || (next > 0 && open[next - 1].call === call.call)) return `call ${call.call} stands twice`;
      const isSame =
        call.occurredMs === block.occurredMs[row] &&
        call.category === block.category[row] &&
        call.zone === block.zone[row] &&
        call.place.segment === block.segment[row] &&
        call.place.offsetMm === block.offsetMm[row] &&
        call.key === block.key[row] &&
        call.triaged === (block.triaged[row] === 1) &&
        !(call.transported && block.transported[row] === 0);
      if (!isSame) return `call ${call.call} is not the one that the demand brings`;
    }
    if (first + block.nCalls <= nOccurred) {
      if (block.occurredMs[block.nCalls - 1] > nowMs)
        return `call ${first + block.nCalls - 1} is yet to occur`;
      continue;
    }
    const row = nOccurred - first;
    if (row > 0 && block.occurredMs[row - 1] > nowMs) return `call ${nOccurred - 1} is yet to occur`;
    if (block.occurredMs[row] <= nowMs) return `call ${nOccurred} has occurred`;
    break;
  }
  if (block === null && first < nOccurred) return `${nOccurred} calls are more than the demand brings`;
  if (open.some(({ call }) => call >= nOccurred)) return 'an open call is yet to occur';
  return next < open.length ? `call ${open[next].call} is not the one that the demand brings` : null;
}

function countsFault({ counts, open, nOccurred }: SavedReplication): string | null {
  const { occurred, handling, waiting, inService, cleared, triaged, lost, beyondLimit } = counts;
  if (occurred !== nOccurred || occurred !== handling + waiting + inService + cleared + triaged + lost) {
    return 'counts of calls do not add up';
  }
  if (beyondLimit > lost) return 'more calls are lost beyond the limit than at all';
  for (const phase of ['handling', 'waiting', 'inService'] as const) {
    if (open.filter((call) => call.phase === phase).length !== counts[phase]) {
      return `${counts[phase]} calls are counted as ${phase}`;
    }
  }
  const queued = open.filter(({ isQueued }) => isQueued);
  if (queued.some(({ phase }) => phase === 'handling' || phase === 'ended'))
    return 'a call waits out of turn';
  const unqueued = open.some(({ phase, isQueued }) => phase === 'waiting' && !isQueued);
  return unqueued ? 'a call waits for nobody' : null;
}

function unitsFault({ units, open }: SavedReplication, plan: PatrolPlan): string | null {
  const calls = new Map(open.map((call) => [call.call, call]));
  const nOn = new Map<number, { sent: number; present: number }>();
  const reported = new Set<number>();
  for (const [ix, unit] of units.entries()) {
    const { activity, call, drive, duty, round, leg, isPresent, breaks, doing, shift } = unit;
    const { onCall = false, drives = false, onLeg = false } = ACTIVITIES[activity];
    const who = `unit ${ix}`;
    if (unit.ix !== ix) return `${who} is numbered ${unit.ix}`;
    if (onCall !== (call !== null)) return `${who} is ${activity} with call ${String(call)}`;
    if (drives && drive === null) return `${who} is ${activity} without a drive`;
    if (activity !== 'offDuty' && shift === NONE) return `${who} is on duty in no shift`;
    if (activity === 'onBreak' && breaks.length === 0) return `${who} is on a break that it has not`;
    if (activity === 'onActivity' && doing === NONE) return `${who} does nothing`;
    if (duty !== null && plan.duties[duty].unit !== ix) return `${who} has the duty of another`;
    const rounds = duty === null ? [] : plan.duties[duty].rounds;
    // what an ended shift leaves in them is read by nobody
    const isPast = round > rounds.length || leg > (rounds[round]?.legs.length ?? 0);
    if (duty !== null && isPast) return `${who} is past its rounds`;
    if (onLeg && rounds[round]?.legs[leg] === undefined) return `${who} is ${activity} on no leg`;
    if (call === null) continue;
    const its = calls.get(call);
    if (its === undefined) return `${who} is on call ${call}, which is not open`;
    if (activity === 'reporting') {
      if (its.phase === 'ended') reported.add(call);
      continue;
    }
    if (its.phase !== 'inService') return `${who} is on call ${call}, which is ${its.phase}`;
    const on = nOn.get(call) ?? { sent: 0, present: 0 };
    nOn.set(call, { sent: on.sent + 1, present: on.present + (isPresent ? 1 : 0) });
  }
  for (const { call, phase, nSent, nDone, nPresent, unitsWanted } of open) {
    if (phase === 'ended') {
      if (!reported.has(call)) return `call ${call} is over, and nobody writes for it`;
      continue;
    }
    const { sent, present } = nOn.get(call) ?? { sent: 0, present: 0 };
    if (nSent - nDone !== sent || nPresent !== present) return `call ${call} counts other units than it has`;
    if (nSent > unitsWanted) return `call ${call} has more units than it needs`;
    if (phase === 'waiting' && nSent > 0) return `call ${call} waits with a unit`;
  }
  return null;
}

/** Kinds that stand in no saved state: they happen within the instant that brings them. */
const NEVER_PENDING: readonly number[] = [SIM.callOccurred, SIM.dispatch, SIM.stalemate, SIM.redeploy];

function eventsFault({ events, nowMs, open, units }: SavedReplication, city: City): string | null {
  const nActivities = city.scenario.activities.length;
  const handled = new Set(open.filter(({ phase }) => phase === 'handling').map(({ call }) => call));
  for (const [ix, [timeMs, kind, entity, epoch]] of events.entries()) {
    const what = `event ${ix}`;
    if (!Number.isSafeInteger(timeMs) || timeMs < nowMs) return `${what} is in the past`;
    if (!(kind in SIM_EVENTS) || NEVER_PENDING.includes(kind)) return `${what} is of no kind that waits`;
    if (!isIndex(epoch, 2 ** 32)) return `${what} is about no course of a unit`;
    if (kind === SIM.callReady) {
      if (!handled.delete(entity)) return `${what} is about call ${entity}, which nobody handles`;
    } else if (!isIndex(entity, kind === SIM.activityStarts ? units.length * nActivities : units.length)) {
      return `${what} is about no unit`;
    }
  }
  const [forgotten] = handled;
  return forgotten === undefined ? null : `call ${forgotten} is handled for ever`;
}

function logFault(
  { log, nowMs, nOccurred, units }: SavedReplication,
  city: City,
  nPlanned: number,
): string | null {
  if (log === null) return null;
  const { rows, detail, drives } = log;
  const { graph, scenario } = city;
  for (const [name, column] of Object.entries(rows)) {
    if (column.length !== detail.length)
      return `log: column ${name} has ${column.length} of ${detail.length} rows`;
  }
  let [beforeMs, nCalls] = [-scenario.run.warmUpMs, 0];
  const occurred = ROW.callOccurred;
  for (let row = 0; row < detail.length; row++) {
    const refuse = (name: keyof typeof rows): string => `log: row ${row} has ${name} ${rows[name][row]}`;
    const [timeMs, segment] = [rows.timeMs[row], rows.segment[row]];
    if (!Number.isSafeInteger(timeMs) || timeMs < beforeMs || timeMs > nowMs) return refuse('timeMs');
    beforeMs = timeMs;
    if (!isIndex(rows.kind[row], EVENT_KINDS.length)) return refuse('kind');
    if (rows.call[row] !== NONE && !isIndex(rows.call[row], nOccurred)) return refuse('call');
    if (rows.unit[row] !== NONE && !isIndex(rows.unit[row], units.length)) return refuse('unit');
    if (rows.route[row] !== NONE && !isIndex(rows.route[row], nPlanned + drives.length))
      return refuse('route');
    if (segment === NONE ? rows.offsetMm[row] !== NONE : !isIndex(segment, graph.nSegments))
      return refuse('segment');
    if (segment !== NONE && !isIndex(rows.offsetMm[row], graph.segmentLengthMm[segment] + 1))
      return refuse('offsetMm');
    if (rows.kind[row] === occurred && rows.call[row] !== nCalls++) return refuse('call');
  }
  return nCalls === nOccurred ? null : `log: ${nCalls} calls occur instead of ${nOccurred}`;
}

const isIndex = (value: number, length: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < length;
