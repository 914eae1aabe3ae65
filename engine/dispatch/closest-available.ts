/**
 * Sends the available unit whose drive is shortest from where it is now, also in mid-segment, whoever it belongs to;
 * the lowest unit on a tie. The baseline of the literature and the model case's own rule (nearest dispatch).
 */
import { z } from 'zod';
import { NONE } from '../units.ts';
import type { DispatchPolicy } from './dispatch.ts';

/** How many candidates are stored with a decision, for people who ask why. */
export const CANDIDATES_KEPT = 3;

export const closestAvailable: DispatchPolicy<object> = {
  type: 'closest-available',
  about: 'Nearest available unit by drive time, lowest unit on a tie.',
  source: 'The rule of most forces; the baseline of the dispatching literature.',
  params: z.strictObject({}),
  create: () => ({
    choose(view) {
      const candidates = view.nearest(CANDIDATES_KEPT);
      if (candidates.length === 0) {
        const reason = view.available().length === 0 ? 'no unit available' : 'no available unit has a way there';
        return { unit: NONE, reason, candidates };
      }
      return { unit: candidates[0].unit, reason: 'closest available', candidates };
    },
  }),
};
