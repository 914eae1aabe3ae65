/** The published JSON Schema (draft 2020-12) of scenario.json, made from the validator's own schema. */
import { z } from 'zod';
import { scenarioSchema, standardSchema } from './schema.ts';

/** A schema as plain data; only the keywords that zod writes are read here. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON Schema of what a file may hold (defaults not yet filled in). */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });

/** What `patrol135 schema` prints and `scenarios/scenario.schema.json` holds. */
export const scenarioJsonSchema = (): JsonSchema => ({
  ...jsonSchemaOf(scenarioSchema),
  title: 'patrol135 scenario, version 1',
});

/** What a standard in a file of its own holds. */
export const standardJsonSchema = (): JsonSchema => ({
  ...jsonSchemaOf(standardSchema),
  title: 'patrol135 response standard, version 1',
});
