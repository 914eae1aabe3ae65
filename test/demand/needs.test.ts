/** What calls need besides their time on scene: shares within binomial limits, and the same need whatever else changes. */
import { describe, expect, it } from 'vitest';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { gammaCdf } from '../../engine/demand/gamma.ts';
import { CALL_COLUMNS } from '../../engine/demand/demand.ts';
import {
  type Call,
  category,
  cell,
  cityOf,
  CONSTANT,
  draw,
  errorsOff,
  type Given,
  kolmogorovSmirnov,
  KS_BOUND,
  ROADS,
  rowsOf,
} from './demand-town.ts';

const EXPONENTIAL = { type: 'exponential', mean: 600 };
const NEEDY = {
  triageShare: 0.2,
  transport: { share: 0.3, kind: 'hospital', handoverS: { type: 'gamma', mean: 1200, cv: 0.5 } },
  reportS: { type: 'exponential', mean: 300 },
};
const needy = category('needy', 1, EXPONENTIAL, NEEDY);
const plain = category('plain', 2, EXPONENTIAL);
const town = (given: Given) =>
  cityOf({
    ...given,
    more: { destinations: [{ id: 'h', kind: 'hospital', lonLat: cell(5, 1) }], ...given.more },
  });
const sources = [{ where: ROADS, callsPerHour: 40 }];

describe('what a call needs', () => {
  it('is triage, transport and a report by the shares and laws of its category', async () => {
    const calls = draw(await town({ categories: [needy, plain], sources }), 4);
    const ofNeedy = calls.filter((call) => call.category === 0);
    const others = calls.filter((call) => call.category === 1);
    expect(ofNeedy.length).toBeGreaterThan(8000);
    const met = ofNeedy.filter(({ triaged }) => triaged === 0);
    expect(errorsOff(ofNeedy.length - met.length, ofNeedy.length, 0.2)).toBeLessThan(3.9);
    const brought = met.filter(({ transported }) => transported === 1);
    expect(errorsOff(brought.length, met.length, 0.3)).toBeLessThan(3.9);
    const handovers = brought.map(({ handoverMs }) => handoverMs);
    expect(kolmogorovSmirnov(handovers, (x) => gammaCdf(4, x / 300_000))).toBeLessThan(KS_BOUND);
    const reports = met.map(({ reportMs }) => reportMs);
    expect(kolmogorovSmirnov(reports, (x) => 1 - Math.exp(-x / 300_000))).toBeLessThan(KS_BOUND);
    const onScene = met.map(({ onSceneMs }) => onSceneMs);
    expect(kolmogorovSmirnov(onScene, (x) => 1 - Math.exp(-x / 600_000))).toBeLessThan(KS_BOUND);
    for (const { triaged, transported, handoverMs, reportMs } of others) {
      expect([triaged, transported, handoverMs, reportMs]).toEqual([0, 0, 0, 0]);
    }
  });

  it('is nothing more when it ends at the desk, and no handover without transport', async () => {
    const calls = draw(await town({ categories: [needy], sources }), 1);
    for (const { triaged, transported, handoverMs, reportMs, onSceneMs } of calls) {
      if (triaged === 1) expect([transported, handoverMs, reportMs, onSceneMs]).toEqual([0, 0, 0, 0]);
      else expect(handoverMs > 0).toBe(transported === 1);
    }
  });

  it('is independent of each other: triage and transport say nothing of time on scene', async () => {
    const calls = draw(await town({ categories: [needy], sources }), 4).filter((call) => call.triaged === 0);
    const above = (call: Call): boolean => call.onSceneMs > 600_000 * Math.LN2;
    const brought = calls.filter(({ transported }) => transported === 1);
    expect(errorsOff(brought.filter(above).length, brought.length, 0.5)).toBeLessThan(3.9);
    const longReport = calls.filter(({ reportMs }) => reportMs > 300_000);
    expect(errorsOff(longReport.filter(above).length, longReport.length, 0.5)).toBeLessThan(3.9);
    expect(
      errorsOff(longReport.filter((c) => c.transported === 1).length, longReport.length, 0.3),
    ).toBeLessThan(3.9);
  });
});

