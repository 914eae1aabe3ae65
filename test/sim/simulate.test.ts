import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventQueue, SIM_EVENTS } from '../../engine/sim/event-queue.ts';
import { EVENT_KINDS } from '../../engine/sim/event-log.ts';
import { drawCalls } from '../../engine/demand/poisson.ts';
import { prepareSimulation, simulate } from '../../engine/sim/simulate.ts';
import type { LoggedReplication } from '../../engine/sim/event-log.ts';
import type { SimulationSetup } from '../../engine/sim/state.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import { smallCity } from '../support/small-city.ts';
import { testStream } from '../support/random-city.ts';

const logged = (setup: SimulationSetup, replication: number): LoggedReplication =>
  simulate(setup, replication) as LoggedReplication;

const CALL_ROWS = [
  'callReceived',
  'callReady',
  'unitDispatched',
  'unitEnRoute',
  'unitArrived',
  'callCleared',
];

describe('answering calls', () => {
  it('follows the time line: handling, turnout at the post, drive, access, on scene', async () => {
    const small = await smallCity('A---B---C', {
      scenario: { delays: { callHandlingS: 30, turnoutAtPostS: 20, turnoutOnPatrolS: 5, accessS: 10 } },
    });
    const record = small.run([{ atS: 100, place: 'C', onSceneS: 600 }]);
    expect(small.rows(record, ...CALL_ROWS)).toEqual([
      '100 callReceived call 0',
      '130 callReady call 0',
      '130 unitDispatched call 0 car-1',
      '150 unitEnRoute call 0 car-1',
      '240 unitArrived call 0 car-1', // 800 m at 10 m/s, 10 s to the door
      '840 callCleared call 0',
    ]);
  });

  it('takes the turnout of a patrol where the unit does not stand at its post', async () => {
    const small = await smallCity('A---B---C', {
      scenario: { delays: { turnoutAtPostS: 20, turnoutOnPatrolS: 5 } },
    });
    const calls = [100, 110, 200, 1000].map((atS) => ({ atS, place: 'C', onSceneS: 0 }));
    expect(small.rows(small.run(calls), 'unitDispatched', 'unitEnRoute')).toEqual([
      '100 unitDispatched call 0 car-1',
      '120 unitEnRoute call 0 car-1',
      '200 unitDispatched call 1 car-1', // freed at the scene, 80 s away from its post
      '205 unitEnRoute call 1 car-1',
      '205 unitDispatched call 2 car-1',
      '210 unitEnRoute call 2 car-1',
      '1000 unitDispatched call 3 car-1', // home since 290 s
      '1020 unitEnRoute call 3 car-1',
    ]);
  });

  it('sends the closest unit from where it is, the lowest on a tie', async () => {
    const small = await smallCity('A---B---C---D---E', {
      units: [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'E' },
        { id: 'east-2', at: 'E' },
      ],
    });
    const sent = small.rows(
      small.run([
        { atS: 0, place: 'B', onSceneS: 60 },
        { atS: 1000, place: 'D', onSceneS: 60 },
        { atS: 2000, place: 'C', onSceneS: 60 }, // half way: west and east tie
      ]),
      'unitDispatched',
    );
    expect(sent).toEqual([
      '0 unitDispatched call 0 west',
      '1000 unitDispatched call 1 east',
      '2000 unitDispatched call 2 west',
    ]);
  });

  it('catches a unit in mid-segment on its way home, where it is', async () => {
    const small = await smallCity('A---------B');
    const record = small.run([
      { atS: 0, place: 'B', onSceneS: 0 }, // there at 100 s, then homeward
      { atS: 130, place: 'B', onSceneS: 0 }, // 30 s into the way home: 30 s back
    ]);
    expect(small.rows(record, 'unitArrived')).toEqual([
      '100 unitArrived call 0 car-1',
      '160 unitArrived call 1 car-1',
    ]);
  });

  it('keeps a queue by priority, then by waiting time', async () => {
    const small = await smallCity('A---B');
    const record = small.run([
      { atS: 0, place: 'A', onSceneS: 100 },
      { atS: 10, place: 'A', onSceneS: 100, category: 1 },
      { atS: 20, place: 'A', onSceneS: 100, category: 1 },
      { atS: 30, place: 'A', onSceneS: 100, category: 0 },
    ]);
    expect(small.rows(record, 'unitDispatched')).toEqual([
      '0 unitDispatched call 0 car-1',
      '100 unitDispatched call 3 car-1',
      '200 unitDispatched call 1 car-1',
      '300 unitDispatched call 2 car-1',
    ]);
  });

  it('decides after everything else of the same instant: a unit freed at t takes the urgent call ready at t', async () => {
    const small = await smallCity('A---B');
    const record = small.run([
      { atS: 0, place: 'A', onSceneS: 100 },
      { atS: 50, place: 'A', onSceneS: 10, category: 1 },
      { atS: 100, place: 'A', onSceneS: 10, category: 0 },
    ]);
    expect(small.rows(record, 'unitDispatched').slice(1)).toEqual([
      '100 unitDispatched call 2 car-1',
      '110 unitDispatched call 1 car-1',
    ]);
  });

  it('serves a D/D/1 schedule to the millisecond', async () => {
    const small = await smallCity('A---B');
    const record = small.run(
      Array.from({ length: 50 }, (_, i) => ({ atS: 10 * i, place: 'A', onSceneS: 12 })),
    );
    const arrived = small.rows(record, 'unitArrived').map((row) => Number(row.split(' ')[0]));
    expect(arrived).toEqual(Array.from({ length: 50 }, (_, i) => 12 * i));
    expect(record.busyMsByUnit).toEqual([50 * 12_000]);
  });
});

