/** Achieved coverage: how often the first unit was there within 1, 3 and 5 minutes, busy units and queues and all. */
import { secondsToMs } from '../../units.ts';
import type { Kpi } from '../kpi.ts';
import { meanResponseS, percentileResponseS, responseSample, shareWithin } from '../response-sample.ts';
import { callGroups } from './call-groups.ts';
import { tierClock } from './tier-clock.ts';

export const achieved: Kpi<'achieved'> = {
  key: 'achieved',
  about:
    'Shares of calls reached within 1, 3 and 5 minutes, mean and percentiles of response time, by group of calls.',
  compute: ({ facts, replications }) => {
    const calls = replications.map((replication) => replication.calls);
    const { event } = tierClock(facts.standards);
    return callGroups(facts, replications).map(({ group, label, selects }) => {
      const sample = responseSample(calls, event, selects);
      return {
        group,
        label,
        n: sample.nSelected,
        within1min: shareWithin(sample, secondsToMs(60)),
        within3min: shareWithin(sample, secondsToMs(180)),
        within5min: shareWithin(sample, secondsToMs(300)),
        meanS: meanResponseS(sample),
        p50S: percentileResponseS(sample, 0.5),
        p90S: percentileResponseS(sample, 0.9),
        p95S: percentileResponseS(sample, 0.95),
      };
    });
  },
};
