import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatrolDuty, PatrolPlan, PatrolRound, PatrolTask } from '../../engine/patrol/patrol.ts';
import { planPatrol } from '../../engine/patrol/plan-check.ts';
import { quotaTour } from '../../engine/patrol/quota-tour.ts';
import { map, type Town } from '../support/ascii-map.ts';
import { arbitraryPatrol, PATROL_GRID, unplannedCount } from '../support/patrol-suite.ts';
import { patrolProblem, type PatrolTown } from '../support/patrol-town.ts';

const planned = (town: Town, options: PatrolTown): PatrolPlan =>
  planPatrol(quotaTour, patrolProblem(town, options));

/** Tasks of a round as words: point marks by number, lines by number and direction. */
const told = ({ legs }: PatrolRound): string =>
  legs
    .map(({ task }) =>
      task.kind === 'visit' ? `p${task.point}` : `l${task.line}${task.against ? '-' : '+'}`,
    )
    .join(' ');

const roundsWith = (duties: PatrolDuty[], wanted: PatrolTask): number[] =>
  duties
    .flatMap(({ rounds }) =>
      rounds.flatMap((round) =>
        round.legs
          .filter(({ task }) => JSON.stringify(task) === JSON.stringify(wanted))
          .map(() => round.startMs),
      ),
    )
    .sort((a, b) => a - b);

