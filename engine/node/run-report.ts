/** What `patrol135 run` and `score` print for a planner: the 1-3-5 table, the standards, the patrol. */
import {
  achievedTable,
  potentialTable,
  reportSentences,
  standardTable,
  type TextTable,
} from '../results/report-table.ts';
import type { KpisJson, StandardScore } from '../results/results-folder.ts';
import { percentText, textTable } from './text-table.ts';

/** Key figures of a run: two tables that must not be compared, the standards, then sentences on what they rest on. */
export function runReport(kpis: KpisJson): string {
  const tables = [achievedTable(kpis), potentialTable(kpis), ...kpis.standards.map(standardTable)];
  const sentences = [...reportSentences(kpis), patrolSentence(kpis), ...unitSentence(kpis)];
  return [...tables.map(drawn), sentences.join('\n')].join('\n\n');
}

/** A standard clause by clause; a clause without a number says below which event the log does not hold. */
export function standardReport(score: StandardScore): string {
  const notScored = score.clauses
    .filter((clause) => clause.notScored !== null)
    .map((clause) => `${clause.clause} is not scored: ${clause.notScored}.`);
  return [drawn(standardTable(score)), ...notScored].join('\n');
}

const drawn = ({ title, header, rows }: TextTable): string => `${title}\n${textTable(header, rows)}`;

function patrolSentence({ patrol: { visits, passes } }: KpisJson): string {
  const mean = (value: number | null) => (value === null ? '-' : String(Math.round(value * 10) / 10));
  return (
    `Patrol: ${mean(visits.done.value)} of ${visits.asked} visits and ${mean(passes.done.value)} of ` +
    `${passes.asked} passes done, mean over replications.`
  );
}

function unitSentence({ utilisation }: KpisJson): string[] {
  const shares = utilisation.map(({ busyShare }) => busyShare.value).filter((value) => value !== null);
  if (shares.length === 0) return [];
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return [
    `Units: answering calls ${percentText(mean)} of their time on duty, the busiest ${percentText(Math.max(...shares))}.`,
  ];
}
