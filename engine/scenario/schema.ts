/**
 * Scenario JSON, version 1: the one source of the TypeScript types, the validator and the published JSON Schema
 * (`scenarios/scenario.schema.json`, `patrol135 schema`). Keys carry their unit; places are [lon, lat] in WGS84;
 * unknown keys are refused. Until the first release version 1 grows: each later key is optional and its default
 * leaves the results of every existing scenario unchanged. The sections are in `schema/`, one file each.
 */
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { demandSchema } from './schema/demand.ts';
import type { fileRefSchema } from './schema/files.ts';
import { id } from './schema/names.ts';
import { placementSchema } from './schema/placement.ts';
import {
  destinationSchema,
  listOrFile,
  mustPatrolLineSchema,
  mustReachPointSchema,
  postSchema,
  zoneSchema,
} from './schema/places.ts';
import { anyPolicySchema, policySchema } from './schema/policies.ts';
import { profileSchema } from './schema/profiles.ts';
import { roadsSchema } from './schema/roads.ts';
import { runSchema } from './schema/run.ts';
import { type clauseSchema, standardRef, type standardSchema } from './schema/standards.ts';
import { seconds, timeLawSchema } from './schema/times.ts';
import { trafficSchema } from './schema/traffic.ts';
import { activitySchema, shiftSchema, unitSchema } from './schema/units.ts';

export { fileRefSchema } from './schema/files.ts';
export {
  destinationSchema,
  mustPatrolLineSchema,
  mustReachPointSchema,
  NO_ZONE_CLASS,
  postSchema,
  zoneSchema,
} from './schema/places.ts';
export { clauseSchema, standardSchema } from './schema/standards.ts';
export { DAYS, type TimeLawJson, timeLawSchema } from './schema/times.ts';

const ABOUT = 'A patrol135 scenario.';
const DISPATCH = 'Who is sent, with the keys of the policy.';
const MOVE_UP = 'Where free units wait for the next call, with the keys of the policy.';
const CLOSEST = { type: 'closest-available' };
const BACK_TO_POST = { type: 'back-to-post' };

/** Of policies it takes any name and keys; `scenarioSchemaWith` knows them. */
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
    destinations: listOrFile(destinationSchema, 'Where people are brought: custody, hospitals.').default([]),
    profiles: z.array(profileSchema).max(100).default([]).describe("Profiles of the scenario's own."),
    traffic: trafficSchema.prefault({}),
    travel: z
      .strictObject({
        cv: z
          .number()
          .min(0)
          .max(3)
          .default(0)
          .describe('Each drive takes its time by the roads, times a factor of mean 1 with this cv.'),
      })
      .prefault({}),
    shifts: z.array(shiftSchema).min(1).max(100),
    units: z.array(unitSchema).min(1).max(LIMITS.units),
    activities: z
      .array(activitySchema)
      .max(100)
      .default([])
      .describe('What units do of their own accord, which uses their time.'),
    demand: demandSchema,
    delays: z
      .strictObject({
        callHandlingS: timeLawSchema.default(0).describe('From the call received to ready for dispatch.'),
        dispatchS: timeLawSchema.default(0).describe('From the decision to the unit that knows of it.'),
        turnoutAtPostS: timeLawSchema.default(0),
        turnoutOnPatrolS: timeLawSchema.default(0),
        accessS: timeLawSchema.default(0).describe('From the road to the door.'),
      })
      .prefault({}),
    positions: z
      .strictObject({
        staleS: seconds.default(0).describe('Age of the positions by which a dispatcher sees units.'),
      })
      .prefault({}),
    queue: z
      .discriminatedUnion('type', [
        z.strictObject({ type: z.literal('unlimited') }).describe('Every call may wait for a unit.'),
        z
          .strictObject({ type: z.literal('finite'), places: z.int().min(1).max(1_000_000) })
          .describe('So many calls may wait; one more goes to another force.'),
        z
          .strictObject({ type: z.literal('none') })
          .describe('A call that finds no unit goes to another force.'),
      ])
      .default({ type: 'unlimited' }),
    standards: z
      .array(standardRef)
      .min(1)
      .default(['zone-1-3-5'])
      .describe('Response standards; the first is the one of the summary and of placement.'),
    dispatch: anyPolicySchema.default(CLOSEST).describe(DISPATCH),
    moveUp: anyPolicySchema.default(BACK_TO_POST).describe(MOVE_UP),
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
  .describe(ABOUT);

/** The policies a scenario may name: schema of the keys of each beside `type`, by type. */
export interface PolicyKeys {
  dispatch: Readonly<Record<string, z.ZodType>>;
  moveUp: Readonly<Record<string, z.ZodType>>;
}

/** One schema for each list of policies, since its JSON Schema is kept by the schema. */
const made = new WeakMap<PolicyKeys, typeof scenarioSchema>();

/** The schema of scenarios, policies' own keys included. */
export function scenarioSchemaWith(policies: PolicyKeys): typeof scenarioSchema {
  const known = made.get(policies);
  if (known !== undefined) return known;
  const schema = scenarioSchema
    .extend({
      dispatch: policySchema(policies.dispatch).prefault(CLOSEST).describe(DISPATCH),
      moveUp: policySchema(policies.moveUp).prefault(BACK_TO_POST).describe(MOVE_UP),
    })
    .describe(ABOUT) as unknown as typeof scenarioSchema; // narrower than its type by what the policies ask for
  made.set(policies, schema);
  return schema;
}

export type ScenarioJson = z.infer<typeof scenarioSchema>;
export type FileRef = z.infer<typeof fileRefSchema>;
export type StandardJson = z.infer<typeof standardSchema>;
export type ClauseJson = z.infer<typeof clauseSchema>;
export type ZoneJson = z.infer<typeof zoneSchema>;
export type MustReachPointJson = z.infer<typeof mustReachPointSchema>;
export type MustPatrolLineJson = z.infer<typeof mustPatrolLineSchema>;
export type ProfileJson = z.infer<typeof profileSchema>;
export type PostJson = z.infer<typeof postSchema>;
