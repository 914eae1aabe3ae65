/** The end of a run in words: tables as rows of text (how they are drawn is for the caller) and sentences beside them. */
import type {
  ClauseScore,
  Estimate,
  KpisJson,
  StandardScore,
  SteadyStateJson,
  UntilJson,
} from './results-folder.ts';
import { isUnsure, verdictOf, type Verdict } from './verdict.ts';

export interface TextTable {
  title: string;
  header: string[];
  rows: string[][];
}

/** Heads of the columns of the tiers (`TIERS_MS`). */
export const TIER_HEADER = ['1 min', '3 min', '5 min'] as const;

/** Clock starts as a sentence says them, and what lies before them. */
const CLOCK_WORDS: Readonly<Record<string, string>> = {
  occurred: 'the incident occurs',
  callReceived: 'the call is received',
  callAnswered: 'the call is answered',
  dispatched: 'the unit that comes first is dispatched',
  enRoute: 'the wheels of the unit that comes first turn',
};
const BEFORE_THE_CLOCK: Readonly<Record<string, string>> = {
  dispatched: ', after call handling and the wait for a free unit,',
  enRoute: ', after call handling, the wait for a free unit and turnout,',
};

/** Clocks that start with the unit that came first, whatever was sent before it. */
const CLOCKS_OF_UNITS = ['dispatched', 'enRoute'];

const INTERVALS_AFTER_ARRIVAL: Readonly<Record<string, true>> = {
  onScene: true,
  transport: true,
  handover: true,
  report: true,
  arrivedToCleared: true,
};

/** Intervals of a call's time line as a sentence says them. */
const INTERVAL_WORDS: Readonly<Record<string, string>> = {
  detection: 'detection delay',
  callHandling: 'call handling',
  queue: 'wait for a free unit',
  earlierUnits: 'units sent earlier that did not come first',
  dispatch: 'dispatch delay',
  dispatchAndTurnout: 'dispatch delay and turnout',
  arrivedToCleared: 'from arrival to the end of the call',
  travel: 'travel to the door',
  onScene: 'on scene',
};

const clockWords = (clockStart: string): string => `${CLOCK_WORDS[clockStart] ?? clockStart} (${clockStart})`;

/** Achieved coverage of all calls, zone classes and priorities; single zones stand in kpis.json. */
export function achievedTable(kpis: KpisJson): TextTable {
  return {
    title: `Calls reached by the first unit within (clock from ${kpis.clockStart})`,
    header: ['', ...TIER_HEADER, 'mean', '90 %', 'calls'],
    rows: kpis.achieved
      .filter((row) => !isSingleZone(row))
      .map((row) => [
        row.label,
        shareText(row.within1min),
        shareText(row.within3min),
        shareText(row.within5min),
        secondsText(row.meanS),
        secondsText(row.p90S),
        nText(Math.min(row.within1min.n, row.within3min.n, row.within5min.n), row.n),
      ]),
  };
}

/** What a row rests on at least: `1033 of 1036` where calls had to be left out. */
const nText = (n: number, nSelected: number): string =>
  n === nSelected ? String(n) : `${n} of ${nSelected}`;

const isSingleZone = (row: { group: string }): boolean => row.group.startsWith('zone:');

/** Potential coverage: another question with another clock, so another table. */
export function potentialTable(kpis: KpisJson): TextTable {
  return {
    title: `Expected calls within drive of a unit at its post or site, every unit free (clock from ${kpis.potential.clockStart}; exact, so no sample)`,
    header: ['', ...TIER_HEADER],
    rows: kpis.potential.rows
      .filter((row) => !isSingleZone(row))
      .map((row) => [
        row.label,
        percentText(row.within1min),
        percentText(row.within3min),
        percentText(row.within5min),
      ]),
  };
}

/** Clauses of a standard. */
export function standardTable({ title, clauses }: StandardScore): TextTable {
  return {
    title: `Standard: ${title}`,
    header: ['clause', 'of', 'within', 'clock from', 'target', 'result', 'calls', ''],
    rows: clauses.map((clause) => [
      clause.clause,
      clause.selector,
      `${clause.thresholdS} s`,
      clause.clockStart,
      clause.statistic === 'share'
        ? clause.targetShare === null
          ? 'none'
          : percentText(clause.targetShare)
        : `${clause.statistic} ≤ ${clause.thresholdS} s`,
      resultText(clause),
      clause.notScored === null ? nText(clause.estimate.n, clause.nSelected) : '-',
      verdictText(clause),
    ]),
  };
}

