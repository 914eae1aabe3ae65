import { describe, expect, it } from 'vitest';
import { parseRunStart } from '../../engine/scenario/calendar.ts';
import { type Duty, dutyGap, idleShifts, unmannedSpans } from '../../engine/scenario/duty-gaps.ts';
import type { RunStart, UnitSpec } from '../../engine/scenario/scenario.ts';
import { RandomStream, randomKey, PURPOSE } from '../../engine/rng.ts';
import { DAYS } from '../../engine/scenario/schema.ts';

const HOUR = 3_600_000;
const EVERY_DAY = DAYS.join(' ');

const unit = (given: Partial<UnitSpec> = {}): UnitSpec => ({
  id: 'car',
  post: 0,
  shifts: [0],
  profile: 'plain',
  kind: 'car',
  skills: 0,
  answersFrom: 'anywhere',
  sector: [],
  breaks: [],
  outOfService: [],
  ...given,
});

/** Shifts as from, to in hours and days on which they begin. */
const shiftsOf = (hours: readonly (readonly [number, number, string?])[]): Duty['shifts'] =>
  hours.map(([from, to, days = EVERY_DAY], ix) => ({
    id: `s${ix}`,
    startMs: from * HOUR,
    endMs: to * HOUR,
    days: DAYS.map((day) => days.split(' ').includes(day)),
  }));

const startOf = (text: string): RunStart => parseRunStart(text) as RunStart;

/** What is said of shifts that one unit works unless units are given. Rates by hour of day; 2026-03-02 is a Monday. */
function gapOf(
  hours: readonly (readonly [number, number, string?])[],
  {
    start = '2026-03-02T00:00',
    lasts = 24,
    warmUp = 0,
    units = [unit({ shifts: hours.map((_, ix) => ix) })],
    rate = () => 1,
    surges = [],
  }: {
    start?: string;
    lasts?: number;
    warmUp?: number;
    units?: UnitSpec[];
    rate?: (hourOfDay: number) => number;
    surges?: Duty['demand']['surges'];
  } = {},
): string | null {
  return dutyGap({
    shifts: shiftsOf(hours),
    units,
    demand: {
      categories: [],
      sources: [
        {
          where: { type: 'roads' },
          callsPerHour: Array.from({ length: 168 }, (_, hour) => rate(hour % 24)),
          categoryShares: [],
        },
      ],
      surges,
      calls: null,
    },
    run: { start: startOf(start), durationMs: lasts * HOUR, warmUpMs: warmUp * HOUR },
  });
}

const nobody = (...spans: string[]): string =>
  `no unit is on duty ${spans.join(', ')}, while calls come in; let a unit work then, or set the rates of these hours to 0`;

