/** Achieved coverage: how often the first unit was there within 1, 3 and 5 minutes, busy units and queues and all. */
import { assert } from '../../errors.ts';
import { TIERS_MS } from '../../scenario/tiers.ts';
import { distinctItems } from '../interval.ts';
import type { Kpi } from '../kpi.ts';
import { meanResponseS, percentileResponseS, shareWithin } from '../response-sample.ts';
import { callGroups } from './call-groups.ts';
import { tierClock } from './tier-clock.ts';

export const achieved: Kpi<'achieved'> = {
  key: 'achieved',
  about:
    'Shares of calls reached within 1, 3 and 5 minutes, mean and percentiles of response time, by group of calls.',
  compute: ({ facts, calls }) => {
    const { event } = tierClock(facts.standards);
    return callGroups(facts, calls.hasCallsOutside).map(({ group, label, selection }) => {
      const sample = calls.responses(selection, { arrival: 1, clockStart: event });
      assert(sample !== null, () => `the first arrivals of ${group} were not counted`);
      return {
        group,
        label,
        n: distinctItems(sample.nSelected, sample.copies),
        within1min: shareWithin(sample, TIERS_MS.within1min),
        within3min: shareWithin(sample, TIERS_MS.within3min),
        within5min: shareWithin(sample, TIERS_MS.within5min),
        meanS: meanResponseS(sample),
        p50S: percentileResponseS(sample, 0.5),
        p90S: percentileResponseS(sample, 0.9),
        p95S: percentileResponseS(sample, 0.95),
      };
    });
  },
};
