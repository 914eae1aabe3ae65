import type { Profile } from '../profile.ts';
import { patrolCar } from './patrol-car.ts';
import { CAR_DELAYS, CAR_SURFACES } from './tables.ts';

/** Rides past the queue: two thirds of a car's delay at signals and level crossings. Worse than a car on loose ground. */
export const motorcycle: Profile = {
  ...patrolCar,
  type: 'motorcycle',
  about:
    'A police motorcycle: as patrol-car, with shorter waits at junctions, slower on cobbles and loose ground.',
  mode: 'motorcycle',
  surfaceFactor: {
    ...CAR_SURFACES,
    cobblestone: 0.6,
    metal: 0.8,
    gravel: 0.5,
    unpaved: 0.6,
    grass: 0.4,
    sand: 0.3,
    mud: 0.2,
  },
  turnRules: { vehicle: ['motorcycle', 'motor_vehicle', 'vehicle'], exempt: [] },
  junctionDelayS: { ...CAR_DELAYS, signals: 7, signalCrossing: 3, levelCrossing: 4 },
};
