/**
 * Where the minutes of a call go. The intervals up to the arrival are means over the same calls (scored and answered by
 * the end), so they add up to the mean from occurred to arrived; time on scene is over the calls that were cleared.
 */
import { msToSeconds } from '../../units.ts';
import { NOT_YET, type CallEvent, type CallRecords } from '../call-record.ts';
import { ratioOverReplications, sum } from '../interval.ts';
import type { Kpi } from '../kpi.ts';

/** Each interval with the events that bound it; travel includes access from the road to the door. */
const INTERVALS: readonly { interval: string; from: CallEvent; to: CallEvent; of: CallEvent }[] = [
  { interval: 'detection', from: 'occurred', to: 'received', of: 'arrived' },
  { interval: 'callHandling', from: 'received', to: 'ready', of: 'arrived' },
  { interval: 'queue', from: 'ready', to: 'dispatched', of: 'arrived' },
  { interval: 'turnout', from: 'dispatched', to: 'enRoute', of: 'arrived' },
  { interval: 'travel', from: 'enRoute', to: 'arrived', of: 'arrived' },
  { interval: 'onScene', from: 'arrived', to: 'cleared', of: 'cleared' },
];

export const waterfall: Kpi<'waterfall'> = {
  key: 'waterfall',
  about:
    'Mean seconds in each interval of the time line: detection, call handling, queue, turnout, travel, on scene.',
  compute: ({ replications }) =>
    INTERVALS.map(({ interval, from, to, of }) => {
      const totals = replications.map(({ calls }) => total(calls, from, to, of));
      const counts = totals.map(({ count }) => count);
      return {
        interval,
        meanS: ratioOverReplications(
          totals.map(({ ms }) => msToSeconds(ms)),
          counts,
          sum(counts),
        ),
      };
    }),
};

/** Time between two events over the scored calls that have come as far as `of`. */
function total(
  calls: CallRecords,
  from: CallEvent,
  to: CallEvent,
  of: CallEvent,
): { ms: number; count: number } {
  const { occurred } = calls.atMs;
  let ms = 0;
  let count = 0;
  for (let call = 0; call < calls.nCalls; call++) {
    if (occurred[call] < 0 || calls.atMs[of][call] === NOT_YET) continue;
    ms += calls.atMs[to][call] - calls.atMs[from][call];
    count++;
  }
  return { ms, count };
}
