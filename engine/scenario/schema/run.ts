/** When and how often a scenario is run. */
import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { localTime } from './times.ts';

export const runSchema = z.strictObject({
  start: localTime.describe('Local date and time, such as 2026-03-02T00:00; fixes the hour of week.'),
  durationS: z
    .number()
    .min(1)
    .max(366 * 86400)
    .default(86400),
  warmUpS: z
    .number()
    .min(0)
    .max(366 * 86400)
    .default(0)
    .describe('Simulated before the start and not scored.'),
  replications: z
    .int()
    .min(1)
    .max(LIMITS.replications)
    .optional()
    .describe('Independent replications. Default: 20; with steadyState 1, and no other number.'),
  steadyState: z
    .strictObject({
      batches: z
        .int()
        .min(10)
        .max(1000)
        .default(30)
        .describe(
          'The scored time is cut into so many batches of equal length. Calls in the hundreds in each: in a line of 9 units at load 0.7 ' +
            'with 30 batches, 95 % intervals of the mean wait cover 85 % of 10,000 runs at 100 calls a batch, 90 % at 300, 93 % at 1,000.',
        ),
    })
    .optional()
    .describe('One long replication, with intervals by batch means, instead of many short ones.'),
  seed: z.union([z.int(), z.string().min(1).max(200)]).default(1),
});
