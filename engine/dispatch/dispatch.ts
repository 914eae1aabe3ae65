/** Dispatch: who goes. The contract of the policies, and the read-only view they decide on. The list is policies.ts. */
import type { Ms, UnitIx } from '../units.ts';

/** A unit that could be sent now, and how long its drive would take from where it is. */
export interface Candidate {
  unit: UnitIx;
  /** Drive only; UNREACHED_MS where no road leads. */
  travelTimeMs: Ms;
}

export interface DispatchView {
  readonly nowMs: Ms;
  readonly call: { readonly priority: number; readonly category: number; readonly waitedMs: Ms };
  /** Units on duty that no call holds, in order of unit. */
  readonly available: readonly UnitIx[];
  /**
   * The `count` nearest available units by drive time from where they are, nearest first, lowest unit on a tie; those
   * without a way there are left out.
   */
  nearest(count: number): readonly Candidate[];
}

export interface DispatchDecision {
  /** NONE to hold the call in the queue. */
  unit: UnitIx;
  /** One word or two, stored with the decision: `closest`, `no unit available`… */
  reason: string;
  /** What the decision was made from, best first. */
  candidates: readonly Candidate[];
}

export interface DispatchPolicy {
  type: string;
  about: string;
  /** Decides for one call. Reads the view only; called again when a unit becomes available. */
  choose(view: DispatchView): DispatchDecision;
}
