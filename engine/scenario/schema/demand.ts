/** Demand: what calls need, where and how often they come. */
import { z } from 'zod';
import { fileRefSchema } from './files.ts';
import { id, label, oneLine } from './names.ts';
import { localDate, localTime, timeLawSchema } from './times.ts';

const rate = z.number().min(0).max(1e6);
const callsPerHourSchema = z
  .union([rate, z.array(rate).length(24), z.array(rate).length(168)])
  .describe('One rate, or 24 by hour of day, or 168 by hour of week from Monday 00:00 (local time).');

const share = z.number().min(0).max(1);

const categorySchema = z.strictObject({
  id,
  name: label.optional(),
  priority: z.int().min(1).max(9).describe('1 is the most urgent.'),
  share: z.number().min(0).describe('Relative weight among the categories of a source.'),
  siren: z.boolean().default(false).describe('Units answer with siren.'),
  onSceneS: timeLawSchema.describe('Time on scene.'),
  skills: z.array(id).max(30).default([]).describe('Skills that every unit sent must have.'),
  units: z.int().min(1).max(20).default(1).describe('Units that are sent.'),
  release: z
    .enum(['together', 'each'])
    .default('together')
    .describe(
      'together: the time on scene begins when the last unit has come, and all leave together (where units of several calls wait for each other, the least urgent gives some up); each: each unit stays so long from its own arrival.',
    ),
  triageShare: share.default(0).describe('Share of calls that end at the desk, without a unit.'),
  transport: z
    .strictObject({
      share: share.describe('Share of calls after which somebody is brought to a destination.'),
      kind: id.describe('Kind of destination; the one nearest by drive time is taken.'),
      handoverS: timeLawSchema.default(0).describe('At the destination, from where the unit becomes free.'),
    })
    .optional()
    .describe('Done by the first unit.'),
  reportS: timeLawSchema
    .optional()
    .describe('Writing after the call, by the first unit, from which no call takes it away.'),
  linked: z
    .strictObject({
      share: share.describe('Share of calls that have one.'),
      category: id.describe('Its category: another one than this.'),
      delayS: timeLawSchema.default(0).describe('From the first call to this one.'),
    })
    .optional()
    .describe('A second call that belongs to the first, at the same place.'),
  repeat: z
    .strictObject({
      share: z.number().min(0).lt(1).describe('Share of calls that come again; a repeat may repeat again.'),
      delayS: timeLawSchema.describe('From a call to its repeat.'),
    })
    .optional()
    .describe('The same call again.'),
});

const sourceSchema = z.strictObject({
  where: z.discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('zone'), zone: id })
      .describe('Uniform over the road length in the zone.'),
    z
      .strictObject({ type: z.literal('roads') })
      .describe('Uniform over the road length of the whole network.'),
    z
      .strictObject({
        type: z.literal('places'),
        file: fileRefSchema,
        lonColumn: label.default('lon'),
        latColumn: label.default('lat'),
        weightColumn: label
          .optional()
          .describe(
            'Column of weights, above 0: a row of weight 2 has twice the calls of one of weight 1. Default: all rows alike.',
          ),
      })
      .describe(
        'At the rows of a CSV file, each alike or by its weight; rows far from any road are counted and left out.',
      ),
  ]),
  callsPerHour: callsPerHourSchema,
  categoryShares: z
    .record(id, z.number().min(0))
    .optional()
    .describe('Shares of the named categories for this source; the others keep their own.'),
});

const surgeSchema = z.strictObject({
  from: localTime.optional(),
  to: localTime
    .optional()
    .describe(
      'Local date and time such as 2026-03-02T14:00, the first moment after it. Either from and to, or dates.',
    ),
  dates: z.array(localDate).min(1).max(1000).optional().describe('Whole days, from midnight to midnight.'),
  factor: z
    .number()
    .min(0)
    .max(1000)
    .describe('Rates are multiplied by this; factors of surges that overlap multiply.'),
  categories: z.array(id).min(1).max(1000).optional().describe('Calls that it is about. Default: all.'),
  zones: z.array(id).min(1).max(100_000).optional().describe('Where. Default: everywhere.'),
});

/** Calls of a file have happened already: nothing about how often, and what follows from them stands in the file too. */
const replayedCategorySchema = categorySchema.omit({ share: true, linked: true, repeat: true }).extend({
  inFile: z
    .array(oneLine(0, 1000))
    .min(1)
    .max(10_000)
    .optional()
    .describe('What the category column says of such calls. Default: the id of the category.'),
});

const column = oneLine(1, 1000);
const columnsSchema = z
  .strictObject({
    time: column.describe(
      'ISO date and time, with its offset from UTC unless timeZone is given: 2016-03-13T01:30:00-05:00.',
    ),
    lon: column,
    lat: column,
    category: column.optional(),
    onSceneS: column
      .optional()
      .describe('Seconds on scene; where the cell is empty, the law of the category holds.'),
    id: column.optional().describe('Rows with the id of a row above are left out.'),
  })
  .describe('Names of columns in the header.');

export const demandSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('poisson'),
      categories: z.array(categorySchema).min(1).max(1000),
      sources: z.array(sourceSchema).max(65_536), // what the key of a random draw can number
      surges: z
        .array(surgeSchema)
        .max(10_000)
        .default([])
        .describe('Times with more (or fewer) calls than the hour of the week has.'),
    })
    .describe('Random calls at rates by hour of week.'),
  z
    .strictObject({
      type: z.literal('calls'),
      file: fileRefSchema.describe('CSV file with a header.'),
      columns: columnsSchema,
      timeZone: id
        .optional()
        .describe(
          'IANA name of the zone of local times, such as America/New_York. Default: the one offset that all rows have.',
        ),
      categoryUntil: oneLine(1, 20)
        .optional()
        .describe(
          'Only what stands before this in the category column counts: ":" makes EMS of "EMS: FALL".',
        ),
      categories: z.array(replayedCategorySchema).min(1).max(1000),
      otherCategory: id
        .optional()
        .describe(
          'Category of rows that no category is about. Default: they are left out and counted; without a category column, the only category.',
        ),
      strict: z
        .boolean()
        .default(false)
        .describe(
          'Refuse the file for any row that would be left out or put in order, instead of counting it.',
        ),
    })
    .describe('The calls of a file, as they were.'),
]);
