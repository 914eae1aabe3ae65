import { describe, expect, it } from 'vitest';
import { endOf, kthArrivalMs, NOT_YET } from '../../engine/results/call-record.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { ROW } from '../../engine/sim/event-log.ts';
import { NONE } from '../../engine/units.ts';
import { LABELS, sixCalls } from './six-calls.ts';
import { logByHand, type RowByHand } from './synthetic-log.ts';

describe('one record for each call', () => {
  it('holds the time line in milliseconds, and NOT_YET beyond the end of the run', () => {
    const { log, calls } = sixCalls();
    const records = foldCalls(log, calls, LABELS.categories);
    expect(records.nCalls).toBe(7);
    expect(records.endMs).toBe(3_600_000);
    expect([...records.atMs.occurred]).toEqual([
      -60_000, 0, 100_000, 700_000, 1_000_000, 3_200_000, 3_500_000,
    ]);
    expect([...records.atMs.arrived]).toEqual([
      30_000,
      58_000,
      170_000,
      960_000,
      1_179_000,
      NOT_YET,
      NOT_YET,
    ]);
    expect([...records.unit]).toEqual([0, 1, 1, 1, 0, NONE, 0]);
    expect([...records.zone]).toEqual([0, 0, 0, 0, 1, NONE, NONE]);
  });

  it('leaves out calls of the table that never occurred in the log', () => {
    const { log, calls } = logByHand(1, [{ at: { occurred: 5, received: 5 } }], 10);
    const longer = { ...calls, nCalls: 2, occurredMs: Float64Array.of(5000, 99_000) };
    expect(foldCalls(log, longer, LABELS.categories).nCalls).toBe(1);
  });
});

describe('a broken log is refused with replication and row', () => {
  const broken = (change: (log: ReturnType<typeof sixCalls>['log']) => void): (() => unknown) => {
    const { log, calls } = sixCalls(3);
    change(log);
    return () => foldCalls(log, calls, LABELS.categories);
  };
  const rowOf = (log: ReturnType<typeof sixCalls>['log'], kind: string, call: number): number =>
    log.kind.findIndex((k, row) => k === ROW[kind as 'callOccurred'] && log.call[row] === call);

  it.each<[string, (log: ReturnType<typeof sixCalls>['log']) => void, RegExp]>([
    [
      'the clock runs back',
      (log) => {
        log.timeMs[5] = -61_000;
      },
      /replication 3, row 5 .*the clock runs back/,
    ],
    [
      'half a millisecond',
      (log) => {
        log.timeMs[5] += 0.5;
      },
      /no whole millisecond/,
    ],
    [
      'a unit arrives that never set out',
      (log) => {
        log.kind[rowOf(log, 'unitEnRoute', 3)] = ROW.patrolStand;
      },
      /call 3: arrived before enRoute/,
    ],
    [
      'a call is received before it occurs',
      (log) => {
        log.call[rowOf(log, 'callReceived', 2)] = 6;
      },
      /callReceived of call 6, which has not occurred/,
    ],
    [
      'a call is received twice',
      (log) => {
        log.kind[rowOf(log, 'callReady', 4)] = ROW.callReceived;
      },
      /call 4: received twice/,
    ],
    [
      'another unit arrives than was sent',
      (log) => {
        log.unit[rowOf(log, 'unitArrived', 1)] = 0;
      },
      /call 1: arrived by another unit than was sent/,
    ],
    [
      'nobody is sent',
      (log) => {
        log.unit[rowOf(log, 'unitDispatched', 6)] = NONE;
      },
      /dispatched without a unit/,
    ],
    [
      'an unknown kind',
      (log) => {
        log.kind[4] = 99;
      },
      /kind 99 is unknown/,
    ],
    [
      'no end',
      (log) => {
        log.nEvents--;
      },
      /the run has no end/,
    ],
    [
      'calls out of order',
      (log) => {
        log.call[rowOf(log, 'callOccurred', 2)] = 4;
      },
      /call 4 occurs where call 2 was next/,
    ],
  ])('%s', (_, change, message) => {
    expect(broken(change)).toThrow(message);
  });
});

/** A call of category 1 (three units) or 0 (one), and the rows of its units as `unit kind second`. */
const given = (category: number, ...rows: string[]) => {
  const { log, calls } = logByHand(
    1,
    [
      {
        at: { occurred: 0, received: 5, ready: 10 },
        category,
        rows: rows.map((row): RowByHand => {
          const [unit, kind, atS] = row.split(' ');
          return {
            kind: kind as RowByHand['kind'],
            atS: Number(atS),
            ...(unit === '-' ? {} : { unit: Number(unit) }),
          };
        }),
      },
    ],
    10_000,
  );
  return () => foldCalls(log, calls, [{ units: 1 }, { units: 3 }]);
};
const secondsOf = (records: ReturnType<ReturnType<typeof given>>, ...events: (keyof typeof records.atMs)[]) =>
  events.map((event) => records.atMs[event][0] / 1000);

