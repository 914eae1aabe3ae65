/** What a unit does for its call: told, rolling, there, work on scene, bringing somebody away, handing over, writing. */
import { assert } from '../errors.ts';
import { NONE, UNREACHED_MS } from '../units.ts';
import { drawDelay, drawTravelFactor } from './draws.ts';
import { fastestDrive, metricNow, positionOf, setOff, settle } from './driving.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { dispatchSoon, endCall } from './intake.ts';
import { becomeFree } from './resting.ts';
import { lookForStalemate } from './stalemate.ts';
import { scoredMs, setActivity, type CallState, type Simulation, type UnitState } from './state.ts';

function callOf(unit: UnitState): CallState {
  assert(unit.call !== null, () => `unit ${unit.ix} is ${unit.activity} without a call`);
  return unit.call;
}

export function unitIsAlerted(sim: Simulation, unit: UnitState): void {
  setActivity(sim, unit, 'turningOut');
  sim.recorder?.row(sim.nowMs, ROW.unitAlerted, callOf(unit).call, unit.ix, unit.start);
}

export function unitRolls(sim: Simulation, unit: UnitState): void {
  const call = callOf(unit);
  const { siren } = sim.city.categories[call.category];
  const by = metricNow(sim, unit.of.profile, siren);
  // the unit has stood since the decision, so what that was told still holds unless traffic has changed
  const isKnown = unit.expectedMs !== NONE && unit.expectedPeriod === sim.setup.metrics.periodAt(sim.nowMs);
  const knownMs = isKnown ? unit.expectedMs : undefined;
  const factor = drawTravelFactor(sim, call, unit.ix);
  const drive = fastestDrive(sim, by, unit.start, call.place, knownMs, factor);
  assert(
    drive.roadsMs < UNREACHED_MS,
    () => `unit ${unit.ix} was sent to call ${call.call} without a way there`,
  );
  setOff(sim, unit, drive, 'enRoute');
  const isFirstSent = call.unit === unit.ix && call.dispatchedMs === unit.dispatchedMs;
  if (call.arrivedMs === Infinity && isFirstSent) call.enRouteMs = sim.nowMs;
  sim.recorder?.row(sim.nowMs, ROW.unitEnRoute, call.call, unit.ix, drive.from, '', drive);
  const arrivalMs = sim.nowMs + drive.travelTimeMs + drawDelay(sim, 'access', call, unit.ix);
  sim.events.push(arrivalMs, SIM.unitArrived, unit.ix, unit.epoch);
}

export function unitArrives(sim: Simulation, unit: UnitState): void {
  const call = callOf(unit);
  settle(sim, unit, call.place, 'onScene');
  unit.isPresent = true;
  sim.recorder?.row(sim.nowMs, ROW.unitArrived, call.call, unit.ix, call.place);
  call.nPresent++;
  if (call.lead === NONE) call.lead = unit.ix;
  if (call.arrivedMs === Infinity) {
    call.unit = unit.ix;
    call.dispatchedMs = unit.dispatchedMs;
    call.enRouteMs = unit.enRouteMs;
    call.arrivedMs = sim.nowMs;
  }
  if (sim.city.categories[call.category].release === 'each') {
    workOnScene(sim, unit, call);
    if (call.nPresent + call.nDone === call.unitsWanted && call.staffedMs === Infinity)
      call.staffedMs = sim.nowMs;
    return;
  }
  if (call.nPresent < call.unitsWanted) {
    lookForStalemate(sim);
    return;
  }
  if (call.staffedMs === Infinity) call.staffedMs = sim.nowMs;
  if (call.unitsWanted === 1) {
    workOnScene(sim, unit, call);
    return;
  }
  for (const present of sim.units) {
    if (present.call === call && present.isPresent) workOnScene(sim, present, call);
  }
}

function workOnScene(sim: Simulation, unit: UnitState, call: CallState): void {
  const [cutShortMs = call.onSceneLeftMs, ...others] = call.cutShortMs;
  call.cutShortMs = others;
  unit.onSceneEndMs = sim.nowMs + cutShortMs;
  sim.events.push(unit.onSceneEndMs, SIM.onSceneDone, unit.ix, unit.epoch);
}

export function workIsDone(sim: Simulation, unit: UnitState): void {
  const call = callOf(unit);
  if (call.transported && call.lead === unit.ix) {
    bringAway(sim, unit, call);
    return;
  }
  leaveCall(sim, unit, call);
}

/** To the nearest destination of the category's kind by drive time, the first of the list on a tie. */
function bringAway(sim: Simulation, unit: UnitState, call: CallState): void {
  const { transport } = sim.city.categories[call.category];
  assert(transport !== null, () => `call ${call.call} brings somebody nowhere`);
  const by = metricNow(sim, unit.of.profile, false);
  const there = sim.city.destinations.filter(({ kind }) => kind === transport.kind);
  const timesMs = by.router.timesFrom(
    call.place,
    there.map(({ position }) => position),
  );
  let nearest = -1;
  timesMs.forEach((timeMs, d) => {
    if (timeMs < UNREACHED_MS && (nearest < 0 || timeMs < timesMs[nearest])) nearest = d;
  });
  assert(nearest >= 0, () => `no ${transport.kind} can be reached from call ${call.call}`);
  const drive = fastestDrive(sim, by, call.place, there[nearest].position, timesMs[nearest]);
  call.transported = false;
  setOff(sim, unit, drive, 'transporting');
  sim.recorder?.row(
    sim.nowMs,
    ROW.transportStarted,
    call.call,
    unit.ix,
    call.place,
    there[nearest].id,
    drive,
  );
  sim.events.push(sim.nowMs + drive.travelTimeMs, SIM.transportArrived, unit.ix, unit.epoch);
}

export function transportArrives(sim: Simulation, unit: UnitState): void {
  const call = callOf(unit);
  settle(sim, unit, positionOf(sim, unit), 'handingOver');
  sim.recorder?.row(sim.nowMs, ROW.transportArrived, call.call, unit.ix, unit.start);
  sim.events.push(sim.nowMs + call.handoverMs, SIM.handoverDone, unit.ix, unit.epoch);
}

/** The unit is done with the people of the call; the lead may still have to write. */
export function leaveCall(sim: Simulation, unit: UnitState, call = callOf(unit)): void {
  const writesMs = call.lead === unit.ix ? call.reportMs : 0;
  if (unit.isPresent) {
    unit.isPresent = false;
    call.nPresent--;
    call.nDone++;
  }
  if (call.nDone === call.unitsWanted) {
    call.clearedMs = sim.nowMs;
    sim.recorder?.row(sim.nowMs, ROW.callCleared, call.call, NONE, call.place);
    endCall(sim, call, 'cleared');
  }
  if (writesMs > 0) {
    call.reportMs = 0;
    setActivity(sim, unit, 'reporting');
    sim.recorder?.row(sim.nowMs, ROW.reportStarted, call.call, unit.ix, unit.start);
    sim.events.push(sim.nowMs + writesMs, SIM.reportDone, unit.ix, unit.epoch);
    return;
  }
  clearUnit(sim, unit, call);
}

export function clearUnit(sim: Simulation, unit: UnitState, call = callOf(unit)): void {
  sim.recorder?.row(sim.nowMs, ROW.unitCleared, call.call, unit.ix, unit.start);
  unit.busyMs += scoredMs(sim, unit.dispatchedMs, sim.nowMs);
  unit.call = null;
  becomeFree(sim, unit);
  dispatchSoon(sim);
}
