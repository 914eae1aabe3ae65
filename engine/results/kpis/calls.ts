/** How many calls there were, and how many nobody had reached when the run ended. */
import { distinctItems, meanOverReplications, sum } from '../interval.ts';
import type { Kpi } from '../kpi.ts';

export const calls: Kpi<'calls'> = {
  key: 'calls',
  about: 'Scored calls in a replication, and those still without a unit on scene when it ended.',
  compute: ({ calls, nReplications }) => {
    const { scored, openAtEnd } = calls.counts(null);
    // batches are parts of a replication: their mean times their number is the replication's
    const batches = nReplications > 0 ? calls.nSamples / nReplications : 1;
    const perReplication = (counts: readonly number[]) =>
      meanOverReplications(
        counts.map((count) => count * batches),
        distinctItems(sum(counts), calls.copies),
      );
    return { perReplication: perReplication(scored), openAtEnd: perReplication(openAtEnd) };
  },
};
