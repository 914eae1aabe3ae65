/**
 * Patrol quotas: visits and passes asked, done and missed with their cause, and how long points went without a visit.
 * Quotas are judged over whole shifts: asked = done + missed, where missed is what the plan never held, what the log
 * says was missed, and (cause `notRecorded`) whatever is left.
 */
import { taskName, type UnplannedTask } from '../../patrol/patrol.ts';
import { msToSeconds } from '../../units.ts';
import { meanOverReplications, sum } from '../interval.ts';
import type { Kpi } from '../kpi.ts';
import { taskKind, wholeShifts, type PatrolRecord } from '../patrol-record.ts';
import type { KpisJson } from '../results-folder.ts';
import type { RunFacts } from '../run-facts.ts';

interface Quota {
  shift: number;
  task: string;
  /** Over all whole occurrences of the shift in one replication. */
  asked: number;
}

export const patrol: Kpi<'patrol'> = {
  key: 'patrol',
  about:
    'Visits and passes asked, done and missed by cause over whole shifts; longest time without a visit by point.',
  compute: ({ facts, patrol, unplanned }) => {
    const replications = patrol ?? []; // without a log nothing is known, and nothing is told
    const occurrences = facts.shifts.map((shift) => wholeShifts(facts, shift));
    const quotas = askedQuotas(facts, occurrences);
    const asked = (kind: 'visit' | 'pass'): number =>
      sum(quotas.filter((quota) => taskKind(quota.task) === kind).map((quota) => quota.asked));
    const done = (kind: 'visit' | 'pass'): number[] =>
      replications.map((record) =>
        sum(record.done.filter((entry) => taskKind(entry.task) === kind).map((entry) => entry.count)),
      );
    const over = replications.length;
    return {
      visits: {
        asked: asked('visit'),
        done: meanOverReplications(done('visit'), asked('visit') * over, asked('visit')),
      },
      passes: {
        asked: asked('pass'),
        done: meanOverReplications(done('pass'), asked('pass') * over, asked('pass')),
      },
      shifts: facts.shifts
        .map(({ id }, ix) => ({
          shift: id,
          whole: occurrences[ix].startsMs.length,
          cut: occurrences[ix].nCut,
        }))
        .filter(({ whole, cut }) => whole + cut > 0),
      missed: missedByCause(facts, quotas, replications, unplanned, occurrences),
      longestGapS: facts.points.map(({ id, longestGapMs }, ix) => ({
        point: id,
        allowedS: longestGapMs === null ? null : msToSeconds(longestGapMs),
        longestS: meanOverReplications(
          replications.map((record) => msToSeconds(record.longestGapMs[ix])),
          sum(replications.map((record) => record.nVisits[ix])),
        ),
      })),
    };
  },
};

type Occurrences = ReturnType<typeof wholeShifts>[];

/** By shift, then points, then lines along and against. */
function askedQuotas({ shifts, points, lines }: RunFacts, occurrences: Occurrences): Quota[] {
  return shifts.flatMap((_, shift) => {
    const times = occurrences[shift].startsMs.length;
    const quota = (task: string, count: number): Quota[] =>
      count * times > 0 ? [{ shift, task, asked: count * times }] : [];
    return [
      ...points.flatMap((point) => quota(`visit:${point.id}`, point.visitsPerShift)),
      ...lines.flatMap((line) => [
        ...quota(`pass:${line.id}`, line.passesPerShift),
        ...(line.direction === 'both' ? quota(`pass-back:${line.id}`, line.passesPerShift) : []),
      ]),
    ];
  });
}

function missedByCause(
  facts: RunFacts,
  quotas: readonly Quota[],
  replications: readonly PatrolRecord[],
  unplanned: readonly UnplannedTask[],
  occurrences: Occurrences,
): KpisJson['patrol']['missed'] {
  const over = replications.length;
  if (over === 0) return [];
  const key = (shift: number, task: string): string => JSON.stringify([shift, task]);
  /** By quota and cause: how many in each replication. */
  const causes = new Map<string, Map<string, Float64Array>>();
  const done = new Map<string, Float64Array>();
  const columnIn = (columns: Map<string, Float64Array>, name: string): Float64Array => {
    const column = columns.get(name) ?? new Float64Array(over);
    columns.set(name, column);
    return column;
  };
  const causesOf = (shift: number, task: string): Map<string, Float64Array> => {
    const columns = causes.get(key(shift, task)) ?? new Map<string, Float64Array>();
    causes.set(key(shift, task), columns);
    return columns;
  };
  for (const { shift, task, count, cause } of unplanned) {
    const column = columnIn(causesOf(shift, taskName(facts, task)), cause);
    for (let r = 0; r < over; r++) column[r] += count * occurrences[shift].startsMs.length;
  }
  replications.forEach((record, r) => {
    for (const { shift, task, cause, count } of record.missed)
      columnIn(causesOf(shift, task), cause)[r] += count;
    for (const { shift, task, count } of record.done) columnIn(done, key(shift, task))[r] += count;
  });
  return quotas.flatMap(({ shift, task, asked }) => {
    const columns = causesOf(shift, task);
    const known = sum([...columns.values()].map(sum));
    const doneOf = columnIn(done, key(shift, task));
    if (asked * over - sum(doneOf) - known > 0) {
      const told = [...columns.values()];
      const rest = columnIn(columns, 'notRecorded');
      for (let r = 0; r < over; r++) rest[r] += asked - doneOf[r] - sum(told.map((column) => column[r]));
    }
    return [...columns]
      .filter(([, column]) => sum(column) > 0)
      .map(([cause, column]) => {
        const { value, ci95, method, n } = meanOverReplications([...column], asked * over, asked);
        return { task, shift: facts.shifts[shift].id, cause, perReplication: value ?? 0, ci95, method, n };
      });
  });
}
