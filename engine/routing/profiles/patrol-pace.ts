import type { Profile } from '../profile.ts';
import { patrolCar } from './patrol-car.ts';

/** Slow enough to see and be seen, with the turns and delays of any car. */
export const patrolPace: Profile = {
  ...patrolCar,
  type: 'patrol-pace',
  about: 'A police car on patrol: as patrol-car, but never above 30 km/h and without siren.',
  topKph: 30,
  siren: null,
};
