/**
 * Scenario JSON, version 1: the one source of the TypeScript types, the validator and the published JSON Schema
 * (`scenarios/scenario.schema.json`, `patrol135 schema`). Keys carry their unit; places are [lon, lat] in WGS84;
 * unknown keys are refused. Until the first release version 1 grows: each later key is optional and its default
 * leaves the results of every existing scenario unchanged.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';

// Length is part of the pattern, so that the validator and the published schema count the same: code points.
const oneLine = (atLeast: number, atMost: number) =>
  z.string().regex(new RegExp(`^[^\\p{Cc}\\p{Bidi_Control}]{${atLeast},${atMost}}$`, 'u'));
const id = oneLine(1, LIMITS.nameLength).describe(
  `Name that other parts of the scenario refer to: 1 to ${LIMITS.nameLength} characters, none of them a control character.`,
);
const label = oneLine(0, LIMITS.nameLength).describe(
  `Name shown to people: at most ${LIMITS.nameLength} characters, none of them a control character.`,
);
const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);
const lonLat = z.tuple([longitude, latitude]).describe('[longitude, latitude] in degrees, WGS84.');
const seconds = z.number().min(0).max(1e9);

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the file, lower-case hex; the run stops when the file differs.');

const filePath = oneLine(1, 1024).describe(
  'Path inside the folder, with forward slashes: 1 to 1024 characters, none of them a control character.',
);

/** A file of the scenario: inside its folder, inside a package we depend on, or inside a folder granted with --data. */
export const fileRefSchema = z
  .union([
    filePath,
    z.strictObject({ file: filePath, sha256: sha256.optional() }),
    z.strictObject({
      package: z.enum(['geojson-path-finder']),
      file: filePath,
      sha256,
    }),
    z.strictObject({ data: id, file: filePath, sha256 }),
  ])
  .describe(
    'Path inside the scenario folder; or {package, file, sha256}; or {data, file, sha256} in a folder granted with --data NAME=DIR.',
  );

/** Modes of travel that roads can be read for; the names of TRAVEL_MODES. */
const modeSchema = z.enum(['car', 'motorcycle', 'bicycle', 'foot']);
const factor = z.number().min(0.01).max(10);

const ring = z.array(lonLat).min(4).max(100_000);
const polygonSchema = z
  .array(ring)
  .min(1)
  .describe('Outer ring first, then holes; each ring ends where it starts (GeoJSON Polygon).');

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

const roadsSchema = z.strictObject({
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

/**
 * A list given inline, or as the features of a GeoJSON file (plain or gzip) whose properties carry the same keys
 * (see geojson-list.ts for what is read from a feature).
 */
const listOrFile = <T extends z.ZodType>(item: T, about: string) =>
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

const shiftSchema = z.strictObject({
  id,
  startS: z.number().min(0).max(86399.999).describe('Seconds after midnight.'),
  endS: z
    .number()
    .min(0)
    .max(172800)
    .describe('Seconds after the midnight before the start; above 86400 for a shift that ends next day.'),
});

const unitSchema = z.strictObject({
  id,
  post: id
    .optional()
    .describe('Where it stands when idle. Without one, the placement stage gives it a site.'),
  shifts: z.array(id).min(1),
  profile: id.default('patrol-car').describe('How it travels: a built-in profile or one of "profiles".'),
  count: z.int().min(1).max(LIMITS.units).default(1).describe('Makes count units named id-1, id-2…'),
});

/** The class that selectors and results give to whatever lies outside every zone; no zone may have it. */
export const NO_ZONE_CLASS = 'none';

const rate = z.number().min(0).max(1e6);
const callsPerHourSchema = z
  .union([rate, z.array(rate).length(24), z.array(rate).length(168)])
  .describe('One rate, or 24 by hour of day, or 168 by hour of week from Monday 00:00 (local time).');

const onSceneSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), mean: seconds }),
  z.strictObject({ type: z.literal('exponential'), mean: seconds }),
  z.strictObject({ type: z.literal('lognormal'), mean: seconds, cv: z.number().min(0).max(100) }),
]);

const categorySchema = z.strictObject({
  id,
  name: label.optional(),
  priority: z.int().min(1).max(9).describe('1 is the most urgent.'),
  share: z.number().min(0).describe('Relative weight among the categories of a source.'),
  siren: z.boolean().default(false).describe('Units answer with siren.'),
  onSceneS: onSceneSchema.describe('Time on scene in seconds: mean, and cv = standard deviation / mean.'),
});

