import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KNOWN_NAMES } from '../../engine/pipeline.ts';
import { scenarioJsonSchema } from '../../engine/scenario/json-schema.ts';

const text = (): string => `${JSON.stringify(scenarioJsonSchema(KNOWN_NAMES), null, 2)}\n`;

describe('scenarios/scenario.schema.json', () => {
  it('is what the validator says; after a change write it anew with `npx patrol135 schema`', () => {
    const published = readFileSync(new URL('../../scenarios/scenario.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(text());
  });

  it('says which draft it speaks and what each key means', () => {
    expect(scenarioJsonSchema(KNOWN_NAMES).$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(text()).toContain('Seconds after midnight.');
  });
});
