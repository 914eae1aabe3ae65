import type { Profile } from '../profile.ts';
import { car } from './car.ts';
import { scaled, TOWN_KPH } from './tables.ts';

/**
 * With siren it may turn as it needs to: so the traffic laws of many countries (China: Road Traffic Safety Law, article
 * 53; Germany: StVO, section 35). `no_entry` and `no_exit` it obeys all the same: they guard ways into oncoming traffic.
 */
export const patrolCar: Profile = {
  ...car,
  type: 'patrol-car',
  about:
    'A police car answering a call: 85 % of a posted limit; with siren a quarter faster, half the delays.',
  classKph: scaled(TOWN_KPH, 0.85),
  postedShare: 0.85,
  siren: {
    linkFactor: 1.25,
    junctionFactor: 0.5,
    exempt: ['no-turn', 'no-u-turn', 'only-turn', 'hours'],
  },
};
