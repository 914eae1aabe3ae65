import { describe, expect, it } from 'vitest';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { wilsonInterval } from '../../engine/results/interval.ts';
import type { ClauseScore } from '../../engine/results/results-folder.ts';
import { scoreStandards, type ScoredCalls } from '../../engine/results/score.ts';
import { describeSelector } from '../../engine/results/selection.ts';
import type { StandardJson } from '../../engine/scenario/schema.ts';
import { logByHand, type RowByHand } from './synthetic-log.ts';
import { FROM_CALL, FROM_WHEELS, LABELS, MIXED, MS_INTO_DAY, sixCalls } from './six-calls.ts';

const run = (...numbers: number[]): ScoredCalls => ({
  labels: LABELS,
  msIntoDay: MS_INTO_DAY,
  replications: numbers.map((number) => {
    const { log, calls } = sixCalls(number);
    return foldCalls(log, calls, LABELS.categories);
  }),
});

const scoreStandard = (standard: StandardJson, scored: ScoredCalls): ClauseScore[] =>
  scoreStandards([standard], scored)[0].clauses;

describe('six calls counted by hand', () => {
  it('give 2/3, 1/1 and 0/1 when the clock starts with the call', () => {
    const [core, key, rest] = scoreStandard(FROM_CALL, run(1));
    // core: 58 and 60 s are within 60 s (inclusive), 260 s is not; the call of the warm-up is not counted
    expect(core).toEqual({
      clause: 'core',
      selector: 'zone class core',
      event: 'firstArrival',
      clockStart: 'callReceived',
      thresholdS: 60,
      targetShare: 0.9,
      statistic: 'share',
      nSelected: 3,
      nLeftOut: 0,
      estimate: { value: 2 / 3, ci95: wilsonInterval(2, 3), method: 'wilson', n: 3 },
      met: false,
      notScored: null,
    });
    // key: 179 s is within 180 s
    expect(key.estimate).toMatchObject({ value: 1, n: 1 });
    expect(key.met).toBe(true);
    // outside: call 5 has waited 400 s > 300 s, so it is missed; call 6 has waited 100 s, nobody knows: left out
    expect(rest.estimate).toMatchObject({ value: 0, n: 1 });
    expect(rest).toMatchObject({ nSelected: 2, nLeftOut: 1, met: false });
  });

  it('give 3/3, 1/1 and no number when the clock starts with turning wheels', () => {
    const [core, key, rest] = scoreStandard(FROM_WHEELS, run(1));
    // core: 18, 20 and 40 s: waiting in the queue no longer counts
    expect(core.estimate).toMatchObject({ value: 1, n: 3 });
    expect(key.estimate).toMatchObject({ value: 1, n: 1 });
    // the wheels of calls 5 and 6 have not turned: their clock has not started
    expect(rest).toMatchObject({
      nSelected: 2,
      nLeftOut: 2,
      estimate: { value: null, ci95: null, n: 0 },
      met: null,
      notScored: null,
    });
  });

  it('give percentiles, hours of the day, and the names of events that the log does not hold', () => {
    const clauses = scoreStandard(MIXED, run(1));
    const of = (id: string): (typeof clauses)[number] => clauses.find((clause) => clause.clause === id)!;
    // priority 1: 58, 60, and one open for 100 s. Within 58 s: 1/3; within 60 s: 2/3 >= 0.5
    expect(of('median')).toMatchObject({ estimate: { value: 60, n: 3 }, met: true });
    // 2/3 is all there is, below 0.9: the percentile lies beyond every answered call
    expect(of('p90')).toMatchObject({
      estimate: { value: null, ci95: null, n: 3 },
      met: false,
      notScored: null,
    });
    // 18:00 to 18:15 are calls 1, 2, 3; from occurrence 58, 70 and 260 s: 2/3 within 70 s
    expect(of('evening').estimate).toMatchObject({ value: 2 / 3, n: 3 });
    // 18:30 to 17:00 over midnight are calls 5 and 6
    expect(of('night')).toMatchObject({ nSelected: 2, nLeftOut: 1, estimate: { value: 0, n: 1 } });
    // the arrival of unit 1 is the first arrival: 4 of 5, one undecided
    expect(of('first-of-one')).toMatchObject({ nSelected: 6, nLeftOut: 1, estimate: { value: 4 / 5, n: 5 } });
    // a second unit is asked of calls that need two, and none does
    expect(of('second')).toMatchObject({
      selector: 'all calls that need 2 units or more',
      nSelected: 0,
      estimate: { value: null, ci95: null, n: 0 },
      met: null,
      notScored: null,
    });
    expect(of('ring').notScored).toBe(
      'the event log does not hold its event cordonClosed nor its clock start callAnswered',
    );
    for (const clause of clauses) expect(clause.estimate.n + clause.nLeftOut).toBe(clause.nSelected);
  });

  it('count twice in two equal replications, with no spread to go by', () => {
    const [core] = scoreStandard(FROM_CALL, run(1, 2));
    expect(core.estimate).toEqual({ value: 2 / 3, ci95: wilsonInterval(4, 6), method: 'wilson', n: 6 });
  });
});