describe('shifts', () => {
  const halves = [
    { id: 'first', startS: 0, endS: 43200 },
    { id: 'second', startS: 43200, endS: 86400 },
  ];

  it('keep a busy unit until its call is cleared, then send it off', async () => {
    const small = await smallCity('A---B', {
      units: [
        { id: 'early', at: 'A', shifts: ['first'] },
        { id: 'late', at: 'B', shifts: ['second'] },
      ],
      scenario: { shifts: halves },
    });
    const record = small.run([
      { atS: 43100, place: 'A', onSceneS: 600 },
      { atS: 43300, place: 'A', onSceneS: 600 },
    ]);
    expect(small.rows(record, 'unitDispatched', 'shiftStarted', 'shiftEnded', 'unitCleared')).toEqual([
      '0 shiftStarted early',
      '43100 unitDispatched call 0 early',
      '43200 shiftStarted late',
      '43300 unitDispatched call 1 late',
      '43700 unitCleared call 0 early',
      '43700 shiftEnded early',
      '43940 unitCleared call 1 late',
      '86400 shiftEnded late',
    ]);
    expect(record.onDutyMsByUnit).toEqual([43_700_000, 43_200_000]);
  });

  it('end once when a call is cleared in the very instant in which its shift ends', async () => {
    const small = await smallCity('A---B', {
      units: [
        { id: 'early', at: 'A', shifts: ['first'] },
        { id: 'both', at: 'B', shifts: ['first', 'second'] },
      ],
      scenario: { shifts: halves },
    });
    const record = small.run([
      { atS: 42600, place: 'A', onSceneS: 600 },
      { atS: 42600, place: 'B', onSceneS: 600 },
      { atS: 42900, place: 'A', onSceneS: 60 }, // waits, and the one who is still there at 43200 s takes it
    ]);
    expect(small.rows(record, 'unitDispatched', 'shiftStarted', 'shiftEnded', 'unitCleared')).toEqual([
      '0 shiftStarted early',
      '0 shiftStarted both',
      '42600 unitDispatched call 0 early',
      '42600 unitDispatched call 1 both',
      '43200 unitCleared call 0 early',
      '43200 unitCleared call 1 both',
      '43200 shiftEnded early',
      '43200 shiftEnded both',
      '43200 shiftStarted both',
      '43200 unitDispatched call 2 both',
      '43300 unitCleared call 2 both',
      '86400 shiftEnded both',
    ]);
    expect(record.onDutyMsByUnit).toEqual([43_200_000, 86_400_000]);
  });

  const callsPerHour = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 0 : 4)); // else nobody may be off
  const quietMorning = {
    type: 'poisson',
    categories: [{ id: 'any', priority: 1, share: 1, onSceneS: { type: 'constant', mean: 600 } }],
    sources: [{ where: { type: 'roads' }, callsPerHour }],
  };

  it('let a call wait when nobody is on duty, and answer it when somebody comes', async () => {
    const small = await smallCity('A---B', {
      units: [{ id: 'late', at: 'A', shifts: ['second'] }],
      scenario: { shifts: halves, demand: quietMorning },
    });
    const record = small.run([{ atS: 60, place: 'A', onSceneS: 60 }]);
    expect(small.rows(record, 'unitDispatched')).toEqual(['43200 unitDispatched call 0 late']);
  });
});

