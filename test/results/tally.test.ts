import { beforeAll, describe, expect, it } from 'vitest';
import { runReport } from '../../engine/node/run-report.ts';
import { resultFiles } from '../../engine/results/result-files.ts';
import { runPayload } from '../../engine/replicate.ts';
import { createTally } from '../../engine/results/tally.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import { recordSource } from '../../engine/results/record-source.ts';
import { foldReplication, runFacts } from '../../engine/results/run-facts.ts';
import type { Estimate, KpisJson } from '../../engine/results/results-folder.ts';
import { binnedSample, binOf, timeBins } from '../../engine/results/time-bins.ts';
import {
  columnSample,
  meanResponseS,
  percentileResponseS,
  shareWithin,
} from '../../engine/results/response-sample.ts';
import { testStream } from '../support/random-city.ts';
import { smallCity } from '../support/small-city.ts';
import { busyTown, figuresOf, runWithTally, type TalliedRun } from './busy-town.ts';

/** The tally's percentile is the end of the second (beyond an hour: of the bin) that holds the log's. */
function expectWithinBin(tally: Estimate, log: Estimate): void {
  expect(tally.n).toBe(log.n);
  expect(tally.value === null).toBe(log.value === null);
  if (tally.value === null || log.value === null) return;
  expect(tally.value).toBeGreaterThanOrEqual(log.value);
  expect(tally.value - log.value).toBeLessThan(Math.max(1, log.value / 64));
}

