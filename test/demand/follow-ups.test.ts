/** Linked second calls and repeats: how many, when, where, in which order, and in which block. */
import { describe, expect, it } from 'vitest';
import { checkCallTable, tableOf } from '../../engine/demand/demand.ts';
import { gammaCdf } from '../../engine/demand/gamma.ts';
import { FollowUps } from '../../engine/demand/follow-ups.ts';
import { drawCalls, drawStream } from '../../engine/demand/poisson.ts';
import { MS_PER_DAY, NONE } from '../../engine/units.ts';
import { testStream } from '../support/random-city.ts';
import {
  type Call,
  category,
  cityOf,
  draw,
  errorsOff,
  faceOf,
  type Given,
  kolmogorovSmirnov,
  KS_BOUND,
  ROADS,
  rowsOf,
} from './demand-town.ts';

const EXPONENTIAL = { type: 'exponential', mean: 600 };
const second = category('second', 0, { type: 'gamma', mean: 300, cv: 0.5 });
const linkedTo = (share: number, delayS: unknown) => ({ linked: { share, category: 'second', delayS } });
const repeating = (share: number, delayS: unknown) => ({ repeat: { share, delayS } });
const sources = [{ where: ROADS, callsPerHour: 30 }];
const given = (more: object, run: object = {}): Given => ({
  categories: [category('first', 1, EXPONENTIAL, more), second],
  sources,
  run,
});
const isOwn = ({ parent }: Call): boolean => parent === NONE;

describe('linked second calls', () => {
  it('follow a share of the calls, so long after them, at their place, with the needs of their category', async () => {
    const city = await cityOf(given(linkedTo(0.2, { type: 'exponential', mean: 120 })));
    const calls = rowsOf(drawCalls(city, 1));
    const own = calls.filter(isOwn);
    const following = calls.filter((call) => !isOwn(call));
    expect(errorsOff(following.length, own.length, 0.2)).toBeLessThan(3.9);
    for (const call of following) {
      const first = calls[call.parent];
      expect([first.category, call.category]).toEqual([0, 1]);
      expect([call.segment, call.offsetMm, call.zone]).toEqual([first.segment, first.offsetMm, first.zone]);
      expect(call.occurredMs).toBeGreaterThanOrEqual(first.occurredMs);
    }
    const delays = following.map((call) => call.occurredMs - calls[call.parent].occurredMs);
    expect(kolmogorovSmirnov(delays, (x) => 1 - Math.exp(-x / 120_000))).toBeLessThan(KS_BOUND);
    const firsts = following.map((call) => calls[call.parent].onSceneMs);
    expect(kolmogorovSmirnov(firsts, (x) => 1 - Math.exp(-x / 600_000))).toBeLessThan(KS_BOUND);
  });

  it('leave the calls that they follow as they were', async () => {
    const plain = await cityOf(given({}));
    const linked = await cityOf(given(linkedTo(0.5, { type: 'exponential', mean: 3600 })));
    const own = rowsOf(drawCalls(linked, 1)).filter(isOwn);
    expect(own.map(faceOf)).toEqual(rowsOf(drawCalls(plain, 1)).map(faceOf));
  });

  it('at the same moment come after all own calls of it, in the order of the calls that they follow', async () => {
    const city = await cityOf({
      ...given({ ...linkedTo(0.5, 0), ...repeating(0.5, 0) }, { durationS: 86_400 }),
      sources: [{ where: ROADS, callsPerHour: 1000 }],
    });
    const table = drawCalls(city, 1);
    checkCallTable(table, 2);
    const calls = rowsOf(table);
    let ties = 0;
    for (let i = 1; i < calls.length; i++) {
      if (calls[i].occurredMs !== calls[i - 1].occurredMs || isOwn(calls[i - 1])) continue;
      expect(isOwn(calls[i])).toBe(false);
      expect(calls[i].parent).toBeGreaterThanOrEqual(calls[i - 1].parent);
      if (calls[i].parent === calls[i - 1].parent) {
        expect([calls[i - 1].category, calls[i].category]).toEqual([1, 0]);
      }
      ties++;
    }
    expect(ties).toBeGreaterThan(500);
  });
});

