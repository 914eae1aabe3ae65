/** How busy each unit is: time from dispatched to cleared over time on duty, within the scored time. */
import { MS_PER_HOUR } from '../../units.ts';
import { sum, timeShareOverReplications } from '../interval.ts';
import type { Kpi } from '../kpi.ts';

export const utilisation: Kpi<'utilisation'> = {
  key: 'utilisation',
  about:
    'Busy share of each unit while on duty (overtime is duty), and its mean hours on duty in a replication.',
  compute: ({ facts, replications }) =>
    facts.units.map((unit, ix) => {
      const busy = replications.map(({ units }) => units.busyMs[ix]);
      const onDuty = replications.map(({ units }) => units.onDutyMs[ix]);
      return {
        unit,
        busyShare: timeShareOverReplications(busy, onDuty, replications.length),
        onDutyHours: replications.length > 0 ? sum(onDuty) / replications.length / MS_PER_HOUR : 0,
      };
    }),
};
