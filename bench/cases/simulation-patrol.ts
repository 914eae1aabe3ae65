/** How many incidents a second does one core simulate, where units on patrol may be anywhere? */
import type { OtherCase } from '../road-case.ts';
import { simulationSpeed } from '../simulation-speed.ts';

export const simulationPatrol: OtherCase = {
  name: 'simulation-patrol',
  about: 'incidents a second, 200 units on patrol anywhere',
  run: () => simulationSpeed('patrol', 40_000),
};
