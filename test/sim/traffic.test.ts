/** Hours of traffic in the simulation: every trip takes what the period in which it starts says. */
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricOf } from '../../engine/city/metrics.ts';
import type { City } from '../../engine/city/city.ts';
import { openAndReadScenario } from '../../engine/node/run-scenario.ts';
import { plannedRoutes } from '../../engine/sim/recorder.ts';
import { prepareRun } from '../../engine/pipeline.ts';
import type { PatrolPlan } from '../../engine/patrol/patrol.ts';
import { createReplicator } from '../../engine/replicate.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import type { Metric } from '../../engine/routing/metric.ts';
import type { Router } from '../../engine/routing/router.ts';
import { periodAt } from '../../engine/scenario/traffic.ts';
import { EVENT_KINDS, type LoggedReplication } from '../../engine/sim/event-log.ts';
import { NONE } from '../../engine/units.ts';
import { testStream } from '../support/random-city.ts';
import { smallCity, type SmallScenario } from '../support/small-city.ts';

const rush = (from: string, to: string, speedFactor: unknown = 0.5) => ({
  traffic: { periods: [{ id: 'rush', from, to, speedFactor }] },
});
const six = { run: { start: '2026-03-02T06:00', durationS: 86_400, replications: 1, seed: 1 } };

/** Times of all drives to calls, in seconds. */
const drivesTo = (record: LoggedReplication): number[] => {
  const { kind, timeMs } = record.log;
  const at = (name: string): number[] =>
    [...timeMs].filter((_, row) => EVENT_KINDS[kind[row]] === name).map((ms) => ms / 1000);
  const arrived = at('unitArrived');
  return at('unitEnRoute').map((start, i) => arrived[i] - start);
};

describe('a drive to a call', () => {
  // 400 m: 40 s, 80 s in the rush
  it('is slow from the first moment of the period, and not a millisecond before', async () => {
    const small = await smallCity('A---B', { scenario: { ...six, ...rush('07:00', '09:00') } });
    const drive = (atS: number) => drivesTo(small.run([{ atS, place: 'B', onSceneS: 60 }]));
    expect(drive(3599.999)).toEqual([40]);
    expect(drive(3600)).toEqual([80]);
    expect(drive(3 * 3600 - 0.001)).toEqual([80]);
    expect(drive(3 * 3600)).toEqual([40]);
  });

  it('keeps the speed it started with when the period begins or ends on the way', async () => {
    const small = await smallCity('A---B', { scenario: { ...six, ...rush('07:00', '07:01') } });
    const drives = drivesTo(
      small.run([
        { atS: 3590, place: 'B', onSceneS: 0 }, // 30 of its 40 s lie in the rush
        { atS: 3655, place: 'A', onSceneS: 0 }, // on its way home since 07:00:30, 75 s before the rush ends
      ]),
    );
    expect(drives[0]).toBe(40);
    // home at 07:00:30 + 80 s; at 07:00:55 it has 275 m to go, in the rush
    expect(drives[1]).toBe(55);
  });

  it('goes by the wheels, not by the decision: the turnout may end in another period', async () => {
    const small = await smallCity('A---B', {
      scenario: { ...six, ...rush('07:00', '09:00'), delays: { turnoutAtPostS: 10 } },
    });
    const record = small.run([{ atS: 3595, place: 'B', onSceneS: 60 }]);
    expect(drivesTo(record)).toEqual([80]);
    const row = record.log.kind.indexOf(EVENT_KINDS.indexOf('unitDispatched'));
    // what the decision was made from: drives that would start then
    expect(JSON.parse(record.log.detail[row])).toEqual({
      reason: 'closest available',
      candidates: [{ unit: 'car-1', travelTimeS: 40 }],
    });
  });

  it('prefers in the rush who stands on the open road', async () => {
    // main road to the west, side street to the east of C: 400 m each, the main road is slow in the rush
    const given: SmallScenario = {
      units: [
        { id: 'main', at: 'A' },
        { id: 'side', at: 'E' },
      ],
      ways: { AC: { roadClass: 'primary' } },
      scenario: { ...six, ...rush('07:00', '09:00', { primary: 0.5 }) },
    };
    const small = await smallCity('A---C---E', given);
    const sent = (atS: number) => small.rows(small.run([{ atS, place: 'C', onSceneS: 0 }]), 'unitDispatched');
    expect(sent(60)).toEqual(['60 unitDispatched call 0 main']);
    expect(sent(3660)).toEqual(['3660 unitDispatched call 0 side']);
  });
});

