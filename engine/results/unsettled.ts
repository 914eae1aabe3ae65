/** Whether a run may be planned by at all: one that is overloaded, or too short, leaves too many calls without an answer. */
import type { KpisJson } from './results-folder.ts';

/** Above this share of calls that nobody had reached at the end, figures of the others say little. */
const UNSETTLED_SHARE = 0.1;

/**
 * How many calls had no unit on scene when the run ended, where that is more than a tenth of all; otherwise null. Said
 * first by whoever shows figures, since those look like a success: they are of the calls that were reached.
 */
export function unsettledCalls({
  achieved,
  calls,
}: Pick<KpisJson, 'achieved' | 'calls'>): { open: number; all: number } | null {
  const all = achieved.find(({ group }) => group === 'all');
  const open = calls.openAtEnd.n;
  return all !== undefined && open > UNSETTLED_SHARE * all.n ? { open, all: all.n } : null;
}
