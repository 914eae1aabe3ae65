import { describe, expect, it } from 'vitest';
import { overload } from '../../engine/scenario/overload.ts';
import type { ActivitySpec, DemandCategory, Scenario } from '../../engine/scenario/scenario.ts';
import { DAYS } from '../../engine/scenario/schema.ts';
import { constantLaw } from '../../engine/scenario/time-law.ts';

const HOUR = 3_600_000;

const category = (onSceneS: number, given: Partial<DemandCategory> = {}): DemandCategory => ({
  id: 'c',
  name: 'c',
  priority: 1,
  share: 1,
  siren: false,
  onScene: constantLaw(onSceneS * 1000),
  skills: 0,
  units: 1,
  release: 'together',
  triageShare: 0,
  transport: null,
  report: null,
  linked: null,
  repeat: null,
  ...given,
});

type Loaded = Parameters<typeof overload>[0];

/** One unit in a shift of 12 hours a day: 84 hours a week. Calls of the first category take half an hour. */
const scenario = (
  callsPerHour: number,
  categoryShares = [1, 0],
  categories = [category(1800), category(36_000)],
): Loaded => ({
  demand: {
    categories,
    sources: [
      {
        where: { type: 'roads' as const },
        callsPerHour: Array<number>(168).fill(callsPerHour),
        categoryShares,
      },
    ],
    surges: [],
    calls: null,
  },
  shifts: [{ id: 'day', startMs: 8 * HOUR, endMs: 20 * HOUR, days: DAYS.map(() => true) }],
  units: [
    {
      id: 'u',
      post: 0,
      shifts: [0],
      profile: 'plain',
      kind: 'car',
      skills: 0,
      answersFrom: 'anywhere',
      sector: [],
      breaks: [],
      outOfService: [],
    },
  ],
  activities: [],
  queue: { type: 'unlimited', places: 0 },
  // a week from Monday 00:00
  run: {
    start: { text: '2026-03-02T00:00', hourOfWeek: 0, msIntoHour: 0, msIntoDay: 0 },
    durationMs: 168 * HOUR,
    warmUpMs: 0,
  },
});

/** Hours asked for, as the warning says them. */
const hours = (loaded: Loaded): number =>
  Number(/ask for ([\d.]+) hours/.exec(overload(loaded)[0] ?? '')?.[1] ?? 0);

describe('load above capacity', () => {
  it('is warned of from the first hour that is one too many', () => {
    // 84 hours of duty; half an hour on scene for each of 168 x 0.999 calls is less, of 168 x 1 calls as much
    expect(overload(scenario(0.999))).toEqual([]);
    expect(overload(scenario(1))).toEqual([
      'calls of the run ask for 84 hours of units, but units are on duty for 84; the queue grows without bound',
    ]);
  });

  it('counts each category by its share of the source', () => {
    // half the calls take ten hours: 168 x 0.1 x (0.25 + 5) hours
    expect(hours(scenario(0.1, [1, 1]))).toBe(88.2);
    expect(overload(scenario(0.09, [1, 1]))).toEqual([]);
  });

  it('counts every unit that is sent, but no call that ends at the desk', () => {
    const two = category(1800, { units: 2 });
    expect(hours(scenario(1, [1], [two]))).toBe(168);
    expect(hours(scenario(1, [1], [{ ...two, triageShare: 0.25 }]))).toBe(126);
  });

  it('counts handover and writing of one unit, and not of the others', () => {
    const needs = category(1800, {
      units: 2,
      transport: { share: 0.5, kind: 'custody', handover: constantLaw(3_600_000) },
      report: constantLaw(900_000),
    });
    expect(hours(scenario(1, [1], [needs]))).toBe(168 * (1 + 0.5 + 0.25));
  });

  it('counts the calls that a call brings about', () => {
    // half of them bring a second one of ten minutes about; of those half again, and so on: 10 + 5 + 2.5… minutes
    const second = category(600, { repeat: { share: 0.5, delay: constantLaw(0) } });
    const first = category(1800, { linked: { share: 0.5, category: 1, delay: constantLaw(0) } });
    expect(hours(scenario(1, [1, 0], [first, second]))).toBe((168 * (30 + 10)) / 60);
  });

  it('counts what units do of their own accord, and only days on which a shift begins', () => {
    const stops: ActivitySpec = {
      id: 'stop',
      name: 'stop',
      perUnitHour: 2,
      duration: constantLaw(900_000),
      interruptibleBy: 9,
      units: [0],
    };
    // 42 of 84 hours go to stops; 84 x 0.5 is left
    const busy = { ...scenario(0.5), activities: [stops] };
    expect(overload(busy)).toEqual([
      'calls and activities of the run ask for 84 hours of units, but units are on duty for 84; the queue grows without bound',
    ]);
    const loaded = scenario(0.999);
    const monday = loaded.shifts.map((shift) => ({ ...shift, days: DAYS.map((day) => day === 'mon') }));
    expect(overload({ ...loaded, shifts: monday })[0]).toContain('on duty for 12;');
  });

  it('speaks of calls that find no room where calls cannot wait', () => {
    const queue: Scenario['queue'] = { type: 'finite', places: 5 };
    expect(overload({ ...scenario(2), queue })[0]).toContain('many calls find no room');
  });

  it('looks at the run and not at the rest of the week', () => {
    const loaded = scenario(1.9);
    const noon = {
      ...loaded.run,
      start: { text: '2026-03-02T12:00', hourOfWeek: 12, msIntoHour: 0, msIntoDay: 12 * HOUR },
    };
    // four hours from noon: 3.8 of 4 hours of duty
    expect(overload({ ...loaded, run: { ...noon, durationMs: 4 * HOUR } })).toEqual([]);
    expect(hours({ ...loaded, run: { ...noon, durationMs: 12 * HOUR } })).toBe(11.4);
  });

  it('counts the calls of a file, with the times that they had', () => {
    const row = { occurredMs: 0, place: { lon: 0, lat: 0 }, category: 0, line: 2 };
    const loaded = scenario(0);
    const rows = [
      { ...row, onSceneMs: null }, // half an hour by the law
      { ...row, onSceneMs: 12 * HOUR },
    ];
    const demand = { ...loaded.demand, sources: [], calls: { fileName: 'calls.csv', strict: false, rows } };
    // 12.5 hours in a run of one day, with 12 hours of duty
    expect(hours({ ...loaded, demand, run: { ...loaded.run, durationMs: 24 * HOUR } })).toBe(12.5);
  });
});
