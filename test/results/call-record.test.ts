import { describe, expect, it } from 'vitest';
import { NOT_YET, foldCalls } from '../../engine/results/call-record.ts';
import { kindNumber } from '../../engine/sim/event-log.ts';
import { NONE } from '../../engine/units.ts';
import { LABELS, sixCalls } from './six-calls.ts';
import { logByHand } from './synthetic-log.ts';

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
    log.kind.findIndex((k, row) => k === kindNumber(kind as 'callOccurred') && log.call[row] === call);

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
        log.kind[rowOf(log, 'unitEnRoute', 3)] = kindNumber('patrolStand');
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
        log.kind[rowOf(log, 'callReady', 4)] = kindNumber('callReceived');
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
