/** The calls of replications as figures ask for them, whether a run keeps its log or only counts. */
import { assert } from '../errors.ts';
import type { CallRecords } from '../results/call-record.ts';
import { foldCalls } from '../results/fold-calls.ts';
import type { CallSource } from '../results/call-source.ts';
import { recordSource } from '../results/record-source.ts';
import { copiesOfCalls, type RunFacts } from '../results/run-facts.ts';
import { tallySource } from '../results/tally-source.ts';
import type { TallyData } from '../results/tally.ts';
import type { ReplicationRecord } from '../sim/event-log.ts';

/** A finished replication: with its log, or with the counts of its calls. */
export type CountedReplication = ReplicationRecord & { tally?: TallyData };

interface ReplicationCalls {
  /** Replications in order of number. Cost O(rows of the log). */
  add(record: CountedReplication): void;
  /** All of them so far; one sample each. */
  source(): CallSource;
}

export function replicationCalls(facts: RunFacts): ReplicationCalls {
  const records: CallRecords[] = [];
  const tallies: TallyData[] = [];
  return {
    add({ replication, log, calls, tally }) {
      if (tally !== undefined) {
        tallies.push(tally);
        return;
      }
      assert(log !== null && calls !== null, () => `replication ${replication} has neither log nor tally`);
      records.push(foldCalls(log, calls, facts.categories));
    },
    source() {
      assert(records.length === 0 || tallies.length === 0, 'some replications have a log and some have none');
      if (tallies.length > 0) return tallySource(facts, tallies);
      const { msIntoDay, warmUpMs, durationMs } = facts;
      return recordSource({
        labels: facts,
        msIntoDay,
        warmUpMs,
        durationMs,
        samples: records,
        replications: records,
        copies: copiesOfCalls(facts, records.length),
      });
    },
  };
}