describe('a call of three units', () => {
  const threeUnits = given(
    1,
    ...['0 unitDispatched 10', '1 unitDispatched 10', '2 unitDispatched 40', '0 unitEnRoute 30'],
    ...['1 unitAlerted 15', '1 unitEnRoute 20', '1 unitArrived 100', '2 unitEnRoute 50', '0 unitArrived 200'],
    ...['2 unitArrived 300', '0 unitCleared 400', '2 unitCleared 400', '1 transportStarted 400'],
    ...['1 transportArrived 500', '- callCleared 800', '1 reportStarted 800', '1 unitCleared 950'],
  )();

  it('has the way of the unit that came first, although it was not the first one sent', () => {
    expect(secondsOf(threeUnits, 'dispatched', 'alerted', 'enRoute', 'arrived')).toEqual([10, 15, 20, 100]);
    expect(threeUnits.unit[0]).toBe(1);
    expect([threeUnits.nSent[0], threeUnits.nRecalled[0], threeUnits.waitedMs[0]]).toEqual([3, 0, 0]);
  });

  it('has every arrival, and is staffed with the third', () => {
    expect([1, 2, 3, 4].map((k) => kthArrivalMs(threeUnits, 0, k))).toEqual([
      100_000,
      200_000,
      300_000,
      NOT_YET,
    ]);
    expect(secondsOf(threeUnits, 'staffed')).toEqual([300]);
  });

  it('ends when the last has left, with what the first one did to its end', () => {
    expect(secondsOf(threeUnits, 'left', 'delivered', 'reportStarted', 'freed', 'cleared')).toEqual([
      400, 500, 800, 950, 800,
    ]);
    expect(endOf(threeUnits, 0)).toBe('cleared');
  });
});

describe('a call whose unit is taken away', () => {
  it('waits again, and has the way of the unit that came', () => {
    const records = given(
      0,
      ...['0 unitDispatched 12', '0 unitEnRoute 20', '0 unitRecalled 50', '1 unitDispatched 80'],
      ...['1 unitEnRoute 90', '1 unitArrived 150', '- callCleared 700', '1 unitCleared 700'],
    )();
    expect(secondsOf(records, 'dispatched', 'enRoute', 'arrived', 'left', 'freed')).toEqual([
      80, 90, 150, 700, 700,
    ]);
    expect([records.waitedMs[0], records.nSent[0], records.nRecalled[0]]).toEqual([32_000, 2, 1]);
  });

  it('keeps its first arrival when that unit leaves the scene, but not as one of those that it needs', () => {
    const records = given(
      1,
      ...['0 unitDispatched 10', '0 unitEnRoute 10', '0 unitArrived 60', '0 unitRecalled 80'],
      ...['1 unitDispatched 90', '2 unitDispatched 90', '1 unitEnRoute 95', '2 unitEnRoute 95'],
      ...['1 unitArrived 200', '2 unitArrived 300', '0 unitDispatched 310', '0 unitEnRoute 310'],
    );
    expect([1, 2, 3].map((k) => kthArrivalMs(records(), 0, k))).toEqual([60_000, 300_000, NOT_YET]);
    expect(secondsOf(records(), 'arrived', 'staffed')).toEqual([60, NOT_YET]);
    expect(records().waitedMs[0]).toBe(10_000);
    expect(endOf(records(), 0)).toBe('open');
  });

  it('is still waiting when nobody else is sent: the first one stays with it', () => {
    const records = given(0, '0 unitDispatched 12', '0 unitRecalled 50')();
    expect(secondsOf(records, 'dispatched', 'enRoute')).toEqual([12, NOT_YET]);
    expect(records.waitedMs[0]).toBe(2000);
  });
});

describe('a call that no unit goes to', () => {
  it('ends at the desk, or goes to another force', () => {
    expect(endOf(given(0, '- callTriaged 10')(), 0)).toBe('triaged');
    expect(endOf(given(0, '- callLost 10')(), 0)).toBe('lost');
    expect(endOf(given(0, '- callHeld 10')(), 0)).toBe('open');
  });
});

describe('what cannot be is refused', () => {
  const onTheWay = ['0 unitDispatched 12', '0 unitEnRoute 20'];
  const there = [...onTheWay, '0 unitArrived 30'];
  it.each<[string, string[], RegExp]>([
    ['a unit is sent twice', [...onTheWay, '0 unitDispatched 25'], /unit 0 is sent while it is on call 0/],
    [
      'a unit that was recalled arrives',
      [...onTheWay, '0 unitRecalled 25', '0 unitArrived 30'],
      /by another unit/,
    ],
    ['a call is cleared before anybody came', [...onTheWay, '- callCleared 40'], /cleared before arrived/],
    [
      'a call is cleared while a unit is on its way',
      [...there, '1 unitDispatched 35', '- callCleared 40'],
      /cleared while 1 units are on it/,
    ],
    ['a call is lost while a unit is on it', [...there, '- callLost 40'], /lost while 1 units are on it/],
    ['a triaged call is sent a unit', ['- callTriaged 11', ...onTheWay], /dispatched after it was triaged/],
    ['a call is triaged twice', ['- callTriaged 11', '- callTriaged 12'], /triaged twice/],
    ['a handover without a transport', [...there, '0 transportArrived 40'], /before transportStarted/],
    [
      'a unit is free while it transports',
      [...there, '0 transportStarted 40', '0 unitCleared 50'],
      /cleared before/,
    ],
    [
      'a unit is recalled from its report',
      [...there, '0 reportStarted 40', '0 unitRecalled 50'],
      /recalled after/,
    ],
  ])('%s', (_, rows, message) => {
    expect(given(0, ...rows)).toThrow(message);
  });
});
