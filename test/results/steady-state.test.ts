import { describe, expect, it } from 'vitest';
import { batchAt, batchBounds, callsByBatch } from '../../engine/results/batches.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { computeKpis } from '../../engine/results/kpi.ts';
import { readEvents, scoreRun } from '../../engine/results/read-events.ts';
import { reportSentences } from '../../engine/results/report-table.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import { checkBatches, suggestWarmUp } from '../../engine/results/steady-state.ts';
import { EventsFile } from '../../engine/results/write-parquet.ts';
import { PURPOSE, RandomStream, randomKey } from '../../engine/rng.ts';
import { busyTown, runWithTally } from './busy-town.ts';
import { LABELS, sixCalls } from './six-calls.ts';

describe('batches', () => {
  it('cut the scored time into equal parts, to the millisecond', () => {
    const bounds = batchBounds(100, 3);
    expect([...bounds]).toEqual([0, 33, 67, 100]);
    expect([0, 32, 33, 66, 67, 99, 100].map((timeMs) => batchAt(bounds, timeMs))).toEqual([
      0, 0, 1, 1, 2, 2, 2,
    ]);
    const uneven = batchBounds(86_399_999, 7);
    for (let batch = 0; batch < 7; batch++) {
      expect(batchAt(uneven, uneven[batch])).toBe(batch);
      expect(batchAt(uneven, uneven[batch + 1] - 1)).toBe(batch);
    }
  });

  it('hold the scored calls that occur in them', () => {
    const { log, calls } = sixCalls();
    const records = foldCalls(log, calls, LABELS.categories);
    const batches = callsByBatch(records, batchBounds(3_600_000, 3));
    // occurred at -60, 0, 100, 700, 1000, 3200, 3500 s; batches end at 1200 and 2400 s
    expect(batches.map(({ nCalls }) => nCalls)).toEqual([4, 0, 2]);
    expect([...batches[0].atMs.arrived]).toEqual([58_000, 170_000, 960_000, 1_179_000]);
    expect([...batches[2].unit]).toEqual([0xffff_ffff, 0]);
  });
});

const key = randomKey('steady state');
describe('the check of batches', () => {
  it('has the values worked out by hand', () => {
    // mean 4.5, squares 2 x (0.25 + 2.25 + 6.25 + 12.25) = 42; seven steps of 1: ratio 7 / 42 x 1 = 1/6
    const rising = checkBatches([[1, 2, 3, 4, 5, 6, 7, 8]])!;
    expect(rising.n).toBe(8);
    expect(rising.vonNeumann).toBeCloseTo(7 / 42, 12);
    // products 3.5x2.5 + 2.5x1.5 + 1.5x0.5 - 0.25 + ... = 26.25
    expect(rising.lag1).toBeCloseTo(26.25 / 42, 12);
    expect(rising.correlated).toBe(true);
    const swinging = checkBatches([[1, 8, 1, 8, 1, 8, 1, 8]])!;
    expect(swinging.vonNeumann).toBeCloseTo(3.5, 12); // 7 x 49 / (8 x 12.25)
    expect(swinging.correlated).toBe(false);
  });

  it('takes independent batches for correlated in about 5 of 100 runs', () => {
    let flagged = 0;
    for (let run = 0; run < 2000; run++) {
      const stream = new RandomStream(key, 2, PURPOSE.callTime, run);
      if (checkBatches([Array.from({ length: 20 }, () => stream.normal())])!.correlated) flagged++;
    }
    expect(flagged / 2000).toBeGreaterThan(0.035);
    expect(flagged / 2000).toBeLessThan(0.065);
  });

  it('says nothing of few batches, of equal ones, or of one without calls', () => {
    expect(checkBatches([[1, 2, 3, 4, 5, 6, 7]])).toBeNull();
    expect(checkBatches([new Array<number>(10).fill(3)])).toBeNull();
    expect(checkBatches([[1, 2, 3, null, 5, 6, 7, 8, 9]])).toBeNull();
    expect(checkBatches([])).toBeNull();
  });

  it('takes each replication by itself', () => {
    const one = [1, 4, 2, 3, 1, 5, 2, 4];
    const far = one.map((value) => value + 1000);
    expect(checkBatches([one, far])!.lag1).toBeCloseTo(checkBatches([one])!.lag1, 9);
  });
});

