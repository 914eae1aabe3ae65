/** Response standards: data, scored on every run. */
import { z } from 'zod';
import { fileRefSchema } from './files.ts';
import { id, label } from './names.ts';
import { seconds } from './times.ts';

/** One clause of a response standard (see `standards/`). A share never stands without its clock start. */
export const clauseSchema = z.strictObject({
  id,
  selector: z
    .strictObject({
      zoneClass: z
        .array(id)
        .optional()
        .describe('Classes of the incident\'s zone; "none" is outside every zone.'),
      category: z.array(id).optional(),
      priority: z.array(z.int().min(1).max(9)).optional(),
      hourOfDay: z
        .tuple([z.number().min(0).max(24), z.number().min(0).max(24)])
        .optional()
        .describe('[from, to) in local hours; from > to runs over midnight.'),
    })
    .default({})
    .describe('Incidents the clause speaks of; a key left out selects all.'),
  event: z
    .enum(['firstArrival', 'kthArrival', 'echelonArrival', 'cordonClosed', 'selfHelpStarted'])
    .describe('What must have happened.'),
  unitsRequired: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'kthArrival: which unit to arrive, counted from 1. echelonArrival: which echelon. Required by both, for them only.',
    ),
  clockStart: z.enum(['occurred', 'callReceived', 'callAnswered', 'dispatched', 'enRoute']),
  thresholdS: seconds,
  targetShare: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'Share of the selected incidents that should meet the threshold; with a percentile its share, such as 0.9 for p90. Left out where none is asked for: then there is a share, and no verdict.',
    ),
  statistic: z.enum(['share', 'p50', 'p90', 'p95']).default('share'),
});

export const standardSchema = z.strictObject({
  id,
  title: label.optional(),
  source: z.string().max(2000).optional().describe('Where the standard is written down.'),
  clauses: z.array(clauseSchema).min(1).max(1000),
});

export const standardRef = z.union([
  z.string().min(1).describe('Name of a preset.'),
  z.strictObject({ file: fileRefSchema }),
  standardSchema,
]);
