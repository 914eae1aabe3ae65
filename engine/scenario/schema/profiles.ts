/** Speed profiles of the scenario's own. */
import { z } from 'zod';
import { id, label } from './names.ts';
import { factor, modeSchema } from './roads.ts';

const kphByClass = z.record(id, z.number().min(0.1).max(300));
const secondsEach = z.record(id, z.number().min(0).max(600));

/** A profile of the scenario's own: a built-in one or an earlier one of the list, with what is different. */
export const profileSchema = z.strictObject({
  id,
  base: id.describe(
    'Profile that it is like but for the keys below: a built-in one, or one above it in this list.',
  ),
  about: label.optional(),
  mode: modeSchema.optional().describe('Only roads open to this mode are used.'),
  classKph: kphByClass
    .optional()
    .describe('Speed in km/h on roads without a posted limit, by class such as {"residential": 30}.'),
  surfaceFactor: z
    .record(label, factor)
    .optional()
    .describe('Factor on the speed by surface, such as {"gravel": 0.6}; "" is a surface nobody has named.'),
  postedShare: z.number().min(0.01).max(3).optional().describe('Share of a posted limit that is driven.'),
  topKph: z.number().min(1).max(300).optional().describe('No road is travelled faster than this.'),
  slowedByTraffic: z.boolean().optional().describe('Whether the periods of "traffic" slow it.'),
  vehicle: z
    .array(id)
    .min(1)
    .max(20)
    .optional()
    .describe(
      'Words of OpenStreetMap for it, such as ["motorcar", "motor_vehicle", "vehicle"]: turn restrictions for these bind it.',
    ),
  exempt: z
    .array(id)
    .max(20)
    .optional()
    .describe('Turn restrictions it need not obey: no-turn, no-u-turn, only-turn, no-entry-exit, hours.'),
  junctionDelayS: secondsEach
    .optional()
    .describe(
      'Seconds lost at each of signals, stop, giveWay, signalCrossing, miniRoundabout, levelCrossing.',
    ),
  siren: z
    .union([
      z.literal(false),
      z.strictObject({
        linkFactor: factor.optional().describe('Speeds with siren are multiplied by this.'),
        junctionFactor: z.number().min(0).max(10).optional().describe('Junction delays with siren are.'),
        exempt: z.array(id).max(20).optional().describe('Turn restrictions the siren exempts from.'),
      }),
    ])
    .optional()
    .describe('What the siren changes; false: nothing.'),
  arcTimes: z
    .strictObject({
      calm: label.describe('Name of the times without siren.'),
      siren: label.describe('Name of the times with siren, if the profile has one.'),
    })
    .optional()
    .describe(
      'Travel times that the road graph came with, by their names, in place of speeds and junction delays.',
    ),
});