describe('quota-tour', () => {
  it('drives out, visits, dwells and comes home', async () => {
    const town = await map('A---B---C');
    const plan = planned(town, { homes: 'A', points: [{ mark: 'C', visits: 1, dwellS: 300 }] });
    expect(plan.unplanned).toEqual([]);
    const [round] = plan.duties[0].rounds;
    // 800 m at 10 m/s each way
    expect(round.legs[0].approach.travelTimeMs).toBe(80_000);
    expect(round.legs[0].dwellMs).toBe(300_000);
    expect(round.wayHome.travelTimeMs).toBe(80_000);
    expect(round.durationMs).toBe(460_000);
    expect(round.startMs).toBe(0);
  });

  it('takes points in the order of the road, not of the list', async () => {
    const town = await map('A--B--C--D--E');
    const points = ['C', 'E', 'B', 'D'].map((mark) => ({ mark, visits: 1, dwellS: 60 }));
    const [{ rounds }] = planned(town, { homes: 'A', points }).duties;
    expect(rounds.length).toBe(1);
    expect(rounds[0].durationMs).toBe(2 * 120_000 + 4 * 60_000);
  });

  it('enters a one-way line at its start, however near its end lies', async () => {
    const town = await map(
      `
      A--B--C
      |     |
      D-----E`,
      { CB: { oneway: true } },
    );
    const plan = planned(town, { homes: 'A', lines: [{ walk: 'CB', passes: 1 }] });
    const [round] = plan.duties[0].rounds;
    expect(round.legs[0].approach.lengthMm).toBe(200_000 + 600_000 + 200_000);
    expect(round.legs[0].work.lengthMm).toBe(300_000);
    expect(round.wayHome.lengthMm).toBe(300_000);
  });

  it('drives a line asked in both directions out along it and back against it', async () => {
    const town = await map('A--B--C');
    const plan = planned(town, { homes: 'A', lines: [{ walk: 'ABC', passes: 1, direction: 'both' }] });
    const [round] = plan.duties[0].rounds;
    expect(told(round)).toBe('l0+ l0-');
    expect(round.durationMs).toBe(120_000);
  });

  it('shares the tasks of two far districts by home', async () => {
    const town = await map(`
      A--B--C-------------------------D--E--F
         |                               |
         G                               H`);
    const points = ['A', 'E', 'G', 'H', 'F', 'C'].map((mark) => ({ mark, visits: 1, dwellS: 300 }));
    const { duties } = planned(town, { homes: 'BE', points });
    const visited = duties.map(({ rounds }) =>
      rounds.flatMap(({ legs }) => legs.map(({ task }) => (task as { point: number }).point)),
    );
    expect(visited.map((list) => list.sort((a, b) => a - b))).toEqual([
      [0, 2, 5],
      [1, 3, 4],
    ]);
  });

  it('shares the work of one place evenly between units that start together', async () => {
    const town = await map('A--B--C');
    for (const nUnits of [1, 2, 3, 4, 6, 12]) {
      const points = Array.from({ length: 12 }, () => ({ mark: 'C', visits: 1, dwellS: 600 }));
      const { duties } = planned(town, { homes: 'A'.repeat(nUnits), points });
      expect(duties.map(({ rounds }) => rounds[0].legs.length)).toEqual(
        Array<number>(nUnits).fill(12 / nUnits),
      );
    }
  });

  it('spreads the visits of a point evenly over the shift, one in each round', async () => {
    const town = await map('A--B--C--D');
    const plan = planned(town, {
      shiftsMin: [480],
      homes: 'AD',
      points: [
        { mark: 'B', visits: 4 },
        { mark: 'C', visits: 2 },
        { mark: 'D', visits: 3 },
      ],
    });
    const hour = 3_600_000;
    expect(roundsWith(plan.duties, { kind: 'visit', point: 0 })).toEqual([0, 2 * hour, 4 * hour, 6 * hour]);
    const [first, second] = roundsWith(plan.duties, { kind: 'visit', point: 1 });
    expect(second - first).toBe(4 * hour);
    expect(new Set(roundsWith(plan.duties, { kind: 'visit', point: 2 })).size).toBe(3);
  });

  it('puts tasks asked less often than others into different rounds, so that rounds are alike', async () => {
    const town = await map('A--B--C');
    const plan = planned(town, {
      homes: 'A',
      points: [
        { mark: 'A', visits: 4 },
        ...Array.from({ length: 8 }, () => ({ mark: 'C', visits: 1, dwellS: 600 })),
      ],
    });
    expect(plan.duties[0].rounds.map(({ legs }) => legs.length)).toEqual([3, 3, 3, 3]);
  });

  it('starts a round when the one before has ended, where that is later', async () => {
    const town = await map('A--B');
    const plan = planned(town, {
      shiftsMin: [60],
      homes: 'A',
      points: [
        { mark: 'A', visits: 3 },
        { mark: 'B', visits: 1, dwellS: 1500 },
      ],
    });
    expect(plan.unplanned).toEqual([]);
    const [{ rounds }] = plan.duties;
    // 20 minutes between rounds; the one to B lasts 26 and comes first, at equal cost
    expect(rounds.map(({ startMs, durationMs }) => [startMs / 1000, durationMs / 1000])).toEqual([
      [0, 1560],
      [1560, 0],
      [2400, 0],
    ]);
  });

  it('lists what does not fit before the shift ends, and counts it', async () => {
    const town = await map('A--B--C');
    // 60 s each way and 10 min there: 5 visits fill one hour of one unit, rounds of one visit each
    const plan = planned(town, {
      shiftsMin: [60],
      homes: 'A',
      points: [{ mark: 'C', visits: 7, dwellS: 600 }],
    });
    expect(plan.unplanned).toEqual([
      { shift: 0, task: { kind: 'visit', point: 0 }, count: 2, cause: 'shiftTooShort' },
    ]);
    expect(plan.duties[0].rounds.length).toBe(5);
  });

  it('uses a round to its last millisecond and not beyond', async () => {
    const town = await map('A--B--C');
    const points = (dwellS: number): PatrolTown => ({
      shiftsMin: [12],
      homes: 'A',
      points: [{ mark: 'C', visits: 1, dwellS }],
    });
    expect(planned(town, points(600)).unplanned).toEqual([]);
    expect(planned(town, points(600.001)).unplanned.map(({ cause }) => cause)).toEqual(['shiftTooShort']);
  });

  it('says which tasks nobody can drive to, and which lines are not matched', async () => {
    const town = await map(
      `
      A--B--C  E--F
         |
         D        `,
      { BD: { oneway: true } },
    );
    const problem = patrolProblem(town, {
      homes: 'A',
      points: [
        { mark: 'C', visits: 1 },
        { mark: 'D', visits: 2 },
        { mark: 'F', visits: 3 },
      ],
      lines: [{ walk: 'BC', passes: 4, direction: 'both', noWayBack: true }],
    });
    const plan = planPatrol(quotaTour, {
      ...problem,
      lines: [...problem.lines, { ...problem.lines[0], along: [] }],
    });
    expect(plan.unplanned).toEqual([
      { shift: 0, task: { kind: 'visit', point: 1 }, count: 2, cause: 'unreachable' },
      { shift: 0, task: { kind: 'visit', point: 2 }, count: 3, cause: 'unreachable' },
      { shift: 0, task: { kind: 'pass', line: 0, against: true }, count: 4, cause: 'notMatched' },
      { shift: 0, task: { kind: 'pass', line: 1, against: false }, count: 4, cause: 'notMatched' },
      { shift: 0, task: { kind: 'pass', line: 1, against: true }, count: 4, cause: 'notMatched' },
    ]);
    expect(told(plan.duties[0].rounds[0])).toBe('l0+ p0');
  });

  it('leaves a place to the only unit that can reach it', async () => {
    const town = await map('A--B--C  E--F--G');
    const plan = planned(town, {
      homes: 'AE',
      points: ['B', 'C', 'F', 'G'].map((mark) => ({ mark, visits: 1 })),
    });
    expect(plan.unplanned).toEqual([]);
    expect(plan.duties.map(({ rounds }) => rounds.map(told))).toEqual([['p0 p1'], ['p2 p3']]);
  });

  it('leaves nothing out when the shift is long', async () => {
    const town = await map(PATROL_GRID);
    fc.assert(
      fc.property(arbitraryPatrol, (options) => {
        const lines = (options.lines ?? []).map((line) => ({ ...line, noWayBack: false }));
        const plan = planned(town, { ...options, lines, homes: `${options.homes}F`, shiftsMin: [480] });
        expect(unplannedCount(plan)).toBe(0);
      }),
      { seed: 13_500_003, numRuns: 60 },
    );
  });

  it('never does a task twice in one round, and only tasks of different rounds repeat', async () => {
    const town = await map(PATROL_GRID);
    fc.assert(
      fc.property(arbitraryPatrol, (options) => {
        for (const { rounds } of planned(town, options).duties) {
          for (const round of rounds) {
            const tasks = told(round).split(' ');
            expect(new Set(tasks).size).toBe(tasks.length);
          }
        }
      }),
      { seed: 13_500_004, numRuns: 60 },
    );
  });
});
