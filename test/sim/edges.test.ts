/** Faults that random runs found (test/laws/swarm.test.ts), each once by hand: one cell of a map is 10 s. */
import { describe, expect, it } from 'vitest';
import { closestAvailable } from '../../engine/dispatch/closest-available.ts';
import type { DispatchPolicy } from '../../engine/dispatch/dispatch.ts';
import { smallCity, type GivenCall } from '../support/small-city.ts';

describe('a run that begins in the middle of a shift', () => {
  const run = { start: '2026-03-02T12:00', durationS: 3600, replications: 1 };

  it('begins at 0, not at minus zero, whose bytes in a file differ', async () => {
    const { log } = (await smallCity('A---B', { scenario: { run } })).run([]);
    expect(Object.is(log.timeMs[0], 0)).toBe(true);
  });

  it('leaves out the breaks that were due before it', async () => {
    const small = await smallCity('A---B', {
      units: [
        {
          id: 'car',
          at: 'A',
          breaks: [
            { afterS: 36_000, durationS: 600 },
            { afterS: 44_000, durationS: 600 },
          ],
        },
      ],
      scenario: { run },
    });
    expect(small.rows(small.run([]), 'breakStarted', 'breakEnded')).toEqual([
      '800 breakStarted car',
      '1400 breakEnded car',
    ]);
  });
});

describe('a call for two units that leave one by one', () => {
  const small = (units: string[], dispatch: object) =>
    smallCity('A---B---C', {
      units: units.map((at, u) => ({ id: `car-${u}`, at })),
      scenario: {
        dispatch,
        demand: {
          type: 'poisson',
          categories: [
            { id: 'long', priority: 2, share: 1, onSceneS: 100, units: 2, release: 'each', reportS: 30 },
            { id: 'urgent', priority: 1, share: 1, onSceneS: 100 },
          ],
          sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
        },
      },
    });

  it('has one report, also when the unit that wrote it comes a second time', async () => {
    const town = await small(['A', 'A'], { type: 'closest-available' });
    const record = town.run([
      { atS: 0, place: 'C', onSceneS: 900, category: 1 },
      { atS: 10, place: 'A', onSceneS: 100, reportMs: 30_000 },
    ]);
    expect(town.rows(record, 'unitDispatched', 'reportStarted', 'callCleared').slice(1)).toEqual([
      '10 unitDispatched call 1 car-1',
      '110 reportStarted call 1 car-1',
      '140 unitDispatched call 1 car-1',
      '240 callCleared call 1',
      '980 callCleared call 0',
    ]);
  });

  it('takes each unit as long, also when one is called away in the middle', async () => {
    const town = await small(['A', 'C'], { type: 'pre-emption', phases: ['onScene'] });
    const record = town.run([
      { atS: 0, place: 'A', onSceneS: 100 }, // car-1 is there at 80 s
      { atS: 60, place: 'A', onSceneS: 10, category: 1 }, // takes car-0, which has 40 s left
    ]);
    expect(town.rows(record, 'unitRecalled', 'unitArrived', 'unitCleared')).toEqual([
      '0 unitArrived call 0 car-0',
      '60 unitRecalled call 0 car-0',
      '60 unitArrived call 1 car-0',
      '70 unitCleared call 1 car-0',
      '70 unitArrived call 0 car-0',
      '80 unitArrived call 0 car-1',
      '110 unitCleared call 0 car-0',
      '180 unitCleared call 0 car-1',
    ]);
  });
});

describe('a dispatch delay without a turnout', () => {
  it('tells the unit before it rolls', async () => {
    const town = await smallCity('A---B', { scenario: { delays: { dispatchS: 7 } } });
    const record = town.run([{ atS: 0, place: 'B', onSceneS: 1 }]);
    expect(town.rows(record, 'unitAlerted', 'unitEnRoute')).toEqual([
      '7 unitAlerted call 0 car-1',
      '7 unitEnRoute call 0 car-1',
    ]);
  });
});

