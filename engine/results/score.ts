/**
 * Scores a finished run under a response standard. A standard is data (scenario/schema.ts): clauses with a selector, an
 * event, a clock start, a threshold and a target. A clause whose event or clock this log does not hold is named instead
 * of numbered.
 */
import { assertNever } from '../errors.ts';
import type { ClauseJson, StandardJson } from '../scenario/schema.ts';
import { secondsToMs, type Ms } from '../units.ts';
import type { CallEvent, CallLabels, CallRecords } from './call-record.ts';
import type { CallSource } from './call-source.ts';
import { distinctItems, NOTHING } from './interval.ts';
import { recordSource } from './record-source.ts';
import { percentileResponseS, shareWithin, type ResponseSample } from './response-sample.ts';
import type { ClauseScore, StandardScore } from './results-folder.ts';
import { describeSelector } from './selection.ts';

/** What scoring reads: from a run in memory or from events.parquet. */
export interface ScoredCalls {
  labels: CallLabels;
  /** Replications in order of their number, or the batches of a steady-state run. */
  replications: readonly CallRecords[];
  /** From the local midnight before the scored start to the start; fixes the hour of day. */
  msIntoDay: Ms;
  /** How many times the replications hold each call together (`copiesOfCalls`); default once. */
  copies?: number;
}

const sourceOf = ({ labels, replications, msIntoDay, copies = 1 }: ScoredCalls): CallSource =>
  recordSource({
    labels,
    msIntoDay,
    samples: replications,
    replications,
    warmUpMs: 0,
    durationMs: 0,
    copies,
  });

/** Every clause of every standard. Cost O(clauses x calls log calls). */
export const scoreStandards = (standards: readonly StandardJson[], run: ScoredCalls): StandardScore[] =>
  scoreSource(standards, sourceOf(run));

/** Every clause of every standard, from a log or a tally. */
export function scoreSource(standards: readonly StandardJson[], calls: CallSource): StandardScore[] {
  return standards.map((standard) => ({
    id: standard.id,
    title: standard.title ?? standard.id,
    source: standard.source ?? '',
    clauses: standard.clauses.map((clause) => scoreClause(clause, calls)),
  }));
}

function scoreClause(clause: ClauseJson, calls: CallSource): ClauseScore {
  const { id, event, clockStart, thresholdS, targetShare, statistic, unitsRequired } = clause;
  const clock = clockOf(clockStart);
  const missing = [eventMissing(clause), clock === null ? `its clock start ${clockStart}` : null].filter(
    (what) => what !== null,
  );
  const arrival = arrivalOf(clause);
  const sample = calls.responses(clause.selector, { arrival, clockStart: clock ?? 'received' });
  const selector = describeSelector(clause.selector);
  const head = {
    clause: id,
    selector: arrival > 1 ? `${selector} that need ${arrival} units or more` : selector,
    event: unitsRequired === undefined ? event : `${event} (${unitsRequired})`,
    clockStart,
    thresholdS,
    targetShare: targetShare ?? null,
    statistic,
    nSelected: sample === null ? 0 : distinctItems(sample.nSelected, sample.copies),
  };
  const notScored =
    missing.length > 0
      ? `the event log does not hold ${missing.join(' nor ')}`
      : sample === null
        ? `its event, arrival ${arrival} of calls that need more units, is told by the event log only, which this run did not keep`
        : null;
  if (notScored !== null || sample === null) {
    return { ...head, nLeftOut: head.nSelected, estimate: NOTHING, met: null, notScored };
  }
  const estimate =
    statistic === 'share'
      ? shareWithin(sample, secondsToMs(thresholdS))
      : percentileResponseS(sample, PERCENTILE[statistic]);
  return {
    ...head,
    nLeftOut: head.nSelected - estimate.n,
    estimate,
    met: isOpen(clause, sample) ? null : isMet(clause, estimate.value, estimate.n),
    notScored: null,
  };
}

const PERCENTILE = { p50: 0.5, p90: 0.9, p95: 0.95 } as const;

/**
 * Whether the calls left out could turn the verdict: a run that ends with most calls in the queue must not meet a
 * target by the few that were sent. A percentile within t is a share within t of at least p, so both go by the share.
 */
function isOpen({ statistic, targetShare, thresholdS }: ClauseJson, sample: ResponseSample): boolean {
  const { hits, decided } = sample.pooledWithin(secondsToMs(thresholdS));
  const limit = statistic === 'share' ? targetShare : PERCENTILE[statistic];
  if (limit === undefined) return false;
  const nLeftOut = sample.nSelected - decided;
  return hits / sample.nSelected < limit && (hits + nLeftOut) / sample.nSelected >= limit;
}

/**
 * A percentile without a value lies beyond every answered call: too many were still waiting, so it is missed. Null without
 * calls, and where no share is asked for.
 */
function isMet(clause: ClauseJson, value: number | null, n: number): boolean | null {
  if (n === 0) return null;
  if (clause.statistic === 'share') {
    return clause.targetShare === undefined ? null : value !== null && value >= clause.targetShare;
  }
  return value !== null && value <= clause.thresholdS;
}

/**
 * The event of the time line that starts a clock, or null where the log has none. A call answered is not a call received:
 * how long it rings is not simulated, so that clock is not guessed from another.
 */
export function clockOf(clockStart: ClauseJson['clockStart']): CallEvent | null {
  switch (clockStart) {
    case 'occurred':
    case 'dispatched':
    case 'enRoute':
      return clockStart;
    case 'callReceived':
      return 'received';
    case 'callAnswered':
      return null;
    default:
      return assertNever(clockStart);
  }
}

/** Which arrival a clause asks for, from 1; 1 where it asks for something else. */
export const arrivalOf = ({ event, unitsRequired }: Pick<ClauseJson, 'event' | 'unitsRequired'>): number =>
  event === 'kthArrival' ? (unitsRequired ?? 1) : 1;

/** What the log lacks for the clause's event, or null. */
export function eventMissing({ event, unitsRequired }: ClauseJson): string | null {
  switch (event) {
    case 'firstArrival':
      return (unitsRequired ?? 1) === 1 ? null : `its event, the arrival of ${unitsRequired} units`;
    case 'kthArrival':
      return unitsRequired === undefined
        ? 'its event kthArrival, for which the clause names no unitsRequired'
        : null;
    case 'echelonArrival':
      if (unitsRequired === undefined)
        return 'its event echelonArrival, for which the clause names no unitsRequired';
      return unitsRequired === 1
        ? null
        : `its event echelonArrival of echelon ${unitsRequired} (units belong to no echelon)`;
    case 'cordonClosed':
    case 'selfHelpStarted':
      return `its event ${event}`;
    default:
      return assertNever(event);
  }
}
