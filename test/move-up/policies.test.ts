import { describe, expect, it } from 'vitest';
import { MOVE_UP_POLICIES } from '../../engine/move-up/policies.ts';
import { describeMoveUpPolicy } from '../support/move-up-suite.ts';

const CASES: Record<string, object[]> = {
  'dynamic-mexclp': [{ busyFraction: 0.4, targetS: 70, bases: ['post-A', 'post-C'] }],
  'compliance-table': [
    { minimise: 'total' },
    { table: [['post-C'], ['post-B', 'post-D'], ['post-A', 'post-C', 'post-C']] },
  ],
  'keep-core-covered': [
    { classes: ['core', 'key'], withinS: 60 },
    { withinS: 5, roadShare: 1 },
  ],
};

for (const policy of MOVE_UP_POLICIES) {
  describeMoveUpPolicy(policy);
  for (const params of CASES[policy.type] ?? []) describeMoveUpPolicy(policy, params);
}

describe('the list of move-up policies', () => {
  it('names each policy once', () => {
    const types = MOVE_UP_POLICIES.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types).size).toBe(types.length);
  });
});
