import type { Profile } from '../profile.ts';
import { CAR_DELAYS, CAR_SURFACES, scaled, TOWN_KPH } from './tables.ts';

/** Four fifths of what is allowed is what OSM routers reckon with for a car among others, and so does this one. */
export const car: Profile = {
  type: 'car',
  about: 'A private car: 80 % of a posted limit, all turn restrictions, delays at junctions.',
  mode: 'car',
  classKph: scaled(TOWN_KPH, 0.8),
  surfaceFactor: CAR_SURFACES,
  postedShare: 0.8,
  topKph: 130,
  slowedByTraffic: true,
  turnRules: { vehicle: ['motorcar', 'motor_vehicle', 'vehicle'], exempt: [] },
  junctionDelayS: CAR_DELAYS,
  siren: null,
};