const demandSchema = z.strictObject({
  type: z.literal('poisson'),
  categories: z.array(categorySchema).min(1).max(1000),
  sources: z
    .array(
      z.strictObject({
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
            })
            .describe(
              'Uniform over the rows of a CSV file; rows far from any road are counted and left out.',
            ),
        ]),
        callsPerHour: callsPerHourSchema,
        categoryShares: z
          .record(id, z.number().min(0))
          .optional()
          .describe('Shares of the named categories for this source; the others keep their own.'),
      }),
    )
    .max(65_536), // what the key of a random draw can number
});

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
    .min(0)
    .max(1)
    .describe(
      'Share of the selected incidents that should meet the threshold; with a percentile its share, such as 0.9 for p90.',
    ),
  statistic: z.enum(['share', 'p50', 'p90', 'p95']).default('share'),
});

export const standardSchema = z.strictObject({
  id,
  title: label.optional(),
  source: z.string().max(2000).optional().describe('Where the standard is written down.'),
  clauses: z.array(clauseSchema).min(1).max(1000),
});

const standardRef = z.union([
  z.string().min(1).describe('Name of a preset.'),
  z.strictObject({ file: fileRefSchema }),
  standardSchema,
]);

const siteList = z.array(z.union([id, lonLat])).max(10_000);
const placementSchema = z.strictObject({
  type: id.describe('Placement model, such as "mclp".'),
  sites: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Number of sites to open, required ones included. Default: the distinct posts of units that have one, plus one for each unit without a post (those on duty together).',
    ),
  candidates: z
    .strictObject({
      posts: z.boolean().default(true),
      nodes: z.boolean().default(true),
      maxNodes: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(400)
        .describe('Road nodes are thinned evenly to this many.'),
    })
    .default({ posts: true, nodes: true, maxNodes: 400 }),
  required: siteList.default([]).describe('Post ids or places that must be open.'),
  forbidden: siteList.default([]).describe('Post ids or places that must stay closed.'),
});

const runSchema = z.strictObject({
  start: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/)
    .describe('Local date and time, such as 2026-03-02T00:00; fixes the hour of week.'),
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
  replications: z.int().min(1).max(LIMITS.replications).default(20),
  seed: z.union([z.int(), z.string().min(1).max(200)]).default(1),
});

const kphByClass = z.record(id, z.number().min(0.1).max(300));
const secondsEach = z.record(id, z.number().min(0).max(600));

/** A profile of the scenario's own: a built-in one or an earlier one of the list, with what is different. */
const profileSchema = z.strictObject({
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
});

/** Days of the week, Monday first. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/);

const trafficSchema = z
  .strictObject({
    periods: z
      .array(
        z.strictObject({
          id,
          days: z
            .array(z.enum(DAYS))
            .min(1)
            .max(7)
            .default([...DAYS])
            .describe('Days on which the period begins.'),
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

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    name: id,
    about: z.string().max(10_000).optional(),
    roads: roadsSchema,
    zones: listOrFile(
      zoneSchema,
      'Areas that matter. A place belongs to the first zone of the list that holds it.',
    ).default([]),
    mustReachPoints: listOrFile(mustReachPointSchema, 'Places to be visited.').default([]),
    mustPatrolLines: listOrFile(mustPatrolLineSchema, 'Roads to be driven.').default([]),
    posts: listOrFile(postSchema, 'Where units stand.').default([]),
    profiles: z.array(profileSchema).max(100).default([]).describe("Profiles of the scenario's own."),
    traffic: trafficSchema.prefault({}),
    shifts: z.array(shiftSchema).min(1).max(100),
    units: z.array(unitSchema).min(1).max(LIMITS.units),
    demand: demandSchema,
    delays: z
      .strictObject({
        callHandlingS: seconds.default(0).describe('From the call received to ready for dispatch.'),
        turnoutAtPostS: seconds.default(0),
        turnoutOnPatrolS: seconds.default(0),
        accessS: seconds.default(0).describe('From the road to the door.'),
      })
      .prefault({}),
    standards: z
      .array(standardRef)
      .min(1)
      .default(['zone-1-3-5'])
      .describe('Response standards; the first is the one of the summary and of placement.'),
    dispatch: z.strictObject({ type: id }).default({ type: 'closest-available' }),
    patrol: z
      .strictObject({
        type: id,
        profile: id.default('patrol-pace').describe('Profile while on patrol.'),
      })
      .default({ type: 'quota-tour', profile: 'patrol-pace' }),
    placement: placementSchema.optional(),
    snapLimitM: z.number().min(0).max(10_000).default(200).describe('How far a place may lie from its road.'),
    run: runSchema,
  })
  .describe('A patrol135 scenario.');

export type ScenarioJson = z.infer<typeof scenarioSchema>;
export type FileRef = z.infer<typeof fileRefSchema>;
export type StandardJson = z.infer<typeof standardSchema>;
export type ClauseJson = z.infer<typeof clauseSchema>;
export type ZoneJson = z.infer<typeof zoneSchema>;
export type MustReachPointJson = z.infer<typeof mustReachPointSchema>;
export type MustPatrolLineJson = z.infer<typeof mustPatrolLineSchema>;
export type ProfileJson = z.infer<typeof profileSchema>;
export type PostJson = z.infer<typeof postSchema>;
