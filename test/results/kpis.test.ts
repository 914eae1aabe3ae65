import { describe, expect, it } from 'vitest';
import { computeKpis, KPIS, type LoggedReplications } from '../../engine/results/kpi.ts';
import type { KpisJson, TierRow } from '../../engine/results/results-folder.ts';
import { foldReplication } from '../../engine/results/run-facts.ts';
import {
  foldUnitTimes,
  sumOfUnitTimes,
  UNIT_TIMES,
  type UnitTimes,
} from '../../engine/results/unit-times.ts';
import { foldCalls } from '../../engine/results/fold-calls.ts';
import { PURPOSE, RandomStream, randomKey } from '../../engine/rng.ts';
import type { CallByHand, RowByHand } from './synthetic-log.ts';
import { logByHand } from './synthetic-log.ts';
import { BUSY_S, FACTS, ON_DUTY_S, smallRecord } from './small-run.ts';

const input = (...numbers: number[]): LoggedReplications => ({
  facts: FACTS,
  replications: numbers.map((number) => foldReplication(FACTS, smallRecord(number))),
  complete: true,
  potential: [{ group: 'all', label: 'All calls', within1min: 0.5, within3min: 0.75, within5min: 1 }],
  unplanned: [],
});

describe('figures of six calls by hand', () => {
  const kpis = computeKpis(input(1));
  const row = (group: string): TierRow => kpis.achieved.find((each) => each.group === group)!;

  it('name the clock of the first clause and list the groups in order', () => {
    expect(kpis.clockStart).toBe('callReceived');
    expect(kpis.achieved.map((each) => each.group)).toEqual([
      'all',
      'zoneClass:core',
      'zoneClass:key',
      'zoneClass:none',
      'priority:1',
      'priority:3',
      'zone:square',
      'zone:market',
    ]);
  });

  it('count tiers with the calls still open', () => {
    // from received: 58, 60, 260, 179, open 400, open 100
    expect(row('all').n).toBe(6);
    // 1 min: 58 and 60 of all six (100 > 60, so the last is missed too)
    expect(row('all').within1min).toMatchObject({ value: 2 / 6, n: 6 });
    // 3 min: 58, 60, 179 of five; the last, open for 100 s, is undecided
    expect(row('all').within3min).toMatchObject({ value: 3 / 5, n: 5 });
    expect(row('all').within5min).toMatchObject({ value: 4 / 5, n: 5 });
    expect(row('all').meanS).toMatchObject({ value: (58 + 60 + 260 + 179) / 4, n: 4, ci95: null });
    expect(row('priority:1').within1min).toMatchObject({ value: 2 / 3, n: 3 });
    expect(row('zone:market').p90S).toMatchObject({ value: 179, n: 1 });
  });

  it('split the time of a call into intervals', () => {
    // over the four answered: detection 0, 10, 0, 0; handling 20 each; queue 0, 0, 180, 0; turnout 20, 20, 20, 30;
    // travel 18, 20, 40, 129; on scene 40, 730, 600, 2351
    expect(kpis.waterfall.map(({ interval, meanS }) => [interval, meanS.value, meanS.n])).toEqual([
      ['detection', 10 / 4, 4],
      ['callHandling', 20, 4],
      ['queue', 45, 4],
      ['turnout', 90 / 4, 4],
      ['travel', 207 / 4, 4],
      ['onScene', 3721 / 4, 4],
    ]);
    const total = kpis.waterfall.slice(1, 5).reduce((sum, { meanS }) => sum + meanS.value!, 0);
    expect(total).toBeCloseTo(row('all').meanS.value!, 10);
  });

  it('share out the time of the units', () => {
    expect(
      kpis.utilisation.map(({ unit, busyShare, onDutyHours }) => [unit, busyShare.value, onDutyHours]),
    ).toEqual([
      ['P1', BUSY_S[0] / ON_DUTY_S[0], 1],
      ['P2', BUSY_S[1] / ON_DUTY_S[1], 0.5],
    ]);
    expect(kpis.utilisation[0].busyShare.ci95).toBeNull();
  });

  it('tell who waited, by priority too', () => {
    // call 3 waited 180 s, call 6 10 s, call 5 still does; calls 1, 2 and 4 did not
    expect(
      kpis.losses!.map(({ group, n, triaged, lost, waited, meanWaitS }) => [
        group,
        n,
        triaged.value,
        lost.value,
        waited.value,
        meanWaitS.value,
      ]),
    ).toEqual([
      ['all', 6, 0, 0, 3 / 6, 190 / 5],
      ['priority:1', 3, 0, 0, 1 / 3, 10 / 3],
      ['priority:3', 3, 0, 0, 2 / 3, 90],
    ]);
  });

  it('split the time of a call by priority', () => {
    const urgent = kpis.waterfallByPriority!.find(({ group }) => group === 'priority:1')!;
    expect(urgent.intervals.map(({ interval, meanS }) => [interval, meanS.value])).toEqual([
      ['detection', 5],
      ['callHandling', 20],
      ['queue', 0],
      ['turnout', 20],
      ['travel', 19],
      ['onScene', (40 + 730) / 2],
    ]);
  });

  it('take the fleet together', () => {
    const { busyShare, onDutyHours, overtimeHours, breakShare } = kpis.fleet!;
    expect(busyShare.value).toBeCloseTo((BUSY_S[0] + BUSY_S[1]) / (ON_DUTY_S[0] + ON_DUTY_S[1]), 12);
    expect([onDutyHours, overtimeHours.value, breakShare.value]).toEqual([1.5, 0, 0]);
  });

  it('are of no steady state', () => {
    expect([kpis.steadyState, kpis.log]).toEqual([null, true]);
  });

  it('count calls and those still open', () => {
    expect(kpis.calls).toEqual({
      perReplication: { value: 6, ci95: null, method: null, n: 6 },
      openAtEnd: { value: 2, ci95: null, method: null, n: 2 },
    });
  });

  it('keep potential coverage apart, with its own clock', () => {
    expect(kpis.potential.clockStart).toBe('enRoute');
    expect(kpis.potential.rows).toHaveLength(1);
  });

  it('fill every key of kpis.json from the list', () => {
    for (const [key, kpi] of Object.entries(KPIS)) {
      expect(kpi.key).toBe(key);
      expect(kpis).toHaveProperty(key);
    }
  });
});

