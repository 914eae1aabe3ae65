/**
 * Units that wait for each other. A call whose units work together keeps those that have come until the last is there.
 * When several such calls hold all units that each of them still needs, nobody would ever move again; a dispatcher then
 * calls units away from the least urgent of them.
 */
import { SIM } from './event-queue.ts';
import { dispatchSoon } from './intake.ts';
import { takeOffCall } from './recalling.ts';
import { becomeFree } from './resting.ts';
import type { CallState, Simulation, UnitState } from './state.ts';
import { comesBefore } from './waiting-calls.ts';

/**
 * Has a look once everything else of this instant is decided, once only, so that no policy can make it go round for ever.
 * To be called when a unit begins to wait on scene, when one leaves or need leave no more, and when a call finds nobody:
 * nothing else begins a stalemate.
 */
export function lookForStalemate(sim: Simulation): void {
  if (!sim.setup.mayStall || sim.queue.size === 0 || sim.stalemateDueMs === sim.nowMs) return;
  sim.stalemateDueMs = sim.nowMs;
  sim.events.push(sim.nowMs, SIM.stalemate, 0);
}

/**
 * The first call of the line that would be complete with units that wait for calls behind it gets so many of them free,
 * those of the last call first; the policy then says who goes. Cost O(units + line), as a rule much less.
 */
export function endStalemate(sim: Simulation): void {
  if (!sim.units.some(isWaiting)) return;
  // calls of one category need the same, and the first of them has the most units behind it
  const seen = new Set<number>();
  for (let n = 0; seen.size < sim.city.categories.length; n++) {
    const call = sim.queue.at(n);
    if (call === null) return;
    if (seen.has(call.category)) continue;
    seen.add(call.category);
    if (!isHeldUp(sim, call)) continue;
    const spare = waitingBehind(sim, call);
    const nMissing = call.unitsWanted - call.nSent;
    if (spare.length < nMissing) continue;
    for (const unit of spare.slice(0, nMissing)) {
      takeOffCall(sim, unit, `waits in vain while call ${call.call} needs units`);
      becomeFree(sim, unit);
    }
    dispatchSoon(sim);
    return;
  }
}

/** Whether every unit on duty that could come waits on some scene for others whom nobody has sent. */
const isHeldUp = (sim: Simulation, call: CallState): boolean =>
  sim.units.every(
    (unit) =>
      unit.activity === 'offDuty' ||
      unit.activity === 'outOfService' ||
      isWaiting(unit) ||
      !isAble(sim, unit, call),
  );

const isWaiting = ({ activity, onSceneEndMs, call }: UnitState): boolean =>
  activity === 'onScene' && onSceneEndMs === Infinity && call !== null && call.nSent < call.unitsWanted;

function isAble({ city }: Simulation, { of }: UnitState, { category }: CallState): boolean {
  const { skills } = city.categories[category];
  return (of.skills & skills) === skills;
}

/**
 * Units that could go to the call (those that would leave at once could not) and wait at the scene of one behind it in
 * the line; of the last call first.
 */
function waitingBehind(sim: Simulation, call: CallState): UnitState[] {
  const isBefore = comesBefore(({ category }) => sim.city.categories[category].priority);
  return sim.units
    .filter((unit) => isWaiting(unit) && isBefore(call, unit.call!) && isAble(sim, unit, call))
    .filter(({ isInOvertime, mustLeaveService }) => !isInOvertime && !mustLeaveService)
    .sort((a, b) => (a.call === b.call ? a.ix - b.ix : isBefore(a.call!, b.call!) ? 1 : -1));
}
