import { describe, expect, it } from 'vitest';
import { computeKpis, type LoggedReplications } from '../../engine/results/kpi.ts';
import { foldPatrol, wholeShifts } from '../../engine/results/patrol-record.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { foldUnitTimes } from '../../engine/results/unit-times.ts';
import type { RunFacts } from '../../engine/results/run-facts.ts';
import { EVERY_DAY, FACTS } from './small-run.ts';
import { logByHand, type RowByHand } from './synthetic-log.ts';

const HOUR = 3_600_000;

describe('shifts that lie wholly in the scored time', () => {
  const day = { msIntoDay: 0, durationMs: 24 * HOUR };
  it.each([
    ['a day shift of one day', day, { startMs: 6 * HOUR, endMs: 14 * HOUR }, [6 * HOUR], 0],
    ['a shift over both midnights is cut twice', day, { startMs: 22 * HOUR, endMs: 30 * HOUR }, [], 2],
    ['the whole day', day, { startMs: 0, endMs: 24 * HOUR }, [0], 0],
    [
      'a run of two days from noon',
      { msIntoDay: 12 * HOUR, durationMs: 48 * HOUR },
      { startMs: 8 * HOUR, endMs: 20 * HOUR },
      [20 * HOUR],
      2,
    ],
    [
      'night shifts of two days from noon',
      { msIntoDay: 12 * HOUR, durationMs: 48 * HOUR },
      { startMs: 22 * HOUR, endMs: 30 * HOUR },
      [10 * HOUR, 34 * HOUR],
      0,
    ],
  ])('%s', (_, run, shift, startsMs, nCut) => {
    expect(wholeShifts({ ...run, startDay: 0 }, { ...shift, days: EVERY_DAY })).toEqual({ startsMs, nCut });
  });

  it('are those of the days on which the shift begins', () => {
    // from Saturday noon for four days; a night shift of Sundays and Tuesdays
    const run = { msIntoDay: 12 * HOUR, durationMs: 96 * HOUR, startDay: 5 };
    const days = EVERY_DAY.map((_, day) => day === 6 || day === 1);
    expect(wholeShifts(run, { startMs: 22 * HOUR, endMs: 30 * HOUR, days })).toEqual({
      startsMs: [34 * HOUR, 82 * HOUR],
      nCut: 0,
    });
  });
});

/**
 * From midnight for 4 hours; shifts early 0-2 h, late 2-4 h, and night 22-26 h, which the start cuts. The gate is asked
 * twice in each shift, the park once, the lane once each way.
 */
const facts: RunFacts = {
  ...FACTS,
  start: '2026-03-02T00:00',
  msIntoDay: 0,
  durationMs: 4 * HOUR,
  warmUpMs: 0,
  standards: [],
  units: ['P1', 'P2'],
  shifts: [
    { id: 'early', startMs: 0, endMs: 2 * HOUR, days: EVERY_DAY },
    { id: 'late', startMs: 2 * HOUR, endMs: 4 * HOUR, days: EVERY_DAY },
    { id: 'night', startMs: 22 * HOUR, endMs: 26 * HOUR, days: EVERY_DAY },
  ],
  points: [
    { id: 'gate', visitsPerShift: 2, longestGapMs: HOUR },
    { id: 'park', visitsPerShift: 1, longestGapMs: null },
  ],
  lines: [{ id: 'lane', passesPerShift: 1, direction: 'both' }],
};

const missed = (task: string, shift: string, cause: string): string => JSON.stringify({ task, shift, cause });
const rows: RowByHand[] = [
  { atS: 0, kind: 'shiftStarted', unit: 0, detail: 'early' },
  { atS: 0, kind: 'shiftStarted', unit: 1, detail: 'night' }, // since 22:00 the day before: cut
  { atS: 600, kind: 'patrolTaskDone', unit: 0, detail: 'visit:gate' },
  { atS: 1200, kind: 'patrolTaskDone', unit: 1, detail: 'visit:gate' }, // by the cut shift: no quota, but a visit
  { atS: 2000, kind: 'patrolTaskDone', unit: 0, detail: 'pass:lane' },
  { atS: 2500, kind: 'patrolTaskDone', unit: 0, detail: 'pass-back:lane' },
  { atS: 5400, kind: 'patrolTaskDone', unit: 0, detail: 'visit:gate' },
  { atS: 7200, kind: 'patrolTaskMissed', unit: 0, detail: missed('visit:park', 'early', 'brokenByCalls') },
  { atS: 7200, kind: 'patrolTaskMissed', unit: 1, detail: missed('visit:gate', 'night', 'shiftEnded') },
  { atS: 7200, kind: 'shiftEnded', unit: 0, detail: 'early' },
  { atS: 7200, kind: 'shiftEnded', unit: 1, detail: 'night' },
  { atS: 7200, kind: 'shiftStarted', unit: 0, detail: 'late' },
  { atS: 9000, kind: 'patrolTaskDone', unit: 0, detail: 'visit:gate' },
  { atS: 9500, kind: 'patrolTaskDone', unit: 0, detail: 'visit:park' },
  { atS: 14_400, kind: 'patrolTaskMissed', unit: 0, detail: missed('visit:gate', 'late', 'shiftEnded') },
  { atS: 14_400, kind: 'shiftEnded', unit: 0, detail: 'late' },
];

