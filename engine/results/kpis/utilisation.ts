/** Where the units' time on duty goes: calls, activities, breaks, time out of service; and how much of it is overtime. */
import { MS_PER_HOUR } from '../../units.ts';
import { meanOverReplications, sum, timeShareOverReplications } from '../interval.ts';
import type { Kpi, KpiInput } from '../kpi.ts';
import type { KpisJson } from '../results-folder.ts';
import type { UnitTimes } from '../unit-times.ts';

type Split = Required<KpisJson>['fleet'];

export const utilisation: Kpi<'utilisation'> = {
  key: 'utilisation',
  about:
    "Shares of each unit's time on duty (overtime is duty): with calls, on activities, breaks, out of service; hours on duty and overtime in a replication.",
  compute: (input) =>
    input.facts.units.flatMap((unit, ix) => {
      // a unit that is never on duty spends no time
      const isOnDuty = input.units.some(({ onDutyMs }) => onDutyMs[ix] > 0);
      return isOnDuty ? [{ unit, ...split(input, (times) => times[ix]) }] : [];
    }),
};

export const fleet: Kpi<'fleet'> = {
  key: 'fleet',
  about: 'The same of all units together.',
  compute: (input) => split(input, sum),
};

function split({ units, nReplications }: KpiInput, of: (times: Float64Array) => number): Split {
  const column = (key: keyof UnitTimes): number[] => units.map((times) => of(times[key]));
  const onDuty = column('onDutyMs');
  const share = (key: keyof UnitTimes) => timeShareOverReplications(column(key), onDuty, units.length);
  const batches = nReplications > 0 ? units.length / nReplications : 1;
  return {
    busyShare: share('busyMs'),
    onDutyHours: nReplications > 0 ? sum(onDuty) / nReplications / MS_PER_HOUR : 0,
    activityShare: share('activityMs'),
    breakShare: share('breakMs'),
    outOfServiceShare: share('outOfServiceMs'),
    overtimeHours: meanOverReplications(
      column('overtimeMs').map((ms) => (ms * batches) / MS_PER_HOUR),
      units.length,
    ),
  };
}
