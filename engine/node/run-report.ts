/** What `patrol135 run` and `score` print for a planner: the 1-3-5 table, the standards, the patrol. */
import {
  achievedTable,
  countText,
  potentialTable,
  reportSentences,
  samplesText,
  secondsText,
  shareText,
  standardTable,
  type TextTable,
} from '../results/report-table.ts';
import type { KpisJson, StandardScore } from '../results/results-folder.ts';
import { unsettledCalls } from '../results/unsettled.ts';
import { textTable } from './text-table.ts';

/** Key figures of a run: two tables that must not be compared, the standards, then sentences on what they rest on. */
/** @param hasTasks  whether the scenario has points or lines to patrol; without them there is nothing to say of it */
export function runReport(kpis: KpisJson, hasTasks = true): string {
  const tables = [
    achievedTable(kpis),
    // a call file says nothing of the calls to expect
    ...(kpis.potential.rows.length > 0 ? [potentialTable(kpis)] : []),
    ...kpis.standards.map(standardTable),
  ];
  const sentences = [
    ...reportSentences(kpis),
    ...(hasTasks ? patrolSentence(kpis) : []),
    ...gapSentence(kpis),
    ...unitSentence(kpis),
  ];
  return [...unsettled(kpis), ...tables.map(drawn), sentences.join('\n')].join('\n\n');
}

function unsettled(kpis: KpisJson): string[] {
  const calls = unsettledCalls(kpis);
  if (calls === null) return [];
  return [
    `NOT A RESULT TO PLAN BY: ${calls.open} of ${calls.all} calls had no unit on scene when the run ended. What follows is of the calls of which the answer is known.`,
  ];
}

/** A standard clause by clause; a clause without a number says below which event the log does not hold. */
export function standardReport(score: StandardScore): string {
  const notScored = score.clauses
    .filter((clause) => clause.notScored !== null)
    .map((clause) => `${clause.clause} is not scored: ${clause.notScored}.`);
  const leftOut = score.clauses
    .filter((clause) => clause.notScored === null && clause.nLeftOut > 0)
    .map(
      ({ clause, nLeftOut, nSelected }) =>
        `${clause} leaves out ${nLeftOut} of ${nSelected} calls: the run ended before it was known.`,
    );
  return [drawn(standardTable(score)), ...leftOut, ...notScored].join('\n');
}

const drawn = ({ title, header, rows }: TextTable): string => `${title}\n${textTable(header, rows)}`;

/** Nothing without a log, which is said elsewhere. */
function patrolSentence(kpis: KpisJson): string[] {
  const { log } = kpis;
  const { visits, passes } = kpis.patrol;
  if (visits.asked + passes.asked === 0)
    return ['Patrol: no visit or pass was due in a shift that lies wholly in the run.'];
  if (log === false) return [];
  return [
    `Patrol: ${countText(visits.done)} of ${visits.asked} visits and ${countText(passes.done)} of ` +
      `${passes.asked} passes done in a replication (mean of ${kpis.replications}).`,
  ];
}

/** Points left alone for longer than their longestGapS; only the worst by ratio is named, all stand in kpis.json. */
function gapSentence({ patrol, replications }: KpisJson): string[] {
  const asked = patrol.longestGapS.flatMap(({ point, allowedS, longestS }) =>
    allowedS === null || longestS.value === null
      ? []
      : [{ point, allowedS, longestS: longestS.value, estimate: longestS }],
  );
  const over = asked
    .filter(({ allowedS, longestS }) => longestS > allowedS)
    .sort((a, b) => b.longestS * a.allowedS - a.longestS * b.allowedS);
  if (over.length === 0) return [];
  const [{ point, allowedS, estimate }] = over;
  return [
    `Patrol: ${over.length} of ${asked.length} must-reach points with a longestGapS went longer without a visit than ` +
      `it allows, by the mean of ${replications} ${replications === 1 ? 'replication' : 'replications'}; worst ${point}, ${secondsText(estimate)} of ${allowedS} s allowed.`,
  ];
}

/** The two ends, each with its interval; all units stand in kpis.json. */
function unitSentence(kpis: KpisJson): string[] {
  const { utilisation } = kpis;
  const units = utilisation
    .flatMap(({ unit, busyShare }) =>
      busyShare.value === null ? [] : [{ unit, busyShare, busy: busyShare.value }],
    )
    .sort((a, b) => a.busy - b.busy);
  if (units.length === 0) return [];
  const ends = units.length === 1 ? units : [units[0], units[units.length - 1]];
  const text = ends.map(({ unit, busyShare }) => `${unit} ${shareText(busyShare)}`).join(' to ');
  return [`Units: busy with calls, of their time on duty (${samplesText(kpis)}): ${text}.`];
}
