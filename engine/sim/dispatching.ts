/** Who goes: the policy is asked for each waiting call, its answer is checked, and the unit is sent. */
import type { Candidate } from '../dispatch/dispatch.ts';
import { assert } from '../errors.ts';
import { NONE, type UnitIx } from '../units.ts';
import { positionOf, settle, isAtBase } from './driving.ts';
import { drawDelay } from './draws.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { availableUnits, DispatchNow, FreedNow, isAvailable, isRecallable } from './fleet-views.ts';
import { dispatchSoon, findRoom, leaveQueue, setPhase } from './intake.ts';
import { takeOffCall } from './recalling.ts';
import { answerOf, isListOfRecords, isRecord } from './policy-answers.ts';
import type { Decision } from './logged-decisions.ts';
import { redeploySoon } from './redeploying.ts';
import { becomeFree, interruptRest } from './resting.ts';
import { lookForStalemate } from './stalemate.ts';
import { isFree, type CallState, type Simulation } from './state.ts';

/**
 * Asks the policy for each waiting call, most urgent first, until nobody is available; then for the new ones among the
 * rest, which a policy may take a unit off another call for, and which must find room to wait.
 */
export function dispatchWaiting(sim: Simulation): void {
  sim.dispatchDueMs = -Infinity;
  for (let n = 0; sim.nFree + sim.nInterruptible > 0;) {
    const call = sim.queue.at(n);
    if (call === null) break;
    decide(sim, call);
    // who left the queue has made room for the next at this place; a call that was pushed back in comes later
    if (call.isQueued) n++;
  }
  // under overload the line is long, and none of it need be looked at for these; a pre-empted call is not new
  const { newCalls, displaced } = sim;
  for (let n = 0; n < newCalls.length; n++) if (newCalls[n].isNew) decide(sim, newCalls[n]);
  // and a call that lost its unit may take that of a less urgent one, whose turn comes then
  for (let n = 0; n < displaced.length; n++) decide(sim, displaced[n]);
  while (displaced.length > 0) displaced.pop();
  let isNewInQueue = false;
  for (let call = newCalls.pop(); call !== undefined; call = newCalls.pop()) isNewInQueue ||= call.isQueued;
  if (isNewInQueue) lookForStalemate(sim);
}

function decide(sim: Simulation, call: CallState): void {
  while (call.nSent < call.unitsWanted && askPolicy(sim, call));
  if (call.nSent === call.unitsWanted) leaveQueue(sim, call);
  findRoom(sim, call);
}

/** One decision. @returns whether a unit was sent */
function askPolicy(sim: Simulation, call: CallState): boolean {
  const { policy, dispatcher } = sim.setup;
  const view = new DispatchNow(sim, call);
  const decision = answerOf(
    () => dispatcher.choose(view),
    () => atCall(sim, call),
  );
  assert(isRecord(decision), () => `${atCall(sim, call)} answers ${typeof decision} instead of a decision`);
  const { unit, reason } = decision;
  checkAnswer(sim, decision, () => atCall(sim, call), view);
  if (unit === NONE) {
    if (reason !== call.heldReason && sim.recorder !== null && availableUnits(sim, call).length > 0) {
      call.heldReason = reason;
      sim.recorder.row(sim.nowMs, ROW.callHeld, call.call, NONE, null, decision);
    }
    return false;
  }
  const state = sim.units[unit];
  // a name or key in place of a number finds something too
  assert(
    Number.isInteger(unit) && state !== undefined,
    () => `${atCall(sim, call)} sends unit ${unit}, which does not exist`,
  );
  if (!isAvailable(sim, state, call)) {
    const { priority } = sim.city.categories[call.category];
    assert(
      state.call !== null &&
        isRecallable(state) &&
        sim.city.categories[state.call.category].priority > priority &&
        view.engaged().some((engaged) => engaged.unit === unit),
      () => `${atCall(sim, call)} sends unit ${state.of.id}, which is ${state.activity} and not available`,
    );
    sim.displaced.push(state.call);
    takeOffCall(sim, state, `sent to the more urgent call ${call.call} (${policy.type})`);
  }
  sendUnit(sim, call, unit, decision);
  // what was told is true unless the dispatcher sees units where they were
  if (sim.city.scenario.positionsStaleMs === 0) state.expectedMs = view.toldMs(unit);
  return true;
}

