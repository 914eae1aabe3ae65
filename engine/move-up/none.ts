/** Units stay where their last call left them: what a force does that has no posts to go back to. */
import { z } from 'zod';
import type { MoveUpPolicy } from './move-up.ts';

export const none: MoveUpPolicy<object> = {
  type: 'none',
  about: 'A free unit goes on with its patrol or stays where its call left it.',
  source: 'No redeployment: the lower end of the comparison.',
  params: z.strictObject({}),
  create: () => ({ returnsToBase: false }),
};
