/** Hours in which traffic is slower. */
import { z } from 'zod';
import { id } from './names.ts';
import { factor } from './roads.ts';
import { clockTime, days } from './times.ts';

export const trafficSchema = z
  .strictObject({
    periods: z
      .array(
        z.strictObject({
          id,
          days: days.describe('Days on which the period begins.'),
          from: clockTime.describe('Local time such as "07:00"; the first moment of the period.'),
          to: clockTime.describe('The first moment after it; a time before "from" is the next day.'),
          speedFactor: z
            .union([factor, z.record(id, factor)])
            .describe('Factor on the speed of traffic, or factors by road class such as {"primary": 0.7}.'),
        }),
      )
      .max(1000)
      .default([]),
  })
  .describe(
    'Hours in which traffic is slower (or faster). A trip keeps the speeds of the period in which it starts.',
  );