describe('units', () => {
  it('are on duty as long as a call keeps them after their shift', () => {
    // shift to 100 s, call from 50 to 160 s: busy 110 s, on duty 160 s
    const { log } = logByHand(
      1,
      [
        {
          at: {
            occurred: 40,
            received: 40,
            ready: 40,
            dispatched: 50,
            enRoute: 50,
            arrived: 60,
            cleared: 160,
          },
        },
      ],
      200,
      [
        { atS: 0, kind: 'shiftStarted', unit: 0, detail: 'all-day' },
        { atS: 100, kind: 'shiftEnded', unit: 0 },
      ],
    );
    const facts = { units: ['P1'], shifts: [{ id: 'all-day', startMs: 0, endMs: 100_000 }], msIntoDay: 0 };
    const none = Float64Array.of(0);
    expect(foldUnitTimes(log, facts, [0, 200_000])).toEqual([
      {
        busyMs: Float64Array.of(110_000),
        onDutyMs: Float64Array.of(160_000),
        overtimeMs: Float64Array.of(60_000),
        breakMs: none,
        activityMs: none,
        outOfServiceMs: none,
      },
    ]);
  });

  it('spend time on breaks, activities and out of service, cut where batches end', () => {
    const row = (atS: number, kind: RowByHand['kind'], detail = ''): RowByHand => ({
      atS,
      kind,
      unit: 0,
      detail,
    });
    const { log } = logByHand(1, [], 400, [
      row(-50, 'shiftStarted', 'early'), // since -100 s: until 200 s
      row(-20, 'breakStarted'),
      row(30, 'breakEnded', 'done'),
      row(90, 'activityStarted', 'check'),
      row(120, 'activityEnded', 'interrupted'),
      row(150, 'outOfServiceStarted'),
      row(160, 'outOfServiceEnded'),
      { ...row(190, 'breakStarted'), unit: 1 }, // off duty: nothing is booked
      row(250, 'shiftEnded'),
    ]);
    const facts = {
      units: ['P1', 'P2'],
      shifts: [{ id: 'early', startMs: 0, endMs: 300_000 }],
      msIntoDay: 100_000,
    };
    const [first, second] = foldUnitTimes(log, facts, [0, 100_000, 400_000]);
    const ofP1 = (times: UnitTimes): number[] => UNIT_TIMES.map((key) => times[key][0] / 1000);
    // busy, on duty, overtime, break, activity, out of service
    expect(ofP1(first)).toEqual([0, 100, 0, 30, 10, 0]);
    expect(ofP1(second)).toEqual([0, 150, 50, 0, 20, 10]);
    expect(ofP1(sumOfUnitTimes([first, second]))).toEqual([0, 250, 50, 30, 30, 10]);
    expect(UNIT_TIMES.map((key) => first[key][1] + second[key][1])).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it.each<[RowByHand['kind'], RegExp]>([
    ['breakEnded', /unit 0 ends a break that it never began/],
    ['activityEnded', /unit 0 ends an activity that it never began/],
    ['outOfServiceEnded', /unit 0 comes back into service that it never left/],
    ['shiftEnded', /unit 0 leaves a duty that it never began/],
    ['unitRecalled', /unit 0 is recalled from a call that it was not on/],
    ['shiftStarted', /"" is no shift/],
  ])('do not come out of nothing: %s', (kind, message) => {
    const { log } = logByHand(1, [], 10, [{ atS: 5, kind, unit: 0 }]);
    expect(() => foldUnitTimes(log, { ...FACTS, units: ['P1'] }, [0, 10_000])).toThrow(message);
  });

  it('are not sent while they are on a call', () => {
    const { log } = logByHand(
      1,
      [
        { at: { occurred: 0, received: 0, ready: 0, dispatched: 5 } },
        { at: { occurred: 1, received: 1, ready: 1, dispatched: 6 } },
      ],
      10,
    );
    expect(() => foldUnitTimes(log, { ...FACTS, units: ['P1'] }, [0, 10_000])).toThrow(
      /unit 0 is sent while it is on a call/,
    );
  });

  it('must have the times that the simulator counted on the side', () => {
    const record = smallRecord(1);
    record.busyMsByUnit[1] += 1;
    expect(() => foldReplication(FACTS, record)).toThrow(/disagree on the time of unit P2 in replication 1/);
  });
});

describe('every aggregate is the sum of its parts', () => {
  const key = randomKey('sums');
  const randomCalls = (replication: number): CallByHand[] => {
    const draw = new RandomStream(key, replication, PURPOSE.callTime, 0);
    const calls: CallByHand[] = [];
    for (let at = -500; at < 4000; at += draw.below(40)) {
      const steps = [
        0,
        draw.below(5),
        draw.below(30),
        draw.below(200),
        draw.below(20),
        draw.below(300),
        draw.below(900),
      ];
      const names = ['occurred', 'received', 'ready', 'dispatched', 'enRoute', 'arrived', 'cleared'] as const;
      let now = at;
      const line: Record<string, number> = {};
      names.forEach((name, i) => {
        now += steps[i];
        if (now <= 4000) line[name] = now;
      });
      const zone = draw.below(3);
      calls.push({
        at: line as CallByHand['at'],
        unit: calls.length, // a unit each: they overlap
        category: draw.below(2),
        ...(zone < 2 ? { zone } : {}),
      });
    }
    return calls;
  };
  const replications = [1, 2, 3, 4, 5].map((number) => {
    const { log, calls } = logByHand(number, randomCalls(number), 4000);
    return {
      ...foldReplication(FACTS, smallRecord(number)),
      calls: foldCalls(log, calls, FACTS.categories),
    };
  });
  const kpis: KpisJson = computeKpis({ ...input(), replications });
  const hits = ({ value, n }: { value: number | null; n: number }): number => Math.round((value ?? 0) * n);

  it('in counts, tiers and response times, over classes, priorities and zones', () => {
    const all = kpis.achieved[0];
    expect(all.n).toBeGreaterThan(500);
    expect(all.within5min.n).toBeLessThan(all.n); // some are undecided
    const of = (prefix: string): TierRow[] => kpis.achieved.filter((row) => row.group.startsWith(prefix));
    const outside = kpis.achieved.find((row) => row.group === 'zoneClass:none')!;
    for (const parts of [of('zoneClass:'), of('priority:'), [...of('zone:'), outside]]) {
      const total = (figure: (row: TierRow) => number): number =>
        parts.reduce((sum, row) => sum + figure(row), 0);
      expect(total((row) => row.n)).toBe(all.n);
      for (const tier of ['within1min', 'within3min', 'within5min'] as const) {
        expect(total((row) => row[tier].n)).toBe(all[tier].n);
        expect(total((row) => hits(row[tier]))).toBe(hits(all[tier]));
      }
      expect(total((row) => row.meanS.n)).toBe(all.meanS.n);
      expect(total((row) => row.meanS.value! * row.meanS.n)).toBeCloseTo(all.meanS.value! * all.meanS.n, 6);
    }
    expect(kpis.calls.perReplication.value! * 5).toBeCloseTo(all.n, 9);
  });

  it('and intervals hold their values, percentiles rise', () => {
    for (const { within1min, within3min, within5min, meanS, p50S, p90S, p95S } of kpis.achieved) {
      for (const { value, ci95 } of [within1min, within3min, within5min, meanS, p50S, p90S, p95S]) {
        if (ci95 === null) continue;
        expect(ci95[0]).toBeLessThanOrEqual(value!);
        expect(ci95[1]).toBeGreaterThanOrEqual(value!);
      }
      expect(p50S.value!).toBeLessThanOrEqual(p90S.value!);
      expect(p90S.value!).toBeLessThanOrEqual(p95S.value!);
      expect(within1min.value!).toBeLessThanOrEqual(within3min.value!);
      expect(within3min.value!).toBeLessThanOrEqual(within5min.value!);
    }
  });
});