describe('re-dispatch', () => {
  it('knows of a drive under way what the roads say, not how slow the unit happens to be', async () => {
    const told: number[] = [];
    const dispatch: DispatchPolicy = {
      ...closestAvailable,
      create: (_, setup) => ({
        ...closestAvailable.create({}, setup),
        onFreed(view) {
          told.push(...view.underway().map(({ remainingMs }) => remainingMs));
          return null;
        },
      }),
    };
    const town = await smallCity('A---B---C', {
      units: [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'C' },
      ],
      scenario: { travel: { cv: 1 } },
    });
    for (let key = 1; key <= 20; key++) {
      const calls: GivenCall[] = [
        { atS: 0, place: 'C', onSceneS: 15, key },
        { atS: 10, place: 'C', onSceneS: 500, key: key + 100 },
      ];
      const record = town.run(calls, { dispatch });
      const drive = record.routes.find(({ endMs }) => endMs.length > 0)!;
      const driveMs = drive.endMs[drive.endMs.length - 1];
      // east is free at 15 s, west 5 s on its way over 80 s of road, of which it has done 5 s / its whole drive
      expect(told.splice(0)).toEqual([Math.round((80_000 * (driveMs - 5000)) / driveMs)]);
    }
  });

  it('without end stops the run', async () => {
    const dispatch: DispatchPolicy = {
      ...closestAvailable,
      type: 'for-ever',
      create: (_, setup) => ({
        ...closestAvailable.create({}, setup),
        onFreed(view) {
          const [first] = view.underway();
          if (first === undefined) return null;
          return { call: first.call, instead: first.unit, reason: 'why not', candidates: [] };
        },
      }),
    };
    const town = await smallCity('A---B---C', {
      units: [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'C' },
      ],
    });
    expect(() =>
      town.run(
        [
          { atS: 0, place: 'C', onSceneS: 20 },
          { atS: 0, place: 'B', onSceneS: 20 },
        ],
        { dispatch },
      ),
    ).toThrow(
      /dispatch policy for-ever, asked whom the freed unit \w+ relieves at 20000 ms, has units relieve/,
    );
  });
});

describe('a unit sent to the junction that it is just passing', () => {
  it('drives nowhere, which is no drive', async () => {
    const town = await smallCity('A---B---C', { units: [{ id: 'car-1', at: 'C' }] });
    const record = town.run([
      { atS: 0, place: 'A', onSceneS: 0 }, // there at 80 s, on the way home past B at 120 s
      { atS: 120, place: 'B', onSceneS: 10 },
    ]);
    expect(town.rows(record, 'unitEnRoute', 'unitArrived').slice(2)).toEqual([
      '120 unitEnRoute call 1 car-1',
      '120 unitArrived call 1 car-1',
    ]);
    for (const { segment } of record.routes) expect(segment.length).toBeGreaterThan(0);
  });
});

describe('a unit that answers from its post', () => {
  it('takes a break that fell due on its way back before a call that waits', async () => {
    const town = await smallCity('A---B---C', {
      units: [
        {
          id: 'car',
          at: 'A',
          answersFrom: 'post',
          breaks: [{ afterS: 120, durationS: 60, interruptibleBy: 0 }],
        },
      ],
    });
    const record = town.run([
      { atS: 0, place: 'C', onSceneS: 20 }, // back at 180 s
      { atS: 150, place: 'A', onSceneS: 10 },
    ]);
    expect(town.rows(record, 'breakStarted', 'unitDispatched').slice(1)).toEqual([
      '180 breakStarted car',
      '240 unitDispatched call 1 car',
    ]);
  });

  it('is out of reach until it is there, also when a shift takes over on the way', async () => {
    const town = await smallCity('A---B---C', {
      units: [
        { id: 'other', at: 'A', shifts: ['late'] },
        { id: 'car', at: 'A', shifts: ['early', 'late'], answersFrom: 'post' },
      ],
      scenario: {
        shifts: [
          { id: 'early', startS: 0, endS: 43_200 },
          { id: 'late', startS: 43_200, endS: 86_400 },
        ],
      },
    });
    const record = town.run([
      { atS: 43_060, place: 'C', onSceneS: 10 }, // on the way home from 43150 to 43230 s
      { atS: 43_205, place: 'C', onSceneS: 10 },
    ]);
    expect(town.rows(record, 'unitDispatched').slice(1)).toEqual(['43205 unitDispatched call 1 other']);
  });
});