describe('the arrival of the k-th unit', () => {
  // two calls of three units, staffed after 300 s and never; one of a single unit; one lost
  const unit = (number: number, sentS: number, arrivedS: number): RowByHand[] => [
    { atS: sentS, kind: 'unitDispatched', unit: number },
    { atS: sentS, kind: 'unitEnRoute', unit: number },
    { atS: arrivedS, kind: 'unitArrived', unit: number },
  ];
  const at = { occurred: 0, received: 0, ready: 0 };
  const { log, calls } = logByHand(
    1,
    [
      { at, category: 1, rows: [...unit(0, 0, 60), ...unit(1, 0, 100), ...unit(2, 0, 300)] },
      { at, category: 1, rows: [...unit(3, 0, 80), ...unit(4, 0, 250)] },
      { at, category: 0, rows: unit(5, 0, 90) },
      { at, category: 1, rows: [{ atS: 0, kind: 'callLost' }] },
      { at, category: 1, rows: [{ atS: 0, kind: 'callTriaged' }] },
    ],
    1000,
  );
  const categories = [
    { id: 'urgent', priority: 1, units: 1 },
    { id: 'ordinary', priority: 3, units: 3 },
  ];
  const score = (unitsRequired: number, thresholdS: number) =>
    scoreStandard(
      {
        id: 's',
        clauses: [
          {
            id: 'c',
            selector: {},
            event: 'kthArrival',
            unitsRequired,
            clockStart: 'callReceived',
            thresholdS,
            targetShare: 0.3,
            statistic: 'share',
          },
        ],
      },
      { labels: { ...LABELS, categories }, msIntoDay: 0, replications: [foldCalls(log, calls, categories)] },
    )[0];

  it('is asked of calls that need so many; a lost call is missed, a triaged one is not asked', () => {
    expect(score(1, 85)).toMatchObject({ nSelected: 4, estimate: { value: 2 / 4, n: 4 }, met: true });
    expect(score(2, 200)).toMatchObject({
      event: 'kthArrival (2)',
      selector: 'all calls that need 2 units or more',
      nSelected: 3,
      estimate: { value: 1 / 3, n: 3 },
      met: true,
    });
    expect(score(3, 300)).toMatchObject({ nSelected: 3, estimate: { value: 1 / 3, n: 3 } });
    expect(score(3, 299)).toMatchObject({ nSelected: 3, estimate: { value: 0, n: 3 }, met: false });
    expect(score(4, 300)).toMatchObject({ nSelected: 0, estimate: { value: null, n: 0 }, met: null });
  });
});

describe('a selector', () => {
  it('reads as words', () => {
    expect(describeSelector({})).toBe('all calls');
    expect(describeSelector({ zoneClass: ['core', 'key'], priority: [1], hourOfDay: [20.5, 6] })).toBe(
      'zone class core or key, priority 1, from 20:30 to 06:00',
    );
  });
});

describe('a run that ends with calls in the queue', () => {
  /** Calls received at 0; the first `answeredS.length` are reached that long after their dispatch, the others never sent. */
  const queueing = (answeredS: readonly number[], nNeverSent: number): ScoredCalls => {
    const { log, calls } = logByHand(
      1,
      Array.from({ length: answeredS.length + nNeverSent }, (_, call) => ({
        at: {
          occurred: 0,
          received: 0,
          ready: 0,
          ...(call < answeredS.length ? { dispatched: 1, enRoute: 1, arrived: 1 + answeredS[call] } : {}),
        },
        unit: call,
      })),
      3600,
    );
    return { labels: LABELS, msIntoDay: 0, replications: [foldCalls(log, calls, LABELS.categories)] };
  };
  const verdict = (
    statistic: 'share' | 'p90',
    answeredS: readonly number[],
    nNeverSent: number,
  ): [number | null, number, boolean | null] => {
    const [{ estimate, nLeftOut, met }] = scoreStandard(
      {
        id: 's',
        clauses: [
          {
            id: 'c',
            selector: {},
            event: 'firstArrival',
            clockStart: 'dispatched',
            thresholdS: 60,
            targetShare: 0.9,
            statistic,
          },
        ],
      },
      queueing(answeredS, nNeverSent),
    );
    return [estimate.value, nLeftOut, met];
  };

  it('does not meet a target by the few that were sent', () => {
    expect(verdict('share', [50, 55], 8)).toEqual([1, 8, null]);
    expect(verdict('p90', [50, 55], 8)).toEqual([55, 8, null]);
  });

  it('has a verdict where the calls left out cannot turn it', () => {
    // 19 of 20 hits and one never sent: at worst 19 of 20
    expect(verdict('share', Array<number>(19).fill(50), 1)).toEqual([1, 1, true]);
    expect(verdict('p90', Array<number>(19).fill(50), 1)).toEqual([50, 1, true]);
    // 5 of 10, one never sent: at best 6 of 11
    const half = [50, 50, 50, 50, 50, 70, 70, 70, 70, 70];
    expect(verdict('share', half, 1)).toEqual([0.5, 1, false]);
    expect(verdict('p90', half, 1)).toEqual([70, 1, false]);
    // 8 of 9, one never sent: 9 of 10 would meet it
    expect(verdict('share', [...Array<number>(8).fill(50), 70], 1)).toEqual([8 / 9, 1, null]);
  });
});
