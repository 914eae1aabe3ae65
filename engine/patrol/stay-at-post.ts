/** Standing by: units wait at their posts for calls. The baseline that patrols are compared with. */
import { emptyPlan } from './asked.ts';
import type { PatrolPolicy } from './patrol.ts';

export const stayAtPost: PatrolPolicy = {
  type: 'stay-at-post',
  about: 'Units wait at their posts; no visit and no pass is planned, and each asked one is listed as such.',
  plan: (problem) => emptyPlan('stay-at-post', problem, () => 'policyDoesNotPatrol'),
};
