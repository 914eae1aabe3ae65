/** What must hold of every run: counts that add up at each instant, and time that is accounted for at the end. */
import { assert } from '../errors.ts';
import type { Simulation } from './state.ts';

/** calls = in handling + waiting + in service + cleared + triaged + lost. O(1). */
export function checkCounts(sim: Simulation): void {
  const { occurred, handling, waiting, inService, cleared, triaged, lost } = sim.counts;
  assert(
    occurred === handling + waiting + inService + cleared + triaged + lost &&
      waiting <= sim.queue.size &&
      handling + waiting + inService === sim.open.size,
    () =>
      `${occurred} calls are not ${handling} + ${waiting} + ${inService} + ${cleared} + ${triaged} + ${lost} at ${sim.nowMs} ms`,
  );
}

/** At the end: each unit's state fits its call, and each open call has the units it counts. O(units + open calls). */
export function checkFinishedRun(sim: Simulation): void {
  const nOn = new Map<number, number>();
  for (const { ix, call, activity } of sim.units) {
    const serving =
      activity === 'assigned' ||
      activity === 'turningOut' ||
      activity === 'enRoute' ||
      activity === 'onScene' ||
      activity === 'transporting' ||
      activity === 'handingOver' ||
      activity === 'reporting';
    assert(serving === (call !== null), () => `unit ${ix} is ${activity} with call ${call?.call}`);
    if (call !== null && activity !== 'reporting') nOn.set(call.call, (nOn.get(call.call) ?? 0) + 1);
  }
  for (const call of sim.open.values()) {
    assert(
      call.nSent - call.nDone === (nOn.get(call.call) ?? 0),
      () => `call ${call.call} counts ${call.nSent - call.nDone} units, ${nOn.get(call.call) ?? 0} are on it`,
    );
  }
}
