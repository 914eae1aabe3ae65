/** How many calls there were, and how many nobody had reached when the run ended. */
import { NOT_YET } from '../call-record.ts';
import { meanOverReplications, sum } from '../interval.ts';
import type { Kpi } from '../kpi.ts';

export const calls: Kpi<'calls'> = {
  key: 'calls',
  about: 'Scored calls in a replication, and those still without a unit on scene when it ended.',
  compute: ({ replications }) => {
    const counts = replications.map(({ calls }) => {
      const { occurred, arrived } = calls.atMs;
      let scored = 0;
      let open = 0;
      for (let call = 0; call < calls.nCalls; call++) {
        if (occurred[call] < 0) continue;
        scored++;
        if (arrived[call] === NOT_YET) open++;
      }
      return { scored, open };
    });
    const scored = counts.map((count) => count.scored);
    const open = counts.map((count) => count.open);
    return {
      perReplication: meanOverReplications(scored, sum(scored)),
      openAtEnd: meanOverReplications(open, sum(open)),
    };
  },
};
