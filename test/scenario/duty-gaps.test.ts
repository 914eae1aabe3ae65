import { describe, expect, it } from 'vitest';
import { parseRunStart } from '../../engine/scenario/calendar.ts';
import { dutyGaps } from '../../engine/scenario/duty-gaps.ts';
import type { RunStart } from '../../engine/scenario/scenario.ts';

const HOUR = 3_600_000;

/** Shifts as [from, to) in hours, all worked by one unit unless named otherwise. */
function gapsOf(
  hours: readonly [number, number][],
  { start = '2026-03-02T00:00', lasts = 24, warmUp = 0, worked = hours.map((_, ix) => ix) } = {},
): string[] {
  return dutyGaps({
    shifts: hours.map(([from, to], ix) => ({ id: `s${ix}`, startMs: from * HOUR, endMs: to * HOUR })),
    units: [{ id: 'car', post: 0, shifts: worked, profile: 'plain' }],
    run: {
      start: parseRunStart(start) as RunStart,
      durationMs: lasts * HOUR,
      warmUpMs: warmUp * HOUR,
      replications: 1,
      seed: 1,
    },
  });
}

const nobody = (from: string, to: string): string =>
  `no unit is on duty from ${from} to ${to}; calls then wait for the next shift`;

describe('hours without a unit on duty', () => {
  it('are none where shifts follow each other around the clock, over midnight or in two days', () => {
    expect(
      gapsOf([
        [8, 20],
        [20, 32],
      ]),
    ).toEqual([]);
    expect(gapsOf([[0, 24]], { start: '2026-03-02T13:30', lasts: 500 })).toEqual([]);
    expect(gapsOf([[12, 36]])).toEqual([]);
  });

  it('are one stretch over midnight, whenever the run starts', () => {
    for (const start of ['2026-03-02T00:00', '2026-03-02T06:00', '2026-03-02T12:00', '2026-03-02T19:15']) {
      expect(gapsOf([[6, 18]], { start, lasts: 48 })).toEqual([nobody('18:00', '06:00')]);
    }
  });

  it('count only within the run and its warm-up', () => {
    expect(gapsOf([[8, 10]], { start: '2026-03-02T08:00', lasts: 2 })).toEqual([]);
    expect(gapsOf([[8, 10]], { start: '2026-03-02T08:00', lasts: 2, warmUp: 1 })).toEqual([
      nobody('07:00', '08:00'),
    ]);
    expect(gapsOf([[8, 10]], { start: '2026-03-02T09:00', lasts: 2.5 })).toEqual([nobody('10:00', '11:30')]);
  });

  it('are told apart, and a shift that nobody works is named', () => {
    expect(
      gapsOf(
        [
          [6, 12],
          [14, 22],
          [22, 30],
        ],
        { worked: [0, 1] },
      ),
    ).toEqual(['no unit works shift "s2"', nobody('22:00', '06:00'), nobody('12:00', '14:00')]);
  });
});
