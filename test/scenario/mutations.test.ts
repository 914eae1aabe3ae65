import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPath } from '../../engine/scenario/problems.ts';
import { scenarioJsonSchema } from '../../engine/scenario/json-schema.ts';
import { scenarioSchemaWith } from '../../engine/scenario/schema.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import {
  changed,
  goodScenario,
  type Json,
  KNOWN,
  placesOf,
  problemsOf,
  replayScenario,
} from './good-scenario.ts';

const SEED = 135;

/** Good scenarios that together use every key once. */
const GOOD = [goodScenario, replayScenario];

/** A place of a good scenario; of the later ones only what is different there. */
interface Place {
  path: readonly (string | number)[];
  value: JsonValue;
  good: () => Json;
}

const places: Place[] = GOOD.flatMap((good) =>
  placesOf(good())
    .filter(({ path }) => path.length > 0 && (good === goodScenario || path[0] === 'demand'))
    .map((place) => ({ ...place, good })),
);
const whole: Place = { path: [], value: goodScenario(), good: goodScenario };
const objects = [whole, ...places].filter(
  ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const isFreeText = (path: readonly (string | number)[]) =>
  ['$schema', 'about', 'source'].includes(String(path.at(-1)));

/** One mistake: the scenario that holds it, and the place where it must be told. */
interface Mistake {
  what: string;
  scenario: Json;
  place: string;
}

/** A value of a kind that nothing in a scenario has. */
const nulls: Mistake[] = places.map(({ path, good }) => ({
  what: 'null',
  scenario: changed(path, null, good()),
  place: jsonPath(path),
}));

const wrongKinds: Mistake[] = places.flatMap(({ path, value, good }) => {
  // a union may take another kind too; these kinds fit no key of their type
  const wrong: JsonValue = typeof value === 'boolean' ? 'yes' : typeof value === 'number' ? false : true;
  return { what: 'wrong kind', scenario: changed(path, wrong, good()), place: jsonPath(path) };
});

const badNumbers: Mistake[] = places
  .filter(({ path, value }) => typeof value === 'number' && path[0] !== 'version')
  .filter(({ path }) => !['seed'].includes(String(path.at(-1))))

  .map(({ path, good }) => ({
    what: 'far below',
    scenario: changed(path, -1e300, good()),
    place: jsonPath(path),
  }));

const badTexts: Mistake[] = places
  .filter(({ path, value }) => typeof value === 'string' && !isFreeText(path) && path.at(-1) !== 'seed')
  .map(({ path, good }) => ({
    what: 'NUL',
    scenario: changed(path, 'a\u0000b', good()),
    place: jsonPath(path),
  }));

const unknownKeys: Mistake[] = objects
  .filter(({ path }) => path.at(-1) !== 'categoryShares')
  .map(({ path, good }) => ({
    what: 'unknown key',
    scenario: changed([...path, 'zzyzx'], 1, good()),
    place: jsonPath([...path, 'zzyzx']),
  }));

const misspeltKeys: Mistake[] = objects.flatMap(({ path, value, good }) =>
  Object.entries(value as Json).map(([key, child]) => {
    const parent = { ...(value as Json), [`${key}x`]: child };
    delete parent[key];
    return {
      what: 'misspelt key',
      scenario: path.length === 0 ? parent : changed(path, parent, good()),
      place: jsonPath([...path, `${key}x`]),
    };
  }),
);

const mistakes = [...nulls, ...wrongKinds, ...badNumbers, ...badTexts, ...unknownKeys, ...misspeltKeys];

describe('one mistake in a good scenario', () => {
  it('has nothing to say about the good scenario itself', async () => {
    for (const good of GOOD) expect(await problemsOf(good())).toEqual([]);
  });

  it('is told once, at its place, whatever it is', async () => {
    const prototypeBefore = Reflect.ownKeys(Object.prototype);
    for (const { what, scenario, place } of mistakes) {
      const problems = await problemsOf(scenario);
      expect(
        problems.map((problem) => problem.place),
        `${what} at ${place}: ${problems.map((each) => each.message).join('; ')}`,
      ).toEqual([place]);
    }
    expect(mistakes.length).toBeGreaterThan(500);
    expect(Reflect.ownKeys(Object.prototype)).toEqual(prototypeBefore);
  });

  it('does not hide another mistake elsewhere', async () => {
    // two mistakes in different sections are both told, in any order of sections
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...nulls), fc.constantFrom(...nulls), async (a, b) => {
        const [, sectionA] = a.place.split('/');
        const [, sectionB] = b.place.split('/');
        fc.pre(sectionA !== sectionB);
        const both = { ...a.scenario, [sectionB]: b.scenario[sectionB] };
        const told = (await problemsOf(both)).map(({ place }) => place);
        expect(told.sort()).toEqual([a.place, b.place].sort());
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('is never an error of another kind, for any value at any place', async () => {
    const before = Reflect.ownKeys(Object.prototype);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.jsonValue({ maxDepth: 3 }),
        async ({ path, good }, value) => {
          await problemsOf(changed(path, value as JsonValue, good())); // throws what is not an InputError
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  });
});

describe('the published JSON Schema', () => {
  const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(scenarioJsonSchema(KNOWN));

  it('accepts and refuses as the validator does, for every mistake', () => {
    for (const good of GOOD) expect(validate(good())).toBe(true);
    for (const { what, scenario, place } of mistakes) {
      const own = scenarioSchemaWith(KNOWN).safeParse(scenario).success;
      expect(validate(scenario), `${what} at ${place}`).toBe(own);
    }
  });

  it('accepts and refuses as the validator does, for any value at any place', () => {
    let nRefused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.double(), fc.integer(), fc.string({ unit: 'grapheme' })),
        ({ path, good }, value) => {
          const scenario = JSON.parse(JSON.stringify(changed(path, value as JsonValue, good()))) as Json;
          const own = scenarioSchemaWith(KNOWN).safeParse(scenario).success;
          if (!own) nRefused++;
          expect(validate(scenario)).toBe(own);
        },
      ),
      { seed: SEED, numRuns: 2000 },
    );
    expect(nRefused).toBeGreaterThan(200);
    expect(nRefused).toBeLessThan(2000);
  });
});