/** Reason and candidates, which every decision has. */
function checkAnswer(
  sim: Simulation,
  { reason, candidates }: { reason: unknown; candidates: unknown },
  who: () => string,
  view?: DispatchNow,
): void {
  assert(typeof reason === 'string' && reason !== '', () => `${who()} gives no reason`);
  assert(isListOfRecords(candidates), () => `${who()} gives no list of candidates`);
  for (const { unit, travelTimeMs } of candidates as Candidate[]) {
    const toldMs = view?.toldMs(unit) ?? NONE;
    assert(
      Number.isInteger(unit) &&
        sim.units[unit] !== undefined &&
        Number.isInteger(travelTimeMs) &&
        travelTimeMs >= 0 &&
        (toldMs === NONE || toldMs === travelTimeMs),
      () =>
        `${who()} names the candidate ${unit} with ${travelTimeMs} ms${toldMs === NONE ? '' : `, which are ${toldMs}`}`,
    );
  }
}

/** For messages about a policy that breaks its contract. */
const atCall = (sim: Simulation, call: CallState): string =>
  `dispatch policy ${sim.setup.policy.type}, asked for call ${call.call} at ${sim.nowMs} ms,`;

function sendUnit(sim: Simulation, call: CallState, u: UnitIx, decision: Decision): void {
  const unit = sim.units[u];
  const here = positionOf(sim, unit);
  if (!isFree(unit)) interruptRest(sim, unit);
  const atPost = unit.activity === 'standing' && isAtBase(sim, unit);
  settle(sim, unit, here, 'assigned');
  unit.call = call;
  unit.dispatchedMs = sim.nowMs;
  unit.isPresent = false;
  unit.onSceneEndMs = Infinity;
  unit.expectedMs = NONE;
  unit.expectedPeriod = sim.setup.metrics.periodAt(sim.nowMs);
  unit.tookCall = true;
  if (call.nSent === 0 && call.arrivedMs === Infinity) {
    call.unit = u;
    call.dispatchedMs = sim.nowMs;
    call.enRouteMs = Infinity;
  }
  call.nSent++;
  call.heldReason = '';
  if (call.phase === 'waiting') setPhase(sim, call, 'inService');
  sim.recorder?.row(sim.nowMs, ROW.unitDispatched, call.call, u, here, decision);
  const turnoutMs = drawDelay(sim, atPost ? 'turnoutAtPost' : 'turnoutOnPatrol', call, u);
  const dispatchMs = drawDelay(sim, 'dispatch', call, u);
  if (sim.city.scenario.delays.dispatchMs > 0) {
    sim.events.push(sim.nowMs + dispatchMs, SIM.unitAlerted, u, unit.epoch);
    unit.enRouteMs = sim.nowMs + dispatchMs + turnoutMs;
  } else {
    unit.enRouteMs = sim.nowMs + turnoutMs;
    unit.activity = 'turningOut';
  }
  sim.events.push(unit.enRouteMs, SIM.unitEnRoute, u, unit.epoch);
  redeploySoon(sim, 'sent', u);
}

/** Reliefs in one instant that no chain of units which each save time comes near. */
const MOST_RELIEFS = 10_000;

/** A unit that is still free after the dispatch decision may relieve one that is on its way. @returns whether it did */
export function relieve(sim: Simulation, u: UnitIx): boolean {
  const { policy, dispatcher } = sim.setup;
  if (dispatcher.onFreed === undefined || !isFree(sim.units[u])) return false;
  const view = new FreedNow(sim, u);
  const who = (): string =>
    `dispatch policy ${policy.type}, asked whom the freed unit ${sim.units[u].of.id} relieves at ${sim.nowMs} ms,`;
  const decision = answerOf(() => dispatcher.onFreed!(view), who);
  if (decision === null) return false;
  assert(isRecord(decision), () => `${who()} answers ${typeof decision} instead of a decision or null`);
  checkAnswer(sim, decision, who);
  const call = sim.open.get(decision.call);
  const relieved = sim.units[decision.instead];
  assert(
    call !== undefined &&
      relieved?.call === call &&
      view.underway().some((each) => each.call === decision.call && each.unit === decision.instead),
    () => `${who()} names unit ${decision.instead} and call ${decision.call}, which it is not on its way to`,
  );
  sim.nReliefs = sim.relievedAtMs === sim.nowMs ? sim.nReliefs + 1 : 1;
  sim.relievedAtMs = sim.nowMs;
  assert(sim.nReliefs <= MOST_RELIEFS, () => `${who()} has units relieve each other without end`);
  takeOffCall(sim, relieved, `relieved by ${sim.city.units[u].id}: ${decision.reason}`);
  sendUnit(sim, call, u, decision);
  if (call.nSent === call.unitsWanted) leaveQueue(sim, call);
  becomeFree(sim, relieved);
  dispatchSoon(sim);
  return true;
}
