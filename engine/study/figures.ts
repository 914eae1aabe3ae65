/**
 * The figures that plans are compared by. Each is read off one replication at a time: as a numerator and a denominator,
 * or, for percentiles, as a curve. So the parts of a study are small however many calls it has.
 */
import { assert, InputError, nearestName } from '../errors.ts';
import type { CallSource, Selection } from '../results/call-source.ts';
import { sum } from '../results/interval.ts';
import { callGroups, priorityGroups } from '../results/kpis/call-groups.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import type { ResponseSample } from '../results/response-sample.ts';
import type { RunFacts } from '../results/run-facts.ts';
import { arrivalOf, clockOf, eventMissing } from '../results/score.ts';
import { tallySource } from '../results/tally-source.ts';
import { createTally, tallyPlan } from '../results/tally.ts';
import type { UnitTimes } from '../results/unit-times.ts';
import type { ClauseJson } from '../scenario/schema.ts';
import { MS_PER_HOUR, secondsToMs, type Ms } from '../units.ts';
import { PERCENTILES, RESPONSE_FIGURES, WITHIN_MS, type ResponseFigure } from './response-figures.ts';

export const FIGURES = [
  ...RESPONSE_FIGURES,
  /** Share of calls that miss the threshold of their clause of the first standard, all its clauses together. */
  'late',
  /** As in the rows `losses` of kpis.json. */
  'lost',
  'waited',
  'meanWaitS',
  /** Of all units, as in `fleet`. */
  'busyShare',
  'overtimeHours',
] as const;
export type FigureKey = (typeof FIGURES)[number];

/** A figure of a group of calls (`all`, `zoneClass:core`, `priority:1`, `zone:ID`). */
export interface FigureOf {
  figure: FigureKey;
  group: string;
}

/** What a table shows where nobody asks for figures. */
export const MAIN_FIGURES: readonly FigureOf[] = (
  [
    'within1min',
    'within3min',
    'within5min',
    'meanS',
    'p90S',
    'late',
    'waited',
    'lost',
    'busyShare',
    'overtimeHours',
  ] as const
).map((figure) => ({ figure, group: 'all' }));

/** What values are: shares of 1, seconds, or hours in a replication. */
export const unitOf = (figure: FigureKey): 'share' | 's' | 'h' =>
  figure === 'overtimeHours' ? 'h' : figure.endsWith('S') ? 's' : 'share';

/** Whether more of it is better. */
export const isMoreBetter = (figure: FigureKey): boolean => figure in WITHIN_MS;

export const figureName = ({ figure, group }: FigureOf): string =>
  group === 'all' ? figure : `${figure}@${group}`;

/** Reads `within3min` or `within3min@zoneClass:core`. @throws InputError with the nearest name */
export function parseFigure(text: string, option = '--metric'): FigureOf {
  const at = text.indexOf('@');
  const figure = at < 0 ? text : text.slice(0, at);
  if (!(FIGURES as readonly string[]).includes(figure)) {
    const near = nearestName(figure, FIGURES);
    const hint = near === undefined ? `allowed: ${FIGURES.join(', ')}` : `did you mean "${near}"?`;
    throw InputError.at(option, '', `"${figure}" is not a figure (${hint})`);
  }
  return { figure: figure as FigureKey, group: at < 0 ? 'all' : text.slice(at + 1) };
}

/**
 * Answered calls and decided calls by time, at the edges of `tallyPlan(facts).bins`; where a column ends, its last entry
 * holds for all later edges.
 */
export interface TimeCurve {
  hits: Uint32Array;
  decided: Uint32Array;
}

/** A numerator and its denominator. */
export interface RatioSample {
  over: number;
  under: number;
}

/** A figure in one replication: a ratio, or what a percentile is read from. */
export type FigureSample = RatioSample | TimeCurve;

export const isCurve = (sample: FigureSample): sample is TimeCurve => 'hits' in sample;
export const isRatio = (sample: FigureSample): sample is RatioSample => !isCurve(sample);

export type ReadFigure = (calls: CallSource, units: UnitTimes) => FigureSample;

/**
 * Prepares the reading of a figure from the tally of a replication.
 * @throws InputError where the run has no such group, or the figure none of that kind
 */