describe('patrol', () => {
  const points = [
    { id: 'far', at: 'C', visitsPerShift: 1, dwellS: 300 },
    { id: 'near', at: 'B', visitsPerShift: 1, dwellS: 100 },
  ];

  it('visits what the plan says when no call comes, and stands at home otherwise', async () => {
    const small = await smallCity('A---B---C', { points });
    const record = small.run([]);
    expect(small.rows(record, 'patrolTaskDone')).toHaveLength(2);
    const last = small.rows(record, 'patrolStand').at(-1);
    expect(Number(last?.split(' ')[0])).toBe(40 + 40 + 300 + 100 + 40 + 40); // there and back, 400 s of dwelling
  });

  it('is broken by a call and taken up again: the task is done anew from its start', async () => {
    const small = await smallCity('A---B---C', { points: [points[0]] });
    // at C from 80 s; called away at 180 s, 100 s into the dwell of 300 s
    const record = small.run([{ atS: 180, place: 'A', onSceneS: 60 }]);
    expect(small.rows(record, 'unitDispatched', 'unitArrived', 'callCleared', 'patrolTaskDone')).toEqual([
      '180 unitDispatched call 0 car-1',
      '260 unitArrived call 0 car-1',
      '320 callCleared call 0',
      '700 patrolTaskDone car-1', // 80 s back to C, 300 s of dwelling
    ]);
  });

  it('lists what a shift leaves undone, with its cause', async () => {
    const small = await smallCity('A---B---C', { points: [points[0]] });
    const record = small.run([{ atS: 10, place: 'A', onSceneS: 90_000 }]);
    const missed = record.log.detail.filter(
      (_, row) => EVENT_KINDS[record.log.kind[row]] === 'patrolTaskMissed',
    );
    expect(missed.map((text) => JSON.parse(text) as unknown)).toEqual([
      { task: 'visit:far', shift: 'all', cause: 'brokenByCalls' },
    ]);
  });
});

