/** What must hold of every run: counts that add up at each instant, and time that is accounted for at the end. */
import { assert } from '../errors.ts';
import { NONE } from '../units.ts';
import { kindNumber } from './event-log.ts';
import { isAvailable, scoredMs, type Simulation } from './state.ts';

/** calls = handled + queued + in service + cleared, and a waiting call means that nobody was there to send. O(1). */
export function checkCounts(sim: Simulation): void {
  const { occurred, handling, queued, inService, cleared } = sim.count;
  assert(
    occurred === handling + queued + inService + cleared && queued === sim.queue.length,
    () => `${occurred} calls are not ${handling} + ${queued} + ${inService} + ${cleared} at ${sim.nowMs} ms`,
  );
}

/**
 * At the end: each unit's state fits its call, busy time by unit is busy time by call, the log never runs back and no
 * event of a call comes before its cause. O(events).
 */
export function checkFinishedRun(sim: Simulation): void {
  sim.units.forEach((unit, u) => {
    const serving =
      unit.activity === 'turningOut' || unit.activity === 'enRoute' || unit.activity === 'onScene';
    assert(serving === (unit.call !== NONE), () => `unit ${u} is ${unit.activity} with call ${unit.call}`);
    assert(!(serving && isAvailable(unit)), () => `unit ${u} is busy and available`);
    assert(
      unit.call === NONE || sim.callStates[unit.call].unit === u,
      () => `unit ${u} serves another unit's call`,
    );
  });

  const { log } = sim.recorder;
  const order = [
    'callOccurred',
    'callReceived',
    'callReady',
    'unitDispatched',
    'unitEnRoute',
    'unitArrived',
    'callCleared',
  ] as const;
  const stageOf = new Map<number, number>(order.map((kind, stage) => [kindNumber(kind), stage]));
  const nextStage = new Uint8Array(sim.calls.nCalls);
  const dispatchedMs = new Float64Array(sim.calls.nCalls);
  let busyByCallMs = 0;
  for (let row = 0; row < log.nEvents; row++) {
    assert(
      row === 0 || log.timeMs[row - 1] <= log.timeMs[row],
      () => `row ${row} of the log runs back in time`,
    );
    const stage = stageOf.get(log.kind[row]);
    if (stage === undefined) continue;
    const call = log.call[row];
    assert(nextStage[call]++ === stage, () => `call ${call}: ${order[stage]} comes before its cause`);
    if (order[stage] === 'unitDispatched') dispatchedMs[call] = log.timeMs[row];
    if (order[stage] === 'callCleared') busyByCallMs += scoredMs(sim, dispatchedMs[call], log.timeMs[row]);
  }
  for (const unit of sim.units) {
    if (unit.call !== NONE) busyByCallMs += scoredMs(sim, unit.dispatchedMs, sim.endMs);
  }
  const busyByUnitMs = sim.units.reduce((sum, unit) => sum + unit.busyMs, 0);
  assert(
    busyByUnitMs === busyByCallMs,
    `units were busy ${busyByUnitMs} ms, their calls took ${busyByCallMs} ms`,
  );
}
