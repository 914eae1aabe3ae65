import { describe, expect, it } from 'vitest';
import { DISPATCH_POLICIES } from '../../engine/dispatch/policies.ts';
import { describeDispatchPolicy } from '../support/dispatch-suite.ts';

for (const policy of DISPATCH_POLICIES) describeDispatchPolicy(policy);

describe('the list of dispatch policies', () => {
  it('names each policy once', () => {
    const types = DISPATCH_POLICIES.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types).size).toBe(types.length);
  });
});
