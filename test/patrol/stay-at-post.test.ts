import { expect, it } from 'vitest';
import { planPatrol } from '../../engine/patrol/plan-check.ts';
import { stayAtPost } from '../../engine/patrol/stay-at-post.ts';
import { map } from '../support/ascii-map.ts';
import { patrolProblem } from '../support/patrol-town.ts';

it('sends nobody on patrol and says of each task that the policy does not patrol', async () => {
  const town = await map('A---B---C');
  const plan = planPatrol(
    stayAtPost,
    patrolProblem(town, {
      homes: 'A',
      points: [{ mark: 'B', visits: 2 }],
      lines: [{ walk: 'BC', passes: 1, direction: 'both' }],
    }),
  );
  expect(plan.duties).toEqual([]);
  expect(plan.unplanned).toEqual([
    { shift: 0, task: { kind: 'visit', point: 0 }, count: 2, cause: 'policyDoesNotPatrol' },
    { shift: 0, task: { kind: 'pass', line: 0, against: false }, count: 1, cause: 'policyDoesNotPatrol' },
    { shift: 0, task: { kind: 'pass', line: 0, against: true }, count: 1, cause: 'policyDoesNotPatrol' },
  ]);
});
