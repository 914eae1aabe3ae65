/**
 * Move-up: where free units wait for the next call. The contract of the policies and the read-only view they decide on;
 * the list is policies.ts. Asked when a unit becomes free, is sent, rests (a break, other work, time out of service), or
 * comes on duty or leaves it.
 */
import type { z } from 'zod';
import type { City } from '../city/city.ts';
import type { DispatchSetup, FleetView } from '../dispatch/dispatch.ts';
import type { Ms, UnitIx } from '../units.ts';

export interface MoveUpView extends FleetView {
  /** What has happened, and to which unit. */
  readonly trigger: 'freed' | 'sent' | 'resting' | 'onDuty' | 'offDuty';
  readonly unit: UnitIx;
  /** Base of each unit as the scenario has it. */
  homeBaseOf(unit: UnitIx): number;
  /** Whether the unit stands at its base (and is not on its way there or on patrol). */
  isAtBase(unit: UnitIx): boolean;
  /** Drive of a free unit from where it is to a base, without siren; UNREACHED_MS without a way. */
  timeToBase(unit: UnitIx, base: number): Ms;
}

export interface MoveUpDecision {
  /** Free units with the base each goes to and belongs to from now on; a unit may be named once. */
  moves: readonly { unit: UnitIx; base: number }[];
  reason: string;
  /** What the decision was made from, best first: bases with what speaks for them, in the policy's own figure. */
  candidates: readonly { base: number; value: number }[];
  /** What the policy could not restore, in words; null when nothing is amiss. */
  shortfall: string | null;
}

/** A policy at work on one city. */
export interface MoveUp {
  /**
   * Where units go; null to change nothing. A unit that just became free and is not named goes on with its patrol, or,
   * without one, back to the base it belongs to, if `returnsToBase`; otherwise it stays where it is. A policy that never
   * moves anybody leaves it out, and costs nothing.
   */
  decide?(view: MoveUpView): MoveUpDecision | null;
  readonly returnsToBase: boolean;
}

export interface MoveUpPolicy<Params = unknown> {
  type: string;
  about: string;
  source: string;
  params: z.ZodType<Params>;
  check?(params: Params, city: City): { key: string; message: string }[];
  create(params: Params, setup: DispatchSetup): MoveUp;
}
