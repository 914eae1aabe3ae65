/** The life of a call: occurred, received, ready, dispatched, en route, arrived, cleared. */
import { assert } from '../errors.ts';
import type { DispatchView } from '../dispatch/dispatch.ts';
import { samePosition, type RoadPosition } from '../graph/road-graph.ts';
import { RouteClock } from '../routing/route-clock.ts';
import { msToSeconds, NONE, type CallIx } from '../units.ts';
import { goOffDuty } from './duty.ts';
import { nearestUnits } from './nearest.ts';
import { continueSoon, settleAt } from './patrolling.ts';
import { isAvailable, positionOf, scoredMs, type Simulation } from './state.ts';

const placeOf = ({ calls }: Simulation, call: CallIx): RoadPosition => ({
  segment: calls.segment[call],
  offsetMm: calls.offsetMm[call],
});
const categoryOf = (sim: Simulation, call: CallIx) => sim.city.categories[sim.calls.category[call]];

export function callOccurs(sim: Simulation, call: CallIx): void {
  const at = placeOf(sim, call);
  sim.recorder.row(sim.nowMs, 'callOccurred', { call, at });
  sim.recorder.row(sim.nowMs, 'callReceived', { call, at });
  const readyMs = sim.nowMs + sim.city.scenario.delays.callHandlingMs;
  sim.callStates[call] = { readyMs, unit: NONE };
  sim.count.occurred++;
  sim.count.handling++;
  sim.events.push(readyMs, 'callReady', call);
  // Calls enter the event list one by one, each when the one before it occurs.
  if (call + 1 < sim.calls.nCalls) sim.events.push(sim.calls.occurredMs[call + 1], 'callOccurred', call + 1);
}

export function callBecomesReady(sim: Simulation, call: CallIx): void {
  sim.recorder.row(sim.nowMs, 'callReady', { call });
  sim.count.handling--;
  sim.count.queued++;
  const { queue } = sim;
  let at = queue.length;
  while (at > 0 && isMoreUrgent(sim, call, queue[at - 1])) at--;
  queue.splice(at, 0, call);
  dispatchSoon(sim);
}

function isMoreUrgent(sim: Simulation, a: CallIx, b: CallIx): boolean {
  const priorities = categoryOf(sim, a).priority - categoryOf(sim, b).priority;
  if (priorities !== 0) return priorities < 0;
  const waits = sim.callStates[a].readyMs - sim.callStates[b].readyMs;
  return waits !== 0 ? waits < 0 : a < b;
}

/** Schedules one dispatch decision for this instant. */
export function dispatchSoon(sim: Simulation): void {
  if (sim.queue.length === 0 || sim.dispatchDueMs === sim.nowMs) return;
  sim.dispatchDueMs = sim.nowMs;
  sim.events.push(sim.nowMs, 'dispatch', 0);
}

/** Asks the policy for each waiting call, most urgent first, until nobody is available. */
export function dispatchWaiting(sim: Simulation): void {
  sim.dispatchDueMs = -Infinity;
  // Before the queue is copied: under overload it is long, and most decisions find nobody.
  if (!sim.units.some(isAvailable)) return;
  for (const call of [...sim.queue]) {
    const available: number[] = [];
    for (let u = 0; u < sim.units.length; u++) if (isAvailable(sim.units[u])) available.push(u);
    if (available.length === 0) return;
    const category = categoryOf(sim, call);
    const view: DispatchView = {
      nowMs: sim.nowMs,
      call: {
        call,
        priority: category.priority,
        category: sim.calls.category[call],
        zone: sim.calls.zone[call],
        position: placeOf(sim, call),
        waitedMs: sim.nowMs - sim.callStates[call].readyMs,
        unitsWanted: 1,
        unitsSent: 0,
      },
      available: () => available,
      freeUnits: () => available,
      baseOf: () => NONE,
      timesOf: () => [],
      engaged: () => [],
      nearest: (count) => nearestUnits(sim, available, placeOf(sim, call), category.siren, count),
    };
    const decision = sim.policy.create({}, { city: sim.city, coverage: () => { throw new Error('none'); } }).choose(view);
    if (decision.unit === NONE) continue;
    assert(
      available.includes(decision.unit),
      () =>
        `policy ${sim.policy.type} sends unit ${decision.unit} to call ${call} at ${sim.nowMs} ms, which is not available`,
    );
    const detail = JSON.stringify({
      reason: decision.reason,
      candidates: decision.candidates.map((c) => ({
        unit: sim.city.units[c.unit].id,
        travelTimeS: msToSeconds(c.travelTimeMs),
      })),
    });
    sendUnit(sim, call, decision.unit, detail);
  }
}

function sendUnit(sim: Simulation, call: CallIx, u: number, detail: string): void {
  const unit = sim.units[u];
  const here = positionOf(sim, unit);
  const atPost = unit.activity === 'standing' && samePosition(sim.city.graph, here, sim.city.units[u].home);
  const { turnoutAtPostMs, turnoutOnPatrolMs } = sim.city.scenario.delays;
  settleAt(sim, u, here);
  unit.activity = 'turningOut';
  unit.call = call;
  unit.dispatchedMs = sim.nowMs;
  unit.tookCall = true;
  sim.queue.splice(sim.queue.indexOf(call), 1);
  sim.callStates[call].unit = u;
  sim.count.queued--;
  sim.count.inService++;
  sim.recorder.row(sim.nowMs, 'unitDispatched', { call, unit: u, at: here, detail });
  sim.events.push(sim.nowMs + (atPost ? turnoutAtPostMs : turnoutOnPatrolMs), 'unitEnRoute', u, unit.epoch);
}

export function unitRolls(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const { call, start } = unit;
  const route = sim
    .routerOf(sim.city.units[u].profile, categoryOf(sim, call).siren)
    .route(start, placeOf(sim, call));
  assert(route !== null, () => `unit ${u} was sent to call ${call} without a way there`);
  unit.activity = 'enRoute';
  unit.drive = new RouteClock(route, start);
  unit.driveStartMs = sim.nowMs;
  sim.recorder.row(sim.nowMs, 'unitEnRoute', { call, unit: u, at: start, route });
  const arrivalMs = sim.nowMs + route.travelTimeMs + sim.city.scenario.delays.accessMs;
  sim.events.push(arrivalMs, 'unitArrived', u, unit.epoch);
}

export function unitArrives(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const { call } = unit;
  const at = placeOf(sim, call);
  assert(
    samePosition(sim.city.graph, positionOf(sim, unit), at),
    () => `unit ${u} arrives away from call ${call}`,
  );
  settleAt(sim, u, at);
  unit.activity = 'onScene';
  sim.recorder.row(sim.nowMs, 'unitArrived', { call, unit: u, at });
  sim.events.push(sim.nowMs + sim.calls.onSceneMs[call], 'callCleared', u, unit.epoch);
}

export function callIsCleared(sim: Simulation, u: number): void {
  const unit = sim.units[u];
  const { call } = unit;
  sim.recorder.row(sim.nowMs, 'callCleared', { call, unit: u, at: unit.start });
  sim.count.inService--;
  sim.count.cleared++;
  unit.busyMs += scoredMs(sim, unit.dispatchedMs, sim.nowMs);
  unit.call = NONE;
  settleAt(sim, u, unit.start);
  // At the very end of the shift the unit leaves with the shift's own event, which comes later in this instant.
  if (sim.nowMs > unit.shiftEndMs) {
    goOffDuty(sim, u);
    return;
  }
  continueSoon(sim, u);
  dispatchSoon(sim);
}
