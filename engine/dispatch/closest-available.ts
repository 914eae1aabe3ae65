/**
 * Sends the available unit whose drive is shortest from where it is now, also in mid-segment, whoever it belongs to;
 * the lowest unit on a tie. The baseline of the literature and the model case's own rule (nearest dispatch).
 */
import { z } from 'zod';
import { NONE } from '../units.ts';
import type { Candidate, DispatchDecision, DispatchPolicy, DispatchView } from './dispatch.ts';

/** How many candidates are stored with a decision, for people who ask why. */
export const CANDIDATES_KEPT = 3;

/** The decision when no available unit has a way to the call. */
export const nobody = (view: DispatchView): DispatchDecision => ({
  unit: NONE,
  reason: view.available().length === 0 ? 'no unit available' : 'no available unit has a way there',
  candidates: [],
});

/** The decision for the first of `nearest`, which has one. */
export const closestOf = (nearest: readonly Candidate[], reason: string): DispatchDecision => ({
  unit: nearest[0].unit,
  reason,
  candidates: nearest.slice(0, CANDIDATES_KEPT),
});

export const closestAvailable: DispatchPolicy<object> = {
  type: 'closest-available',
  about: 'Nearest available unit by drive time, lowest unit on a tie.',
  source: 'The rule of most forces; the baseline of the dispatching literature.',
  params: z.strictObject({}),
  create: () => ({
    choose(view) {
      const nearest = view.nearest(CANDIDATES_KEPT);
      return nearest.length === 0 ? nobody(view) : closestOf(nearest, 'closest available');
    },
  }),
};
