/** Times in a scenario: seconds, local dates and times, days of the week, and laws of durations. */
import { z } from 'zod';
import { fileRefSchema } from './files.ts';
import { label } from './names.ts';

export const seconds = z.number().min(0).max(1e9);

/** Days of the week, Monday first. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const days = z
  .array(z.enum(DAYS))
  .min(1)
  .max(7)
  .default([...DAYS]);

export const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/);

export const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/)
  .describe('Local date and time such as 2026-03-02T00:00.');

export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('Local date such as 2026-03-02.');

const mean = seconds.describe('Mean in seconds.');
const cv = z.number().min(0).max(100).describe('Standard deviation / mean.');

/** How long something takes: the same time always, or a law of which each call draws its own. */
export const timeLawSchema = z
  .union([
    seconds,
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('constant'), mean }),
      z.strictObject({ type: z.literal('exponential'), mean }),
      z.strictObject({ type: z.literal('gamma'), mean, cv }),
      z.strictObject({ type: z.literal('lognormal'), mean, cv }),
      z
        .strictObject({
          type: z.literal('empirical'),
          valuesS: z
            .array(seconds)
            .min(1)
            .max(1_000_000)
            .optional()
            .describe('Observed durations in seconds, each as likely as any other. Either these or a file.'),
          file: fileRefSchema.optional().describe('CSV file of observed durations.'),
          column: label
            .optional()
            .describe('Column of the file that holds them, in seconds; rows where it is empty are left out.'),
        })
        .describe('Observed durations, each as likely as any other: {valuesS} or {file, column}.'),
    ]),
  ])
  .meta({
    id: 'timeLaw',
    description:
      'Seconds, always the same; or a law: {type: "constant" or "exponential", mean}, {type: "gamma" or "lognormal", mean, cv}, {type: "empirical", valuesS} or {type: "empirical", file, column}.',
  });

export type TimeLawJson = z.infer<typeof timeLawSchema>;