const kpiInput = (otherRows: readonly RowByHand[] = rows): LoggedReplications => ({
  facts,
  replications: [1].map((replication) => {
    const { log, calls } = logByHand(replication, [], 14_400, otherRows);
    return {
      replication,
      calls: foldCalls(log, calls, FACTS.categories),
      unitsByBatch: foldUnitTimes(log, facts, [0, facts.durationMs]),
      patrol: foldPatrol(log, facts),
    };
  }),
  complete: true,
  potential: [],
  // the late shift's plan has no way back along the lane
  unplanned: [{ shift: 1, task: { kind: 'pass', line: 0, against: true }, count: 1, cause: 'unreachable' }],
});

describe('patrol quotas by hand', () => {
  const { patrol } = computeKpis(kpiInput());

  it('are asked of the whole shifts, early and late', () => {
    expect(patrol.shifts).toEqual([
      { shift: 'early', whole: 1, cut: 0 },
      { shift: 'late', whole: 1, cut: 0 },
      { shift: 'night', whole: 0, cut: 1 },
    ]);
    expect(patrol.visits.asked).toBe(2 * 3);
    expect(patrol.passes.asked).toBe(2 * 2);
  });

  it('are done as often as the log says', () => {
    expect(patrol.visits.done.value).toBe(4); // gate 2 and 1, park 0 and 1
    expect(patrol.passes.done.value).toBe(2);
  });

  it('are missed by cause: told by the log, not planned, or left without a word', () => {
    expect(patrol.missed.map(({ n }) => n)).toEqual([1, 2, 1, 1]);
    expect(patrol.missed).toMatchObject([
      { task: 'visit:park', shift: 'early', cause: 'brokenByCalls', perReplication: 1 },
      { task: 'visit:gate', shift: 'late', cause: 'shiftEnded', perReplication: 1 },
      { task: 'pass:lane', shift: 'late', cause: 'notRecorded', perReplication: 1 },
      { task: 'pass-back:lane', shift: 'late', cause: 'unreachable', perReplication: 1 },
    ]);
  });

  it('add up: asked is done and missed', () => {
    const missedTotal = patrol.missed.reduce((sum, row) => sum + row.perReplication, 0);
    const { visits, passes } = patrol;
    expect(visits.done.value! + passes.done.value! + missedTotal).toBe(visits.asked + passes.asked);
  });

  it('have the longest time without a visit, the ends of the scored time included', () => {
    // gate at 600, 1200, 5400, 9000 of 0-14400: the last 5400 s; park at 9500: the first 9500 s
    expect(
      patrol.longestGapS.map(({ point, allowedS, longestS }) => [
        point,
        allowedS,
        longestS.value,
        longestS.n,
      ]),
    ).toEqual([
      ['gate', 3600, 5400, 4],
      ['park', null, 9500, 1],
    ]);
  });
});

describe('a patrol row that names nothing', () => {
  it.each<[RowByHand, RegExp]>([
    [{ atS: 10, kind: 'patrolTaskDone', unit: 0, detail: 'visit:nowhere' }, /"visit:nowhere" is no point/],
    [{ atS: 10, kind: 'patrolTaskDone', unit: 0, detail: 'home' }, /"home" is no visit or pass/],
    [{ atS: 10, kind: 'patrolTaskMissed', unit: 0, detail: 'tired' }, /no task, shift and cause/],
    [
      { atS: 10, kind: 'patrolTaskMissed', unit: 0, detail: missed('visit:gate', 'noon', 'x') },
      /"noon" is no shift/,
    ],
    [{ atS: 10, kind: 'shiftStarted', unit: 0, detail: '' }, /"" is no shift/],
  ])('%j is refused', (row, message) => {
    expect(() => kpiInput([rows[0], row])).toThrow(message);
  });
});
