/**
 * Where the minutes of a call go. The intervals up to the arrival are means over the same calls (scored and reached by
 * the end), so they add up to the mean from occurred to arrived; those after it are of the first unit, over the calls
 * that were cleared (the report: written). `queue` lasts until the unit that came first was sent; travel includes the
 * access from the road to the door. Without a log, turnout is told with the dispatch delay (`dispatchAndTurnout`), and
 * what follows the arrival in one (`arrivedToCleared`), where the scenario has more than one of them.
 */
import { ratioOverReplications, sum } from '../interval.ts';
import type { Kpi, KpiInput } from '../kpi.ts';
import { inSeconds } from '../response-sample.ts';
import type { KpisJson } from '../results-folder.ts';
import { priorityGroups } from './call-groups.ts';

export const waterfall: Kpi<'waterfall'> = {
  key: 'waterfall',
  about:
    'Mean seconds in each interval of the time line: detection, call handling, queue, dispatch, turnout, travel, on scene, transport, handover, report.',
  compute: (input) => meanIntervals(input, null),
};

export const waterfallByPriority: Kpi<'waterfallByPriority'> = {
  key: 'waterfallByPriority',
  about: 'The same for the calls of each priority.',
  compute: (input) =>
    priorityGroups(input.facts).flatMap(({ group, label, priority }) =>
      priority === null ? [] : [{ group, label, intervals: meanIntervals(input, priority) }],
    ),
};

const meanIntervals = ({ calls }: KpiInput, priority: number | null): KpisJson['waterfall'] =>
  calls.intervals(priority).map(({ interval, sumMs, n }) => ({
    interval,
    meanS: inSeconds(ratioOverReplications(sumMs, n, sum(n))),
  }));
