/**
 * Where the minutes of a call go. The intervals up to the arrival are means over the same calls (scored and reached by
 * the end), so they add up to the mean from occurred to arrived; those after it are of the first unit, over the calls
 * that were cleared (the report: written). Between ready and the dispatch of the unit that came first lie `queue`, the
 * time with no unit on the call, and `earlierUnits`, the time with units on it that did not come first, since they were
 * called away (pre-emption, re-dispatch) or overtaken; a clock that starts at `dispatched` leaves out both. Travel
 * includes the access from the road to the door. Without a log some are told together, where the scenario has more
 * than one of them: turnout with the dispatch delay (`dispatchAndTurnout`), and what follows the arrival
 * (`arrivedToCleared`).
 */
import { distinctItems, ratioOverReplications, sum } from '../interval.ts';
import type { Kpi, KpiInput } from '../kpi.ts';
import { inSeconds } from '../response-sample.ts';
import type { KpisJson } from '../results-folder.ts';
import { priorityGroups } from './call-groups.ts';

export const waterfall: Kpi<'waterfall'> = {
  key: 'waterfall',
  about:
    'Mean seconds in each interval of the time line: detection, call handling, queue, units that did not come first, dispatch, turnout, travel, on scene, transport, handover, report.',
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
    meanS: inSeconds(ratioOverReplications(sumMs, n, distinctItems(sum(n), calls.copies))),
  }));