describe('repeats', () => {
  it('come back as the same category at the same place, and may come back again', async () => {
    const city = await cityOf(given(repeating(0.4, { type: 'exponential', mean: 900 })));
    const calls = rowsOf(drawCalls(city, 1));
    const generation = new Map<number, number>();
    const counts = [0, 0, 0, 0, 0, 0];
    calls.forEach((call, number) => {
      const g = isOwn(call) ? 0 : generation.get(call.parent)! + 1;
      generation.set(number, g);
      if (g < counts.length) counts[g]++;
      if (g > 0) {
        const { category: c, segment, offsetMm } = calls[call.parent];
        expect([c, segment, offsetMm]).toEqual([call.category, call.segment, call.offsetMm]);
      }
    });
    // those that would come back after the end are few: a quarter of an hour of a week
    for (let g = 1; g < 5; g++) expect(errorsOff(counts[g], counts[g - 1], 0.4)).toBeLessThan(3.9);
    expect(counts[4]).toBeGreaterThan(50);
  });

  it('raise the rate to that of own calls / (1 - share) once steady', async () => {
    const city = await cityOf(
      given(repeating(0.05, { type: 'exponential', mean: 1800 }), { warmUpS: 86_400 }),
    );
    const scored = draw(city, 10).filter(({ occurredMs }) => occurredMs >= 0);
    const expected = (10 * 168 * 30) / (1 - 0.05);
    // a cluster of mean 1 / (1 - share) and of second moment (1 + share) / (1 - share)^2 for each own call
    const sd = Math.sqrt((10 * 168 * 30 * (1 + 0.05)) / (1 - 0.05) ** 2);
    expect(Math.abs(scored.length - expected)).toBeLessThan(3.9 * sd);
    expect(scored.length).toBeGreaterThan(10 * 168 * 30 + 3.9 * sd); // more than without repeats
  });

  it('of repeats stay the same when the share rises: the calls of the lower share are among those of the higher', async () => {
    const delay = { type: 'exponential', mean: 1800 };
    const [few, many] = await Promise.all(
      [0.1, 0.3].map(async (share) => rowsOf(drawCalls(await cityOf(given(repeating(share, delay))), 1))),
    );
    const known = new Set(many.map(faceOf));
    expect(few.every((call) => known.has(faceOf(call)))).toBe(true);
    expect(many.length).toBeGreaterThan(few.length + 500);
  });
});