describe('a unit that is relieved just as its shift ends', () => {
  it('goes off duty', async () => {
    const town = await smallCity('A---B---C---D---E', {
      units: [
        { id: 'late', at: 'D' },
        { id: 'early', at: 'A', shifts: ['early'] },
      ],
      scenario: {
        shifts: [
          { id: 'all', startS: 0, endS: 86_400 },
          { id: 'early', startS: 0, endS: 100 },
        ],
        dispatch: { type: 're-dispatch', minSavingS: 1 },
      },
    });
    const record = town.run([
      { atS: 0, place: 'D', onSceneS: 100 },
      { atS: 10, place: 'E', onSceneS: 10 }, // early is on its way as late becomes free, at the end of its shift
    ]);
    expect(town.rows(record, 'unitRecalled', 'shiftEnded')).toEqual([
      '100 unitRecalled call 1 early',
      '100 shiftEnded early',
      '86400 shiftEnded late',
    ]);
  });
});

describe('a call that loses its unit to a more urgent one', () => {
  it('takes the unit of a less urgent one in turn', async () => {
    const onSceneS = 600;
    const category = (id: string, priority: number) => ({ id, priority, share: 1, onSceneS });
    const town = await smallCity('A---B---C---D---E', {
      units: [
        { id: 'west', at: 'A' },
        { id: 'east', at: 'E' },
      ],
      scenario: {
        demand: {
          type: 'poisson',
          categories: [category('urgent', 1), category('ordinary', 2), category('minor', 3)],
          sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
        },
        dispatch: { type: 'pre-emption', urgentPriority: 2 },
      },
    });
    const record = town.run([
      { atS: 0, place: 'C', onSceneS, category: 2 },
      { atS: 1, place: 'B', onSceneS, category: 1 },
      { atS: 10, place: 'E', onSceneS, category: 0 },
    ]);
    expect(town.rows(record, 'unitDispatched').slice(0, 4)).toEqual([
      '0 unitDispatched call 0 west',
      '1 unitDispatched call 1 east',
      '10 unitDispatched call 2 east',
      '10 unitDispatched call 1 west',
    ]);
  });
});

describe('a compliance table', () => {
  it('holds as well while somebody has a break', async () => {
    const town = await smallCity('A---B', {
      units: [
        { id: 'car-a', at: 'A' },
        { id: 'car-b', at: 'B', breaks: [{ afterS: 600, durationS: 300 }] },
      ],
      scenario: { moveUp: { type: 'compliance-table', table: [['post-B'], ['post-A', 'post-B']] } },
    });
    expect(town.rows(town.run([]), 'breakStarted', 'moveUp', 'breakEnded')).toEqual([
      '600 breakStarted car-b',
      '600 moveUp car-a',
      '900 breakEnded car-b',
      '900 moveUp car-a',
    ]);
  });
});

describe('two calls that each have a unit waiting for the other', () => {
  it('do not wait for ever: the less urgent one gives its unit up', async () => {
    const category = (id: string, priority: number) => ({ id, priority, share: 1, onSceneS: 1, units: 2 });
    const town = await smallCity('A---B', {
      units: [
        { id: 'one', at: 'A' },
        { id: 'two', at: 'B' },
      ],
      scenario: {
        demand: {
          type: 'poisson',
          categories: [category('urgent', 1), category('ordinary', 2), { ...category('short', 3), units: 1 }],
          sources: [{ where: { type: 'roads' }, callsPerHour: 1 }],
        },
      },
    });
    const record = town.run([
      { atS: 0, place: 'A', onSceneS: 100, category: 2 },
      { atS: 10, place: 'B', onSceneS: 50, category: 1 }, // two waits there
      { atS: 20, place: 'A', onSceneS: 50, category: 0 }, // one goes there first, and waits as well
    ]);
    expect(town.rows(record, 'unitRecalled', 'unitDispatched', 'callCleared')).toEqual([
      '0 unitDispatched call 0 one',
      '10 unitDispatched call 1 two',
      '100 callCleared call 0',
      '100 unitDispatched call 2 one',
      '100 unitRecalled call 1 two',
      '100 unitDispatched call 2 two',
      '190 callCleared call 2',
      '190 unitDispatched call 1 one',
      '190 unitDispatched call 1 two',
      '280 callCleared call 1',
    ]);
  });
});
