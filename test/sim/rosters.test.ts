/** Who is there when: days of the week, breaks, overtime, time out of service, work of one's own accord. */
import { describe, expect, it } from 'vitest';
import { smallCity } from '../support/small-city.ts';

const duty = [
  'shiftStarted',
  'shiftEnded',
  'breakStarted',
  'breakEnded',
  'outOfServiceStarted',
  'outOfServiceEnded',
];

describe('a roster', () => {
  it('puts a unit on duty on its days only', async () => {
    // 2026-03-02 is a Monday
    const small = await smallCity('A---B', {
      units: [
        { id: 'weekdays', at: 'A' },
        { id: 'weekend', at: 'B', shifts: ['sat'] },
      ],
      scenario: {
        shifts: [
          { id: 'all', startS: 0, endS: 86400, days: ['mon', 'wed'] },
          { id: 'sat', startS: 21600, endS: 43200, days: ['sat'] },
        ],
        demand: {
          type: 'poisson',
          categories: [{ id: 'x', priority: 1, share: 1, onSceneS: 60 }],
          sources: [
            {
              where: { type: 'roads' },
              callsPerHour: Array.from({ length: 168 }, (_, h) => (h < 24 ? 1 : 0)),
            },
          ],
        },
        run: { start: '2026-03-02T00:00', durationS: 7 * 86400, replications: 1 },
      },
    });
    expect(small.rows(small.run([]), 'shiftStarted', 'shiftEnded')).toEqual([
      '0 shiftStarted weekdays',
      '86400 shiftEnded weekdays',
      '172800 shiftStarted weekdays',
      '259200 shiftEnded weekdays',
      '453600 shiftStarted weekend',
      '475200 shiftEnded weekend',
    ]);
  });

  it('books what a call takes past the end of the shift as overtime, which is duty', async () => {
    const small = await smallCity('A---B', {
      units: [
        { id: 'early', at: 'A', shifts: ['first'] },
        { id: 'late', at: 'B', shifts: ['second'] },
      ],
      scenario: {
        shifts: [
          { id: 'first', startS: 0, endS: 43200 },
          { id: 'second', startS: 43200, endS: 86400 },
        ],
      },
    });
    const record = small.run([{ atS: 43100, place: 'A', onSceneS: 600 }]);
    expect(record.overtimeMsByUnit).toEqual([500_000, 0]);
    expect(record.onDutyMsByUnit).toEqual([43_700_000, 43_200_000]);
  });
});

const withBreak = (given: object) =>
  smallCity('A---B---C', {
    units: [{ id: 'car', at: 'A', breaks: [{ afterS: 100, durationS: 300, ...given }] }],
  });

describe('a break', () => {
  it('is taken when it falls due', async () => {
    const small = await withBreak({});
    const record = small.run([]);
    expect(small.rows(record, ...duty)).toEqual([
      '0 shiftStarted car',
      '100 breakStarted car',
      '400 breakEnded car',
      '86400 shiftEnded car',
    ]);
    expect(record.breakMsByUnit).toEqual([300_000]);
  });

  it('waits for the end of a call, and comes before the next call that may not interrupt it', async () => {
    const small = await withBreak({});
    const record = small.run([
      { atS: 50, place: 'A', onSceneS: 100, category: 1 },
      { atS: 60, place: 'A', onSceneS: 10, category: 1 },
    ]);
    expect(small.rows(record, 'breakStarted', 'breakEnded', 'unitDispatched')).toEqual([
      '50 unitDispatched call 0 car',
      '150 breakStarted car',
      '450 breakEnded car',
      '450 unitDispatched call 1 car',
    ]);
  });

  it('is interrupted by an urgent call, and what is left of it is taken afterwards', async () => {
    const small = await withBreak({});
    const record = small.run([{ atS: 200, place: 'A', onSceneS: 50, category: 0 }]);
    expect(small.rows(record, 'breakStarted', 'breakEnded', 'unitDispatched', 'unitCleared')).toEqual([
      '100 breakStarted car',
      '200 breakEnded car',
      '200 unitDispatched call 0 car',
      '250 unitCleared call 0 car',
      '250 breakStarted car',
      '450 breakEnded car',
    ]);
    expect(record.breakMsByUnit).toEqual([300_000]);
  });

  it('that nothing interrupts makes even an urgent call wait', async () => {
    const small = await withBreak({ interruptibleBy: 0 });
    const record = small.run([{ atS: 200, place: 'A', onSceneS: 50, category: 0 }]);
    expect(small.rows(record, 'unitDispatched')).toEqual(['400 unitDispatched call 0 car']);
  });
});

