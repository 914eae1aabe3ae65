import { describe, expect, it } from 'vitest';
import { earlierUnitsMs } from '../../engine/results/call-record.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { computeKpis } from '../../engine/results/kpi.ts';
import { reportSentences } from '../../engine/results/report-table.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import type { StandardJson } from '../../engine/scenario/schema.ts';
import { FROM_CALL } from './six-calls.ts';
import { FACTS } from './small-run.ts';
import { logByHand, type CallByHand, type RowByHand } from './synthetic-log.ts';

const CATEGORIES = [
  { id: 'one', priority: 1, units: 1 },
  { id: 'two', priority: 2, units: 2 },
];

const row = (atS: number, kind: RowByHand['kind'], unit: number): RowByHand => ({ atS, kind, unit });

/** A call that is ready 20 s after it occurred, and what units do for it, in seconds from then. */
const call = (
  occurred: number,
  category: number,
  rows: [number, RowByHand['kind'], number][],
): CallByHand => ({
  at: { occurred, received: occurred, ready: occurred + 20 },
  category,
  rows: rows.map(([afterS, kind, unit]) => row(occurred + afterS, kind, unit)),
});

/** Of each call: wait, time of earlier units, and time from the dispatch of the first unit there to its arrival. */
const { log, calls } = logByHand(
  1,
  [
    // waits 10 s, has a unit called away after 60 s, waits 60 s
    call(0, 0, [
      [30, 'unitDispatched', 0],
      [40, 'unitEnRoute', 0],
      [90, 'unitRecalled', 0],
      [150, 'unitDispatched', 1],
      [160, 'unitEnRoute', 1],
      [200, 'unitArrived', 1],
      [400, 'unitCleared', 1],
    ]),
    // its unit is replaced in an instant: no wait
    call(1000, 0, [
      [20, 'unitDispatched', 0],
      [30, 'unitEnRoute', 0],
      [80, 'unitRecalled', 0],
      [80, 'unitDispatched', 1],
      [90, 'unitEnRoute', 1],
      [110, 'unitArrived', 1],
      [400, 'unitCleared', 1],
    ]),
    // of two units the one sent 80 s later comes first
    call(2000, 1, [
      [20, 'unitDispatched', 0],
      [30, 'unitEnRoute', 0],
      [100, 'unitDispatched', 1],
      [110, 'unitEnRoute', 1],
      [150, 'unitArrived', 1],
      [250, 'unitArrived', 0],
      [400, 'unitCleared', 0],
      [400, 'unitCleared', 1],
    ]),
    // its unit is called off the scene: it waits for another, which is no part of the time to the first arrival
    call(3000, 0, [
      [20, 'unitDispatched', 0],
      [30, 'unitEnRoute', 0],
      [60, 'unitArrived', 0],
      [100, 'unitRecalled', 0],
      [300, 'unitDispatched', 0],
      [310, 'unitEnRoute', 0],
      [350, 'unitArrived', 0],
      [400, 'unitCleared', 0],
    ]),
  ],
  4000,
  [row(0, 'shiftStarted', 0), row(0, 'shiftStarted', 1)].map((each) => ({ ...each, detail: 'all-day' })),
);

describe('calls whose units are called away', () => {
  const records = foldCalls(log, calls, CATEGORIES);

  it('wait only while no unit is on them; what earlier units took stands apart', () => {
    const of = (column: Float64Array): number[] => [...column].map((ms) => ms / 1000);
    expect(of(records.waitedMs)).toEqual([70, 0, 0, 200]);
    expect(of(records.waitedToDispatchMs)).toEqual([70, 0, 0, 0]);
    expect([0, 1, 2, 3].map((each) => earlierUnitsMs(records, each) / 1000)).toEqual([60, 60, 80, 0]);
  });

  it('have the clock dispatched of the unit that came first, so that the parts add up to the response', () => {
    const { ready, dispatched, arrived } = records.atMs;
    const fromDispatchS = [50, 30, 50, 40];
    fromDispatchS.forEach((seconds, each) => {
      expect((arrived[each] - dispatched[each]) / 1000).toBe(seconds);
      expect(dispatched[each] - ready[each]).toBe(
        records.waitedToDispatchMs[each] + earlierUnitsMs(records, each),
      );
    });
  });
});

describe('figures of a run in which units are called away', () => {
  const standard = {
    ...FROM_CALL,
    clauses: FROM_CALL.clauses.map((clause) => ({ ...clause, clockStart: 'dispatched' as const })),
  };
  const facts = { ...FACTS, warmUpMs: 0, durationMs: 4_000_000, categories: CATEGORIES };
  const record = {
    replication: 1,
    log,
    calls,
    routes: [],
    busyMsByUnit: [60 + 60 + 380 + 80 + 100, 250 + 320 + 300].map((seconds) => seconds * 1000),
    onDutyMsByUnit: [4_000_000, 4_000_000],
    overtimeMsByUnit: [0, 0],
    breakMsByUnit: [0, 0],
    activityMsByUnit: [0, 0],
    outOfServiceMsByUnit: [0, 0],
  };
  const kpisUnder = (standards: StandardJson[]) =>
    computeKpis({
      facts: { ...facts, standards },
      replications: [foldReplication(facts, record as unknown as Parameters<typeof foldReplication>[1])],
      complete: true,
      potential: [{ group: 'all', label: 'All calls', within1min: 1, within3min: 1, within5min: 1 }],
      unplanned: [],
    });

  it('tell the wait and the time of earlier units apart', () => {
    const { waterfall, losses } = kpisUnder([standard]);
    const means = Object.fromEntries(waterfall.map(({ interval, meanS }) => [interval, meanS.value]));
    expect(means).toMatchObject({ queue: 70 / 4, earlierUnits: 200 / 4, callHandling: 20 });
    const before = ['detection', 'callHandling', 'queue', 'earlierUnits', 'turnout', 'travel'];
    const wholeS = before.reduce((total, interval) => total + means[interval]!, 0);
    expect(wholeS).toBe((200 + 110 + 150 + 60) / 4);
    expect(losses![0].waited).toMatchObject({ value: 2 / 4, n: 4 });
    expect(losses![0].meanWaitS).toMatchObject({ value: 270 / 4, n: 4 });
  });

  it('say so in a sentence, and which clock leaves that time out', () => {
    const said = (standards: StandardJson[]): string => reportSentences(kpisUnder(standards)).join('\n');
    expect(said([standard])).toContain(
      'wait for a free unit 18 s, units sent earlier that did not come first 50 s',
    );
    expect(said([standard])).toContain('together 130 s from the incident to the first arrival');
    expect(said([standard])).toContain('Shares with the clock dispatched leave it out');
    expect(said([FROM_CALL])).toContain('Units sent earlier that did not come first were called away');
    expect(said([FROM_CALL])).not.toContain('leave it out');
  });
});
