/** How calls come in: they occur, the desk handles them, and they wait for a unit, end at the desk or find no room. */
import { NONE } from '../units.ts';
import { LIMITS } from '../limits.ts';
import { drawDelay } from './draws.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { NOT_YET, type CallEnd } from './outcome.ts';
import type { CallPhase, CallState, Simulation } from './state.ts';

/** Puts the next call into the event list: calls enter it one by one, each when the one before it occurs. */
export function awaitNextCall(sim: Simulation): void {
  if (sim.block !== null && sim.nextRow === sim.block.nCalls) {
    sim.firstOfBlock += sim.block.nCalls;
    sim.block = sim.stream.next();
    sim.nextRow = 0;
    if (sim.block !== null) sim.recorder?.takeBlock(sim.block);
  }
  if (sim.block === null) return;
  sim.events.push(sim.block.occurredMs[sim.nextRow], SIM.callOccurred, sim.firstOfBlock + sim.nextRow);
}

export function callOccurs(sim: Simulation): void {
  const call = takeCall(sim);
  sim.open.set(call.call, call);
  sim.counts.occurred++;
  sim.counts.handling++;
  sim.recorder?.row(sim.nowMs, ROW.callOccurred, call.call, NONE, call.place);
  sim.recorder?.row(sim.nowMs, ROW.callReceived, call.call, NONE, call.place);
  sim.events.push(sim.nowMs + drawDelay(sim, 'callHandling', call, 0), SIM.callReady, call.call);
  awaitNextCall(sim);
}

/** The next row of the block as a call under way. */
function takeCall(sim: Simulation): CallState {
  const block = sim.block!;
  const row = sim.nextRow++;
  const category = block.category[row];
  return {
    call: sim.firstOfBlock + row,
    end: 'open',
    category,
    zone: block.zone[row],
    occurredMs: block.occurredMs[row],
    receivedMs: block.occurredMs[row],
    readyMs: NOT_YET,
    unit: NONE,
    dispatchedMs: NOT_YET,
    enRouteMs: NOT_YET,
    arrivedMs: NOT_YET,
    unitsWanted: sim.city.categories[category].units,
    staffedMs: NOT_YET,
    clearedMs: NOT_YET,
    waitedMs: 0,
    waitedToDispatchMs: 0,
    waitingSinceMs: NOT_YET,
    phase: 'handling',
    place: { segment: block.segment[row], offsetMm: block.offsetMm[row] },
    triaged: block.triaged[row] === 1,
    transported: block.transported[row] === 1,
    onSceneLeftMs: block.onSceneMs[row],
    cutShortMs: [],
    handoverMs: block.handoverMs[row],
    reportMs: block.reportMs[row],
    key: block.key[row],
    nSent: 0,
    nPresent: 0,
    nDone: 0,
    lead: NONE,
    isNew: true,
    isQueued: false,
    heldReason: '',
  };
}

export function callBecomesReady(sim: Simulation, call: CallState): void {
  call.readyMs = sim.nowMs;
  sim.recorder?.row(sim.nowMs, ROW.callReady, call.call, NONE, null);
  if (call.triaged) {
    sim.recorder?.row(sim.nowMs, ROW.callTriaged, call.call, NONE, null);
    endCall(sim, call, 'triaged');
    return;
  }
  setPhase(sim, call, 'waiting');
  sim.newCalls.push(call);
  sim.nNew++;
  enqueue(sim, call);
  dispatchSoon(sim);
}

/** The call asks for a unit, or for one more. */
export function enqueue(sim: Simulation, call: CallState): void {
  if (call.isQueued) return;
  call.isQueued = true;
  sim.queue.add(call);
}

export function leaveQueue(sim: Simulation, call: CallState): void {
  if (!call.isQueued) return;
  call.isQueued = false;
  sim.queue.remove(call);
}

/**
 * After the policy has had its say about a new call: one that no unit goes to must find room among those that wait, or
 * goes to another force.
 */
export function findRoom(sim: Simulation, call: CallState): void {
  if (!call.isNew) return;
  call.isNew = false;
  sim.nNew--;
  if (call.phase !== 'waiting') return;
  const { type, places } = sim.city.scenario.queue;
  const othersWaiting = sim.counts.waiting - sim.nNew - 1;
  const room = type === 'none' ? 0 : type === 'finite' ? places : Infinity;
  const isBeyondLimit = othersWaiting >= LIMITS.waitingCalls;
  if (othersWaiting < room && !isBeyondLimit) return;
  if (othersWaiting < room) sim.counts.beyondLimit++;
  const detail =
    othersWaiting < room ? 'more calls wait than the engine holds' : room === 0 ? 'no queue' : 'queue full';
  sim.recorder?.row(sim.nowMs, ROW.callLost, call.call, NONE, null, detail);
  leaveQueue(sim, call);
  endCall(sim, call, 'lost');
}

export function setPhase(sim: Simulation, call: CallState, phase: CallPhase): void {
  count(sim, call.phase, -1);
  if (phase === 'waiting') call.waitingSinceMs = sim.nowMs;
  else if (phase === 'inService') {
    call.waitedMs += sim.nowMs - call.waitingSinceMs;
    if (call.arrivedMs === NOT_YET) call.waitedToDispatchMs = call.waitedMs;
  }
  call.phase = phase;
  count(sim, phase, 1);
}

function count({ counts }: Simulation, phase: CallPhase, more: number): void {
  if (phase === 'handling') counts.handling += more;
  else if (phase === 'waiting') counts.waiting += more;
  else if (phase === 'inService') counts.inService += more;
}

/** The call is over. Its outcome is told, and it is forgotten. */
export function endCall(sim: Simulation, call: CallState, end: Exclude<CallEnd, 'open'>): void {
  setPhase(sim, call, 'ended');
  call.end = end;
  sim.counts[end]++;
  sim.open.delete(call.call);
  sim.observer?.callEnded(call);
}

/** Schedules one dispatch decision for this instant. */
export function dispatchSoon(sim: Simulation): void {
  if (sim.queue.size === 0 || sim.dispatchDueMs === sim.nowMs) return;
  sim.dispatchDueMs = sim.nowMs;
  sim.events.push(sim.nowMs, SIM.dispatch, 0);
}