describe('a patrol', () => {
  const given: SmallScenario = {
    points: [{ id: 'p', at: 'B', visitsPerShift: 1, dwellS: 60 }],
    scenario: { run: { ...six.run, start: '2026-03-02T00:00' }, ...rush('00:00', '00:01') },
  };

  it('is planned without traffic and drives each leg as the period in which it starts has it', async () => {
    const small = await smallCity('A---B', given);
    const [round] = small.plan.duties[0].rounds;
    expect(round.legs[0].approach.travelTimeMs).toBe(40_000);
    expect(round.durationMs).toBe(140_000);
    const record = small.run([]);
    expect(small.rows(record, 'patrolDrive', 'patrolTaskDone')).toEqual([
      '0 patrolDrive car-1',
      '140 patrolTaskDone car-1', // 80 s there in the rush, 60 s on the spot
      '140 patrolDrive car-1',
    ]);
    const drives = [...record.log.route].filter((route) => route !== NONE);
    const nPlanned = plannedRoutes(small.plan).length;
    expect(drives[0]).toBe(nPlanned); // a drive of its own, slower than planned
    expect(drives[1]).toBeLessThan(nPlanned); // as planned
    expect([...record.routes[0].endMs]).toEqual([80_000]);
  });

  it('drives as planned by a profile that traffic does not slow', async () => {
    const small = await smallCity('A---B', {
      ...given,
      scenario: {
        ...given.scenario,
        profiles: [{ id: 'calm', base: 'plain', slowedByTraffic: false }],
        patrol: { type: 'quota-tour', profile: 'calm' },
      },
    });
    const record = small.run([]);
    expect(small.rows(record, 'patrolTaskDone')).toEqual(['100 patrolTaskDone car-1']);
    expect(record.routes).toEqual([]);
  });
});

/** Holds the drives of a record to plain Dijkstra under the metric of its period; returns how many of each period there were. */
function checkDrives(
  city: City,
  plan: PatrolPlan,
  { log, routes, calls }: LoggedReplication,
  { withPatrol }: { withPatrol: boolean },
): Map<number, number> {
  const routers = new Map<Metric, Router>();
  const reference = (profile: string, siren: boolean, timeMs: number): Router => {
    const metric = metricOf(city, profile, { siren, period: periodAt(city.scenario, timeMs) });
    let router = routers.get(metric);
    if (router === undefined) routers.set(metric, (router = createRouter(metric)));
    return router;
  };
  const planned = plannedRoutes(plan);
  const perPeriod = new Map<number, number>();
  for (let row = 0; row < log.nEvents; row++) {
    const kind = EVENT_KINDS[log.kind[row]];
    const timeMs = log.timeMs[row];
    const unit = log.unit[row];
    const call = log.call[row];
    const place = call === NONE ? null : { segment: calls.segment[call], offsetMm: calls.offsetMm[call] };
    const siren = call === NONE ? false : city.categories[calls.category[call]].siren;
    const here = { segment: log.segment[row], offsetMm: log.offsetMm[row] };
    const route = log.route[row];
    const drivenMs =
      route === NONE
        ? 0
        : route < planned.length
          ? planned[route].travelTimeMs
          : (routes[route - planned.length].endMs.at(-1) ?? 0);
    if (kind === 'unitEnRoute') {
      const router = reference(city.units[unit].profile, siren, timeMs);
      expect(drivenMs, `row ${row}`).toBe(router.timeMs(here, place!));
      const period = periodAt(city.scenario, timeMs);
      perPeriod.set(period, (perPeriod.get(period) ?? 0) + 1);
    } else if (kind === 'unitDispatched') {
      const { candidates } = JSON.parse(log.detail[row]) as {
        candidates: { unit: string; travelTimeS: number }[];
      };
      const chosen = candidates.find(({ unit: id }) => id === city.units[unit].id)!;
      const router = reference(city.units[unit].profile, siren, timeMs);
      expect(chosen.travelTimeS * 1000, `row ${row}`).toBeCloseTo(router.timeMs(here, place!), 6);
    } else if (withPatrol && kind === 'patrolDrive' && route !== NONE) {
      // a leg keeps its planned course: at its own time it is no faster than the fastest way
      const end =
        route < planned.length
          ? planned[route].steps.at(-1)!
          : {
              segment: routes[route - planned.length].segment.at(-1)!,
              toMm: routes[route - planned.length].toMm.at(-1)!,
            };
      const router = reference(city.scenario.patrol.profile, false, timeMs);
      const fastest = router.timeMs(here, { segment: end.segment, offsetMm: end.toMm });
      expect(drivenMs, `row ${row}`).toBeGreaterThanOrEqual(fastest);
    }
  }
  return perPeriod;
}

