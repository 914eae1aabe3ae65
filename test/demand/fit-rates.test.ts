import { describe, expect, it } from 'vitest';
import { jackknife, ratioByWeek } from '../../engine/demand/fit/by-week.ts';
import {
  chooseRateKernel,
  effectiveParameters,
  kernelWeights,
  overWeeks,
  RATE_KERNELS,
  rateScore,
  smoothRates,
} from '../../engine/demand/fit/weekly-rates.ts';
import { exposureByWeek, hourAt, localDay, windowOf } from '../../engine/demand/fit/window.ts';
import { InputError } from '../../engine/errors.ts';
import { PURPOSE, randomKey, RandomStream } from '../../engine/rng.ts';
import { loadTimeZone, fixedZone } from '../../engine/scenario/time-zone.ts';

const WEEK_MS = 168 * 3_600_000;
const all = (): boolean => true;
const draw = (seed: number, nWeeks: number, rate: (hour: number) => number): Float64Array =>
  Float64Array.from({ length: nWeeks * 168 }, (_, i) =>
    new RandomStream(randomKey(seed), 1, PURPOSE.callCount, i).poisson(rate(i % 168)),
  );

describe('the hours of a fit', () => {
  it('are those that passed: 167 in the week the clock is put forward, 169 in the one it is put back', async () => {
    const zone = await loadTimeZone('America/New_York', '', '');
    for (const [from, to, hours, twoOClock] of [
      ['2016-03-07T05:00Z', '2016-03-21T04:00Z', 335, 1],
      ['2016-10-31T04:00Z', '2016-11-14T05:00Z', 337, 2],
    ] as const) {
      const window = windowOf(zone, Date.parse(from), Date.parse(to), 'calls.csv');
      expect(window.nHours).toBe(hours);
      const exposure = overWeeks(exposureByWeek(window), all);
      // of the hours of two weeks all come twice but one on Sunday morning
      const odd = [...exposure.keys()].filter((hour) => exposure[hour] !== 2);
      expect(odd).toEqual([6 * 24 + (twoOClock === 1 ? 2 : 1)]);
      expect(exposure[odd[0]]).toBe(twoOClock === 1 ? 1 : 3);
    }
  });

  it('count every moment once, from the first to the last', () => {
    const window = windowOf(fixedZone(0), 0, 2 * WEEK_MS + 5 * 3_600_000 + 1, 'calls.csv');
    expect(window).toMatchObject({ nHours: 341, nWeeks: 2 });
    expect([window.week[335], window.week[340]]).toEqual([1, 1]);
    expect([-1, 0, 3_599_999, 3_600_000, 341 * 3_600_000].map((ms) => hourAt(window, ms))).toEqual([
      -1, 0, 0, 1, -1,
    ]);
    expect([0, 23, 24].map((hour) => localDay(fixedZone(0), window, hour))).toEqual([0, 0, 1]);
    expect(window.hourOfWeek[0]).toBe(3 * 24); // 1 January 1970 was a Thursday
  });

  it('of less than two weeks are refused', () => {
    expect(() => windowOf(fixedZone(0), 0, 2 * WEEK_MS - 7_200_000, 'calls.csv')).toThrow(InputError);
  });
});

