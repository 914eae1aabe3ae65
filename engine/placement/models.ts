/** Every placement model. To add one: a file beside this one, a line here, and `describePlacementModel` in its test. */
import { mclpGreedy } from './mclp-greedy.ts';
import { mclp } from './mclp.ts';
import type { PlacementModel } from './placement.ts';

export const PLACEMENT_MODELS: readonly PlacementModel[] = [mclp, mclpGreedy];