const resultText = ({ notScored, statistic, estimate }: ClauseScore): string => {
  if (notScored !== null) return 'not scored';
  return statistic === 'share' ? shareText(estimate) : secondsText(estimate);
};

const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  notScored: '',
  noCalls: 'no such calls',
  noneAsked: 'no share asked',
  undecided: 'undecided',
  met: 'met',
  missed: 'missed',
};

const verdictText = (clause: ClauseScore): string =>
  `${VERDICT_TEXTS[verdictOf(clause)]}${isUnsure(clause) ? ' (unsure)' : ''}`;

/** What the tables do not say by themselves: the clock, what the figures rest on, and what was not scored. */
export function reportSentences(kpis: KpisJson): string[] {
  const all = kpis.achieved.find((row) => row.group === 'all');
  const n = all?.n ?? 0;
  const { replications, calls, complete, clockStart } = kpis;
  const basis =
    kpis.sameCalls === true && replications > 1
      ? `${count(n, 'call')} of a file, the same in each of ${replications} replications`
      : `${count(n, 'call')} in ${count(replications, 'replication')}`;
  const sentences = [
    `Achieved: ${basis}; the clock starts when ${clockWords(clockStart)}${BEFORE_THE_CLOCK[clockStart] ?? ''} and stops at the first arrival. In brackets: 95 % intervals.`,
    ...(kpis.potential.rows.length > 0
      ? [
          `Potential: from the road network alone, every unit on duty and free; the clock starts when the unit's wheels turn (${kpis.potential.clockStart}) and stops on the road, before the way to the door. The two are never to be compared.`,
        ]
      : []),
    ...waterfallSentences(kpis),
  ];
  sentences.push(...lossSentences(kpis), ...steadyStateSentences(kpis.steadyState ?? null));
  if (kpis.until) sentences.push(untilSentence(kpis.until));
  if (kpis.log === false) {
    sentences.push(
      'No event log was kept: percentiles are told to the second, rounded up, and patrols are not told.',
    );
  }
  if (kpis.sameCalls === true && replications > 1) {
    sentences.push(REPLAYED_CALLS);
  }
  if (replications === 1 && !kpis.steadyState) {
    sentences.push(
      'One replication does not show how days differ: its intervals take calls as independent, and means have none.',
    );
  }
  const isAnyUndecided = kpis.standards.some(({ clauses }) =>
    clauses.some((clause) => verdictOf(clause) === 'undecided'),
  );
  if (isAnyUndecided) {
    sentences.push(
      'undecided: the run ended before enough calls were decided; those left out could turn the verdict.',
    );
  }
  const isAnyUnsure = kpis.standards.some(({ clauses }) => clauses.some(isUnsure));
  if (isAnyUnsure)
    sentences.push(
      kpis.sameCalls === true
        ? '(unsure): the interval holds the target, so other calls could turn the verdict.'
        : '(unsure): the interval holds the target, so more replications could turn the verdict.',
    );
  if (calls.openAtEnd.n > 0) {
    sentences.push(
      `${count(calls.openAtEnd.n, 'call')} of ${n} had no unit on scene when the run ended: missed where the clock had run longer than the time asked, otherwise (or where it had not started) left out of that figure. Means are of the ${all?.meanS.n ?? 0} calls that were reached.`,
    );
  }
  for (const { id, clauses } of kpis.standards) {
    for (const clause of clauses) {
      if (clause.notScored !== null)
        sentences.push(`${id} / ${clause.clause} is not scored: ${clause.notScored}.`);
    }
  }
  if (!complete) sentences.push('The run was interrupted: these are the replications that were finished.');
  return sentences;
}

