/**
 * `--until`: how many replications a run makes, judged by the interval of one figure.
 *
 * After every batch of replications, taken in the order of their numbers, the 95 % interval of the figure is computed
 * from all of them; the run ends with the first batch after which half of it is short enough. So the stopping point is a
 * property of the scenario and its seed, whoever finishes first.
 *
 * An interval at a point chosen by its own length is short a little too often: where the spread happens to look small, the
 * run stops. Chow and Robbins (1965, Annals of Mathematical Statistics 36:457-462) show that coverage comes to what is
 * promised as the length asked goes to 0; for runs that stop early it is less. So nothing is judged before FIRST_JUDGED
 * replications. Of 2,000 made-up runs that stop after 27 replications in the mean, 94.4 % cover (test/study/until.test.ts).
 */
import { assert, InputError, nearestName } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { CallSource, ResponseMeasure, Selection } from '../results/call-source.ts';
import {
  jackknifeHalfWidth,
  ratioOverReplications,
  shareOverReplications,
  sum,
} from '../results/interval.ts';
import { callGroups } from '../results/kpis/call-groups.ts';
import { tierClock } from '../results/kpis/tier-clock.ts';
import { percentileResponseS } from '../results/response-sample.ts';
import type { Estimate, UntilJson } from '../results/results-folder.ts';
import { copiesOfCalls, type RunFacts } from '../results/run-facts.ts';
import { replicationCalls, type CountedReplication } from './replication-calls.ts';
import { PERCENTILES, RESPONSE_FIGURES, WITHIN_MS, type ResponseFigure } from './response-figures.ts';

/** Replications before anything is judged: fewer say too little of the spread (Law 2015, section 9.4.1, asks for ten). */
export const FIRST_JUDGED = 10;

export interface UntilRule {
  /** Half of the interval at most: a share (0.01 is one percentage point) or seconds, as the figure. */
  halfWidth: number;
  /** A column of the rows `achieved` of kpis.json, and the row. */
  of: ResponseFigure;
  group: string;
  /** Judged after every so many replications. */
  batch: number;
  /** The run ends here at the latest. */
  most: number;
}

const USUAL = { of: 'within3min', group: 'all', batch: 10, most: 500 } as const;
const KEYS = ['halfWidth', 'of', 'group', 'batch', 'most'] as const;

/**
 * Reads `halfWidth=0.01,of=within3min,group=zoneClass:core,batch=10,most=500`; only halfWidth is required.
 * @param option  what to call it in errors
 * @throws InputError with everything that is wrong
 */
export function parseUntil(text: string, option = '--until'): UntilRule {
  const given = new Map<string, string>();
  const problems: string[] = [];
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(0, at)).trim();
    if (!(KEYS as readonly string[]).includes(key)) {
      const near = nearestName(at < 0 ? part.trim() : key, KEYS);
      const hint = near === undefined ? `keys are ${KEYS.join(', ')}` : `did you mean "${near}="?`;
      problems.push(`"${part}" is not KEY=VALUE with a known key (${hint})`);
    } else if (given.has(key)) problems.push(`"${key}" stands twice`);
    else given.set(key, part.slice(at + 1).trim());
  }
  const of = given.get('of') ?? USUAL.of;
  if (!(RESPONSE_FIGURES as readonly string[]).includes(of)) {
    const near = nearestName(of, RESPONSE_FIGURES);
    const hint = near === undefined ? `allowed: ${RESPONSE_FIGURES.join(', ')}` : `did you mean "${near}"?`;
    problems.push(`of=${of} is not a figure (${hint})`);
  }
  const isShare = of in WITHIN_MS;
  const halfWidth = given.get('halfWidth');
  const width = Number(halfWidth);
  if (halfWidth === undefined) {
    if (problems.length === 0) problems.push('"halfWidth=" is missing, such as halfWidth=0.01');
  } else if (halfWidth === '' || !(width > 0) || width > (isShare ? 0.5 : 86_400)) {
    const allowed = isShare
      ? 'a share above 0, at most 0.5 (0.01 is one percentage point)'
      : 'seconds above 0';
    problems.push(`halfWidth=${halfWidth} is not allowed: ${allowed}`);
  }
  const whole = (key: 'batch' | 'most', from: number): number => {
    const value = given.get(key);
    if (value === undefined) return USUAL[key];
    if (!/^\d+$/.test(value) || Number(value) < from || Number(value) > LIMITS.replications)
      problems.push(`${key}=${value} is not a whole number from ${from} to ${LIMITS.replications}`);
    return Number(value);
  };
  const batch = whole('batch', 1);
  const most = whole('most', FIRST_JUDGED);
  if (problems.length > 0)
    throw new InputError(problems.map((message) => ({ file: option, place: '', message })));
  return {
    halfWidth: width,
    of: of as ResponseFigure,
    group: given.get('group') ?? USUAL.group,
    batch,
    most,
  };
}