describe('the suggested warm-up', () => {
  const slices = (level: (slice: number) => number, n = 8) => {
    const stream = new RandomStream(key, 3, PURPOSE.callPlace, n);
    const counts = Float64Array.from({ length: 1000 }, () => n);
    return {
      sliceMs: 1000,
      n: counts,
      sumMs: counts.map((count, slice) => count * (level(slice) + 10 * stream.normal())),
    };
  };

  it('ends where a start from nothing has been made up for', () => {
    const suggested = suggestWarmUp(slices((slice) => (slice < 150 ? 100 + slice : 250)))!;
    expect(suggested).toBeGreaterThan(100_000);
    expect(suggested).toBeLessThan(200_000);
  });

  it('is short where there is nothing to make up for', () => {
    expect(suggestWarmUp(slices(() => 250))!).toBeLessThan(100_000);
  });

  it('is none where the run never settles, or has too few calls', () => {
    expect(suggestWarmUp(slices((slice) => slice))).toBeNull();
    expect(suggestWarmUp(slices(() => 250, 0))).toBeNull();
    expect(suggestWarmUp(slices(() => 250, 0.09))).toBeNull();
  });

  it('joins slices until they hold five calls', () => {
    const suggested = suggestWarmUp(slices((slice) => (slice < 150 ? 100 + slice : 250), 0.5))!;
    expect(suggested % 10_000).toBe(0);
    expect(suggested).toBeGreaterThan(100_000);
    expect(suggested).toBeLessThan(250_000);
  });
});

describe('a steady-state run', () => {
  const steady = {
    run: {
      start: '2026-03-02T06:00',
      durationS: 10 * 86_400,
      warmUpS: 86_400,
      seed: 3,
      steadyState: { batches: 10 },
    },
  };

  it('has intervals from one replication, says so, and gives the same scores from its file', async () => {
    const town = await busyTown(steady);
    const { facts, records } = runWithTally(town, 1);
    const kpis = computeKpis({
      facts,
      replications: records.map((record) => foldReplication(facts, record)),
      complete: true,
      potential: [],
      unplanned: [],
    });
    const [all] = kpis.achieved;
    expect(kpis.replications).toBe(1);
    expect([all.within3min.method, all.meanS.method, all.p50S.method]).toEqual([
      'jackknife',
      'jackknife',
      'woodruff',
    ]);
    expect(kpis.calls.perReplication).toMatchObject({
      n: all.n + kpis.losses![0].triaged.value! * kpis.losses![0].n,
    });
    expect(kpis.calls.perReplication.value).toBeCloseTo(kpis.losses![0].n, 6);
    expect(kpis.calls.perReplication.method).toBe('student');
    expect(kpis.steadyState).toMatchObject({ batches: 10, batchS: 86_400 });
    expect(kpis.steadyState!.checks.map(({ figure }) => figure)).toEqual([
      'meanResponse',
      'waited',
      'meanWait',
    ]);
    expect(reportSentences(kpis).join('\n')).toMatch(
      /Steady state: 10 batches of 86400 s after 86400 s of warm-up/,
    );
    expect(reportSentences(kpis).join('\n')).not.toMatch(/One replication does not show/);

    const file = new EventsFile(facts, town.city.graph, 0, '9.9.9');
    records.forEach((record) => file.append(record));
    const bytes = await file.finish(true);
    expect((await scoreRun(bytes, 'events.parquet')).standards).toEqual(kpis.standards);
    const read = await readEvents(bytes, 'events.parquet');
    const { category, zone, ...given } = records[0].calls;
    expect(read.replications[0].calls).toMatchObject(given); // all that a call brings with it
    const ids = (labels: { categories: readonly { id: string }[] }, column: Uint16Array): string[] =>
      [...column].map((ix) => labels.categories[ix].id);
    expect(ids(read.labels, read.replications[0].calls.category)).toEqual(ids(facts, category));
    expect(zone).toHaveLength(read.replications[0].calls.nCalls);
  });
});