describe('calls that follow from others', () => {
  const both = {
    ...linkedTo(0.3, { type: 'lognormal', mean: 5400, cv: 1 }),
    ...repeating(0.2, { type: 'gamma', mean: 86_400, cv: 1.2 }),
  };

  it('wait for their time over hours and blocks; the blocks make the table', async () => {
    const city = await cityOf({ ...given(both), sources: [{ where: ROADS, callsPerHour: 90 }] });
    const table = drawCalls(city, 3);
    checkCallTable(table, 2);
    const stream = drawStream(city, 3);
    const sizes: number[] = [];
    for (let block = stream.next(); block !== null; block = stream.next()) sizes.push(block.nCalls);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(table.nCalls);
    expect(stream.next()).toBe(null);
    expect(tableOf(drawStream(city, 3))).toEqual(table);
    const far = rowsOf(table).filter(({ parent }, number) => parent !== NONE && number - parent > 4096);
    expect(far.length).toBeGreaterThan(50); // in a later block than the call they follow
  });

  it('are those of a longer run as far as it goes: what would come after its end does not', async () => {
    const long = rowsOf(drawCalls(await cityOf(given(both)), 1));
    for (const durationS of [86_400, 200_000]) {
      const short = rowsOf(drawCalls(await cityOf(given(both, { durationS })), 1));
      expect(short).toEqual(long.filter(({ occurredMs }) => occurredMs < durationS * 1000));
    }
  });

  it('come in hours without calls of their own too, up to the end', async () => {
    const onlyFirst = Array.from({ length: 168 }, (_, hour) => (hour === 0 ? 2000 : 0));
    const repeats = repeating(0.5, { type: 'exponential', mean: 86_400 });
    const city = await cityOf({ ...given(repeats), sources: [{ where: ROADS, callsPerHour: onlyFirst }] });
    const calls = rowsOf(drawCalls(city, 1));
    const own = calls.filter(isOwn).length;
    // a repeat per call on the mean, less those after the week: days to the g-th repeat are gamma with shape g
    const late = [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, g) => sum + 0.5 ** g * (1 - gammaCdf(g, 7)), 0);
    const expected = own * (1 - late);
    expect(Math.abs(calls.length - own - expected)).toBeLessThan(3.9 * Math.sqrt(2 * own));
    expect(calls.at(-1)!.occurredMs).toBeGreaterThan(6 * MS_PER_DAY);
  });

  it('do not depend on other sources and their rates', async () => {
    const before = rowsOf(drawCalls(await cityOf(given(both)), 1));
    const more = { ...given(both), sources: [...sources, { where: ROADS, callsPerHour: 5 }] };
    const known = new Set(rowsOf(drawCalls(await cityOf(more), 1)).map(faceOf));
    expect(before.every((call) => known.has(faceOf(call)))).toBe(true);
  });

  it('may be triaged, brought somewhere and keyed as any other', async () => {
    const city = await cityOf({
      ...given({ ...both, triageShare: 0.25, reportS: 60 }),
      more: { travel: { cv: 0.2 } },
    });
    const repeats = draw(city, 2).filter((call) => !isOwn(call) && call.category === 0);
    expect(
      errorsOff(repeats.filter(({ triaged }) => triaged === 1).length, repeats.length, 0.25),
    ).toBeLessThan(3.9);
    expect(repeats.every(({ triaged, reportMs }) => reportMs === (triaged === 1 ? 0 : 60_000))).toBe(true);
    expect(new Set(repeats.map(({ key }) => key)).size).toBe(repeats.length);
  });

  it('of a call that needs nobody follow all the same', async () => {
    const city = await cityOf(
      given({ ...repeating(0.3, 60), triageShare: 1 }, { durationS: MS_PER_DAY / 1000 }),
    );
    const calls = rowsOf(drawCalls(city, 1));
    expect(calls.every(({ triaged }) => triaged === 1)).toBe(true);
    expect(calls.filter((call) => !isOwn(call)).length).toBeGreaterThan(100);
  });
});

describe('the calls that wait for their time', () => {
  it('come out earliest first, ties in the order they were added, whatever the order of adding and taking', () => {
    for (const seed of [1, 2, 3]) {
      const random = testStream(seed);
      const waiting = new FollowUps();
      const plain: { atMs: number; parent: number }[] = [];
      let added = 0;
      for (let step = 0; step < 3000; step++) {
        if (random.uniform() < (step < 1500 ? 0.7 : 0.3) || plain.length === 0) {
          const call = { atMs: random.below(50), parent: added++ };
          waiting.add({ ...call, segment: 1, offsetMm: 2, zone: 3, category: 4, idA: 5, idB: 6 });
          plain.push(call);
          plain.sort((a, b) => a.atMs - b.atMs || a.parent - b.parent);
        } else {
          const { atMs, parent, segment, idB } = waiting.take();
          expect([{ atMs, parent }, segment, idB], `seed ${seed}, step ${step}`).toEqual([
            plain.shift(),
            1,
            6,
          ]);
        }
        expect(waiting.firstMs).toBe(plain[0]?.atMs ?? Infinity);
      }
    }
  });
});
