/** Places of a scenario: zones, must-reach points, must-patrol lines, posts, destinations. */
import { z } from 'zod';
import { fileRefSchema } from './files.ts';
import { id, label } from './names.ts';
import { seconds } from './times.ts';

const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);
export const lonLat = z.tuple([longitude, latitude]).describe('[longitude, latitude] in degrees, WGS84.');

const ring = z.array(lonLat).min(4).max(100_000);
export const polygonSchema = z
  .array(ring)
  .min(1)
  .describe('Outer ring first, then holes; each ring ends where it starts (GeoJSON Polygon).');

/**
 * A list given inline, or as the features of a GeoJSON file (plain or gzip) whose properties carry the same keys
 * (see geojson-list.ts for what is read from a feature).
 */
export const listOrFile = <T extends z.ZodType>(item: T, about: string) =>
  z
    .union([
      z.array(item).max(100_000),
      z.strictObject({
        file: fileRefSchema,
        idProperty: id
          .optional()
          .describe(
            'Property that holds the id. Default: the property "id", or else the "id" of the feature.',
          ),
        only: z
          .array(id)
          .min(1)
          .max(100_000)
          .optional()
          .describe('Ids of the features to take; the others are left out and counted. Default: all.'),
        defaults: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .optional()
          .describe('Values of keys for features that lack them, such as {"class": "core"}.'),
      }),
    ])
    .describe(about);

export const zoneSchema = z.strictObject({
  id,
  name: label.optional(),
  class: id.describe(
    'core, key, general, or any other class that a standard selects; not "none", which is outside every zone.',
  ),
  polygon: polygonSchema,
});

/** The class that selectors and results give to whatever lies outside every zone; no zone may have it. */
export const NO_ZONE_CLASS = 'none';

export const mustReachPointSchema = z.strictObject({
  id,
  name: label.optional(),
  lonLat,
  visitsPerShift: z.int().min(0).max(1000).default(1),
  dwellS: seconds.default(300),
  longestGapS: seconds
    .optional()
    .describe('Longest time allowed between two visits; reported when exceeded.'),
});

export const mustPatrolLineSchema = z.strictObject({
  id,
  name: label.optional(),
  coordinates: z
    .array(lonLat)
    .min(2)
    .max(100_000)
    .describe('A GeoJSON LineString, matched onto road segments.'),
  passesPerShift: z.int().min(0).max(1000).default(1),
  direction: z
    .enum(['along', 'both'])
    .default('along')
    .describe(
      'along: each pass is driven along the line; both: each pass is driven once along and once against it.',
    ),
});

export const postSchema = z.strictObject({ id, name: label.optional(), lonLat });

export const destinationSchema = z.strictObject({
  id,
  name: label.optional(),
  kind: id.describe('Such as custody or hospital: what a "transport" of a category asks for.'),
  lonLat,
});
