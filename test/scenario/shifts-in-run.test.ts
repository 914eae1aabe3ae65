import { describe, expect, it } from 'vitest';
import { MS_PER_HOUR } from '../../engine/units.ts';
import { shiftsInRun, worksInRun } from '../../engine/scenario/shifts-in-run.ts';

const days = (...names: number[]): boolean[] => Array.from({ length: 7 }, (_, day) => names.includes(day));
const shift = (fromH: number, toH: number, on: boolean[]) => ({
  id: `${fromH}-${toH}`,
  startMs: fromH * MS_PER_HOUR,
  endMs: toH * MS_PER_HOUR,
  days: on,
});

/** Friday 20:00 to Saturday 04:00 after an hour of warm-up. */
const run = {
  start: { text: '2026-03-06T20:00', hourOfWeek: 4 * 24 + 20, msIntoHour: 0, msIntoDay: 20 * MS_PER_HOUR },
  durationMs: 8 * MS_PER_HOUR,
  warmUpMs: MS_PER_HOUR,
};
const [friday, saturday, sunday] = [4, 5, 6];

describe('shifts of a run', () => {
  it.each([
    ['one that begins in it', shift(22, 30, days(friday)), true],
    ['one that has begun before', shift(8, 20, days(friday)), true],
    ['one that is over when the warm-up begins', shift(8, 19, days(friday)), false],
    ['one that ends in the warm-up', shift(8, 19.5, days(friday)), true],
    ['one of the next day, before the end', shift(3, 11, days(saturday)), true],
    ['one that begins as the run ends', shift(4, 11, days(saturday)), false],
    ['one of another day', shift(0, 24, days(sunday)), false],
    ['one of yesterday that goes on past midnight', shift(22, 44, days(3)), true],
  ])('hold %s', (_, each, isIn) => {
    expect(shiftsInRun({ shifts: [each], run })).toEqual([isIn]);
  });

  it('are worked by a unit that has one of them', () => {
    const works = worksInRun({ shifts: [shift(0, 24, days(sunday)), shift(22, 30, days(friday))], run });
    expect([[], [0], [1], [0, 1]].map((shifts) => works({ shifts }))).toEqual([false, false, true, true]);
  });
});
