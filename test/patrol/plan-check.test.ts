import { beforeAll, describe, expect, it } from 'vitest';
import { arcOfStep } from '../../engine/graph/road-graph.ts';
import type { PatrolPlan, PatrolProblem } from '../../engine/patrol/patrol.ts';
import { checkPatrolPlan, planPatrol } from '../../engine/patrol/plan-check.ts';
import { quotaTour } from '../../engine/patrol/quota-tour.ts';
import { buildMetric } from '../../engine/routing/build-metric.ts';
import { createRouter } from '../../engine/routing/dijkstra-router.ts';
import { findProfile } from '../../engine/routing/profiles.ts';
import { map } from '../support/ascii-map.ts';
import { patrolProblem } from '../support/patrol-town.ts';

const calm = { siren: false };

describe('checkPatrolPlan', () => {
  let problem: PatrolProblem;
  let plan: PatrolPlan;
  beforeAll(async () => {
    const town = await map('A--B--C--D');
    problem = patrolProblem(town, {
      shiftsMin: [60, 60],
      units: [
        { home: 'A', shifts: [0] },
        { home: 'D', shifts: [0, 1] },
      ],
      points: [{ mark: 'C', visits: 2, dwellS: 60 }],
      lines: [{ walk: 'BC', passes: 1, direction: 'both' }],
    });
    plan = planPatrol(quotaTour, problem);
  });

  /** The plan with one thing changed. */
  const spoilt = (spoil: (plan: PatrolPlan) => void): PatrolPlan => {
    const copy = structuredClone(plan);
    spoil(copy);
    return copy;
  };
  const pass = (p: PatrolPlan) =>
    p.duties
      .flatMap(({ rounds }) => rounds.flatMap(({ legs }) => legs))
      .find(({ task }) => task.kind === 'pass')!;
  const visit = (p: PatrolPlan) =>
    p.duties
      .flatMap(({ rounds }) => rounds.flatMap(({ legs }) => legs))
      .find(({ task }) => task.kind === 'visit')!;
  const driven = (p: PatrolPlan) =>
    p.duties
      .flatMap(({ rounds }) => rounds.flatMap(({ legs }) => legs))
      .find(({ approach }) => approach.steps.length > 0)!;

  it('lets a good plan through', () => {
    expect(() => checkPatrolPlan(plan, problem)).not.toThrow();
    expect(plan.unplanned).toEqual([]);
  });

  const faults: [string, (plan: PatrolPlan) => void, RegExp][] = [
    ['a forgotten visit', (p) => p.duties[0].rounds.pop(), /is accounted for \d times, asked \d times/],
    [
      'a quota met too often',
      (p) =>
        p.unplanned.push({ shift: 1, task: { kind: 'visit', point: 0 }, count: 1, cause: 'shiftTooShort' }),
      /is accounted for 3 times, asked 2 times/,
    ],
    [
      'a task nobody asked for',
      (p) =>
        p.unplanned.push({ shift: 1, task: { kind: 'visit', point: 7 }, count: 1, cause: 'shiftTooShort' }),
      /nobody asked for/,
    ],
    [
      'an excuse that is not true',
      (p) =>
        p.unplanned.push({ shift: 1, task: { kind: 'visit', point: 0 }, count: 1, cause: 'noUnitOnDuty' }),
      /has units, yet/,
    ],
    [
      'a unit off duty',
      (p) => (p.duties.find(({ shift }) => shift === 1)!.unit = 0),
      /P1 in shift shift-1 is not on duty/,
    ],
    ['two duties of one unit', (p) => p.duties.push(p.duties[0]), /has two duties/],
    [
      'rounds that overlap',
      (p) => (p.duties.find(({ rounds }) => rounds.length > 1)!.rounds[1].startMs = 0),
      /starts before the one before it ends/,
    ],
    [
      'a round that ends after the shift',
      (p) => (p.duties[0].rounds.at(-1)!.startMs = 3_599_000),
      /is on its rounds until/,
    ],
    ['a wrong duration', (p) => p.duties[0].rounds[0].durationMs++, /lasts \d+ ms, not \d+/],
    ['a wrong travel time', (p) => driven(p).approach.travelTimeMs--, /takes \d+ ms, not \d+/],
    [
      'a step that ends at the wrong time',
      (p) => driven(p).approach.steps[0].endMs++,
      /ends at \d+ ms, not \d+/,
    ],
    ['a wrong length', (p) => driven(p).approach.lengthMm++, /mm long, not/],
    [
      'a drive that jumps',
      (p) => driven(p).approach.steps.shift(),
      /jumps to segment|ends short of its goal/,
    ],
    [
      'a drive that ends short of its goal',
      (p) => (p.duties[0].rounds[0].wayHome.steps = []),
      /ends short of its goal/,
    ],
    ['a pass over half the line', (p) => (pass(p).work.steps = []), /ends short of its goal/],
    ['a stop on a pass', (p) => (pass(p).dwellMs = 5), /stands on a pass/],
    [
      'a pass called by the wrong direction',
      (p) => {
        const leg = pass(p);
        if (leg.task.kind === 'pass') leg.task.against = !leg.task.against;
      },
      /does not drive exactly its line/,
    ],
    ['a dwell cut short', (p) => (visit(p).dwellMs -= 1), /stays \d+ ms, asked 60000/],
    [
      'a visit elsewhere',
      (p) => (visit(p).task = { kind: 'visit', point: 0 }) && (visit(p).start = { segment: 0, offsetMm: 7 }),
      /ends short of its goal/,
    ],
  ];
  it.each(faults)('refuses %s', (_, spoil, message) => {
    expect(() => checkPatrolPlan(spoilt(spoil), problem)).toThrow(message);
  });

  it('refuses a turn that is forbidden, in a plan that was made without turn rules', async () => {
    const town = await map(`
A--B--C
   |
   D`);
    const { graph } = town;
    const free = patrolProblem(town, { homes: 'A', points: [{ mark: 'D', visits: 1 }] });
    const made = planPatrol(quotaTour, free);
    expect(made.unplanned).toEqual([]);
    const arcs = made.duties[0].rounds[0].legs[0].approach.steps.map((step) => arcOfStep(graph, step));
    const rule = { osmId: 1, kind: 'no_right_turn', arcs, vehicle: '', except: [], condition: '' };
    const ruled = { ...graph, restrictions: [{ ...rule, when: 'always' as const }] };
    const metric = buildMetric(
      ruled,
      { ...findProfile('plain'), turnRules: findProfile('car').turnRules },
      calm,
    );
    const strict = { ...free, router: createRouter(metric) };
    expect(() => checkPatrolPlan(made, free)).not.toThrow();
    expect(() => checkPatrolPlan(made, strict)).toThrow(/approach 0 .* takes a turn that is forbidden/);
    expect(() => planPatrol(quotaTour, strict)).not.toThrow();
  });
});
