import { expect, it } from 'vitest';
import { PATROL_POLICIES } from '../../engine/patrol/policies.ts';
import { describePatrolPolicy } from '../support/patrol-suite.ts';

for (const policy of PATROL_POLICIES) describePatrolPolicy(policy);

it('lists each patrol policy under its own name', () => {
  expect(new Set(PATROL_POLICIES.map(({ type }) => type)).size).toBe(PATROL_POLICIES.length);
});
