/** Each unit goes back to the post it belongs to. The static deployment to which the literature compares. */
import { z } from 'zod';
import type { MoveUpPolicy } from './move-up.ts';

export const backToPost: MoveUpPolicy<object> = {
  type: 'back-to-post',
  about: 'A free unit goes on with its patrol or back to its own post.',
  source:
    'Static deployment: what dynamic policies are compared with, as by Jagtenberg, Bhulai and van der Mei (2015).',
  params: z.strictObject({}),
  create: () => ({ returnsToBase: true }),
};
