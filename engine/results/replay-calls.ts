/** The calls of a replication as its log tells them: everything that a call brings with it. */
import { CALL_COLUMNS, callTable, type CallRow, type CallTable } from '../demand/demand.ts';
import { NONE } from '../units.ts';
import type { EventColumn } from './replay-log.ts';
import type { StoredRows } from './read-parquet.ts';
import type { RunFacts } from './run-facts.ts';

/**
 * @returns null where the rows are those of no call table: numbers out of order, names that the scenario has not,
 *   values that a column cannot hold
 */
export function loggedCalls(rows: StoredRows<EventColumn>, facts: RunFacts): CallTable | null {
  const categories = new Map(facts.categories.map(({ id }, ix) => [id, ix]));
  const zones = new Map(facts.zones.map(({ id }, ix) => [id, ix]));
  const calls: CallRow[] = [];
  for (let row = 0; row < rows.kind.length; row++) {
    if (rows.kind[row] !== 'callOccurred') continue;
    const index = (column: EventColumn): number | null => indexOf(rows[column][row]);
    const [occurredMs, zone] = [wholeOf(rows.timeMs[row]), rows.zone[row]];
    const call = {
      segment: index('segment'),
      offsetMm: index('offsetMm'),
      zone: zone === null ? NONE : (zones.get(zone as string) ?? null),
      category: categories.get(rows.category[row] as string) ?? null,
      onSceneMs: index('onSceneMs'),
      handoverMs: index('handoverMs'),
      reportMs: index('reportMs'),
      parent: rows.parent[row] === null ? NONE : index('parent'),
      key: index('callKey'),
    };
    if (occurredMs === null || index('call') !== calls.length) return null;
    if (Object.values(call).includes(null)) return null;
    const triaged = index('triaged') === 1;
    const transported = index('transported') === 1;
    calls.push({ occurredMs, ...(call as Omit<CallRow, 'occurredMs'>), triaged, transported });
  }
  return callTable(calls);
}

/** Whether the calls of a log are those that the demand of the run brings up to `endMs`, in every column. Cost O(calls). */
export function areSameCalls(logged: CallTable, drawn: CallTable, endMs: number): boolean {
  const { nCalls } = logged;
  if (nCalls > drawn.nCalls || (nCalls < drawn.nCalls && drawn.occurredMs[nCalls] <= endMs)) return false;
  return CALL_COLUMNS.every((column) => {
    const [read, told] = [logged[column], drawn[column]];
    for (let call = 0; call < nCalls; call++) if (read[call] !== told[call]) return false;
    return true;
  });
}

function wholeOf(value: unknown): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

const indexOf = (value: unknown): number | null => {
  const whole = wholeOf(value);
  return whole !== null && whole >= 0 && whole <= NONE ? whole : null;
};
