import type { Profile } from '../profile.ts';
import { EVERY_SURFACE_ALIKE, NO_DELAYS, TOWN_KPH } from './tables.ts';

/** Nothing but what a calculation by hand needs; its times stay what they are. */
export const plain: Profile = {
  type: 'plain',
  about: 'For checking: class speeds and posted limits, no turn rules, no junction delays.',
  mode: 'car',
  classKph: TOWN_KPH,
  surfaceFactor: EVERY_SURFACE_ALIKE,
  postedShare: 1,
  topKph: 255,
  slowedByTraffic: true,
  turnRules: null,
  junctionDelayS: NO_DELAYS,
  siren: null,
};
