/** Edits that change nothing about the world leave the scenario as it is, but for the hash of its file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../engine/scenario/scenario.ts';
import type { JsonValue } from '../../engine/scenario/strict-json.ts';
import { goodScenario, type Json, load, replayScenario } from './good-scenario.ts';

const SEED = 135;

const withoutBytes = (scenario: Scenario): object => ({ ...scenario, bytes: null, sha256: null });

/** The value with the keys of every object in the order of random numbers. */
function shuffled(value: JsonValue, random: () => number): JsonValue {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => ({ key, child, at: random() }));
  entries.sort((a, b) => a.at - b.at);
  return Object.fromEntries(entries.map(({ key, child }) => [key, shuffled(child, random)]));
}

describe('a scenario stays the same', () => {
  it.each([
    ['random calls', goodScenario],
    ['calls of a file', replayScenario],
  ])('with its keys in another order: %s', async (_, good) => {
    const before = withoutBytes(await load(good()));
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (stream) => {
        const random = (): number => stream.next().value as number;
        const after = withoutBytes(await load(shuffled(good(), random)));
        // files are listed in order of first use, which is that of the steps and not of the keys
        expect(after).toEqual(before);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('with a unit that is never on duty: no day of its shift falls into the run', async () => {
    // the run is from Monday to Tuesday
    const scenario = goodScenario();
    (scenario.units as Json[]).push({ id: 'spare', post: 'north', shifts: ['market'] });
    const before = await load(goodScenario());
    const after = await load(scenario);
    expect(after.units.slice(0, -1)).toEqual(before.units);
    expect(after.warnings).toEqual(before.warnings);
    expect({ ...withoutBytes(after), units: [] }).toEqual({ ...withoutBytes(before), units: [] });
  });

  it('with a source of rate 0, a surge of factor 1 and a category without a share', async () => {
    const scenario = goodScenario();
    const demand = scenario.demand as unknown as { sources: Json[]; surges: Json[]; categories: Json[] };
    demand.sources.push({ where: { type: 'zone', zone: 'market' }, callsPerHour: 0 });
    demand.surges.push({ dates: ['2026-03-02'], factor: 1 });
    demand.categories.push({ id: 'none', priority: 9, share: 0, onSceneS: 60 });
    const before = await load(goodScenario());
    const after = await load(scenario);
    expect(after.demand.sources).toHaveLength(before.demand.sources.length + 1);
    expect(after.demand.categories.slice(0, -1)).toEqual(before.demand.categories);
    expect(after.warnings).toEqual(before.warnings);
    expect({ ...withoutBytes(after), demand: null }).toEqual({ ...withoutBytes(before), demand: null });
  });
});
