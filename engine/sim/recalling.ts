/** Taking a unit off its call before it is done: pre-emption and re-dispatch. */
import { assert } from '../errors.ts';
import { NONE } from '../units.ts';
import { positionOf, settle } from './driving.ts';
import { ROW } from './event-log.ts';
import { enqueue, setPhase } from './intake.ts';
import { scoredMs, type CallState, type Simulation, type UnitState } from './state.ts';

/**
 * The unit stands where it is, free for whoever took it, and its call waits for another one. Work on scene that has
 * begun stops; whoever takes over does what is left of it.
 */
export function takeOffCall(sim: Simulation, unit: UnitState, reason: string): void {
  const call = unit.call;
  assert(call !== null, () => `unit ${unit.ix} is taken off a call that it is not on`);
  const here = positionOf(sim, unit);
  if (unit.isPresent) stopWork(sim, call, unit);
  unit.busyMs += scoredMs(sim, unit.dispatchedMs, sim.nowMs);
  unit.call = null;
  settle(sim, unit, here, 'standing');
  sim.recorder?.row(sim.nowMs, ROW.unitRecalled, call.call, unit.ix, here, reason);
  call.nSent--;
  if (call.nSent === 0 && call.nDone === 0) setPhase(sim, call, 'waiting');
  enqueue(sim, call);
}

/** The unit leaves the scene: the work it was part of stops, with what is left of it. */
function stopWork(sim: Simulation, call: CallState, leaving: UnitState): void {
  call.nPresent--;
  if (call.lead === leaving.ix) {
    const next = sim.units.find((unit) => unit.call === call && unit.isPresent && unit !== leaving);
    call.lead = next?.ix ?? NONE;
  }
  if (leaving.onSceneEndMs === Infinity) return;
  const leftMs = leaving.onSceneEndMs - sim.nowMs;
  leaving.onSceneEndMs = Infinity;
  if (sim.city.categories[call.category].release === 'each') {
    call.cutShortMs = [...call.cutShortMs, leftMs];
    return;
  }
  // they worked together, so the others wait until somebody takes the place
  call.onSceneLeftMs = leftMs;
  for (const unit of sim.units) {
    if (unit.call !== call || !unit.isPresent || unit === leaving) continue;
    unit.onSceneEndMs = Infinity;
    unit.epoch++;
  }
}
