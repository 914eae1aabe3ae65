import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema, scenarioJsonSchemaText } from '../../engine/scenario/json-schema.ts';

describe('scenarios/scenario.schema.json', () => {
  it('is what the validator says; after a change write it anew with `npx patrol135 schema`', () => {
    const published = readFileSync(new URL('../../scenarios/scenario.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(scenarioJsonSchemaText());
  });

  it('says which draft it speaks and what each key means', () => {
    expect(scenarioJsonSchema().$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(scenarioJsonSchemaText()).toContain('Seconds after midnight.');
  });
});
