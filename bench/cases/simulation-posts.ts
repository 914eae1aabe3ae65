/** How many incidents a second does one core simulate, where units answer from their posts? */
import type { OtherCase } from '../road-case.ts';
import { simulationSpeed } from '../simulation-speed.ts';

export const simulationPosts: OtherCase = {
  name: 'simulation-posts',
  about: 'incidents a second, 200 units that answer from posts',
  run: () => simulationSpeed('posts', 250_000),
};