/** Where the minutes go, with what they add up to; and what became of units that did not come first, if any. */
function waterfallSentences({ waterfall, clockStart, standards }: KpisJson): string[] {
  const before = waterfall.filter(({ interval }) => INTERVALS_AFTER_ARRIVAL[interval] === undefined);
  const after = waterfall.filter(({ interval }) => INTERVALS_AFTER_ARRIVAL[interval]);
  const parts = (rows: KpisJson['waterfall']): string =>
    rows
      .map(({ interval, meanS }) => `${INTERVAL_WORDS[interval] ?? interval} ${secondsText(meanS)}`)
      .join(', ');
  const nReached = before.at(0)?.meanS.n ?? 0;
  if (nReached === 0) return [];
  const wholeS = before.reduce((total, { meanS }) => total + (meanS.value ?? 0), 0);
  const sentences = [
    `Mean times of ${count(nReached, 'call')} that ${nReached === 1 ? 'was' : 'were'} reached: ${parts(before)}; together ${Math.round(wholeS)} s from the incident to the first arrival.`,
  ];
  const ended = after.filter(({ meanS }) => meanS.n > 0);
  if (ended.length > 0) {
    const ns = [...new Set(ended.map(({ meanS }) => meanS.n))];
    sentences.push(
      ns.length === 1
        ? `Then, of the first unit there, over ${count(ns[0], 'call')} that ended: ${parts(ended)}.`
        : `Then, of the first unit there: ${ended.map((row) => `${parts([row])} over ${count(row.meanS.n, 'call')}`).join(', ')}.`,
    );
  }
  const lost = before.find(({ interval }) => interval === 'earlierUnits');
  if (lost !== undefined && (lost.meanS.value ?? 0) > 0) {
    const clocks = new Set([
      clockStart,
      ...standards.flatMap(({ clauses }) => clauses.map((clause) => clause.clockStart)),
    ]);
    const started = CLOCKS_OF_UNITS.filter((clock) => clocks.has(clock));
    sentences.push(
      `Units sent earlier that did not come first were called away (pre-emption, re-dispatch) or overtaken. Their time is no wait: a call waits only while no unit is on it, before the first or after its own was called away.${
        started.length === 0
          ? ''
          : ` Shares with the clock ${started.join(' or ')} leave it out, since that clock starts with the unit that came first.`
      }`,
    );
  }
  return sentences;
}

/** Why a run with `--until` has as many replications as it has. */
function untilSentence(until: UntilJson): string {
  const { of, group, clockStart, halfWidth, reached, batch, replications, most, stopped } = until;
  const isShare = of.startsWith('within');
  const text = (half: number): string =>
    isShare ? `${Number((100 * half).toFixed(2))} percentage points` : `${Number(half.toFixed(2))} s`;
  const figure = `the 95 % interval of ${of} of ${group} (clock from ${clockStart})`;
  const now = reached === null ? 'there is none yet' : `it is ±${text(reached)}`;
  const rule = `judged after every ${batch} replications in order`;
  switch (stopped) {
    case 'target':
      return `Until: stopped after ${replications} replications, the first at which ${figure} was no longer than ±${text(halfWidth)} (${now}; ${rule}). Runs that stop by their own interval cover slightly less than 95 %.`;
    case 'most':
      return `Until: TARGET MISSED. All ${most} replications allowed are done, and ${figure} is longer than the ±${text(halfWidth)} asked (${now}).`;
    case 'interrupted':
      return `Until: interrupted before ${figure} was found to be ±${text(halfWidth)} or shorter (after ${replications} replications ${now}).`;
  }
}

/** Of replications that answer the same calls of a file. */
export const REPLAYED_CALLS =
  'Replayed calls: sample sizes count each call once. Intervals over replications tell what drawn times (on scene, delays, drives) do to these calls; what other calls would give is not in them, so they are too short for a statement about other days.';

/** What means and shares of time rest on: `mean of 5 replications`, `mean of 30 batches`. */
export const samplesText = ({ replications, steadyState, log }: KpisJson): string =>
  steadyState && log !== false
    ? `mean of ${count(replications * steadyState.batches, 'batch', 'batches')}`
    : `mean of ${count(replications, 'replication')}`;