/** How a run ends after `n` replications whose interval is `half` wide to each side; null where it goes on. */
export function judgeAfter(
  { halfWidth, batch, most }: Pick<UntilRule, 'halfWidth' | 'batch' | 'most'>,
  n: number,
  half: () => number | null,
): 'target' | 'most' | null {
  const isMost = n === most;
  if (!isMost && (n < FIRST_JUDGED || n % batch !== 0)) return null;
  const reached = half();
  if (reached !== null && reached <= halfWidth) return 'target';
  return isMost ? 'most' : null;
}

export interface Until {
  /**
   * Takes the next replication in order of number.
   * @returns true when the run ends with it
   */
  add(record: CountedReplication): boolean;
  /** How many replications it will come to, by the interval when it was last judged; at first the most allowed. */
  expected(): number;
  /** How it ended: `interrupted` where `add` has not said so. */
  outcome(): UntilJson;
}

/** @throws InputError where the group is not one of the run */
export function createUntil(facts: RunFacts, rule: UntilRule, option = '--until'): Until {
  if (facts.batches > 1) {
    const message =
      'is for runs by replications; a steady-state run is one long replication (make it longer instead)';
    throw InputError.at(option, '', message);
  }
  const groups = callGroups(facts, true);
  const group = groups.find((each) => each.group === rule.group);
  if (group === undefined) {
    const names = groups.map((each) => each.group);
    const near = nearestName(rule.group, names);
    const hint = near === undefined ? `groups of the run are ${names.join(', ')}` : `did you mean "${near}"?`;
    throw InputError.at(option, '', `group=${rule.group} is not a group of calls of this run (${hint})`);
  }
  const { clockStart, event } = tierClock(facts.standards);
  const figure = figureSoFar(facts, rule.of, group.selection, { arrival: 1, clockStart: event });
  let n = 0;
  let expected = rule.most;
  let stopped: UntilJson['stopped'] = 'interrupted';
  const judged = (): number | null => {
    const half = halfWidthOf(figure.estimate());
    if (half === null) return half;
    const ratio = half / rule.halfWidth; // intervals shrink with the square root
    expected = Math.min(rule.most, Math.ceil((n * ratio * ratio) / rule.batch) * rule.batch);
    return half;
  };
  return {
    add(record) {
      assert(stopped === 'interrupted', 'the run has ended');
      figure.add(record);
      stopped = judgeAfter(rule, ++n, judged) ?? 'interrupted';
      return stopped !== 'interrupted';
    },
    expected: () => Math.max(n, expected),
    outcome: () => ({
      ...rule,
      clockStart,
      replications: n,
      reached: halfWidthOf(figure.estimate()),
      stopped,
    }),
  };
}

interface FigureSoFar {
  add(record: CountedReplication): void;
  estimate(): Estimate & { half: number | null };
}

/**
 * The longer side of an interval, before it is cut to what a figure may be: an interval of a share that ends at 1 is no
 * better known for it. Null without an interval.
 */
function halfWidthOf({ value, ci95, half }: ReturnType<FigureSoFar['estimate']>): number | null {
  if (half !== null || value === null || ci95 === null) return half;
  return Math.max(value - ci95[0], ci95[1] - value);
}

/** The estimate that kpis.json will hold. Percentiles cost O(calls log calls) each time, others O(replications). */
function figureSoFar(
  facts: RunFacts,
  of: ResponseFigure,
  selection: Selection,
  measure: ResponseMeasure,
): FigureSoFar {
  const responsesOf = (calls: CallSource) => {
    const sample = calls.responses(selection, measure);
    assert(sample !== null, 'first arrivals were not counted');
    return sample;
  };
  const percentile = PERCENTILES[of];
  if (percentile !== undefined) {
    const calls = replicationCalls(facts);
    return {
      add: (record) => calls.add(record),
      estimate: () => ({ ...percentileResponseS(responsesOf(calls.source()), percentile), half: null }),
    };
  }
  const over: number[] = [];
  const under: number[] = [];
  const withinMs = WITHIN_MS[of];
  return {
    add(record) {
      const calls = replicationCalls(facts);
      calls.add(record);
      const sample = responsesOf(calls.source());
      if (withinMs === undefined) {
        over.push(sample.sumMs[0] / 1000);
        under.push(sample.nAnswered[0]);
      } else {
        const { hits, decided } = sample.countWithin(withinMs);
        over.push(hits[0]);
        under.push(decided[0]);
      }
    },
    estimate: () => ({
      ...(withinMs === undefined
        ? ratioOverReplications(over, under, sum(under))
        : shareOverReplications(over, under, copiesOfCalls(facts, over.length))),
      half: jackknifeHalfWidth(over, under),
    }),
  };
}
