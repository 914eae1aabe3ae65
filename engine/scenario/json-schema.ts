/** The published JSON Schema (draft 2020-12) of scenario.json, made from the validator's own schema. */
import { z } from 'zod';
import { type PolicyKeys, scenarioSchemaWith, standardSchema } from './schema.ts';

/** A schema as plain data; only the keywords that zod writes are read here. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Made once for each schema: 4 ms for that of scenarios, more than all the rest of reading one. */
const made = new WeakMap<z.ZodType, JsonSchema>();

/** JSON Schema of what a file may hold (defaults not yet filled in). The caller leaves it as it is. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = made.get(schema) ?? z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  made.set(schema, known);
  return known;
}

/** What `patrol135 schema` prints and `scenarios/scenario.schema.json` holds. */
export const scenarioJsonSchema = (policies: PolicyKeys): JsonSchema => ({
  ...jsonSchemaOf(scenarioSchemaWith(policies)),
  title: 'patrol135 scenario, version 1',
});

/** What a standard in a file of its own holds. */
export const standardJsonSchema = (): JsonSchema => ({
  ...jsonSchemaOf(standardSchema),
  title: 'patrol135 response standard, version 1',
});
