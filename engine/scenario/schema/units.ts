/** Shifts, units, and what units do of their own accord. */
import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { id, label } from './names.ts';
import { days, localTime, seconds, timeLawSchema } from './times.ts';

export const shiftSchema = z.strictObject({
  id,
  startS: z.number().min(0).max(86399.999).describe('Seconds after midnight.'),
  endS: z
    .number()
    .min(0)
    .max(172800)
    .describe('Seconds after the midnight before the start; above 86400 for a shift that ends next day.'),
  days: days.describe('Days on which the shift begins.'),
});

const interruptibleBy = z
  .int()
  .min(0)
  .max(9)
  .describe(
    'Calls of this priority and more urgent ones (lower numbers) may take the unit away; 0: none may.',
  );

const breakSchema = z.strictObject({
  shift: id.optional().describe('One of the shifts of the unit. Default: every one of them.'),
  afterS: seconds.describe('Seconds after the start of the shift when the break falls due.'),
  durationS: z.number().min(1).max(86400),
  interruptibleBy: interruptibleBy.default(1),
});

export const unitSchema = z.strictObject({
  id,
  post: id
    .optional()
    .describe('Where it stands when idle. Without one, the placement stage gives it a site.'),
  shifts: z.array(id).min(1),
  profile: id.default('patrol-car').describe('How it travels: a built-in profile or one of "profiles".'),
  kind: id.default('car').describe('Kind of unit, for people: car, motorcycle, foot, station reserve…'),
  skills: z
    .array(id)
    .max(30)
    .default([])
    .describe('What its crew can do; a category may ask for skills by the same names.'),
  answersFrom: z
    .enum(['anywhere', 'post'])
    .default('anywhere')
    .describe(
      'post: after a call it is out of reach on its way back to its post. On rounds, or ordered to another base, it can be sent.',
    ),
  sector: z.array(id).max(100_000).default([]).describe('Ids of zones that it is responsible for.'),
  breaks: z
    .array(breakSchema)
    .max(20)
    .default([])
    .describe('Each is taken as soon as it has fallen due and the unit is free.'),
  outOfService: z
    .array(
      z.strictObject({
        from: localTime,
        to: localTime.describe('Local date and time such as 2026-03-02T14:00, the first moment after it.'),
      }),
    )
    .max(1000)
    .default([])
    .describe('Times in which the unit is not on duty, whatever its shifts say.'),
  count: z.int().min(1).max(LIMITS.units).default(1).describe('Makes count units named id-1, id-2…'),
});

export const activitySchema = z.strictObject({
  id,
  name: label.optional(),
  perUnitHour: z
    .number()
    .min(0)
    .max(60)
    .describe('How often each unit begins it in an hour on duty; one that is busy then lets it be.'),
  durationS: timeLawSchema,
  interruptibleBy: interruptibleBy.default(9),
  units: z
    .array(id)
    .min(1)
    .max(LIMITS.units)
    .optional()
    .describe('Units that do it; the id of units with a count stands for all of them. Default: every unit.'),
});