describe('hours in which no unit is on duty', () => {
  it('are none where shifts follow each other around the clock, over midnight or in two days', () => {
    expect(
      gapOf([
        [8, 20],
        [20, 32],
      ]),
    ).toBeNull();
    expect(gapOf([[0, 24]], { start: '2026-03-02T13:30', lasts: 500 })).toBeNull();
    expect(gapOf([[12, 36]])).toBeNull();
  });

  it('are named with their dates, the first three of them', () => {
    expect(gapOf([[6, 18]], { lasts: 48 })).toBe(
      nobody(
        'from 2026-03-02T00:00 to 2026-03-02T06:00',
        'from 2026-03-02T18:00 to 2026-03-03T06:00',
        'from 2026-03-03T18:00 to 2026-03-04T00:00',
      ),
    );
    expect(gapOf([[6, 18]], { start: '2026-03-02T06:00', lasts: 24 * 7 })).toContain(
      'from 2026-03-04T18:00 to 2026-03-05T06:00, and 4 times more, while calls',
    );
  });

  it('count only within the run and its warm-up', () => {
    expect(gapOf([[8, 10]], { start: '2026-03-02T08:00', lasts: 2 })).toBeNull();
    expect(gapOf([[8, 10]], { start: '2026-03-02T08:00', lasts: 2, warmUp: 1 })).toBe(
      nobody('from 2026-03-02T07:00 to 2026-03-02T08:00'),
    );
    expect(gapOf([[8, 10]], { start: '2026-03-02T09:00', lasts: 2.5 })).toBe(
      nobody('from 2026-03-02T10:00 to 2026-03-02T11:30'),
    );
  });

  it('may be where no calls come: by the rates of the hour, or by a surge of factor 0', () => {
    const awake = (hour: number): number => (hour >= 6 && hour < 18 ? 1 : 0);
    expect(gapOf([[6, 18]], { lasts: 48, rate: awake })).toBeNull();
    expect(gapOf([[7, 18]], { lasts: 24, rate: awake })).toBe(
      nobody('from 2026-03-02T06:00 to 2026-03-02T07:00'),
    );
    const closed = { fromMs: 18.5 * HOUR, toMs: 24 * HOUR, factor: 0, categories: null, zones: null };
    expect(gapOf([[0, 18]], { surges: [closed] })).toBe(nobody('from 2026-03-02T18:00 to 2026-03-02T18:30'));
    // a surge that spares one category leaves the others
    expect(gapOf([[0, 18]], { surges: [{ ...closed, fromMs: 18 * HOUR, categories: [0] }] })).toBe(
      nobody('from 2026-03-02T18:00 to 2026-03-03T00:00'),
    );
  });

  it('follow the days on which a shift begins, also into the next day', () => {
    // 2026-03-06 is a Friday
    const around = { start: '2026-03-06T00:00', lasts: 96 };
    expect(gapOf([[0, 24, 'mon tue wed thu fri']], around)).toBe(
      nobody('from 2026-03-07T00:00 to 2026-03-09T00:00'),
    );
    expect(
      gapOf(
        [
          [0, 24, 'mon tue wed thu fri'],
          [22, 46, 'fri sat'],
        ],
        around,
      ),
    ).toBe(nobody('from 2026-03-08T22:00 to 2026-03-09T00:00'));
  });

  it('follow the times in which units are out of service', () => {
    const away = (fromH: number, toH: number) =>
      unit({ outOfService: [{ fromMs: fromH * HOUR, toMs: toH * HOUR }] });
    expect(gapOf([[0, 24]], { units: [away(5, 9)] })).toBe(
      nobody('from 2026-03-02T05:00 to 2026-03-02T09:00'),
    );
    expect(gapOf([[0, 24]], { units: [away(5, 9), away(8, 12)] })).toBe(
      nobody('from 2026-03-02T08:00 to 2026-03-02T09:00'),
    );
    expect(gapOf([[0, 24]], { units: [away(5, 9), unit()] })).toBeNull();
  });

  it('are the moments of no duty when each moment is looked at alone, for random rosters (seed 135)', () => {
    const draws = new RandomStream(randomKey(135), 1, PURPOSE.dispatch, 0);
    const start = startOf('2026-03-04T07:00');
    for (let round = 0; round < 40; round++) {
      const shifts = shiftsOf(
        Array.from({ length: 1 + draws.below(4) }, () => {
          const from = draws.below(24);
          const days = DAYS.filter(() => draws.below(3) > 0).join(' ');
          return [from, from + 1 + draws.below(24), days === '' ? 'sun' : days] as const;
        }),
      );
      const units = Array.from({ length: 1 + draws.below(3) }, () => {
        const fromMs = (draws.below(200) - 20) * HOUR;
        const outOfService =
          draws.below(2) === 0 ? [] : [{ fromMs, toMs: fromMs + (1 + draws.below(30)) * HOUR }];
        return unit({ shifts: [draws.below(shifts.length)], outOfService });
      });
      const from = -10;
      const to = 190;
      const spans = unmannedSpans({ shifts, units }, start, from * HOUR, to * HOUR);
      const found: boolean[] = [];
      const expected: boolean[] = [];
      for (let hour = from; hour < to; hour++) {
        const atMs = (hour + 0.5) * HOUR;
        found.push(spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs));
        const sinceMonday = start.hourOfWeek + hour; // hours since Monday 00:00
        const onDuty = units.some(
          ({ shifts: worked, outOfService }) =>
            outOfService.every(({ fromMs, toMs }) => atMs < fromMs || atMs >= toMs) &&
            worked.some((s) =>
              [0, 1, 2].some((daysAgo) => {
                const day = Math.floor(sinceMonday / 24) - daysAgo;
                const intoMs = (sinceMonday - day * 24 + 0.5) * HOUR;
                return (
                  shifts[s].days[((day % 7) + 7) % 7] &&
                  intoMs >= shifts[s].startMs &&
                  intoMs < shifts[s].endMs
                );
              }),
            ),
        );
        expected.push(!onDuty);
      }
      expect(found, `round ${round}`).toEqual(expected);
      for (const [ix, { fromMs, toMs }] of spans.entries()) {
        expect(toMs).toBeGreaterThan(fromMs);
        if (ix > 0) expect(fromMs).toBeGreaterThan(spans[ix - 1].toMs);
      }
    }
  });
});

describe('hours without a unit in which calls of a file come', () => {
  const at = (...hours: number[]): Duty['demand'] => ({
    categories: [],
    sources: [],
    surges: [],
    calls: {
      fileName: 'calls.csv',
      strict: false,
      rows: hours.map((hour, ix) => ({
        occurredMs: hour * HOUR,
        place: { lon: 0, lat: 0 },
        category: 0,
        onSceneMs: null,
        line: ix + 2,
      })),
    },
  });
  const gap = (demand: Duty['demand']): string | null =>
    dutyGap({
      shifts: shiftsOf([[6, 18]]),
      units: [unit()],
      demand,
      run: { start: startOf('2026-03-02T00:00'), durationMs: 48 * HOUR, warmUpMs: 0 },
    });

  it('are named; those without a call may be', () => {
    expect(gap(at(6, 17.99, 30))).toBeNull();
    expect(gap(at(6, 18, 29))).toBe(
      'no unit is on duty from 2026-03-02T18:00 to 2026-03-03T06:00, while calls come in; let a unit work then',
    );
  });
});

describe('a shift that nobody works', () => {
  it('is named', () => {
    const shifts = shiftsOf([
      [6, 12],
      [14, 22],
      [22, 30],
    ]);
    expect(idleShifts({ shifts, units: [unit({ shifts: [0, 1] })] })).toEqual(['no unit works shift "s2"']);
  });
});
