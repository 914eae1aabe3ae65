/** Surges: rates are multiplied where and when they say, and the calls of the plain rate stay as they were. */
import { describe, expect, it } from 'vitest';
import { HOURS_PER_WEEK, MS_PER_HOUR } from '../../engine/units.ts';
import { box } from '../support/ascii-map.ts';
import {
  type Call,
  category,
  chiSquare,
  chiSquareBound,
  cityOf,
  draw,
  faceOf,
  type Given,
  histogram,
  mean,
  ROADS,
  variance,
} from './demand-town.ts';

const zones = [
  { id: 'west', class: 'core', polygon: [box(-1, -1, 3, 4)] },
  { id: 'east', class: 'key', polygon: [box(4, -1, 20, 4)] },
];
const categories = [
  category('a', 1, { type: 'exponential', mean: 600 }),
  category('b', 1, { type: 'exponential', mean: 60 }),
];
const base: Given = {
  zones,
  categories,
  sources: [
    { where: ROADS, callsPerHour: 12 },
    { where: { type: 'zone', zone: 'west' }, callsPerHour: 3, categoryShares: { b: 0 } },
  ],
};
const REPLICATIONS = 5;
const drawn = async (surges: object[], given: Given = base): Promise<Call[]> =>
  draw(await cityOf({ ...given, surges }), REPLICATIONS);
const off = (count: number, expected: number): number => Math.abs(count - expected) / Math.sqrt(expected);

