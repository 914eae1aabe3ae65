/**
 * Maximal covering by greedy adding and interchange only, of any size, with the Lagrangian bound. The greedy start
 * alone covers at least 1 - 1/e of the best (Nemhauser, Wolsey, Fisher, "An analysis of approximations for maximizing
 * submodular set functions", Mathematical Programming 14, 1978).
 */
import { coveredUnits, coveringCore } from './covering-core.ts';
import { planOf } from './covering-plan.ts';
import { greedySites, interchange } from './interchange.ts';
import { lagrangian } from './lagrangian.ts';
import type { PlacementModel } from './placement.ts';

export const mclpGreedy: PlacementModel = {
  type: 'mclp-greedy',
  about:
    'Maximal covering by adding the best site again and again, then swapping; fast at any size, with a bound.',
  place(problem) {
    const core = coveringCore(problem);
    const count = Math.min(problem.sites - problem.required.length, core.nCandidates);
    const { chosen, swaps, settled } = interchange(core, greedySites(core, count));
    const { boundUnits } = lagrangian(core, count, chosen);
    const proven = boundUnits <= coveredUnits(core, chosen);
    const found = `Greedy with ${swaps} swaps${settled ? '' : ', ended by the limit on steps'}`;
    const method = proven
      ? `${found}, proven optimal by the Lagrangian bound.`
      : `${found}; the bound is the Lagrangian one.`;
    return Promise.resolve(planOf(mclpGreedy.type, problem, core, { chosen, boundUnits, method }));
  },
};
