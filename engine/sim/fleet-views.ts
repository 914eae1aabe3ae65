/** What policies see of the moment: read-only, made by the simulation, forgotten after the decision. */
import type {
  CallView,
  Candidate,
  DispatchView,
  EngagedUnit,
  FreedView,
  UnderwayCall,
} from '../dispatch/dispatch.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { MoveUpView } from '../move-up/move-up.ts';
import { NONE, UNREACHED_MS, type CallIx, type Ms, type UnitIx } from '../units.ts';
import { isAtBase, metricNow, positionOf, type Drive } from './driving.ts';
import { nearestUnits, timesTo } from './nearest.ts';
import { isFree, type CallState, type Simulation, type UnitState } from './state.ts';

const priorityOf = (sim: Simulation, call: CallState): number => sim.city.categories[call.category].priority;

const hasSkills = (sim: Simulation, unit: UnitState, call: CallState): boolean => {
  const { skills } = sim.city.categories[call.category];
  return (unit.of.skills & skills) === skills;
};

/** Whether a call of this priority may end the break or activity that the unit is in. */
const mayInterrupt = (unit: UnitState, priority: number): boolean =>
  (unit.activity === 'onBreak' || unit.activity === 'onActivity') && priority <= unit.interruptibleBy;

/** Whether the unit can be sent to the call now. */
export function isAvailable(sim: Simulation, unit: UnitState, call: CallState): boolean {
  return (isFree(unit) || mayInterrupt(unit, priorityOf(sim, call))) && hasSkills(sim, unit, call);
}

function freeUnits(sim: Simulation): UnitIx[] {
  const free: UnitIx[] = [];
  for (const unit of sim.units) if (isFree(unit)) free.push(unit.ix);
  return free;
}

export function availableUnits(sim: Simulation, call: CallState): UnitIx[] {
  const available: UnitIx[] = [];
  for (const unit of sim.units) if (isAvailable(sim, unit, call)) available.push(unit.ix);
  return available;
}

