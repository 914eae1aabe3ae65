/**
 * Dispatch: who goes. The contract of the policies, and the read-only view they decide on. The list is policies.ts.
 *
 * A policy sees the moment and nothing else: no call to come, no drawn duration, no state it could change. Each decision
 * stores what it was made from.
 */
import type { z } from 'zod';
import type { City } from '../city/city.ts';
import type { RoadPosition } from '../graph/road-graph.ts';
import type { CallIx, Ms, UnitIx } from '../units.ts';
import type { CoverageModel } from './coverage.ts';

/** A unit that could be sent now, and how long its drive would take from where the dispatcher sees it. */
export interface Candidate {
  unit: UnitIx;
  /** Drive only, without the random factor; UNREACHED_MS where no road leads. */
  travelTimeMs: Ms;
}

/** The call that is decided on. */
export interface CallView {
  readonly call: CallIx;
  readonly priority: number;
  /** Index into city.categories. */
  readonly category: number;
  /** Index into city.zones or NONE. */
  readonly zone: number;
  readonly position: RoadPosition;
  /** Since the call was ready for dispatch. */
  readonly waitedMs: Ms;
  /** Units that it needs in all, and that are on it already. */
  readonly unitsWanted: number;
  readonly unitsSent: number;
}

/** A unit on a less urgent call. */
export interface EngagedUnit {
  readonly unit: UnitIx;
  readonly call: CallIx;
  readonly priority: number;
  readonly phase: 'turningOut' | 'enRoute' | 'onScene';
}

/** What all views show of the fleet. */
export interface FleetView {
  readonly nowMs: Ms;
  /** Units that no call, break, activity or rest keeps, in order of unit, whatever their skills. */
  freeUnits(): readonly UnitIx[];
  /** Base that a unit stands at, heads for or belongs to: index into `basesOf(city)`. */
  baseOf(unit: UnitIx): number;
}

export interface DispatchView extends FleetView {
  readonly call: CallView;
  /** Free units with the skills that the call asks for (and those whose break or activity it may end), in order of unit. */
  available(): readonly UnitIx[];
  /**
   * The `count` nearest available units by drive time from where they are seen, nearest first, lowest unit on a tie; those
   * without a way there are left out. The list is the caller's.
   */
  nearest(count: number): readonly Candidate[];
  /** Drive times of available units, in the order given; those without a way or not available are left out. */
  timesOf(units: readonly UnitIx[]): readonly Candidate[];
  /** Units with the skills on calls of lower priority, whom a policy may send here instead, nearest first. */
  engaged(): readonly (EngagedUnit & Candidate)[];
}

export interface DispatchDecision {
  /** NONE to hold the call in the queue. One of `available()`, or of `engaged()` to take it off its call. */
  unit: UnitIx;
  /** A few words, stored with the decision: `closest available`, `held for urgent calls`… */
  reason: string;
  /** What the decision was made from, best first. */
  candidates: readonly Candidate[];
}

/** A call that some unit is on its way to. */
export interface UnderwayCall {
  readonly call: CallIx;
  readonly priority: number;
  /** The unit on its way (turning out or driving), and the drive time it still has. */
  readonly unit: UnitIx;
  readonly remainingMs: Ms;
}

/** A unit has just become free. */
export interface FreedView extends FleetView {
  readonly unit: UnitIx;
  /** Calls that the unit has the skills for and somebody else is on the way to, by call then unit. */
  underway(): readonly UnderwayCall[];
  /** Drive time of the freed unit to such a call; UNREACHED_MS without a way. */
  timeTo(call: CallIx): Ms;
}

export interface RedispatchDecision {
  call: CallIx;
  /** The unit that turns back. */
  instead: UnitIx;
  reason: string;
  candidates: readonly Candidate[];
}

/** A policy at work on one city. Functions of their views alone. */
export interface Dispatcher {
  /** Decides for one waiting call; called again when a unit becomes available. */
  choose(view: DispatchView): DispatchDecision;
  /** After waiting calls had their turn: may the unit relieve another that is on its way? Null: no. */
  onFreed?(view: FreedView): RedispatchDecision | null;
}

/** What a policy may prepare from, once for each thread. */
export interface DispatchSetup {
  city: City;
  /**
   * Which base covers how much demand; made when first asked for.
   * @param targetMs  longest drive that is in time; by default what the first standard leaves for each call
   */
  coverage(targetMs?: Ms): CoverageModel;
}

export interface DispatchPolicy<Params = unknown> {
  type: string;
  about: string;
  /** The paper or rule book it comes from. */
  source: string;
  /** Its keys in the scenario beside `type`; strict. */
  params: z.ZodType<Params>;
  /** Problems that only the city shows (names that do not exist…), each with the key it is about. */
  check?(params: Params, city: City): { key: string; message: string }[];
  create(params: Params, setup: DispatchSetup): Dispatcher;
}