export function figureReader(facts: RunFacts, { figure, group }: FigureOf, option = '--metric'): ReadFigure {
  const groupOf = <Group extends { group: string }>(groups: readonly Group[]): Group => {
    const found = groups.find((each) => each.group === group);
    if (found !== undefined) return found;
    const names = groups.map((each) => each.group);
    const near = nearestName(group, names);
    const hint = near === undefined ? `it has ${names.join(', ')}` : `did you mean "${near}"?`;
    const message = `"${figure}@${group}": scenario ${facts.scenario} has no such group for this figure (${hint})`;
    throw InputError.at(option, '', message);
  };
  switch (figure) {
    case 'late': {
      groupOf([{ group: 'all' }]);
      return lateReader(facts);
    }
    case 'lost':
    case 'waited':
    case 'meanWaitS': {
      const { priority } = groupOf(priorityGroups(facts));
      return (calls) => {
        const counts = calls.counts(priority);
        if (figure === 'lost')
          return { over: sum(counts.lost), under: sum(counts.scored) - sum(counts.triaged) };
        return figure === 'waited'
          ? { over: sum(counts.waited), under: sum(counts.waitKnown) }
          : { over: sum(counts.waitMs) / 1000, under: sum(counts.dispatched) };
      };
    }
    case 'busyShare':
    case 'overtimeHours':
      groupOf([{ group: 'all' }]);
      return (_, units) =>
        figure === 'busyShare'
          ? { over: sum(units.busyMs), under: sum(units.onDutyMs) }
          : { over: sum(units.overtimeMs) / MS_PER_HOUR, under: 1 };
    case 'within1min':
    case 'within3min':
    case 'within5min':
    case 'meanS':
    case 'p50S':
    case 'p90S':
    case 'p95S':
      return responseReader(facts, figure, groupOf(callGroups(facts, true)).selection);
  }
}

function responseReader(facts: RunFacts, figure: ResponseFigure, selection: Selection): ReadFigure {
  const measure = { arrival: 1, clockStart: tierClock(facts.standards).event };
  const { edgesMs } = tallyPlan(facts).bins;
  const withinMs = WITHIN_MS[figure];
  return (calls) => {
    const sample = calls.responses(selection, measure);
    assert(sample !== null, 'first arrivals were not counted');
    if (withinMs !== undefined) return shareOf(sample, withinMs);
    return PERCENTILES[figure] === undefined
      ? { over: sum(sample.sumMs) / 1000, under: sum(sample.nAnswered) }
      : curveOf(sample, edgesMs);
  };
}

function shareOf(sample: ResponseSample, thresholdMs: Ms): RatioSample {
  const { hits, decided } = sample.pooledWithin(thresholdMs);
  return { over: hits, under: decided };
}

function curveOf(sample: ResponseSample, edgesMs: Float64Array): TimeCurve {
  const hits = new Uint32Array(edgesMs.length);
  const decided = new Uint32Array(edgesMs.length);
  let n = 0;
  edgesMs.forEach((edgeMs, i) => {
    const within = sample.pooledWithin(edgeMs);
    hits[i] = within.hits;
    decided[i] = within.decided;
    if (i === 0 || hits[i] !== hits[i - 1] || decided[i] !== decided[i - 1]) n = i + 1;
  });
  return { hits: hits.slice(0, n), decided: decided.slice(0, n) };
}

/** Clauses of the first standard that a tally can count: those whose clock and event are simulated. */
export function countedClauses(facts: RunFacts): ClauseJson[] {
  const calls = tallySource(facts, [createTally(facts).data()]);
  return (facts.standards.at(0)?.clauses ?? []).filter((clause) => {
    const clockStart = clockOf(clause.clockStart);
    if (clockStart === null || eventMissing(clause) !== null) return false;
    return calls.responses(clause.selector, { arrival: arrivalOf(clause), clockStart }) !== null;
  });
}

/** A call that two clauses speak of counts in both. */
function lateReader(facts: RunFacts): ReadFigure {
  const clauses = countedClauses(facts);
  return (calls) => {
    let late = 0;
    let decided = 0;
    for (const clause of clauses) {
      const clockStart = clockOf(clause.clockStart)!;
      const sample = calls.responses(clause.selector, { arrival: arrivalOf(clause), clockStart });
      assert(sample !== null, () => `clause ${clause.id} was not counted`);
      const { over, under } = shareOf(sample, secondsToMs(clause.thresholdS));
      late += under - over;
      decided += under;
    }
    return { over: late, under: decided };
  };
}