describe('every drive of a run', () => {
  it('equals the reference under the metric of its period, in random small towns (seeds 1 to 12)', async () => {
    const total = new Map<number, number>();
    for (let seed = 1; seed <= 12; seed++) {
      const random = testStream(seed);
      const classes = ['primary', 'residential', 'service'] as const;
      const pairs = ['AB', 'BC', 'CD', 'EF', 'FG', 'GH', 'AE', 'BF', 'CG', 'DH'];
      const ways = Object.fromEntries(
        pairs.map((pair) => [
          pair,
          {
            maxKph: random.below(2) * 30,
            roadClass: classes[random.below(3)],
            oneway: random.below(8) === 0,
          },
        ]),
      );
      const small = await smallCity('A---B---C---D\n|   |   |   |\nE---F---G---H', {
        ways,
        units: [
          { id: 'one', at: 'A' },
          { id: 'two', at: 'H' },
          { id: 'three', at: 'C' },
        ],
        points: [{ id: 'p', at: 'F', visitsPerShift: 4, dwellS: 30 }],
        scenario: {
          patrol: { type: 'quota-tour', profile: 'patrol-pace' },
          units: [
            { id: 'one', post: 'post-A', shifts: ['all'], profile: 'patrol-car' },
            { id: 'two', post: 'post-H', shifts: ['all'], profile: 'plain' },
            { id: 'three', post: 'post-C', shifts: ['all'], profile: 'patrol-car' },
          ],
          demand: {
            type: 'poisson',
            categories: [
              { id: 'a', priority: 1, share: 1, siren: true, onSceneS: { type: 'constant', mean: 300 } },
              { id: 'b', priority: 2, share: 1, onSceneS: { type: 'constant', mean: 300 } },
            ],
            sources: [{ where: { type: 'roads' }, callsPerHour: 4 }],
          },
          traffic: {
            periods: [
              { id: 'morning', from: '06:30', to: '09:00', speedFactor: 0.3 + random.uniform() },
              { id: 'night', from: '21:00', to: '04:00', speedFactor: { primary: 1.5, residential: 1.1 } },
            ],
          },
        },
      }).catch((error: unknown) => {
        // one-way streets can leave a post without a way back: such a town is no test
        if (String(error).includes('drivable road')) return null;
        throw error;
      });
      if (small === null) continue;
      const marks = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
      let atS = 0;
      const calls = Array.from({ length: 60 }, () => ({
        atS: (atS += 200 + random.below(2200)),
        place: marks[random.below(marks.length)],
        onSceneS: random.below(900),
        category: random.below(2),
      })).filter((call) => call.atS < 86_000);
      const record = small.run(calls);
      for (const [period, n] of checkDrives(small.city, small.plan, record, { withPatrol: true })) {
        total.set(period, (total.get(period) ?? 0) + n);
      }
    }
    for (const period of [0, 1, NONE]) expect(total.get(period)).toBeGreaterThan(30);
  });

  it(
    'to a call equals the reference by labels too, on a day of Gothenburg with two periods',
    { timeout: 120_000 },
    async () => {
      const folder = join(resolve(import.meta.dirname, '../../scenarios'), 'gothenburg');
      const scenario = await openAndReadScenario(folder, { replications: 1 });
      const hour = 3_600_000;
      const days = [0, 1, 2, 3, 4, 5, 6].map((day) => day * 24 * hour);
      const hours = (from: number, to: number) =>
        days.map((day) => ({ startMs: day + from * hour, endMs: day + to * hour }));
      const traffic = {
        periods: [
          { id: 'rush', hours: hours(15, 18), speedFactor: 0.6 },
          { id: 'night', hours: hours(22, 29), speedFactor: { residential: 1.2, tertiary: 1.1 } },
        ],
      };
      const { city, plan, payload } = await prepareRun({ ...scenario, traffic });
      expect(city.report.warnings.filter((warning) => warning.includes('without labels'))).toEqual([]);
      const perPeriod = checkDrives(city, plan, createReplicator(payload)(1) as LoggedReplication, {
        withPatrol: false,
      });
      for (const period of [0, 1, NONE]) expect(perPeriod.get(period)).toBeGreaterThan(10);
    },
  );
});