describe('laws of the simulation', () => {
  const busy = () =>
    smallCity(
      `
A---B---C
|   |   |
D---E---F
|   |   |
G---H---I`,
      {
        units: [
          { id: 'one', at: 'A' },
          { id: 'two', at: 'I' },
        ],
        points: [{ id: 'p', at: 'E', visitsPerShift: 6, dwellS: 900 }],
        scenario: {
          demand: {
            type: 'poisson',
            categories: [
              { id: 'a', priority: 1, share: 1, siren: true, onSceneS: { type: 'exponential', mean: 600 } },
              { id: 'b', priority: 2, share: 2, onSceneS: { type: 'lognormal', mean: 600, cv: 1 } },
            ],
            sources: [{ where: { type: 'roads' }, callsPerHour: 9 }],
          },
        },
      },
    );

  it('same seed, same record; another replication, another record', async () => {
    const { city, plan } = await busy();
    const setup = prepareSimulation(city, plan);
    expect(simulate(setup, 1)).toEqual(simulate(setup, 1));
    expect(simulate(setup, 2).log).not.toEqual(simulate(setup, 1).log);
  });

  it("Little's law holds exactly: the integral of calls in the system is the sum of their times in it", async () => {
    const { city, plan } = await busy();
    const { log, endMs } = logged(prepareSimulation(city, plan), 3);
    let inSystem = 0;
    let integral = 0;
    let last = 0;
    const since = new Map<number, number>();
    let sum = 0;
    for (let row = 0; row < log.nEvents; row++) {
      integral += inSystem * (log.timeMs[row] - last);
      last = log.timeMs[row];
      const kind = EVENT_KINDS[log.kind[row]];
      if (kind === 'callOccurred') {
        inSystem++;
        since.set(log.call[row], last);
      }
      if (kind === 'callCleared') {
        inSystem--;
        sum += last - since.get(log.call[row])!;
        since.delete(log.call[row]);
      }
    }
    for (const start of since.values()) sum += endMs - start;
    expect(inSystem).toBe(since.size);
    expect(integral).toBe(sum);
    expect(log.call.length).toBeGreaterThan(500); // some queueing happened
  });

  it('never leaves a call waiting beside a free unit that could go', async () => {
    const { city, plan } = await busy();
    const waiting = new Set<number>();
    const free = new Set<number>();
    const { log } = logged(prepareSimulation(city, plan), 4);
    let queued = 0;
    for (let row = 0; row < log.nEvents; row++) {
      const kind = EVENT_KINDS[log.kind[row]];
      if (kind === 'callReady') waiting.add(log.call[row]);
      if (kind === 'shiftStarted' || kind === 'unitCleared') free.add(log.unit[row]);
      if (kind === 'unitDispatched') {
        waiting.delete(log.call[row]);
        free.delete(log.unit[row]);
      }
      if (kind === 'shiftEnded') free.delete(log.unit[row]);
      if (log.timeMs[row + 1] !== log.timeMs[row]) expect(waiting.size === 0 || free.size === 0).toBe(true);
      queued = Math.max(queued, waiting.size);
    }
    expect(queued).toBeGreaterThan(1);
  });

  it('draws the same calls whatever the units do', async () => {
    const { city } = await busy();
    const fewer = { ...city, units: city.units.slice(0, 1) };
    expect(drawCalls(fewer, 1)).toEqual(drawCalls(city, 1));
  });

  it('draws as many calls as the rates say, within four standard errors of 200 days', async () => {
    const { city } = await busy();
    let calls = 0;
    for (let replication = 1; replication <= 200; replication++) calls += drawCalls(city, replication).nCalls;
    const expected = 200 * 24 * 9;
    expect(Math.abs(calls - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('refuses a policy that sends a unit that is not available, naming policy, call and time', async () => {
    const { city, plan } = await busy();
    const rogue: DispatchPolicy = {
      type: 'rogue',
      about: '',
      source: '',
      params: z.strictObject({}),
      create: () => ({ choose: () => ({ unit: 0, reason: 'always the first', candidates: [] }) }),
    };
    expect(() => simulate(prepareSimulation(city, plan, { dispatch: rogue }), 1)).toThrow(
      /policy rogue, asked for call \d+ at \d+ ms, sends unit one, which is \w+ and not available/,
    );
  });
});

describe('the event list', () => {
  it('gives the order of a sorted array (seed 11)', () => {
    const random = testStream(11);
    const queue = new EventQueue();
    const sorted: { timeMs: number; kind: number; entity: number; order: number }[] = [];
    for (let order = 0; order < 3000; order++) {
      const event = {
        timeMs: random.below(200),
        kind: random.below(SIM_EVENTS.length),
        entity: random.below(4),
        order,
      };
      sorted.push(event);
      queue.push(event.timeMs, event.kind, event.entity, order);
    }
    sorted.sort((a, b) => a.timeMs - b.timeMs || a.kind - b.kind || a.entity - b.entity || a.order - b.order);
    const inOrder = sorted.map(({ timeMs, kind, entity, order }) => [timeMs, kind, entity, order]);
    expect(queue.save()).toEqual(inOrder);
    for (const [timeMs, kind, entity, epoch] of inOrder) {
      expect(queue.nextTimeMs()).toBe(timeMs);
      expect(queue.pop()).toBe(true);
      expect([queue.timeMs, queue.kind, queue.entity, queue.epoch]).toEqual([timeMs, kind, entity, epoch]);
    }
    expect(queue.pop()).toBe(false);
  });
});