describe('a tally in place of a log', () => {
  let run: TalliedRun;
  let kpis: { log: KpisJson; tally: KpisJson };
  beforeAll(async () => {
    run = runWithTally(await busyTown(), 4);
    kpis = figuresOf(run);
  });

  it('is tried on a run in which everything happens', () => {
    const { losses, fleet, waterfall } = kpis.log;
    const [all] = losses!;
    expect(all.n).toBeGreaterThan(400);
    expect([all.triaged, all.lost, all.waited].every(({ value }) => value! > 0.05)).toBe(true);
    const { activityShare, breakShare, outOfServiceShare } = fleet!;
    expect([activityShare, breakShare, outOfServiceShare].every(({ value }) => value! > 0.001)).toBe(true);
    expect(fleet!.overtimeHours.value).toBeGreaterThan(0);
    expect(waterfall.map(({ interval }) => interval)).toEqual([
      ...['detection', 'callHandling', 'queue', 'earlierUnits', 'dispatch', 'turnout', 'travel'],
      ...['onScene', 'transport', 'handover', 'report'],
    ]);
    const records = run.records.map((record) => foldReplication(run.facts, record).calls);
    expect(records.some(({ nRecalled }) => nRecalled.some((n) => n > 0))).toBe(true);
    expect(records.some(({ end }) => end.some((each) => each === 3))).toBe(true); // open at the end
  });

  it('gives the same counts, shares, means and intervals', () => {
    const { log, tally } = kpis;
    expect([log.log, tally.log]).toEqual([true, false]);
    expect(tally.losses).toEqual(log.losses);
    expect(tally.calls).toEqual(log.calls);
    expect(tally.utilisation).toEqual(log.utilisation);
    expect(tally.fleet).toEqual(log.fleet);
    expect(tally.achieved.map(({ group, n }) => [group, n])).toEqual(
      log.achieved.map(({ group, n }) => [group, n]),
    );
    tally.achieved.forEach((row, i) => {
      const { within1min, within3min, within5min, meanS } = log.achieved[i];
      expect(row).toMatchObject({ within1min, within3min, within5min, meanS });
      expectWithinBin(row.p50S, log.achieved[i].p50S);
      expectWithinBin(row.p90S, log.achieved[i].p90S);
      expectWithinBin(row.p95S, log.achieved[i].p95S);
    });
  });

  it('scores every clause alike, and names the one that only a log can tell', () => {
    kpis.tally.standards.forEach((standard, s) =>
      standard.clauses.forEach((clause, c) => {
        const same = kpis.log.standards[s].clauses[c];
        if (clause.clause === 'second-of-all') {
          // fights need three units: their second arrival is not counted
          expect(clause.notScored).toMatch(
            /^its event, arrival 2 of calls that need more units, is told by the event log only/,
          );
          expect(same.estimate.n).toBeGreaterThan(50);
          return;
        }
        if (clause.statistic === 'share') {
          expect(clause).toEqual(same);
          return;
        }
        expectWithinBin(clause.estimate, same.estimate);
        expect(clause.met).toBe(same.met);
      }),
    );
  });

  it('adds the intervals that it cannot tell apart', () => {
    const value = (rows: KpisJson['waterfall'], ...names: string[]): number =>
      rows
        .filter(({ interval }) => names.includes(interval))
        .reduce((sum, { meanS }) => sum + meanS.value!, 0);
    const { log, tally } = kpis;
    expect(value(tally.waterfall, 'dispatchAndTurnout')).toBeCloseTo(
      value(log.waterfall, 'dispatch', 'turnout'),
      9,
    );
    // units are called off scenes here, so a call may wait again after the first arrival
    for (const interval of ['detection', 'callHandling', 'queue', 'earlierUnits', 'travel']) {
      expect(value(tally.waterfall, interval)).toBe(value(log.waterfall, interval));
      log.waterfallByPriority!.forEach(({ intervals }, i) =>
        expect(value(tally.waterfallByPriority![i].intervals, interval)).toBe(value(intervals, interval)),
      );
    }
    expect(tally.waterfall.at(-1)!.interval).toBe('arrivedToCleared');
  });

  it('tells time of units called away apart from the wait', async () => {
    const dispatch = { type: 're-dispatch', then: { type: 'pre-emption' } };
    const { log, tally } = figuresOf(runWithTally(await busyTown({ dispatch }), 4));
    const upToArrival = (rows: KpisJson['waterfall']) => rows.slice(0, 4);
    const [, , queue, earlierUnits] = upToArrival(log.waterfall);
    expect([queue.interval, earlierUnits.interval]).toEqual(['queue', 'earlierUnits']);
    expect(queue.meanS.value).toBeGreaterThan(10);
    expect(earlierUnits.meanS.value).toBeGreaterThan(1);
    expect(upToArrival(tally.waterfall)).toEqual(upToArrival(log.waterfall));
    log.waterfallByPriority!.forEach(({ intervals }, i) =>
      expect(upToArrival(tally.waterfallByPriority![i].intervals)).toEqual(upToArrival(intervals)),
    );
    expect(tally.losses).toEqual(log.losses);
  });

  it('does so where units that wait for each other are called off scenes under a policy that calls nobody off', async () => {
    const category = (id: string, priority: number, units: number) => ({
      id,
      priority,
      share: 1,
      onSceneS: 900,
      units,
    });
    const town = await smallCity('A---B---C', {
      units: [
        { id: 'a', at: 'A' },
        { id: 'b', at: 'C' },
      ],
      scenario: {
        demand: {
          type: 'poisson',
          categories: [category('fight', 1, 2), category('theft', 2, 1), category('search', 3, 2)],
          sources: [{ where: { type: 'roads' }, callsPerHour: 4 }],
        },
        run: { start: '2026-03-02T06:00', durationS: 10 * 86_400, replications: 2, seed: 1 },
      },
    });
    const stalled = runWithTally(town, 2);
    const waitsOn = stalled.records.flatMap((record) => {
      const { waitedMs, waitedToDispatchMs } = foldReplication(stalled.facts, record).calls;
      return Array.from(waitedMs, (ms, call) => ms > waitedToDispatchMs[call]);
    });
    expect(waitsOn.filter(Boolean).length).toBeGreaterThan(5);
    const { log, tally } = figuresOf(stalled);
    expect(tally.waterfall.slice(0, 4)).toEqual(log.waterfall.slice(0, 4));
    expect(tally.losses).toEqual(log.losses);
  });

  it('adds up to the response time, whoever is called away', () => {
    const { facts, records } = run;
    for (const record of records) {
      const calls = foldReplication(facts, record).calls;
      const source = recordSource({
        labels: facts,
        msIntoDay: 0,
        warmUpMs: 0,
        durationMs: facts.durationMs,
        samples: [calls],
        replications: [calls],
        copies: 1,
      });
      const before = source.intervals(null).slice(0, 7);
      expect(before.at(-1)!.interval).toBe('travel');
      const wholeMs = before.reduce((total, { sumMs }) => total + sumMs[0], 0);
      const { sumMs } = source.responses({}, { arrival: 1, clockStart: 'occurred' })!;
      expect(wholeMs).toBe(sumMs[0]);
    }
  });

  it('does so by batches of a steady-state run too, but for the intervals of unit times', async () => {
    const steady = runWithTally(
      await busyTown({
        run: {
          start: '2026-03-02T06:00',
          durationS: 10 * 86_400,
          warmUpS: 86_400,
          seed: 3,
          steadyState: { batches: 20 },
        },
      }),
      1,
    );
    const { log, tally } = figuresOf(steady);
    expect(log.steadyState!.batches).toBe(20);
    expect(tally.steadyState).toEqual(log.steadyState);
    expect(tally.losses).toEqual(log.losses);
    expect(tally.calls).toEqual(log.calls);
    expect(tally.achieved.map(({ within3min }) => within3min)).toEqual(
      log.achieved.map(({ within3min }) => within3min),
    );
    expect(log.fleet!.busyShare.ci95).not.toBeNull();
    expect(tally.fleet!.busyShare).toEqual({ ...log.fleet!.busyShare, ci95: null, method: null, n: 1 });
    expect(tally.fleet!.onDutyHours).toBeCloseTo(log.fleet!.onDutyHours, 9);
  });
});

