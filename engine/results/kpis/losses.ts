/**
 * What became of calls besides being answered: triaged at the desk, lost to another force, made to wait. A call waits
 * while it is ready and no unit is on it (Erlang's probability of waiting), also after its unit was called away: one
 * whose unit is replaced in the same instant does not wait, however far that unit had come. The mean wait is over
 * every call that a unit was sent to, those that did not wait included. A wait that follows a recall and lasts until the
 * run ends is not counted.
 */
import { distinctItems, ratioOverReplications, shareOverReplications, sum } from '../interval.ts';
import type { Kpi } from '../kpi.ts';
import { inSeconds } from '../response-sample.ts';
import { priorityGroups } from './call-groups.ts';

export const losses: Kpi<'losses'> = {
  key: 'losses',
  about:
    'Shares of calls triaged, lost and made to wait, and the mean wait for a unit; of all calls and by priority.',
  compute: ({ facts, calls }) =>
    priorityGroups(facts).map(({ group, label, priority }) => {
      const { copies } = calls;
      const counts = calls.counts(priority);
      const needing = counts.scored.map((scored, i) => scored - counts.triaged[i]);
      return {
        group,
        label,
        n: distinctItems(sum(counts.scored), copies),
        triaged: shareOverReplications(counts.triaged, counts.scored, copies),
        lost: shareOverReplications(counts.lost, needing, copies),
        waited: shareOverReplications(counts.waited, counts.waitKnown, copies),
        meanWaitS: inSeconds(
          ratioOverReplications(
            counts.waitMs,
            counts.dispatched,
            distinctItems(sum(counts.dispatched), copies),
          ),
        ),
      };
    }),
};