describe('rates by hour of the week', () => {
  it('unsmoothed are calls over hours, but for half a call at the mean rate', () => {
    const calls = draw(1, 1, () => 4);
    const rates = smoothRates(
      kernelWeights({ widthHours: 0, likeDays: 0 }),
      calls,
      new Float64Array(168).fill(3),
    );
    const mean = calls.reduce((a, b) => a + b) / (168 * 3);
    calls.forEach((count, hour) => expect(rates[hour]).toBeCloseTo((count + 0.5) / (3 + 0.5 / mean), 12));
  });

  it('keep a constant rate constant under every kernel', () => {
    for (const kernel of RATE_KERNELS) {
      const rates = smoothRates(
        kernelWeights(kernel),
        new Float64Array(168).fill(6),
        new Float64Array(168).fill(2),
      );
      for (const rate of rates) expect(rate).toBeCloseTo(3, 12);
    }
  });

  it('reach over Sunday midnight, and into like days alone', () => {
    const weights = kernelWeights({ widthHours: 1, likeDays: 0.5 });
    const of = (to: number, from: number): number => weights[to * 168 + from];
    expect(of(0, 167)).toBeCloseTo(Math.exp(-0.5), 12);
    expect(of(0, 24)).toBeCloseTo(0.5, 12); // Monday 00:00 from Tuesday 00:00
    expect(of(0, 5 * 24)).toBeCloseTo(0, 12); // not from Saturday 00:00
    expect(of(5 * 24, 6 * 24)).toBeCloseTo(0.5, 12);
  });

  it('are smoothed where hours are alike, and not where every hour is another', () => {
    const hours = new Float64Array(10 * 168).fill(1);
    const flat = chooseRateKernel(
      draw(2, 10, () => 2),
      hours,
      5,
    ).kernel;
    expect(flat.widthHours).toBeGreaterThanOrEqual(2);
    expect(flat.likeDays).toBeGreaterThanOrEqual(0.5);
    const jagged = chooseRateKernel(
      draw(3, 10, (hour) => ((hour * 7) % 5 === 0 ? 60 : 5)),
      hours,
      5,
    ).kernel;
    expect(jagged).toEqual({ widthHours: 0, likeDays: 0 });
    const daily = chooseRateKernel(
      draw(4, 10, (hour) => (hour % 24 === 8 ? 40 : 10)),
      hours,
      5,
    ).kernel;
    expect(daily.widthHours).toBe(0);
    expect(daily.likeDays).toBeGreaterThan(0);
  });

  it('are chosen by the likelihood of counts, which is greatest at the counts themselves', () => {
    const calls = Float64Array.from({ length: 168 }, (_, hour) => 1 + (hour % 9));
    const hours = new Float64Array(168).fill(2);
    const best = rateScore(
      calls.map((count) => count / 2),
      calls,
      hours,
    );
    expect(
      rateScore(
        calls.map((count) => count / 1.9),
        calls,
        hours,
      ),
    ).toBeLessThan(best);
    expect(
      rateScore(
        calls.map((count) => count / 2.1),
        calls,
        hours,
      ),
    ).toBeLessThan(best);
  });

  it('are worth 168 parameters where each hour stands alone, and fewer the smoother they are', () => {
    const hours = new Float64Array(168).fill(4);
    const worth = [0, 0.5, 1, 3].map((widthHours) =>
      effectiveParameters(kernelWeights({ widthHours, likeDays: 0 }), hours),
    );
    expect(worth[0]).toBeCloseTo(168, 9);
    expect(worth).toEqual([...worth].sort((a, b) => b - a));
    expect(effectiveParameters(kernelWeights({ widthHours: 0, likeDays: 1 }), hours)).toBeCloseTo(48, 9);
  });
});

describe('intervals from weeks', () => {
  it('of a mean are those of Student', () => {
    const values = [3, 5, 4, 8];
    const { value, se, ci95 } = ratioByWeek(values, [1, 1, 1, 1], 20);
    expect(value).toBe(5);
    const s = Math.sqrt((4 + 0 + 1 + 9) / 3);
    expect(se).toBeCloseTo(s / 2, 12);
    expect(ci95[1] - value).toBeCloseTo((3.182446305284263 * s) / 2, 9);
  });

  it('hold the truth about 19 times in 20', () => {
    let held = 0;
    for (let sample = 0; sample < 400; sample++) {
      const weeks = draw(100 + sample, 1, () => 50).slice(0, 8);
      const { ci95 } = ratioByWeek(weeks, new Float64Array(8).fill(1), 0);
      if (ci95[0] <= 50 && ci95[1] >= 50) held++;
    }
    expect(held).toBeGreaterThan(0.95 * 400 - 15);
    expect(held).toBeLessThan(0.95 * 400 + 15);
  });

  it('are cut where a figure cannot be', () => {
    expect(jackknife(2, (week) => [0.5, 0.1, 0.9][week + 1], 3, 0, 1).ci95).toEqual([0, 1]);
  });
});
