/**
 * Scores a finished run under a response standard. A standard is data (scenario/schema.ts): clauses with a selector, an
 * event, a clock start, a threshold and a target. A clause whose event or clock this log does not hold is named instead
 * of numbered.
 */
import { assertNever } from '../errors.ts';
import type { ClauseJson, StandardJson } from '../scenario/schema.ts';
import { MS_PER_DAY, MS_PER_HOUR, secondsToMs, type Ms } from '../units.ts';
import { zoneClassOf, type CallEvent, type CallLabels, type CallRecords } from './call-record.ts';
import { NOTHING, sum } from './interval.ts';
import {
  countWithin,
  percentileResponseS,
  responseSample,
  shareWithin,
  type CallSelector,
  type ResponseSample,
} from './response-sample.ts';
import type { ClauseScore, StandardScore } from './results-folder.ts';

/** What scoring reads: from a run in memory or from events.parquet. */
export interface ScoredCalls {
  labels: CallLabels;
  /** In order of their number. */
  replications: readonly CallRecords[];
  /** From the local midnight before the scored start to the start; fixes the hour of day. */
  msIntoDay: Ms;
}

/** Every clause of every standard. Cost O(clauses x calls log calls). */
export function scoreStandards(standards: readonly StandardJson[], run: ScoredCalls): StandardScore[] {
  return standards.map((standard) => ({
    id: standard.id,
    title: standard.title ?? standard.id,
    source: standard.source ?? '',
    clauses: scoreStandard(standard, run),
  }));
}

export function scoreStandard(standard: StandardJson, run: ScoredCalls): ClauseScore[] {
  return standard.clauses.map((clause) => scoreClause(clause, run));
}

function scoreClause(clause: ClauseJson, run: ScoredCalls): ClauseScore {
  const { id, event, clockStart, thresholdS, targetShare, statistic } = clause;
  const selects = selectorOf(clause.selector, run);
  const clock = clockOf(clockStart);
  const missing = [eventMissing(clause), clock === null ? `its clock start ${clockStart}` : null].filter(
    (what) => what !== null,
  );
  const sample = responseSample(run.replications, clock ?? 'received', selects);
  const head = {
    clause: id,
    selector: describeSelector(clause.selector),
    event: clause.unitsRequired === undefined ? event : `${event} (${clause.unitsRequired})`,
    clockStart,
    thresholdS,
    targetShare,
    statistic,
    nSelected: sample.nSelected,
  };
  if (missing.length > 0) {
    const notScored = `the event log does not hold ${missing.join(' nor ')}`;
    return { ...head, nLeftOut: sample.nSelected, estimate: NOTHING, met: null, notScored };
  }
  const estimate =
    statistic === 'share'
      ? shareWithin(sample, secondsToMs(thresholdS))
      : percentileResponseS(sample, PERCENTILE[statistic]);
  return {
    ...head,
    nLeftOut: sample.nSelected - estimate.n,
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
  const { hits, decided } = countWithin(sample, secondsToMs(thresholdS));
  const limit = statistic === 'share' ? targetShare : PERCENTILE[statistic];
  const nHits = sum(hits);
  const nLeftOut = sample.nSelected - sum(decided);
  return nHits / sample.nSelected < limit && (nHits + nLeftOut) / sample.nSelected >= limit;
}

/** A percentile without a value lies beyond every answered call: too many were still waiting, so it is missed. */
function isMet(clause: ClauseJson, value: number | null, n: number): boolean | null {
  if (n === 0) return null;
  if (clause.statistic === 'share') return value !== null && value >= clause.targetShare;
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

/** What the log lacks for the clause's event, or null. One unit goes to a call, so only unit 1 ever arrives. */
function eventMissing({ event, unitsRequired }: ClauseJson): string | null {
  switch (event) {
    case 'firstArrival':
      return (unitsRequired ?? 1) === 1 ? null : `its event, the arrival of ${unitsRequired} units`;
    case 'kthArrival':
    case 'echelonArrival':
      if (unitsRequired === undefined)
        return `its event ${event}, for which the clause names no unitsRequired`;
      return unitsRequired === 1
        ? null
        : `its event ${event} of unit ${unitsRequired} (one unit goes to a call)`;
    case 'cordonClosed':
    case 'selfHelpStarted':
      return `its event ${event}`;
    default:
      return assertNever(event);
  }
}

/** The calls a selector speaks of. The hour of day is the local hour in which the call occurred; [from, to). */
function selectorOf(selector: ClauseJson['selector'], run: ScoredCalls): CallSelector {
  const { labels, msIntoDay } = run;
  const classes = selector.zoneClass && new Set(selector.zoneClass);
  const categories = selector.category && new Set(selector.category);
  const priorities = selector.priority && new Set(selector.priority);
  const hours = selector.hourOfDay;
  return (calls, call) => {
    const category = labels.categories[calls.category[call]];
    if (classes && !classes.has(zoneClassOf(labels, calls.zone[call]))) return false;
    if (categories && !categories.has(category.id)) return false;
    if (priorities && !priorities.has(category.priority)) return false;
    return !hours || isInHours(msIntoDay + calls.atMs.occurred[call], hours);
  };
}

/** @param localMs  from any local midnight */
function isInHours(localMs: Ms, [from, to]: readonly [number, number]): boolean {
  const hour = (((localMs % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY) / MS_PER_HOUR;
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** `zone class core or key, priority 1, from 20:00 to 06:00`; `all calls`. */
export function describeSelector({
  zoneClass,
  category,
  priority,
  hourOfDay,
}: ClauseJson['selector']): string {
  const parts: string[] = [];
  if (zoneClass) parts.push(`zone class ${zoneClass.join(' or ')}`);
  if (category) parts.push(`category ${category.join(' or ')}`);
  if (priority) parts.push(`priority ${priority.join(' or ')}`);
  if (hourOfDay) parts.push(`from ${clockText(hourOfDay[0])} to ${clockText(hourOfDay[1])}`);
  return parts.length > 0 ? parts.join(', ') : 'all calls';
}

function clockText(hours: number): string {
  const minutes = Math.round(hours * 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