describe('the needs of a call stay', () => {
  const base = { categories: [needy, plain], sources };
  const columns = async (given: Given): Promise<Call[]> => rowsOf(drawCalls(await town(given), 1));
  const find = (calls: Call[]): Map<string, Call> =>
    new Map(calls.map((call) => [`${call.occurredMs} ${call.segment} ${call.offsetMm}`, call]));

  it('when a share changes: who is brought at 0.3 is brought at 0.5, and calls triaged at 0.1 are at 0.2', async () => {
    const before = await columns(base);
    const more = { ...NEEDY, transport: { ...NEEDY.transport, share: 0.5 }, triageShare: 0.1 };
    const after = await columns({ ...base, categories: [category('needy', 1, EXPONENTIAL, more), plain] });
    expect(after.length).toBe(before.length);
    let added = 0;
    before.forEach((call, i) => {
      if (call.triaged === 1) return;
      if (after[i].transported > call.transported) added++;
      else expect(after[i]).toEqual(call);
    });
    expect(added).toBeGreaterThan(100);
    expect(after.every((call, i) => call.triaged <= before[i].triaged)).toBe(true);
  });

  it('when another category gets other needs', async () => {
    const before = await columns(base);
    const busy = category('plain', 2, EXPONENTIAL, { ...NEEDY, triageShare: 0.9 });
    const after = await columns({ ...base, categories: [needy, busy] });
    const ofNeedy = (calls: Call[]): Call[] => calls.filter((call) => call.category === 0);
    expect(ofNeedy(after)).toEqual(ofNeedy(before));
  });

  it('when another category gets another random law on scene', async () => {
    const before = await columns(base);
    for (const law of [
      { type: 'gamma', mean: 900, cv: 0.5 },
      { type: 'lognormal', mean: 60, cv: 2 },
      { type: 'empirical', valuesS: [1, 2, 3] },
    ]) {
      const after = await columns({ ...base, categories: [needy, category('plain', 2, law)] });
      const ofNeedy = (calls: Call[]): Call[] => calls.filter((call) => call.category === 0);
      expect(ofNeedy(after)).toEqual(ofNeedy(before));
    }
  });

  it('when a source is added or gets another rate, units or the dispatch policy change, or the run is shorter', async () => {
    const before = await columns(base);
    const found = find(await columns({ ...base, sources: [...sources, { where: ROADS, callsPerHour: 7 }] }));
    for (const call of before) {
      expect(found.get(`${call.occurredMs} ${call.segment} ${call.offsetMm}`)).toEqual(call);
    }
    const [rare, often] = await Promise.all(
      [1, 9].map(async (callsPerHour) =>
        columns({ ...base, sources: [{ where: ROADS, callsPerHour }, ...sources] }),
      ),
    );
    const oftenFound = find(often);
    for (const call of rare) {
      expect(oftenFound.get(`${call.occurredMs} ${call.segment} ${call.offsetMm}`)).toEqual(call);
    }
    const units = ['A', 'C', 'F'].map((at) => ({ id: at, at }));
    expect(await columns({ ...base, units })).toEqual(before);
    expect(await columns({ ...base, more: { dispatch: { type: 're-dispatch' } } })).toEqual(before);
    const short = await columns({ ...base, run: { durationS: 100_000 } });
    expect(short).toEqual(before.filter(({ occurredMs }) => occurredMs < 1e8));
    expect(short.length).toBeGreaterThan(1000);
  });
});

describe('the key of a call', () => {
  it('is drawn when a delay or the travel time is random, and is 0 otherwise; the rest of the call stays', async () => {
    const base = { categories: [needy, CONSTANT], sources };
    const without = drawCalls(await town(base), 1);
    expect(without.key.every((key) => key === 0)).toBe(true);
    for (const more of [
      { delays: { accessS: { type: 'exponential', mean: 60 } } },
      { travel: { cv: 0.3 } },
    ]) {
      const keyed = drawCalls(await town({ ...base, more }), 1);
      expect(new Set(keyed.key).size).toBeGreaterThan(keyed.nCalls - 5);
      expect([...keyed.key].filter((key) => key >= 2 ** 31).length / keyed.nCalls).toBeCloseTo(0.5, 1);
      for (const column of CALL_COLUMNS) {
        if (column !== 'key') expect(keyed[column]).toEqual(without[column]);
      }
    }
    const fixed = { delays: { accessS: 60, callHandlingS: { type: 'constant', mean: 30 } } };
    expect(drawCalls(await town({ ...base, more: fixed }), 1)).toEqual(without);
  });
});
