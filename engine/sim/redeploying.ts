/** Where free units go: the move-up policy is asked once for each change of an instant, after the dispatch decision. */
import { assert } from '../errors.ts';
import { NONE, UNREACHED_MS, type UnitIx } from '../units.ts';
import { relieve } from './dispatching.ts';
import type { MoveUpView } from '../move-up/move-up.ts';
import { fastestDrive, isAtBase, metricNow, positionOf, setOff } from './driving.ts';
import { ROW } from './event-log.ts';
import { SIM } from './event-queue.ts';
import { answerOf, isListOfRecords, isRecord } from './policy-answers.ts';
import { RedeployNow } from './fleet-views.ts';
import { isFree, type Simulation, type UnitState } from './state.ts';

type Trigger = MoveUpView['trigger'];

/** Asks for redeployment once everything else of this instant has happened. */
export function redeploySoon(sim: Simulation, trigger: Trigger, unit: UnitIx): void {
  const { moveUp, dispatcher } = sim.setup;
  if (moveUp.decide === undefined && (dispatcher.onFreed === undefined || trigger !== 'freed')) return;
  if (sim.redeployments.length === 0) sim.events.push(sim.nowMs, SIM.redeploy, 0);
  sim.redeployments.push({ trigger, unit });
}

export function redeploy(sim: Simulation): void {
  // a move may free nobody, but a relief does, which asks again
  for (const { trigger, unit } of sim.redeployments.splice(0)) {
    if (trigger === 'freed') {
      if (!isFree(sim.units[unit])) continue;
      if (relieve(sim, unit)) continue;
    }
    askMoveUp(sim, trigger, unit);
  }
}

function askMoveUp(sim: Simulation, trigger: Trigger, u: UnitIx): void {
  const { moveUp, moveUpPolicy: policy, bases } = sim.setup;
  if (moveUp.decide === undefined) return;
  const who = (): string =>
    `move-up policy ${policy.type}, asked after unit ${sim.units[u].of.id} was ${trigger} at ${sim.nowMs} ms,`;
  const decision = answerOf(() => moveUp.decide!(new RedeployNow(sim, trigger, u)), who);
  if (decision === null) return;
  assert(isRecord(decision), () => `${who()} answers ${typeof decision} instead of a decision or null`);
  const { moves, reason, candidates, shortfall } = decision;
  assert(typeof reason === 'string' && reason !== '', () => `${who()} gives no reason`);
  assert(
    isListOfRecords(moves) &&
      isListOfRecords(candidates) &&
      (shortfall === null || typeof shortfall === 'string'),
    () => `${who()} leaves out moves, candidates or shortfall`,
  );
  for (const { base, value } of candidates) {
    assert(
      Number.isInteger(base) && bases.positions[base] !== undefined && Number.isFinite(value),
      () => `${who()} names the base ${base} with ${value}`,
    );
  }
  const named = new Set<UnitIx>();
  for (const { unit, base } of moves) {
    const state = sim.units[unit];
    assert(
      Number.isInteger(unit) &&
        state !== undefined &&
        isFree(state) &&
        Number.isInteger(base) &&
        bases.positions[base] !== undefined &&
        !named.has(unit),
      () => `${who()} moves unit ${unit} to base ${base}, which it cannot`,
    );
    named.add(unit);
    const detail = (): string =>
      JSON.stringify({
        policy: policy.type,
        trigger,
        base: bases.ids[base],
        reason,
        candidates: candidates.map((candidate) => ({
          base: bases.ids[candidate.base],
          value: candidate.value,
        })),
        ...(shortfall === null ? {} : { shortfall }),
      });
    moveTo(sim, state, base, detail);
  }
  if (moves.length === 0 && shortfall !== null) {
    const detail = JSON.stringify({ policy: policy.type, trigger, reason, shortfall });
    sim.recorder?.row(sim.nowMs, ROW.moveUp, NONE, NONE, null, detail);
  }
}

/** The unit belongs to another base from now on, and drives there at once if it is free to. */
function moveTo(sim: Simulation, unit: UnitState, base: number, detail: () => string): void {
  const isSame = unit.base === base;
  const isThereAlready =
    isSame && (isAtBase(sim, unit) || unit.activity === 'goingHome' || unit.activity === 'movingUp');
  if (isThereAlready) return;
  unit.base = base;
  // told now: the policy may use its lists again
  sim.recorder?.row(sim.nowMs, ROW.moveUp, NONE, unit.ix, positionOf(sim, unit), detail());
  if (isAtBase(sim, unit)) return;
  const drive = fastestDrive(
    sim,
    metricNow(sim, unit.of.profile, false),
    positionOf(sim, unit),
    sim.setup.bases.positions[base],
  );
  assert(drive.roadsMs < UNREACHED_MS, () => `unit ${unit.ix} has no way to its new base`);
  if (unit.roundOpen) unit.tookOtherWork = true;
  setOff(sim, unit, drive, 'movingUp');
  sim.recorder?.row(
    sim.nowMs,
    ROW.patrolDrive,
    NONE,
    unit.ix,
    drive.from,
    `moveUp:${sim.setup.bases.ids[base]}`,
    drive,
  );
  sim.events.push(sim.nowMs + drive.travelTimeMs, SIM.patrolStepEnded, unit.ix, unit.epoch);
}