describe('the results folder of a run that kept no log', () => {
  it('holds figures and what they were made from, and says so', async () => {
    const { town, city, plan } = await busyTown();
    const tally = createTally(runFacts(city));
    const record = simulate(prepareSimulation(city, plan), 1, { log: false, observer: tally });
    expect([record.log, record.calls]).toEqual([null, null]);
    const prepared = {
      city,
      plan,
      placement: null,
      importReport: town.extract.report,
      payload: runPayload(city, plan),
    };
    const files = await resultFiles(prepared, [{ ...record, tally: tally.data() }], { asked: 1 });
    const json = (name: string): unknown => JSON.parse(new TextDecoder().decode(files.get(name)));
    expect([...files.keys()]).not.toContain('events.parquet');
    expect([...files.keys()]).not.toContain('incidents.csv');
    expect(json('manifest.json')).toMatchObject({ log: false, complete: true });
    const kpis = json('kpis.json') as KpisJson;
    expect(kpis.log).toBe(false);
    expect(kpis.losses![0].n).toBeGreaterThan(100);
    expect(runReport(kpis)).toContain('No event log was kept');
    await expect(resultFiles(prepared, [record], { asked: 1 })).rejects.toThrow(
      /replication 1 has neither log nor tally/,
    );
  });
});

describe('bins of times', () => {
  it('end at whole seconds up to an hour, then grow, and at every threshold', () => {
    const bins = timeBins([123_400, 5_000_000]);
    const { edgesMs } = bins;
    for (let i = 1; i < edgesMs.length; i++) expect(edgesMs[i]).toBeGreaterThan(edgesMs[i - 1]);
    for (const ms of [0, 1000, 123_400, 3_600_000, 5_000_000, Infinity]) expect(edgesMs).toContain(ms);
    const random = testStream(41);
    const longest = edgesMs[edgesMs.length - 2];
    const times = [
      0,
      1,
      999,
      1000,
      1001,
      123_400,
      123_401,
      3_599_999,
      3_600_000,
      3_600_001,
      longest,
      Infinity,
    ];
    for (let i = 0; i < 2000; i++) times.push(random.below(i % 2 === 0 ? 4_000_000 : 2_000_000_000));
    for (const ms of times) {
      const bin = binOf(bins, ms);
      expect(edgesMs[bin]).toBeGreaterThanOrEqual(ms);
      if (bin > 0) expect(edgesMs[bin - 1]).toBeLessThan(ms);
    }
    expect(edgesMs.length).toBeLessThan(4300);
  });

  it('give the figures of the times themselves', () => {
    const random = testStream(42);
    const bins = timeBins([90_000]);
    const draw = (n: number): number[] => Array.from({ length: n }, () => random.below(600_000));
    const answered = [draw(40), draw(60), draw(50)];
    const open = [draw(3), [Infinity, Infinity], draw(1)];
    const exact = columnSample({
      answeredMs: answered.map((times) => Float64Array.from(times)),
      openMs: open.map((times) => Float64Array.from(times)),
      notStarted: [1, 0, 2],
    });
    const counted = (times: readonly number[]): Float64Array => {
      const counts = new Float64Array(bins.edgesMs.length);
      for (const ms of times) counts[binOf(bins, ms)]++;
      return counts;
    };
    const binned = binnedSample(
      bins,
      answered.map((times, i) => ({
        answered: counted(times),
        open: counted(open[i]),
        notStarted: [1, 0, 2][i],
        nAnswered: times.length,
        sumMs: times.reduce((sum, ms) => sum + ms, 0),
      })),
    );
    expect(binned.nSelected).toBe(exact.nSelected);
    expect(meanResponseS(binned)).toEqual(meanResponseS(exact));
    for (const seconds of [0, 1, 60, 90, 180, 300, 599]) {
      expect(shareWithin(binned, seconds * 1000)).toEqual(shareWithin(exact, seconds * 1000));
    }
    for (const p of [0.05, 0.5, 0.9, 0.95])
      expectWithinBin(percentileResponseS(binned, p), percentileResponseS(exact, p));
    expect(percentileResponseS(binned, 0.999).value).toBeNull(); // two are lost
    expect(() => binned.countWithin(90_500)).toThrow(/no bin ends at 90500 ms/);
  });
});
