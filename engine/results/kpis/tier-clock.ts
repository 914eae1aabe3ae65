/** The clock of the 1-3-5 table: that of the first clause of the first standard, so that the two can be compared. */
import type { ClauseJson, StandardJson } from '../../scenario/schema.ts';
import type { CallEvent } from '../call-record.ts';
import { clockOf } from '../score.ts';

/** Falls back on the call received where the clause's clock is not in the log; the result names the clock used. */
export function tierClock(standards: readonly StandardJson[]): {
  clockStart: ClauseJson['clockStart'];
  event: CallEvent;
} {
  const clockStart = standards.at(0)?.clauses.at(0)?.clockStart;
  const event = clockStart === undefined ? null : clockOf(clockStart);
  return clockStart === undefined || event === null
    ? { clockStart: 'callReceived', event: 'received' }
    : { clockStart, event };
}