/** Said only of what happened: calls triaged, lost, made to wait; time on duty besides calls and patrol. */
function lossSentences(kpis: KpisJson): string[] {
  const { losses, fleet } = kpis;
  const samples = samplesText(kpis);
  const sentences: string[] = [];
  const all = losses?.find((row) => row.group === 'all');
  const isAny = ({ value }: Estimate): boolean => value !== null && value > 0;
  if (all && (isAny(all.triaged) || isAny(all.lost))) {
    const triaged = `${shareText(all.triaged)} of ${count(all.triaged.n, 'call')} ended at the desk`;
    const lost = `${shareText(all.lost)} of the ${all.lost.n} that needed a unit found no room and went to another force, which counts as not reached`;
    sentences.push(
      `Calls: ${[...(isAny(all.triaged) ? [triaged] : []), ...(isAny(all.lost) ? [lost] : [])].join('; ')}.`,
    );
  }
  if (all && isAny(all.waited)) {
    sentences.push(
      `Waiting: ${shareText(all.waited)} of ${count(all.waited.n, 'call')} had to wait for a unit, with none on them; mean wait over all ${all.meanWaitS.n} that were sent one ${secondsText(all.meanWaitS)}.`,
    );
  }
  if (fleet) {
    const parts = [
      ...(isAny(fleet.activityShare) ? [`${shareText(fleet.activityShare)} on activities of their own`] : []),
      ...(isAny(fleet.breakShare) ? [`${shareText(fleet.breakShare)} on breaks`] : []),
      ...(isAny(fleet.outOfServiceShare) ? [`${shareText(fleet.outOfServiceShare)} out of service`] : []),
    ];
    if (parts.length > 0)
      sentences.push(`Units together, of their time on duty (${samples}): ${parts.join(', ')}.`);
    if (isAny(fleet.overtimeHours))
      sentences.push(
        `Overtime: ${countText(fleet.overtimeHours)} hours of all units in a replication (${samples}).`,
      );
  }
  return sentences;
}

/** Figures of batches as a sentence says them. */
const BATCH_WORDS: Readonly<Record<string, string>> = {
  meanResponse: 'mean response',
  waited: 'share waiting',
  meanWait: 'mean wait',
};

function steadyStateSentences(steadyState: SteadyStateJson | null): string[] {
  if (steadyState === null) return [];
  const { batches, batchS, checks, warmUp } = steadyState;
  const sentences = [
    `Steady state: ${count(batches, 'batch', 'batches')} of ${Math.round(batchS)} s after ${Math.round(warmUp.givenS)} s of warm-up; batches stand where replications stand in the intervals.`,
  ];
  const correlated = checks.filter(({ check }) => check?.correlated === true);
  if (correlated.length > 0) {
    const words = correlated.map(
      ({ figure, check }) => `${BATCH_WORDS[figure] ?? figure} ${check!.lag1.toFixed(2)}`,
    );
    sentences.push(
      `Warning: batches hang together (correlation with the next: ${words.join(', ')}), so the intervals are too short; make the run longer, or its batches fewer.`,
    );
  }
  if (warmUp.suggestedS === null) {
    sentences.push(
      `Warning: by ${warmUp.method} the run is too short to say how long its warm-up should be.`,
    );
  } else if (warmUp.suggestedS > warmUp.givenS) {
    sentences.push(
      `Warning: by ${warmUp.method} the warm-up should be ${Math.ceil(warmUp.suggestedS)} s, longer than the ${Math.round(warmUp.givenS)} s given.`,
    );
  }
  return sentences;
}

/** `83.2 % (80.1-86.0)`; `-` without a value. */
export function shareText({ value, ci95 }: Estimate): string {
  if (value === null) return '-';
  return ci95 === null
    ? percentText(value)
    : `${percentText(value)} (${tenths(100 * ci95[0])}-${tenths(100 * ci95[1])})`;
}

/** `347.4 (345.7-348.0)`; `-` without a value. */
export function countText({ value, ci95 }: Estimate): string {
  if (value === null) return '-';
  const mean = String(Math.round(value * 10) / 10);
  return ci95 === null ? mean : `${mean} (${tenths(ci95[0])}-${tenths(ci95[1])})`;
}

/** `142 s (135-150)`; `-` without a value. */
export function secondsText({ value, ci95 }: Estimate): string {
  if (value === null) return '-';
  return ci95 === null
    ? `${Math.round(value)} s`
    : `${Math.round(value)} s (${Math.round(ci95[0])}-${Math.round(ci95[1])})`;
}

/** A share as per cent: `87.3 %`. */
export const percentText = (share: number): string => `${tenths(100 * share)} %`;
const tenths = (value: number): string => value.toFixed(1);
const count = (n: number, noun: string, nouns = `${noun}s`): string => `${n} ${n === 1 ? noun : nouns}`;
