/** What `patrol135 run` and `score` print: the 1-3-5 table, the standards, the patrol. */
import type { ClauseScore, KpisJson, StandardScore } from '../results/results-folder.ts';
import { secondsText, shareText, textTable } from './text-table.ts';

/** Key figures as text for a planner. */
export function runReport(kpis: KpisJson): string {
  const { achieved, potential, patrol, utilisation, calls } = kpis;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const parts = [
    `Achieved: share of calls that the first unit reached in time, counted from ${kpis.clockStart} ` +
      `(${kpis.replications} replications, 95 % intervals in brackets)`,
    textTable(
      ['', 'calls', '1 min', '3 min', '5 min', 'mean', '90 % within'],
      achieved.map((row) => [
        row.label,
        String(row.n),
        shareText(row.within1min),
        shareText(row.within3min),
        shareText(row.within5min),
        secondsText(row.meanS),
        secondsText(row.p90S),
      ]),
    ),
    '',
    `Potential: share of expected calls that a free unit at its post could reach, counted from ${potential.clockStart}`,
    textTable(
      ['', '1 min', '3 min', '5 min'],
      potential.rows.map((row) => [
        row.label,
        percent(row.within1min),
        percent(row.within3min),
        percent(row.within5min),
      ]),
    ),
    '',
    ...kpis.standards.flatMap((standard) => [standardReport(standard), '']),
    `Patrol: ${count(patrol.visits.done.value)} of ${patrol.visits.asked} visits and ` +
      `${count(patrol.passes.done.value)} of ${patrol.passes.asked} passes done, mean over replications`,
    `Calls: ${count(calls.perReplication.value)} in a replication, ${count(calls.openAtEnd.value)} still open at the end`,
  ];
  if (utilisation.length > 0) {
    const shares = utilisation.map(({ busyShare }) => busyShare.value ?? 0);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    parts.push(
      `Units: busy ${percent(mean)} of their time on duty, the busiest ${percent(Math.max(...shares))}`,
    );
  }
  return parts.join('\n');
}

/** One standard, clause by clause; a clause without a number says which event the log does not hold. */
export function standardReport({ id, title, clauses }: StandardScore): string {
  const table = textTable(
    ['', 'event', 'clock starts', 'within', 'calls', 'result', 'target', ''],
    clauses.map((clause) => [
      `${clause.clause} (${clause.selector})`,
      clause.event,
      clause.clockStart,
      `${clause.thresholdS} s`,
      String(clause.nSelected),
      clause.notScored ?? resultText(clause),
      targetText(clause),
      clause.met === null ? '' : clause.met ? 'met' : 'missed',
    ]),
  );
  return `Standard ${id}${title === id ? '' : `: ${title}`}\n${table}`;
}

function resultText({ statistic, estimate }: ClauseScore): string {
  return statistic === 'share' ? shareText(estimate) : `${statistic} ${secondsText(estimate)}`;
}

function targetText({ statistic, targetShare, thresholdS }: ClauseScore): string {
  return statistic === 'share' ? `${Math.round(targetShare * 1000) / 10} %` : `${statistic} ${thresholdS} s`;
}

const count = (value: number | null): string => (value === null ? '-' : String(Math.round(value * 10) / 10));