describe('a surge', () => {
  // from Tuesday 10:30 to Wednesday 02:12, which begins and ends within an hour
  const span = { from: '2026-03-03T10:30', to: '2026-03-04T02:12' };
  const [fromMs, toMs] = [(24 + 10.5) * MS_PER_HOUR, (48 + 2.2) * MS_PER_HOUR];
  const within = ({ occurredMs }: Call): boolean => occurredMs >= fromMs && occurredMs < toMs;

  it('above 1 adds calls in its time, to the minute, and keeps all others', async () => {
    const plain = await drawn([]);
    const surged = await drawn([{ ...span, factor: 2.5 }]);
    const known = new Set(plain.map(faceOf));
    const kept = surged.filter((call) => known.has(faceOf(call)));
    const added = surged.filter((call) => !known.has(faceOf(call)));
    expect(kept.length).toBe(plain.length);
    expect(added.every(within)).toBe(true);
    expect(off(added.length, REPLICATIONS * 15 * 1.5 * 15.7)).toBeLessThan(3.9);
    const atEnds = added.filter(
      ({ occurredMs }) => occurredMs < fromMs + MS_PER_HOUR / 2 || occurredMs >= toMs - MS_PER_HOUR / 5,
    );
    expect(off(atEnds.length, REPLICATIONS * 15 * 1.5 * 0.7)).toBeLessThan(3.9);
  });

  it('below 1 leaves calls out in its time and changes no other; 0 leaves none', async () => {
    const plain = await drawn([]);
    const known = new Set(plain.map(faceOf));
    const fewer = await drawn([{ ...span, factor: 0.3 }]);
    expect(fewer.every((call) => known.has(faceOf(call)))).toBe(true);
    expect(fewer.filter((call) => !within(call)).map(faceOf)).toEqual(
      plain.filter((call) => !within(call)).map(faceOf),
    );
    expect(off(fewer.filter(within).length, REPLICATIONS * 15 * 0.3 * 15.7)).toBeLessThan(3.9);
    const none = await drawn([{ ...span, factor: 0 }]);
    expect(none.map(faceOf)).toEqual(plain.filter((call) => !within(call)).map(faceOf));
  });

  it('that is higher keeps the calls of one that is lower', async () => {
    let lower = new Set<string>();
    for (const factor of [0, 0.4, 1, 1.2, 3, 3.1]) {
      const calls = new Set((await drawn([{ ...span, factor }])).map(faceOf));
      expect([...lower].every((call) => calls.has(call))).toBe(true);
      expect(calls.size).toBeGreaterThan(lower.size);
      lower = calls;
    }
  });

  it('of factor 1 changes nothing, nor does one before or after the run', async () => {
    const plain = await drawn([]);
    expect(await drawn([{ ...span, factor: 1 }])).toEqual(plain);
    expect(await drawn([{ from: '2026-02-01T00:00', to: '2026-03-02T00:00', factor: 9 }])).toEqual(plain);
    expect(await drawn([{ dates: ['2026-03-09'], factor: 9 }])).toEqual(plain);
  });

  it('is about its categories and zones only', async () => {
    const plain = await drawn([]);
    const known = new Set(plain.map(faceOf));
    const surged = await drawn([{ ...span, factor: 4, categories: ['a'], zones: ['west'] }]);
    const added = surged.filter((call) => !known.has(faceOf(call)));
    expect(surged.length - added.length).toBe(plain.length);
    expect(added.every((call) => call.category === 0 && call.zone === 0 && within(call))).toBe(true);
    const alike = plain.filter((call) => call.category === 0 && call.zone === 0).length;
    const hours = REPLICATIONS * HOURS_PER_WEEK;
    expect(Math.abs(added.length - (alike / hours) * 3 * 15.7 * REPLICATIONS)).toBeLessThan(
      3.9 * Math.sqrt(added.length + 15.7 * 15.7 * 9 * REPLICATIONS * REPLICATIONS * (alike / hours ** 2)),
    );
  });

  it('multiplies with others that hold at the same time', async () => {
    const [first, second] = [
      { from: '2026-03-03T00:00', to: '2026-03-05T00:00', factor: 2 },
      { from: '2026-03-04T06:15', to: '2026-03-06T00:00', factor: 1.5 },
    ];
    const calls = await drawn([first, second]);
    const factorAt = (hour: number): number =>
      (hour >= 24 && hour < 72 ? 2 : 1) * (hour >= 54.25 && hour < 96 ? 1.5 : 1);
    const quarters = histogram(
      calls.map(({ occurredMs }) => Math.floor(occurredMs / (4 * MS_PER_HOUR))),
      HOURS_PER_WEEK / 4,
    );
    const expected = quarters.map((_, q) => {
      let sum = 0;
      for (let at = 0; at < 16; at++) sum += (REPLICATIONS * 15 * factorAt(4 * q + at / 4)) / 4;
      return sum;
    });
    expect(chiSquare(quarters, expected)).toBeLessThan(chiSquareBound(quarters.length));
  });

  it('makes hours that are Poisson: the variance of their number is its mean', async () => {
    const half = Array.from({ length: 7 }, (_, d) => ({
      from: `2026-03-0${2 + d}T00:30`,
      to: `2026-03-0${2 + d}T23:30`,
      factor: 0.5 + d,
      ...(d % 2 === 0 ? { categories: ['a'] } : {}),
    }));
    const calls = await drawn(half);
    for (const day of [1, 2, 5]) {
      const counts = histogram(
        calls
          .filter(({ occurredMs }) => Math.floor(occurredMs / MS_PER_HOUR / 24) === day)
          .map(({ occurredMs }) => (Math.floor(occurredMs / MS_PER_HOUR) % 24) - 1)
          .filter((hour) => hour >= 0 && hour < 22),
        22,
      );
      // REPLICATIONS hours are summed in each count: still Poisson
      const ratio = variance(counts) / mean(counts);
      expect(Math.abs(ratio - 1)).toBeLessThan(3.9 * Math.sqrt(2 / 21));
    }
  });

  it('after surge, minute by minute, leaves the other hours alone', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({
      from: `2026-03-03T10:${String(i).padStart(2, '0')}`,
      to: `2026-03-03T10:${String(i + 1).padStart(2, '0')}`,
      factor: 50,
      zones: [i % 2 === 0 ? 'west' : 'east'],
    }));
    const plain = await drawn([]);
    const calls = await drawn(many);
    expect(calls.length).toBeGreaterThan(plain.length + 1000);
    const hour = ({ occurredMs }: Call): number => Math.floor(occurredMs / MS_PER_HOUR);
    expect(calls.filter((call) => hour(call) !== 34)).toEqual(plain.filter((call) => hour(call) !== 34));
  });
});
