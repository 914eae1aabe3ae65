/** The road file, and what changes its roads. */
import { z } from 'zod';
import { fileRefSchema } from './files.ts';
import { id } from './names.ts';
import { polygonSchema } from './places.ts';

/** Modes of travel that roads can be read for; the names of TRAVEL_MODES. */
export const modeSchema = z.enum(['car', 'motorcycle', 'bicycle', 'foot']);
/** What speeds are multiplied by. */
export const factor = z.number().min(0.01).max(10);

const roadChangeSchema = z
  .strictObject({
    ways: z
      .array(z.int().min(1))
      .min(1)
      .max(100_000)
      .optional()
      .describe('OSM ids of the ways that are changed. Either these or a zone.'),
    zone: z
      .union([
        id,
        z.strictObject({
          polygon: polygonSchema.optional(),
          file: fileRefSchema.optional().describe('GeoJSON file of polygons.'),
        }),
      ])
      .optional()
      .describe('Id of a zone, {polygon} or {file}: the roads inside are changed.'),
    closed: z
      .literal(true)
      .optional()
      .describe(
        'Nobody may use these roads; of a zone every stretch between junctions that lies in it in part.',
      ),
    speedFactor: factor
      .optional()
      .describe('Speeds are multiplied by this, as far as a road lies inside a zone. Either this or closed.'),
  })
  .describe('A closure or a slow stretch, for everybody and for the whole run.');

export const roadsSchema = z.strictObject({
  file: fileRefSchema,
  format: z
    .enum(['osm-pbf', 'osm-xml', 'overpass-json', 'geojson', 'graph'])
    .optional()
    .describe('Default: by the name and first bytes of the file.'),
  pedestrianStreets: z
    .boolean()
    .default(false)
    .describe('Open pedestrian streets to police cars, at walking pace.'),
  modes: z
    .array(modeSchema)
    .min(1)
    .max(4)
    .default(['car'])
    .describe('Whom to read roads for: every mode by which a profile in use goes.'),
  changes: z.array(roadChangeSchema).max(10_000).default([]).describe('Closed roads and slow zones.'),
});
