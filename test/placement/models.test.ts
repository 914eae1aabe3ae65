import { expect, it } from 'vitest';
import { mclpGreedy } from '../../engine/placement/mclp-greedy.ts';
import { mclp } from '../../engine/placement/mclp.ts';
import { PLACEMENT_MODELS } from '../../engine/placement/models.ts';
import { describePlacementModel } from '../support/placement-suite.ts';

it('lists every model that the suite below runs on', () => {
  expect(PLACEMENT_MODELS).toEqual([mclp, mclpGreedy]);
});

describePlacementModel(mclp, { exact: true });
describePlacementModel(mclpGreedy, { exact: false });