describe('time out of service', () => {
  it('begins when the unit is free, and ends by the clock', async () => {
    const small = await smallCity('A---B', {
      units: [
        { id: 'car', at: 'A', outOfService: [{ from: '2026-03-02T00:05', to: '2026-03-02T00:20' }] },
        { id: 'other', at: 'B', shifts: ['all'] },
      ],
    });
    const record = small.run([
      { atS: 280, place: 'A', onSceneS: 100 },
      { atS: 500, place: 'A', onSceneS: 10 },
    ]);
    expect(small.rows(record, 'outOfServiceStarted', 'outOfServiceEnded', 'unitDispatched')).toEqual([
      '280 unitDispatched call 0 car',
      '380 outOfServiceStarted car',
      '500 unitDispatched call 1 other',
      '1200 outOfServiceEnded car',
    ]);
    expect(record.outOfServiceMsByUnit).toEqual([820_000, 0]);
  });
});

describe('work of their own accord', () => {
  const city = (activity: object) =>
    smallCity('A---B', {
      scenario: { activities: [{ id: 'check', perUnitHour: 2, durationS: 300, ...activity }] },
    });

  it('takes the time that the rate and the duration say, within four standard errors of 40 days', async () => {
    const small = await city({});
    let spentMs = 0;
    for (let day = 0; day < 40; day++) {
      // another call table is no other day: replications are
      spentMs += small.run([], {}, day + 1).activityMsByUnit[0];
    }
    // an alternating process: free for an exponential time of mean 30 min, busy for 5
    const expected = (40 * 86_400_000 * 5) / 35;
    const perStart = (40 * 86_400_000) / (35 * 60_000);
    expect(Math.abs(spentMs - expected)).toBeLessThan(4 * 300_000 * Math.sqrt(perStart));
  });

  it('ends when a call comes that may interrupt it', async () => {
    const small = await city({ perUnitHour: 60, durationS: 3000 });
    const record = small.run([{ atS: 2000, place: 'A', onSceneS: 100 }]);
    expect(small.rows(record, 'unitDispatched')).toEqual(['2000 unitDispatched call 0 car-1']);
    const stubborn = await city({ perUnitHour: 60, durationS: 3000, interruptibleBy: 0 });
    expect(
      stubborn.rows(stubborn.run([{ atS: 2000, place: 'A', onSceneS: 100 }]), 'unitDispatched'),
    ).not.toEqual(['2000 unitDispatched call 0 car-1']);
  });

  it('begins at times that no call shifts', async () => {
    const small = await city({});
    const starts = (calls: Parameters<typeof small.run>[0]): string[] =>
      small.rows(small.run(calls), 'activityStarted');
    const undisturbed = starts([]);
    const disturbed = starts([{ atS: 4000, place: 'A', onSceneS: 9000 }]);
    expect(undisturbed.length).toBeGreaterThan(20);
    expect(undisturbed).toEqual(expect.arrayContaining(disturbed));
    expect(disturbed.length).toBeLessThan(undisturbed.length);
  });
});

describe('a unit that answers from its post', () => {
  it('is out of reach on its way back', async () => {
    const small = await smallCity('A---B---C', { units: [{ id: 'car', at: 'A', answersFrom: 'post' }] });
    const record = small.run([
      { atS: 0, place: 'C', onSceneS: 20 }, // there at 80 s, back at 180 s
      { atS: 110, place: 'C', onSceneS: 20 },
    ]);
    expect(small.rows(record, 'unitDispatched', 'unitArrived')).toEqual([
      '0 unitDispatched call 0 car',
      '80 unitArrived call 0 car',
      '180 unitDispatched call 1 car',
      '260 unitArrived call 1 car',
    ]);
  });
});