class CallNow implements CallView {
  readonly #sim: Simulation;
  readonly #call: CallState;
  constructor(sim: Simulation, call: CallState) {
    this.#sim = sim;
    this.#call = call;
  }
  get call(): CallIx {
    return this.#call.call;
  }
  get priority(): number {
    return priorityOf(this.#sim, this.#call);
  }
  get category(): number {
    return this.#call.category;
  }
  get zone(): number {
    return this.#call.zone;
  }
  get position(): RoadPosition {
    return { ...this.#call.place };
  }
  get waitedMs(): Ms {
    return this.#sim.nowMs - this.#call.readyMs;
  }
  get unitsWanted(): number {
    return this.#call.unitsWanted;
  }
  get unitsSent(): number {
    return this.#call.nSent;
  }
}

/** One for each decision. */
export class DispatchNow implements DispatchView {
  readonly #sim: Simulation;
  readonly #call: CallState;
  readonly call: CallView;
  readonly nowMs: Ms;
  /** Units and times that were told, in pairs: what a policy makes of its lists changes nothing here. */
  readonly #told: number[] = [];

  constructor(sim: Simulation, call: CallState) {
    this.#sim = sim;
    this.#call = call;
    this.call = new CallNow(sim, call);
    this.nowMs = sim.nowMs;
  }
  /** The drive time that was told of a unit; NONE where the policy did not ask. */
  toldMs(unit: UnitIx): Ms {
    for (let i = 0; i < this.#told.length; i += 2) if (this.#told[i] === unit) return this.#told[i + 1];
    return NONE;
  }
  #tell<T extends Candidate>(candidates: T[]): T[] {
    for (const { unit, travelTimeMs } of candidates) this.#told.push(unit, travelTimeMs);
    return candidates;
  }
  freeUnits(): readonly UnitIx[] {
    return freeUnits(this.#sim);
  }
  baseOf(unit: UnitIx): number {
    return this.#sim.units[unit].base;
  }
  available(): readonly UnitIx[] {
    return availableUnits(this.#sim, this.#call);
  }
  nearest(count: number): readonly Candidate[] {
    return this.#tell(nearestUnits(this.#sim, this.#call, count));
  }
  timesOf(units: readonly UnitIx[]): readonly Candidate[] {
    const sim = this.#sim;
    const candidates = timesTo(
      sim,
      units.filter((u) => sim.units[u] !== undefined && isAvailable(sim, sim.units[u], this.#call)),
      this.#call,
    ).filter(({ travelTimeMs }) => travelTimeMs < UNREACHED_MS);
    return this.#tell(candidates);
  }
  engaged(): readonly (EngagedUnit & Candidate)[] {
    const sim = this.#sim;
    const priority = priorityOf(sim, this.#call);
    const found = sim.units.filter(
      (unit) =>
        unit.call !== null &&
        isRecallable(unit) &&
        priorityOf(sim, unit.call) > priority &&
        hasSkills(sim, unit, this.#call),
    );
    const engaged = timesTo(
      sim,
      found.map(({ ix }) => ix),
      this.#call,
    )
      .map(({ unit, travelTimeMs }) => {
        const state = sim.units[unit];
        const call = state.call!;
        const phase = phaseOf(state);
        return { unit, travelTimeMs, call: call.call, priority: priorityOf(sim, call), phase };
      })
      .filter(({ travelTimeMs }) => travelTimeMs < UNREACHED_MS)
      .sort((a, b) => a.travelTimeMs - b.travelTimeMs || a.unit - b.unit);
    return this.#tell(engaged);
  }
}

/** Whether a unit with a call may be taken off it: not once it has somebody in the car, or writes. */
export const isRecallable = ({ activity }: UnitState): boolean =>
  activity === 'assigned' || activity === 'turningOut' || activity === 'enRoute' || activity === 'onScene';

const phaseOf = ({ activity }: UnitState): EngagedUnit['phase'] =>
  activity === 'enRoute' ? 'enRoute' : activity === 'onScene' ? 'onScene' : 'turningOut';

/**
 * What is left of a drive from where the dispatcher sees the unit: by the roads, as of everybody else. Its random factor is
 * known to nobody; with it a unit that crawls and the one that relieves it would take turns for ever.
 */
function remainingByRoadsMs(sim: Simulation, { startMs, roadsMs, travelTimeMs }: Drive): Ms {
  const elapsedMs = Math.max(0, sim.nowMs - sim.city.scenario.positionsStaleMs - startMs);
  if (elapsedMs >= travelTimeMs) return 0;
  return Math.round((roadsMs * (travelTimeMs - elapsedMs)) / travelTimeMs);
}

export class FreedNow implements FreedView {
  readonly #sim: Simulation;
  readonly unit: UnitIx;
  readonly nowMs: Ms;

  constructor(sim: Simulation, unit: UnitIx) {
    this.#sim = sim;
    this.unit = unit;
    this.nowMs = sim.nowMs;
  }
  freeUnits(): readonly UnitIx[] {
    return freeUnits(this.#sim);
  }
  baseOf(unit: UnitIx): number {
    return this.#sim.units[unit].base;
  }
  underway(): readonly UnderwayCall[] {
    const sim = this.#sim;
    const freed = sim.units[this.unit];
    const found: UnderwayCall[] = [];
    for (const unit of sim.units) {
      const { call, activity, drive } = unit;
      if (call === null || unit === freed || !hasSkills(sim, freed, call)) continue;
      if (activity !== 'assigned' && activity !== 'turningOut' && activity !== 'enRoute') continue;
      const remainingMs =
        activity === 'enRoute' && drive !== null
          ? remainingByRoadsMs(sim, drive)
          : timesTo(sim, [unit.ix], call)[0].travelTimeMs;
      found.push({ call: call.call, priority: priorityOf(sim, call), unit: unit.ix, remainingMs });
    }
    return found.sort((a, b) => a.call - b.call || a.unit - b.unit);
  }
  timeTo(call: CallIx): Ms {
    const state = this.#sim.open.get(call);
    return state === undefined ? UNREACHED_MS : timesTo(this.#sim, [this.unit], state)[0].travelTimeMs;
  }
}

export class RedeployNow implements MoveUpView {
  readonly #sim: Simulation;
  readonly trigger: MoveUpView['trigger'];
  readonly unit: UnitIx;
  readonly nowMs: Ms;

  constructor(sim: Simulation, trigger: MoveUpView['trigger'], unit: UnitIx) {
    this.#sim = sim;
    this.trigger = trigger;
    this.unit = unit;
    this.nowMs = sim.nowMs;
  }
  freeUnits(): readonly UnitIx[] {
    return freeUnits(this.#sim);
  }
  baseOf(unit: UnitIx): number {
    return this.#sim.units[unit].base;
  }
  homeBaseOf(unit: UnitIx): number {
    return this.#sim.setup.bases.ofUnit[unit];
  }
  isAtBase(unit: UnitIx): boolean {
    return isAtBase(this.#sim, this.#sim.units[unit]);
  }
  timeToBase(unit: UnitIx, base: number): Ms {
    const sim = this.#sim;
    const state = sim.units[unit];
    const { router } = metricNow(sim, state.of.profile, false);
    return router.timeMs(positionOf(sim, state), sim.setup.bases.positions[base]);
  }
}
